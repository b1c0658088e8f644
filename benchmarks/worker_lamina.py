"""Lamina with its defaults, through its public names only; ``LAMINA_BENCH_PRECISION`` names another precision."""

import os

import numpy as np

import lamina as lm
from benchmarks.worker import Predict, Train
from benchmarks.workloads import Workload


def build(workload: Workload, x: np.ndarray, y: np.ndarray) -> tuple[Train, Predict]:
    """Compile the model."""
    model = lm.Sequential([lm.Input(workload.shape), *workload.made_with(lm.layers)])
    precision = os.environ.get("LAMINA_BENCH_PRECISION", "float32")
    optimizer = lm.optimizers.RMSprop(workload.learning_rate)
    model.compile(optimizer, workload.loss, metrics=[workload.metric], precision=precision)

    def train(epochs: int) -> None:
        model.fit(x, y, batch_size=workload.batch_size, epochs=epochs, verbose=0)

    return train, model.predict
