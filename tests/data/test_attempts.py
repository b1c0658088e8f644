import pytest

from lamina.data._attempts import Attempt, Failure, Skipped, attempt
from lamina.errors import ArgumentError, DataError

BROKEN = Attempt(failure=Failure("ValueError: bad", "Traceback ..."))


def test_an_attempt_has_a_value_or_a_failure():
    assert attempt(abs, -3) == Attempt(3)
    failure = attempt(int, "x\ny").failure
    assert failure.reason == "ValueError: invalid literal for int() with base 10: 'x\\ny'"
    assert isinstance(failure.error, ValueError)
    assert "Traceback" in failure.trace


def test_what_ends_a_program_is_no_failure():
    with pytest.raises(SystemExit):
        attempt(exit, 0)


def test_a_failure_is_raised_with_its_place_and_its_cause():
    failed = Skipped("map(int)", "raise")

    with pytest.raises(
        DataError, match=r"map\(int\), row 7: expected no error, got ValueError: invalid .*\n  Fix: corr"
    ) as error:
        failed.values([Attempt(1), attempt(int, "x")], lambda index: f"row {index + 6}")

    assert isinstance(error.value.__cause__, ValueError)


def test_a_failure_in_another_process_brings_its_trace():
    with pytest.raises(DataError) as error:
        Skipped("map(f)", "raise").values([BROKEN], lambda index: "row 0")

    assert error.value.__notes__ == ["In a worker process:\nTraceback ..."]


def test_failures_that_are_skipped_are_listed():
    failed = Skipped("map(f)", "skip")

    found = failed.values([Attempt("a"), BROKEN, Attempt("c")], lambda index: f"row {index}")

    assert found == {0: "a", 2: "c"}
    assert failed.reasons == {"row 1": "ValueError: bad"}


def test_another_way_with_errors_is_refused():
    with pytest.raises(ArgumentError, match=r"map\(on_error\): expected 'raise' or 'skip', got 'ignore'"):
        Skipped("map(f)", "ignore")
