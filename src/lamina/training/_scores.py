"""The scores of a model, by name."""

from __future__ import annotations

from typing import Any, NoReturn

from lamina._core import checks
from lamina.errors import ArgumentError


class MissingScoreError(ArgumentError, KeyError):
    """Scores were asked for a name that they do not have."""

    __str__ = Exception.__str__  # KeyError would show the message in quotation marks, on one line


class Scores(dict[str, Any]):
    """The loss and metrics by name: a dictionary that explains what it does not have.

    As with any dictionary, ``loss, accuracy = scores`` gives the names and not the numbers.

    Raises:
        MissingScoreError: for a name that is none, such as the 1 of ``scores[1]``; also a `KeyError`.

    Example:
        >>> from lamina.training import Scores
        >>> Scores(loss=0.25, accuracy=1.0)["accuracy"]
        1.0
    """

    def __missing__(self, name: object) -> NoReturn:
        names = list(self)
        near = checks.nearest(name, names) if isinstance(name, str) else None
        is_place = isinstance(name, int) and -len(names) <= name < len(names)
        meant = names[name] if is_place and isinstance(name, int) else near or next(iter(names), "loss")
        raise checks.problem(
            MissingScoreError,
            f"scores[{name!r}]",
            expected=f"a name, {checks.listed(names)}",
            got=checks.plain(name),
            fix=f'write scores["{meant}"]; the scores are a dictionary.',
        )
