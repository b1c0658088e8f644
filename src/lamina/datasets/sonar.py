"""Sonar: 208 echoes, the energy in 60 frequency bands; is it a rock or a mine?

The mines are metal cylinders, the rocks about as large; the energies lie between 0 and 1. Source: T. Sejnowski and
R. P. Gorman, UCI Machine Learning Repository, https://doi.org/10.24432/C5T01Q, CC BY 4.0.

Reference:
    Gorman and Sejnowski (1988), Analysis of hidden units in a layered network trained to classify sonar targets,
    https://doi.org/10.1016/0893-6080(88)90023-8
"""

from __future__ import annotations

import numpy as np

from lamina.datasets._tables import Table

__all__ = ["class_names", "feature_names", "load_data", "load_table"]

class_names = ("rock", "mine")
feature_names = tuple(f"band_{band}" for band in range(1, 61))

TABLE = Table("sonar", rows=208, features=feature_names, target="object", class_names=class_names)


def load_data(
    test_split: float = 0.2, seed: int = 113
) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Return the table divided at random, ((x_train, y_train), (x_test, y_test)).

    Args:
        test_split: fraction of the rows held out for testing, 0 to keep all for training (0.2, as in Keras).
        seed: decides the order of the rows, 0 or more (113, as in Keras).

    Shape:
        x (rows, 60) of float32, y (rows,) of int64: the position in `class_names`.

    Raises:
        ArgumentError: `test_split` is not in [0, 1), or leaves one part empty; `seed` is not a whole number.

    Example:
        >>> from lamina.datasets import sonar
        >>> (x_train, y_train), (x_test, y_test) = sonar.load_data()
        >>> x_train.shape, x_test.shape
        ((166, 60), (42, 60))
    """
    return TABLE.load_data(test_split, seed)


def load_table() -> dict[str, np.ndarray]:
    """Return all columns by name, in the published order of the rows.

    Data frame libraries take the dictionary as it is: ``pandas.DataFrame(sonar.load_table())``.

    Example:
        >>> from lamina.datasets import sonar
        >>> table = sonar.load_table()
        >>> int((table["object"] == "mine").sum())
        111
    """
    return TABLE.load_table()
