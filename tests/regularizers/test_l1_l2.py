import jax
import numpy as np
import pytest

from lamina import regularizers
from lamina._core.config import settings_of, with_settings
from lamina.errors import ArgumentError
from lamina.regularizers import L1, L1L2, L2

CASES = [
    (L1(), lambda x: 0.01 * np.abs(x).sum()),
    (L1(0.3), lambda x: 0.3 * np.abs(x).sum()),
    (L2(), lambda x: 0.01 * (x**2).sum()),
    (L2(0.3), lambda x: 0.3 * (x**2).sum()),
    (L1L2(), lambda x: 0 * x.sum()),
    (L1L2(l2=0.3), lambda x: 0.3 * (x**2).sum()),
    (L1L2(0.2, 0.3), lambda x: 0.2 * np.abs(x).sum() + 0.3 * (x**2).sum()),
]
each_case = pytest.mark.parametrize(
    ("regularizer", "reference"), CASES, ids=[repr(regularizer) for regularizer, _ in CASES]
)


def test_penalties_by_hand():
    values = np.array([[1.0, -2.0], [0.0, 3.0]])

    assert L1(0.5)(values) == 3.0
    assert L2(0.5)(values) == 7.0
    assert L1L2(0.5, 0.5)(values) == 10.0


@each_case
@pytest.mark.parametrize("shape", [(), (0,), (1,), (5, 4), (3, 3, 2, 4)], ids=str)
def test_the_penalty_is_that_of_the_reference(regularizer, reference, shape, rng):
    values = rng.normal(size=shape)

    penalty = regularizer(values.astype("float32"))

    assert penalty.shape == ()
    np.testing.assert_allclose(penalty, reference(values), rtol=1e-5)


@each_case
def test_keras_gives_the_same(regularizer, reference, rng):
    keras = pytest.importorskip("keras")
    values = rng.normal(size=(5, 4)).astype("float32")

    strengths = dict(settings_of(regularizer))
    expected = getattr(keras.regularizers, type(regularizer).__name__)(**strengths)(values)

    np.testing.assert_allclose(regularizer(values), expected, rtol=1e-6)


def test_the_slope_of_l1_is_the_sign_and_zero_at_zero():
    gradient = jax.grad(L1(0.5))(np.array([-1e-30, 0.0, -0.0, 1e30], "float32"))

    np.testing.assert_array_equal(gradient, [-0.5, 0.0, 0.0, 0.5])


def test_the_slope_of_l2_grows_with_the_weight():
    gradient = jax.grad(L2(0.5))(np.array([-2.0, 0.0, 3.0], "float32"))

    np.testing.assert_array_equal(gradient, [-2.0, 0.0, 3.0])


@each_case
def test_strengths_may_change_without_compiling_again(regularizer, reference, rng):
    values, traces = rng.normal(size=(5, 4)).astype("float32"), []

    @jax.jit
    def penalty(settings):
        traces.append(settings)
        return with_settings(regularizer, settings)(values)

    settings = dict(settings_of(regularizer))
    doubled = {name: 2 * strength for name, strength in settings.items()}
    np.testing.assert_allclose(penalty(doubled), 2 * penalty(settings), rtol=1e-6)
    assert len(traces) == 1


@pytest.mark.parametrize(("kind", "field"), [(L1, "l1"), (L2, "l2"), (L1L2, "l1"), (L1L2, "l2")])
@pytest.mark.parametrize("wrong", [-0.1, np.nan, np.inf, "0.1", None, True])
def test_a_strength_that_is_none_is_refused(kind, field, wrong):
    with pytest.raises(
        ArgumentError, match=rf"{kind.__name__}\({field}\): expected a finite number of at least 0, got"
    ):
        kind(**{field: wrong})


def test_only_what_was_given_is_shown():
    assert repr(regularizers.L1L2(l2=0.5)) == "L1L2(l2=0.5)"
