"""Train with checkpoints, be killed on the way as the arguments say, and write down the weights if not.

python killed.py FOLDER RESULT                    to the end
python killed.py FOLDER RESULT seconds 0.3        killed so long after training began
python killed.py FOLDER RESULT fsync 4            killed when a function of `os` is called for the fourth time
"""

import os
import signal
import sys
import threading
import time

import numpy as np

import lamina as lm
from lamina.callbacks import BackupAndRestore, Callback, EarlyStopping, ReduceLROnPlateau


def die():
    os.kill(os.getpid(), signal.SIGKILL)


class Death(Callback):
    """Die some seconds after training began; give it the time to."""

    def __init__(self, seconds):
        self.seconds = seconds

    def on_train_begin(self):
        if self.seconds is not None:
            threading.Timer(self.seconds, die).start()

    def on_train_batch_end(self, batch, logs):
        time.sleep(0.005)


def die_at(name, count):
    """Let a function of `os` kill the process at its `count`-th call after training began."""
    original, calls = getattr(os, name), []

    def counted(*details, **named):
        calls.append(details)
        if len(calls) == count:
            die()
        return original(*details, **named)

    setattr(os, name, counted)


def main(folder, result, how=None, when=None):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(120, 4)).astype("float32")
    y = (x.sum(axis=1) > 0).astype("int32")
    layers = [lm.layers.Dense(8, activation="relu"), lm.layers.BatchNormalization(), lm.layers.Dropout(0.2)]
    model = lm.Sequential([lm.Input((4,)), *layers, lm.layers.Dense(2, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    callbacks = [
        EarlyStopping("loss", patience=50, restore_best_weights=True),
        ReduceLROnPlateau("loss", 0.9, patience=1, min_delta=0.01),
        BackupAndRestore(folder, 3, delete_checkpoint=False),
        Death(float(when) if how == "seconds" else None),
    ]
    if how not in (None, "seconds"):
        die_at(how, int(when))
    history = model.fit(
        x, y, epochs=6, batch_size=10, validation_split=0.25, callbacks=callbacks, keep="best", verbose=0, seed=1
    )
    arrays = {f"{path}/{name}": array for path, own in model.get_weights().items() for name, array in own.items()}
    np.savez(result, **arrays, **{f"history/{name}": column for name, column in history.history.items()})


if __name__ == "__main__":
    main(*sys.argv[1:])
