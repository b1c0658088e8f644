"""Pima diabetes: 768 women of at least 21 years, eight measurements; do they have diabetes?

Columns: times pregnant; plasma `glucose` two hours into a tolerance test (mg/dl); diastolic `blood_pressure` (mm Hg);
triceps `skin_thickness` (mm); two-hour serum `insulin` (mU/l); `body_mass_index` (kg/m²); the `pedigree` function, a
summary of diabetes among relatives; `age` in years; `diabetes`, 1 where the test was positive. A zero in glucose, blood
pressure, skin thickness, insulin or body mass index was not measured; zeros are kept, as published results have them.

Source: National Institute of Diabetes and Digestive and Kidney Diseases, given by V. Sigillito to the UCI Machine
Learning Repository in 1990, which no longer offers it; public at https://www.openml.org/d/37.

Reference:
    Smith, Everhart, Dickson, Knowler and Johannes (1988), Using the ADAP learning algorithm to forecast the onset of
    diabetes mellitus, https://pmc.ncbi.nlm.nih.gov/articles/PMC2245318/
"""

from __future__ import annotations

import numpy as np

from lamina.datasets._tables import Table

__all__ = ["class_names", "feature_names", "load_data", "load_table"]

class_names = ("negative", "positive")
feature_names = (
    "pregnancies",
    "glucose",
    "blood_pressure",
    "skin_thickness",
    "insulin",
    "body_mass_index",
    "pedigree",
    "age",
)

TABLE = Table("pima", rows=768, features=feature_names, target="diabetes", class_names=class_names)


def load_data(
    test_split: float = 0.2, seed: int = 113
) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Return the table divided at random, ((x_train, y_train), (x_test, y_test)).

    Args:
        test_split: fraction of the rows held out for testing, 0 to keep all for training (0.2, as in Keras).
        seed: decides the order of the rows, 0 or more (113, as in Keras).

    Shape:
        x (rows, 8) of float32, y (rows,) of int64: 1 where the test was positive.

    Raises:
        ArgumentError: `test_split` is not in [0, 1), or leaves one part empty; `seed` is not a whole number.

    Example:
        >>> from lamina.datasets import pima
        >>> (x_train, y_train), (x_test, y_test) = pima.load_data()
        >>> x_train.shape, x_test.shape
        ((614, 8), (154, 8))
    """
    return TABLE.load_data(test_split, seed)


def load_table() -> dict[str, np.ndarray]:
    """Return all columns by name, in the published order of the rows.

    Data frame libraries take the dictionary as it is: ``pandas.DataFrame(pima.load_table())``.

    Example:
        >>> from lamina.datasets import pima
        >>> table = pima.load_table()
        >>> int(table["diabetes"].sum())
        268
    """
    return TABLE.load_table()
