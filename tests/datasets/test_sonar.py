"""Sonar has the published numbers."""

import numpy as np

from lamina.datasets import sonar


def test_first_and_last_rows_are_the_published_ones():
    table = sonar.load_table()

    assert [table[f"band_{band}"][0] for band in (1, 2, 60)] == [0.02, 0.0371, 0.0032]
    assert (str(table["object"][0]), str(table["object"][-1])) == ("rock", "mine")


def test_energies_lie_between_zero_and_one():
    (x, _), _ = sonar.load_data(test_split=0)

    assert (float(x.min()), float(x.max())) == (0.0, 1.0)


def test_a_mine_is_class_one():
    (_, y), _ = sonar.load_data(test_split=0)

    assert np.bincount(y).tolist() == [97, 111]
