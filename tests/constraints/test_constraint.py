import numpy as np
import pytest

from lamina import constraints, ops
from lamina._core import registry
from lamina._core.portable import decode, encode
from lamina.errors import ArgumentError

EXAMPLES = [
    constraints.MaxNorm(0.5, axis=(0, 1)),
    constraints.MinMaxNorm(0.5, 0.75, rate=0.5, axis=1),
    constraints.NonNeg(),
    constraints.UnitNorm(axis=1),
]


def test_the_examples_are_complete():
    assert {type(example).__name__ for example in EXAMPLES} == set(registry.names("constraint"))


@pytest.mark.parametrize("constraint", EXAMPLES, ids=repr)
def test_what_is_saved_gives_the_same_weights(constraint, rng):
    values = rng.normal(size=(5, 4)).astype("float32")

    loaded = decode(encode(constraint, where="constraint"), "constraint", where="constraint")

    np.testing.assert_array_equal(loaded(values), constraint(values))
    assert (constraint(values) != values).any()


@pytest.mark.parametrize("constraint", EXAMPLES, ids=repr)
def test_shape_and_type_are_kept(constraint):
    values = np.ones((3, 2), "float32")

    result = constraint(values)

    assert (result.shape, result.dtype) == ((3, 2), np.float32)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("max_norm", constraints.MaxNorm),
        ("MinMaxNorm", constraints.MinMaxNorm),
        ("non_neg", constraints.NonNeg),
        (constraints.UnitNorm, constraints.UnitNorm),
    ],
)
def test_names_and_classes_are_understood(name, expected):
    assert type(constraints.get(name)) is expected


def test_none_is_none():
    assert constraints.get(None) is None


def test_a_misspelt_name_is_answered_with_the_nearest():
    with pytest.raises(
        ArgumentError, match=r"Dense\(kernel_constraint\): .* got 'maxnorm'.\n  Fix: did you mean 'max_norm'"
    ):
        constraints.get("maxnorm", where="Dense(kernel_constraint)")


@pytest.mark.parametrize("wrong", [2, np.abs], ids=["number", "function"])
def test_what_is_no_constraint_is_refused(wrong):
    with pytest.raises(
        ArgumentError, match=r"expected the name of a constraint, a Constraint or None, got (?s:.*)subclass of"
    ):
        constraints.get(wrong)


def test_a_subclass_of_ones_own_is_a_constraint():
    class Below(constraints.Constraint):
        limit: float = 1.0

        def __call__(self, values):
            return ops.minimum(values, self.limit)

    found = constraints.get(Below(2.0))

    np.testing.assert_array_equal(found(np.array([1.0, 3.0])), [1.0, 2.0])
