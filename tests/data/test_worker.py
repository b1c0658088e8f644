import pickle
import signal
import subprocess
import sys

import pytest


@pytest.fixture
def conversation():
    """Return a function that gives the answers of a worker process to some messages."""

    def hold(*messages):
        said = b"".join(messages)
        done = subprocess.run([sys.executable, "-m", "lamina.data._worker"], input=said, capture_output=True)
        answers, rest = [], done.stdout
        while rest:
            answers.append(pickle.loads(rest))
            rest = rest[len(pickle.dumps(answers[-1], protocol=pickle.HIGHEST_PROTOCOL)) :]
        return answers, done

    return hold


def test_items_are_answered_until_there_are_no_more(conversation):
    answers, done = conversation(pickle.dumps(abs), pickle.dumps([-1, 2]), pickle.dumps(["x"]))

    assert answers[0] is None
    assert [found.value for found in answers[1:3]] == [1, 2]
    assert answers[3].failure.reason.startswith("TypeError")
    assert done.returncode == 0


def test_what_a_function_prints_does_not_get_between_the_answers(conversation):
    answers, done = conversation(pickle.dumps(print), pickle.dumps(["noise"]))

    assert answers[1].failure is None
    assert done.stderr == b"noise\n"


def test_what_cannot_be_sent_is_a_failure(conversation):
    answers, _ = conversation(pickle.dumps(eval), pickle.dumps(["1", "lambda: 1"]))

    assert answers[1].value == 1
    assert "pickle" in answers[2].failure.reason


def test_a_function_that_cannot_be_had_ends_the_conversation(conversation):
    answers, done = conversation(b"cos_nowhere\nname\n.", pickle.dumps([1]))

    assert answers == ["ModuleNotFoundError: No module named 'os_nowhere'"]
    assert done.returncode == 0


def test_ctrl_c_is_left_to_the_process_in_front(conversation):
    line = "__import__('signal').getsignal(__import__('signal').SIGINT)"

    answers, _ = conversation(pickle.dumps(eval), pickle.dumps([line]))

    assert answers[1].value == signal.SIG_IGN


def test_a_worker_does_without_jax(conversation):
    answers, _ = conversation(pickle.dumps(eval), pickle.dumps(["'jax' in __import__('sys').modules"]))

    assert answers[1].value is False
