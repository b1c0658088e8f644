"""Recurrent layers by the native kernels.

What is missing, such as a mask, goes to a kernel as an array without numbers, and so does a result that nobody asked
for. What is saved for the way back has the shape (time, batch, ...), but lies as the kernels read it again; the slopes
of the gates take its place.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from jax import Array

from lamina.kernels._library import call, floats

NOTHING = floats((0,))


def lstm(x: Array, weights: Any, states: Any, mask: Array | None, kept: Array | None, *, saves: bool) -> Any:
    """Return the outputs, c after the last step, and c and the gates of every step where they are to be saved."""
    rows, steps, _ = x.shape
    units = states[0].shape[1]
    saved = (floats((steps, rows, units)), floats((steps, rows, 4 * units))) if saves else (NOTHING, NOTHING)
    results = (floats((rows, steps, units)), floats((rows, units)), *saved)
    return call("lstm", results, x, *weights, *states, *_options(kept, mask))


def lstm_gradient(
    slopes: Any,
    x: Array,
    kernels: tuple[Array | None, Array],
    states: Any,
    mask: Array | None,
    kept: Array | None,
    saved: Any,
) -> Any:
    """Return the slopes of x, kernel, recurrent kernel, bias, h and c.

    Args:
        slopes: those of the outputs and of c after the last step.
        x: the inputs.
        kernels: the kernel, None where the slopes of x are not wanted and come without numbers, and the recurrent one.
        states: h and c before the first step.
        mask: as in `lstm`.
        kept: as in `lstm`.
        saved: the outputs, and c and the gates of every step.
    """
    kernel, recurrent_kernel = kernels
    units = recurrent_kernel.shape[0]
    own = (floats((x.shape[2], 4 * units)), floats(recurrent_kernel.shape), floats((4 * units,)))
    results = (floats(saved[2].shape), _slopes_like(x, kernel), *own, *(floats(state.shape) for state in states))
    arrays = (*slopes, x, _or_empty(kernel), recurrent_kernel, *states, *_options(kept, mask), *saved)
    _, *others = call("lstm_gradient", results, *arrays, replaced={len(arrays) - 1: 0})
    return others


def gru(x: Array, weights: Any, h: Array, mask: Array | None, kept: Array | None, *, saves: bool) -> Any:
    """Return the outputs, and where they are to be saved the gates and what became of the state for the candidate."""
    rows, steps, _ = x.shape
    units = h.shape[1]
    saved = (floats((steps, rows, 3 * units)), floats((steps, rows, units))) if saves else (NOTHING, NOTHING)
    return call("gru", (floats((rows, steps, units)), *saved), x, *weights, h, *_options(kept, mask))


def gru_gradient(
    slopes: Array, x: Array, weights: Any, h: Array, mask: Array | None, kept: Array | None, saved: Any
) -> Any:
    """Return the slopes of x, kernel, recurrent kernel, bias and h.

    Args:
        slopes: those of the outputs.
        x: the inputs.
        weights: the kernel, None as for the LSTM, the recurrent kernel, and the bias.
        h: the state before the first step.
        mask: as in `gru`.
        kept: as in `gru`.
        saved: the outputs, the gates, and what became of the state for the candidate.
    """
    kernel, recurrent_kernel, _ = weights
    arrays = (slopes, x, _or_empty(kernel), recurrent_kernel, h, *_options(kept, mask), *saved)
    own = (floats((x.shape[2], recurrent_kernel.shape[1])), *(floats(array.shape) for array in weights[1:]))
    results = (*(floats(array.shape) for array in saved[1:]), _slopes_like(x, kernel), *own, floats(h.shape))
    _, _, *others = call("gru_gradient", results, *arrays, replaced={len(arrays) - 2: 0, len(arrays) - 1: 1})
    return others


def _slopes_like(x: Array, kernel: Array | None) -> Any:
    return NOTHING if kernel is None else floats(x.shape)


def _or_empty(array: Array | None, dtype: str = "float32") -> Array | np.ndarray:
    return np.zeros(0, dtype) if array is None else array


def _options(kept: Array | None, mask: Array | None) -> tuple[Array | np.ndarray, Array | np.ndarray]:
    return _or_empty(kept), _or_empty(mask, "bool")
