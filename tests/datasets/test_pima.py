"""Pima has the published numbers, zeros included."""

from lamina.datasets import pima


def test_means_are_the_published_ones():
    table = pima.load_table()

    means = [round(float(table[name].mean()), 1) for name in pima.feature_names]

    assert means == [3.8, 120.9, 69.1, 20.5, 79.8, 32.0, 0.5, 33.2]


def test_a_third_of_the_women_have_diabetes():
    (_, y), _ = pima.load_data(test_split=0)

    assert (int((y == 0).sum()), int((y == 1).sum())) == (500, 268)


def test_what_was_not_measured_stays_zero():
    table = pima.load_table()

    zeros = {name: int((table[name] == 0).sum()) for name in ("glucose", "blood_pressure", "insulin")}

    assert zeros == {"glucose": 5, "blood_pressure": 35, "insulin": 374}
