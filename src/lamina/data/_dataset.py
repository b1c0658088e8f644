"""Data that need not fit in memory: where its rows come from."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Sequence
from typing import Any, Self

from lamina._core.renamed import explain_arguments
from lamina.data._array_source import array_source
from lamina.data._attempts import Skipped
from lamina.data._csv import CSVReader, csv_source
from lamina.data._file_source import Paths
from lamina.data._image_folder import ImageReader, image_source
from lamina.data._item_source import map_source
from lamina.data._iterator_source import Given, IteratorSource
from lamina.data._parquet import parquet_source
from lamina.data._pipeline import Pipeline
from lamina.data._table_columns import Wanted


@dataclasses.dataclass(frozen=True, eq=False, repr=False)
class Dataset(Pipeline):
    """Rows for `fit`, `evaluate` and `predict` that are read as they are needed.

    Make one from arrays, files, folders or iterators with ``Dataset.from_...``; say with `map`, `filter`, `shuffle`,
    `batch`, `take`, `split`, `cache` and `prefetch` what becomes of the rows. Each of these returns a new data set, and
    reads nothing. One epoch of training is one pass through the rows.

    Args:
        source: where rows come from; given by ``Dataset.from_...``.
        stages: what happens to them, in order.
        rows_per_batch: how many rows each step of training takes.

    Example:
        >>> import numpy as np
        >>> from lamina.data import Dataset
        >>> numbers = Dataset.from_arrays(np.arange(10.0), np.arange(10.0) ** 2)
        >>> small = numbers.filter(lambda x, y: y < 30).map(lambda x, y: (x / 2, y)).batch(4)
        >>> [x.tolist() for x, y in small]
        [[0.0, 0.5, 1.0, 1.5], [2.0, 2.5]]
    """

    @classmethod
    @explain_arguments
    def from_arrays(cls, x: Any, y: Any = None, *, sample_weight: Any = None) -> Self:
        """Read rows from arrays in memory, or from memory maps of files.

        Args:
            x: the inputs: an array, frame or ``np.memmap``; a dictionary or tuple of them for several inputs.
            y: the targets, likewise; None for none.
            sample_weight: how much each row counts; 1 each when not given.

        Raises:
            DataError: for what is no array, and different numbers of rows.
        """
        return cls(array_source(x, y, sample_weight))

    @classmethod
    @explain_arguments
    def from_parquet(
        cls,
        paths: Paths,
        y: Wanted = None,
        *,
        x: Wanted = None,
        sample_weight: str | None = None,
        classes: Sequence[str] | None = None,
    ) -> Self:
        """Read rows from Parquet files, a row group at a time.

        Args:
            paths: a file, a folder, or a pattern such as "data/*.parquet"; or several of them.
            y: the column of the targets, or a list of columns; a dictionary of them for several outputs.
            x: the columns of the inputs, likewise; all that are nothing else when not given. A list of columns becomes
                an array of shape (rows, columns), one column alone one of shape (rows,).
            sample_weight: the column that says how much each row counts; 1 each when not given.
            classes: all labels of y, where it is text.

        Raises:
            DataError: for a path without a file, a file that is not Parquet or lacks a column, and columns of text in
                x.
            MissingDependencyError: where pyarrow is not installed.
        """
        return cls(parquet_source(paths, (x, y, sample_weight), classes))

    @classmethod
    @explain_arguments
    def from_csv(
        cls,
        paths: Paths,
        y: Wanted = None,
        *,
        x: Wanted = None,
        sample_weight: str | None = None,
        delimiter: str = ",",
        classes: Sequence[str] | None = None,
        on_error: str = "raise",
    ) -> Self:
        """Read rows from CSV files that begin with a line of names.

        Args:
            paths: a file, a folder, or a pattern such as "data/*.csv"; or several of them.
            y: the column of the targets, or a list of columns; a dictionary of them for several outputs.
            x: the columns of the inputs, likewise; all that are nothing else when not given.
            sample_weight: the column that says how much each row counts; 1 each when not given.
            delimiter: what stands between two values.
            classes: all labels of y, where it is text.
            on_error: "raise", or "skip" to leave out lines with too few or too many values; see `skipped`.

        Raises:
            DataError: for a path without a file, a file that is no table or lacks a column, and columns of text in x.
            MissingDependencyError: where pyarrow is not installed.
        """
        reader = CSVReader(Skipped("from_csv", on_error), delimiter)
        return cls(csv_source(paths, (x, y, sample_weight), reader, classes))

    @classmethod
    @explain_arguments
    def from_images(  # noqa: PLR0913 - how pictures become arrays, and who does it
        cls,
        folder: str | os.PathLike[str],
        image_size: tuple[int, int] = (256, 256),
        *,
        color_mode: str = "rgb",
        interpolation: str = "bilinear",
        crop_to_aspect_ratio: bool = False,
        workers: int | None = None,
        timeout: float | None = None,
        on_error: str = "raise",
    ) -> Self:
        """Read pictures from a folder, whose sub-folders are the classes.

        x are bytes of shape (height, width, channels), so that a network for them begins with ``Rescaling(1 / 255)``;
        y are the names of the sub-folders. A folder without sub-folders has no y.

        Args:
            folder: where the pictures lie.
            image_size: height and width that they are brought to.
            color_mode: "rgb", "rgba" or "grayscale".
            interpolation: how: "bilinear", "nearest", "bicubic", "area" or "lanczos3".
            crop_to_aspect_ratio: whether to cut off what does not fit the shape, instead of stretching the picture.
            workers: how many processes decode them; 0 to do it in this one; one for each processor core but one when
                not given.
            timeout: how many seconds a process may take for a picture before the picture counts as one that cannot be
                read; 300 when not given.
            on_error: "raise", or "skip" to leave out files that cannot be read; see `skipped`.

        Raises:
            DataError: for a folder that does not exist, or one without a picture.
            MissingDependencyError: where pillow is not installed.
        """
        reader = ImageReader(image_size, color_mode, interpolation, crop_to_aspect_ratio)
        return cls(image_source(folder, reader, workers=workers, timeout=timeout, on_error=on_error))

    @classmethod
    @explain_arguments
    def from_rows(cls, source: Given, *, rows: int | None = None) -> Self:
        """Read single rows from an iterable, or from a function that returns one.

        Args:
            source: gives x alone, or tuples (x, y) or (x, y, sample_weight), for one row each. A generator can be gone
                through once; pass the function that makes it where there is to be more than one epoch. A function that
                takes an argument is given NumPy's random numbers, which follow from the seed and the epoch.
            rows: how many rows make an epoch; needed where the source never ends.

        Raises:
            ArgumentError: for an iterator that never ends, without a number of rows.
            DataError: for what cannot be iterated over.
        """
        where = f"from_rows({_name(source)})"
        return cls(IteratorSource(source, gives_batches=False, limit=rows, where=where))

    @classmethod
    @explain_arguments
    def from_batches(cls, source: Given, *, steps: int | None = None) -> Self:
        """Read many rows at a time from an iterable, or from a function that returns one.

        Training takes as many rows for a step as the first batch has, unless `batch` says how many.

        Args:
            source: gives x alone, or tuples (x, y) or (x, y, sample_weight), for several rows at a time; otherwise as
                for `from_rows`.
            steps: how many batches make an epoch; needed where the source never ends.

        Raises:
            ArgumentError: for an iterator that never ends, without a number of steps.
            DataError: for what cannot be iterated over.
        """
        where = f"from_batches({_name(source)})"
        return cls(IteratorSource(source, gives_batches=True, limit=steps, where=where))

    @classmethod
    @explain_arguments
    def from_map(cls, dataset: Any, *, workers: int = 0, timeout: float | None = None, on_error: str = "raise") -> Self:
        """Read rows from an object with a length and items, such as PyTorch's data sets.

        Args:
            dataset: an object with ``__len__`` and ``__getitem__``, whose items are x alone, or tuples (x, y) or (x, y,
                sample_weight).
            workers: how many processes read it; 0 to read it in this one. Its class must be of a module that can be
                imported, not of the main script.
            timeout: how many seconds a process may take for an item before it counts as one that cannot be read; 300
                when not given.
            on_error: "raise", or "skip" to leave out items that cannot be read; see `skipped`.

        Raises:
            DataError: for an object without a length or items.
        """
        return cls(map_source(dataset, workers=workers, timeout=timeout, on_error=on_error))


def _name(source: object) -> str:
    return str(getattr(source, "__name__", type(source).__name__))
