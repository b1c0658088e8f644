"""A set of images published as four IDX files: training images and labels, test images and labels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lamina.datasets import _files, _idx


@dataclass(frozen=True)
class ImageSet:
    """Images that are looked for on this machine, and downloaded where they are missing.

    Attributes:
        name: name of the folder the files lie in.
        files: training images, training labels, test images, test labels.
        mirrors: addresses to download from, each ending in a slash, the first choice first.
        class_names: what the labels 0, 1, 2, … mean.
        train_rows: number of training images.
        test_rows: number of test images.
        shape: height and width of an image.
    """

    name: str
    files: tuple[_files.RemoteFile, _files.RemoteFile, _files.RemoteFile, _files.RemoteFile]
    mirrors: tuple[str, ...]
    class_names: tuple[str, ...]
    train_rows: int = 60_000
    test_rows: int = 10_000
    shape: tuple[int, ...] = (28, 28)

    @property
    def rows(self) -> int:
        """Number of images, training and test together."""
        return self.train_rows + self.test_rows

    def is_present(self) -> bool:
        """Return whether all files lie on this machine."""
        return all(_files.find(self.name, file.name) is not None for file in self.files)

    def load_data(self) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
        """Return ((x_train, y_train), (x_test, y_test)) as unsigned bytes."""
        paths = _files.locate(self.name, self.files, self.mirrors)
        train, test = (self.train_rows,), (self.test_rows,)
        shapes = (train + self.shape, train, test + self.shape, test)
        x_train, y_train, x_test, y_test = (_idx.read(path, shape) for path, shape in zip(paths, shapes, strict=True))
        return (x_train, y_train), (x_test, y_test)
