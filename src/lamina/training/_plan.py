"""What compile makes of a network, a loss, metrics and an optimizer: everything decided before data is seen."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping

import numpy as np

from lamina._core.config import settings_of, with_settings
from lamina.activations import get as get_activation
from lamina.layers import Activation, Graph, Layer, Step
from lamina.losses import Loss
from lamina.metrics import Metric
from lamina.ops import Array
from lamina.optimizers import Optimizer

LOGITS_OF = {"softmax": ("one_hot", "classes"), "sigmoid": ("binary",)}
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
        activation: the name of the last activation when the loss is computed from logits in its place, else None.
    """

    name: str
    loss: Loss
    weight: float
    metrics: Mapping[str, Metric]
    activation: str | None


@dataclasses.dataclass(frozen=True, eq=False)
class Plan:
    """A compiled model: frozen, and never touched by data.

    Args:
        graph: the network.
        outputs: what is asked of each output, in order.
        optimizer: how gradients become steps.
        layers: the layers to run, by path: the graph's own, or with the last activation left to the loss.
        frozen: the paths of layers that are not trained.
        precision: the type of the arithmetic.
        debug: True to run step by step, uncompiled.
    """

    graph: Graph
    outputs: tuple[Output, ...]
    optimizer: Optimizer
    layers: Mapping[str, Layer]
    frozen: frozenset[str] = frozenset()
    precision: str = "float32"
    debug: bool = False

    @functools.cached_property
    def trainable(self) -> Mapping[str, tuple[str, ...]]:
        """The names of the weights that training changes, by layer path."""
        result = {}
        for path, declared in self.graph.declared().items():
            names = tuple(name for name, weight in declared.items() if not weight.moving)
            if names and not is_frozen(path, self.frozen):
                result[path] = names
        return result

    @functools.cached_property
    def value_names(self) -> tuple[str, ...]:
        """The names of all values that are reported, the loss first."""
        several = len(self.outputs) > 1
        names = ["loss"]
        for output in self.outputs:
            prefix = f"{output.name}/" if several else ""
            names += [f"{prefix}loss"] if several else []
            names += [prefix + key for key in output.metrics]
        return tuple(names)

    def settings(self) -> dict[str, np.float32]:
        """Return the numbers that can change without compiling again, at the values they were given."""
        found = layer_settings(self.layers)
        found |= {OPTIMIZER + name: value for name, value in settings_of(self.optimizer)}
        for index, output in enumerate(self.outputs):
            found |= {f"{LOSS}{index}/{name}": value for name, value in settings_of(output.loss)}
        return {name: np.float32(value) for name, value in found.items()}

    def optimizer_with(self, settings: Mapping[str, Array]) -> Optimizer:
        """Return the optimizer with its numbers taken from `settings`."""
        own: Optimizer = with_settings(self.optimizer, below(OPTIMIZER, settings))
        return own

    def loss_with(self, index: int, settings: Mapping[str, Array]) -> Loss:
        """Return the loss of one output with its numbers taken from `settings`."""
        own: Loss = with_settings(self.outputs[index].loss, below(f"{LOSS}{index}/", settings))
        return own


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


def last_activation(graph: Graph, index: int) -> tuple[Step, str] | None:
    """Return the step that makes an output and its activation's name, if the loss may take its place.

    That is so when the layer is used once, nothing else reads the output, and no penalty is put on it.
    """
    slot = graph.output_slots[index]
    makers = [step for step in graph.steps if slot in step.outputs]
    read_elsewhere = any(slot in step.inputs for step in graph.steps) or graph.output_slots.count(slot) > 1
    if not makers or read_elsewhere or sum(step.path == makers[0].path for step in graph.steps) > 1:
        return None
    layer = makers[0].layer
    if not hasattr(layer, "activation") or getattr(layer, "activity_regularizer", None) is not None:
        return None
    return makers[0], get_activation(layer.activation).__name__


def without_activation(layer: Layer) -> Layer:
    """Return a layer that stops before its activation."""
    return Activation("linear") if isinstance(layer, Activation) else layer.replace(activation=None)


def takes_logits(loss: Loss, activation: str) -> bool:
    """Tell whether a loss can do the last activation itself, which is faster and does not lose small numbers."""
    from_logits = getattr(loss, "from_logits", None)
    return from_logits is False and loss.targets in LOGITS_OF.get(activation, ())
