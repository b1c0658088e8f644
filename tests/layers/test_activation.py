import numpy as np
import pytest

import lamina as lm
from lamina.errors import ArgumentError, ShapeError
from lamina.layers import ELU, Activation, Dense, Input, LeakyReLU, PReLU, ReLU


def test_an_activation_is_applied_by_name_or_as_a_function(call):
    x = [[-1.0, 2.0]]

    assert call(Activation("relu"), x).tolist() == [[0, 2]]
    assert call(Activation(lambda x: 3 * x), x).tolist() == [[-3, 6]]


def test_an_unknown_activation_is_refused_with_the_nearest():
    with pytest.raises(ArgumentError, match=r"Activation\(activation\).*'rleu'.*\n  Fix: did you mean 'relu'\?"):
        Activation("rleu")


def test_a_leaky_relu_lets_a_part_of_negative_numbers_through(call):
    assert call(LeakyReLU(0.25), [[-8, 0, 8]]).tolist() == [[-2, 0, 8]]
    assert call(LeakyReLU(), [[-10]]).tolist() == [[-3]]


def test_a_negative_slope_is_at_least_zero():
    with pytest.raises(ArgumentError, match=r"LeakyReLU\(negative_slope\): expected a finite number of at least 0"):
        LeakyReLU(-0.1)


def test_the_old_name_of_the_slope_is_explained():
    with pytest.raises(ArgumentError, match="write negative_slope instead of alpha"):
        LeakyReLU(alpha=0.1)


def test_each_place_has_its_own_learned_slope(call):
    alpha = [0.5, 0.25, -1]

    output = call(PReLU(), [[-2, -4, -8], [2, 4, 8]], weights={"alpha": alpha})

    assert output.tolist() == [[-1, -1, 8], [2, 4, 8]]


@pytest.mark.parametrize(
    ("shared", "shape"), [(None, (4, 5, 3)), ((1, 2), (1, 1, 3)), (2, (4, 1, 3)), (-1, (4, 5, 1)), ([1], (1, 5, 3))]
)
def test_slopes_are_shared_along_axes(shared, shape):
    declared = PReLU(shared_axes=shared).weights((None, 4, 5, 3))

    assert declared["alpha"].shape == shape


def test_an_axis_of_unknown_size_must_be_shared():
    symbol = Input((None, 3))

    assert PReLU(shared_axes=1)(symbol).shape == (None, None, 3)
    with pytest.raises(ShapeError, match=r"PReLU\(\): expected an input with known sizes along \(1, 2\)"):
        PReLU()(symbol)


@pytest.mark.parametrize("axes", [0, (1, 0), "last", (), True])
def test_shared_axes_are_axes_after_the_batch(axes):
    with pytest.raises(ArgumentError, match=r"PReLU\(shared_axes\): expected an axis after the batch"):
        PReLU(shared_axes=axes)


def test_a_shared_axis_must_exist():
    with pytest.raises(ShapeError, match="expected an input with the axis 3 after the batch"):
        PReLU(shared_axes=3)(Input((4, 5)))


def test_an_elu_bends_negative_numbers_towards_minus_alpha(call):
    assert call(ELU(0.5), [[-100, 0, 3]]).tolist() == [[-0.5, 0, 3]]
    np.testing.assert_allclose(call(ELU(), [[-1]]), [[np.exp(-1) - 1]], rtol=1e-6)


def test_a_relu_has_a_floor_a_slope_a_threshold_and_a_ceiling(call):
    x = [[-2, 0, 1, 3, 9]]

    assert call(ReLU(), x).tolist() == [[0, 0, 1, 3, 9]]
    assert call(ReLU(6), x).tolist() == [[0, 0, 1, 3, 6]]
    assert call(ReLU(max_value=4, negative_slope=0.5, threshold=2), x).tolist() == [[-2, -1, -0.5, 3, 4]]


@pytest.mark.parametrize(
    ("layer", "name"),
    [(ELU, "alpha"), (ReLU, "max_value"), (ReLU, "negative_slope"), (ReLU, "threshold")],
)
def test_numbers_of_a_rectifier_are_at_least_zero(layer, name):
    with pytest.raises(ArgumentError, match=rf"{layer.__name__}\({name}\): expected a finite number of at least 0"):
        layer(**{name: -0.1})


def test_dead_units_are_counted_behind_a_relu_of_its_own():
    model = lm.Sequential([Input((2,)), Dense(3, kernel_initializer="zeros"), ReLU(max_value=6.0)])

    assert model.explain([[1.0, 2.0]]).rows[1].dead == 3


@pytest.mark.parametrize("layer", [LeakyReLU(0.1), PReLU()], ids=repr)
def test_huge_and_tiny_numbers_stay_what_they_are(layer, call):
    x = np.array([[3e38, -1e-30]], "float32")

    output = call(layer, x, weights={"alpha": [0.1, 0.1]} if isinstance(layer, PReLU) else {})

    np.testing.assert_allclose(output, [[3e38, -1e-31]], rtol=1e-5)
