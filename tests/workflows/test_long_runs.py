"""What is called very often keeps no memory, neither Python's nor the engine's, and compiles nothing.

The reduced forms, which every change runs, stand beside `fit` and `predict` in tests/training.
"""

import os
from pathlib import Path

import jax
import numpy as np
import pytest

import lamina as lm
from lamina.layers import Dense, Dropout

PAGES = Path("/proc/self/statm")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not PAGES.exists(), reason="this system does not say how much memory a process holds"),
]

X = np.random.default_rng(2026).normal(size=(64, 20)).astype(np.float32)
Y = X[:, :1] - X[:, 1:2]
ROOM = 4e6
"""How much more memory is no growth, in bytes: a leak of 40 bytes in each of 100,000 calls would be seen."""


@pytest.fixture
def model():
    made = lm.Sequential([lm.Input((20,)), Dense(32, activation="relu"), Dropout(0.2), Dense(1)])
    made.compile("adam", "mse", metrics=["mae"])
    return made


def resident():
    """Return how many bytes of memory this process holds."""
    return int(PAGES.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def growth(call, times):
    """Return how many bytes more are held after so many calls, none of which may compile anything."""
    for _ in range(times // 10):
        call()
    before = resident()
    with jax.no_tracing(True):
        for _ in range(times):
            call()
    return resident() - before


def test_a_thousand_fits_keep_no_memory(model):
    assert growth(lambda: model.fit(X, Y, epochs=2, validation_split=0.25, verbose=0), 1_000) < ROOM


@pytest.mark.parametrize("rows", [1, 3, 64])
def test_a_hundred_thousand_predictions_keep_no_memory(model, rows):
    assert growth(lambda: model.predict(X[:rows]), 100_000) < ROOM


def test_ten_thousand_evaluations_keep_no_memory(model):
    assert growth(lambda: model.evaluate(X, Y), 10_000) < ROOM
