"""Auto MPG has the published numbers, six of them missing."""

import numpy as np

from lamina.datasets import auto_mpg


def test_the_first_row_is_the_published_one():
    table = auto_mpg.load_table()

    first = {name: column[0].item() for name, column in table.items()}

    assert first == {
        "mpg": 18.0,
        "cylinders": 8,
        "displacement": 307.0,
        "horsepower": 130.0,
        "weight": 3504,
        "acceleration": 12.0,
        "model_year": 70,
        "origin": 1,
        "name": "chevrolet chevelle malibu",
    }


def test_six_horsepowers_are_missing_and_nothing_else():
    table = auto_mpg.load_table()

    missing = {name: int(np.isnan(column).sum()) for name, column in table.items() if column.dtype.kind != "U"}

    assert missing.pop("horsepower") == 6
    assert set(missing.values()) == {0}
    assert "ford pinto" in table["name"][np.isnan(table["horsepower"])]


def test_origins_have_the_published_numbers_of_rows():
    table = auto_mpg.load_table()

    assert np.bincount(table["origin"]).tolist() == [0, 249, 70, 79]
    assert round(float(table["mpg"].mean()), 4) == 23.5146
