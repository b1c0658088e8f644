"""The networks and data that every library trains, and the one yardstick for what they learned."""

from __future__ import annotations

import gzip
import os
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np


@dataclass(frozen=True)
class Workload:
    """A dense network and its training, said once for all libraries.

    Attributes:
        name: what the user types after ``--only``.
        sizes: units from the input to the output; hidden layers use ReLU.
        output: activation of the last layer: ``"softmax"`` to tell ten classes apart, ``"sigmoid"`` to give back the
            inputs.
        batch_size: rows in one step; the last batch of an epoch may be shorter.
        rows: rows of training data.
        tolerance: how far from the usual the loss reached may lie. Other seeds alone make it differ by half of that;
            for the autoencoder, so does where each library puts the epsilon of RMSprop.
        epochs: epochs in one timed round.
    """

    name: str
    sizes: tuple[int, ...]
    output: str
    batch_size: int
    rows: int
    tolerance: float
    epochs: int = 1

    @property
    def classifies(self) -> bool:
        """Whether it tells classes apart."""
        return self.output == "softmax"

    @property
    def loss(self) -> str:
        """The name of the loss in Keras and Lamina."""
        return "categorical_crossentropy" if self.classifies else "binary_crossentropy"

    @property
    def metric(self) -> str:
        """The name of the metric in Keras and Lamina."""
        return "accuracy" if self.classifies else "mse"

    @property
    def layers(self) -> list[tuple[int, int, str]]:
        """The (inputs, units, activation) of each dense layer."""
        pairs = list(zip(self.sizes, self.sizes[1:], strict=False))
        return [(*pair, "relu") for pair in pairs[:-1]] + [(*pairs[-1], self.output)]

    @property
    def steps(self) -> int:
        """Number of steps in one epoch."""
        return -(-self.rows // self.batch_size)

    def reduced(self) -> Workload:
        """Return the same work on a few rows, to see that everything runs."""
        return replace(self, rows=10 * self.batch_size + 1, epochs=1)


LOSS_ROWS = 10_000  # rows of training data on which the losses reached are compared

_funnel = (784, 1000, 500, 250, 30)

WORKLOADS = {
    workload.name: workload
    for workload in (
        Workload("mlp", (784, 512, 10), "softmax", batch_size=128, rows=60_000, tolerance=0.03),
        Workload("tiny", (3, 32, 10), "softmax", batch_size=32, rows=32_000, tolerance=0.01, epochs=3),
        Workload("autoencoder", (*_funnel, *_funnel[-2::-1]), "sigmoid", batch_size=128, rows=60_000, tolerance=0.04),
        Workload("predict", (784, 512, 10), "softmax", batch_size=128, rows=60_000, tolerance=0),
    )
}


def load(name: str, *, quick: bool) -> tuple[Workload, np.ndarray, np.ndarray]:
    """Return the workload with its inputs and targets, float32, the same in every process."""
    workload = WORKLOADS[name].reduced() if quick else WORKLOADS[name]
    inputs, classes = _points(workload) if workload.sizes[0] == 3 else _images(workload)
    targets = np.eye(10, dtype=np.float32)[classes] if workload.classifies else inputs
    return workload, inputs, targets


def images_are_real() -> bool:
    """Tell whether the images are MNIST's, found in the folder that ``LAMINA_DATA`` names."""
    return "LAMINA_DATA" in os.environ


def mean_loss(workload: Workload, targets: np.ndarray, outputs: np.ndarray) -> float:
    """Return the loss of predicted probabilities, computed in one way for all libraries."""
    targets, outputs = targets.astype(np.float64), np.clip(outputs.astype(np.float64), 1e-7, 1 - 1e-7)
    if workload.classifies:
        return float(-(targets * np.log(outputs)).sum(-1).mean())
    return float(-(targets * np.log(outputs) + (1 - targets) * np.log(1 - outputs)).mean())


def _points(workload: Workload) -> tuple[np.ndarray, np.ndarray]:
    """Draw points in space; the class is the nearest of ten directions, now and then a wrong one."""
    random = np.random.default_rng(0)
    points = random.normal(size=(workload.rows, 3))
    scores = points @ random.normal(size=(3, 10)) + 0.3 * random.normal(size=(workload.rows, 10))
    return points.astype(np.float32), scores.argmax(-1)


def _images(workload: Workload) -> tuple[np.ndarray, np.ndarray]:
    """Read MNIST, or draw ten random pictures again and again with wrong pixels, and wrong classes now and then."""
    if images_are_real():
        folder = Path(os.environ["LAMINA_DATA"], "mnist")
        pixels, labels = (_idx(folder / f"train-{part}-ubyte.gz") for part in ("images-idx3", "labels-idx1"))
        return pixels[: workload.rows].reshape(-1, 784).astype(np.float32) / 255, labels[: workload.rows]
    random = np.random.default_rng(0)
    classes = random.integers(10, size=workload.rows)
    pictures = random.random((10, 784)) < 0.2
    wrong = random.random((workload.rows, 784), dtype=np.float32) < 0.2
    images = (pictures[classes] ^ wrong).astype(np.float32)
    return images, np.where(random.random(workload.rows) < 0.2, random.integers(10, size=workload.rows), classes)


def _idx(path: Path) -> np.ndarray:
    """Read an IDX file: its third byte pair counts the dimensions, whose sizes follow, then the bytes."""
    content = gzip.decompress(path.read_bytes())
    start = 4 + 4 * content[3]
    return np.frombuffer(content, np.uint8, offset=start).reshape(np.frombuffer(content[4:start], ">i4"))
