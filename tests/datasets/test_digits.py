"""Digits are those of scikit-learn."""

import numpy as np
import pytest

from lamina.datasets import digits


def test_every_pixel_and_label_is_that_of_scikit_learn():
    published = pytest.importorskip("sklearn.datasets").load_digits()

    table = digits.load_table()

    np.testing.assert_array_equal(np.stack([table[name] for name in digits.feature_names], axis=1), published.data)
    np.testing.assert_array_equal(table["digit"], published.target)


def test_pixels_lie_where_their_names_say():
    table = digits.load_table()

    (x_train, y_train), _ = digits.load_data(test_split=0)

    # The same row is found in the table by its pixels.
    pixels = np.stack([table[name] for name in digits.feature_names], axis=1)
    row = int(np.flatnonzero((pixels == x_train[0].reshape(-1)).all(axis=1))[0])
    assert x_train[0, 2, 3] == table["pixel_2_3"][row]
    assert y_train[0] == table["digit"][row]
    assert (x_train.min(), x_train.max()) == (0, 16)
