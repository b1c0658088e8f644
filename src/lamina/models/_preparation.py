"""The steps between a user's call and the compiled program: define, compile, draw weights, freeze."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, NoReturn, Self

from lamina import training
from lamina._core import checks, seeds
from lamina._core.renamed import explain_arguments
from lamina.data import Dataset, to_array
from lamina.errors import ArgumentError, ShapeError, StageError
from lamina.layers import Graph, Shape, Symbol
from lamina.models import _cells, _frozen, _settings
from lamina.models._forward import Forward
from lamina.models._rewiring import copied
from lamina.models._stopping import refuse_in_training
from lamina.models._weighted import Weighted
from lamina.ops import Array
from lamina.training import Program, Reading


class Preparation(Weighted):
    """A network that is got ready for the verbs: compiled, built, frozen. Users meet it only as `Model`."""

    def __init__(self, graph: Graph | None, name: str) -> None:
        super().__init__(graph, name)
        self._asked: dict[str, Any] | None = None
        self._forward: Forward | None = None
        self._is_guess = False

    @explain_arguments
    def compile(
        self,
        optimizer: Any = "rmsprop",
        loss: Any = None,
        *,
        metrics: Any = None,
        loss_weights: Any = None,
        precision: str = "float32",
        debug: bool = False,
    ) -> None:
        """Decide how the model is trained.

        Compiling again starts the optimizer and the settings anew, and keeps the weights.

        Args:
            optimizer: a name such as "adam", an optimizer, or a list such as ``[ClipNorm(1.0), "adam"]``.
            loss: what is made small: a name, a loss, a function of ``(y_true, y_pred)``; for several outputs a list, or
                a dictionary by output name.
            metrics: what is reported: a list of names, metrics or functions; for several outputs a dictionary by name,
                or a list of lists.
            loss_weights: the share of each output's loss, 1 each when not given.
            precision: "float32", "float64", or "mixed_bfloat16" and "mixed_float16", which only compute in 16 bits.
            debug: True to run every step in Python, uncompiled, so that prints and breakpoints work inside layers.

        Raises:
            StageError: while fit is running.
            ArgumentError: for unknown names, and for a loss, last activation and metrics that do not fit together.
        """
        refuse_in_training(self, "compile")
        if loss is None:
            raise checks.problem(
                ArgumentError, "compile(loss)", expected="a loss", got="None", fix='write loss="mse" or another name.'
            )
        self._asked = {
            "optimizer": optimizer,
            "loss": loss,
            "metrics": metrics,
            "loss_weights": loss_weights,
            "options": {"precision": precision, "debug": debug},
        }
        self._program = self._numbers = None
        if self._graph is not None:
            self._compile()

    @explain_arguments
    def build(self, input_shape: Sequence[int | None] | None = None, *, seed: int | None = None) -> Self:
        """Fix the input shape, draw the weights, and return the model.

        Args:
            input_shape: sizes with the batch (None) first, as in Keras; not needed where the model has an Input.
            seed: where the first weights come from; drawn when not given.

        Raises:
            ShapeError: for another shape than the model has.
            StageError: where weights are already drawn and a seed is given.
        """
        if seed is not None and self._found:
            raise checks.problem(
                StageError,
                "build(seed)",
                expected="a model without weights yet",
                got="drawn weights",
                fix="build the model before anything else is asked of it.",
            )
        if input_shape is not None:
            self._infer(tuple(input_shape)[1:])
            self._check_built(tuple(input_shape))
        self._seed = self._seed if seed is None else seeds.chosen(seed, where="build(seed)")
        self._drawn()
        return self

    def freeze(self, *patterns: str) -> None:
        """Keep the weights of some layers as they are while training.

        What the optimizer remembers starts anew. Other models with these layers go on training them; a model that
        this one becomes a part of starts with the same layers frozen.

        Args:
            *patterns: paths of layers or parts of the model, where ``*`` stands for anything; all layers when none is
                given.

        Raises:
            ArgumentError: for a pattern that fits no layer.
        """
        self._freeze(self._frozen | _frozen.matching(self.graph, patterns))

    def unfreeze(self, *patterns: str) -> None:
        """Train the weights of some layers again.

        Args:
            *patterns: as in `freeze`.

        Raises:
            ArgumentError: for a pattern that fits no layer.
        """
        self._freeze(self._frozen - _frozen.matching(self.graph, patterns))

    @property
    def trainable(self) -> bool:
        """Whether any layer is trained; it is `freeze` and `unfreeze` that change it."""
        return not set(self.graph.layers()) <= self._frozen

    @trainable.setter
    def trainable(self, value: bool) -> None:
        raise checks.problem(
            ArgumentError,
            "trainable",
            expected="to be asked and not set, as a model around this one would not notice",
            got=checks.plain(value),
            fix='call freeze() before this becomes a part of a model, or whole.freeze("name of the part") later.',
        )

    @property
    def optimizer(self) -> Any:
        """The optimizer, with its numbers as they are now; None before compile."""
        return None if self._asked is None else self._compile().plan.optimizer_with(_settings.shown(self._current()))

    @property
    def learning_rate(self) -> float:
        """How far the next step goes; assign a number to change it, also while training.

        Raises:
            ArgumentError: for an optimizer that does not tell, and for a number in place of a schedule.
            StageError: before compile.
        """
        self._compile()
        rate = _settings.learning_rate(self.optimizer, self._optimizer)
        if rate is None:
            raise self._no_rate("that tells its learning rate")
        return rate

    @learning_rate.setter
    def learning_rate(self, rate: float) -> None:
        names = [name for name in self._compile().plan.settings() if name.startswith("optimizer/")]
        own = [name for name in names if name.endswith("/learning_rate")]
        if not own:
            raise self._no_rate("whose learning rate is a number")
        self.set({own[0]: rate})

    def _no_rate(self, expected: str) -> ArgumentError:
        return checks.problem(
            ArgumentError,
            "learning_rate",
            expected=f"an optimizer {expected}",
            got=repr(self.optimizer),
            fix="compile with a number, such as Adam(0.001).",
        )

    def connect(self, inputs: Symbol | Sequence[Symbol] | Mapping[str, Symbol]) -> Any:
        """Return the symbolic output for symbols, as a part of another model that shares the weights.

        Args:
            inputs: a symbol for each input: alone, in order, or by name; a model without Input takes its shape.

        Raises:
            ArgumentError: for other names than those of the inputs.
            ShapeError: for symbols of another shape or number than the model's inputs.
        """
        if self._graph is None and isinstance(inputs, Symbol):
            self._infer(inputs.shape[1:], inputs.dtype)
        return super().connect(inputs)

    def _check_built(self, shape: Shape) -> None:
        if [shape[1:]] != [symbol.shape[1:] for symbol in self.inputs]:
            raise checks.problem(
                ShapeError,
                "build(input_shape)",
                expected=f"the shape that the model has, {self.input_shape}",
                got=str(shape),
                fix="leave it out, or build another model.",
            )

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Return a model of copied layers that shares nothing with this one and goes on exactly as this one would."""
        state = self.state
        graph = copied(self.graph, copy.copy)
        _cells.place(graph, state.weights, state.moving)
        made = memo[id(self)] = self._of(graph)
        made._asked, made._frozen = self._asked, self._frozen
        made._seed, made._classes, made._columns = self._seed, self._classes, self._columns
        if self._program is not None:
            made._compile()
        made.state = state
        return made

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled: such a file would be code, and `copy.copy` would be two models in one."""
        raise checks.problem(
            StageError,
            self.name,
            expected="a model to be kept in a file of its own, or copied as a whole",
            got="pickle or copy.copy",
            fix="call model.save(path) and lamina.load(path), or copy.deepcopy(model).",
        )

    @classmethod
    def _of(cls, graph: Graph) -> Self:
        """Return a model of a finished graph."""
        made = object.__new__(cls)
        Preparation.__init__(made, graph, graph.name)
        return made

    def _define(self, x: Any) -> None:
        """Infer the input shape from data where no Input states it, anew as long as no data was taken."""
        if self._graph is None or (self._is_guess and self._found is None):
            given = training.first_rows(x).x if isinstance(x, Dataset) else x
            first = next(iter(given.values())) if isinstance(given, Mapping) else given
            self._infer(to_array(first, where="x").shape[1:] or (1,))
            self._is_guess = True

    def _infer(self, shape: Shape, dtype: str | None = None) -> None:
        """Take the shape of one row; a model with an Input has it already, and checks the data itself."""

    def _compile(self) -> Program:
        """Return the program, making the plan from what was asked once the graph is known."""
        if self._asked is None:
            raise checks.problem(
                StageError,
                self.name,
                expected="a compiled model",
                got="one that was not compiled, or has had layers added or removed since",
                fix='call model.compile("adam", "mse") first.',
            )
        if self._program is None:
            plan = training.compile_plan(self.graph, **self._asked, frozen=self._frozen)
            kept = self._numbers or {}
            self._numbers = {name: kept.get(name, value) for name, value in plan.settings().items()}
            self._program, self._optimizer = Program(plan), None
            self._retype()
        return self._program

    def _start(self, seed: int | None = None) -> None:
        """Choose the seed, draw the weights and start the optimizer, where that has not been done."""
        plan = self._compile().plan
        self._seed = seeds.chosen(seed, where="fit(seed)", before=self._seed)
        if self._optimizer is None:
            self._optimizer = training.start_optimizer(plan, self.state)

    def _freeze(self, frozen: frozenset[str]) -> None:
        """Take note of the layers that are not trained, and make the plan anew if there is one."""
        refuse_in_training(self, "freeze")
        if frozen != self._frozen:
            self._frozen = frozen
            if self._program is not None:
                self._program = None
                self._compile()

    def _restart(self, graph: Graph | None) -> None:
        """Take another graph and forget what followed from the one before, except the weights of its layers."""
        refuse_in_training(self, "changing layers")
        self._graph, self._is_guess = graph, False
        self._frozen = frozenset() if graph is None else _frozen.inherited(graph)
        self._found = self._numbers = self._program = self._optimizer = self._forward = None

    def _run(self, inputs: tuple[Any, ...]) -> tuple[Array, ...]:
        """Run the network on arrays, with the weights and settings of now; compiled, unless debug is asked for."""
        if self._forward is None or self._forward.precision != self._types:
            self._forward = Forward(self.graph, self._types)
        return self._forward(self._drawn(), self._current(), inputs, debug=bool(self._plan and self._plan.debug))

    def _readings(self) -> list[Reading]:
        """Return how the predictions of each output are read as classes."""
        if self._asked is None:
            limits = [0.5 if symbol.shape[-1] == 1 else None for symbol in self.outputs]
            return [partial(training.to_classes, yes_above=limit) for limit in limits]
        return training.readings(self._compile().plan, where="predict_classes")
