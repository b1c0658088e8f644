import pytest

from lamina.training import Callback


class Watching(Callback):
    """Write down where training is whenever Python is entered."""

    wants_batches = True

    def __init__(self):
        self.seen = []

    def note(self, event):
        position = self.session.position
        self.seen.append((event, position.epoch, position.first_step, position.done, self.session.batches))

    def on_epoch_begin(self, epoch):
        self.note("begin")

    def on_train_batch_end(self, batch, logs):
        assert self.session.position.values is logs
        self.note("batch")

    def on_epoch_end(self, epoch, logs):
        self.note("end")


@pytest.fixture(scope="module")
def regression(dense, trainee):
    return trainee(dense())


def test_the_position_is_where_training_goes_on_from(regression, line):
    watching = Watching()

    regression.restarted().fit(*line, batch_size=5, epochs=2, callbacks=[watching])

    assert watching.seen == [
        ("begin", 0, 0, 0, 0),
        ("batch", 0, 0, 1, 1),
        ("batch", 0, 0, 2, 2),
        ("end", 1, 2, 0, 2),
        ("begin", 1, 2, 0, 2),
        ("batch", 1, 2, 1, 3),
        ("batch", 1, 2, 2, 4),
        ("end", 2, 4, 0, 4),
    ]


def test_batches_are_counted_anew_in_each_call_of_fit(regression, line):
    watching = Watching()
    regression.restarted().fit(*line, batch_size=5)

    regression.fit(*line, batch_size=5, callbacks=[watching])

    assert watching.seen[0] == ("begin", 0, 2, 0, 0)
    assert watching.seen[-1] == ("end", 1, 4, 0, 2)
