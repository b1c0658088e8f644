"""Recurrent layers by the native kernels.

What is missing, such as a mask, goes to a kernel as an array without numbers, and so do results that nobody asked for.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from jax import Array

from lamina.kernels._library import call, floats

NOTHING = floats((0,))


def lstm(
    projected: Array, kernel: Array, states: tuple[Array, ...], mask: Array | None, kept: Array | None, *, saves: bool
) -> tuple[Array, Array, Array, Array]:
    """Return the outputs, c after the last step, and c and the gates of every step, where they are to be saved."""
    h, c = states
    outputs = floats((*projected.shape[:2], h.shape[1]))
    saved = (outputs, floats(projected.shape)) if saves else (NOTHING, NOTHING)
    found: Any = call("lstm", (outputs, floats(c.shape), *saved), projected, kernel, h, c, *_given(kept, mask))
    return tuple(found)  # type: ignore[return-value]


def lstm_gradient(slopes: tuple[Array, Array], kernel: Array, states: tuple[Array, ...], **saved: Any) -> Any:
    """Return the gradients of the projected inputs, the kernel, h and c.

    Args:
        slopes: those of the outputs and of c after the last step.
        kernel: the recurrent kernel.
        states: h and c before the first step.
        **saved: mask, kept, outputs, cells and gates, as they went into `lstm` or came out of it.
    """
    h, c = states
    results = (floats(saved["gates"].shape), floats(kernel.shape), floats(h.shape), floats(c.shape))
    more = (saved["outputs"], saved["cells"], saved["gates"])
    return call("lstm_gradient", results, *slopes, kernel, h, c, *_given(saved["kept"], saved["mask"]), *more)


def gru(
    projected: Array,
    kernel: Array,
    bias: Array | None,
    h: Array,
    mask: Array | None,
    kept: Array | None,
    *,
    saves: bool,
) -> tuple[Array, Array, Array]:
    """Return the outputs, and where they are to be saved the gates and what the kernel made of h for the candidate.

    Args:
        projected: the projected inputs.
        kernel: the recurrent kernel.
        bias: the recurrent bias where the reset gate comes after the product; None where it comes before.
        h: the state before the first step.
        mask: which steps are real.
        kept: what h is multiplied by before each product.
        saves: whether there will be a way back.
    """
    outputs = floats((*projected.shape[:2], h.shape[1]))
    inner = outputs if saves and bias is not None else NOTHING
    results = (outputs, floats(projected.shape) if saves else NOTHING, inner)
    found: Any = call("gru", results, projected, kernel, _or_nothing(bias), h, *_given(kept, mask))
    return tuple(found)  # type: ignore[return-value]


def gru_gradient(slopes: Array, kernel: Array, h: Array, **saved: Any) -> Any:
    """Return the gradients of the projected inputs, of what the kernel made of h, of the kernel, and of h.

    Args:
        slopes: those of the outputs.
        kernel: the recurrent kernel.
        h: the state before the first step.
        **saved: mask, kept, outputs, gates and inner, as they went into `gru` or came out of it.
    """
    results = (floats(saved["gates"].shape), floats(saved["inner"].shape), floats(kernel.shape), floats(h.shape))
    more = (saved["outputs"], saved["gates"], saved["inner"])
    return call("gru_gradient", results, slopes, kernel, h, *_given(saved["kept"], saved["mask"]), *more)


def _given(kept: Array | None, mask: Array | None) -> tuple[Array | np.ndarray, Array | np.ndarray]:
    return _or_nothing(kept), _or_nothing(mask, bool)


def _or_nothing(array: Array | None, dtype: Any = np.float32) -> Array | np.ndarray:
    return np.zeros(0, dtype) if array is None else array
