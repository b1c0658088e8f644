"""JSON as strict as a file from a stranger deserves."""

from __future__ import annotations

import functools
import json
import math
from typing import Any

from lamina._core import checks, portable

DEEPEST = 64
LONGEST_INTEGER = 18  # fits into 64 bits


def parse(text: str | bytes, *, where: str) -> Any:
    """Return the value a JSON text stands for.

    Args:
        text: the text, UTF-8.
        where: the place to name in errors.

    Raises:
        FormatError: for what is no JSON, and for JSON that readers may take differently or that is made to exhaust
            them: a name twice in one object, numbers that are not finite or beyond 64 bits, nesting without end.
    """
    try:
        value = json.loads(
            text if isinstance(text, str) else text.decode(),
            object_pairs_hook=functools.partial(_without_duplicates, where),
            parse_constant=functools.partial(_finite, where),
            parse_float=functools.partial(_finite, where),
            parse_int=functools.partial(_small, where),
        )
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise portable.refusal(where, expected="JSON", got=type(error).__name__) from error
    if _depth(value) > DEEPEST:
        raise portable.refusal(where, expected=f"at most {DEEPEST} levels of lists and objects", got="more")
    return value


def canonical(value: Any) -> str:
    """Return the one text for a JSON value: names in order, no spaces, ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _without_duplicates(where: str, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for name, value in pairs:
        if name in result:
            raise portable.refusal(where, expected="each name once in an object", got=f"{checks.plain(name)} twice")
        result[name] = value
    return result


def _finite(where: str, text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise portable.refusal(where, expected="finite numbers", got=checks.plain(text))
    return value


def _small(where: str, text: str) -> int:
    if len(text) > LONGEST_INTEGER:
        raise portable.refusal(
            where, expected=f"whole numbers of at most {LONGEST_INTEGER} characters", got=f"one of {len(text)}"
        )
    return int(text)


def _depth(value: Any) -> int:
    """Count levels without descending into them one call each, which nesting could exhaust."""
    depth, level = 0, [value]
    while level and depth <= DEEPEST:
        inside = [item for item in level if isinstance(item, (dict, list))]
        level = [part for item in inside for part in (item.values() if isinstance(item, dict) else item)]
        depth += bool(inside)
    return depth
