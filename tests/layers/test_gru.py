import numpy as np
import pytest

import lamina as lm
from lamina.errors import ArgumentError
from lamina.layers import GRU, GRUCell, Input


@pytest.mark.parametrize(("reset_after", "candidate"), [(True, 0.5 * 2), (False, 2 * 0.5)])
def test_one_step_worked_out_by_hand(reset_after, candidate):
    # z = sigmoid(ln 3) = 3/4, r = sigmoid(0) = 1/2, and the candidate is r times the product of the state, which is 2,
    # or the product of r times the state: the same, as the recurrent kernel has only a number for the candidate.
    x, h = Input((1, 1)), Input((1,))
    model = lm.Model([x, h], GRU(1, reset_after=reset_after, use_bias=False)(x, initial_state=h)).build()
    model.set_weights({"gru": {"kernel": np.log([[3, 1, 1]]), "recurrent_kernel": np.array([[0.0, 0.0, 2.0]])}})

    output = model.predict([np.ones((1, 1, 1)), np.ones((1, 1))])

    np.testing.assert_allclose(output, [[0.75 * 1 + 0.25 * np.tanh(candidate)]], rtol=1e-6)


def test_the_two_forms_differ_where_units_mix(rng):
    kernels = {"kernel": rng.normal(size=(3, 6)), "recurrent_kernel": rng.normal(size=(2, 6))}
    x = rng.normal(size=(4, 5, 3))
    outputs = []
    for reset_after in (True, False):
        model = lm.Sequential([Input((5, 3)), GRU(2, reset_after=reset_after, use_bias=False)]).build()
        model.set_weights({"gru": kernels})
        outputs.append(model.predict(x))

    assert np.abs(outputs[0] - outputs[1]).max() > 0.01


def test_the_second_bias_is_inside_the_reset_gate(call):
    bias = np.zeros((2, 3))
    weights = {"kernel": np.zeros((1, 3)), "recurrent_kernel": np.zeros((1, 3)), "bias": bias}

    bias[0] = [-50, 0, 1]  # z is 0, r is 1/2
    in_front = call(GRU(1), [[[1]]], weights=weights)
    bias[:, 2] = [0, 1]
    inside = call(GRU(1), [[[1]]], weights=weights)

    np.testing.assert_allclose([in_front, inside], np.tanh([[[1.0]], [[0.5]]]), rtol=1e-6)


@pytest.mark.parametrize(("reset_after", "bias"), [(True, (2, 12)), (False, (12,))])
def test_weights_are_laid_out_as_in_keras(reset_after, bias):
    declared = GRU(4, reset_after=reset_after).weights((None, 10, 3))

    assert {name: weight.shape for name, weight in declared.items()} == {
        "kernel": (3, 12),
        "recurrent_kernel": (4, 12),
        "bias": bias,
    }


def test_the_output_is_its_state(rng):
    x = Input((5, 3))
    model = lm.Model(x, list(GRU(2, return_state=True)(x)))

    output, state = model.predict(rng.normal(size=(4, 5, 3)))

    np.testing.assert_array_equal(output, state)
    assert GRUCell(2).state_size == 2


def test_a_switch_is_true_or_false():
    with pytest.raises(ArgumentError, match=r"GRUCell\(reset_after\): expected True or False, got None"):
        GRUCell(2, reset_after=None)
