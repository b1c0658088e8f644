"""The steps between a user's call and the compiled program: define, compile, draw weights, freeze."""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping
from typing import Any

import numpy as np

from lamina import training
from lamina._core import checks, seeds
from lamina.data import to_array
from lamina.errors import ArgumentError, StageError
from lamina.models._network import Network
from lamina.ops import Array
from lamina.training import Plan, Program


class Preparation(Network):
    """A network that gets itself ready for each verb; the private half of `Model`."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._asked: dict[str, Any] | None = None
        self._program: Program | None = None
        self._forward: Any = None

    def _define(self, x: Any) -> None:
        """Infer the input shape from data where no Input states it."""
        if self._graph is None:
            first = next(iter(x.values())) if isinstance(x, Mapping) else x
            self._infer(to_array(first, where="x").shape[1:] or (1,))

    def _infer(self, shape: tuple[int | None, ...]) -> None:
        """Take the shape of one row; a model with an Input has it already, and checks the data itself."""

    def _compile(self) -> Program:
        """Return the program, making the plan from what was asked once the graph is known."""
        if self._asked is None:
            raise checks.problem(
                StageError,
                self.name,
                expected="a compiled model",
                got="one that was not compiled",
                fix='call model.compile("adam", "mse") first.',
            )
        if self._program is None:
            plan = training.compile_plan(self.graph, **self._asked, frozen=self._frozen)
            kept = {name: value for name, value in self._settings.items() if name in plan.settings()}
            self._settings = plan.settings() | (kept if self._keeps_settings else {})
            self._program, self._optimizer = Program(plan), None
        return self._program

    _keeps_settings = False

    def _ready(self, x: Any, seed: int | None = None) -> Program:
        """Return the program, with weights drawn and the optimizer started, for the data `x`."""
        self._define(x)
        program = self._compile()
        if seed is not None or self._seed is None:
            self._seed = seeds.chosen(seed, where="fit(seed)")
        if self._optimizer is None:
            self._optimizer = training.start_optimizer(program.plan, self.state)
        return program

    def _freeze(self, frozen: frozenset[str]) -> None:
        """Take note of the layers that are not trained, and make the plan anew if there is one."""
        if frozen != self._frozen:
            self._frozen = frozen
            if self._program is not None:
                self._program, self._keeps_settings = None, True
                self._compile()

    def _matching(self, patterns: tuple[str, ...]) -> frozenset[str]:
        paths = self.graph.layers()
        found: set[str] = set()
        for pattern in patterns or ("*",):
            own = {path for path in paths if fnmatch.fnmatchcase(path, pattern) or path.startswith(f"{pattern}/")}
            if not own:
                raise checks.problem(
                    ArgumentError,
                    "freeze(patterns)",
                    expected="the name of a layer, or a pattern that fits one",
                    got=checks.plain(pattern),
                    fix=f"choose from {checks.listed(paths)}.",
                )
            found |= own
        return frozenset(found)

    def _run_forward(self, inputs: tuple[Any, ...]) -> tuple[Array, ...]:
        """Run the compiled network on arrays, with the weights as they are now."""
        cells = self._cells()
        weights = {path: cell.weights for path, cell in cells.items()}
        moving = {path: cell.moving for path, cell in cells.items()}
        result: tuple[Array, ...] = self._forward(weights, moving, self._layer_settings(), inputs)
        return result

    def _layer_settings(self) -> dict[str, Any]:
        own = training.layer_settings(self.graph.layers())
        return {name: self._current_settings()[name] for name in own}
