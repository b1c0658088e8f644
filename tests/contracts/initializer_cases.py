"""One line for each initializer and setting: what `test_initializers.py` holds every one of them to."""

from dataclasses import dataclass

import numpy as np

from lamina import initializers
from lamina.initializers import Initializer

ROWS, COLUMNS = 300, 500


@dataclass(frozen=True)
class Case:
    """An initializer, and the mean, deviation and greatest absolute value of a weight of 300 rows and 500 columns."""

    initializer: Initializer
    mean: float = 0.0
    deviation: float = 0.0
    largest: float = np.inf


def uniform(initializer, limit):
    """Return the case of values that lie evenly between ±limit."""
    return Case(initializer, deviation=limit / np.sqrt(3), largest=limit)


def truncated(initializer, variance):
    """Return the case of normal values that are cut off at two deviations and then have the given variance."""
    return Case(initializer, deviation=np.sqrt(variance), largest=2 * np.sqrt(variance) / 0.87962566103423978)


CASES = [
    Case(initializers.Constant(), largest=0.0),
    Case(initializers.Constant(-0.5), mean=-0.5, largest=0.5),
    Case(initializers.Constant([[1.0]] * ROWS), mean=1.0, largest=1.0),
    truncated(initializers.GlorotNormal(), 2 / (ROWS + COLUMNS)),
    uniform(initializers.GlorotUniform(), np.sqrt(6 / (ROWS + COLUMNS))),
    truncated(initializers.HeNormal(), 2 / ROWS),
    uniform(initializers.HeUniform(), np.sqrt(6 / ROWS)),
    Case(initializers.Identity(), mean=1 / COLUMNS, deviation=np.sqrt(1 / COLUMNS - 1 / COLUMNS**2), largest=1.0),
    truncated(initializers.LecunNormal(), 1 / ROWS),
    uniform(initializers.LecunUniform(), np.sqrt(3 / ROWS)),
    Case(initializers.Ones(), mean=1.0, largest=1.0),
    Case(initializers.Orthogonal(), deviation=np.sqrt(1 / COLUMNS)),
    Case(initializers.Orthogonal(gain=2.0), deviation=2 * np.sqrt(1 / COLUMNS)),
    Case(initializers.RandomNormal(), deviation=0.05),
    Case(initializers.RandomNormal(1.0, 2.0), mean=1.0, deviation=2.0),
    uniform(initializers.RandomUniform(), 0.05),
    Case(initializers.RandomUniform(1.0, 3.0), mean=2.0, deviation=np.sqrt(1 / 3), largest=3.0),
    truncated(initializers.TruncatedNormal(), (0.05 * 0.87962566103423978) ** 2),
    Case(initializers.TruncatedNormal(1.0, 2.0), mean=1.0, deviation=2 * 0.87962566103423978, largest=5.0),
    truncated(initializers.VarianceScaling(), 1 / ROWS),
    truncated(initializers.VarianceScaling(2.0, "fan_out"), 2 / COLUMNS),
    uniform(initializers.VarianceScaling(mode="fan_avg", distribution="uniform"), np.sqrt(6 / (ROWS + COLUMNS))),
    Case(initializers.VarianceScaling(distribution="untruncated_normal"), deviation=np.sqrt(1 / ROWS)),
    Case(initializers.Zeros(), largest=0.0),
]
