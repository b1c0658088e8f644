"""End quietly when numbers leave the finite."""

from __future__ import annotations

import warnings

from lamina._core import callers
from lamina.errors import DivergedError, LaminaWarning
from lamina.training import Callback


class TerminateOnNaN(Callback):
    """End training without an error when the loss or the weights stop being finite.

    Training always ends then, and the model always keeps the last good weights; without this callback `fit` raises
    `DivergedError`. With it, `fit` warns and returns the record of the epochs before, so that a loop over many settings
    can go on.

    Example:
        >>> import warnings
        >>> import lamina as lm
        >>> model = lm.Sequential([lm.Input((1,)), lm.layers.Dense(1, kernel_initializer="ones")])
        >>> model.compile(lm.optimizers.SGD(1e30), "mse")
        >>> with warnings.catch_warnings(action="ignore"):
        ...     history = model.fit([[1.0]], [2.0], epochs=9, callbacks=[lm.callbacks.TerminateOnNaN()], verbose=0)
        >>> history.epoch
        [0]
    """

    def on_divergence(self, error: DivergedError) -> None:
        """End quietly."""
        self.session.stop_training = True
        warnings.warn(str(error), LaminaWarning, stacklevel=callers.levels_up())
