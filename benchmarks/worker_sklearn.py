"""scikit-learn's MLPClassifier; it has no RMSprop (Adam stands in) and counts no accuracy while it trains."""

import numpy as np
from sklearn.neural_network import MLPClassifier

from benchmarks.worker import Predict, Train
from benchmarks.workloads import Workload


def build(workload: Workload, x: np.ndarray, y: np.ndarray) -> tuple[Train, Predict]:
    """Train by ``partial_fit``, one shuffled epoch a call."""
    sizes, rate = workload.sizes[1:-1], workload.learning_rate
    model = MLPClassifier(sizes, alpha=0, batch_size=workload.batch_size, learning_rate_init=rate)
    labels, classes = y.argmax(-1), np.arange(workload.sizes[-1])

    def train(epochs: int) -> None:
        for _ in range(epochs):
            model.partial_fit(x, labels, classes=classes)

    def predict(rows: np.ndarray) -> np.ndarray:
        if not hasattr(model, "classes_"):  # it predicts only after it has seen data
            one_batch = slice(workload.batch_size)
            model.partial_fit(x[one_batch], labels[one_batch], classes=classes)
        return model.predict_proba(rows)

    return train, predict
