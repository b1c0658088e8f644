"""What a network makes of a few rows, layer by layer, as people read it."""

from __future__ import annotations

import dataclasses
from typing import Any

from lamina import ops
from lamina._core import checks
from lamina._core.optional import require
from lamina._core.renamed import explain_arguments
from lamina.models._preparation import Preparation
from lamina.models._table import lines
from lamina.training import LayerReport, examine, findings, layers_with, to_inputs, to_rows

HEADINGS = ("Layer", "Output shape", *("Smallest", "Mean", "Largest", "Zeros", "Dead", "Saturated"))
NORMS = ("Gradient", "Weights", "Ratio")


@dataclasses.dataclass(frozen=True, repr=False)
class Explanation:
    """What `lamina.Model.explain` found; printed, and in a notebook, it is a table with the remarks below it.

    Args:
        name: the name of the model.
        rows: a report for each call of a layer, in order.
        remarks: what looks wrong, in words, each with what to try.
    """

    name: str
    rows: tuple[LayerReport, ...]
    remarks: tuple[str, ...]

    def to_frame(self) -> Any:
        """Return a pandas DataFrame with a row for each call of a layer.

        Raises:
            MissingDependencyError: where pandas is not installed.
        """
        pandas = require("pandas", extra="pandas", purpose="Explanation.to_frame()")
        return pandas.DataFrame([{**dataclasses.asdict(row), "ratio": row.ratio} for row in self.rows])

    def __repr__(self) -> str:
        headings = [*HEADINGS, *NORMS]
        cells = [_cells(row) for row in self.rows]
        shown = [column for column in range(len(headings)) if any(row[column] for row in cells)]
        table = [[row[column] for column in shown] for row in (headings, *cells)]
        first, *others = lines(table, numbers=headings[2:])
        rule = "─" * max(map(len, (first, *others)))
        return "\n".join([f'Model "{self.name}"', first, rule, *others, rule, *self.remarks])


class Explained(Preparation):
    """A network that can be looked into. Users meet it only as `Model`."""

    @explain_arguments
    def explain(self, x: Any, y: Any = None, *, training: bool = False) -> Explanation:
        """Follow a few rows through the network, layer by layer.

        Args:
            x: the inputs, as in `fit`; one row or a few, such as ``x[:32]``.
            y: their targets, to see the gradient of the loss by the weights of each layer too.
            training: whether layers such as `Dropout` and `BatchNormalization` act as in training.

        Returns:
            An object that prints as a table: for each layer the shape, the smallest, the mean and the largest number of
            its output and the share of zeros; how many units are dead, which is 0 for every row after a rectifier, or
            saturated, which is at an end of the range of a sigmoid or tanh for every row; the norm of the gradient,
            that of the weights, and their ratio. Below it stands what looks wrong, and what to try. ``rows`` has the
            reports as objects, ``remarks`` the sentences; ``to_frame()`` makes a DataFrame.

        Raises:
            StageError: where `y` is given before compile.
            DataError: for data that cannot be trained on.
            ShapeError: for rows of another shape than the model's input.

        Example:
            >>> import lamina as lm
            >>> bias = lm.initializers.Constant(-10.0)
            >>> hidden = lm.layers.Dense(3, "relu", kernel_initializer="ones", bias_initializer=bias)
            >>> model = lm.Sequential([lm.Input((2,)), hidden, lm.layers.Dense(1, kernel_initializer="ones")])
            >>> seen = model.explain([[1.0, 2.0], [3.0, 4.0]])
            >>> seen.rows[0].dead, seen.rows[0].units
            (3, 3)
            >>> print(seen.remarks[0])
            dense (Dense): 3 of 3 units are 0 for every row given: dead. Try a lower learning rate,
            kernel_initializer="he_normal", or activation="leaky_relu".
        """
        checks.boolean("explain(training)", training)
        self._define(x)
        inputs, gradients = _rows_of(self, x, y, is_training=training)
        graph, state = self.graph, self.state
        seen = examine(
            graph,
            state,
            inputs,
            layers=layers_with(graph.layers(), state.settings),
            training=training,
            gradients=gradients,
            precision=self._types,
        )
        found = findings(seen.reports, rows=len(inputs[0]))
        return Explanation(self.name, seen.reports, tuple(map(str, found)))


def _rows_of(model: Preparation, x: Any, y: Any, *, is_training: bool) -> tuple[tuple[Any, ...], Any]:
    """Return checked inputs, and the gradients of the loss by the weights where there are targets."""
    if y is None:
        return to_inputs(model.graph, x, columns=model._columns, kept=model._types.kept), None
    program = model._compile()
    rows = to_rows(program.plan, x, y, classes=model._classes, columns=model._columns)
    with ops.disable_jit(program.plan.debug):
        return rows.inputs, program.gradients(model.state, rows.block(), training=is_training)


def _cells(report: LayerReport) -> tuple[str, ...]:
    """Return what a line of the table says."""
    shapes = ", ".join(map(str, report.output_shapes))
    sizes = map(_short, (report.smallest, report.mean, report.largest))
    counts = ("" if count is None else f"{count} of {report.units}" for count in (report.dead, report.saturated))
    norms = (_short(norm) for norm in (report.gradient_norm, report.weight_norm, report.ratio))
    return (report.label, shapes, *sizes, f"{report.zeros:.0%}", *counts, *norms)


def _short(value: float | None) -> str:
    return "" if value is None else f"{value:.3g}"
