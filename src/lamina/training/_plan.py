"""What compile makes of a network, a loss, metrics and an optimizer: everything decided before data is seen."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import numpy as np

from lamina import activations
from lamina._core.config import settings_of, with_settings
from lamina.layers import (
    Activation,
    Conv1D,
    Conv1DTranspose,
    Conv2D,
    Conv2DTranspose,
    Conv3D,
    Dense,
    DepthwiseConv1D,
    DepthwiseConv2D,
    Graph,
    Layer,
    SeparableConv1D,
    SeparableConv2D,
    Softmax,
    Step,
    Wrapper,
)
from lamina.losses import Loss
from lamina.metrics import Metric
from lamina.ops import Array
from lamina.optimizers import Link
from lamina.training._precision import LOSS_SCALE, PRECISIONS, LossScale, Precision

Function: TypeAlias = Callable[[Array], Array]

LOGITS_OF = {"one_hot": activations.softmax, "classes": activations.softmax, "binary": activations.sigmoid}
ENDING_IN_ACTIVATION = (
    *(Activation, Dense, Conv1D, Conv2D, Conv3D, Conv1DTranspose, Conv2DTranspose),
    *(DepthwiseConv1D, DepthwiseConv2D, SeparableConv1D, SeparableConv2D, Softmax),
)
"""Layers whose output is `activation` of something; in a user's own layer an argument of that name may be anything."""
OPTIMIZER = "optimizer/"
LOSS = "loss/"


@dataclasses.dataclass(frozen=True)
class Output:
    """What is asked of one output.

    Args:
        name: the name of the output.
        loss: what is minimised.
        weight: the share of this loss in the sum.
        metrics: what is reported, by its key in the history.
        activation: the last activation where the loss is computed from logits in its place, else None.
    """

    name: str
    loss: Loss
    weight: float
    metrics: Mapping[str, Metric]
    activation: Function | None

    @property
    def probabilities(self) -> Function | None:
        """What makes probabilities of what the loss is given, for the metrics; None where it needs no such thing."""
        return LOGITS_OF.get(self.loss.targets) if getattr(self.loss, "from_logits", False) else None

    @property
    def threshold(self) -> float:
        """What a single prediction must exceed to mean yes: one half, or 0 for scores and logits."""
        is_score = self.loss.targets == "sign" or (self.probabilities is not None and self.activation is None)
        return 0.0 if is_score else 0.5


@dataclasses.dataclass(frozen=True, eq=False)
class Plan:
    """A compiled model: frozen, and never touched by data.

    Args:
        graph: the network.
        outputs: what is asked of each output, in order.
        optimizer: how gradients become steps.
        layers: the layers to run, by path: the graph's own, or with the last activation left to the loss.
        frozen: the paths of layers that are not trained.
        precision: the name of the types to compute with and to keep; see `PRECISIONS`.
        debug: True to run step by step, uncompiled.
    """

    graph: Graph
    outputs: tuple[Output, ...]
    optimizer: Link
    layers: Mapping[str, Layer]
    frozen: frozenset[str] = frozenset()
    precision: str = "float32"
    debug: bool = False

    @functools.cached_property
    def trainable(self) -> Mapping[str, tuple[str, ...]]:
        """The names of the weights that training changes, by layer path."""
        result = {}
        for path, declared in self.graph.declared().items():
            names = tuple(name for name, weight in declared.items() if weight.trainable and not weight.moving)
            if names and not is_frozen(path, self.frozen):
                result[path] = names
        return result

    @functools.cached_property
    def directions(self) -> Mapping[str, str | None]:
        """Whether "min" or "max" is better for each value that is reported, by its name; None where nothing says."""
        result: dict[str, str | None] = {"loss": "min"}
        for output in self.outputs:
            prefix = f"{output.name}/" if len(self.outputs) > 1 else ""
            result[f"{prefix}loss"] = "min"
            result |= {prefix + key: metric.direction for key, metric in output.metrics.items()}
        return result

    @property
    def value_names(self) -> tuple[str, ...]:
        """The names of all values that are reported, the loss first."""
        return tuple(self.directions)

    @property
    def types(self) -> Precision:
        """The types to compute with, and to keep."""
        return PRECISIONS[self.precision]

    def settings(self) -> dict[str, np.floating[Any]]:
        """Return the numbers that can change without compiling again, at the values they were given."""
        found = layer_settings(self.layers)
        found |= {OPTIMIZER + name: value for name, value in settings_of(self.optimizer)}
        for index, output in enumerate(self.outputs):
            found |= {f"{LOSS}{index}/{name}": value for name, value in settings_of(output.loss)}
        found |= (
            {LOSS_SCALE + name: value for name, value in settings_of(LossScale())} if self.types.scales_loss else {}
        )
        number = np.dtype(self.types.kept).type
        return {name: number(value) for name, value in found.items()}

    def optimizer_with(self, settings: Mapping[str, Array]) -> Link:
        """Return the optimizer with its numbers taken from `settings`."""
        own: Link = with_settings(self.optimizer, below(OPTIMIZER, settings))
        return own

    def loss_with(self, index: int, settings: Mapping[str, Array]) -> Loss:
        """Return the loss of one output with its numbers taken from `settings`."""
        own: Loss = with_settings(self.outputs[index].loss, below(f"{LOSS}{index}/", settings))
        return own

    def loss_scale_with(self, settings: Mapping[str, Array]) -> LossScale | None:
        """Return how the loss is scaled, with the numbers taken from `settings`; None where it is not."""
        return with_settings(LossScale(), below(LOSS_SCALE, settings)) if self.types.scales_loss else None


def layer_settings(layers: Mapping[str, Layer]) -> dict[str, float]:
    """Return the settings of layers as ``{"dropout/rate": 0.5}``."""
    return {f"{path}/{name}": value for path, layer in layers.items() for name, value in settings_of(layer)}


def layers_with(layers: Mapping[str, Layer], settings: Mapping[str, Array]) -> dict[str, Layer]:
    """Return the layers with their numbers taken from `settings`."""
    return {path: with_settings(layer, below(f"{path}/", settings)) for path, layer in layers.items()}


def below(prefix: str, settings: Mapping[str, Array]) -> dict[str, Array]:
    """Return the settings whose names start with `prefix`, without it."""
    return {name.removeprefix(prefix): value for name, value in settings.items() if name.startswith(prefix)}


def is_frozen(path: str, frozen: frozenset[str]) -> bool:
    """Tell whether a layer, or a network it is part of, is frozen."""
    parts = path.split("/")
    return any("/".join(parts[: end + 1]) in frozen for end in range(len(parts)))


def last_activation(graph: Graph, index: int) -> tuple[Step, Function] | None:
    """Return the step that makes an output and its activation, None where its layer is not known to end in one."""
    slot = graph.output_slots[index]
    maker = next((step for step in graph.steps if slot in step.outputs), None)
    layer = None if maker is None else innermost(maker.layer)
    if maker is None or type(layer) not in ENDING_IN_ACTIVATION:
        return None
    return maker, activations.get(getattr(layer, "activation", None))


def is_only_output(graph: Graph, index: int, maker: Step) -> bool:
    """Tell whether nothing but the loss reads what a layer gives, so that it may stop before its activation."""
    slot = graph.output_slots[index]
    is_read = any(slot in step.inputs for step in graph.steps) or graph.output_slots.count(slot) > 1
    is_shared = sum(step.path == maker.path for step in graph.steps) > 1
    return not (is_read or is_shared or getattr(innermost(maker.layer), "activity_regularizer", None))


def innermost(layer: Layer) -> Layer:
    """Return the layer inside those that only change what its weights are."""
    return innermost(layer.layer) if isinstance(layer, Wrapper) else layer


def without_activation(layer: Layer) -> Layer:
    """Return a layer that stops before its activation."""
    if isinstance(layer, Wrapper):
        return layer.replace(layer=without_activation(layer.layer))
    return Activation("linear") if isinstance(layer, (Activation, Softmax)) else layer.replace(activation=None)


def up_to_scores(graph: Graph) -> dict[str, Layer]:
    """Return the layers that give probabilities as an output, stopped before they make them, by path."""
    found = {}
    for index in range(len(graph.outputs)):
        last = last_activation(graph, index)
        if last is not None and last[1] in LOGITS_OF.values() and is_only_output(graph, index, last[0]):
            found[last[0].path] = without_activation(last[0].layer)
    return found


def takes_logits(loss: Loss, activation: Function) -> bool:
    """Tell whether a loss can do the last activation itself, which is faster and does not lose small numbers."""
    return getattr(loss, "from_logits", None) is False and LOGITS_OF.get(loss.targets) is activation
