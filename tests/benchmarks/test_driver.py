import subprocess
import sys

import pytest

from benchmarks import driver
from benchmarks.driver import Entry
from benchmarks.rivals import LAMINA

WORKER = """
import json, sys, time
for line in sys.stdin:
    command = json.loads(line)
    if command == "hang":
        time.sleep(60)
    if command == "end":
        sys.exit(3)
    print(json.dumps("MemoryError: too much" if command == "fail" else 0.25), flush=True)
"""


@pytest.fixture
def entry(monkeypatch, tmp_path):
    """Return an entry whose process does what it is told, and nothing else."""
    monkeypatch.setattr(driver, "ROOT", tmp_path)
    monkeypatch.setattr(driver, "FOLDER", tmp_path)
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    monkeypatch.setattr(Entry, "_start", lambda _: subprocess.Popen([sys.executable, "-c", WORKER], text=True, **pipes))
    made = Entry(LAMINA, "mlp", size="quick", cache=str(tmp_path))
    yield made
    made.stop()


def test_answers_are_kept_by_command(entry):
    for command in ("first", "round", "round"):
        entry.do(command)

    assert entry.result.numbers == {"first": [0.25], "round": [0.25, 0.25]}
    assert entry.result.problem == ""


@pytest.mark.parametrize(
    ("command", "problem"),
    [
        ("hang", "gave no answer within 0.5 s, see logs/mlp-lamina.log"),
        ("end", "ended with status 3, see logs/mlp-lamina.log"),
        ("fail", "MemoryError: too much"),
    ],
)
def test_after_a_failure_nothing_more_is_asked_of_a_library(entry, command, problem):
    entry.do("first")
    entry.limit = 0.5

    entry.do(command)
    entry.do("round")

    assert entry.result.problem == problem
    assert entry.result.numbers == {"first": [0.25]}


def test_a_process_that_ended_between_two_commands_is_a_failure(entry):
    entry.do("first")
    entry.process.kill()
    entry.process.wait()

    entry.do("round")

    assert entry.result.problem.startswith("ended with status -9")


def test_the_next_command_after_a_stop_has_a_fresh_process(entry):
    entry.do("first")
    before = entry.process.pid

    entry.stop()
    entry.do("first")

    assert entry.process.pid != before
    assert entry.result.value("second") == 0.25


def test_each_library_is_warmed_up_by_a_first_epoch_in_a_process_that_ends(monkeypatch):
    done = []
    monkeypatch.setattr(Entry, "do", lambda entry, command: done.append((entry.rival, entry.size, command)))
    monkeypatch.setattr(Entry, "stop", lambda entry: done.append((entry.rival, "stop")))

    driver.warm_up([LAMINA], say=lambda _: None)

    assert done == [(LAMINA, "quick", "first"), (LAMINA, "stop")]
