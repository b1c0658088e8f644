import numpy as np
import pytest

import lamina as lm
from lamina.errors import ArgumentError, StageError
from lamina.layers import Dense

X = np.linspace(-1, 1, 24, dtype=np.float32).reshape(6, 4)


def chain(*names):
    return lm.Sequential([lm.Input((4,)), *(Dense(4, name=name) for name in names)])


def changed_layers(model):
    """Train for a step, and return the layers whose kernel is another one afterwards."""
    before = model.get_weights()
    model.fit(X, X, verbose=0)
    after = model.get_weights()
    return [path for path in before if (before[path]["kernel"] != after[path]["kernel"]).any()]


@pytest.mark.parametrize(
    ("patterns", "trained"),
    [
        (["first"], ["second", "third"]),
        (["first", "third"], ["second"]),
        (["*ir*"], ["second"]),
        (["s*"], ["first", "third"]),
    ],
)
def test_frozen_layers_are_those_that_a_pattern_names(patterns, trained):
    model = chain("first", "second", "third")
    model.compile("sgd", "mse")

    model.freeze(*patterns)

    assert changed_layers(model) == trained


def test_unfreezing_trains_again():
    model = chain("first", "second")
    model.compile("sgd", "mse")
    model.freeze("first")
    model.fit(X, X, verbose=0)

    model.unfreeze()

    assert changed_layers(model) == ["first", "second"]


def test_a_part_is_frozen_by_its_name():
    part = chain("a", "b")
    model = lm.Sequential([part, Dense(4, name="head")])
    model.compile("sgd", "mse")

    model.freeze("sequential")

    assert changed_layers(model) == ["head"]


def test_what_was_frozen_in_a_part_is_frozen_in_the_whole():
    part = lm.Sequential([lm.Input((4,)), Dense(4, name="a"), Dense(4, name="b")], name="part")
    part.freeze("a")
    middle = lm.Sequential([part, Dense(4, name="c")], name="middle")
    image = lm.Input((4,))
    model = lm.Model(image, Dense(4, name="head")(middle(image)))
    model.compile("sgd", "mse")

    assert changed_layers(model) == ["middle/part/b", "middle/c", "head"]

    model.unfreeze()

    assert changed_layers(model) == list(model.get_weights())


def test_one_model_keeps_what_another_trains():
    judge = lm.Sequential([lm.Input((4,)), Dense(4, name="judged")], name="judge")
    both = lm.Sequential([lm.Input((4,)), Dense(4, name="made"), judge])
    both.freeze("judge")
    both.compile("sgd", "mse")
    judge.compile("sgd", "mse")

    assert changed_layers(both) == ["made"]
    assert changed_layers(judge) == ["judged"]


def test_freezing_keeps_a_changed_learning_rate():
    model = chain("first", "second")
    model.compile("sgd", "mse")
    model.fit(X, X, verbose=0)
    model.learning_rate = 0.5

    model.freeze("first")

    assert model.learning_rate == 0.5


def test_a_pattern_that_fits_nothing_is_refused_with_the_nearest_name():
    with pytest.raises(ArgumentError, match=r"expected the name of a layer or part.*got 'frist'\.\n.*mean 'first'"):
        chain("first", "second").freeze("frist")


def test_a_model_without_a_known_shape_cannot_be_frozen():
    with pytest.raises(StageError, match="expected a known input shape"):
        lm.Sequential([Dense(2)]).freeze()


def test_a_model_tells_whether_it_is_trained_and_is_told_by_freeze_alone():
    model = chain("first", "second")
    assert model.trainable

    model.freeze()

    assert not model.trainable
    with pytest.raises(ArgumentError, match=r"trainable: expected to be asked and not set.*\n.*call freeze\(\)"):
        model.trainable = True
