import os
import re
import signal
import threading

import jax
import numpy as np
import pytest

from lamina.errors import DivergedError
from lamina.optimizers import SGD, Accumulate, AverageWeights
from lamina.training import Callback
from lamina.training._loop import STRETCH_SECONDS, Interrupt, Pace


@pytest.fixture(scope="module")
def regression(dense, trainee):
    return trainee(dense(), "mse", SGD(0.1))


class Each(Callback):
    """Do something whenever training is back in Python."""

    def __init__(self, action):
        self.action = action
        self.ended = 0

    def on_progress(self, done, logs):
        self.action(self)

    def on_train_end(self, logs):
        self.ended += 1


def press(_=None):
    os.kill(os.getpid(), signal.SIGINT)


def test_stretches_grow_to_a_fifth_of_a_second():
    pace, lengths = Pace(), []
    for _ in range(6):
        lengths.append(pace.steps())
        pace.learn(lengths[-1], 1.0 if len(lengths) == 1 else lengths[-1] * 1e-4)

    assert lengths == [1, 1, 64, 2000, 2000, 2000]
    assert pytest.approx(2000 * 1e-4) == STRETCH_SECONDS


def test_stretches_shrink_at_once_and_never_below_a_step():
    pace, lengths = Pace(), []
    for seconds in (1e-4, 1e-4, 10.0, 1e9, 1.0):
        pace.learn(pace.steps(), seconds)
        lengths.append(pace.steps())

    assert lengths == [64, 4096, 81, 1, 1]


def test_ctrl_c_ends_training_and_keeps_what_was_reached(regression, line):
    before = signal.getsignal(signal.SIGINT)
    watcher = Each(press)

    history = regression.restarted().fit(*line, batch_size=2, epochs=100, callbacks=[watcher])

    assert history.interrupted
    assert watcher.session.interrupted
    assert history.epoch == []
    assert int(regression.state.step) == 1
    assert watcher.ended == 1
    assert signal.getsignal(signal.SIGINT) is before


def test_ctrl_c_in_the_last_stretch_of_an_epoch_keeps_the_epoch(regression, line):
    history = regression.restarted().fit(*line, batch_size=10, epochs=100, callbacks=[Each(press)])

    assert history.interrupted
    assert history.epoch == [0]


def test_training_goes_on_where_ctrl_c_left_it(regression, line):
    regression.restarted().fit(*line, batch_size=10, epochs=2)
    expected = regression.numbers()

    regression.restarted().fit(*line, batch_size=10, epochs=2, callbacks=[Each(press)])
    regression.fit(*line, batch_size=10, epochs=2, initial_epoch=1)

    np.testing.assert_array_equal(regression.numbers(), expected)


def test_a_second_ctrl_c_acts_at_once(regression, line):
    before = signal.getsignal(signal.SIGINT)
    watcher = Each(lambda _: (press(), press()))

    with pytest.raises(KeyboardInterrupt):
        regression.restarted().fit(*line, batch_size=2, callbacks=[watcher])

    assert int(regression.state.step) == 1
    assert watcher.ended == 1
    assert signal.getsignal(signal.SIGINT) is before


def test_a_thread_trains_without_touching_signals(regression, line):
    histories, before = [], signal.getsignal(signal.SIGINT)
    thread = threading.Thread(target=lambda: histories.append(regression.restarted().fit(*line, epochs=2)))

    thread.start()
    thread.join(60)

    assert histories[0].epoch == [0, 1]
    assert signal.getsignal(signal.SIGINT) is before


def test_the_wish_to_stop_is_noted_once():
    with Interrupt() as interrupt:
        assert not interrupt.wished
        press()
        assert interrupt.wished


def test_an_error_of_a_callback_leaves_the_state_it_saw(regression, line):
    seen = []

    def fail(callback):
        seen.append(callback.model.numbers())
        if len(seen) == 3:
            raise ZeroDivisionError

    watcher = Each(fail)
    watcher.wants_batches = True

    with pytest.raises(ZeroDivisionError):
        regression.restarted().fit(*line, batch_size=2, callbacks=[watcher])

    assert int(regression.state.step) == 3
    np.testing.assert_array_equal(regression.numbers(), seen[-1])
    assert watcher.ended == 1


@pytest.mark.parametrize("rate", [1e6, 1e30])
def test_numbers_that_leave_the_finite_restore_the_last_good_state(regression, line, rate):
    states = []
    watcher = Each(lambda callback: states.append(callback.model.numbers()))
    regression.restarted(**{"optimizer/learning_rate": rate})
    states.append(regression.numbers())

    advice = re.escape(f"try a learning rate of {rate / 10:g}, scale the inputs to about -1 … 1, or clip gradients")
    message = rf"^epoch \d+, step \d+: expected a finite loss .* are restored\.\n  Fix: {advice}"
    with pytest.raises(DivergedError, match=message):
        regression.fit(*line, batch_size=4, epochs=50, callbacks=[watcher])

    assert np.isfinite(regression.numbers()).all()
    np.testing.assert_array_equal(regression.numbers(), states[-1])
    assert watcher.ended == 1


def test_the_error_names_the_epoch_and_step(regression, line):
    x, y = line[0], np.array([0, 0, 0, 0, 0, 0, 0, 0, 0, 3e38], np.float32)
    regression.restarted()

    with pytest.raises(DivergedError, match=r"^epoch 3, step 5: "):
        regression.fit(x, y, batch_size=2, epochs=3, initial_epoch=2, shuffle=False)


def test_a_single_batch_that_diverges_changes_nothing(regression, line):
    before = regression.restarted().numbers()

    with pytest.raises(DivergedError, match=r"^train_on_batch: expected a finite loss"):
        regression.train_on_batch(line[0], np.full(10, 3e38))

    np.testing.assert_array_equal(regression.numbers(), before)
    assert int(regression.state.step) == 0


def test_advice_names_no_learning_rate_where_a_schedule_decides(dense, trainee, line):
    scheduled = trainee(dense(), "mse", SGD(lambda step: 1e30))

    with pytest.raises(DivergedError, match=r"\n  Fix: try a smaller learning rate, scale the inputs"):
        scheduled.fit(*line, epochs=5)


def test_averages_become_the_weights_when_training_ends(dense, trainee, line):
    averaging = trainee(dense(), "mse", [SGD(0.1), AverageWeights(0.5)])
    seen = []
    watcher = Each(lambda callback: seen.append(callback.model.weights()["kernel"]))
    watcher.wants_batches = True

    averaging.fit(*line, batch_size=5, epochs=2, callbacks=[watcher])

    average = seen[0]
    for kernel in seen[1:]:
        average = 0.5 * average + 0.5 * kernel
    np.testing.assert_allclose(averaging.weights()["kernel"], average, rtol=1e-5)
    kept = averaging.numbers()
    averaging.fit(*line, epochs=0)
    np.testing.assert_array_equal(averaging.numbers(), kept)


def test_averages_obey_constraints(dense, trainee, line):
    model = dense(kernel_constraint="unit_norm")
    averaging = trainee(model, "mse", [SGD(0.1), AverageWeights(0.5)])

    averaging.fit(*line, batch_size=5, epochs=2)

    assert np.linalg.norm(averaging.weights()["kernel"]) == pytest.approx(1, rel=1e-6)


def test_several_batches_make_one_update(dense, trainee, line):
    accumulating = trainee(dense(), "mse", [Accumulate(2), SGD(0.1)])
    whole = trainee(dense(), "mse", SGD(0.1))

    accumulating.fit(*line, batch_size=5, shuffle=False)
    whole.fit(*line, batch_size=10, shuffle=False)

    np.testing.assert_allclose(accumulating.numbers(), whole.numbers(), rtol=1e-5)


def test_settings_changed_between_epochs_act_without_compiling_again(regression, line):
    class Halve(Callback):
        def on_epoch_end(self, epoch, logs):
            settings = self.model.state.settings
            rate = {"optimizer/learning_rate": np.float32(settings["optimizer/learning_rate"] / 2)}
            self.model.state = self.model.state.replace(settings=settings | rate)

    regression.restarted(**{"optimizer/learning_rate": 0.1}).fit(*line, epochs=2, callbacks=[Halve()])
    halved = regression.numbers()
    with jax.no_tracing(True):
        regression.restarted(**{"optimizer/learning_rate": 0.1}).fit(*line, epochs=1)
        regression.state = regression.state.replace(settings={"optimizer/learning_rate": np.float32(0.05)})
        regression.fit(*line, epochs=2, initial_epoch=1)

    np.testing.assert_array_equal(regression.numbers(), halved)


def test_training_may_end_in_the_middle_of_an_epoch(regression, line):
    told = []

    class Hurry(Callback):
        wants_batches = 3

        def on_train_batch_end(self, batch, logs):
            self.session.stop_now = True

        def on_interrupt(self):
            told.append(self.session.position.done)

    history = regression.restarted().fit(*line, batch_size=2, epochs=9, callbacks=[Hurry()])

    assert told == [3]
    assert (history.epoch, history.interrupted, history.weights_epoch) == ([], False, None)
    assert int(regression.state.step) == 3


def test_the_history_says_which_epochs_weights_the_model_has(regression, line):
    whole = regression.restarted().fit(*line, epochs=3)
    interrupted = regression.fit(*line, batch_size=2, epochs=3, callbacks=[Each(press)])

    assert whole.weights_epoch == 2
    assert interrupted.weights_epoch is None


def test_divergence_may_be_tolerated(regression, line):
    errors = []

    class Tolerant(Callback):
        def on_divergence(self, error):
            errors.append(str(error))
            self.session.stop_training = True

    regression.restarted(**{"optimizer/learning_rate": 1e6})

    history = regression.fit(*line, batch_size=4, epochs=50, callbacks=[Tolerant()])

    assert len(errors) == 1
    assert 0 <= len(history.epoch) < 50
    assert np.isfinite(regression.numbers()).all()


def test_numbers_of_callbacks_stand_in_the_record(regression, line):
    class Report(Callback):
        def on_epoch_begin(self, epoch):
            self.session.reported["ten"] = 10.0 * epoch

    history = regression.restarted().fit(*line, epochs=2, callbacks=[Report()])

    assert history.history["ten"] == [0.0, 10.0]
