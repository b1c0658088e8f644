"""One seed decides all that is random, whoever reads the data, and however often training is stopped."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lamina.callbacks import BackupAndRestore, Callback
from workflows.repeated import train

pytestmark = pytest.mark.usefixtures("fully_optimized")

SCRIPT = Path(__file__).with_name("repeated.py")


class Crash(Callback):
    """End training in the middle of an epoch."""

    wants_batches = 1
    turn = 2

    def __init__(self, batches):
        self.batches = batches

    def on_train_batch_end(self, batch, logs):
        if self.session.batches == self.batches:
            raise ZeroDivisionError


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder of 2 x 11 pictures of random points."""
    pillow = pytest.importorskip("PIL.Image")
    folder = tmp_path_factory.mktemp("pictures")
    for name in ("no", "yes"):
        (folder / name).mkdir()
        for index in range(11):
            points = bytes((index * 37 + place * 101 + len(name) * 53) % 256 for place in range(48))
            pillow.frombytes("RGB", (4, 4), points).save(folder / name / f"{index}.png")
    return folder


@pytest.fixture(scope="module")
def expected(folder):
    """Return what training in this process comes to."""
    return train(folder, 0)


@pytest.mark.parametrize("workers", [0, 2])
def test_another_process_comes_to_the_same_bits(folder, expected, workers):
    hashes = {"PYTHONHASHSEED": str(workers + 1)}  # what Python itself draws for each process

    done = subprocess.run(
        [sys.executable, SCRIPT, folder, str(workers)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **hashes},
    )

    assert done.stdout.strip() == expected


@pytest.mark.parametrize(("workers", "batches"), [(0, 3), (2, 8)])
def test_training_that_goes_on_in_the_middle_of_an_epoch_comes_to_the_same_bits(
    folder, expected, tmp_path, workers, batches
):
    backup = BackupAndRestore(tmp_path / "run", 2)
    with pytest.raises(ZeroDivisionError):
        train(folder, workers, callbacks=[backup, Crash(batches)])

    resumed = train(folder, workers, callbacks=[backup])

    assert resumed == expected
