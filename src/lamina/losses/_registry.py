"""Find a loss by name, and make one of any function."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, ClassVar

from lamina import ops
from lamina._core import checks, registry
from lamina.errors import ArgumentError, ShapeError
from lamina.losses._loss import Loss, LossLike, Targets
from lamina.losses._targets import with_last_axis
from lamina.ops import Array


class FunctionLoss(Loss):
    """Use any function of targets and predictions as a loss.

    The function returns one value for each row, of shape ``y_pred.shape[:-1]`` or (batch,). What it returns beyond
    those axes, such as one value for each output, is averaged. A single number for the whole batch is refused, as rows
    could then not be weighted.

    A file cannot carry a function: to save the model, write a subclass of `Loss` instead.

    Args:
        function: takes `y_true` and `y_pred`, written with `lamina.ops` or `jax.numpy`.

    Shape:
        y_pred: (batch, ..., outputs); y_true: as the function wants it ((batch, ...) becomes (batch, ..., 1) where the
        model has one output, so that nothing is broadcast by accident).

    Raises:
        ArgumentError: for something that is not a function of two arguments.
        ShapeError: when called, for a function that does not return one value for each row.

    Example:
        >>> from lamina import losses, ops
        >>> loss = losses.FunctionLoss(lambda y_true, y_pred: ops.abs(y_true - y_pred))
        >>> float(loss([[0.0, 4.0]], [[1.0, 1.0]]))
        2.0
    """

    targets: ClassVar[Targets] = "any"

    function: Callable[[Array, Array], Array]

    def check(self) -> None:
        """Refuse what cannot be called with targets and predictions."""
        if not _takes_two(self.function):
            raise checks.problem(
                ArgumentError,
                self.place("function"),
                expected="a function of y_true and y_pred",
                got=checks.plain(self.function),
                fix="write it as def loss(y_true, y_pred): return ops.mean(..., axis=-1).",
            )

    def call(self, y_true: Array, y_pred: Array) -> Array:
        """Return the function's value for each row, averaged beyond the rows."""
        name = getattr(self.function, "__name__", repr(self))
        with ops.explained(name):
            found: Any = self.function(with_last_axis(y_true, y_pred), y_pred)
        if found is None:
            fix = "return the losses; the function has no return, or not on every way through it."
            expected = f"one loss for each of {y_pred.shape[0]} rows"
            raise checks.problem(ArgumentError, name, expected=expected, got="None", fix=fix)
        values = ops.asarray(found)
        if values.ndim == 0 or values.shape[0] != y_pred.shape[0]:
            raise checks.problem(
                ShapeError,
                name,
                expected=f"one loss for each of {y_pred.shape[0]} rows",
                got=f"an array of shape {values.shape}",
                fix="average over the last axis only, as in ops.mean(..., axis=-1).",
            )
        kept = max(1, y_pred.ndim - 1)
        return ops.mean(values, axis=tuple(range(kept, values.ndim)))


def get(identifier: LossLike, *, where: str = "loss") -> Loss:
    """Return the loss an argument stands for.

    Args:
        identifier: a name such as "mse", a `Loss` or its class, or a function of `y_true` and `y_pred`.
        where: the place to name in an error.

    Raises:
        ArgumentError: for a name that is not known, with the nearest one, or for something else altogether.

    Example:
        >>> from lamina import losses
        >>> losses.get("mse")
        MeanSquaredError()
        >>> losses.get(losses.mean_squared_error)
        MeanSquaredError()
    """
    if isinstance(identifier, str):
        identifier = registry.resolve("loss", identifier, where=where)
    elif getattr(identifier, "__module__", "").startswith(f"{__package__}.") and inspect.isfunction(identifier):
        # Our own functions stand for their classes, which know their targets and can be saved.
        identifier = registry.resolve("loss", identifier.__name__, where=where)
    if isinstance(identifier, type) and issubclass(identifier, Loss):
        identifier = identifier()
    if isinstance(identifier, Loss):
        return identifier
    if callable(identifier) and not isinstance(identifier, type):
        return FunctionLoss(identifier)
    raise checks.problem(
        ArgumentError,
        where,
        expected="the name of a loss, a Loss or a function of y_true and y_pred",
        got=checks.plain(identifier),
        fix='write a name as in loss="mse".',
    )


def _takes_two(function: object) -> bool:
    if not callable(function):
        return False
    try:
        inspect.signature(function).bind(None, None)
    except TypeError:
        return False
    except ValueError:  # some functions written in C do not tell
        return True
    return True
