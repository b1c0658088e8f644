"""Kyphosis has the published numbers."""

import numpy as np

from lamina.datasets import kyphosis


def test_classes_and_means_are_the_published_ones():
    table = kyphosis.load_table()

    words, counts = np.unique(table["kyphosis"], return_counts=True)

    assert dict(zip(words.tolist(), counts.tolist(), strict=True)) == {"absent": 64, "present": 17}
    assert [round(float(table[name].mean()), 2) for name in kyphosis.feature_names] == [83.65, 4.05, 11.49]


def test_present_is_class_one():
    (_, y), _ = kyphosis.load_data(test_split=0)

    assert kyphosis.class_names[1] == "present"
    assert int(y.sum()) == 17
