"""The demo itself: data, network, training, what went wrong, and where everything is."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

import lamina as lm
from lamina import layers
from lamina._core import checks
from lamina.cli._picture import picture, side_by_side
from lamina.datasets import digits, fashion_mnist, mnist

IMAGES = {"mnist": mnist, "fashion_mnist": fashion_mnist, "digits": digits}
BRIGHTEST = {"mnist": 255, "fashion_mnist": 255, "digits": 16}
EPOCHS = {"dense": 20, "dropout": 30}
DRAWN = 4
DARK = 0.1
SMALL = 12


class Images(NamedTuple):
    """Grey images scaled to 0 … 1, and the number of the class of each."""

    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray


def run(
    data: str, network: str, *, epochs: int | None, batch_size: int, seed: int | None, folder: Path
) -> dict[str, Any]:
    """Train a network on images, print what is worth seeing, save model and picture; return the test scores."""
    check_folder(folder)
    data, images = load(data)
    print(
        f"Lamina {lm.__version__} on {data}: {len(images.y_train):,} images to train on, {len(images.y_test):,} to test"
    )
    print()
    model = classic_network(network, images.x_train[0].size)
    model.compile("rmsprop", "categorical_crossentropy", metrics=["accuracy"])
    model.summary()
    print()
    history = model.fit(
        flat(images.x_train),
        images.y_train,
        batch_size=batch_size,
        epochs=epochs or EPOCHS[network],
        validation_split=0.2,
        seed=seed,
    )
    scores = model.evaluate(flat(images.x_test), images.y_test)
    print(f"\nTest loss {scores['loss']:.4f}, test accuracy {scores['accuracy']:.4f} (seed {history.params['seed']})\n")
    show_mistakes(model, images, getattr(IMAGES[data], "class_names", tuple("0123456789")))
    save(model, history, folder)
    return scores


def check_folder(folder: Path) -> None:
    """Make the folder, and make sure before the training that files can be written there.

    Raises:
        ArgumentError: where that is not so.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise checks.problem(
            lm.errors.ArgumentError,
            "--folder",
            expected="a folder that can be written to",
            got=f"{str(folder)!r} ({error.strerror})",
            fix="name another one, such as --folder lamina-demo.",
        ) from error


def load(data: str) -> tuple[str, Images]:
    """Return the images, or the small digits of the package where the files cannot be had."""
    try:
        (x_train, y_train), (x_test, y_test) = IMAGES[data].load_data()
    except lm.errors.DataError as error:
        print(f"{error}\n\nTraining on the 8x8 digits of the package instead.\n")
        return load("digits")
    brightest = np.float32(BRIGHTEST[data])
    return data, Images(x_train / brightest, y_train, x_test / brightest, y_test)


def classic_network(network: str, size: int) -> lm.Sequential:
    """Return the network of the demo: 512 relu units, or two smaller layers with dropout."""
    hidden: list[layers.Layer] = [layers.Dense(512, activation="relu")]
    if network == "dropout":
        hidden = [
            layers.Dense(256, activation="relu"),
            layers.Dropout(0.4),
            layers.Dense(128, activation="relu"),
            layers.Dropout(0.3),
        ]
    return lm.Sequential([lm.Input((size,)), *hidden, layers.Dense(10, activation="softmax")], name=network)


def flat(images: np.ndarray) -> np.ndarray:
    """Return each image as one row of numbers."""
    return images.reshape(len(images), -1)


def show_mistakes(model: lm.Model, images: Images, names: tuple[str, ...]) -> None:
    """Draw the wrong images the network was surest of."""
    probabilities = model.predict(flat(images.x_test))
    said = probabilities.argmax(axis=1)
    wrong = np.flatnonzero(said != images.y_test)
    if len(wrong) == 0:
        print("No test image was wrong.\n")
        return
    surest = wrong[np.argsort(-probabilities[wrong, said[wrong]])][:DRAWN]
    print(f"{len(wrong)} of {len(said):,} test images are wrong. Those it was surest of:\n")
    captions = [f"{names[images.y_test[index]]}, taken for {names[said[index]]}" for index in surest]
    print_pictures(cropped(images.x_test[surest]), captions)


def cropped(images: np.ndarray) -> np.ndarray:
    """Return images without the margin that is dark in all of them."""
    rows, columns = (np.flatnonzero(images.max(axis=(0, axis)) > DARK) for axis in (2, 1))
    return images[:, rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def print_pictures(images: np.ndarray, captions: list[str]) -> None:
    """Print pictures with captions, as many beside each other as the terminal is wide."""
    columns = shutil.get_terminal_size().columns
    width = images.shape[2]
    width = 2 * width if width < SMALL else min(width, (columns + 2) // len(images) - 2)
    drawn = [picture(image, width=max(width, SMALL)) for image in images]
    shown = max(1, (columns + 2) // (max(width, *map(len, captions)) + 2))
    for first in range(0, len(drawn), shown):
        print(side_by_side(drawn[first : first + shown], captions[first : first + shown]), end="\n\n")


def save(model: lm.Model, history: Any, folder: Path) -> None:
    """Save the model and the picture of its history, and say where."""
    path = folder / "model.safetensors"
    model.save(path)
    print(f"Model:   {path}  (read it with lamina.load)")
    try:
        history.plot().savefig(folder / "history.png", dpi=120)
        print(f"History: {folder / 'history.png'}")
    except lm.errors.MissingDependencyError as error:
        print(f"History: not drawn. {error}")
