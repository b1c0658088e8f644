import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from lamina.kernels import gru, gru_reset_before, lstm, simple_rnn

ROWS, TIME, UNITS = 3, 5, 4
BIAS = np.linspace(-0.5, 0.5, 3 * UNITS)

each_layer = pytest.mark.parametrize(
    ("function", "gates", "states"),
    [
        (simple_rnn, 1, 1),
        (lstm, 4, 2),
        (gru, 3, 1),
        (functools.partial(gru, recurrent_bias=BIAS), 3, 1),
        (gru_reset_before, 3, 1),
    ],
    ids=["simple_rnn", "lstm", "gru", "gru with a bias", "gru_reset_before"],
)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def step(function, now, kernel, states, kept):
    """Return the next states in NumPy, from the formulas as they are written in the documentation."""
    name = getattr(function, "func", function).__name__
    h = states[0]
    inner = (h * kept) @ kernel
    if name == "simple_rnn":
        return (np.tanh(now + inner),)
    if name == "lstm":
        i, f, g, o = np.split(now + inner, 4, axis=-1)
        c = sigmoid(f) * states[1] + sigmoid(i) * np.tanh(g)
        return sigmoid(o) * np.tanh(c), c
    inner = inner + getattr(function, "keywords", {}).get("recurrent_bias", 0)
    (z, r, p), (own_z, own_r, q) = np.split(now, 3, axis=-1), np.split(inner, 3, axis=-1)
    z, r = sigmoid(z + own_z), sigmoid(r + own_r)
    if name == "gru_reset_before":
        return (z * h + (1 - z) * np.tanh(p + (r * h * kept) @ kernel[:, 2 * UNITS :]),)
    return (z * h + (1 - z) * np.tanh(p + r * q),)


def reference(function, projected, kernel, states, *, mask, kept):
    outputs = []
    for time in range(projected.shape[1]):
        after = step(function, projected[:, time], kernel, states, kept)
        states = [np.where(mask[:, time, None], new, old) for new, old in zip(after, states, strict=True)]
        outputs.append(states[0])
    return np.stack(outputs, axis=1), tuple(states)


def drawn(rng, gates, states):
    return (
        rng.normal(size=(ROWS, TIME, gates * UNITS)),
        rng.normal(size=(UNITS, gates * UNITS)),
        tuple(rng.normal(size=(states, ROWS, UNITS))),
    )


def options(rng, masked):
    if not masked:
        return {"mask": np.ones((ROWS, TIME), bool), "kept": np.ones((ROWS, UNITS))}
    mask = np.array([[1, 1, 1, 1, 1], [1, 1, 0, 0, 0], [0, 1, 0, 1, 1]], bool)
    return {"mask": mask, "kept": 2.0 * rng.integers(2, size=(ROWS, UNITS))}


def test_one_step_of_an_lstm_worked_out_by_hand():
    projected = np.log([[[3.0, 1.0, 2.0, 1.0]]])  # sigmoid(ln 3) = 3/4, sigmoid(0) = 1/2, tanh(ln 2) = 3/5

    outputs, (h, c) = lstm(projected, np.zeros((1, 4)), (np.zeros((1, 1)), np.full((1, 1), 0.3)))

    assert c[0, 0] == pytest.approx(0.5 * 0.3 + 0.75 * 0.6)
    assert h[0, 0] == outputs[0, 0, 0] == pytest.approx(0.5 * np.tanh(0.6))


def test_one_step_of_both_grus_worked_out_by_hand():
    projected = np.log([[[3.0, 1.0, 1.0]]])
    kernel = np.array([[0.0, 0.0, np.log(4.0)]])  # tanh(ln 2) = 3/5

    for function in (gru, gru_reset_before):
        _, (h,) = function(projected, kernel, (np.ones((1, 1)),))

        assert h[0, 0] == pytest.approx(0.75 * 1 + 0.25 * 0.6)


@each_layer
@pytest.mark.parametrize(("masked", "dtype", "error"), [(True, "float64", 1e-12), (False, "float32", 1e-5)])
def test_outputs_and_states_are_those_of_the_formulas(function, gates, states, masked, dtype, error, rng):
    arguments, more = drawn(rng, gates, states), options(rng, masked)
    typed, kept = jax.tree.map(lambda values: values.astype(dtype), (arguments, more["kept"]))

    with jax.enable_x64(dtype == "float64"):
        found = function(*typed, **({"mask": more["mask"], "kept": kept} if masked else {}))

    wanted = reference(function, *arguments, **more)
    assert {array.dtype.name for array in jax.tree.leaves(found)} == {dtype}
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=error, atol=error), found, wanted)


@each_layer
def test_gradients_are_central_differences(function, gates, states, rng):
    arguments, more = drawn(rng, gates, states), options(rng, masked=True)
    steps = jax.tree.map(lambda values: 1e-6 * rng.normal(size=values.shape), arguments)
    directions = [rng.normal(size=(ROWS, TIME, UNITS)), *rng.normal(size=(states, ROWS, UNITS))]

    def value(arguments):
        outputs, last = function(*arguments, **more)
        return sum((a * b).sum() for a, b in zip((outputs, *last), directions, strict=True))

    with jax.enable_x64(True):
        gradients = jax.grad(value)(arguments)
        ahead, behind = (float(value(jax.tree.map(lambda a, b, s=s: a + s * b, arguments, steps))) for s in (1, -1))

    slope = sum(np.vdot(a, b) for a, b in zip(jax.tree.leaves(gradients), jax.tree.leaves(steps), strict=True))
    assert slope == pytest.approx((ahead - behind) / 2, rel=1e-6)


@each_layer
def test_padding_changes_nothing(function, gates, states, rng):
    projected, kernel, start = drawn(rng, gates, states)
    mask = np.zeros((ROWS, TIME + 4), bool)
    mask[:, [1, 3, 4, 6, 7]] = True
    padded = np.full((ROWS, TIME + 4, gates * UNITS), 1e3)
    padded[:, mask[0]] = projected

    with jax.enable_x64(True):
        found, last = function(padded, kernel, start, mask=mask)
        wanted, wanted_last = function(projected, kernel, start)

    np.testing.assert_allclose(found[:, mask[0]], wanted, rtol=1e-12)
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-12), last, wanted_last)


@each_layer
@pytest.mark.parametrize("sizes", [(1, 1, 1), (2, 7, 17), (0, 3, 2)])
def test_any_size_will_do(function, gates, states, sizes):
    rows, time, units = sizes
    options = {"recurrent_bias": np.zeros(3 * units)} if isinstance(function, functools.partial) else {}

    outputs, last = function(
        jnp.ones((rows, time, gates * units)),
        jnp.ones((units, gates * units)),
        tuple(jnp.zeros((states, rows, units))),
        **options,
    )

    assert outputs.shape == (rows, time, units)
    assert [state.shape for state in last] == [(rows, units)] * states
    np.testing.assert_array_equal(outputs[:, -1], last[0])


@each_layer
def test_huge_inputs_give_bounded_outputs_and_finite_gradients(function, gates, states):
    start = tuple(jnp.zeros((states, 1, UNITS)))

    @jax.jit
    @jax.value_and_grad
    def value(projected):
        return function(projected, jnp.ones((UNITS, gates * UNITS)), start)[0].sum()

    for size in (1e4, -1e4, 3e38):
        total, slope = value(jnp.full((1, TIME, gates * UNITS), size))

        assert abs(total) <= TIME * UNITS
        assert np.all(np.isfinite(slope))
