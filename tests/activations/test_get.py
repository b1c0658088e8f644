import numpy as np
import pytest

from lamina import activations
from lamina.errors import ArgumentError


@pytest.mark.parametrize(("alias", "activation"), [("swish", activations.silu), ("hard_swish", activations.hard_silu)])
def test_other_names_are_known(alias, activation):
    found = activations.get(alias)

    assert found is activation


def test_none_is_the_identity():
    found = activations.get(None)

    assert found is activations.linear


def test_a_function_stands_for_itself():
    def double(x):
        return 2 * x

    assert activations.get(double) is double
    np.testing.assert_array_equal(activations.get(double)(np.array([1.0])), [2.0])


def test_a_misspelt_name_is_answered_with_the_nearest():
    with pytest.raises(
        ArgumentError, match=r"Dense\(activation\): expected .* got 'rellu'.\n  Fix: did you mean 'relu'"
    ):
        activations.get("rellu", where="Dense(activation)")


@pytest.mark.parametrize("wrong", [3, ["relu"], dict], ids=str)
def test_what_is_not_a_function_is_refused(wrong):
    with pytest.raises(
        ArgumentError, match="activation: expected the name of an activation or a function of one array"
    ):
        activations.get(wrong)
