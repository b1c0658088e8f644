"""Train with checkpoints on a disk that becomes full, make room, and go on.

python filled.py limit FOLDER     where files may not grow beyond a size
python filled.py disk FOLDER      where the folder lies on a small disk of its own
"""

import contextlib
import resource
import sys
from pathlib import Path

import numpy as np

import lamina as lm
from lamina.callbacks import Callback
from lamina.errors import ArgumentError


def fill(how, folder):
    """Leave no room for another file."""
    if how == "limit":
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, resource.RLIM_INFINITY))
        return
    with contextlib.suppress(OSError), (folder / "filler").open("wb", buffering=0) as stream:
        while stream.write(bytes(512)):
            pass


def make_room(how, folder):
    """Undo it."""
    if how == "limit":
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    else:
        (folder / "filler").unlink()


class Filling(Callback):
    """Fill the disk before the third checkpoint is written."""

    def __init__(self, how, folder):
        self.how, self.folder = how, folder

    def on_epoch_end(self, epoch, logs):
        if epoch == 2:
            fill(self.how, self.folder)


def train(**options):
    x = np.random.default_rng(0).normal(size=(40, 4)).astype("float32")
    model = lm.Sequential([lm.Input((4,)), lm.layers.Dense(8, activation="relu"), lm.layers.Dense(1)])
    model.compile("adam", "mse")
    return model, model.fit(x, x.sum(axis=1), epochs=5, verbose=0, seed=1, **options)


def main(how, folder):
    run = Path(folder) / "run"
    try:
        train(checkpoint=run, callbacks=[Filling(how, Path(folder))])
    except ArgumentError as error:
        print(str(error).replace(str(run), "run"))
    assert sorted(path.name for path in run.iterdir()) == ["000001.safetensors", "000002.safetensors", "manifest.json"]
    make_room(how, Path(folder))
    resumed, history = train(checkpoint=run, resume=True)
    whole, expected = train()
    assert history.history == expected.history
    for path, own in whole.get_weights().items():
        for name, array in own.items():
            np.testing.assert_array_equal(resumed.get_weights()[path][name], array)


if __name__ == "__main__":
    main(*sys.argv[1:])
