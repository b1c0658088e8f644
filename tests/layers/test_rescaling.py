import numpy as np
import pytest

import lamina as lm
from lamina.errors import ArgumentError, ShapeError
from lamina.layers import Input, Rescaling


def test_numbers_are_multiplied_and_moved(call):
    assert call(Rescaling(0.5, offset=-1), [[0, 2, 4]]).tolist() == [[-1, 0, 1]]


def test_each_place_of_the_last_axis_may_have_its_own_numbers(call):
    layer = Rescaling([1, 10], offset=np.array([0.5, 0.0]).tolist())

    assert call(layer, [[[1, 2], [3, 4]]]).tolist() == [[[1.5, 20], [3.5, 40]]]


def test_bytes_become_parts_of_one():
    model = lm.Sequential([lm.Input((2,)), Rescaling(1 / 255)])

    np.testing.assert_allclose(model.predict(np.array([[0, 255]], "uint8")), [[0, 1]], rtol=1e-6)


@pytest.mark.parametrize("arguments", [{"scale": "1/255"}, {"scale": ()}, {"scale": 1, "offset": [0, None]}])
def test_scale_and_offset_are_numbers(arguments):
    with pytest.raises(ArgumentError, match=r"Rescaling\((scale|offset)\): expected a finite number"):
        Rescaling(**arguments)


def test_a_list_is_as_long_as_the_last_axis():
    with pytest.raises(ShapeError, match=r"expected an input with a last axis of 3, got \(None, 4\)"):
        Rescaling([1, 2, 3])(Input((4,)))
