"""Build every error message in one form, and check plain arguments.

Each function raises (or returns) an error of the form ``{where}: expected {what}, got {value}.`` followed by
``Fix: {one imperative}``. ``where`` names the place in the user's words: ``Dense(units)`` or ``dense_1 (Dense)``.
"""

from __future__ import annotations

import contextlib
import difflib
import math
import numbers
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from lamina.errors import ArgumentError, FormatError, LaminaError

E = TypeVar("E", bound=LaminaError)

LONGEST_VALUE = 80


def problem(error: type[E], where: str, *, expected: str, got: str, fix: str) -> E:
    """Return the error for the caller to raise, so that type checkers see the `raise`."""
    return error(f"{where}: expected {expected}, got {got}.\n  Fix: {fix}")


@contextlib.contextmanager
def refusing(where: str) -> Iterator[None]:
    """Turn whatever goes wrong inside into a `FormatError` that begins with the place in a file."""
    try:
        yield
    except FormatError:
        raise
    except LaminaError as error:
        raise _restated(error, where) from error
    except Exception as error:  # what a constructor makes of a hostile value cannot be listed
        got = f"{type(error).__name__}: {error}"
        fix = "use the file as save wrote it."
        raise problem(FormatError, where, expected="values that fit together", got=got, fix=fix) from error


def plain(value: object) -> str:
    """Describe a value as the user would write it; arrays by shape and type, never by content."""
    if hasattr(value, "shape") and hasattr(value, "dtype"):
        if getattr(value, "ndim", 1) == 0:
            return repr(value.item()) if hasattr(value, "item") else str(value)
        return f"an array of shape {tuple(value.shape)} and type {value.dtype}"
    if callable(value) and hasattr(value, "__name__"):
        return f"the {'class' if isinstance(value, type) else 'function'} {value.__name__}"
    text = repr(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 3]}... ({type(value).__name__})"


def listed(words: Iterable[object], last: str = "or") -> str:
    """Join words for a sentence: ``'a', 'b' or 'c'``."""
    *items, end = [repr(word) for word in words] or ["nothing"]
    return f"{', '.join(items)} {last} {end}" if items else end


def located(index: Sequence[int]) -> str:
    """Say where in the rows of an array a value stands: ``row 3, column 5``."""
    row, *rest = index
    return (
        f"row {row}, column {rest[0]}" if len(rest) == 1 else f"row {row}" + (f", place {tuple(rest)}" if rest else "")
    )


def nearest(word: str, options: Iterable[str]) -> str | None:
    """Return the option most like `word`, or None where nothing is near."""
    lowered = {option.lower(): option for option in options}
    found = difflib.get_close_matches(word.lower(), lowered, n=3, cutoff=0.6)
    # Letters that only changed places go first: "adma" is "adam", not "adamax".
    found.sort(key=lambda option: sorted(option) != sorted(word.lower()))
    return lowered[found[0]] if found else None


def integer(where: str, value: object, *, least: int = 1) -> None:
    """Check a whole number of at least `least` (booleans are not numbers here)."""
    if isinstance(value, bool) or not isinstance(value, numbers.Integral) or int(value) < least:
        kind = {0: "an integer of at least 0", 1: "a positive integer"}.get(least, f"an integer of at least {least}")
        raise problem(ArgumentError, where, expected=kind, got=plain(value), fix=f"give {kind}.")


def number(
    where: str,
    value: object,
    *,
    low: float = -math.inf,
    high: float = math.inf,
    open_low: bool = False,
    open_high: bool = False,
) -> None:
    """Check a finite real number within bounds; an open bound is itself excluded."""
    if not isinstance(value, bool) and isinstance(value, numbers.Real) and math.isfinite(value):
        given = float(value)
        if (low < given if open_low else low <= given) and (given < high if open_high else given <= high):
            return
    parts = []
    if low > -math.inf:
        parts.append(f"above {low:g}" if open_low else f"of at least {low:g}")
    if high < math.inf:
        parts.append(f"below {high:g}" if open_high else f"of at most {high:g}")
    kind = " and ".join(["a finite number", *parts]).replace("number and", "number", 1)
    raise problem(ArgumentError, where, expected=kind, got=plain(value), fix=f"give {kind}.")


def boolean(where: str, value: object) -> None:
    """Check True or False, nothing that merely behaves like one."""
    if not isinstance(value, bool):
        raise problem(ArgumentError, where, expected="True or False", got=plain(value), fix="write True or False.")


def choice(where: str, value: object, options: Iterable[str]) -> None:
    """Check one of a few words, and suggest the nearest."""
    names = list(options)
    if value in names:
        return
    near = nearest(value, names) if isinstance(value, str) else None
    fix = f"did you mean {near!r}?" if near else f"choose one of {listed(names)}."
    raise problem(ArgumentError, where, expected=listed(names), got=plain(value), fix=fix)


def path(where: str, value: Any, *, of: str, example: str) -> Path:
    """Return the path of a file or folder, given as text or as an object."""
    if isinstance(value, (str, os.PathLike)) and isinstance(os.fspath(value), str) and os.fspath(value):
        return Path(value)
    fix = f'write it as in "{example}".'
    raise problem(ArgumentError, where, expected=f"the path of a {of}", got=plain(value), fix=fix)


def shape(where: str, value: Any, *, allow_unknown: bool = False) -> tuple[int | None, ...]:
    """Return a shape as a tuple, from one integer or a sequence of positive ones (None where sizes may be unknown)."""
    items = (value,) if isinstance(value, numbers.Integral) else value
    if isinstance(items, (tuple, list)) and all(_is_size(item, allow_unknown) for item in items):
        return tuple(None if item is None else int(item) for item in items)
    kind = "a tuple of positive integers" + (" (None where the size may vary)" if allow_unknown else "")
    raise problem(ArgumentError, where, expected=kind, got=plain(value), fix="write it as in (784,) or (28, 28).")


def _is_size(item: object, allow_unknown: bool) -> bool:
    if item is None:
        return allow_unknown
    return not isinstance(item, bool) and isinstance(item, numbers.Integral) and int(item) > 0


def _restated(error: LaminaError, where: str) -> FormatError:
    text = str(error)
    return FormatError(text if text.startswith(f"{where}:") else f"{where}: {text}")
