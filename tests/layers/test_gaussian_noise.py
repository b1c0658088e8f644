import numpy as np
import pytest

from lamina.errors import ArgumentError
from lamina.layers import GaussianDropout, GaussianNoise

ONES = np.ones((200, 200), "float32")


def test_noise_has_the_standard_deviation_asked_for(call):
    output = call(GaussianNoise(0.5), 3 * ONES, training=True)

    assert output.mean() == pytest.approx(3, abs=0.02)
    assert output.std() == pytest.approx(0.5, rel=0.02)


def test_gaussian_dropout_multiplies_by_noise_of_the_variance_of_dropout(call):
    output = call(GaussianDropout(0.2), 3 * ONES, training=True)

    assert output.mean() == pytest.approx(3, abs=0.05)
    assert output.std() == pytest.approx(3 * np.sqrt(0.2 / 0.8), rel=0.02)


@pytest.mark.parametrize("layer", [GaussianNoise(0.0), GaussianDropout(0.0)], ids=repr)
def test_no_noise_leaves_the_input(layer, call):
    assert call(layer, ONES, training=True).tolist() == ONES.tolist()


@pytest.mark.parametrize("layer", [GaussianNoise(0.5), GaussianDropout(0.5)], ids=repr)
def test_nothing_happens_outside_of_training(layer, call):
    assert call(layer, ONES).tolist() == ONES.tolist()


@pytest.mark.parametrize(
    ("kind", "arguments", "place"),
    [
        (GaussianNoise, {"stddev": -1}, "stddev"),
        (GaussianNoise, {"stddev": 1, "seed": -1}, "seed"),
        (GaussianDropout, {"rate": 1}, "rate"),
        (GaussianDropout, {"rate": 0.5, "seed": 0.5}, "seed"),
    ],
)
def test_numbers_out_of_range_are_refused(kind, arguments, place):
    with pytest.raises(ArgumentError, match=rf"{kind.__name__}\({place}\): expected"):
        kind(**arguments)
