"""Auto MPG: 398 cars of 1970 to 1982; how many miles do they go on a gallon?

Columns: `mpg` (miles per gallon); `cylinders`; `displacement` (cubic inches); `horsepower`, missing for six cars;
`weight` (pounds); `acceleration` (seconds to 60 miles per hour); `model_year` (70 is 1970); `origin`, a code
(1 America, 2 Europe, 3 Japan); `name`.

Source: StatLib, Carnegie Mellon University, as used by R. Quinlan, UCI Machine Learning Repository,
https://doi.org/10.24432/C5859H, CC BY 4.0.

Reference:
    Quinlan (1993), Combining instance-based and model-based learning, Proceedings of the Tenth International Conference
    on Machine Learning, 236-243
"""

from __future__ import annotations

import numpy as np

from lamina.datasets._tables import Table

__all__ = ["feature_names", "load_data", "load_table"]

feature_names = ("cylinders", "displacement", "horsepower", "weight", "acceleration", "model_year", "origin")

TABLE = Table("auto_mpg", rows=398, features=feature_names, target="mpg")


def load_data(
    test_split: float = 0.2, seed: int = 113
) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Return the table divided at random, ((x_train, y_train), (x_test, y_test)).

    The six missing horsepowers are NaN: drop these rows, as in the example, or fill them in.

    Args:
        test_split: fraction of the rows held out for testing, 0 to keep all for training (0.2, as in Keras).
        seed: decides the order of the rows, 0 or more (113, as in Keras).

    Shape:
        x (rows, 7) of float32, y (rows,) of float32: miles per gallon.

    Raises:
        ArgumentError: `test_split` is not in [0, 1), or leaves one part empty; `seed` is not a whole number.

    Example:
        >>> from lamina.datasets import auto_mpg
        >>> (x_train, y_train), (x_test, y_test) = auto_mpg.load_data()
        >>> known = ~np.isnan(x_train).any(axis=1)
        >>> x_train, y_train = x_train[known], y_train[known]
    """
    return TABLE.load_data(test_split, seed)


def load_table() -> dict[str, np.ndarray]:
    """Return all columns by name, in the published order of the rows.

    Data frame libraries take the dictionary as it is: ``pandas.DataFrame(auto_mpg.load_table())``.

    Example:
        >>> from lamina.datasets import auto_mpg
        >>> table = auto_mpg.load_table()
        >>> str(table["name"][0]), int(np.isnan(table["horsepower"]).sum())
        ('chevrolet chevelle malibu', 6)
    """
    return TABLE.load_table()
