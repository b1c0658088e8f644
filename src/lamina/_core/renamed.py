"""Arguments that go by another name elsewhere, or went by one in older books, and what to write today."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable
from typing import Any, ParamSpec, TypeVar

from lamina._core import checks
from lamina.errors import ArgumentError

P = ParamSpec("P")
R = TypeVar("R")

TODAY = {
    "W_constraint": "kernel_constraint",
    "W_regularizer": "kernel_regularizer",
    "b_regularizer": "bias_regularizer",
    "bias": "use_bias",
    "border_mode": "padding",
    "class_mode": "loss",
    "clipnorm": "[ClipNorm(1.0), optimizer]: clipping is a link before the optimizer, in a list",
    "clipvalue": "[ClipValue(0.5), optimizer]: clipping is a link before the optimizer, in a list",
    "decay": "learning_rate=InverseTimeDecay(...)",
    "filter_length": "kernel_size",
    "global_clipnorm": "[ClipGlobalNorm(1.0), optimizer]: clipping is a link before the optimizer, in a list",
    "gradient_accumulation_steps": "[Accumulate(4), optimizer]: accumulation is a link before the optimizer, in a list",
    "init": "kernel_initializer",
    "input_dim": "an Input((n,)) as the first element of the model",
    "input_length": "an Input((n,)) as the first element of the model",
    "input_shape": "an Input(shape) as the first element of the model",
    "lr": "learning_rate",
    "nb_epoch": "epochs",
    "nb_filter": "filters",
    "nb_filters": "filters",
    "output_dim": "units",
    "p": "rate",
    "samples_per_epoch": "batch_size",
    "subsample": "strides",
    "use_ema": "[optimizer, AverageWeights(0.99)]: averaging is a link after the optimizer, in a list",
}


def explain(owner: str, name: str, known: Iterable[str]) -> ArgumentError:
    """Return the error for a keyword that `owner` does not take, with the name it has today where there is one."""
    known = list(known)
    today = TODAY.get(name)
    if today and (today in known or not today.isidentifier()):
        fix = f"write {today} instead of {name}."
    else:
        near = checks.nearest(name, known)
        fix = f"did you mean {near}?" if near else f"remove it; {owner} takes {', '.join(known) or 'no arguments'}."
    return checks.problem(ArgumentError, f"{owner}({name})", expected="an argument that exists", got=repr(name), fix=fix)


def explain_arguments(function: Callable[P, R]) -> Callable[P, R]:
    """Give a function or method the same error for unknown keywords as configuration objects have."""
    known = [name for name in inspect.signature(function).parameters if name != "self"]

    @functools.wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        for name in kwargs:
            if name not in known:
                raise explain(function.__name__, name, known)
        return function(*args, **kwargs)

    return wrapper
