"""The native recurrent kernels equal the reference in float64, and their twins where sizes are large."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.recurrent_reference import KINDS, recurrence, recurrent_layers
from kernels.reference import QUICKLY
from lamina.kernels import _library, _recurrent, _recurrent_native, gru, lstm
from lamina.kernels import _recurrent_twin as twin

pytestmark = pytest.mark.skipif(_library.instruction_set() is None, reason="installed without native kernels")

NATIVE = KINDS[1:]
TWINS = {"lstm": twin.lstm, "gru": twin.gru, "gru, reset before": twin.gru_reset_before}
SIZES = [  # rows, steps, features, units
    (13, 3, 5, 17),
    (7, 2, 40, 33),
    (2, 3, 120, 70),
    (13, 40, 5, 17),  # a share with more lines than are multiplied at a time
    (400, 3, 9, 11),  # shares of more than one tile
    (100, 8, 300, 130),  # more numbers than each share may sum up for itself
]


@settings(max_examples=10, deadline=None)
@given(st.lists(recurrent_layers(NATIVE), min_size=20, max_size=20))
def test_outputs_and_gradients_are_those_of_the_reference(layers):
    def native(arrays):
        found = []
        for layer, own in zip(layers, arrays, strict=True):
            slopes = jax.grad(lambda own, layer=layer: layer.value(layer.kind.function, own))(own)
            found.append((layer.kind.function(*own, **layer.options), slopes))
        return found

    compiled = jax.jit(native, compiler_options=QUICKLY)  # in one program, as compiling takes longer than running
    for layer, (outputs, slopes) in zip(layers, compiled([layer.arrays for layer in layers]), strict=True):
        arrays, reference = in_float64(layer.arrays), functools.partial(recurrence, layer.kind)
        step = in_float64(jax.tree.map(lambda x: 1e-5 * np.cos(np.arange(x.size)).reshape(x.shape), arrays))
        ahead, behind = (jax.tree.map(lambda a, b, s=sign: a + s * b, arrays, step) for sign in (1, -1))
        jax.tree.map(
            lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5),
            outputs,
            reference(*arrays, **layer.options),
        )
        products = [np.vdot(np.float64(a), b) for a, b in zip(*map(jax.tree.leaves, (slopes, step)), strict=True)]
        difference = (layer.value(reference, ahead) - layer.value(reference, behind)) / 2
        assert sum(products) == pytest.approx(difference, rel=1e-3, abs=1e-5 * sum(map(abs, products)) + 1e-9)


@pytest.mark.parametrize("kind", NATIVE, ids=lambda kind: kind.name)
@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("sizes", SIZES)
def test_large_sizes_give_what_the_twin_gives(kind, masked, sizes, rng):
    rows, steps, features, units = sizes
    x, weights, start = jax.tree.map(
        lambda shape: rng.normal(size=shape).astype("float32") / np.sqrt(shape[0]),
        ((rows, steps, features), kind.shapes(features, units), ((rows, units),) * kind.states),
        is_leaf=lambda value: isinstance(value[0], int),
    )
    mask = rng.random((rows, steps)) < 0.6 if masked else None
    kept = (2.0 * rng.integers(2, size=(rows, units))).astype("float32") if masked else None
    direction = rng.normal(size=(rows, steps, units)).astype("float32")

    def value(arguments, run):
        outputs, last = run(*arguments)
        return jnp.sum(outputs * direction) + sum(jnp.sum(state**2) for state in last), (outputs, last)

    def native(*arguments):
        return kind.function(*arguments, mask=mask, kept=kept)

    def pure(*arguments):
        return TWINS[kind.name](*arguments, mask, kept, _recurrent.USUAL)

    found, wanted = (
        jax.jit(jax.value_and_grad(functools.partial(value, run=run), has_aux=True), compiler_options=QUICKLY)(
            (x, weights, start)
        )
        for run in (native, pure)
    )

    close(found, wanted)


@pytest.mark.parametrize("kind", NATIVE, ids=lambda kind: kind.name)
def test_the_same_numbers_come_each_time(kind, rng):
    x, start = rng.normal(size=(64, 20, 16)).astype("float32"), (np.zeros((64, 32), "float32"),) * kind.states
    weights = tuple(rng.normal(size=shape).astype("float32") for shape in kind.shapes(16, 32))
    slopes = jax.jit(jax.grad(lambda weights: jnp.sum(kind.function(x, weights, start)[0])))

    first, *others = (jax.tree.map(np.asarray, slopes(weights)) for _ in range(3))

    assert all(jax.tree.all(jax.tree.map(np.array_equal, other, first)) for other in others)


@pytest.mark.parametrize(("layer", "gates"), [(lstm, 4), (gru, 3)], ids=["lstm", "gru"])
def test_the_gradient_of_the_inputs_costs_nothing_where_it_is_not_asked_for(layer, gates, rng):
    x, weights, start = small_lstm(rng)
    weights = tuple(weight[..., : 4 * gates] for weight in weights[:2])

    def results(asked):
        def value(x, weights):
            return jnp.sum(layer(x, (*weights, None), start[: gates - 2])[0])

        lines = jax.jit(jax.grad(value, asked)).lower(x, weights).as_text().splitlines()
        return next(line for line in lines if f"lamina_{layer.__name__}_gradient" in line).split("->")[-1]

    assert "tensor<0xf32>" in results(1)
    assert "tensor<0xf32>" not in results((0, 1))


def test_it_runs_under_vmap(rng):
    x, weights, start = small_lstm(rng)

    found = jax.vmap(lambda x, h, c: lstm(x[None], weights, (h[None], c[None]))[0][0])(x, *start)

    close(found, lstm(x, weights, start)[0])


@pytest.mark.parametrize("cut", [np.s_[:, 1:], np.s_[:0], np.s_[:, :0]], ids=["columns", "no rows", "no columns"])
def test_sizes_that_do_not_fit_are_refused(cut, rng):
    x, (kernel, *others), start = small_lstm(rng)

    with pytest.raises(Exception, match="lamina kernels: the sizes of a recurrent layer do not fit together"):
        jax.block_until_ready(_recurrent_native.lstm(x, (kernel[cut], *others), start, None, None, saves=True))


@pytest.mark.parametrize("cut", [np.s_[:, 1:], np.s_[1:]], ids=["columns", "rows"])
def test_a_kernel_that_does_not_fit_the_slopes_is_refused(cut, rng):
    x, (kernel, recurrent_kernel, bias), states = small_lstm(rng)
    outputs, last, *saved = _recurrent_native.lstm(x, (kernel, recurrent_kernel, bias), states, None, None, saves=True)
    arrays = (outputs, last), x, (kernel[cut], recurrent_kernel), states, None, None, (outputs, *saved)

    with pytest.raises(Exception, match="lamina kernels: the sizes of a recurrent layer do not fit together"):
        jax.block_until_ready(_recurrent_native.lstm_gradient(*arrays))


@pytest.mark.parametrize("axis", [1, 2])
def test_an_axis_of_nothing_is_refused(axis, rng):
    x, weights, start = small_lstm(rng)

    with pytest.raises(Exception, match="lamina kernels: the sizes of a recurrent layer do not fit together"):
        jax.block_until_ready(_recurrent_native.lstm(np.take(x, [], axis), weights, start, None, None, saves=False))


def small_lstm(rng):
    """Return inputs, weights and states for 2 rows, 3 steps, 5 features and 4 units."""
    weights = [rng.normal(size=shape).astype("float32") for shape in ((5, 16), (4, 16), (16,))]
    return rng.normal(size=(2, 3, 5)).astype("float32"), tuple(weights), (np.ones((2, 4), "float32"),) * 2


def in_float64(arrays):
    return jax.tree.map(np.float64, arrays)


def close(found, wanted):
    jax.tree.map(
        lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-5, atol=2e-6 * (1 + float(np.abs(b).max()))),
        found,
        wanted,
    )
