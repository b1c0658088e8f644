"""Watch one value of the epochs, and tell the better of two."""

from __future__ import annotations

from typing import Literal, TypeAlias

from lamina._core import checks
from lamina.errors import ArgumentError
from lamina.training import Logs, Session

Mode: TypeAlias = Literal["auto", "min", "max"]


class Monitor:
    """One of the values that an epoch reports, and which way it gets better.

    Args:
        name: the value; None for ``"val_loss"``, or ``"loss"`` where there is no validation.
        mode: "min" or "max" for what is better; "auto" for what the metric says of itself.
        where: how errors name the callback.

    Raises:
        ArgumentError: for another mode.
    """

    def __init__(self, name: str | None, mode: Mode = "auto", *, where: str) -> None:
        checks.choice(f"{where}(mode)", mode, ("auto", "min", "max"))
        self._asked, self._mode, self._where = name, mode, where
        self.name = name or "loss"
        self.direction = "min"

    def start(self, session: Session) -> None:
        """Find the value among those that this training will report, before the first epoch.

        Raises:
            ArgumentError: for a value that will not be reported, or one that does not say which way is better.
        """
        names = session.metrics
        self.name = self._asked or ("val_loss" if "val_loss" in names else "loss")
        if self.name not in names and self.name.removeprefix("val_") in names:
            raise checks.problem(
                ArgumentError,
                f"{self._where}(monitor)",
                expected=checks.listed(names),
                got=f"{self.name!r} without validation",
                fix="give fit validation_data or validation_split.",
            )
        checks.choice(f"{self._where}(monitor)", self.name, names)
        known = session.plan.directions.get(self.name.removeprefix("val_"))
        if self._mode == "auto" and known is None:
            raise checks.problem(
                ArgumentError,
                f"{self._where}(mode)",
                expected=f"'min' or 'max', as {self.name!r} does not say which is better",
                got="'auto'",
                fix="write mode='max' if more is better.",
            )
        self.direction = known if self._mode == "auto" and known else self._mode

    def value(self, logs: Logs) -> float:
        """Return the value, which must be one number.

        Raises:
            ArgumentError: for a table.
        """
        value = logs[self.name]
        if not isinstance(value, float):
            where, fix = f"{self._where}(monitor)", "monitor another value."
            raise checks.problem(ArgumentError, where, expected="one number", got=checks.plain(value), fix=fix)
        return value

    def is_better(self, value: float, than: float | None, *, min_delta: float = 0.0) -> bool:
        """Tell whether a value is better than another one by more than `min_delta`; any number beats None, NaN none."""
        if than is None:
            return value == value
        return value + min_delta < than if self.direction == "min" else value - min_delta > than
