"""One `Case` for each optimizer: what it is, its formula in float64 NumPy, and rates with which it converges."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from lamina import optimizers
from lamina.optimizers import Optimizer

Formula = Callable[[Any, np.ndarray, np.ndarray, int, dict[str, Any]], np.ndarray]
"""From the optimizer, a weight, its gradient, the number of the step and what is remembered to the new weight."""


@dataclass(frozen=True)
class Case:
    """What the contract needs to know about one optimizer."""

    optimizer: Optimizer
    formula: Formula
    parabola_rate: float | Callable[[Any], Any]
    rosenbrock_rate: float | Callable[[Any], Any]


STEPS = 10_000
"""How many steps to the lowest point."""


def fading(rate: float) -> Callable[[Any], Any]:
    """Return a rate that goes down to 0, for steps that do not get shorter by themselves."""
    return lambda step: rate * (1 - step / STEPS)


def sgd(o: Any, w: np.ndarray, g: np.ndarray, t: int, kept: dict[str, Any]) -> np.ndarray:
    if o.momentum is None:
        return w - o.learning_rate * g
    v = kept["v"] = o.momentum * kept.get("v", 0) - o.learning_rate * g
    return w + (o.momentum * v - o.learning_rate * g if o.nesterov else v)


def rmsprop(o: Any, w: np.ndarray, g: np.ndarray, t: int, kept: dict[str, Any]) -> np.ndarray:
    v = kept["v"] = o.rho * kept.get("v", 0) + (1 - o.rho) * g**2
    if o.centered:
        mean = kept["mean"] = o.rho * kept.get("mean", 0) + (1 - o.rho) * g
        v = v - mean**2
    m = kept["m"] = (o.momentum or 0) * kept.get("m", 0) + o.learning_rate * g / np.sqrt(v + o.epsilon)
    return w - m


def moments(o: Any, g: np.ndarray, kept: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    kept["m"] = o.beta_1 * kept.get("m", 0) + (1 - o.beta_1) * g
    kept["v"] = o.beta_2 * kept.get("v", 0) + (1 - o.beta_2) * g**2
    return kept["m"], kept["v"]


def adam(o: Any, w: np.ndarray, g: np.ndarray, t: int, kept: dict[str, Any]) -> np.ndarray:
    m, v = moments(o, g, kept)
    if o.amsgrad:
        v = kept["largest"] = np.maximum(kept.get("largest", 0), v)
    return w - o.learning_rate * np.sqrt(1 - o.beta_2**t) / (1 - o.beta_1**t) * m / (np.sqrt(v) + o.epsilon)


def adamw(o: Any, w: np.ndarray, g: np.ndarray, t: int, kept: dict[str, Any]) -> np.ndarray:
    return adam(o, w * (1 - o.learning_rate * o.weight_decay), g, t, kept)


def adamax(o: Any, w: np.ndarray, g: np.ndarray, t: int, kept: dict[str, Any]) -> np.ndarray:
    m, _ = moments(o, g, kept)
    u = kept["u"] = np.maximum(o.beta_2 * kept.get("u", 0), np.abs(g))
    return w - o.learning_rate / (1 - o.beta_1**t) * m / (u + o.epsilon)


def nadam(o: Any, w: np.ndarray, g: np.ndarray, t: int, kept: dict[str, Any]) -> np.ndarray:
    m, v = moments(o, g, kept)
    u = [o.beta_1 * (1 - 0.96**step / 2) for step in range(1, t + 2)]
    m_hat = u[t] * m / (1 - np.prod(u)) + (1 - u[t - 1]) * g / (1 - np.prod(u[:t]))
    return w - o.learning_rate * m_hat / (np.sqrt(v / (1 - o.beta_2**t)) + o.epsilon)


def adagrad(o: Any, w: np.ndarray, g: np.ndarray, t: int, kept: dict[str, Any]) -> np.ndarray:
    s = kept["s"] = kept.get("s", o.initial_accumulator_value) + g**2
    return w - o.learning_rate * g / np.sqrt(s + o.epsilon)


def adadelta(o: Any, w: np.ndarray, g: np.ndarray, t: int, kept: dict[str, Any]) -> np.ndarray:
    s = kept["s"] = o.rho * kept.get("s", 0) + (1 - o.rho) * g**2
    step = np.sqrt(kept.get("d", 0) + o.epsilon) / np.sqrt(s + o.epsilon) * g
    kept["d"] = o.rho * kept.get("d", 0) + (1 - o.rho) * step**2
    return w - o.learning_rate * step


def lion(o: Any, w: np.ndarray, g: np.ndarray, t: int, kept: dict[str, Any]) -> np.ndarray:
    m = kept.get("m", 0)
    kept["m"] = o.beta_2 * m + (1 - o.beta_2) * g
    return w - o.learning_rate * np.sign(o.beta_1 * m + (1 - o.beta_1) * g)


def ftrl(o: Any, w: np.ndarray, g: np.ndarray, t: int, kept: dict[str, Any]) -> np.ndarray:
    n, p = kept.get("n", o.initial_accumulator_value), -o.learning_rate_power
    total = kept["n"] = n + g**2
    pull = g + 2 * o.l2_shrinkage_regularization_strength * w
    z = kept["z"] = kept.get("z", 0) + pull - (total**p - n**p) / o.learning_rate * w
    l1, l2 = o.l1_regularization_strength, o.l2_regularization_strength + o.beta / (2 * o.learning_rate)
    return np.where(np.abs(z) > l1, (np.sign(z) * l1 - z) / (total**p / o.learning_rate + 2 * l2), 0)


def adafactor(o: Any, w: np.ndarray, g: np.ndarray, t: int, kept: dict[str, Any]) -> np.ndarray:
    beta, q = 1 - t**o.beta_2_decay, g**2 + o.epsilon_1
    if w.ndim < 2:
        v = kept["v"] = beta * kept.get("v", 0) + (1 - beta) * q
    else:
        r = kept["r"] = beta * kept.get("r", 0) + (1 - beta) * q.mean(-1)
        c = kept["c"] = beta * kept.get("c", 0) + (1 - beta) * q.mean(-2)
        v = np.einsum("...r,...c->...rc", r / r.mean(-1, keepdims=True), c)
    d = g / np.sqrt(v)
    d = d / max(1, np.sqrt(np.mean(d**2)) / o.clip_threshold)
    rate = min(o.learning_rate, 1 / np.sqrt(t)) if o.relative_step else o.learning_rate
    return w - max(o.epsilon_2, np.sqrt(np.mean(w**2))) * rate * d


def lamb(o: Any, w: np.ndarray, g: np.ndarray, t: int, kept: dict[str, Any]) -> np.ndarray:
    m, v = moments(o, g, kept)
    d = m / (1 - o.beta_1**t) / (np.sqrt(v / (1 - o.beta_2**t)) + o.epsilon)
    ratio = np.linalg.norm(w) / np.linalg.norm(d) if w.any() and d.any() else 1
    return w - o.learning_rate * ratio * d


CASES = [
    Case(optimizers.SGD(), sgd, 0.03, 0.001),
    Case(optimizers.SGD(0.05, momentum=0.9), sgd, 0.01, 0.001),
    Case(optimizers.SGD(0.05, momentum=0.9, nesterov=True), sgd, 0.01, 0.001),
    Case(optimizers.RMSprop(), rmsprop, 0.1, 0.0003),
    Case(optimizers.RMSprop(0.01, rho=0.8, momentum=0.5, epsilon=1e-3), rmsprop, 0.01, 0.0003),
    Case(optimizers.RMSprop(0.01, centered=True), rmsprop, 0.1, 0.0003),
    Case(optimizers.Adam(), adam, 0.1, 0.003),
    Case(optimizers.Adam(0.01, beta_1=0.8, beta_2=0.9, epsilon=1e-2, amsgrad=True), adam, 0.1, 0.003),
    Case(optimizers.AdamW(), adamw, 0.1, 0.003),
    Case(optimizers.AdamW(0.01, 0.1, amsgrad=True), adamw, 0.1, 0.003),
    Case(optimizers.Adamax(0.01), adamax, 0.1, 0.003),
    Case(optimizers.Nadam(0.01), nadam, 0.1, fading(0.003)),
    Case(optimizers.Adagrad(0.01), adagrad, 1.0, 0.1),
    Case(optimizers.Adadelta(1.0), adadelta, 3.0, 0.1),
    Case(optimizers.Lion(0.01), lion, 0.01, 0.0003),
    Case(optimizers.Ftrl(0.1), ftrl, 1.0, 0.3),
    Case(optimizers.Ftrl(0.1, -0.6, 0.2, 0.01, 0.02, 0.03, 0.04), ftrl, 1.0, 0.3),
    Case(optimizers.Adafactor(0.01), adafactor, 0.1, fading(0.01)),
    Case(optimizers.Lamb(0.01), lamb, fading(0.03), fading(0.01)),
]
