"""Iris: 150 flowers, four measurements each, three species.

Source: R. A. Fisher, UCI Machine Learning Repository, https://doi.org/10.24432/C56C76, CC BY 4.0. Three numbers of
rows 35 and 38, misprinted there, are those of Fisher's article, as in R and scikit-learn. Sizes are in centimetres.

Reference:
    Fisher (1936), The use of multiple measurements in taxonomic problems,
    https://doi.org/10.1111/j.1469-1809.1936.tb02137.x
"""

from __future__ import annotations

import numpy as np

from lamina.datasets._tables import Table

__all__ = ["class_names", "feature_names", "load_data", "load_table"]

class_names = ("setosa", "versicolor", "virginica")
feature_names = ("sepal_length", "sepal_width", "petal_length", "petal_width")

TABLE = Table("iris", rows=150, features=feature_names, target="species", class_names=class_names)


def load_data(
    test_split: float = 0.2, seed: int = 113
) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Return the table divided at random, ((x_train, y_train), (x_test, y_test)).

    Args:
        test_split: fraction of the rows held out for testing, 0 to keep all for training (0.2, as in Keras).
        seed: decides the order of the rows, 0 or more (113, as in Keras).

    Shape:
        x (rows, 4) of float32, y (rows,) of int64: the position in `class_names`.

    Raises:
        ArgumentError: `test_split` is not in [0, 1), or leaves one part empty; `seed` is not a whole number.

    Example:
        >>> from lamina.datasets import iris
        >>> (x_train, y_train), (x_test, y_test) = iris.load_data()
        >>> x_train.shape, x_test.shape
        ((120, 4), (30, 4))
        >>> iris.class_names[y_train[0]]
        'virginica'
    """
    return TABLE.load_data(test_split, seed)


def load_table() -> dict[str, np.ndarray]:
    """Return all columns by name, in the published order of the rows.

    Data frame libraries take the dictionary as it is: ``pandas.DataFrame(iris.load_table())``.

    Example:
        >>> from lamina.datasets import iris
        >>> table = iris.load_table()
        >>> list(table)
        ['sepal_length', 'sepal_width', 'petal_length', 'petal_width', 'species']
        >>> str(table["species"][0])
        'setosa'
    """
    return TABLE.load_table()
