"""Iris has Fisher's numbers."""

import numpy as np
import pytest

from lamina.datasets import iris


def test_every_number_is_that_of_scikit_learn():
    published = pytest.importorskip("sklearn.datasets").load_iris()

    table = iris.load_table()

    np.testing.assert_array_equal(np.stack([table[name] for name in iris.feature_names], axis=1), published.data)
    assert table["species"].tolist() == [str(published.target_names[label]) for label in published.target]


def test_the_misprinted_rows_are_corrected():
    table = iris.load_table()

    rows = [[table[name][row].item() for name in iris.feature_names] for row in (34, 37)]

    assert rows == [[4.9, 3.1, 1.5, 0.2], [4.9, 3.6, 1.4, 0.1]]
