"""One line for each schedule and setting: what `test_schedules.py` holds every one of them to.

A reference is the formula once more, in plain Python, for one step.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

from lamina import schedules
from lamina.schedules import Schedule


@dataclass(frozen=True)
class Case:
    """A schedule and its reference."""

    schedule: Schedule
    reference: Callable


def half_wave(fraction):
    return (1 + math.cos(math.pi * fraction)) / 2


def polynomial(step, power, *, cycle):
    steps = 40 * (max(1, math.ceil(step / 40)) if cycle else 1)
    return 0.09 * (1 - min(step, steps) / steps) ** power + 0.01


def warm_up(step):
    return 0.1 * step / 10 if step < 10 else 0.1 * (0.75 * half_wave(min(step - 10, 40) / 40) + 0.25)


def restarts(step, t_mul, m_mul, alpha):
    """Walk from period to period until the one that holds `step`."""
    start, length, height = 0.0, 20.0, 1.0
    while step >= start + length:
        start, length, height = start + length, length * t_mul, height * m_mul
    return 0.1 * ((1 - alpha) * height * half_wave((step - start) / length) + alpha)


def one_cycle(step):
    """Rise in 10 of 40 steps from 0.02 to 0.1, then fall to 0.001."""
    if step < 10:
        return 0.1 - 0.08 * half_wave(step / 10)
    return 0.001 + 0.099 * half_wave(min(step - 10, 30) / 30)


CASES = [
    Case(schedules.Constant(0.1), lambda step: 0.1),
    Case(schedules.CosineDecay(0.1, 40), lambda step: 0.1 * half_wave(min(step, 40) / 40)),
    Case(schedules.CosineDecay(0.1, 40, alpha=0.25), lambda step: 0.1 * (0.75 * half_wave(min(step, 40) / 40) + 0.25)),
    Case(schedules.CosineDecay(0.0, 40, alpha=0.25, warmup_target=0.1, warmup_steps=10), warm_up),
    Case(schedules.CosineDecay(0.5, 40, warmup_target=0.1), lambda step: 0.1 * half_wave(min(step, 40) / 40)),
    Case(schedules.CosineDecayRestarts(0.1, 20), lambda step: restarts(step, 2, 1, 0)),
    Case(schedules.CosineDecayRestarts(0.1, 20, t_mul=1.0, m_mul=0.5), lambda step: restarts(step, 1, 0.5, 0)),
    Case(schedules.CosineDecayRestarts(0.1, 20, t_mul=1.5, alpha=0.1), lambda step: restarts(step, 1.5, 1, 0.1)),
    Case(schedules.ExponentialDecay(0.1, 40, 0.5), lambda step: 0.1 * 0.5 ** (step / 40)),
    Case(schedules.ExponentialDecay(0.1, 40, 0.5, staircase=True), lambda step: 0.1 * 0.5 ** (step // 40)),
    Case(schedules.InverseTimeDecay(0.1, 40, 0.5), lambda step: 0.1 / (1 + 0.5 * step / 40)),
    Case(schedules.InverseTimeDecay(0.1, 40, 0.5, staircase=True), lambda step: 0.1 / (1 + 0.5 * (step // 40))),
    Case(schedules.OneCycle(0.1, 40, 0.25, start_divisor=5, end_divisor=20), one_cycle),
    Case(schedules.OneCycle(0.1, 40, 0.0), lambda step: 4e-7 + (0.1 - 4e-7) * half_wave(min(step, 40) / 40)),
    Case(
        schedules.PiecewiseConstantDecay([20, 50], [0.1, 0.2, 0.05]),
        lambda step: 0.1 if step <= 20 else 0.2 if step <= 50 else 0.05,
    ),
    Case(schedules.PolynomialDecay(0.1, 40), lambda step: 0.0999 * (1 - min(step, 40) / 40) + 0.0001),
    Case(schedules.PolynomialDecay(0.1, 40, 0.01, power=2.0), lambda step: polynomial(step, 2, cycle=False)),
    Case(
        schedules.PolynomialDecay(0.1, 40, 0.01, power=0.5, cycle=True), lambda step: polynomial(step, 0.5, cycle=True)
    ),
    Case(schedules.StepDecay(0.1, 40), lambda step: 0.1 * 0.1 ** (step // 40)),
    Case(schedules.StepDecay(0.1, 15, factor=0.5), lambda step: 0.1 * 0.5 ** (step // 15)),
]
