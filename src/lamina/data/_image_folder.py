"""Pictures in a folder, whose sub-folders are the classes."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path
from typing import Any

import numpy as np

from lamina._core import checks
from lamina._core.optional import require
from lamina.data._attempts import Skipped
from lamina.data._item_source import ItemSource
from lamina.data._workers import Workers
from lamina.errors import ArgumentError, DataError

ENDINGS = (".bmp", ".gif", ".jpeg", ".jpg", ".png", ".webp")
MODES = {"grayscale": "L", "rgb": "RGB", "rgba": "RGBA"}
FILTERS = {"area": "BOX", "bicubic": "BICUBIC", "bilinear": "BILINEAR", "lanczos3": "LANCZOS", "nearest": "NEAREST"}


@dataclasses.dataclass(frozen=True)
class ImageReader:
    """Reads a picture: decodes it, and brings it to a size.

    Args:
        image_size: rows and columns of pixels.
        color_mode: "rgb", "rgba" or "grayscale".
        interpolation: "bilinear", "nearest", "bicubic", "area" or "lanczos3".
        crop_to_aspect_ratio: whether to cut off what does not fit the shape, instead of stretching the picture.
    """

    image_size: tuple[int, int]
    color_mode: str = "rgb"
    interpolation: str = "bilinear"
    crop_to_aspect_ratio: bool = False

    def __post_init__(self) -> None:
        if not isinstance(self.image_size, (tuple, list)) or len(self.image_size) != 2:
            raise checks.problem(
                ArgumentError,
                "from_images(image_size)",
                expected="a height and a width",
                got=checks.plain(self.image_size),
                fix="write two numbers, as in (224, 224).",
            )
        checks.shape("from_images(image_size)", self.image_size)
        checks.choice("from_images(color_mode)", self.color_mode, MODES)
        checks.choice("from_images(interpolation)", self.interpolation, FILTERS)
        checks.boolean("from_images(crop_to_aspect_ratio)", self.crop_to_aspect_ratio)

    def __call__(self, path: Path) -> np.ndarray:
        """Return a picture as bytes, of shape (height, width, channels)."""
        pillow: Any = require("PIL.Image", extra="data", purpose="Dataset.from_images()")
        with pillow.open(path) as opened:
            picture = opened.convert(MODES[self.color_mode])
        height, width = self.image_size
        box = _inner(picture.size, width, height) if self.crop_to_aspect_ratio else None
        picture = picture.resize((width, height), getattr(pillow, FILTERS[self.interpolation]), box=box)
        return np.asarray(picture).reshape(height, width, -1)


def image_source(
    folder: str | os.PathLike[str],
    reader: ImageReader,
    *,
    workers: int | None = None,
    timeout: float | None = None,
    on_error: str = "raise",
) -> ItemSource:
    """Return the pictures of a folder as a source.

    Args:
        folder: where the pictures lie, those of each class in a folder of its own; without such, they have no targets.
        reader: how they are read.
        workers: how many processes read them; 0 to read them in this one; one for each processor core but one when not
            given.
        timeout: how many seconds a process may take for a picture.
        on_error: "raise" or "skip".

    Raises:
        DataError: for a folder that does not exist, or one without a picture.
        MissingDependencyError: where pillow is not installed.
    """
    require("PIL.Image", extra="data", purpose="Dataset.from_images()")
    root = checks.path("from_images(folder)", folder, of="folder", example="pictures")
    where = f"from_images({str(root)!r})"
    classes = sorted(child for child in root.glob("*") if child.is_dir() and not child.name.startswith("."))
    workers = max(1, (os.cpu_count() or 2) - 1) if workers is None else workers
    paths, labels = [], []
    for home in classes or [root]:
        found = sorted(path for path in home.rglob("*") if path.suffix.lower() in ENDINGS and path.is_file())
        if not found:
            raise checks.problem(
                DataError,
                where,
                expected=f"pictures ({', '.join(ENDINGS)}) in {home.name if classes else 'it'}",
                got="none" if home.is_dir() else "a file" if home.exists() else "a folder that does not exist",
                fix="name the folder whose sub-folders are the classes; remove those that are no class.",
            )
        paths += found
        labels += [home.name] * len(found)
    return ItemSource(
        paths,
        Workers(reader, workers, where=where, timeout=timeout),
        Skipped(where, on_error),
        lambda number: paths[number].relative_to(root).as_posix(),
        np.array(labels) if classes else None,
    )


def _inner(size: tuple[int, int], width: int, height: int) -> tuple[float, float, float, float]:
    """Return the largest box in the middle of a picture that has the shape of a width and height."""
    scale = min(size[0] / width, size[1] / height)
    left, top = (size[0] - width * scale) / 2, (size[1] - height * scale) / 2
    return left, top, size[0] - left, size[1] - top
