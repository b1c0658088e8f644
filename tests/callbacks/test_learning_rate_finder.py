import numpy as np
import pytest

import lamina as lm
from lamina.callbacks import EarlyStopping, LearningRateFinder
from lamina.errors import ArgumentError, StageError


def arrays(model):
    state = model.state
    return [state.step, *lm.ops.tree_leaves((state.weights, state.optimizer)), *state.settings.values()]


@pytest.fixture
def found(model, data):
    """A finder that has been used, and the model before and after."""
    model.fit(*data, epochs=2, verbose=0, seed=1)
    before = [np.array(array) for array in arrays(model)]
    finder = LearningRateFinder(1e-4, 100.0, 40)
    history = model.fit(*data, batch_size=5, callbacks=[finder], verbose=0)
    return finder, before, [np.array(array) for array in arrays(model)], history


def test_the_model_is_left_as_it_was(found):
    _, before, after, history = found

    for own, other in zip(before, after, strict=True):
        np.testing.assert_array_equal(own, other)
    assert history.weights_epoch is None


def test_rates_grow_evenly_until_the_loss_is_much_larger(found):
    finder = found[0]

    steps = np.diff(np.log(finder.rates))
    assert finder.rates[0] == pytest.approx(1e-4)
    np.testing.assert_allclose(steps, np.log(1e6) / 39)
    assert 10 < len(finder.rates) == len(finder.losses) < 40


def test_the_loss_of_a_batch_is_its_own(model, data):
    x, y = data
    model.build()
    alone = model.evaluate(x[5:10], y[5:10])["loss"]
    finder = LearningRateFinder(1e-12, 1e-11, 10)

    model.fit(x, y, batch_size=5, shuffle=False, callbacks=[finder], verbose=0)

    assert len(finder.losses) == 10
    assert finder.losses[1] == pytest.approx(alone, rel=1e-5)


def test_the_rate_found_is_a_good_one(model, data):
    model.compile("sgd", "mse")
    model.build(seed=1)
    finder = LearningRateFinder(1e-5, 100.0)

    model.fit(*data, callbacks=[finder], verbose=0, seed=1)

    first = model.evaluate(*data)["loss"]
    model.learning_rate = finder.learning_rate
    model.fit(*data, epochs=30, verbose=0)
    assert 1e-3 < finder.learning_rate < 1
    assert model.evaluate(*data)["loss"] < first / 5


def test_divergence_ends_it_quietly(model, data):
    finder = LearningRateFinder(1e28, 1e38, 10)

    model.fit(data[0], data[1], callbacks=[finder], verbose=0)

    assert len(finder.rates) < 10
    assert np.isfinite(model.get_weights("dense")["kernel"]).all()


def test_it_goes_well_with_others(model, data):
    finder = LearningRateFinder(1e-4, 1e-3, 10)

    history = model.fit(*data, callbacks=[finder, EarlyStopping("loss", patience=1)], verbose=0)

    assert len(history.epoch) <= 10


def test_the_plot_shows_every_rate(found, tmp_path):
    finder = found[0]

    figure = finder.plot(tmp_path / "rates.png")

    line, smooth, marked = figure.axes[0].lines
    assert line.get_xdata().tolist() == smooth.get_xdata().tolist() == finder.rates
    assert marked.get_xdata() == [finder.learning_rate] * 2
    assert (tmp_path / "rates.png").stat().st_size > 1000


@pytest.mark.parametrize("ask", [lambda finder: finder.learning_rate, lambda finder: finder.plot()])
def test_nothing_is_known_before_fit(ask):
    with pytest.raises(
        StageError, match=r"^LearningRateFinder: expected rates that were tried, got none\.\n  Fix: call mo"
    ):
        ask(LearningRateFinder())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"start": 0}, r"\(start\): expected a finite number above 0, got 0"),
        ({"start": 1.0, "stop": 0.1}, r"\(stop\): expected a finite number above 1, got 0.1"),
        ({"steps": 3}, r"\(steps\): expected an integer of at least 10, got 3"),
    ],
)
def test_arguments_are_checked(arguments, message):
    with pytest.raises(ArgumentError, match=f"^LearningRateFinder{message}"):
        LearningRateFinder(**arguments)
