"""Functions as a callback."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lamina._core import checks
from lamina.errors import ArgumentError
from lamina.training import EVENTS, Callback

BATCH_EVENTS = ("on_train_batch_begin", "on_train_batch_end")
WITHOUT_LOGS = ("on_train_begin", "on_epoch_begin", "on_test_begin", "on_train_batch_begin")
"""Events that have no logs here, and are given an empty dictionary in their place, as in Keras."""


class LambdaCallback(Callback):
    """Call functions when events happen.

    Args:
        **functions: a function for each event, by its name: ``on_epoch_end=lambda epoch, logs: ...``. As in Keras each
            is given `logs` as the last argument; where an event has none, an empty dictionary.

    Raises:
        ArgumentError: for an event that does not exist, or something that cannot be called.

    Example:
        >>> import lamina as lm
        >>> model = lm.Sequential([lm.Input((1,)), lm.layers.Dense(1)])
        >>> model.compile("sgd", "mse")
        >>> telling = lm.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: print(epoch, sorted(logs)))
        >>> history = model.fit([[1.0]], [2.0], epochs=2, callbacks=[telling], verbose=0)
        0 ['loss']
        1 ['loss']
    """

    def __init__(self, **functions: Any) -> None:
        for name, function in functions.items():
            checks.choice("LambdaCallback", name, EVENTS)
            if not callable(function):
                where, fix = f"LambdaCallback({name})", "write it as in lambda epoch, logs: print(logs)."
                raise checks.problem(ArgumentError, where, expected="a function", got=checks.plain(function), fix=fix)
            setattr(self, name, _with_logs(function) if name in WITHOUT_LOGS else function)
            if name in BATCH_EVENTS:
                self.wants_batches = True


def _with_logs(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *details: function(*details, {})
