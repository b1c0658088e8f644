"""Keras with its defaults, on the backend that ``KERAS_BACKEND`` names."""

import keras
import numpy as np

from benchmarks.worker import Predict, Train
from benchmarks.workloads import Workload


def build(workload: Workload, x: np.ndarray, y: np.ndarray) -> tuple[Train, Predict]:
    """Compile the model."""
    model = keras.Sequential([keras.Input(workload.shape), *workload.made_with(keras.layers)])
    model.compile(keras.optimizers.RMSprop(workload.learning_rate), workload.loss, metrics=[workload.metric])

    def train(epochs: int) -> None:
        model.fit(x, y, batch_size=workload.batch_size, epochs=epochs, verbose=0)

    def predict(rows: np.ndarray) -> np.ndarray:
        return model.predict(rows, batch_size=len(rows), verbose=0)

    return train, predict
