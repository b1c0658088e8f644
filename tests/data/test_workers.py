import gc
import operator
import os
import time

import pytest

from lamina.data import _workers
from lamina.data._workers import Workers
from lamina.errors import ArgumentError

UNPACKS_TO_AN_ERROR = "type('Odd', (), {'__reduce__': lambda self: (eval, ('1 / 0',))})()"


@pytest.fixture(scope="module")
def python():
    """Return two processes that evaluate lines of Python."""
    return Workers(eval, 2, where="map(eval)")


def values(results):
    return [(key, [item.value for item in found]) for key, found in results]


def tasks(count):
    return ((index, [f"{index} + 1", f"{index} + 2"]) for index in range(count))


def test_without_processes_the_work_is_done_here():
    here = Workers(abs, 0, where="map(abs)")

    assert values(here.run([("a", [-1]), ("b", [2, -3])])) == [("a", [1]), ("b", [2, 3])]


def test_results_come_in_the_order_of_the_tasks(python):
    assert values(python.run(tasks(20))) == [(index, [index + 1, index + 2]) for index in range(20)]


def test_other_processes_do_the_work(python):
    ((_, (number,)),) = values(python.run([("key", ["__import__('os').getpid()"])]))

    assert number != os.getpid()


def test_no_more_is_read_than_the_processes_have_work_for(python):
    read = []
    results = python.run(read.append(task) or task for task in tasks(100))

    next(results)

    assert len(read) <= 8
    results.close()


def test_failures_have_a_reason_and_a_trace(python):
    ((_, (good, bad)),) = python.run([("key", ["1", "1 / 0"])])

    assert good.value == 1
    assert bad.failure.reason == "ZeroDivisionError: division by zero"
    assert "Traceback" in bad.failure.trace
    assert bad.failure.error is None


def test_the_item_that_a_process_dies_of_is_known_and_the_others_are_read(python):
    ((_, found),) = python.run([("key", ["1", "__import__('os')._exit(7)", "3"])])

    assert [item.value for item in found] == [1, None, 3]
    assert found[1].failure.reason == "the process that read it ended with exit code 7"


def test_a_process_that_is_stuck_is_ended_and_the_item_is_known():
    workers = Workers(eval, 1, where="map(eval)", timeout=5)

    ((_, found),) = workers.run([("key", ["1", "__import__('time').sleep(600)", "3"])])

    assert [item.value for item in found] == [1, None, 3]
    assert found[1].failure.reason == "TimeoutError: its process was not done within 5 seconds"


def test_a_process_that_is_stuck_keeps_nobody_who_wants_no_more(monkeypatch):
    monkeypatch.setattr(_workers, "PATIENCE", 0.1)
    workers = Workers(eval, 2, where="map(eval)")
    results = workers.run([("first", ["1"]), *[("stuck", ["__import__('time').sleep(600)"])] * 6])
    next(results)

    started = time.monotonic()
    results.close()

    assert time.monotonic() - started < 60
    assert values(workers.run([("again", ["2"])])) == [("again", [2])]


def test_what_cannot_be_unpacked_here_is_a_failure_of_its_item():
    workers = Workers(eval, 1, where="map(eval)")

    ((_, found),) = workers.run([("key", [UNPACKS_TO_AN_ERROR, "2"])])

    assert found[0].failure.reason == "ZeroDivisionError: division by zero"
    assert found[1].value == 2


@pytest.mark.parametrize("timeout", [0, -1])
def test_no_time_at_all_is_refused(timeout):
    with pytest.raises(ArgumentError, match=rf"map\(timeout\): expected a finite number above 0, got {timeout}"):
        Workers(abs, 1, where="map(f)", timeout=timeout)


def test_a_lambda_is_refused():
    with pytest.raises(
        ArgumentError, match=r"map\(workers\): expected a function that another process can import, got"
    ):
        list(Workers(lambda item: item, 1, where="map(f)").run(tasks(1)))


def test_a_function_that_the_process_does_not_find_is_refused(monkeypatch):
    class Named:
        __module__ = operator.__name__
        __qualname__ = "Named"

    monkeypatch.setattr(operator, "Named", Named, raising=False)

    with pytest.raises(
        ArgumentError, match=r"AttributeError: Can't get attribute 'Named' .*\n  Fix: move it to a module"
    ):
        list(Workers(Named, 1, where="map(f)").run(tasks(1)))


def test_the_processes_end_with_who_asked_for_them():
    workers = Workers(eval, 1, where="map(eval)")
    ((_, (number,)),) = values(workers.run([("key", ["__import__('os').getpid()"])]))
    os.kill(number, 0)

    del workers
    gc.collect()

    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


def test_another_number_of_processes_is_refused():
    with pytest.raises(ArgumentError, match=r"map\(workers\): expected an integer of at least 0, got -1"):
        Workers(abs, -1, where="map(f)")
