import jax
import numpy as np
import pytest

from lamina._core.config import fields_of, settings_of, with_settings
from lamina.constraints import MaxNorm, MinMaxNorm, UnitNorm
from lamina.errors import ArgumentError

CASES = [
    (MaxNorm(), lambda length: np.minimum(length, 2)),
    (MaxNorm(0.5, axis=1), lambda length: np.minimum(length, 0.5)),
    (MaxNorm(0.5, axis=(0, 1)), lambda length: np.minimum(length, 0.5)),
    (MaxNorm(0.0), lambda length: 0 * length),
    (UnitNorm(), np.ones_like),
    (UnitNorm(axis=(0, 1)), np.ones_like),
    (MinMaxNorm(), lambda length: np.minimum(length, 1)),
    (MinMaxNorm(2.0, 3.0, axis=-1), lambda length: np.clip(length, 2, 3)),
    (MinMaxNorm(2.0, 3.0, rate=0.25), lambda length: 0.25 * np.clip(length, 2, 3) + 0.75 * length),
]
NAMES = [repr(constraint) for constraint, _ in CASES]
each_case = pytest.mark.parametrize(("constraint", "wanted"), CASES, ids=NAMES)


def test_the_constraints_by_hand():
    values = np.array([[3.0, 0.3, 0.0], [4.0, 0.4, 0.0]], "float32")

    np.testing.assert_allclose(MaxNorm(1.0)(values), [[0.6, 0.3, 0.0], [0.8, 0.4, 0.0]], rtol=1e-6)
    np.testing.assert_allclose(UnitNorm()(values), [[0.6, 0.6, 0.0], [0.8, 0.8, 0.0]], rtol=1e-6)
    np.testing.assert_allclose(MinMaxNorm(2.0, 3.0)(values), [[1.8, 1.2, 0.0], [2.4, 1.6, 0.0]], rtol=1e-6)


@each_case
def test_direction_stays_and_length_is_as_wanted(constraint, wanted, rng):
    values = rng.normal(size=(5, 4))
    length = (
        np.linalg.norm(values.ravel()) if constraint.axis == (0, 1) else np.linalg.norm(values, axis=constraint.axis)
    )
    length = np.expand_dims(length, constraint.axis)

    result = constraint(values.astype("float32"))

    np.testing.assert_allclose(result, values / length * wanted(length), rtol=1e-5, atol=1e-7)


@each_case
def test_keras_gives_the_same(constraint, wanted, rng):
    keras = pytest.importorskip("keras")
    values = rng.normal(size=(5, 4)).astype("float32")

    expected = getattr(keras.constraints, type(constraint).__name__)(**fields_of(constraint))(values)

    np.testing.assert_allclose(constraint(values), expected, rtol=1e-6, atol=1e-7)


@each_case
def test_zero_vectors_stay_zero(constraint, wanted):
    values = np.zeros((3, 2), "float32")

    np.testing.assert_array_equal(constraint(values), values)


@pytest.mark.parametrize("constraint", [MaxNorm(10.0), MinMaxNorm(0.0, 10.0)], ids=repr)
def test_allowed_weights_are_not_touched(constraint, rng):
    values = rng.normal(size=(5, 4)).astype("float32")

    np.testing.assert_array_equal(constraint(values), values)


def test_the_kernel_of_a_convolution_has_one_length_for_each_filter(rng):
    kernel = rng.normal(size=(3, 3, 2, 4)).astype("float32")

    result = np.asarray(UnitNorm(axis=(0, 1, 2))(kernel))

    np.testing.assert_allclose(np.linalg.norm(result.reshape(-1, 4), axis=0), np.ones(4), rtol=1e-6)


@pytest.mark.parametrize("constraint", [MaxNorm(1.0), MinMaxNorm(0.5, 1.0, rate=0.5)], ids=repr)
def test_bounds_may_change_without_compiling_again(constraint, rng):
    values, traces = rng.normal(size=(5, 4)).astype("float32"), []

    @jax.jit
    def constrain(settings):
        traces.append(settings)
        return with_settings(constraint, settings)(values)

    settings = dict(settings_of(constraint))
    other = settings | {"max_value": 0.75}
    np.testing.assert_allclose(constrain(settings), constraint(values), rtol=1e-6)
    np.testing.assert_allclose(constrain(other), with_settings(constraint, other)(values), rtol=1e-6)
    assert len(traces) == 1


@pytest.mark.parametrize(
    ("kind", "arguments", "message"),
    [
        (MaxNorm, {"max_value": -1.0}, r"MaxNorm\(max_value\): expected a finite number of at least 0, got -1.0"),
        (MaxNorm, {"axis": 0.5}, r"MaxNorm\(axis\): expected an integer or several, got 0.5"),
        (UnitNorm, {"axis": ()}, r"UnitNorm\(axis\): expected an integer or several, got \(\)"),
        (UnitNorm, {"axis": True}, r"UnitNorm\(axis\): expected an integer or several, got True"),
        (MinMaxNorm, {"axis": "rows"}, r"MinMaxNorm\(axis\): expected an integer or several, got 'rows'"),
        (MinMaxNorm, {"min_value": -0.5}, r"MinMaxNorm\(min_value\): expected a finite number of at least 0, got -0.5"),
        (
            MinMaxNorm,
            {"max_value": np.inf},
            r"MinMaxNorm\(max_value\): expected a finite number of at least 0, got inf",
        ),
        (
            MinMaxNorm,
            {"min_value": 2.0},
            r"MinMaxNorm\(max_value\): expected a number of at least min_value \(2\), got 1.0",
        ),
        (
            MinMaxNorm,
            {"rate": 1.5},
            r"MinMaxNorm\(rate\): expected a finite number of at least 0 and of at most 1, got 1.5",
        ),
    ],
)
def test_arguments_are_checked(kind, arguments, message):
    with pytest.raises(ArgumentError, match=message):
        kind(**arguments)
