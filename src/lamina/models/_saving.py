"""Put models and weights into files, each file proved to load before it takes its place."""

from __future__ import annotations

import functools
import os
from typing import TYPE_CHECKING, Any

from lamina import saving
from lamina._core import checks
from lamina.errors import FormatError
from lamina.models._saved import Saved, custom_classes_of, describe, restore, weights_of
from lamina.saving import Contents
from lamina.training import BESIDE_WEIGHTS, tensors_of

if TYPE_CHECKING:
    from lamina._core.config import Config
    from lamina.models._preparation import Preparation


def save(model: Preparation, path: Any) -> None:
    """Write all of a model to a file, and prove that the file gives it back; see `Model.save`."""
    saved = _saved(model)
    contents = describe(saved)
    custom = custom_classes_of(saved)
    saving.write(path, contents, functools.partial(_prove, written=contents, custom=custom))


def save_weights(model: Preparation, path: Any) -> None:
    """Write the weights and moving values of a model to a file."""
    tensors = tensors_of(model.state.replace(optimizer=None))
    wanted = weights_of(model.graph, model._types.kept)
    saving.write(
        path, Contents("weights", {}, tensors), lambda read: saving.check_tensors(wanted, read.tensors, where="save")
    )


def load_weights(model: Preparation, path: Any) -> None:
    """Replace the weights and moving values of a model by those in a file; see `Model.load_weights`."""
    contents = saving.read(path)
    wanted = weights_of(model.graph, model._types.kept)
    tensors = contents.tensors
    if contents.kind != "weights":
        own = (name for name in tensors if name in wanted or not name.startswith(BESIDE_WEIGHTS))
        tensors = {name: tensors[name] for name in own}
    saving.check_tensors(wanted, tensors, where=os.path.basename(path))
    nested: dict[str, dict[str, Any]] = {}
    for name, tensor in tensors.items():
        layer, _, weight = name.rpartition("/")
        nested.setdefault(layer, {})[weight] = tensor
    model.set_weights(nested)


def _saved(model: Preparation) -> Saved:
    """Return a model as a value."""
    kind = type(model)
    if not kind.__module__.startswith(f"{__package__}."):
        raise checks.problem(
            FormatError,
            "save",
            expected="a Model or a Sequential",
            got=f"a {kind.__name__}, whose own code no file can carry",
            fix=f'build the network as a Model, or save_weights("weights.safetensors") and load_weights into a new '
            f"{kind.__name__}.",
        )
    plan = model._compile().plan if model._asked is not None else None
    return Saved(kind.__name__, model.graph, plan, model._frozen, model._classes, model.state, model._columns)


def _prove(read: Contents, *, written: Contents, custom: dict[str, type[Config]]) -> None:
    """Raise where what was read back is not what was written; its hash has been checked."""
    again = describe(restore(read, where="save", custom=custom))
    for name, value in written.config.items():
        if again.config[name] != value:
            raise checks.problem(
                FormatError,
                f"save: {name}",
                expected="a part that is made again from its arguments",
                got="another one; a class may change its own arguments",
                fix="let check() of your own classes only look at the arguments.",
            )
