"""The networks that every library trains, or predicts with, and how they are trained."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True)
class Layer:
    """A layer in Keras' words, which are Lamina's too.

    Attributes:
        kind: its class.
        options: the arguments of its class.
    """

    kind: str
    options: Mapping[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Workload:
    """A network and its training, said once for all libraries.

    Attributes:
        name: what the user types after ``--only``.
        shape: of one row.
        layers: the last one's activation is ``"softmax"`` to tell ten classes apart, ``"sigmoid"`` to give back the
            inputs.
        batch_size: rows in one step; the last batch of an epoch may be shorter.
        rows: rows of training data.
        tolerance: how far from the usual the loss reached may lie. Other seeds alone make it differ by half of that;
            for the autoencoder, so does where each library puts the epsilon of RMSprop.
        epochs: epochs in one timed round.
        predicts: how many rows are predicted at once; 0 where the training is timed.
        learning_rate: of RMSprop. With the default, some starts of `cnn100` jump away and come back later, whatever
            library they are in; then the loss reached says nothing.
    """

    name: str
    shape: tuple[int, ...]
    layers: tuple[Layer, ...]
    batch_size: int
    rows: int
    tolerance: float = 0
    epochs: int = 1
    predicts: int = 0
    learning_rate: float = 1e-3

    @property
    def classifies(self) -> bool:
        """Whether it tells classes apart."""
        return bool(self.layers[-1].options["activation"] == "softmax")

    @property
    def loss(self) -> str:
        """The name of the loss in Keras and Lamina."""
        return "categorical_crossentropy" if self.classifies else "binary_crossentropy"

    @property
    def metric(self) -> str:
        """The name of the metric in Keras and Lamina."""
        return "accuracy" if self.classifies else "mse"

    @property
    def is_dense(self) -> bool:
        """Whether all layers are dense."""
        return all(layer.kind == "Dense" for layer in self.layers)

    @property
    def sizes(self) -> tuple[int, ...]:
        """The inputs and the units of each layer of a dense network."""
        return (*self.shape, *(layer.options["units"] for layer in self.layers))

    @property
    def steps(self) -> int:
        """Number of steps in one epoch."""
        return math.ceil(self.rows / self.batch_size)

    def made_with(self, classes: Any) -> list[Any]:
        """Return the layers, made of the classes of a library that calls them as Keras does."""
        return [getattr(classes, layer.kind)(**layer.options) for layer in self.layers]

    def reduced(self) -> Workload:
        """Return the same work on a few rows, to see that everything runs."""
        few = min(10 * self.batch_size, self.rows // 2)
        return replace(self, rows=few + 1, epochs=1)


def _dense(units: int, activation: str = "relu") -> Layer:
    return Layer("Dense", {"units": units, "activation": activation})


def _convolution(kind: str, filters: int, size: int = 3) -> Layer:
    return Layer(kind, {"filters": filters, "kernel_size": size, "activation": "relu"})


def _recurrent(kind: str) -> tuple[Layer, ...]:
    """Return three layers of 32 units, the last of which gives its last output alone."""
    return tuple(Layer(kind, {"units": 32, "return_sequences": more}) for more in (True, True, False))


_CLASSES = _dense(10, "softmax")
_POOL, _FLATTEN = Layer("MaxPooling2D", {"pool_size": 2}), Layer("Flatten")
_DEPTHWISE = Layer("DepthwiseConv2D", {"kernel_size": 3, "padding": "same", "activation": "relu"})

_CONV32, _CONV64 = _convolution("Conv2D", 32), _convolution("Conv2D", 64)
_CONV1D = _convolution("Conv1D", 64)

_MLP = (_dense(512), _CLASSES)
_TINY = (_dense(32), _CLASSES)
_AUTOENCODER = (*map(_dense, (1000, 500, 250, 30, 250, 500, 1000)), _dense(784, "sigmoid"))
_CNN28 = (_CONV32, _CONV64, _POOL, _FLATTEN, _dense(128), _CLASSES)
_CNN100 = (_CONV32, _CONV32, _POOL, _CONV64, _CONV64, _POOL, _FLATTEN, _dense(128), _CLASSES)
_SEQUENCES = (_CONV1D, _CONV1D, _CONV1D, Layer("GlobalAveragePooling1D"), _CLASSES)
_SEPARABLE = (_DEPTHWISE, _convolution("Conv2D", 128, size=1), Layer("GlobalAveragePooling2D"), _CLASSES)

# The convolutional and recurrent networks have few rows, or Keras on JAX would need many minutes for its convolutions.
_ALL = (
    Workload("mlp", (784,), _MLP, batch_size=128, rows=60_000, tolerance=0.03),
    Workload("tiny", (3,), _TINY, batch_size=32, rows=32_000, tolerance=0.01, epochs=3),
    Workload("autoencoder", (784,), _AUTOENCODER, batch_size=128, rows=20_000, tolerance=0.04),
    Workload("cnn28", (28, 28, 1), _CNN28, batch_size=128, rows=2048, tolerance=0.1),
    Workload("cnn100", (100, 100, 3), _CNN100, batch_size=16, rows=128, tolerance=0.4, learning_rate=1e-4),
    Workload("lstm", (50, 16), (*_recurrent("LSTM"), _CLASSES), batch_size=64, rows=3200, tolerance=0.1),
    Workload("gru", (50, 16), (*_recurrent("GRU"), _CLASSES), batch_size=64, rows=3200, tolerance=0.1),
    Workload("conv1d", (200, 32), _SEQUENCES, batch_size=64, rows=2560, tolerance=0.1),
    Workload("depthwise", (56, 56, 64), _SEPARABLE, batch_size=16, rows=128, tolerance=0.1, epochs=4),
    Workload("predict", (784,), _MLP, batch_size=128, rows=1280, predicts=1),
    Workload("cnn28-predict-1", (28, 28, 1), _CNN28, batch_size=128, rows=1280, predicts=1),
    Workload("cnn28-predict-256", (28, 28, 1), _CNN28, batch_size=128, rows=1280, predicts=256),
)
WORKLOADS = {workload.name: workload for workload in _ALL}
