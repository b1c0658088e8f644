"""What holds for every layer."""

import dataclasses
import json

import jax
import numpy as np
import pytest

from contracts.cases import CASES, Case
from kernels.reference import QUICKLY
from lamina import ops
from lamina._core import portable, registry
from lamina._core.config import settings_of, with_settings
from lamina.errors import ArgumentError
from lamina.layers import Graph, Input, Layer, Run, apply

ROWS = 5
SHOWN_ELSEWHERE = {"name", "stateful", "unroll", "zero_output_for_mask"}
"""Names are for people. What recurrent layers keep for the next batch, or put into masked steps, has its own tests."""


class Lengths(Layer):
    """Mask sequences so that each is a step shorter than the one before, and none is empty."""

    input_dtype = None
    masking = "use"

    def gives_mask(self, masked):
        return True

    def output_mask(self, x, mask):
        return ops.asarray(real_steps(x))

    def call(self, weights, x, context):
        return x


def real_steps(x):
    return np.arange(x.shape[1]) < x.shape[1] - np.arange(len(x))[:, None] % x.shape[1]


def spread(mask, values):
    return np.reshape(mask, (*mask.shape, *(1,) * (values.ndim - mask.ndim)))


def graph_of(case, *, masked=False):
    dtype = "int32" if case.tokens else "float32"
    symbols = [Input(shape, dtype=dtype) for shape in case.inputs]
    read = [Lengths()(symbol) for symbol in symbols] if masked else symbols
    made = case.layer(read if case.layer.many_inputs else read[0])
    return Graph(symbols, made if isinstance(made, tuple) else [made])


def honours_masks(case):
    """Tell whether the case has a sequence, and its layer takes it with a mask."""
    try:
        return max(map(len, case.inputs)) > 1 and bool(graph_of(case, masked=True))
    except ArgumentError:
        return False


each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
each_mode = pytest.mark.parametrize(
    ("case", "training"),
    [(case, training) for case in CASES for training in (False, True) if case.training or not training],
    ids=lambda value: value.label if isinstance(value, Case) else str(value),
)


def test_every_registered_layer_has_a_case():
    assert {type(case.layer).__name__ for case in CASES} == set(registry.names("layer"))


@pytest.mark.parametrize("kind", sorted({type(case.layer) for case in CASES}, key=lambda kind: kind.__name__))
def test_no_argument_could_be_lost_unseen(kind, rng):
    defaults = {field.name: field.default for field in dataclasses.fields(kind)}
    unseen = {name for name, default in defaults.items() if default is not dataclasses.MISSING} - SHOWN_ELSEWHERE

    for case in (case for case in CASES if type(case.layer) is kind):
        arrays, inputs = drawn(case, rng)
        whole = behaviour(case, arrays, inputs)
        given = {name for name in unseen if getattr(case.layer, name) != defaults[name]}
        for name in given:
            without = dataclasses.replace(case, layer=with_settings(case.layer, {name: defaults[name]}))
            if not same(behaviour(without, arrays, inputs), whole):
                unseen.discard(name)

    assert not unseen


@each_case
@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize("rows", [1, ROWS])
def test_the_output_has_the_promised_shape_and_is_float32(case, rows, training, rng):
    arrays, inputs = drawn(case, rng, rows)

    output, moved, _ = jax.eval_shape(lambda: run(case, arrays, inputs, training=training))

    assert output.shape == (rows, *case.output)
    assert in_one([np.zeros((rows, *symbol.shape[1:])) for symbol in graph_of(case).outputs]).shape == output.shape
    assert {array.dtype.name for array in [output, *moved.values()]} == {"float32"}


@each_mode
def test_the_gradient_is_the_central_difference(case, training, rng):
    arrays, inputs = drawn(case, rng, dtype="float64")
    point = (arrays, () if case.tokens else inputs)
    step = jax.tree.map(lambda values: 1e-6 * rng.normal(size=values.shape), point)

    def value(point):
        output, _, penalty = run(case, point[0], point[1] or inputs, training=training)
        return (output * ops.cos(ops.arange(output.size)).reshape(output.shape)).sum() + penalty

    def slope_and_difference(point):
        products = jax.tree.map(jax.numpy.vdot, jax.grad(value)(point), step)
        slope = sum(jax.tree.leaves(products), 0.0)
        ahead, behind = jax.tree.map(jax.numpy.add, point, step), jax.tree.map(jax.numpy.subtract, point, step)
        return slope, (value(ahead) - value(behind)) / 2

    with jax.enable_x64(True):
        slope, difference = jax.jit(slope_and_difference, compiler_options=QUICKLY)(point)

    np.testing.assert_allclose(slope, difference, rtol=1e-4, atol=1e-12)


@each_case
def test_one_row_at_a_time_gives_the_same(case, rng):
    arrays, inputs = drawn(case, rng)

    each_row = jax.vmap(lambda *row: run(case, arrays, [x[None] for x in row]))
    outputs, _, penalties = jax.jit(each_row, compiler_options=QUICKLY)(*inputs)

    whole, _, penalty = run(case, arrays, inputs)
    assert same((outputs[:, 0], np.mean(penalties)), (whole, penalty))


@each_case
def test_rows_that_fill_up_a_batch_count_nothing(case, rng):
    if case.training == "random":
        pytest.skip("more rows draw other numbers")
    arrays, inputs = drawn(case, rng)
    filled = [np.concatenate([x[1:2], x, x[:2]]) for x in inputs]
    real = np.array([False] + [True] * ROWS + [False] * 2)

    output, moved, penalty = run(case, arrays, filled, training=True, rows=real)

    wanted = run(case, arrays, inputs, training=True)
    assert same((output[real], moved, penalty), wanted)


@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize("case", list(filter(honours_masks, CASES)), ids=lambda case: case.label)
def test_what_stands_in_masked_steps_changes_nothing(case, training, rng):
    arrays, inputs = drawn(case, rng)
    others = [np.where(spread(real_steps(x), x), x, x + 1) if x.ndim > 2 else x for x in inputs]

    found, wanted = (masked_run(case, arrays, given, training=training) for given in (others, inputs))

    assert same(found, wanted)


@each_case
def test_the_same_key_gives_the_same_numbers(case, rng):
    arrays, inputs = drawn(case, rng)

    outputs = [run(case, arrays, inputs, training=True, key=key)[0] for key in (1, 1, 2)]

    np.testing.assert_array_equal(outputs[0], outputs[1])
    assert np.array_equal(outputs[0], outputs[2]) is (case.training != "random")


@each_case
def test_training_differs_only_where_it_is_said(case, rng):
    arrays, inputs = drawn(case, rng)

    in_training, moved, _ = run(case, arrays, inputs, training=True)

    alone, unmoved, _ = run(case, arrays, inputs)
    assert np.allclose(in_training, alone, atol=1e-6) is (not case.training)
    assert type(case.layer).couples_rows is (case.training == "batch")
    assert bool(moved) is (case.training == "batch")
    assert not unmoved


@each_case
def test_what_is_saved_does_the_same_when_loaded(case, rng):
    arrays, inputs = drawn(case, rng)

    saved = json.dumps(portable.encode(case.layer, where="layer"))
    loaded = portable.decode(json.loads(saved), "layer", where="layer")

    assert repr(loaded) == repr(case.layer)
    again = behaviour(dataclasses.replace(case, layer=loaded), arrays, inputs)
    assert same(again, behaviour(case, arrays, inputs))


@each_mode
def test_compiled_with_settings_as_arrays_it_does_what_it_does_step_by_step(case, training, rng):
    arrays, inputs = drawn(case, rng)
    settings = {name: np.float32(value) for name, value in settings_of(case.layer)}

    @jax.jit
    def compiled(settings, arrays, inputs):
        return run(case, arrays, inputs, training=training, layer=with_settings(case.layer, settings))

    with ops.disable_jit():
        by_steps = run(case, arrays, inputs, training=training)
    assert same(compiled(settings, arrays, inputs), by_steps)


def declared(case):
    """Return the weights that the layer declares."""
    return next(iter(graph_of(case).declared().values()), {})


def drawn(case, rng, rows=ROWS, dtype="float32"):
    """Return arrays for the weights of the layer, positive where they are variances, and for its inputs."""
    arrays = {name: rng.normal(size=weight.shape).astype(dtype) for name, weight in declared(case).items()}
    arrays = {name: np.abs(array) + 0.5 if "variance" in name else array for name, array in arrays.items()}
    if case.tokens:
        return arrays, [rng.integers(case.tokens, size=(rows, *shape), dtype="int32") for shape in case.inputs]
    return arrays, [rng.normal(size=(rows, *shape)).astype(dtype) for shape in case.inputs]


def run(case, arrays, inputs, *, training=False, key=0, rows=None, layer=None):
    """Return the output of a layer, the values it moved, and the penalty it put on its activity."""
    graph = graph_of(case)
    (path,) = graph.layers()
    run = Run(training=training, key=ops.random.key(np.array([7, key], "uint32")), rows=rows)
    inputs = [ops.asarray(x) for x in inputs]
    output = in_one(apply(graph, {path: arrays}, inputs, run, layers={path: layer or case.layer}))
    return output, run.moved.get(path, {}), sum(run.penalties, 0.0)


def masked_run(case, arrays, inputs, *, training):
    """Return what the layer makes of masked sequences: the real steps of its output, moved values, and penalty."""
    graph = graph_of(case, masked=True)
    path = graph.steps[-1].path
    run = Run(training=training, key=ops.random.key(np.array([7, 0], "uint32")))
    outputs = apply(graph, {path: arrays}, [ops.asarray(x) for x in inputs], run)
    masks = zip(outputs, run.output_masks, strict=True)
    kept = in_one([output if mask is None else ops.where(spread(mask, output), output, 0) for output, mask in masks])
    return kept, run.moved.get(path, {}), sum(run.penalties, 0.0)


def in_one(outputs):
    """Return the output, or the numbers of several outputs side by side."""
    first, *more = outputs
    return ops.concatenate([x.reshape(len(x), -1) for x in outputs], axis=1) if more else first


def behaviour(case, arrays, inputs):
    """Return what a layer does and leaves behind, and how it wants its weights to be treated."""
    try:
        words = {name: repr(weight) for name, weight in declared(case).items()}
        masked = [symbol.masked for symbol in graph_of(case).outputs]
        return words, masked, [run(case, arrays, inputs, training=training) for training in (False, True)]
    except Exception as error:  # without one of its arguments it may not be able to take these arrays at all
        return type(error).__name__


def same(first, second):
    """Tell whether two trees of numbers and words are the same, up to rounding."""
    if jax.tree.structure(first) != jax.tree.structure(second):
        return False
    pairs = zip(jax.tree.leaves(first), jax.tree.leaves(second), strict=True)
    return all(a == b if isinstance(a, str) else close(a, b) for a, b in pairs)


def close(first, second):
    return np.shape(first) == np.shape(second) and np.allclose(first, second, rtol=1e-5, atol=1e-6)
