import threading
import time

import pytest

from lamina.data import _ahead, ahead


def threads():
    return [thread for thread in threading.enumerate() if thread.name == "lamina-ahead"]


def test_items_come_in_their_order():
    assert list(ahead(range(100), 3)) == list(range(100))


def test_a_thread_works_while_the_items_are_used():
    workers = []

    def items():
        for number in range(3):
            workers.append(threading.current_thread().name)
            yield number

    assert list(ahead(items(), 1)) == [0, 1, 2]
    assert set(workers) == {"lamina-ahead"}


def test_no_more_is_made_than_may_wait():
    made = []

    def items():
        for number in range(100):
            made.append(number)
            yield number

    waiting = ahead(items(), 2)
    next(waiting)
    time.sleep(0.1)

    assert len(made) <= 4  # the one used, two that wait, and one in hand
    waiting.close()


def test_nothing_is_made_before_it_is_asked_for():
    made = []

    ahead((made.append(number) for number in range(3)), 1)
    time.sleep(0.05)

    assert not made
    assert not threads()


def test_errors_arrive_where_they_happened():
    def items():
        yield 1
        raise ValueError("the second is broken")

    found = ahead(items(), 2)

    assert next(found) == 1
    with pytest.raises(ValueError, match="the second is broken"):
        next(found)
    assert not threads()


def test_a_thread_that_is_stuck_is_not_waited_for_for_ever(monkeypatch):
    monkeypatch.setattr(_ahead, "PATIENCE", 0.05)
    going_on = threading.Event()

    def items():
        yield 1
        going_on.wait()

    found = ahead(items(), 1)
    next(found)
    found.close()

    assert len(threads()) == 1
    going_on.set()
    time.sleep(0.05)
    assert not threads()


@pytest.mark.parametrize("count", [1, 5])
def test_the_thread_ends_with_the_loop_and_closes_what_it_went_through(count):
    closed = []

    def items():
        try:
            yield from range(1000)
        finally:
            closed.append(True)

    for number in ahead(items(), count):
        if number == 3:
            break

    time.sleep(0.05)
    assert closed == [True]
    assert not threads()
