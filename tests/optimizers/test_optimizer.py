import numpy as np
import pytest

from lamina import ops, schedules
from lamina._core.config import settings_of
from lamina._core.portable import encode
from lamina.errors import ArgumentError, FormatError
from lamina.optimizers import SGD, Adam, Link, Optimizer


class CountingDescent(Optimizer):
    """Goes down by the number of the step, and remembers each gradient."""

    def slots(self, weight):
        return {"last": ops.zeros_like(weight)}

    def change(self, gradient, slots, *, weight, rate, count):
        return -rate * count * gradient, {"last": gradient}


def test_an_optimizer_of_ones_own_needs_two_methods(steps):
    optimizer = CountingDescent(0.1)

    weights = steps(optimizer, {"kernel": [1.0, 2.0], "bias": 0.0}, [{"kernel": [1.0, 0.0], "bias": 1.0}] * 2)

    assert weights[1]["kernel"] == pytest.approx([0.7, 2.0])
    assert weights[1]["bias"] == pytest.approx(-0.3)


@pytest.mark.parametrize(
    ("result", "sentence"),
    [
        ((ops.ones((2,)), {}), r"expected a change of shape \(2,\) and the slots \['last'\], got one .* and \[\]"),
        (
            (ops.ones((2,)), {"last": ops.ones((2,)), "other": 1}),
            r"and the slots \['last'\], got .* \['last', 'other'\]",
        ),
        ((ops.ones(()), {"last": ops.ones((2,))}), r"expected a change of shape \(2,\) .* got one of shape \(\)"),
    ],
)
def test_a_change_that_does_not_fit_its_weight_is_refused(result, sentence, steps):
    class Wrong(CountingDescent):
        def change(self, gradient, slots, *, weight, rate, count):
            return result

    with pytest.raises(ArgumentError, match=rf"^Wrong.change: .*{sentence}"):
        steps(Wrong(), [1.0, 2.0], [[1.0, 1.0]])


def test_what_is_remembered_stands_beside_the_name_of_the_weight():
    transformation = CountingDescent().transformation()
    weights = {"dense": {"kernel": ops.ones((2,))}}

    _, state = transformation.update(weights, transformation.init(weights), weights)

    assert state["step"] == 1
    np.testing.assert_array_equal(state["slots"]["dense"]["kernel"]["last"], [1.0, 1.0])


def test_a_model_without_weights_makes_steps_too():
    transformation = Adam().transformation()

    changes, state = transformation.update({}, transformation.init({}), {})

    assert changes == {}
    assert state["step"] == 1


def test_half_precision_weights_stay_so_and_are_counted_in_full(steps):
    transformation = CountingDescent(1.0).transformation()
    weight = ops.ones((), "bfloat16")
    state = {**transformation.init(weight), "step": ops.asarray(256)}

    change, _ = transformation.update(weight, state, weight)

    # 257 is no bfloat16: rounded before the product of rate and count, it would be 256.
    assert change.dtype == weight.dtype
    assert change == ops.asarray(-257.0).astype("bfloat16")


@pytest.mark.parametrize(
    "learning_rate", [schedules.ExponentialDecay(1.0, decay_steps=1, decay_rate=0.5), lambda step: 0.5**step]
)
def test_a_learning_rate_may_follow_the_steps(learning_rate, steps):
    weights = steps(SGD(learning_rate), 0.0, [1.0, 1.0, 1.0])

    assert weights == pytest.approx([-1.0, -1.5, -1.75])


def test_the_numbers_of_an_optimizer_are_settings():
    settings = dict(settings_of(Adam()))

    assert settings == {"learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7}


def test_a_function_for_a_learning_rate_cannot_be_written_to_a_file():
    optimizer = SGD(lambda step: 0.1)

    with pytest.raises(FormatError, match=r"SGD\(learning_rate\): expected what a file can carry"):
        encode(optimizer, where="optimizer")


@pytest.mark.parametrize("learning_rate", [-0.1, float("nan"), float("inf"), "fast", True, None])
def test_a_learning_rate_out_of_range_is_refused(learning_rate):
    with pytest.raises(ArgumentError, match=r"CountingDescent\(learning_rate\): expected a finite number of"):
        CountingDescent(learning_rate)


def test_training_ends_with_the_weights_as_they_are():
    weights = {"kernel": ops.ones((2,))}

    assert Adam().finalize(None, weights) is weights


@pytest.mark.parametrize(
    "call",
    [
        lambda: Link().transformation(),
        lambda: Optimizer().change(1.0, {}, weight=1.0, rate=1.0, count=1.0),
    ],
)
def test_what_a_subclass_must_write_is_not_there(call):
    with pytest.raises(NotImplementedError):
        call()
