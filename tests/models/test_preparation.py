import copy
import pickle

import numpy as np
import pytest

import lamina as lm
from lamina.errors import ArgumentError, ShapeError, StageError
from lamina.layers import Dense, Dropout, Embedding, Flatten, Layer
from lamina.optimizers import SGD, Adam, ClipNorm
from lamina.schedules import ExponentialDecay

X = np.linspace(-1, 1, 24, dtype=np.float32).reshape(6, 4)
Y = X[:, 0]


def compiled(optimizer="sgd"):
    model = lm.Sequential([lm.Input((4,)), Dense(3), Dense(1)])
    model.compile(optimizer, "mse")
    return model


def test_a_loss_is_needed():
    with pytest.raises(ArgumentError, match=r"compile\(loss\): expected a loss, got None"):
        lm.Sequential([lm.Input((4,)), Dense(1)]).compile("adam")


@pytest.mark.parametrize("verb", ["fit", "evaluate", "train_on_batch", "test_on_batch"])
def test_a_model_that_is_not_compiled_says_so(verb):
    model = lm.Sequential([lm.Input((4,)), Dense(1)])

    with pytest.raises(StageError, match=r"sequential: expected a compiled model.*\n.*model\.compile"):
        getattr(model, verb)(X, Y)


def test_compiling_again_starts_the_optimizer_anew_and_keeps_the_weights():
    model = compiled(Adam(0.1))
    model.fit(X, Y, verbose=0)
    model.learning_rate = 0.5
    weights = model.get_weights("dense")["kernel"]

    model.compile(Adam(0.2), "mae")

    assert model.learning_rate == pytest.approx(0.2)
    assert model.state.optimizer is None
    np.testing.assert_array_equal(model.get_weights("dense")["kernel"], weights)
    assert list(model.evaluate(X, Y)) == ["loss"]


def test_a_shape_is_taken_from_the_first_data_whatever_the_verb():
    def fresh():
        model = lm.Sequential([Dense(3), Dense(1)])
        model.compile("sgd", "mse")
        return model

    for ask in (
        lambda model: model.fit(X, Y, verbose=0),
        lambda model: model.evaluate(X, Y),
        lambda model: model.predict(X),
        lambda model: model.train_on_batch(X, Y),
        lambda model: model(X),
        lambda model: model(lm.Input((4,))),
        lambda model: model.build((None, 4)),
    ):
        model = fresh()
        ask(model)
        assert model.input_shape == (None, 4)


def test_one_number_a_row_makes_one_feature():
    model = lm.Sequential([Dense(2)])

    assert model.predict([1.0, 2.0, 3.0]).shape == (3, 2)
    assert model.input_shape == (None, 1)


def test_the_first_layer_says_which_numbers_it_reads():
    model = lm.Sequential([lm.Sequential([Embedding(10, 4), Flatten()]), Dense(1)])

    model.predict(np.array([[1, 2], [3, 4]]))

    assert model.inputs[0].dtype == "int32"


def test_data_that_was_refused_leaves_no_shape_behind():
    model = lm.Sequential([Dense(1)])
    model.compile("sgd", "mse")
    with pytest.raises(lm.errors.DataError):
        model.fit(X.T, Y, verbose=0)

    model.fit(X, Y, verbose=0)

    assert model.input_shape == (None, 4)


def test_data_of_another_shape_is_refused_once_there_are_weights():
    model = lm.Sequential([Dense(1)])
    model.predict(X)

    with pytest.raises(ShapeError, match=r"dense \(Dense\): expected an input of shape \(batch, 4\), got \(6, 3\)"):
        model.predict(X[:, :3])


def test_build_returns_the_model_with_its_weights():
    model = lm.Sequential([Dense(2)])

    assert model.build((None, 4), seed=3) is model
    assert model.seed == 3
    assert model.count_params() == 10


def test_build_refuses_another_shape_and_a_seed_that_comes_too_late():
    model = compiled().build()

    with pytest.raises(ShapeError, match=r"build\(input_shape\): expected the shape .*\(None, 4\), got \(None, 5\)"):
        model.build((None, 5))
    with pytest.raises(StageError, match=r"build\(seed\): expected a model without weights yet"):
        model.build(seed=1)


def test_the_learning_rate_is_read_and_changed_like_a_number():
    model = compiled(SGD(0.5))
    assert model.learning_rate == 0.5

    model.learning_rate /= 10

    assert model.learning_rate == pytest.approx(0.05)
    assert model.optimizer.learning_rate == pytest.approx(0.05)


def test_a_learning_rate_of_zero_changes_nothing():
    model = compiled(SGD(0.5))
    before = model.predict(X)

    model.learning_rate = 0.0
    model.fit(X, Y, verbose=0)

    np.testing.assert_array_equal(model.predict(X), before)


def test_the_learning_rate_inside_a_list_of_links_can_be_changed():
    model = compiled([ClipNorm(1.0), SGD(0.5)])

    model.learning_rate = 0.25

    assert model.learning_rate == 0.25


def test_a_schedule_is_followed_and_not_overwritten():
    model = compiled(SGD(ExponentialDecay(0.1, decay_steps=1, decay_rate=0.5)))
    model.fit(X, Y, epochs=2, verbose=0)

    assert model.learning_rate == pytest.approx(0.025)
    with pytest.raises(ArgumentError, match="expected an optimizer whose learning rate is a number, got SGD"):
        model.learning_rate = 0.1


def test_there_is_no_learning_rate_before_compile():
    model = lm.Sequential([lm.Input((4,)), Dense(1)])

    assert model.optimizer is None
    with pytest.raises(StageError, match="expected a compiled model"):
        assert model.learning_rate


class Counted(Layer):
    """A layer that counts how often Python enters it, which is while a program is being compiled."""

    times = 0

    def call(self, weights, x, context):
        Counted.times += 1
        return x


def test_changing_a_setting_does_not_compile_again():
    model = lm.Sequential([lm.Input((4,)), Counted(), Dropout(0.5), Dense(1)])
    model.compile("sgd", "mse")
    model.fit(X, Y, verbose=0)
    model.predict(X)
    before = Counted.times

    model.learning_rate = 0.3
    model.set(rate=0.1)
    model.fit(X, Y, verbose=0)
    model.predict(X)

    assert Counted.times == before


@pytest.mark.parametrize("keep", [pickle.dumps, copy.copy])
def test_a_model_is_not_pickled(keep):
    with pytest.raises(StageError, match=r"got pickle or copy\.copy\.\n  Fix: call model\.save\(path\)"):
        keep(compiled())


def test_the_optimizer_shows_plain_numbers():
    model = lm.Sequential([lm.Input((1,)), lm.layers.Dense(1)])
    model.compile("adam", "mse")
    model.fit([[0.0], [1.0]], [0.0, 1.0], verbose=0)

    assert repr(model.optimizer) == repr(lm.optimizers.Adam())
    assert model.learning_rate == 0.001
