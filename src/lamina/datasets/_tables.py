"""A small table that comes with the package, as a CSV file beside this one."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources

import numpy as np

from lamina._core import checks, seeds
from lamina.errors import ArgumentError


@dataclass(frozen=True)
class Table:
    """A table of numbers to predict one of its columns from the others.

    Attributes:
        name: name of the CSV file; its first line names the columns, and an empty cell is a missing number.
        rows: number of rows.
        features: columns to predict from.
        target: column to predict.
        class_names: what the classes 0, 1, 2, … mean; None where the target is a number.
        image_shape: height and width where the features are the pixels of an image.
    """

    name: str
    rows: int
    features: tuple[str, ...]
    target: str
    class_names: tuple[str, ...] | None = None
    image_shape: tuple[int, ...] | None = None

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of one row of x."""
        return self.image_shape or (len(self.features),)

    def is_present(self) -> bool:
        """Return True: the table is part of the package."""
        return True

    def load_table(self) -> dict[str, np.ndarray]:
        """Return the columns by name: whole numbers, numbers (missing ones NaN) or text."""
        file = resources.files("lamina.datasets").joinpath(f"{self.name}.csv")
        with file.open("r", encoding="utf-8") as stream:
            header, *rows = csv.reader(stream)
        return {name: _column(cells) for name, cells in zip(header, zip(*rows, strict=True), strict=True)}

    def load_data(
        self, test_split: float, seed: int
    ) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
        """Return ((x_train, y_train), (x_test, y_test)), the rows in an order that `seed` decides."""
        checks.integer(f"{self.name}.load_data(seed)", seed, least=0)
        table = self.load_table()
        x = np.stack([table[feature] for feature in self.features], axis=1).astype(np.float32)
        y = self._targets(table[self.target])
        rows = seeds.stream(seed, "datasets", self.name).permutation(len(x))
        train, test = np.split(rows, [len(x) - _test_rows(self.name, len(x), test_split)])
        x = x.reshape(-1, *self.shape)
        return (x[train], y[train]), (x[test], y[test])

    def _targets(self, column: np.ndarray) -> np.ndarray:
        if self.class_names is None:
            return column.astype(np.float32)
        if column.dtype.kind == "U":
            return np.array([self.class_names.index(cell) for cell in column])
        return column


def _column(cells: Sequence[str]) -> np.ndarray:
    """Return whole numbers where all cells are, else numbers, else text."""
    for kind in (np.int64, np.float64):
        try:
            return np.array([cell or "nan" for cell in cells]).astype(kind)
        except ValueError:
            continue
    return np.array(cells)


def _test_rows(name: str, rows: int, test_split: float) -> int:
    """Return how many rows to hold out; a part that loses all its rows by rounding is refused."""
    where = f"{name}.load_data(test_split)"
    checks.number(where, test_split, low=0, high=1, open_high=True)
    held_out = round(rows * test_split)
    if held_out == rows or (held_out == 0 and test_split > 0):
        part = "training" if held_out else "test"
        fix = f"choose between {1 / rows:.2g} and {1 - 1 / rows:.2g}, or 0 to keep all rows for training."
        expected = f"a fraction that leaves {part} rows"
        raise checks.problem(ArgumentError, where, expected=expected, got=f"{test_split} of {rows} rows", fix=fix)
    return held_out
