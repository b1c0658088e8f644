import math

import numpy as np
import pytest

from benchmarks.data import load, mean_loss
from benchmarks.workloads import WORKLOADS


def test_the_loss_of_classes_is_the_mean_surprise():
    targets, outputs = np.eye(2), np.array([[0.5, 0.5], [0.75, 0.25]])

    assert mean_loss(WORKLOADS["cnn28"], targets, outputs) == pytest.approx(math.log(2) * 1.5)


def test_the_loss_of_an_autoencoder_is_the_mean_over_all_pixels():
    targets, outputs = np.array([[1.0, 0.0]]), np.array([[0.5, 0.75]])

    assert mean_loss(WORKLOADS["autoencoder"], targets, outputs) == pytest.approx(math.log(2) * 1.5)


@pytest.mark.parametrize("name", ["cnn28", "tiny", "lstm"])
def test_data_is_the_same_each_time_and_fits_the_network(name, monkeypatch):
    monkeypatch.delenv("LAMINA_DATA", raising=False)
    workload = WORKLOADS[name].reduced()

    x, y = load(workload)

    assert (x.shape, y.shape) == ((workload.rows, *workload.shape), (workload.rows, 10))
    assert x.dtype == y.dtype == np.float32
    np.testing.assert_array_equal(x, load(workload)[0])


def test_the_level_of_the_channels_tells_the_class():
    x, y = load(WORKLOADS["lstm"])
    levels = x.mean(1)
    centres = np.stack([levels[y[:, label] == 1].mean(0) for label in range(10)])

    nearest = np.linalg.norm(levels[:, None] - centres, axis=-1).argmin(-1)

    assert 0.7 < (nearest == y.argmax(-1)).mean() < 0.9  # one in five has a class drawn at random
