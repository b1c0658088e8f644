"""What a function made of an item, or why it could not: the same in this process and in another."""

from __future__ import annotations

import dataclasses
import traceback
from collections.abc import Callable, Sequence
from typing import Any

from lamina._core import checks
from lamina.errors import DataError

CHOICES = ("raise", "skip")
REMEDY = 'correct or remove it, or write on_error="skip" to leave such out.'


@dataclasses.dataclass(frozen=True)
class Failure:
    """Why a function gave no result.

    Args:
        reason: the error in one line.
        trace: where it was raised; empty for a process that died or was stuck.
        error: the error itself, where it was raised in this process.
    """

    reason: str
    trace: str
    error: Exception | None = None


@dataclasses.dataclass(frozen=True)
class Attempt:
    """What came of one item: a value, or a failure."""

    value: Any = None
    failure: Failure | None = None


def attempt(function: Callable[[Any], Any], item: Any) -> Attempt:
    """Call a function, and take note where it fails."""
    try:
        return Attempt(function(item))
    except Exception as error:  # whatever goes wrong in code or files of the user's
        reason = " ".join(f"{type(error).__name__}: {error}".split())
        return Attempt(failure=Failure(reason, traceback.format_exc(), error))


class Skipped:
    """What becomes of items that fail: an error, or an entry in a list.

    Args:
        where: how errors name the function.
        on_error: "raise" or "skip".
        remedy: what errors advise.

    Attributes:
        reasons: why an item was left out, by how errors name it.
    """

    def __init__(self, where: str, on_error: str, *, remedy: str = REMEDY) -> None:
        checks.choice(f"{where.partition('(')[0]}(on_error)", on_error, CHOICES)
        self.where = where
        self.skips = on_error == "skip"
        self.reasons: dict[str, str] = {}
        self._remedy = remedy

    def values(self, attempts: Sequence[Attempt], places: Callable[[int], str]) -> dict[int, Any]:
        """Return the values by the places of the items in their sequence; failures are raised or noted.

        Args:
            attempts: what came of the items.
            places: how errors name an item.

        Raises:
            DataError: for the first failure, where items are not skipped.
        """
        found = {}
        for index, each in enumerate(attempts):
            if each.failure is None:
                found[index] = each.value
            elif self.skips:
                self.reasons[places(index)] = each.failure.reason
            else:
                raise self._refusal(each.failure, places(index)) from each.failure.error
        return found

    def _refusal(self, failure: Failure, place: str) -> DataError:
        error = checks.problem(
            DataError,
            f"{self.where}, {place}",
            expected="no error",
            got=failure.reason,
            fix=self._remedy,
        )
        if failure.error is None and failure.trace:
            error.add_note(f"In a worker process:\n{failure.trace}")
        return error
