"""Make a model a quarter of its size, for prediction."""

from __future__ import annotations

from lamina.layers import Int8
from lamina.models._low_rank import refuse_adapted
from lamina.models._model import Model
from lamina.models._transformed import Replacement, chosen, transformed


def quantize(model: Model, *patterns: str) -> Model:
    """Return a copy of a model whose kernels are whole numbers of one byte.

    Its file and its weights take about a quarter of the room, and its answers are close to those of the model; see
    `Int8`. It can predict, be evaluated, saved and loaded. All its layers are frozen, and those that are quantised
    cannot be trained: train first, then quantise. Compile's arguments and the settings are kept; what the optimizer
    remembers is left out.

    Args:
        model: the model, which stays as it is.
        *patterns: paths of layers or parts of the model, where ``*`` stands for anything, as in `freeze`; without
            patterns, all dense layers, convolutions and embeddings.

    Raises:
        ArgumentError: for patterns that name no layer which can be quantised, or only such as are, and for a model with
            adapters.
        DataError: for weights that are not finite.
        StageError: for a model whose input shape is not known yet.

    Example:
        >>> import lamina as lm
        >>> model = lm.Sequential([lm.Input((784,)), lm.layers.Dense(512, activation="relu"), lm.layers.Dense(10)])
        >>> small = lm.models.quantize(model)
        >>> small.get_weights("dense")["layer.kernel"].dtype
        dtype('int8')

    Reference:
        Jacob et al. (2018), Quantization and training of neural networks for efficient integer-arithmetic-only
        inference, https://arxiv.org/abs/1712.05877
    """
    refuse_adapted(model, where="quantize")
    fix = "leave these layers as they are; those called Int8 are quantised already."
    found = chosen(model.graph, patterns, Int8.kinds, where="quantize", fix=fix)
    replacements = {}
    for path, layer in found.items():
        small = Int8(layer, name=layer.name)
        replacements[path] = Replacement(small, small.quantised(model.get_weights(path), where=path))
    return transformed(model, replacements, frozen=model.graph.layers())
