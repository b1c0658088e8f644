"""A process that trains is killed; started again, it ends with the weights of one that was left alone, bit for bit."""

import random
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

SCRIPT = Path(__file__).with_name("killed.py")
LONGEST = 1.5
"""More seconds than training takes, where the machine is quiet."""


def run(*arguments):
    """Run the script, and return how it ended."""
    command = [sys.executable, "-W", "error", SCRIPT, *map(str, arguments)]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode in (0, -signal.SIGKILL), result.stderr
    return result.returncode


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    """Return what training that is left alone ends with."""
    folder = tmp_path_factory.mktemp("alone")
    run(folder / "run", folder / "result.npz")
    return read(folder / "result.npz")


def read(path):
    with np.load(path) as arrays:
        return dict(arrays)


def assert_same(path, expected):
    found = read(path)
    assert list(found) == list(expected)
    for name, array in found.items():
        np.testing.assert_array_equal(array, expected[name], err_msg=name)


def test_kills_between_and_during_saves_cost_nothing_but_time(expected, tmp_path):
    arguments = (tmp_path / "run", tmp_path / "result.npz")

    # A checkpoint is synced, put in place and listed: fsync and replace are called for the file and for the manifest.
    deaths = [("fsync", 1), ("replace", 1), ("fsync", 7), ("replace", 4), ("seconds", 0.1)]
    killed = [run(*arguments, *death) for death in deaths]

    assert killed == [-signal.SIGKILL] * len(deaths)
    assert run(*arguments) == 0
    assert_same(tmp_path / "result.npz", expected)


@pytest.mark.slow
def test_a_hundred_kills_at_random_moments_cost_nothing_but_time(expected, tmp_path):
    moments, kills, finished = random.Random(4), 0, 0
    while kills < 100:
        folder = tmp_path / str(finished)
        folder.mkdir(exist_ok=True)
        arguments = (folder / "run", folder / "result.npz")
        during_a_save = moments.random() < 0.5
        death = (
            (moments.choice(["fsync", "replace", "unlink"]), moments.randint(1, 20))
            if during_a_save
            else ("seconds", moments.uniform(0, LONGEST))
        )
        if run(*arguments, *death) == 0:
            assert_same(folder / "result.npz", expected)
            finished += 1
        else:
            kills += 1
    assert run(*arguments) == 0
    assert_same(folder / "result.npz", expected)
    assert finished > 0
