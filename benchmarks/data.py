"""The data of each workload, the same in every process, and the one yardstick for what was learned of it."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import numpy as np

from benchmarks.workloads import Workload

LOSS_ROWS = 10_000  # rows of training data on which the losses reached are compared
WRONG = 0.2  # the share of rows with a class drawn at random, so that no loss comes near 0


def load(workload: Workload) -> tuple[np.ndarray, np.ndarray]:
    """Return inputs and targets, float32."""
    size = int(np.prod(workload.shape))
    draw = _images if size == 784 else _points if size == 3 else _levels
    inputs, classes = draw(workload)
    return inputs, np.eye(10, dtype=np.float32)[classes] if workload.classifies else inputs


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


def _levels(workload: Workload) -> tuple[np.ndarray, np.ndarray]:
    """Draw noise in numbers as small as pixels, its level in each channel told by the class, now and then wrongly."""
    random = np.random.default_rng(0)
    classes = random.integers(10, size=workload.rows)
    levels = random.normal(size=(10, workload.shape[-1])).astype(np.float32)
    inputs = random.standard_normal((workload.rows, *workload.shape), dtype=np.float32)
    inputs += levels[classes].reshape(workload.rows, *[1] * (len(workload.shape) - 1), -1)
    return inputs * float(os.environ.get("SC", "1")), _blurred(classes, random)


def _images(workload: Workload) -> tuple[np.ndarray, np.ndarray]:
    """Read MNIST, or draw ten random pictures again and again with wrong pixels, and wrong classes now and then."""
    rows, shape = workload.rows, (workload.rows, *workload.shape)
    if images_are_real():
        folder = Path(os.environ["LAMINA_DATA"], "mnist")
        pixels, labels = (_idx(folder / f"train-{part}-ubyte.gz")[:rows] for part in ("images-idx3", "labels-idx1"))
        return pixels.reshape(shape).astype(np.float32) / 255, labels
    random = np.random.default_rng(0)
    classes = random.integers(10, size=rows)
    pictures = random.random((10, 784)) < 0.2
    wrong = random.random((rows, 784), dtype=np.float32) < 0.2
    return (pictures[classes] ^ wrong).astype(np.float32).reshape(shape), _blurred(classes, random)


def _blurred(classes: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Put a class drawn at random in the place of some."""
    return np.where(random.random(len(classes)) < WRONG, random.integers(10, size=len(classes)), classes)


def _idx(path: Path) -> np.ndarray:
    """Read an IDX file: its third byte pair counts the dimensions, whose sizes follow, then the bytes."""
    content = gzip.decompress(path.read_bytes())
    start = 4 + 4 * content[3]
    return np.frombuffer(content, np.uint8, offset=start).reshape(np.frombuffer(content[4:start], ">i4"))
