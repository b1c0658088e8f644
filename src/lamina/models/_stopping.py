"""The wish to stop as Keras users say it."""

from __future__ import annotations

from lamina.training import Callback, Logs


class StopWish(Callback):
    """End training after an epoch in which someone wrote ``model.stop_training = True``."""

    def on_train_begin(self) -> None:
        """Forget the wish of earlier training."""
        self.model.stop_training = False

    def on_epoch_end(self, epoch: int, logs: Logs) -> None:
        """Pass the wish on."""
        self.session.stop_training |= bool(self.model.stop_training)
