"""Names that a package or an object does not have, and what to write in their place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from lamina._core import checks

NOT_YET = "it is not in this version."
IMAGES = dict.fromkeys(("Conv3DTranspose", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D"), NOT_YET)

TODAY: Mapping[str, Mapping[str, str]] = {
    "lamina": {
        "applications": NOT_YET,
        "backend": "write lamina.ops.",
        "preprocessing": NOT_YET,
        "random": "write lamina.ops.random.",
        "saving": "write model.save(path) and lamina.load(path).",
        "utils": "what it had is elsewhere: class numbers become one-hot rows by themselves, fit(seed=1) sets the "
        "seed, and model.plot(path) draws a model.",
    },
    "lamina.callbacks": {
        "History": "use what fit returns, which is also model.history.",
        "ProgbarLogger": "write ProgressBar().",
        "RemoteMonitor": "write a subclass of Callback whose on_epoch_end sends what is needed.",
        "SwapEMAWeights": "write SwapAveragedWeights(), and AverageWeights in the optimizer.",
    },
    "lamina.datasets": dict.fromkeys(
        ("boston_housing", "california_housing", "cifar10", "cifar100", "imdb", "reuters"), NOT_YET
    ),
    "lamina.layers": {
        **IMAGES,
        **dict.fromkeys(("StringLookup", "TextVectorization"), NOT_YET),
        "InputLayer": "write Input((n,)) as the first element of the model.",
        "Lambda": "write a subclass of Layer with a call.",
        "ThresholdedReLU": "write ReLU(threshold=1.0).",
        "add": "write Add()([a, b]).",
        "average": "write Average()([a, b]).",
        "concatenate": "write Concatenate()([a, b]).",
        "dot": "write Dot(axes)([a, b]).",
        "maximum": "write Maximum()([a, b]).",
        "minimum": "write Minimum()([a, b]).",
        "multiply": "write Multiply()([a, b]).",
        "subtract": "write Subtract()([a, b]).",
    },
    "lamina.models": {
        "clone_model": "write copy.deepcopy(model).",
        "load_model": "write lamina.load(path).",
        "model_from_json": "write model.save(path) and lamina.load(path).",
    },
    "lamina.optimizers": {"schedules": "write lamina.schedules."},
    "Layer": {
        "bias": 'ask the model: model.get_weights("name of the layer")["bias"].',
        "enable_lora": 'write lamina.models.add_low_rank(model, "name of the layer"), which gives another model.',
        "get_weights": 'ask the model: model.get_weights("name of the layer").',
        "input": "keep the symbol that the layer was called on.",
        "kernel": 'ask the model: model.get_weights("name of the layer")["kernel"].',
        "output": 'ask the model: model.output_of("name of the layer"), and give that to Model(inputs, outputs).',
        "quantize": 'write lamina.models.quantize(model, "name of the layer"), which gives another model.',
        "set_weights": 'tell the model: model.set_weights(arrays, "name of the layer").',
        "trainable": 'write model.freeze("name of the layer").',
        "trainable_weights": 'ask the model: model.get_weights("name of the layer").',
    },
    "Model": {
        "fit_generator": "write model.fit(x, y).",
        "input": "write model.inputs[0].",
        "loss": "look at what was given to compile.",
        "metrics": "look at what was given to compile.",
        "metrics_names": "write list(model.evaluate(x, y)), as scores have names.",
        "output": "write model.outputs[0].",
        "predict_on_batch": "write model.predict(x).",
        "predict_proba": "write model.predict(x).",
        "quantize": "write lamina.models.quantize(model), which gives another model.",
        "to_json": "write model.save(path).",
        "trainable_weights": "write model.get_weights().",
        "weights": "write model.get_weights().",
    },
}
"""What to do instead, by what was asked and for which name; each a sentence that ends as one."""


def explained(owner: str, name: str, known: Iterable[str], *, kind: str | None = None) -> AttributeError:
    """Return the error for a name that does not exist; `hasattr` and whoever else probes for names understands it.

    Args:
        owner: how the error names what was asked.
        name: the name.
        known: the names that exist.
        kind: whose row of the table applies; that of `owner` when not given.
    """
    if name.startswith("_"):  # Python's own protocols look for such names all the time
        return AttributeError(f"{owner} has no attribute {name!r}")
    public = [word for word in known if not word.startswith("_")]
    same = next((word for word in public if _plain(word) == _plain(name)), None)
    near = same or checks.nearest(name, public)
    fix = TODAY.get(kind or owner, {}).get(name) or (f"did you mean {near}?" if near else "look at what dir() lists.")
    return AttributeError(f"{owner}.{name}: expected a name that exists, got {name!r}.\n  Fix: {fix}")


def missing(package: str, names: Iterable[str], found: Callable[[str], Any] | None = None) -> Callable[[str], Any]:
    """Return the ``__getattr__`` of a package, which explains a name that is not there.

    Args:
        package: the package.
        names: what it has.
        found: who brings those of its names that are loaded when they are first used.
    """
    names = frozenset(names)

    def __getattr__(name: str) -> Any:
        if found is not None and (name in names or name.startswith("_")):
            return found(name)
        raise explained(package, name, names)

    return __getattr__


def _plain(name: str) -> str:
    """Return a name in the letters that spellings of it share: ``he_normal`` and ``HeNormal``."""
    return name.replace("_", "").lower()
