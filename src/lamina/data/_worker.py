"""The program of a worker process: read a function, then read items and write what came of them, until told no more.

Run as ``python -m lamina.data._worker`` by `_workers`; both sides trust each other, as one has started the other.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
from typing import Any

from lamina.data._attempts import Attempt, Failure, attempt


def main() -> None:
    """Answer questions until there are none."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that has the user's attention
    questions, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what functions print must not get between the answers
    function, problem = _function(questions)
    _say(problem, answers)
    while problem is None:
        try:
            items = pickle.load(questions)
        except EOFError:
            return
        for item in items:  # an answer to each, so that the other side knows at which one this process is
            found = _without_error(attempt(function, item))
            unsent = attempt(pickle.dumps, found).failure
            _say(Attempt(failure=Failure(unsent.reason, unsent.trace)) if unsent else found, answers)


def _function(questions: Any) -> tuple[Any, str | None]:
    """Return the function, or why it cannot be had here."""
    try:
        return pickle.load(questions), None
    except Exception as error:  # whatever importing code of the user's may raise
        return None, f"{type(error).__name__}: {error}"


def _without_error(found: Attempt) -> Attempt:
    """Return an attempt that any process can unpack."""
    if found.failure is None:
        return found
    return Attempt(failure=Failure(found.failure.reason, found.failure.trace))


def _say(answer: Any, answers: Any) -> None:
    pickle.dump(answer, answers, protocol=pickle.HIGHEST_PROTOCOL)
    answers.flush()


if __name__ == "__main__":
    main()
