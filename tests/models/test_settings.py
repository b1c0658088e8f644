import numpy as np
import pytest

import lamina as lm
from lamina.errors import ArgumentError
from lamina.layers import Dense, Dropout
from lamina.models._settings import learning_rate
from lamina.optimizers import SGD, ClipNorm
from lamina.schedules import ExponentialDecay


@pytest.fixture
def model():
    model = lm.Sequential([lm.Input((4,)), Dropout(0.1), Dropout(0.2), Dense(1, kernel_regularizer="l2")])
    model.compile(SGD(0.1, momentum=0.9), "mse")
    return model


def test_settings_are_those_of_layers_optimizer_and_loss(model):
    assert sorted(model.settings) == [
        "dropout/rate",
        "dropout_1/rate",
        "optimizer/learning_rate",
        "optimizer/momentum",
    ]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"rate": 0.5}, r"set\(rate\): expected the name of one setting, got a name that several have.*\n.*dropout_1"),
        ({"learning_rte": 1.0}, r"got a name that none has\.\n  Fix: did you mean 'learning_rate'"),
        ({"zzzzzzzz": 1.0}, r"got a name that none has\.\n  Fix: choose from 'dropout/rate'"),
        ({"momentum": "much"}, r"set\(momentum\): expected a finite number, got 'much'"),
        ({"momentum": float("nan")}, r"set\(momentum\): expected a finite number, got nan"),
        ({"dropout/rate": 1.5}, r"Dropout\(rate\): expected a finite number of at least 0 and below 1, got 1.5"),
        ({"learning_rate": -1.0}, r"SGD\(learning_rate\): expected a finite number of at least 0"),
    ],
)
def test_what_cannot_be_set_is_refused_and_nothing_is_changed(model, changes, message):
    before = model.settings

    with pytest.raises(ArgumentError, match=message):
        model.set({"momentum": 0.5, **changes})

    assert model.settings == before


def test_a_model_without_settings_says_that_it_must_be_compiled():
    model = lm.Sequential([lm.Input((4,)), Dense(1)])

    with pytest.raises(ArgumentError, match=r"set\(learning_rate\).*\n  Fix: compile first"):
        model.set(learning_rate=0.1)


def test_the_learning_rate_of_a_schedule_follows_the_steps():
    schedule = ExponentialDecay(0.1, decay_steps=1, decay_rate=0.5)

    assert learning_rate(SGD(schedule), None) == pytest.approx(0.1)
    assert learning_rate(SGD(schedule), {"step": np.int32(2)}) == pytest.approx(0.025)


def test_the_learning_rate_of_a_chain_is_that_of_its_optimizer():
    chain = lm.optimizers.get([ClipNorm(1.0), SGD(ExponentialDecay(0.1, decay_steps=1, decay_rate=0.5))])

    assert learning_rate(chain, ({}, {"step": np.int32(1)})) == pytest.approx(0.05)
    assert learning_rate(lm.optimizers.get([ClipNorm(1.0), SGD(0.3)]), None) == pytest.approx(0.3)
