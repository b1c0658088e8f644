import re
import warnings

import numpy as np
import pytest

import lamina as lm
from lamina.errors import (
    DeadUnitsWarning,
    DivergedError,
    ExplodingGradientsWarning,
    StuckLossWarning,
    TrainingWarning,
    VanishingGradientsWarning,
)
from lamina.layers import Dense
from lamina.training import Advice, _advice

XOR = np.float32([[0, 0], [0, 1], [1, 0], [1, 1]]), np.float32([0, 1, 1, 0])


def network(*layers, features=3):
    return lm.Sequential([lm.Input((features,)), *layers]).build(seed=1)


def heard(trained, x, y, **options):
    """Train, and return the warnings."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        trained.fit(x, y, callbacks=[Advice()], **options)
    return caught


def kinds(caught):
    return [warning.category for warning in caught]


@pytest.fixture
def unasked(monkeypatch):
    """Fail where rows are sent through the network, which costs time and compiles."""

    def refuse(*_):
        raise AssertionError("a healthy training was looked into")

    monkeypatch.setattr(_advice, "diagnose", refuse)


@pytest.fixture
def classes(rng):
    """Return 200 rows of three numbers in two classes that can be told apart."""
    x = rng.normal(size=(200, 3)).astype(np.float32)
    return x, (x[:, 0] + x[:, 1] > 0).astype(np.float32)


@pytest.mark.usefixtures("unasked")
@pytest.mark.parametrize("optimizer", ["adam", "rmsprop", lm.optimizers.SGD(0.1)])
def test_a_healthy_training_is_not_looked_into(trainee, classes, optimizer):
    model = network(Dense(8, "relu"), Dense(1, "sigmoid"))

    assert heard(trainee(model, "binary_crossentropy", optimizer), *classes, epochs=15) == []


@pytest.mark.usefixtures("unasked")
def test_a_regression_that_begins_where_others_end_is_not_looked_into(dense, trainee, line):
    model = dense()
    model.set_weights({"dense": {"kernel": [[1.0], [-2.0], [0.5]], "bias": [1.0]}})
    x, y = line

    noisy = y + np.float32([0.1, -0.1] * 5)

    assert heard(trainee(model, optimizer="adam"), x, noisy, epochs=60, batch_size=5) == []


def test_a_small_loss_that_grows_is_still_small(dense, trainee, line):
    model = dense()
    model.set_weights({"dense": {"kernel": [[1.0], [-2.0], [0.5]], "bias": [1.0]}})

    assert heard(trainee(model, optimizer=lm.optimizers.Adam(0.01)), *line, epochs=60, batch_size=5) == []


@pytest.mark.usefixtures("unasked")
def test_a_loss_of_zero_need_not_fall(dense, trainee):
    model = dense(kernel_initializer="zeros")

    assert heard(trainee(model), np.ones((50, 3)), np.zeros(50), epochs=60) == []


def test_one_answer_for_one_target_is_right(trainee):
    x = np.random.default_rng(0).normal(size=(50, 3))
    model = network(Dense(4, "tanh"), Dense(1, "sigmoid"))

    assert heard(trainee(model, "binary_crossentropy", lm.optimizers.Adam(0.1)), x, np.ones(50), epochs=60) == []


def test_a_problem_that_takes_its_time_is_given_it(trainee):
    model = lm.Sequential([lm.Input((2,)), Dense(4, "tanh"), Dense(1, "sigmoid")]).build(seed=1)

    assert heard(trainee(model, "mse", lm.optimizers.SGD(0.5)), *XOR, epochs=1500, batch_size=4) == []


def test_dead_units_are_named(trainee, classes):
    hidden = Dense(8, "relu", bias_initializer=lm.initializers.Constant(-10.0))
    trained = trainee(network(hidden, Dense(1, "sigmoid")), "binary_crossentropy", "adam")

    (warning,) = heard(trained, *classes, epochs=20)

    assert warning.category is DeadUnitsWarning
    message = str(warning.message)
    assert message.startswith("fit, epoch ")
    assert ": expected training that leads somewhere, got a loss of 0.69" in message
    assert "; dense (Dense): 8 of 8 units are 0 for every row given: dead.\n  Fix: try a lower learning rate" in message
    assert message.endswith('to hear no more of it, lamina.config.silence("dead_units").')


def test_gradients_that_vanish_are_named(trainee, classes):
    layers = [Dense(8, "sigmoid") for _ in range(20)]
    trained = trainee(network(*layers, Dense(1, "sigmoid")), "binary_crossentropy", "adam")

    (warning,) = heard(trained, *classes, epochs=40)

    assert warning.category is VanishingGradientsWarning
    assert re.search(r"; dense\w* \(Dense\): its gradient is .*: it vanishes on the way back", str(warning.message))


def test_a_loss_that_grows_out_of_all_proportion_is_named(trainee, classes):
    trained = trainee(network(Dense(8, "relu"), Dense(1, "sigmoid")), "binary_crossentropy", lm.optimizers.Adam(1000.0))

    caught = heard(trained, *classes, epochs=5)

    assert ExplodingGradientsWarning in kinds(caught)
    assert len(set(kinds(caught))) == len(caught)


def test_a_first_row_that_is_met_by_chance_is_no_measure_of_growth(dense, trainee):
    model = dense(features=1, kernel_initializer=lm.initializers.Constant(0.1))
    trained = trainee(model, optimizer=lm.optimizers.SGD(1e-9))
    x = np.ones((20, 1), np.float32)
    x[0] = 0.01
    first = trained.evaluate(x[:1], np.zeros(1))["loss"]

    history = trained.fit(x, np.zeros(20), callbacks=[Advice()], epochs=1, batch_size=1, shuffle=False)

    assert history.history["loss"][0] > _advice.GROWN * first > 0  # which would have been a warning


def test_at_the_end_a_loss_that_never_fell_is_named_even_without_a_sign(trainee, classes):
    trained = trainee(network(Dense(1, "sigmoid")), "binary_crossentropy", lm.optimizers.SGD(1e-9))
    x, y = classes

    (warning,) = heard(trained, x, y, epochs=10)

    assert warning.category is StuckLossWarning
    assert str(warning.message).startswith("fit, epoch 10: expected training that leads somewhere")
    assert "the model: no layer looks wrong.\n  Fix: try a learning rate ten times as high or as low" in str(
        warning.message
    )


def test_few_steps_tell_nothing(trainee, classes):
    trained = trainee(network(Dense(1, "sigmoid")), "binary_crossentropy", lm.optimizers.SGD(1e-9))

    assert heard(trained, *classes, epochs=10, batch_size=200) == []


def test_an_error_of_divergence_says_which_layer_it_was(trainee, line):
    layers = [Dense(8, kernel_initializer=lm.initializers.Constant(5.0)) for _ in range(8)]
    trained = trainee(network(*layers, Dense(1)), "mse", lm.optimizers.SGD(1.0))

    with pytest.raises(DivergedError, match=r"(?s)finite weights.*Fix: .*\n  Seen before: dense_\d \(Dense\): its "):
        trained.fit(*line, callbacks=[Advice()], epochs=5)


def test_the_warning_stands_at_the_users_own_line(classes):
    model = network(Dense(1, "sigmoid"))
    model.compile(lm.optimizers.SGD(1e-9), "binary_crossentropy")

    with pytest.warns(TrainingWarning) as caught:
        model.fit(*classes, epochs=10, verbose=0)

    assert caught[0].filename == __file__
