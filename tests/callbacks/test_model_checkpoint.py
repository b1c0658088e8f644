import os

import numpy as np
import pytest

import lamina as lm
from lamina.callbacks import ModelCheckpoint
from lamina.errors import ArgumentError


class Kept:
    """A model that notes what it was told to save."""

    learning_rate = 0.1

    def __init__(self, session):
        self.saved, self.state = [], session.model.state
        session.model = self

    def save(self, path):
        self.saved.append(os.path.basename(path))

    save_weights = save


def saved(session_of, callback, *, batches=(), **values):
    """Return the names of the files that a callback saves, epoch by epoch."""
    names = list(values)
    session = session_of(callback, names)
    callback.model = Kept(session)
    callback.on_train_begin()
    for epoch, row in enumerate(zip(*values.values(), strict=True)):
        callback.on_epoch_begin(epoch)
        for batch in batches:
            callback.on_train_batch_end(batch, {"loss": row[0]})
        callback.on_epoch_end(epoch, dict(zip(names, row, strict=True)))
    return callback.model.saved


@pytest.mark.parametrize(
    ("arguments", "files"),
    [
        ({}, ["1", "2", "3", "4"]),
        ({"save_best_only": True}, ["1", "3"]),
        ({"save_best_only": True, "mode": "max"}, ["1", "2"]),
        ({"save_best_only": True, "initial_value_threshold": 2.5}, ["3"]),
        ({"save_best_only": True, "initial_value_threshold": 0.5}, []),
        ({"save_best_only": True, "save_weights_only": True}, ["1", "3"]),
    ],
)
def test_which_epochs_are_saved(session_of, tmp_path, arguments, files):
    callback = ModelCheckpoint(tmp_path / "{epoch}", "loss", **arguments)

    assert saved(session_of, callback, loss=[3.0, 4.0, 1.0, 2.0]) == files


def test_names_may_have_values_in_them(session_of, tmp_path):
    callback = ModelCheckpoint(str(tmp_path / "{epoch:02d}-{val_loss:.3f}-{val_kind/accuracy:.1f}.safetensors"))

    files = saved(session_of, callback, loss=[1.0], val_loss=[0.12345], **{"val_kind/accuracy": [0.5]})

    assert files == ["01-0.123-0.5.safetensors"]


def test_batches_are_saved_where_asked(session_of, tmp_path):
    callback = ModelCheckpoint(tmp_path / "{epoch}-{batch}", save_freq=50)

    files = saved(session_of, callback, batches=[49, 99], loss=[1.0, 0.5])

    assert callback.wants_batches == 50
    assert files == ["1-50", "1-100", "2-50", "2-100"]


def test_the_best_of_earlier_training_is_forgotten(session_of, tmp_path):
    callback = ModelCheckpoint(tmp_path / "best", "loss", save_best_only=True)
    saved(session_of, callback, loss=[1.0])

    assert saved(session_of, callback, loss=[3.0, 2.0, 4.0]) == ["best", "best"]


def test_the_state_carries_the_best_value(session_of, tmp_path):
    first, second = (ModelCheckpoint(tmp_path / "best", "loss", save_best_only=True) for _ in range(2))
    saved(session_of, first, loss=[1.0])
    saved(session_of, second, loss=[9.0])

    second.restore(first.state())
    second.on_epoch_end(1, {"loss": 2.0})

    assert second.model.saved == ["best"]


def test_a_saved_model_is_the_model_of_its_epoch(model, data, tmp_path):
    callback = ModelCheckpoint(tmp_path / "new" / "{epoch}.safetensors")

    model.fit(*data, epochs=2, callbacks=[callback], verbose=0, seed=1)

    last, first = lm.load(tmp_path / "new" / "2.safetensors"), lm.load(tmp_path / "new" / "1.safetensors")
    np.testing.assert_array_equal(last.predict(data[0]), model.predict(data[0]))
    assert not np.array_equal(first.predict(data[0]), model.predict(data[0]))


def test_saved_weights_can_be_loaded(model, data, tmp_path, capsys):
    callback = ModelCheckpoint(tmp_path / "weights", save_weights_only=True, verbose=1)
    model.fit(*data, epochs=1, callbacks=[callback], verbose=0, seed=1)
    expected = model.predict(data[0])
    model.fit(*data, epochs=1, verbose=0)

    model.load_weights(tmp_path / "weights")

    np.testing.assert_array_equal(model.predict(data[0]), expected)
    assert capsys.readouterr().out == f"Epoch 1: saved {tmp_path / 'weights'}.\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"filepath": "{epoch}-{val_los:.2f}"},
            r"filepath\): .*'epoch', .*got 'val_los'\.\n  Fix: did you mean 'val_loss'",
        ),
        ({"filepath": "{batch}"}, r"filepath\): expected the names of values that are reported.*, got 'batch'"),
        ({"filepath": "{}"}, r"filepath\): expected the names of values that are reported.*, got ''"),
        ({"filepath": "{loss.real}"}, r"filepath\): expected the names of values that are reported.*, got 'loss.real'"),
        (
            {"filepath": "a", "save_best_only": True, "monitor": "acc"},
            r"monitor\): expected 'loss' or 'val_loss', got 'acc'",
        ),
        (
            {"filepath": "a", "save_best_only": True, "save_freq": 5},
            r"monitor\): expected the names of values that are reported: 'epoch', 'batch' and 'loss', got 'val_loss'",
        ),
    ],
)
def test_what_will_not_be_reported_is_refused_before_the_first_epoch(session_of, arguments, message):
    callback = ModelCheckpoint(**arguments)
    session_of(callback, ["loss", "val_loss"])

    with pytest.raises(ArgumentError, match=rf"^ModelCheckpoint\({message}"):
        callback.on_train_begin()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"save_freq": 0}, r"\(save_freq\): expected a positive integer, got 0"),
        ({"save_freq": "batch"}, r"\(save_freq\): expected a positive integer, got 'batch'"),
        ({"save_best_only": 1}, r"\(save_best_only\): expected True or False, got 1"),
        ({"save_weights_only": 1}, r"\(save_weights_only\): expected True or False, got 1"),
        ({"mode": "best"}, r"\(mode\): expected 'auto', 'min' or 'max', got 'best'"),
        ({"filepath": 5}, r"\(filepath\): expected the path of a file, got 5"),
        (
            {"filepath": "{epoch"},
            r"\(filepath\): expected names in braces, .*, got '{epoch' \(.*\)\.\n  Fix: write it as",
        ),
        ({"filepath": "{loss:d}"}, r"\(filepath\): expected names in braces, with formats for numbers, got '{loss:d}'"),
        ({"initial_value_threshold": "x"}, r"\(initial_value_threshold\): expected a finite number, got 'x'"),
    ],
)
def test_arguments_are_checked(arguments, message):
    with pytest.raises(ArgumentError, match=f"^ModelCheckpoint{message}"):
        ModelCheckpoint(**{"filepath": "a"} | arguments)


def test_a_folder_that_cannot_be_made_is_an_error_with_its_name(model, data, tmp_path):
    (tmp_path / "taken").touch()

    with pytest.raises(ArgumentError, match=r"^ModelCheckpoint\(filepath\): expected a path that can be written, got "):
        model.fit(*data, callbacks=[ModelCheckpoint(tmp_path / "taken" / "{epoch}")], verbose=0)
