"""Who watches a call of fit: the user's callbacks, and those that its other arguments ask for."""

from __future__ import annotations

from typing import Any

from lamina import callbacks as callbacks_
from lamina._core import checks
from lamina.errors import ArgumentError
from lamina.models._stopping import StopWish
from lamina.training import Advice, Callback


def watchers(callbacks: Any, *, verbose: int | str, keep: str, checkpoint: Any, resume: bool) -> list[Callback]:
    """Return all callbacks of a call of fit; its docstring says what each argument means.

    Raises:
        ArgumentError: for an argument outside its range.
    """
    checks.choice("fit(keep)", keep, ("last", "best"))
    checks.boolean("fit(resume)", resume)
    if resume and checkpoint is None:
        where, fix = "fit(resume)", 'write fit(..., checkpoint="folder", resume=True).'
        raise checks.problem(ArgumentError, where, expected="a checkpoint folder", got="None", fix=fix)
    several = callbacks if isinstance(callbacks, (list, tuple)) else () if callbacks is None else (callbacks,)
    is_shown = any(isinstance(callback, callbacks_.ProgressBar) for callback in several)
    shown = [] if is_shown else callbacks_.progress(verbose)
    best = [callbacks_.KeepBest()] if keep == "best" else []
    saved = [] if checkpoint is None else [callbacks_.checkpoints(checkpoint, resume=resume)]
    return [*shown, Advice(), *several, StopWish(), *best, *saved]
