import numpy as np
import pytest

from lamina.callbacks import CSVLogger
from lamina.errors import ArgumentError


@pytest.fixture
def file(tmp_path):
    return tmp_path / "log.csv"


def test_a_row_for_each_epoch(drive, file):
    drive(CSVLogger(file), loss=[2.0, 1.5], accuracy=[0.5, 0.75])

    assert file.read_text() == "epoch,loss,accuracy\n0,2.0,0.5\n1,1.5,0.75\n"


def test_another_separator(drive, file):
    drive(CSVLogger(file, separator=";"), loss=[2.0])

    assert file.read_text() == "epoch;loss\n0;2.0\n"


def test_a_table_is_one_cell(drive, file):
    drive(CSVLogger(file), loss=[1.0], table=[np.eye(2)])

    assert file.read_text() == 'epoch,loss,table\n0,1.0,"[[1.0, 0.0], [0.0, 1.0]]"\n'


def test_a_second_training_empties_the_file_when_it_has_a_row(drive, file):
    file.write_text("before")

    drive(CSVLogger(file))
    assert file.read_text() == "before"
    drive(CSVLogger(file), loss=[2.0])
    drive(CSVLogger(file), loss=[1.0])

    assert file.read_text() == "epoch,loss\n0,1.0\n"


def test_rows_are_appended_where_asked_in_the_columns_that_are_there(drive, file):
    drive(CSVLogger(file), loss=[2.0], accuracy=[0.5])

    drive(CSVLogger(file, append=True), first_epoch=1, other=[1.0], loss=[1.5])

    assert file.read_text() == "epoch,loss,accuracy\n0,2.0,0.5\n1,1.5,NA\n"


def test_rows_after_the_checkpoint_are_written_anew(drive, file):
    first, second = CSVLogger(file), CSVLogger(file)
    drive(first, loss=[2.0])
    state = first.state()
    drive(CSVLogger(file, append=True), first_epoch=1, loss=[1.5])

    second.on_train_begin()
    second.restore(state)
    second.on_epoch_end(1, {"loss": 1.25})

    assert file.read_text() == "epoch,loss\n0,2.0\n1,1.25\n"


def test_a_file_that_was_lost_is_begun_anew(drive, file):
    callback = CSVLogger(file)
    drive(callback, loss=[2.0])
    state = callback.state()
    file.unlink()

    callback.on_train_begin()
    callback.restore(state)
    callback.on_epoch_end(1, {"loss": 1.25})

    assert file.read_text() == "epoch,loss\n1,1.25\n"


def test_nothing_was_written_before_the_first_epoch(file):
    callback = CSVLogger(file)
    callback.on_train_begin()

    callback.restore(callback.state())

    assert callback.state() == {"size": None}


def test_a_file_that_cannot_be_written_is_refused_before_the_first_epoch(model, data, tmp_path):
    callback = CSVLogger(tmp_path / "nowhere" / "log.csv")

    with pytest.raises(
        ArgumentError, match=r"^CSVLogger\(filename\): expected a file that can be written, got .*No such f"
    ):
        model.fit(*data, callbacks=[callback], verbose=0)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"separator": ""}, r"\(separator\): expected one character, got ''"),
        ({"separator": 5}, r"\(separator\): expected one character, got 5"),
        ({"filename": ""}, r"\(filename\): expected the path of a file, got ''"),
        ({"append": "yes"}, r"\(append\): expected True or False, got 'yes'"),
    ],
)
def test_arguments_are_checked(file, arguments, message):
    with pytest.raises(ArgumentError, match=f"^CSVLogger{message}"):
        CSVLogger(**{"filename": file} | arguments)
