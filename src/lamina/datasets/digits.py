"""Digits: 1,797 handwritten digits, 8 by 8 pixels of 0 to 16, small enough to come with the package.

Source: E. Alpaydin and C. Kaynak, the test part (13 writers) of Optical Recognition of Handwritten Digits, UCI Machine
Learning Repository, https://doi.org/10.24432/C50P49, CC BY 4.0; the same rows as in scikit-learn. A pixel counts
how many of 4 by 4 points were inked.

Reference:
    Kaynak (1995), Methods of combining multiple classifiers and their applications to handwritten digit recognition,
    MSc thesis, Bogazici University
"""

from __future__ import annotations

import numpy as np

from lamina.datasets._tables import Table

__all__ = ["class_names", "feature_names", "load_data", "load_table"]

class_names = tuple("0123456789")
feature_names = tuple(f"pixel_{row}_{column}" for row in range(8) for column in range(8))

TABLE = Table("digits", rows=1797, features=feature_names, target="digit", class_names=class_names, image_shape=(8, 8))


def load_data(
    test_split: float = 0.2, seed: int = 113
) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Return the table divided at random, ((x_train, y_train), (x_test, y_test)).

    Args:
        test_split: fraction of the rows held out for testing, 0 to keep all for training (0.2, as in Keras).
        seed: decides the order of the rows, 0 or more (113, as in Keras).

    Shape:
        x (rows, 8, 8) of float32, y (rows,) of int64: the digit.

    Raises:
        ArgumentError: `test_split` is not in [0, 1), or leaves one part empty; `seed` is not a whole number.

    Example:
        >>> from lamina.datasets import digits
        >>> (x_train, y_train), (x_test, y_test) = digits.load_data()
        >>> x_train.shape, x_test.shape
        ((1438, 8, 8), (359, 8, 8))
        >>> float(x_train.max())
        16.0
    """
    return TABLE.load_data(test_split, seed)


def load_table() -> dict[str, np.ndarray]:
    """Return all columns by name, in the published order of the rows.

    Data frame libraries take the dictionary as it is: ``pandas.DataFrame(digits.load_table())``.

    Example:
        >>> from lamina.datasets import digits
        >>> table = digits.load_table()
        >>> table["digit"][:5].tolist()
        [0, 1, 2, 3, 4]
    """
    return TABLE.load_table()
