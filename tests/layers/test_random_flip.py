import numpy as np
import pytest

from lamina.errors import ArgumentError, ShapeError
from lamina.layers import Input, RandomFlip

PICTURES = np.repeat(np.array([[1.0, 2.0], [3.0, 4.0]], np.float32).reshape(1, 2, 2, 1), 400, axis=0)
FORMS = {"horizontal": (2.0, 1.0, 4.0, 3.0), "vertical": (3.0, 4.0, 1.0, 2.0), "both": (4.0, 3.0, 2.0, 1.0)}


@pytest.mark.parametrize(
    ("mode", "forms"),
    [
        ("horizontal", {"horizontal"}),
        ("vertical", {"vertical"}),
        ("horizontal_and_vertical", {"horizontal", "vertical", "both"}),
    ],
)
def test_pictures_are_mirrored_by_chance_each_way_by_itself(mode, forms, call):
    output = call(RandomFlip(mode), PICTURES, training=True)

    found, counts = np.unique(output.reshape(400, 4), axis=0, return_counts=True)
    assert {tuple(row) for row in found.tolist()} == {(1.0, 2.0, 3.0, 4.0), *(FORMS[form] for form in forms)}
    np.testing.assert_allclose(counts / 400, 1 / len(found), atol=0.08)


def test_nothing_happens_outside_of_training(call):
    assert call(RandomFlip(), PICTURES).tolist() == PICTURES.tolist()


def test_another_mode_is_refused():
    with pytest.raises(
        ArgumentError, match=r"RandomFlip\(mode\): expected 'horizontal', .* got 'horizontl'.\n  Fix: did"
    ):
        RandomFlip("horizontl")


def test_a_seed_below_zero_is_refused():
    with pytest.raises(ArgumentError, match=r"RandomFlip\(seed\): expected"):
        RandomFlip(seed=-1)


def test_what_has_no_channels_is_refused():
    with pytest.raises(ShapeError, match=r"\(batch, height, width, channels\)"):
        RandomFlip()(Input((28, 28)))
