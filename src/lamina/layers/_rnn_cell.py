"""One step of a recurrent layer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, NoReturn

from lamina import ops
from lamina._core import checks
from lamina.errors import ArgumentError, ShapeError
from lamina.layers._context import Context, Run
from lamina.layers._layer import Layer
from lamina.layers._symbol import Shape
from lamina.ops import Array


class RNNCell(Layer):
    """One step of a recurrent layer: input and states to output and next states.

    `RNN` runs a cell over all steps of a sequence. Write your own by subclassing: ``state_size`` says how large its
    states are; ``weights`` declares arrays; ``call`` gets a tuple of the step's input and the states, and returns a
    tuple of the output and the next states. Random keys are the same at every step, so that dropout in a cell drops the
    same numbers all along a sequence.

    Attributes:
        state_size: the size of the state, or a tuple of sizes for several.
        output_size: the size of the output; that of the first state unless the class says otherwise.

    Shape:
        Inputs ``(batch, ...)`` of the step and ``(batch, size)`` for each state;
        outputs ``(batch, output_size)`` and ``(batch, size)`` for each state.

    Raises:
        ArgumentError: for a state_size that is not made of positive integers.

    Example:
        >>> import lamina as lm
        >>> from lamina import ops
        >>> class Leaky(lm.layers.RNNCell):
        ...     units: int
        ...     keep: float = 0.9
        ...
        ...     @property
        ...     def state_size(self):
        ...         return self.units
        ...
        ...     def weights(self, input_shape):
        ...         return {"kernel": lm.Weight((input_shape[0][-1], self.units))}
        ...
        ...     def call(self, weights, x, context):
        ...         x, state = x
        ...         state = self.keep * state + ops.matmul(x, weights["kernel"])
        ...         return ops.tanh(state), state
        >>> lm.layers.RNN(Leaky(4), return_sequences=True)(lm.Input((10, 3))).shape
        (None, 10, 4)
    """

    many_inputs: ClassVar[bool] = True

    @property
    def state_size(self) -> int | tuple[int, ...]:
        """The size of the state, or a tuple of sizes for several."""
        raise no_size(self, "none")

    @property
    def output_size(self) -> int:
        """The size of the output; that of the first state unless the class says otherwise."""
        return sizes_of(self)[0]

    def output_shape(self, input_shape: tuple[Shape, ...]) -> tuple[Shape, ...]:
        """Return the shapes of the output and of the next states."""
        self.check_states(input_shape[1:])
        return self.step_shapes((input_shape[0][0], self.output_size))

    def step_shapes(self, first: Shape) -> tuple[Shape, ...]:
        """Return the shape `first` and behind it those of the states, for as many rows."""
        return (first, *((first[0], size) for size in sizes_of(self)))

    def run(
        self, weights: Mapping[str, Array], x: Array, context: Context, *, states: tuple[Array, ...], mask: Array | None
    ) -> tuple[Array, tuple[Array, ...]]:
        """Return the outputs of all steps and the last states, one step after the other.

        A cell that can do better, with one large product for all steps, has a ``run`` of its own.

        Args:
            weights: the arrays declared by ``weights``, by name.
            x: of shape (batch, time, ...).
            context: whether this is training, and random keys.
            states: the states before the first step.
            mask: which steps are real, (batch, time); the others keep the states and repeat the output before them.
        """
        key = context.key()
        rows = x.shape[0]

        def step(states: tuple[Array, ...], now: Array) -> tuple[Array, tuple[Array, ...]]:
            made = self.call(weights, (now, *states), StepContext(context, key))
            self._check_step(made, rows)
            return made[0], tuple(made[1:])

        outputs: tuple[Array, tuple[Array, ...]] = ops.recur(
            step, x, states, mask=mask, before=ops.zeros((rows, self.output_size), x.dtype)
        )
        return outputs

    def check_states(self, shapes: tuple[Shape, ...], whose: Layer | None = None) -> None:
        """Refuse other states than those of the cell.

        Args:
            shapes: the shape of each state that is given.
            whose: the layer to name in an error, the cell itself by default.
        """
        sizes = sizes_of(self)
        if tuple(shape[1:] for shape in shapes) != tuple((size,) for size in sizes):
            wanted = ", ".join(f"(batch, {size})" for size in sizes)
            (whose or self).refuse_shape(
                f"{len(sizes)} {'states' if len(sizes) > 1 else 'state'} of shape {wanted}",
                ", ".join(map(str, shapes)) or "none",
                "pass them in this order, as a layer with return_state=True gives them.",
            )

    def _check_step(self, made: Any, rows: int) -> None:
        given = tuple(getattr(item, "shape", None) for item in made) if isinstance(made, tuple) else ()
        promised = self.step_shapes((rows, self.output_size))
        if given != promised:
            raise checks.problem(
                ShapeError,
                self.label,
                expected=f"an output and states of shape {', '.join(map(str, promised))}",
                got=", ".join(map(str, given)) or checks.plain(made),
                fix="return (output, *states) from call, of the sizes that output_size and state_size say.",
            )


class StepContext(Context):
    """What a cell is given at one of many steps that share their code: they draw the same keys, and leave nothing.

    Args:
        context: that of the layer that runs the cell.
        key: where the random keys come from.
    """

    def __init__(self, context: Context, key: Array) -> None:
        super().__init__(Run(training=context.training, key=key, rows=context.rows), "step")

    def update(self, name: str, value: Array) -> NoReturn:
        """Refuse a moving value: there would be one for each step."""
        raise self._refusal("a moving value", "carry it from step to step as a state.")

    def add_penalty(self, value: Array) -> NoReturn:
        """Refuse a penalty: there would be one for each step."""
        raise self._refusal("a penalty on its activity", "give activity_regularizer to the layer that runs the cell.")

    def _refusal(self, got: str, fix: str) -> ArgumentError:
        return checks.problem(ArgumentError, "a recurrent cell", expected="outputs and states alone", got=got, fix=fix)


def sizes_of(cell: RNNCell) -> tuple[int, ...]:
    """Return the sizes of a cell's states."""
    size = cell.state_size
    sizes = tuple(size) if isinstance(size, (tuple, list)) else (size,)
    if not sizes or not all(type(item) is int and item > 0 for item in sizes):
        raise no_size(cell, checks.plain(size))
    return sizes


def check_cell(where: str, cell: object) -> None:
    """Refuse what is no cell, and a cell that does not say what states it has."""
    if not isinstance(cell, RNNCell):
        raise not_a_cell(where, cell)
    sizes_of(cell)


def no_size(cell: RNNCell, got: str) -> ArgumentError:
    """Return the error for a cell that does not say what states it has."""
    return checks.problem(
        ArgumentError,
        f"{type(cell).__name__}.state_size",
        expected="the size of the state, or a tuple of sizes for several, all positive integers",
        got=got,
        fix="write a property state_size in the class of the cell.",
    )


def not_a_cell(where: str, got: object) -> ArgumentError:
    """Return the error for something that is no cell."""
    return checks.problem(
        ArgumentError,
        where,
        expected="a cell, or a list of cells",
        got=checks.plain(got),
        fix="write LSTMCell(32), or a subclass of RNNCell.",
    )
