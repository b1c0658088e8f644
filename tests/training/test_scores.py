import copy
import pickle

import numpy as np
import pytest

import lamina as lm
from lamina.errors import ArgumentError
from lamina.training import Scores

SCORES = Scores(loss=0.25, accuracy=1.0)


@pytest.mark.parametrize(
    ("key", "name"), [(0, "loss"), (1, "accuracy"), (-1, "accuracy"), (2, "loss"), ("acuracy", "accuracy")]
)
def test_a_place_in_the_scores_is_answered_with_the_name(key, name):
    with pytest.raises(ArgumentError, match=rf"^scores\[.*expected a name, 'loss' or 'accuracy'.*\n.*\[\"{name}\"\]"):
        SCORES[key]
    with pytest.raises(KeyError):
        SCORES[key]


def test_scores_are_a_dictionary_in_every_other_way():
    plain = {"loss": 0.25, "accuracy": 1.0}

    assert plain == SCORES == copy.copy(SCORES) == pickle.loads(pickle.dumps(SCORES))
    assert (list(SCORES), dict(**SCORES), repr(SCORES)) == (["loss", "accuracy"], plain, repr(plain))
    assert SCORES.get(0) is None
    assert 0 not in SCORES


def test_a_model_gives_scores():
    model = lm.Sequential([lm.Input((1,)), lm.layers.Dense(1)])
    model.compile("sgd", "mse")
    x, y = np.ones((2, 1)), np.ones(2)

    for scores in (model.evaluate(x, y), model.train_on_batch(x, y), model.test_on_batch(x, y)):
        assert type(scores) is Scores
