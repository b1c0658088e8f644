"""Toys: points made by a formula, to see what a network learns.

Truth tables for the first neuron, a noisy line, and the six data sets of the TensorFlow Playground: four to classify
(`circle`, `gauss`, `spiral`, `xor`) and two to predict a number (`multi_gauss`, `plane`). Points lie in about -6 to 6.
`noise` goes from 0 to 50 percent, as on the playground's slider. Where the playground labels points 1 and -1, they are
1 and 0 here. Rows come in random order, so that the last of them are a fair validation set.

Reference:
    Smilkov, Carter, Sculley, Viégas and Wattenberg (2017), Direct-manipulation visualization of deep networks,
    https://arxiv.org/abs/1708.03788
"""

from __future__ import annotations

import numpy as np

from lamina._core import checks, seeds

__all__ = ["and_table", "circle", "gauss", "line", "multi_gauss", "or_table", "plane", "spiral", "xor", "xor_table"]


def and_table() -> tuple[np.ndarray, np.ndarray]:
    """Return the truth table of AND: x of shape (4, 2) and y of shape (4,).

    Example:
        >>> from lamina.datasets import toys
        >>> x, y = toys.and_table()
        >>> y.tolist()
        [0, 0, 0, 1]
    """
    return _truth_table((0, 0, 0, 1))


def or_table() -> tuple[np.ndarray, np.ndarray]:
    """Return the truth table of OR: x of shape (4, 2) and y of shape (4,).

    Example:
        >>> from lamina.datasets import toys
        >>> x, y = toys.or_table()
        >>> y.tolist()
        [0, 1, 1, 1]
    """
    return _truth_table((0, 1, 1, 1))


def xor_table() -> tuple[np.ndarray, np.ndarray]:
    """Return the truth table of XOR, which no single neuron can learn.

    Example:
        >>> from lamina.datasets import toys
        >>> x, y = toys.xor_table()
        >>> x.tolist(), y.tolist()
        ([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0, 1, 1, 0])

    Reference:
        Minsky and Papert (1969), Perceptrons, MIT Press
    """
    return _truth_table((0, 1, 1, 0))


def line(
    rows: int = 100, *, slope: float = 5.0, intercept: float = 30.0, noise: float = 1.0, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Return points around a line.

    y = intercept + slope · x + noise · e, with x uniform in [-1, 1) and e standard normal.

    Args:
        rows: number of points.
        slope: rise of the line.
        intercept: height of the line at x = 0.
        noise: standard deviation of the distance from the line, 0 or more (not percent, unlike the other toys).
        seed: decides the points.

    Shape:
        x (rows, 1) and y (rows,), both float32.

    Example:
        >>> from lamina.datasets import toys
        >>> x, y = toys.line(3, noise=0.0)
        >>> bool((abs(y - (30 + 5 * x[:, 0])) < 1e-5).all())
        True
    """
    checks.integer("line(rows)", rows)
    for name, value in (("slope", slope), ("intercept", intercept)):
        checks.number(f"line({name})", value)
    checks.number("line(noise)", noise, low=0)
    checks.integer("line(seed)", seed, least=0)
    random = seeds.stream(seed, "toys", "line")
    x = random.uniform(-1, 1, (rows, 1))
    y = intercept + slope * x[:, 0] + noise * random.standard_normal(rows)
    return x.astype(np.float32), y.astype(np.float32)


def circle(rows: int = 500, *, noise: float = 0.0, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return a disc (1) within a ring (0).

    The disc has radius 2.5, the ring reaches from 3.5 to 5. Noise moves each point before it is labelled, not after.

    Args:
        rows: number of points, half of them in the disc.
        noise: percent of the radius 5 that labels are uncertain by, 0 to 50.
        seed: decides the points.

    Shape:
        x (rows, 2) of float32, y (rows,) of int64.

    Example:
        >>> from lamina.datasets import toys
        >>> x, y = toys.circle(200)
        >>> bool((y == (x[:, 0] ** 2 + x[:, 1] ** 2 < 2.5**2)).all())
        True
    """
    random = _stream("circle", rows, noise, seed)
    inside = _halves(rows)
    radius = np.where(inside, random.uniform(0, 2.5, rows), random.uniform(3.5, 5, rows))
    angle = random.uniform(0, 2 * np.pi, rows)
    x = radius[:, None] * np.stack([np.sin(angle), np.cos(angle)], axis=1)
    y = np.linalg.norm(x + _jitter(random, rows, 5, noise), axis=1) < 2.5
    return _shuffled(random, x, y.astype(np.int64))


def gauss(rows: int = 500, *, noise: float = 0.0, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return two round clouds, class 1 around (2, 2) and class 0 around (-2, -2).

    Args:
        rows: number of points, half of them in each cloud.
        noise: 0 to 50 percent; the variance of a cloud grows with it from 0.5 to 4.
        seed: decides the points.

    Shape:
        x (rows, 2) of float32, y (rows,) of int64.

    Example:
        >>> from lamina.datasets import toys
        >>> x, y = toys.gauss(200)
        >>> bool((y == (x.sum(axis=1) > 0)).all())
        True
    """
    random = _stream("gauss", rows, noise, seed)
    y = _halves(rows)
    variance = 0.5 + 3.5 * noise / 50
    x = np.where(y, 2.0, -2.0)[:, None] + np.sqrt(variance) * random.standard_normal((rows, 2))
    return _shuffled(random, x, y.astype(np.int64))


def spiral(rows: int = 500, *, noise: float = 0.0, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return two arms that wind around each other one and three quarter times.

    A point at t in [0, 1) along its arm lies at radius 5t and angle 3.5 π t; the second arm, class 0, starts half a
    turn further on.

    Args:
        rows: number of points, half of them on each arm.
        noise: 0 to 50 percent; points are moved by up to noise / 100.
        seed: decides the points.

    Shape:
        x (rows, 2) of float32, y (rows,) of int64.

    Example:
        >>> from lamina.datasets import toys
        >>> x, y = toys.spiral()
        >>> x.shape, int(y.sum())
        ((500, 2), 250)
    """
    random = _stream("spiral", rows, noise, seed)
    y = _halves(rows)
    ones, zeros = int(y.sum()), int((~y).sum())
    t = np.concatenate([np.arange(ones) / ones, np.arange(zeros) / max(zeros, 1)])
    angle = 3.5 * np.pi * t + np.where(y, 0, np.pi)
    x = 5 * t[:, None] * np.stack([np.sin(angle), np.cos(angle)], axis=1)
    return _shuffled(random, x + _jitter(random, rows, 1, noise), y.astype(np.int64))


def xor(rows: int = 500, *, noise: float = 0.0, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return four squares, class 1 where both coordinates have the same sign.

    The squares keep 0.3 away from the axes. Noise moves each point before it is labelled, not after.

    Args:
        rows: number of points.
        noise: percent of 5 that labels are uncertain by, 0 to 50.
        seed: decides the points.

    Shape:
        x (rows, 2) of float32, y (rows,) of int64.

    Example:
        >>> from lamina.datasets import toys
        >>> x, y = toys.xor(200)
        >>> bool((y == (x[:, 0] * x[:, 1] > 0)).all())
        True
    """
    random = _stream("xor", rows, noise, seed)
    x = random.uniform(-5, 5, (rows, 2))
    x += np.where(x > 0, 0.3, -0.3)
    y = (x + _jitter(random, rows, 5, noise)).prod(axis=1) >= 0
    return _shuffled(random, x, y.astype(np.int64))


def plane(rows: int = 1200, *, noise: float = 0.0, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return points on a slope, y = (x₁ + x₂) / 10, to predict a number.

    Noise moves each point before its height is taken, not after.

    Args:
        rows: number of points, uniform in [-6, 6)².
        noise: percent of 6 that points are moved by, 0 to 50.
        seed: decides the points.

    Shape:
        x (rows, 2) and y (rows,), both float32.

    Example:
        >>> from lamina.datasets import toys
        >>> x, y = toys.plane()
        >>> bool((abs(y - x.sum(axis=1) / 10) < 1e-6).all())
        True
    """
    random = _stream("plane", rows, noise, seed)
    x = random.uniform(-6, 6, (rows, 2))
    y = (x + _jitter(random, rows, 6, noise)).sum(axis=1) / 10
    return x.astype(np.float32), y.astype(np.float32)


def multi_gauss(rows: int = 1200, *, noise: float = 0.0, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return points on three hills and three hollows, to predict a number.

    y = ± max(0, 1 - distance / 2) from the nearest of six centres, whose signs alternate as on a chess board.

    Args:
        rows: number of points, uniform in [-6, 6)².
        noise: percent of 6 that points are moved by before their height is taken, 0 to 50.
        seed: decides the points.

    Shape:
        x (rows, 2) and y (rows,), both float32.

    Example:
        >>> from lamina.datasets import toys
        >>> x, y = toys.multi_gauss()
        >>> bool((abs(y) <= 1).all())
        True
    """
    random = _stream("multi_gauss", rows, noise, seed)
    x = random.uniform(-6, 6, (rows, 2))
    centres = np.array([(-4, 2.5), (0, 2.5), (4, 2.5), (-4, -2.5), (0, -2.5), (4, -2.5)])
    signs = np.array([1, -1, 1, -1, 1, -1])
    moved = x + _jitter(random, rows, 6, noise)
    distance = np.linalg.norm(moved[:, None] - centres, axis=2)
    y = signs[distance.argmin(axis=1)] * np.maximum(0, 1 - distance.min(axis=1) / 2)
    return x.astype(np.float32), y.astype(np.float32)


def _truth_table(y: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([(0, 0), (0, 1), (1, 0), (1, 1)], np.float32), np.array(y, np.int64)


def _stream(name: str, rows: int, noise: float, seed: int) -> np.random.Generator:
    """Check what all playground sets take, and return the random numbers of one of them."""
    checks.integer(f"{name}(rows)", rows)
    checks.number(f"{name}(noise)", noise, low=0, high=50)
    checks.integer(f"{name}(seed)", seed, least=0)
    return seeds.stream(seed, "toys", name)


def _halves(rows: int) -> np.ndarray:
    """Return True for the first half of the rows, and for the middle one."""
    return np.arange(rows) < (rows + 1) // 2


def _jitter(random: np.random.Generator, rows: int, radius: float, noise: float) -> np.ndarray:
    return random.uniform(-radius, radius, (rows, 2)) * noise / 100


def _shuffled(random: np.random.Generator, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    order = random.permutation(len(x))
    return x[order].astype(np.float32), y[order]
