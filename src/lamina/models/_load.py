"""Make a model of a file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from lamina import saving
from lamina._core import checks
from lamina._core.config import Config
from lamina._core.renamed import explain_arguments
from lamina.errors import ArgumentError, FormatError
from lamina.models import _cells
from lamina.models._model import Model
from lamina.models._plan_config import asked_of
from lamina.models._saved import Saved, restore
from lamina.models._sequential import Sequential
from lamina.training import Program


@explain_arguments
def load(path: str | os.PathLike[str], *, custom_objects: Mapping[str, type[Any]] | None = None) -> Model:
    """Return the model in a file that `Model.save` wrote, ready to go on.

    It trains on exactly as if it had never been saved. A file is data: nothing in it is run, imported or opened, and
    one that is not exactly what it says is refused. The hash inside finds damage, not forgery; weights may be any
    numbers, infinite ones included.

    Args:
        path: the file.
        custom_objects: your own classes of layers, losses and the like by name: ``{"Scale": Scale}``.

    Returns:
        A `Model` or `Sequential`, as it was saved: weights, compile's arguments, what the optimizer remembers, settings
        as they were last, frozen layers, labels, and the place in every random stream.

    Raises:
        ArgumentError: for custom objects that are no such classes.
        FormatError: for a file that is missing, of another kind, damaged, or says something its contents deny.

    Example:
        >>> import tempfile
        >>> import lamina as lm
        >>> model = lm.Sequential([lm.Input((4,)), lm.layers.Dense(2, activation="softmax")])
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     model.save(f"{folder}/model.safetensors")
        ...     lm.load(f"{folder}/model.safetensors").layers
        [Dense(2, activation='softmax')]
    """
    custom = dict(custom_objects or {})
    for name, found in custom.items():
        _check_custom(name, found)
    contents = saving.read(path)
    where = os.path.basename(path)
    if contents.kind != "model":
        raise checks.problem(
            FormatError,
            where,
            expected="a whole model",
            got="weights alone" if contents.kind == "weights" else "a checkpoint of training",
            fix="build the model, then call model.load_weights on this file.",
        )
    return _model_of(restore(contents, where=where, custom=custom))


def _model_of(saved: Saved) -> Model:
    graph, plan, state = saved.graph, saved.plan, saved.state
    _cells.place(graph, state.weights, state.moving)
    model = (Sequential if saved.kind == "Sequential" else Model)._of(graph)
    if plan is not None:
        model._asked, model._program = asked_of(plan), Program(plan)
    model._frozen, model._seed = saved.frozen, int(state.seed)
    model._classes, model._columns = saved.classes, saved.columns
    model.state = state
    return model


def _check_custom(name: Any, found: Any) -> None:
    if not (isinstance(found, type) and issubclass(found, Config) and found.__name__ == name):
        raise checks.problem(
            ArgumentError,
            "load(custom_objects)",
            expected="your own classes of layers, losses and the like, each under its name",
            got=f"{name!r}: {checks.plain(found)}",
            fix='write it as in custom_objects={"Scale": Scale}; functions have no place in a file.',
        )
