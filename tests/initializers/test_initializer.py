import numpy as np
import pytest

from lamina import initializers
from lamina.errors import ArgumentError


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("glorot_uniform", initializers.GlorotUniform),
        ("GlorotUniform", initializers.GlorotUniform),
        ("normal", initializers.RandomNormal),
        ("one", initializers.Ones),
        ("uniform", initializers.RandomUniform),
        ("xavier_normal", initializers.GlorotNormal),
        ("xavier_uniform", initializers.GlorotUniform),
        ("zero", initializers.Zeros),
        (initializers.HeNormal, initializers.HeNormal),
    ],
)
def test_names_and_classes_are_understood(name, expected):
    found = initializers.get(name)

    assert type(found) is expected


def test_an_initializer_stands_for_itself():
    initializer = initializers.Constant(3.0)

    assert initializers.get(initializer) is initializer


def test_a_misspelt_name_is_answered_with_the_nearest():
    with pytest.raises(
        ArgumentError, match=r"Dense\(kernel_initializer\): .* got 'he_norml'.\n  Fix: did you mean 'he_normal'"
    ):
        initializers.get("he_norml", where="Dense(kernel_initializer)")


@pytest.mark.parametrize("wrong", [None, 0.5, np.zeros, np.zeros((2, 2))], ids=["None", "number", "function", "array"])
def test_what_is_no_initializer_is_refused(wrong):
    with pytest.raises(
        ArgumentError, match=r"expected the name of an initializer or an Initializer, got (?s:.*)or a subclass of"
    ):
        initializers.get(wrong)


@pytest.mark.parametrize("seed", [-1, 1.5, True, "1"])
def test_a_seed_that_is_no_seed_is_refused(seed):
    with pytest.raises(ArgumentError, match=r"HeNormal\(seed\): expected an integer of at least 0"):
        initializers.HeNormal(seed=seed)


def test_without_stream_and_seed_every_call_draws_anew():
    initializer = initializers.RandomNormal()

    assert (initializer((5, 4)) != initializer((5, 4))).any()


def test_a_subclass_of_ones_own_gives_its_values_as_float32():
    class Ramp(initializers.Initializer):
        slope: float = 1.0

        def values(self, shape, generator):
            return self.slope * np.arange(np.prod(shape)).reshape(shape)

    values = Ramp(0.5)([2, 2])

    assert values.dtype == np.float32
    np.testing.assert_array_equal(values, [[0.0, 0.5], [1.0, 1.5]])
