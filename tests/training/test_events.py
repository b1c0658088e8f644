import pytest

from lamina.errors import ArgumentError
from lamina.training import Callback


class Recorder(Callback):
    """Write down what is told, and what can be seen of the training."""

    def __init__(self):
        self.told = []

    def on_train_begin(self):
        self.told.append("train begins")

    def on_train_end(self, logs):
        self.told.append(f"train ends with {sorted(logs)}")

    def on_epoch_begin(self, epoch):
        self.told.append(f"epoch {epoch} begins")

    def on_epoch_end(self, epoch, logs):
        self.told.append(f"epoch {epoch} ends with {sorted(logs)}")

    def on_test_begin(self):
        self.told.append("test begins")

    def on_test_end(self, logs):
        self.told.append(f"test ends with {sorted(logs)}")


class BatchRecorder(Callback):
    wants_batches = True

    def __init__(self):
        self.batches = []

    def on_train_batch_end(self, batch, logs):
        self.batches.append((batch, int(self.model.state.step), logs["loss"]))


@pytest.fixture(scope="module")
def regression(dense, trainee):
    return trainee(dense())


def test_events_come_in_order(regression, line):
    recorder = Recorder()

    regression.restarted().fit(*line, epochs=3, initial_epoch=1, validation_split=0.2, callbacks=[recorder])

    logs = ["loss", "val_loss"]
    assert recorder.told == [
        "train begins",
        "epoch 1 begins",
        "test begins",
        "test ends with ['loss']",
        f"epoch 1 ends with {logs}",
        "epoch 2 begins",
        "test begins",
        "test ends with ['loss']",
        f"epoch 2 ends with {logs}",
        f"train ends with {logs}",
    ]


def test_a_callback_that_asks_sees_every_batch_with_the_weights_after_it(regression, line):
    recorder = BatchRecorder()

    regression.restarted().fit(*line, batch_size=4, epochs=2, callbacks=[recorder, Recorder()])

    assert [batch for batch, _, _ in recorder.batches] == [0, 1, 2, 0, 1, 2]
    assert [step for _, step, _ in recorder.batches] == [1, 2, 3, 4, 5, 6]


def test_batches_that_are_watched_train_the_same(regression, line):
    quiet = regression.restarted().fit(*line, batch_size=4, epochs=2).history
    weights = regression.numbers()

    watched = regression.restarted().fit(*line, batch_size=4, epochs=2, callbacks=[BatchRecorder()]).history

    assert watched == quiet
    assert regression.numbers().tolist() == weights.tolist()


def test_a_callback_sees_the_session(regression, line):
    seen = {}

    class Curious(Callback):
        def on_train_begin(self):
            seen.update(vars(self.session), model=self.model)

    regression.restarted().fit(
        *line, batch_size=4, epochs=5, initial_epoch=2, validation_split=0.3, callbacks=[Curious()]
    )

    assert seen["model"] is regression
    assert seen["plan"] is regression.plan
    assert (seen["epochs"], seen["first_epoch"], seen["steps"], seen["rows"]) == (5, 2, 2, 7)
    assert seen["metrics"] == ("loss", "val_loss")


def test_a_callback_ends_training_after_the_epoch(regression, line):
    class Stop(Callback):
        def on_epoch_end(self, epoch, logs):
            self.session.stop_training = epoch == 1

    history = regression.restarted().fit(*line, epochs=10, callbacks=[Stop()])

    assert history.epoch == [0, 1]
    assert not history.interrupted


def test_one_callback_may_watch_several_fits(regression, line):
    recorder = Recorder()

    regression.restarted().fit(*line, callbacks=[recorder])
    regression.fit(*line, callbacks=[recorder])

    assert recorder.told.count("train begins") == 2


def test_an_event_that_does_not_exist_is_refused_when_the_class_is_written():
    with pytest.raises(
        ArgumentError, match=r"Hasty: expected known events, got 'on_epoch_ends'.\n  Fix: did you mean on_epoch_end\?"
    ):

        class Hasty(Callback):
            def on_epoch_ends(self, epoch, logs):
                """Never called."""


def test_writing_the_batch_event_is_asking_for_it():
    class Batches(Callback):
        def on_train_batch_end(self, batch, logs):
            """Called after each batch."""

    class Quiet(Batches):
        wants_batches = False

    assert Batches.wants_batches
    assert not Quiet.wants_batches
    assert not Callback.wants_batches


def test_every_nth_batch_since_training_began_is_told_to_who_asks_for_it(regression, line):
    class Third(BatchRecorder):
        wants_batches = 3

    third, each = Third(), BatchRecorder()
    regression.restarted().fit(*line, batch_size=3, epochs=2, callbacks=[third])
    regression.restarted().fit(*line, batch_size=3, epochs=2, callbacks=[third, each])

    assert [(batch, step) for batch, step, _ in third.batches] == [(2, 3), (1, 6)] * 2
    assert len(each.batches) == 8


def test_the_beginning_of_a_batch_is_told_before_its_end(regression, line):
    told = []

    class Both(Callback):
        def on_train_batch_begin(self, batch):
            told.append(("begins", batch, int(self.model.state.step)))

        def on_train_batch_end(self, batch, logs):
            told.append(("ends", batch, int(self.model.state.step)))

    regression.restarted().fit(*line, batch_size=5, callbacks=[Both()])

    assert told == [("begins", 0, 0), ("ends", 0, 1), ("begins", 1, 1), ("ends", 1, 2)]


def test_callbacks_are_told_by_their_turn_and_then_in_the_order_given(regression, line):
    order = []

    class Late(Callback):
        turn = 1

        def on_train_begin(self):
            order.append(type(self).__name__)

    class Early(Late):
        turn = -1

    class First(Late):
        turn = 0

    class Second(First):
        pass

    regression.restarted().fit(*line, epochs=0, callbacks=[Late(), First(), Early(), Second()])

    assert order == ["Early", "First", "Second", "Late"]


def test_only_who_was_told_of_the_beginning_is_told_of_the_end(regression, line):
    class Failing(Recorder):
        def on_train_begin(self):
            raise ZeroDivisionError

    before, failing, after = Recorder(), Failing(), Recorder()

    with pytest.raises(ZeroDivisionError):
        regression.restarted().fit(*line, callbacks=[before, failing, after])

    assert before.told == ["train begins", "train ends with []"]
    assert failing.told == ["train ends with []"]
    assert after.told == []


def test_a_callback_has_no_state_unless_it_says_so():
    callback = Callback()

    callback.restore({})

    assert callback.state() == {}
