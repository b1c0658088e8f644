"""The native recurrent kernels equal their twins, whatever the sizes."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from lamina.kernels import _library, _recurrent, _recurrent_native, gru, lstm
from lamina.kernels import _recurrent_twin as twin

pytestmark = pytest.mark.skipif(_library.instruction_set() is None, reason="installed without native kernels")

KINDS = {
    "lstm": (lstm, twin.lstm, 4, 2),
    "gru": (gru, twin.gru, 3, 1),
    "gru, reset before": (functools.partial(gru, reset_after=False), twin.gru_reset_before, 3, 1),
}
SIZES = [(1, 1, 1, 1), (3, 5, 2, 4), (13, 3, 5, 17), (7, 2, 40, 33), (2, 3, 120, 70)]  # rows, steps, features, units


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("sizes", SIZES)
def test_outputs_and_gradients_are_those_of_the_twin(kind, masked, sizes, rng):
    function, other, gates, states = KINDS[kind]
    rows, steps, features, units = sizes
    biases = (2, gates * units) if kind == "gru" else (gates * units,)
    shapes = (features, gates * units), (units, gates * units), biases
    x, weights, start = jax.tree.map(
        lambda shape: rng.normal(size=shape).astype("float32") / np.sqrt(shape[0]),
        ((rows, steps, features), shapes, ((rows, units),) * states),
        is_leaf=lambda value: isinstance(value[0], int),
    )
    mask = rng.random((rows, steps)) < 0.6 if masked else None
    kept = (2.0 * rng.integers(2, size=(rows, units))).astype("float32") if masked else None
    direction = rng.normal(size=(rows, steps, units)).astype("float32")

    def value(arguments, run):
        outputs, last = run(*arguments)
        return jnp.sum(outputs * direction) + sum(jnp.sum(state**2) for state in last)

    def native(*arguments):
        return function(*arguments, mask=mask, kept=kept)

    def pure(*arguments):
        return other(*arguments, mask, kept, _recurrent.USUAL)

    found, wanted = (
        jax.jit(jax.value_and_grad(functools.partial(value, run=run)))((x, weights, start)) for run in (native, pure)
    )

    close(native(x, weights, start), pure(x, weights, start))
    close(found, wanted)


def test_the_same_numbers_come_each_time(rng):
    x, kernel = rng.normal(size=(64, 20, 16)).astype("float32"), rng.normal(size=(16, 128)).astype("float32")
    weights = kernel, rng.normal(size=(32, 128)).astype("float32"), np.zeros(128, "float32")
    start = (np.zeros((64, 32), "float32"),) * 2
    slopes = jax.jit(jax.grad(lambda weights: jnp.sum(lstm(x, weights, start)[0])))

    first, *others = (jax.tree.map(np.asarray, slopes(weights)) for _ in range(3))

    assert all(jax.tree.all(jax.tree.map(np.array_equal, other, first)) for other in others)


def test_the_gradient_of_the_inputs_costs_nothing_where_it_is_not_asked_for(rng):
    x, weights, start = small_lstm(rng)

    def value(weights):
        return jnp.sum(lstm(x, weights, start)[0])

    assert "dot(" not in jax.jit(jax.grad(value)).lower(weights).compile().as_text()


def test_it_runs_under_vmap(rng):
    x, weights, start = small_lstm(rng)

    found = jax.vmap(lambda x, h, c: lstm(x[None], weights, (h[None], c[None]))[0][0])(x, *start)

    close(found, lstm(x, weights, start)[0])


def test_sizes_that_do_not_fit_are_refused(rng):
    x, (kernel, *others), start = small_lstm(rng)

    with pytest.raises(Exception, match="lamina kernels: the sizes of a recurrent layer do not fit together"):
        jax.block_until_ready(_recurrent_native.lstm(x, (kernel[:, 1:], *others), start, None, None, saves=True))


def small_lstm(rng):
    """Return inputs, weights and states for 2 rows, 3 steps, 5 features and 4 units."""
    weights = [rng.normal(size=shape).astype("float32") for shape in ((5, 16), (4, 16), (16,))]
    return rng.normal(size=(2, 3, 5)).astype("float32"), tuple(weights), (np.ones((2, 4), "float32"),) * 2


def close(found, wanted):
    jax.tree.map(
        lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-5, atol=2e-6 * (1 + float(np.abs(b).max()))),
        found,
        wanted,
    )
