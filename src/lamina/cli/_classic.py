"""The demo itself: data, network, training, what went wrong, and where everything is."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

import lamina as lm
from lamina import layers
from lamina.cli._picture import picture, side_by_side
from lamina.datasets import digits, fashion_mnist, mnist

IMAGES = {"mnist": mnist, "fashion_mnist": fashion_mnist, "digits": digits}
EPOCHS = {"dense": 20, "dropout": 30}
DRAWN = 4


class Images(NamedTuple):
    """Grey images scaled to 0 … 1, and the number of the class of each."""

    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray


def run(data: str, network: str, *, epochs: int | None, batch_size: int, seed: int | None, folder: Path) -> dict[str, Any]:
    """Train a network on images, print what is worth seeing, save model and picture; return the test scores."""
    folder.mkdir(parents=True, exist_ok=True)
    data, images = load(data)
    size = images.x_train.shape[1] * images.x_train.shape[2]
    print(f"Lamina {lm.__version__}: {len(images.x_train):,} images of {data} to train on, {len(images.x_test):,} to test\n")
    model = classic_network(network, size)
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
    return dict(scores)


def load(data: str) -> tuple[str, Images]:
    """Return the images, or the small digits of the package where the files cannot be had."""
    try:
        (x_train, y_train), (x_test, y_test) = IMAGES[data].load_data()
    except lm.errors.DataError as error:
        print(f"{error}\nTraining on the 8x8 digits of the package instead.\n")
        return load("digits")
    brightest = 16 if data == "digits" else 255
    return data, Images(x_train / np.float32(brightest), y_train, x_test / np.float32(brightest), y_test)


def classic_network(network: str, size: int) -> Any:
    """Return the network of the demo: 512 relu units, or two smaller layers with dropout."""
    if network == "dense":
        hidden = [layers.Dense(512, activation="relu")]
    else:
        hidden = [
            layers.Dense(256, activation="relu"),
            layers.Dropout(0.4),
            layers.Dense(128, activation="relu"),
            layers.Dropout(0.3),
        ]
    return lm.Sequential([lm.Input((size,)), *hidden, layers.Dense(10, activation="softmax")], name=network)


def flat(images: np.ndarray) -> np.ndarray:
    """Return each image as one row of numbers."""
    return images.reshape(len(images), -1).astype(np.float32)


def show_mistakes(model: Any, images: Images, names: tuple[str, ...]) -> None:
    """Draw the wrong images the network was surest of."""
    probabilities = model.predict(flat(images.x_test))
    said = probabilities.argmax(axis=1)
    wrong = np.flatnonzero(said != images.y_test)
    if len(wrong) == 0:
        print("No test image was wrong.")
        return
    surest = wrong[np.argsort(-probabilities[wrong, said[wrong]])][:DRAWN]
    print(f"{len(wrong)} of {len(said):,} test images are wrong. The {len(surest)} it was surest of:\n")
    width = min(28, 2 * images.x_test.shape[2])
    captions = [f"{names[images.y_test[index]]}, taken for {names[said[index]]}" for index in surest]
    print(side_by_side([picture(images.x_test[index], width=width) for index in surest], captions), end="\n\n")


def save(model: Any, history: Any, folder: Path) -> None:
    """Save the model and the picture of its history, and say where."""
    path = folder / "model.safetensors"
    model.save(path)
    print(f"Model:   {path}  (load it with lamina.load)")
    try:
        history.plot().savefig(folder / "history.png", dpi=120)
        print(f"History: {folder / 'history.png'}")
    except lm.errors.MissingDependencyError as error:
        print(error)
