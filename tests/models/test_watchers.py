import pytest

from lamina.callbacks import BackupAndRestore, Callback, KeepBest, ProgressBar
from lamina.errors import ArgumentError
from lamina.models._stopping import StopWish
from lamina.models._watchers import watchers
from lamina.training import Advice


def kinds(callbacks=None, **changes):
    options = {"verbose": 0, "keep": "last", "checkpoint": None, "resume": False} | changes
    return [type(callback) for callback in watchers(callbacks, **options)]


@pytest.mark.parametrize(
    ("given", "changes", "expected"),
    [
        (None, {}, [Advice, StopWish]),
        (Callback(), {}, [Advice, Callback, StopWish]),
        ([Callback()], {"verbose": 2}, [ProgressBar, Advice, Callback, StopWish]),
        ([ProgressBar()], {"verbose": 2}, [Advice, ProgressBar, StopWish]),
        ((), {"keep": "best"}, [Advice, StopWish, KeepBest]),
        (None, {"checkpoint": "run", "keep": "best"}, [Advice, StopWish, KeepBest, BackupAndRestore]),
    ],
)
def test_other_arguments_of_fit_ask_for_callbacks(given, changes, expected):
    assert kinds(given, **changes) == expected


@pytest.mark.parametrize("resume", [True, False])
def test_checkpoints_of_fit_stay_when_training_has_ended(resume):
    *_, backup = watchers(None, verbose=0, keep="last", checkpoint="run", resume=resume)

    assert (backup.resume, backup.delete_checkpoint) == (resume, False)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"keep": "first"}, r"fit\(keep\): expected 'last' or 'best', got 'first'"),
        ({"resume": "yes"}, r"fit\(resume\): expected True or False, got 'yes'"),
        (
            {"resume": True},
            r"fit\(resume\): expected a checkpoint folder, got None\.\n  Fix: write fit\(..., checkpoint=",
        ),
        ({"verbose": 3}, r"fit\(verbose\): expected 'auto', 0, 1 or 2, got 3"),
    ],
)
def test_arguments_outside_their_range_are_refused(changes, message):
    with pytest.raises(ArgumentError, match=f"^{message}"):
        kinds(**changes)
