import errno
import os

import numpy as np
import pytest

import lamina as lm
from lamina.callbacks import BackupAndRestore, CSVLogger, EarlyStopping, ReduceLROnPlateau, _backup_and_restore
from lamina.errors import ArgumentError, FormatError, LaminaWarning

OPTIONS = {"batch_size": 3, "epochs": 4, "validation_split": 0.25, "verbose": 0}


def fresh(units=4, seed=1):
    layers = [lm.layers.Dense(units, activation="tanh"), lm.layers.Dropout(0.2), lm.layers.Dense(1)]
    model = lm.Sequential([lm.Input((2,)), *layers])
    model.compile("adam", "mse", metrics=["mae"])
    return model.build(seed=seed)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "run"


@pytest.fixture
def cut_off(data, killed, folder):
    """Train into a folder of checkpoints until a batch in the third epoch."""
    with pytest.raises(ZeroDivisionError):
        fresh().fit(*data, **OPTIONS, checkpoint=folder, callbacks=[killed(8)], seed=5)


def files(folder):
    return sorted(os.listdir(folder))


def test_training_goes_on_as_if_never_stopped(data, cut_off, folder):
    whole, resumed = fresh(), fresh(seed=2)

    expected = whole.fit(*data, **OPTIONS, seed=5)
    history = resumed.fit(*data, **OPTIONS, checkpoint=folder, resume=True)

    np.testing.assert_array_equal(resumed.predict(data[0]), whole.predict(data[0]))
    assert history.history == expected.history
    assert history.epoch == [0, 1, 2, 3]
    assert history.params["seed"] == resumed.seed == 5
    resumed.fit(*data, epochs=1, verbose=0)
    whole.fit(*data, epochs=1, verbose=0)
    np.testing.assert_array_equal(resumed.predict(data[0]), whole.predict(data[0]))


def test_a_split_by_class_is_the_same_one_when_training_goes_on(data, killed, folder):
    x, y = data[0], (data[1] > np.median(data[1])).astype("int32")
    options = OPTIONS | {"validation_split": "stratified:0.25"}

    def classifier():
        model = lm.Sequential([lm.Input((2,)), lm.layers.Dense(1, activation="sigmoid")])
        model.compile("adam", "binary_crossentropy")
        return model

    whole, cut, resumed = classifier(), classifier(), classifier()
    with pytest.raises(ZeroDivisionError):
        cut.fit(x, y, **options, checkpoint=folder, resume=True, callbacks=[killed(8)])  # a seed is drawn
    history = resumed.fit(x, y, **options, checkpoint=folder, resume=True)  # another one would be
    expected = whole.fit(x, y, **options, seed=cut.seed)

    assert history.history == expected.history
    assert history.params["validation_split"] == "stratified:0.25"


def test_the_first_start_may_say_resume_as_well(data, folder):
    history = fresh().fit(*data, **OPTIONS, checkpoint=folder, resume=True)

    assert history.epoch == [0, 1, 2, 3]


def test_training_that_came_to_its_end_is_not_repeated(data, folder):
    first, again = fresh(), fresh(seed=2)
    expected = first.fit(*data, **OPTIONS, keep="best", checkpoint=folder)

    history = again.fit(*data, **OPTIONS, keep="best", checkpoint=folder, resume=True)

    assert history.history == expected.history
    assert history.weights_epoch == expected.weights_epoch
    np.testing.assert_array_equal(again.predict(data[0]), first.predict(data[0]))


def test_training_may_go_on_for_more_epochs(data, folder):
    whole, longer = fresh(), fresh()
    expected = whole.fit(*data, **OPTIONS | {"epochs": 6}, seed=5)
    longer.fit(*data, **OPTIONS, checkpoint=folder, seed=5)

    history = longer.fit(*data, **OPTIONS | {"epochs": 6}, checkpoint=folder, resume=True)

    assert history.history == expected.history


def test_checkpoints_of_other_training_are_not_overwritten(data, cut_off, folder):
    before = files(folder)

    message = r"^fit\(checkpoint\): expected a folder without checkpoints, got '.*run', which has some\.\n  Fix: write"
    with pytest.raises(ArgumentError, match=message):
        fresh().fit(*data, **OPTIONS, checkpoint=folder)

    assert files(folder) == before


def test_a_damaged_checkpoint_costs_the_work_since_the_one_before(data, cut_off, folder):
    whole, resumed = fresh(), fresh()
    whole.fit(*data, **OPTIONS, seed=5)
    (folder / "000002.safetensors").write_bytes((folder / "000002.safetensors").read_bytes()[:-1])

    with pytest.warns(LaminaWarning, match=r"^fit\(checkpoint\): passed over a checkpoint\. 000002"):
        resumed.fit(*data, **OPTIONS, checkpoint=folder, resume=True)

    np.testing.assert_array_equal(resumed.predict(data[0]), whole.predict(data[0]))


@pytest.mark.parametrize(
    ("make", "options", "error", "message"),
    [
        (lambda: fresh(units=5), {}, FormatError, r"^fit\(checkpoint\).*: expected shape \(\d"),
        (fresh, {"batch_size": 4}, ArgumentError, "expected the data, batch size and shuffle of the training"),
    ],
)
def test_checkpoints_of_another_model_or_other_data_are_refused(data, cut_off, folder, make, options, error, message):
    with pytest.raises(error, match=message):
        make().fit(*data, **OPTIONS | options, checkpoint=folder, resume=True)


def test_a_checkpoint_is_no_model(cut_off, folder):
    with pytest.raises(
        FormatError, match=r"^000001\.safetensors: expected a whole model, got a checkpoint of training\.\n"
    ):
        lm.load(folder / "000001.safetensors")


def test_checkpoints_are_written_within_an_epoch_where_asked(data, folder, killed):
    with pytest.raises(ZeroDivisionError):
        fresh().fit(*data, **OPTIONS, callbacks=[BackupAndRestore(folder, 2), killed(5)], seed=5)

    assert files(folder) == [*(f"00000{number}.safetensors" for number in (1, 2, 3)), "manifest.json"]


def test_a_checkpoint_is_written_every_minute_of_a_long_epoch(data, folder, killed, monkeypatch):
    monkeypatch.setattr(_backup_and_restore, "SECONDS_BETWEEN", 0.0)

    with pytest.raises(ZeroDivisionError):
        fresh().fit(*data, **OPTIONS, checkpoint=folder, callbacks=[killed(3)], seed=5)

    assert files(folder) == ["000001.safetensors", "000002.safetensors", "manifest.json"]


def test_ctrl_c_leaves_a_checkpoint_of_the_moment(data, folder):
    class Hurry(lm.callbacks.Callback):
        wants_batches = True

        def on_train_batch_end(self, batch, logs):
            self.session.stop_now = self.session.batches == 4

    whole, resumed = fresh(), fresh()
    whole.fit(*data, **OPTIONS, seed=5)
    fresh().fit(*data, **OPTIONS, checkpoint=folder, callbacks=[Hurry()], seed=5)

    history = resumed.fit(*data, **OPTIONS, checkpoint=folder, resume=True)

    assert history.epoch == [0, 1, 2, 3]
    np.testing.assert_array_equal(resumed.predict(data[0]), whole.predict(data[0]))


def test_the_best_checkpoint_is_kept(data, folder):
    model = fresh()
    model.learning_rate = 0.5
    history = model.fit(*data, **OPTIONS | {"epochs": 12}, checkpoint=folder, seed=5)
    best = history.best()["epoch"] + 1

    model.load_weights(folder / f"{best:06}.safetensors")

    x, y = data
    assert model.evaluate(x[9:], y[9:])["loss"] == pytest.approx(min(history.history["val_loss"]), rel=1e-5)


def test_keras_name_for_it_removes_the_checkpoints_at_the_end(data, folder, cut_off):
    resumed = fresh()

    history = resumed.fit(*data, **OPTIONS, callbacks=[BackupAndRestore(folder)])

    assert history.epoch == [0, 1, 2, 3]
    assert not folder.exists()


def test_the_state_of_other_callbacks_goes_on_too(data, folder, killed, tmp_path):
    def callbacks(name):
        stopping = EarlyStopping("loss", patience=2, min_delta=0.5, restore_best_weights=True)
        return [stopping, ReduceLROnPlateau("loss", patience=1, min_delta=0.5), CSVLogger(tmp_path / name)]

    whole, resumed, options = fresh(), fresh(), OPTIONS | {"epochs": 9}
    expected = whole.fit(*data, **options, callbacks=callbacks("whole.csv"), seed=5)
    with pytest.raises(ZeroDivisionError):
        fresh().fit(*data, **options, checkpoint=folder, callbacks=[*callbacks("cut.csv"), killed(8)], seed=5)

    history = resumed.fit(*data, **options, checkpoint=folder, resume=True, callbacks=callbacks("cut.csv"))

    assert history.history == expected.history
    assert history.weights_epoch == expected.weights_epoch
    assert (tmp_path / "cut.csv").read_text() == (tmp_path / "whole.csv").read_text()
    np.testing.assert_array_equal(resumed.predict(data[0]), whole.predict(data[0]))


def test_a_full_disk_ends_training_with_an_error_and_keeps_the_model(data, folder, monkeypatch):
    model, original, calls = fresh(), os.fsync, []

    def full(handle):
        calls.append(handle)
        if len(calls) > 8:
            raise OSError(errno.ENOSPC, "No space left on device")
        original(handle)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(
        ArgumentError, match=r"^fit\(checkpoint\): expected a path that can be written, got .*No space left"
    ):
        model.fit(*data, **OPTIONS, checkpoint=folder, seed=5)
    monkeypatch.undo()

    assert int(model.state.step) == 9
    assert files(folder) == ["000001.safetensors", "000002.safetensors", "manifest.json"]
    assert fresh().fit(*data, **OPTIONS, checkpoint=folder, resume=True).epoch == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"save_freq": 0}, r"\(save_freq\): expected a positive integer, got 0"),
        ({"delete_checkpoint": 1}, r"\(delete_checkpoint\): expected True or False, got 1"),
        ({"resume": 1}, r"\(resume\): expected True or False, got 1"),
        ({"backup_dir": 5}, r"\(backup_dir\): expected the path of a folder, got 5"),
    ],
)
def test_arguments_are_checked(arguments, message):
    with pytest.raises(ArgumentError, match=f"^BackupAndRestore{message}"):
        BackupAndRestore(**{"backup_dir": "folder"} | arguments)


def test_a_folder_that_is_no_path_is_refused_under_its_name_in_fit(data):
    with pytest.raises(ArgumentError, match=r"^fit\(checkpoint\): expected the path of a folder, got ''"):
        fresh().fit(*data, **OPTIONS, checkpoint="")
