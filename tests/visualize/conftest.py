import numpy as np
import pytest

import lamina as lm
from lamina import layers


@pytest.fixture
def convnet():
    """Return a small network of images that ends in a mean over all places and three classes."""
    model = lm.Sequential(
        [
            lm.Input((6, 4, 2)),
            layers.Conv2D(3, 3, padding="same", activation="tanh"),
            layers.MaxPooling2D(),
            layers.Dropout(0.5),
            layers.Conv2D(5, 1, activation="relu", name="last"),
            layers.GlobalAveragePooling2D(),
            layers.Dense(3, activation="softmax"),
        ]
    )
    return model.build(seed=3)


@pytest.fixture
def image(rng):
    """Return an image for the network."""
    return rng.normal(size=(6, 4, 2)).astype(np.float32)
