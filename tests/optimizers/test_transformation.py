import optax
import pytest

from lamina.optimizers._transformation import Transformation, is_transformation, joined, stateless


def doubled(gradients):
    return 2 * gradients


def test_what_is_stateless_remembers_nothing():
    double = stateless(doubled)

    assert double.init("weights") == ()
    assert double.update(3, (), "weights") == (6, ())


def test_joined_transformations_act_in_turn_and_keep_a_state_each():
    counting = Transformation(lambda weights: 0, lambda gradients, state, weights: (gradients + 1, state + 1))

    both = joined(counting, joined(counting, stateless(doubled)))
    changes, state = both.update(3, both.init("weights"), "weights")

    assert changes == 10
    assert state == (1, 1)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (stateless(doubled), True),
        (optax.adam(0.1), True),
        (optax.chain(optax.clip(1.0), optax.sgd(0.1)), True),
        (optax.adam, False),
        ("adam", False),
        ((doubled, doubled), False),
        (None, False),
    ],
)
def test_a_transformation_is_known_by_its_two_functions(value, expected):
    assert is_transformation(value) is expected
