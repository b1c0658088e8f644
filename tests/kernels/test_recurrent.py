"""Recurrent layers equal their formulas: the twins in float64, the native kernels in float32."""

import functools

import jax
import numpy as np
import pytest

from kernels.recurrent_reference import KINDS, recurrence
from lamina.kernels import gru, lstm

ROWS, TIME, FEATURES, UNITS = 3, 5, 2, 4

each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


def drawn(rng, kind):
    return (
        rng.normal(size=(ROWS, TIME, FEATURES)),
        tuple(rng.normal(size=shape) for shape in kind.shapes(FEATURES, UNITS)),
        tuple(rng.normal(size=(kind.states, ROWS, UNITS))),
    )


def options(rng, masked):
    if not masked:
        return {"mask": np.ones((ROWS, TIME), bool), "kept": np.ones((ROWS, UNITS))}
    mask = np.array([[1, 1, 1, 1, 1], [1, 1, 0, 0, 0], [0, 1, 0, 1, 1]], bool)
    return {"mask": mask, "kept": 2.0 * rng.integers(2, size=(ROWS, UNITS))}


def in_type(dtype, arguments, more):
    cast = functools.partial(jax.tree.map, lambda values: values.astype(dtype))
    return cast(arguments), {"mask": more["mask"], "kept": cast(more["kept"])}


def test_one_step_of_an_lstm_worked_out_by_hand():
    bias = np.log([3.0, 1.0, 2.0, 1.0])  # sigmoid(ln 3) = 3/4, sigmoid(0) = 1/2, tanh(ln 2) = 3/5
    weights = np.zeros((1, 4), "float32"), np.zeros((1, 4), "float32"), bias.astype("float32")

    outputs, (h, c) = lstm(
        np.zeros((1, 1, 1), "float32"), weights, (np.zeros((1, 1), "float32"), np.full((1, 1), 0.3, "float32"))
    )

    assert c[0, 0] == pytest.approx(0.5 * 0.3 + 0.75 * 0.6)
    assert h[0, 0] == outputs[0, 0, 0] == pytest.approx(0.5 * np.tanh(0.6))


@pytest.mark.parametrize("reset_after", [True, False])
def test_one_step_of_both_grus_worked_out_by_hand(reset_after):
    kernel, recurrent = np.log([[3.0, 1.0, 1.0]]), np.array([[0.0, 0.0, np.log(4.0)]])  # tanh(ln 2) = 3/5
    weights = kernel.astype("float32"), recurrent.astype("float32"), None

    ones = np.ones((1, 1), "float32")
    _, (h,) = gru(ones[None], weights, (ones,), reset_after=reset_after)

    assert h[0, 0] == pytest.approx(0.75 * 1 + 0.25 * 0.6)


@each_kind
@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize(("dtype", "error"), [("float64", 1e-12), ("float32", 1e-5)])
def test_outputs_and_states_are_those_of_the_formulas(kind, masked, dtype, error, rng):
    arguments, more = drawn(rng, kind), options(rng, masked)
    typed, given = in_type(dtype, arguments, more)

    with jax.enable_x64(dtype == "float64"):
        found = kind.function(*typed, **(given if masked else {}))

    wanted = recurrence(kind, *arguments, **more)
    assert {array.dtype.name for array in jax.tree.leaves(found)} == {dtype}
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=error, atol=error), found, wanted)


@each_kind
@pytest.mark.parametrize(("dtype", "error"), [("float64", 1e-6), ("float32", 1e-4)])
def test_gradients_are_central_differences(kind, dtype, error, rng):
    arguments, more = drawn(rng, kind), options(rng, masked=True)
    steps = jax.tree.map(lambda values: 1e-6 * rng.normal(size=values.shape), arguments)
    directions = [rng.normal(size=(ROWS, TIME, UNITS)), *rng.normal(size=(kind.states, ROWS, UNITS))]

    def value(made):
        return sum((a * b).sum() for a, b in zip((made[0], *made[1]), directions, strict=True))

    typed, given = in_type(dtype, arguments, more)
    with jax.enable_x64(dtype == "float64"):
        gradients = jax.grad(lambda arguments: value(kind.function(*arguments, **given)))(typed)

    ends = [jax.tree.map(lambda a, b, s=sign: a + s * b, arguments, steps) for sign in (1, -1)]
    ahead, behind = (value(recurrence(kind, *end, **more)) for end in ends)
    pairs = zip(jax.tree.leaves(gradients), jax.tree.leaves(steps), strict=True)
    slope = sum(np.vdot(np.float64(a), b) for a, b in pairs)
    assert slope == pytest.approx((ahead - behind) / 2, rel=error)


@each_kind
def test_padding_changes_nothing(kind, rng):
    (x, weights, start), _ = in_type("float32", drawn(rng, kind), options(rng, masked=False))
    mask = np.zeros((ROWS, TIME + 4), bool)
    mask[:, [1, 3, 4, 6, 7]] = True
    padded = np.full((ROWS, TIME + 4, FEATURES), 1e3, "float32")
    padded[:, mask[0]] = x

    found, last = kind.function(padded, weights, start, mask=mask)
    wanted, wanted_last = kind.function(x, weights, start)

    np.testing.assert_allclose(np.asarray(found)[:, mask[0]], wanted, rtol=1e-5, atol=1e-6)
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6), last, wanted_last)


@each_kind
def test_several_sets_of_weights_can_be_tried_at_once(kind, rng):
    (x, weights, start), _ = in_type("float32", drawn(rng, kind), options(rng, masked=False))
    both = jax.tree.map(lambda array: np.stack([array, 2 * array]), weights)

    found = jax.vmap(lambda weights: kind.function(x, weights, start)[0])(both)

    wanted = [kind.function(x, jax.tree.map(lambda array, i=i: array[i], both), start)[0] for i in (0, 1)]
    np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-6)


@each_kind
@pytest.mark.parametrize("sizes", [(1, 1, 1), (2, 7, 17), (0, 3, 2), (2, 0, 3)])
def test_any_size_will_do(kind, sizes):
    rows, time, units = sizes
    kernel, recurrent_kernel, _ = (np.ones(shape, "float32") for shape in kind.shapes(FEATURES, units))
    start = tuple(np.full((kind.states, rows, units), 0.5, "float32"))

    outputs, last = kind.function(np.ones((rows, time, FEATURES), "float32"), (kernel, recurrent_kernel, None), start)

    assert outputs.shape == (rows, time, units)
    assert [state.shape for state in last] == [(rows, units)] * kind.states
    np.testing.assert_array_equal(outputs[:, -1] if time else start[0], last[0])


@each_kind
def test_huge_inputs_give_bounded_outputs_and_finite_gradients(kind):
    start = tuple(np.zeros((kind.states, 1, UNITS), "float32"))
    width = kind.gates * UNITS
    weights = np.eye(FEATURES, width, dtype="float32"), np.ones((UNITS, width), "float32"), None
    value = jax.jit(jax.value_and_grad(lambda x: kind.function(x, weights, start)[0].sum()))

    for size in (1e4, -1e4, 3e38):
        total, slope = value(np.full((1, TIME, FEATURES), size, "float32"))

        assert abs(total) <= TIME * UNITS
        assert np.all(np.isfinite(slope))
