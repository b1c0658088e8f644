import numpy as np
import pytest

from lamina import ops, optimizers
from lamina._core.config import settings_of, with_settings
from lamina.errors import ArgumentError
from lamina.optimizers import (
    SGD,
    Accumulate,
    Adam,
    AdamW,
    AverageWeights,
    ClipGlobalNorm,
    ClipNorm,
    ClipValue,
    WeightDecay,
)


@pytest.mark.parametrize(
    ("link", "by_hand"),
    [
        (ClipValue(2.0), {"kernel": [2.0, -2.0], "bias": [0.5, 0.0]}),
        (ClipNorm(1.0), {"kernel": [0.6, -0.8], "bias": [0.5, 0.0]}),
        (ClipGlobalNorm(1.0), {"kernel": [3 / 25.25**0.5, -4 / 25.25**0.5], "bias": [0.5 / 25.25**0.5, 0.0]}),
        (ClipGlobalNorm(100.0), {"kernel": [3.0, -4.0], "bias": [0.5, 0.0]}),
    ],
    ids=repr,
)
def test_gradients_clipped_by_hand(link, by_hand, steps):
    weights, gradients = {"kernel": [0.0, 0.0], "bias": [0.0, 0.0]}, {"kernel": [3.0, -4.0], "bias": [0.5, 0.0]}

    (after,) = steps(optimizers.get([link, SGD(1.0)]), weights, [gradients])

    for name, gradient in by_hand.items():
        assert -after[name] == pytest.approx(gradient), name


@pytest.mark.parametrize("link", [ClipValue(1.0), ClipNorm(1.0), ClipGlobalNorm(1.0)], ids=repr)
@pytest.mark.parametrize("size", [0.0, 1e-30, 1e18])
def test_clipped_gradients_of_any_size_are_finite_and_small(link, size, steps):
    (weights,) = steps(optimizers.get([link, SGD(1.0)]), [0.0, 0.0], [[size, -size]])

    assert weights == pytest.approx([-min(size, weights.max()), min(size, weights.max())])
    assert np.abs(weights).max() <= 1


@pytest.mark.parametrize("link", [ClipValue(1.0), ClipNorm(1.0), ClipGlobalNorm(1.0)], ids=repr)
def test_gradients_that_are_not_numbers_are_not_hidden(link, steps):
    (weights,) = steps(optimizers.get([link, SGD(1.0)]), [0.0, 0.0], [[np.nan, 1.0]])

    assert np.isnan(weights[0])


def test_several_batches_make_one_step_with_their_mean(steps):
    optimizer = optimizers.get([Accumulate(3), SGD(1.0)])

    weights = steps(optimizer, 0.0, [1.0, 2.0, 6.0, 30.0, 0.0, 0.0])

    assert weights == pytest.approx([0.0, 0.0, -3.0, -3.0, -3.0, -13.0])


def test_one_batch_is_a_step_of_its_own(steps):
    gradients = [1.0, -2.0, 3.0]

    weights = steps(optimizers.get([Accumulate(1), "adam"]), 0.0, gradients)

    np.testing.assert_allclose(weights, steps(Adam(), 0.0, gradients), rtol=1e-6)


def test_what_comes_after_accumulate_counts_updates(steps):
    optimizer = optimizers.get([Accumulate(2), SGD(lambda step: 1.0 / (step + 1)), AverageWeights(0.5)])

    weights = steps(optimizer, 0.0, [1.0, 1.0, 1.0, 1.0])

    assert weights == pytest.approx([0.0, -1.0, -1.0, -1.5])


def test_clipping_before_and_after_accumulate_differ(steps):
    gradients = [9.0, 0.0]

    each = steps(optimizers.get([ClipValue(1.0), Accumulate(2), SGD(1.0)]), 0.0, gradients)
    mean = steps(optimizers.get([Accumulate(2), ClipValue(1.0), SGD(1.0)]), 0.0, gradients)

    assert each == pytest.approx([0.0, -0.5])
    assert mean == pytest.approx([0.0, -1.0])


def test_weights_decay_by_hand(steps):
    optimizer = optimizers.get([SGD(0.1), WeightDecay(0.5)])

    weights = steps(optimizer, 1.0, [0.0, 0.0, 1.0])

    assert weights == pytest.approx([0.95, 0.9025, 0.857375 - 0.1])


def test_weights_decay_with_the_schedule(steps):
    optimizer = optimizers.get([SGD(lambda step: ops.where(step == 0, 1.0, 0.1)), WeightDecay(0.5)])

    weights = steps(optimizer, 1.0, [0.0, 0.0])

    assert weights == pytest.approx([0.5, 0.475])


def test_adam_with_weight_decay_is_adamw(steps):
    gradients = [[1.0, -2.0], [0.5, 3.0], [0.0, 1.0]]

    chain = steps(optimizers.get([Adam(0.1), WeightDecay(0.3)]), [1.0, 5.0], gradients)

    np.testing.assert_allclose(chain, steps(AdamW(0.1, weight_decay=0.3), [1.0, 5.0], gradients), rtol=1e-6)


def test_the_average_of_the_weights_by_hand(steps):
    optimizer = optimizers.get([SGD(1.0), AverageWeights(0.5)])
    transformation = optimizer.transformation()
    weights = ops.asarray(1.0)
    state = transformation.init(weights)
    averages = []

    for _ in range(3):
        change, state = transformation.update(ops.asarray(1.0), state, weights)
        weights = weights + change
        averages.append(optimizer.finalize(state, weights))

    # The weights are 0, -1 and -2; the first is the first average.
    assert averages == pytest.approx([0.0, -0.5, -1.25])
    assert weights == -2.0


def test_before_the_first_step_the_average_is_the_weights():
    optimizer = optimizers.get([SGD(1.0), AverageWeights(0.5)])
    weights = {"kernel": ops.asarray([1.0, 2.0])}
    state = optimizer.transformation().init(weights)

    kept = optimizer.finalize(state, weights)

    np.testing.assert_array_equal(kept["kernel"], weights["kernel"])


@pytest.mark.parametrize(
    ("links", "arguments"),
    [
        ([ClipValue(0.5), Adam(0.01)], {"clipvalue": 0.5}),
        ([ClipNorm(1.0), Adam(0.01)], {"clipnorm": 1.0}),
        ([ClipGlobalNorm(1.0), Adam(0.01)], {"global_clipnorm": 1.0}),
        ([Adam(0.01), WeightDecay(0.1)], {"weight_decay": 0.1}),
        ([Accumulate(2), Adam(0.01)], {"gradient_accumulation_steps": 2}),
        ([Adam(0.01), AverageWeights(0.9)], {"use_ema": True, "ema_momentum": 0.9}),
    ],
    ids=repr,
)
def test_six_steps_are_those_of_keras(links, arguments, rng, steps):
    keras = pytest.importorskip("keras")
    start = rng.normal(size=(3, 4))
    gradients = list(rng.normal(size=(6, 3, 4)))
    oracle, variable = keras.optimizers.Adam(0.01, **arguments), keras.Variable(start)
    for gradient in gradients:
        oracle.apply([gradient.astype("float32")], [variable])
    oracle.finalize_variable_values([variable])

    optimizer = optimizers.get(links)
    weights, state = trained(optimizer, start, gradients)

    np.testing.assert_allclose(optimizer.finalize(state, weights), variable.value, atol=1e-5)


@pytest.mark.parametrize(
    "links",
    [
        [ClipValue(0.5), SGD()],
        [ClipNorm(0.5), SGD()],
        [ClipGlobalNorm(0.5), SGD()],
        [Accumulate(2), SGD()],
        [SGD(), WeightDecay(0.1)],
        [SGD(), AverageWeights(0.9)],
    ],
    ids=repr,
)
def test_settings_as_arrays_in_a_compiled_loop_give_the_same_as_numbers(links, rng):
    optimizer = optimizers.get(links)
    start, gradients = rng.normal(size=3), rng.normal(size=(4, 3))
    settings = {name: ops.asarray(value) for name, value in settings_of(optimizer)}

    @ops.jit
    def loop(settings, weights, gradients):
        traced = with_settings(optimizer, settings)
        transformation = traced.transformation()

        def step(index, carry):
            weights, state = carry
            changes, state = transformation.update(gradients[index], state, weights)
            return weights + changes, state

        weights, state = ops.fori_loop(0, 4, step, (weights, transformation.init(weights)))
        return traced.finalize(state, weights)

    looped = loop(settings, ops.asarray(start, "float32"), ops.asarray(gradients, "float32"))

    weights, state = trained(optimizer, start, gradients)
    np.testing.assert_allclose(looped, optimizer.finalize(state, weights), atol=1e-6)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: ClipValue(0), r"ClipValue\(max_value\): expected a finite number above 0, got 0"),
        (lambda: ClipNorm(-1.0), r"ClipNorm\(max_norm\): expected a finite number above 0, got -1.0"),
        (lambda: ClipGlobalNorm("1"), r"ClipGlobalNorm\(max_norm\): expected a finite number above 0, got '1'"),
        (lambda: Accumulate(0), r"Accumulate\(steps\): expected a positive integer, got 0"),
        (lambda: Accumulate(2.0), r"Accumulate\(steps\): expected a positive integer, got 2.0"),
        (lambda: WeightDecay(-0.1), r"WeightDecay\(rate\): expected a finite number of at least 0, got -0.1"),
        (lambda: AverageWeights(1.0), r"AverageWeights\(momentum\): expected .* at least 0 and below 1, got 1.0"),
    ],
)
def test_a_number_out_of_range_is_refused(make, sentence):
    with pytest.raises(ArgumentError, match=sentence):
        make()


def trained(optimizer, weights, gradients):
    transformation = optimizer.transformation()
    weights = ops.asarray(weights, "float32")
    state = transformation.init(weights)
    for gradient in gradients:
        changes, state = transformation.update(ops.asarray(gradient, "float32"), state, weights)
        weights = weights + changes
    return weights, state
