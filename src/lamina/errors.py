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

Warnings are ``LaminaWarning(UserWarning)``. Those about training that leads nowhere are kinds of ``TrainingWarning``:
``DeadUnitsWarning``, ``ExplodingGradientsWarning``, ``StuckLossWarning`` and ``VanishingGradientsWarning``.

Each message has the form ``{where}: expected {what}, got {value}.`` and, on a second line, ``Fix: {what to do}``.
"""

from __future__ import annotations

from typing import ClassVar

__all__ = [
    "ArgumentError",
    "DataError",
    "DeadUnitsWarning",
    "DivergedError",
    "ExplodingGradientsWarning",
    "FormatError",
    "LaminaError",
    "LaminaWarning",
    "MissingDependencyError",
    "ShapeError",
    "StageError",
    "StuckLossWarning",
    "TrainingWarning",
    "VanishingGradientsWarning",
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


class TrainingWarning(LaminaWarning):
    """Training goes on and probably leads nowhere.

    The message says why, and what to try. `lamina.config.silence` switches the kinds off, one by one or all.
    """

    kind: ClassVar[str] = "training"


class DeadUnitsWarning(TrainingWarning):
    """Units behind a rectifier are 0 for every row, so that no gradient reaches them."""

    kind = "dead_units"


class ExplodingGradientsWarning(TrainingWarning):
    """The loss has grown far beyond where it began."""

    kind = "exploding_gradients"


class StuckLossWarning(TrainingWarning):
    """The loss is no better than one and the same answer for every row would make it."""

    kind = "stuck_loss"


class VanishingGradientsWarning(TrainingWarning):
    """Hardly anything of the gradient reaches some layers."""

    kind = "vanishing_gradients"
