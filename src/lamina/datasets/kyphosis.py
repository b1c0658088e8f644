"""Kyphosis: 81 children after corrective spinal surgery; is the deformation still there?

Columns: `age` in months, `number` of vertebrae involved, `start` the topmost of them operated on, `kyphosis` absent or
present. Source: J. M. Chambers and T. J. Hastie, as distributed with R's rpart package (GPL-2 or GPL-3),
https://cran.r-project.org/package=rpart.

Reference:
    Chambers and Hastie (1992), Statistical Models in S, Wadsworth and Brooks/Cole
"""

from __future__ import annotations

import numpy as np

from lamina.datasets._tables import Table

__all__ = ["class_names", "feature_names", "load_data", "load_table"]

class_names = ("absent", "present")
feature_names = ("age", "number", "start")

TABLE = Table("kyphosis", rows=81, features=feature_names, target="kyphosis", class_names=class_names)


def load_data(
    test_split: float = 0.2, seed: int = 113
) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Return the table divided at random, ((x_train, y_train), (x_test, y_test)).

    Args:
        test_split: fraction of the rows held out for testing, 0 to keep all for training (0.2, as in Keras).
        seed: decides the order of the rows, 0 or more (113, as in Keras).

    Shape:
        x (rows, 3) of float32, y (rows,) of int64: the position in `class_names`.

    Raises:
        ArgumentError: `test_split` is not in [0, 1), or leaves one part empty; `seed` is not a whole number.

    Example:
        >>> from lamina.datasets import kyphosis
        >>> (x_train, y_train), (x_test, y_test) = kyphosis.load_data()
        >>> x_train.shape, x_test.shape
        ((65, 3), (16, 3))
    """
    return TABLE.load_data(test_split, seed)


def load_table() -> dict[str, np.ndarray]:
    """Return all columns by name, in the published order of the rows.

    Data frame libraries take the dictionary as it is: ``pandas.DataFrame(kyphosis.load_table())``.

    Example:
        >>> from lamina.datasets import kyphosis
        >>> table = kyphosis.load_table()
        >>> {name: column[0].item() for name, column in table.items()}
        {'age': 71, 'number': 3, 'start': 5, 'kyphosis': 'absent'}
    """
    return TABLE.load_table()
