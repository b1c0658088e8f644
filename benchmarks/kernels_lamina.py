"""Lamina's kernels; with ``LAMINA_KERNELS=0``, their twins."""

from collections.abc import Callable
from functools import partial
from typing import Any

import jax
import numpy as np

from benchmarks.kernels import Case
from lamina import ops

_random = np.random.default_rng(0)


def build(case: Case) -> list[Callable[[], object]]:
    """Compile a kernel, or the way back through it alone, what it needs of the way forth being given."""
    function, arrays = _MAKERS[case.kind](case)
    if case.kind == "convolution" and case.direction == "forward":  # nothing is saved but what went in and came out
        return [_ready(function, *arrays)]
    if case.direction == "forward":
        return [_ready(partial(jax.vjp, function), *arrays)]
    y, back = jax.jit(partial(jax.vjp, function))(*arrays)
    wanted = {"input gradient": slice(1), "kernel gradient": slice(1, 2)}.get(case.direction, slice(None))
    return [_ready(lambda back, dy: back(dy)[wanted], back, _drawn(*y.shape))]


def _ready(function: Callable[..., Any], *arguments: Any) -> Callable[[], object]:
    compiled, placed = jax.jit(function), jax.device_put(arguments)
    return lambda: jax.block_until_ready(compiled(*placed))


def _convolution(case: Case) -> tuple[Callable[..., Any], tuple[jax.Array, ...]]:
    convolve = partial(ops.convolve, padding=case.padding, strides=case.stride)
    return convolve, (_drawn(*case.shape), _drawn(*case.kernel), _drawn(case.kernel[-1]))


def _pooling(case: Case) -> tuple[Callable[..., Any], tuple[jax.Array, ...]]:
    pool = ops.max_pool if case.kind == "max pooling" else ops.average_pool
    return partial(pool, size=case.kernel), (_drawn(*case.shape),)


def _recurrent(case: Case) -> tuple[Callable[..., Any], tuple[jax.Array, ...]]:
    (units,), features = case.kernel, case.shape[-1]
    width = units * case.gates
    state = np.zeros((case.shape[0], units), np.float32)
    recur, states, biases = (ops.lstm, (state, state), ()) if case.kind == "LSTM" else (ops.gru, (state,), (2,))

    def outputs(x: jax.Array, *weights: jax.Array) -> jax.Array:
        return recur(x, weights, states)[0]

    return outputs, (_drawn(*case.shape), _drawn(features, width), _drawn(units, width), _drawn(*biases, width))


def _drawn(*shape: int) -> jax.Array:
    return 0.1 * _random.standard_normal(shape, dtype=np.float32)


_MAKERS = {
    "GRU": _recurrent,
    "LSTM": _recurrent,
    "average pooling": _pooling,
    "convolution": _convolution,
    "max pooling": _pooling,
}
