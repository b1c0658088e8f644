"""The library of native kernels: finding it, loading it, calling what is in it.

It is built with the package where there is a C++ compiler. Without it, or with ``LAMINA_KERNELS=0``, the twins do the
work. ``LAMINA_KERNELS=baseline`` or ``avx2`` asks for less than the processor has.
"""

from __future__ import annotations

import ctypes
import functools
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jax
import numpy as np
from jax import Array

FILE = "_native.so"
PREFIX = "lamina_"


@functools.cache
def library() -> ctypes.CDLL | None:
    """Return the library, its kernels made known to XLA; None where there is none, or it is switched off."""
    if os.environ.get("LAMINA_KERNELS") == "0":
        return None
    file = library_file()
    if file is None:
        return None
    loaded = ctypes.CDLL(str(file))
    loaded.lamina_instruction_set.restype = ctypes.c_char_p
    return loaded


def library_file() -> Path | None:
    """Return where the library lies; None where the package was installed without one."""
    from lamina import kernels  # noqa: PLC0415 - its path has more than one folder where the source is being edited

    return next((file for folder in kernels.__path__ if (file := Path(folder) / FILE).is_file()), None)


def instruction_set() -> str | None:
    """Return the instruction set that the native kernels use, such as "avx2"; None where the twins do the work."""
    loaded = library()
    return None if loaded is None else bytes(loaded.lamina_instruction_set()).decode()


def is_native(*arrays: Array) -> bool:
    """Tell whether a native kernel can work on these arrays: on the CPU, numbers of 32 bits, none of them empty."""
    return (
        jax.default_backend() == "cpu"
        and all(array.dtype == np.float32 and array.size for array in arrays)
        and library() is not None
    )


@functools.cache
def _target(name: str) -> str:
    """Return the name of a kernel as XLA knows it, which is made known on its first use."""
    full = PREFIX + name
    jax.ffi.register_ffi_target(full, jax.ffi.pycapsule(getattr(library(), full)), platform="cpu")
    return full


def call(
    name: str, results: Any, *arrays: Any, replaced: dict[int, int] | None = None, **numbers: int | Sequence[int]
) -> Any:
    """Return what a kernel gives.

    Args:
        name: the kernel.
        results: the shape and type of the result, or of each result.
        *arrays: what it reads.
        replaced: which array gives its memory to which result, by their numbers.
        **numbers: whole numbers, or sequences of them, that belong to the call.
    """
    attributes = {
        key: np.int64(value) if isinstance(value, int) else np.array(value, np.int64) for key, value in numbers.items()
    }
    kernel = jax.ffi.ffi_call(_target(name), results, vmap_method="sequential", input_output_aliases=replaced)
    return kernel(*arrays, **attributes)


def floats(shape: Sequence[int]) -> jax.ShapeDtypeStruct:
    """Return the description of an array of numbers of 32 bits."""
    return jax.ShapeDtypeStruct(tuple(shape), np.float32)
