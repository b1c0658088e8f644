"""Every error that Lamina raises on purpose.

```
LaminaError
├── ArgumentError(ValueError)             a constructor or method argument
├── ShapeError(ValueError)                shapes that do not fit together
├── DataError(ValueError)                 the data given to fit, evaluate or predict
├── StageError(RuntimeError)              a verb used too early or too late
├── FormatError(ValueError)               a file that is not what it says it is
├── DivergedError(RuntimeError)           training that left the finite numbers
└── MissingDependencyError(ImportError)   an optional package that is not installed
```

Each message has the form ``{where}: expected {what}, got {value}.`` and, on a second line, ``Fix: {what to do}``.
"""

from __future__ import annotations

__all__ = [
    "ArgumentError",
    "DataError",
    "DivergedError",
    "FormatError",
    "LaminaError",
    "LaminaWarning",
    "MissingDependencyError",
    "ShapeError",
    "StageError",
]


class LaminaError(Exception):
    """Root of every error raised on purpose by Lamina."""

    def add_note(self, note: str) -> None:
        """Add a remark, unless it is JAX's about its own frames, which would hide the fix."""
        if "JAX has removed its internal frames" not in note:
            super().add_note(note)


class ArgumentError(LaminaError, ValueError):
    """An argument of a constructor or method is outside what it may be."""


class ShapeError(LaminaError, ValueError):
    """The shape of an array does not fit the layer, loss or model it meets."""


class DataError(LaminaError, ValueError):
    """The data cannot mean what the model would make of it."""


class StageError(LaminaError, RuntimeError):
    """A verb was used before what it needs, or after it was too late."""


class FormatError(LaminaError, ValueError):
    """A file is damaged, foreign, or says something its contents deny."""


class DivergedError(LaminaError, RuntimeError):
    """The loss or the weights stopped being finite numbers during training."""


class MissingDependencyError(LaminaError, ImportError):
    """An optional package is needed for this and is not installed."""


class LaminaWarning(UserWarning):
    """Something is probably not what was meant; the work goes on."""
