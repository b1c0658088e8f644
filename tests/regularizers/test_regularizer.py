import numpy as np
import pytest

from lamina import ops, regularizers
from lamina._core import registry
from lamina._core.portable import decode, encode
from lamina.errors import ArgumentError

EXAMPLES = [
    regularizers.L1(0.5),
    regularizers.L2(0.5),
    regularizers.L1L2(0.5, 0.25),
    regularizers.OrthogonalRegularizer(0.5, "columns"),
]


def test_the_examples_are_complete():
    assert {type(example).__name__ for example in EXAMPLES} == set(registry.names("regularizer"))


@pytest.mark.parametrize("regularizer", EXAMPLES, ids=repr)
def test_what_is_saved_gives_the_same_penalty(regularizer, rng):
    values = rng.normal(size=(5, 4))

    loaded = decode(encode(regularizer, where="regularizer"), "regularizer", where="regularizer")

    assert loaded(values) == regularizer(values) > 0


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("l1", regularizers.L1),
        ("L2", regularizers.L2),
        ("l1_l2", regularizers.L1L2),
        ("l1l2", regularizers.L1L2),
        ("orthogonal_regularizer", regularizers.OrthogonalRegularizer),
        (regularizers.L2, regularizers.L2),
    ],
)
def test_names_and_classes_are_understood(name, expected):
    assert type(regularizers.get(name)) is expected


def test_none_is_none():
    assert regularizers.get(None) is None


def test_a_misspelt_name_is_answered_with_the_nearest():
    with pytest.raises(ArgumentError, match=r"Dense\(bias_regularizer\): .* got 'l1l'.\n  Fix: did you mean"):
        regularizers.get("l1l", where="Dense(bias_regularizer)")


@pytest.mark.parametrize("wrong", [0.01, np.abs], ids=["number", "function"])
def test_what_is_no_regularizer_is_refused(wrong):
    with pytest.raises(
        ArgumentError, match=r"expected the name of a regularizer, a Regularizer or None, got (?s:.*)subclass of"
    ):
        regularizers.get(wrong)


def test_a_subclass_of_ones_own_is_a_regularizer():
    class Total(regularizers.Regularizer):
        factor: float = 1.0

        def __call__(self, values):
            return self.factor * ops.sum(values)

    found = regularizers.get(Total(2.0))

    assert found(np.array([1.0, 2.0])) == 6.0
