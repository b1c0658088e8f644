import sys

import pytest

from lamina.callbacks import TensorBoard
from lamina.errors import ArgumentError, MissingDependencyError


def events_in(folder):
    """Return what a folder tells TensorBoard, as (name, step, kind)."""
    proto = pytest.importorskip("tensorboardX.proto.event_pb2")
    found = []
    for path in sorted(folder.iterdir()):
        data, start = path.read_bytes(), 0
        while start < len(data):  # length, its checksum, the event, its checksum
            length = int.from_bytes(data[start : start + 8], "little")
            event = proto.Event.FromString(data[start + 12 : start + 12 + length])
            start += 16 + length
            found += [(value.tag, event.step, value) for value in event.summary.value]
    return found


@pytest.fixture
def train(model, data, tmp_path):
    """Return a function that trains two epochs of three batches, and gives back what was written."""
    pytest.importorskip("tensorboardX")

    def run(**arguments):
        callback = TensorBoard(tmp_path, **arguments)
        history = model.fit(
            *data, epochs=2, batch_size=3, validation_split=0.25, callbacks=[callback], verbose=0, seed=1
        )
        return history, events_in(tmp_path / "train"), events_in(tmp_path / "validation")

    return run


def test_values_of_epochs_are_written_with_their_epoch(train):
    history, training, validation = train(write_graph=False)

    assert [(name, step) for name, step, _ in training] == [("epoch_loss", 0), ("epoch_loss", 1)]
    assert [value.simple_value for *_, value in training] == pytest.approx(history.history["loss"])
    assert [(name, step) for name, step, _ in validation] == [("epoch_loss", 0), ("epoch_loss", 1)]
    assert [value.simple_value for *_, value in validation] == pytest.approx(history.history["val_loss"])


@pytest.mark.parametrize(("update_freq", "steps"), [("batch", [1, 2, 3, 4, 5, 6]), (2, [2, 4, 6])])
def test_values_of_batches_are_written_with_a_step_that_goes_on(train, update_freq, steps):
    _, training, _ = train(update_freq=update_freq)
    _, again, _ = train(update_freq=update_freq)

    found = [step for name, step, _ in again if name == "batch_loss"]
    assert [step for name, step, _ in training if name == "batch_loss"] == steps
    assert found == steps + [step + 6 for step in steps]


def test_the_table_of_layers_is_written_as_text(train):
    _, training, _ = train()

    name, step, value = training[0]
    assert (name, step) == ("model/text_summary", 0)
    assert "dense (Dense)" in value.tensor.string_val[0].decode()


def test_distributions_of_weights_are_written_where_asked(train):
    _, training, _ = train(write_graph=False, histogram_freq=2)

    found = [(name, step) for name, step, value in training if value.WhichOneof("value") == "histo"]
    assert found == [("dense/kernel", 1), ("dense/bias", 1)]


def test_the_speed_is_written_where_asked(train):
    _, training, _ = train(write_graph=False, write_steps_per_second=True)

    speeds = [value.simple_value for name, _, value in training if name == "epoch_steps_per_second"]
    assert len(speeds) == 2
    assert min(speeds) > 0


def test_it_says_what_to_install_before_the_first_epoch(model, data, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorboardX", None)

    with pytest.raises(
        MissingDependencyError, match=r"^TensorBoard: expected tensorboardX .*\n  Fix: pip install 'lamina\["
    ):
        model.fit(*data, callbacks=[TensorBoard(tmp_path)], verbose=0)


def test_a_folder_that_cannot_be_made_is_refused_before_the_first_epoch(model, data, tmp_path):
    pytest.importorskip("tensorboardX")
    (tmp_path / "logs").touch()

    with pytest.raises(ArgumentError, match=r"^TensorBoard\(log_dir\): expected a path that can be written, got "):
        model.fit(*data, callbacks=[TensorBoard(tmp_path / "logs")], verbose=0)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"histogram_freq": -1}, r"\(histogram_freq\): expected an integer of at least 0, got -1"),
        ({"update_freq": "step"}, r"\(update_freq\): expected an integer of at least 0, got 'step'"),
        ({"log_dir": None}, r"\(log_dir\): expected the path of a folder, got None"),
        ({"write_graph": 1}, r"\(write_graph\): expected True or False, got 1"),
        ({"write_steps_per_second": 1}, r"\(write_steps_per_second\): expected True or False, got 1"),
        ({"write_images": True}, r"\(write_images\): expected an argument that exists, got 'write_images'"),
    ],
)
def test_arguments_are_checked(arguments, message):
    with pytest.raises(ArgumentError, match=f"^TensorBoard{message}"):
        TensorBoard(**arguments)
