"""Callbacks whose fields are their arguments."""

from __future__ import annotations

import dataclasses
import functools
import inspect
from typing import Any, TypeVar, dataclass_transform

from lamina._core.renamed import misuse
from lamina.training import Callback

C = TypeVar("C", bound=type[Callback])


@dataclass_transform(eq_default=False)
def configured(cls: C) -> C:
    """Make the annotated fields of a callback its arguments, with Lamina's errors for those that do not fit."""
    made: Any = dataclasses.dataclass(eq=False)(cls)
    construct, signature = made.__init__, inspect.signature(made.__init__)

    @functools.wraps(construct)
    def checked(self: Any, *values: Any, **named: Any) -> None:
        error = misuse(cls.__name__, signature, (self, *values), named)
        if error is not None:
            raise error
        construct(self, *values, **named)

    made.__init__ = checked
    return cls
