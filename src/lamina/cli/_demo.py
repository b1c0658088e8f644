"""`lamina demo`: the classic network on MNIST, from data to saved model."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Data(StrEnum):
    """What the demo can train on."""

    mnist = "mnist"
    fashion_mnist = "fashion_mnist"
    digits = "digits"


class Network(StrEnum):
    """What the demo can train."""

    dense = "dense"
    dropout = "dropout"


def demo(  # noqa: PLR0913 - these are the options of a command
    data: Annotated[Data, typer.Option(help="What to train on; digits are small and come along.")] = Data.mnist,
    network: Annotated[Network, typer.Option(help="dense: 512-10; dropout: 256-.4-128-.3-10.")] = Network.dense,
    epochs: Annotated[int | None, typer.Option(min=1, help="Passes over the data; else 20 (dense) or 30.")] = None,
    batch_size: Annotated[int, typer.Option(min=1, help="Rows in each update.")] = 128,
    seed: Annotated[int | None, typer.Option(min=0, max=2**32 - 1, help="For the same result again.")] = None,
    folder: Annotated[Path, typer.Option(help="Where the model and the picture go.")] = Path("lamina-demo"),
) -> None:
    """Train the classic network on MNIST and show what it learned.

    The data comes from the folder LAMINA_DATA, else from the cache, else it is downloaded. Without a network the demo
    trains on the 8x8 digits that are part of the package.
    """
    from lamina.cli import _classic  # noqa: PLC0415 - `lamina --help` does not wait for NumPy

    _classic.run(data.value, network.value, epochs=epochs, batch_size=batch_size, seed=seed, folder=folder)
