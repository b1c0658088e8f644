"""Which data sets there are, and which of them lie on this machine."""

from __future__ import annotations

from typing import NamedTuple

from lamina.datasets import auto_mpg, digits, fashion_mnist, iris, kyphosis, mnist, pima, sonar

DATASETS = (
    auto_mpg.TABLE,
    digits.TABLE,
    fashion_mnist.IMAGES,
    iris.TABLE,
    kyphosis.TABLE,
    mnist.IMAGES,
    pima.TABLE,
    sonar.TABLE,
)


class Description(NamedTuple):
    """One line about a data set.

    Attributes:
        name: the module, as in ``lamina.datasets.mnist``.
        rows: number of examples, training and test together.
        shape: shape of one row of x.
        task: what is predicted: ``"10 classes"`` or ``"a number"``.
        present: whether it can be loaded without a download.

    Example:
        >>> from lamina import datasets
        >>> next(found.task for found in datasets.available() if found.name == "auto_mpg")
        'a number'
    """

    name: str
    rows: int
    shape: tuple[int, ...]
    task: str
    present: bool


def available() -> list[Description]:
    """Return one description for each data set, in the order of their names.

    Raises:
        DataError: the environment variable `LAMINA_DATA` names no folder.

    Example:
        >>> from lamina import datasets
        >>> datasets.available()[3]
        Description(name='iris', rows=150, shape=(4,), task='3 classes', present=True)
    """
    return [
        Description(
            name=dataset.name,
            rows=dataset.rows,
            shape=dataset.shape,
            task="a number" if dataset.class_names is None else f"{len(dataset.class_names)} classes",
            present=dataset.is_present(),
        )
        for dataset in DATASETS
    ]
