"""Recurrent layers over all time steps at once.

On a CPU a native kernel takes rows of the batch through all steps, some rows in each thread. The gradient of the inputs
is not computed where nobody asks for it, as for the first layer of a network.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import jax
import jax.numpy as jnp
from jax import Array
from jax.custom_derivatives import SymbolicZero
from jax.nn import sigmoid
from jax.numpy import tanh

from lamina.kernels import _recurrent_native as native
from lamina.kernels import _recurrent_twin as twin
from lamina.kernels._halves import in_float32
from lamina.kernels._library import is_native
from lamina.kernels._recurrent_twin import Function, States, Weights

Whole: TypeAlias = tuple[Array, Array, Array]

USUAL = (tanh, sigmoid)
"""The activations that the native kernels have."""


@in_float32
def simple_rnn(
    x: Array,
    weights: Weights,
    states: States,
    *,
    mask: Array | None = None,
    kept: Array | None = None,
    activations: tuple[Function] = USUAL[:1],
) -> tuple[Array, States]:
    """Return all outputs and the last state of ``h = activation(x @ kernel + h @ recurrent_kernel + bias)``.

    Args:
        x: of shape (batch, time, features).
        weights: the kernel (features, units), the recurrent kernel (units, units), and the bias (units,) or None.
        states: the state h before the first step, (batch, units).
        mask: which steps are real, booleans of shape (batch, time); a step left out keeps the states and repeats the
            output before it. None when all are.
        kept: what h is multiplied by before each product, (batch, units): a dropout mask. None for none.
        activations: the activation.
    """
    return twin.simple_rnn(x, weights, states, mask, kept, activations)


@in_float32
def lstm(
    x: Array,
    weights: Weights,
    states: States,
    *,
    mask: Array | None = None,
    kept: Array | None = None,
    activations: tuple[Function, Function] = USUAL,
) -> tuple[Array, States]:
    """Return all outputs and the last states (h, c) of the long short-term memory.

    With ``i, f, g, o = x @ kernel + h @ recurrent_kernel + bias``, one quarter each, and the activations a and s:
    ``c = s(f) · c + s(i) · a(g)``, ``h = s(o) · a(c)``.

    Args:
        x: of shape (batch, time, features).
        weights: the kernel (features, 4 · units), the recurrent kernel (units, 4 · units), and the bias (4 · units,) or
            None.
        states: h and c before the first step, each of shape (batch, units).
        mask: as for `simple_rnn`.
        kept: as for `simple_rnn`.
        activations: a and s, tanh and the sigmoid by default.
    """
    kernel, recurrent_kernel, bias = weights
    if activations != USUAL or not is_native(x, kernel, recurrent_kernel, *states):
        return twin.lstm(x, weights, states, mask, kept, activations)
    bias = jnp.zeros(kernel.shape[1:], kernel.dtype) if bias is None else bias
    outputs, c = _lstm(x, (kernel, recurrent_kernel, bias), states, mask, kept)
    return outputs, (outputs[:, -1], c)


@in_float32
def gru(
    x: Array,
    weights: Weights,
    states: States,
    *,
    reset_after: bool = True,
    mask: Array | None = None,
    kept: Array | None = None,
    activations: tuple[Function, Function] = USUAL,
) -> tuple[Array, States]:
    """Return all outputs and the last state of the gated recurrent unit.

    With ``z, r, p = x @ kernel + bias[0]`` and ``z', r', q = h @ recurrent_kernel + bias[1]``, one third each, and the
    activations a and s: ``z = s(z + z')``, ``r = s(r + r')``, ``h = z · h + (1 - z) · a(p + r · q)``. Where the reset
    gate comes before the product, r · h is multiplied to get q, and there is one bias.

    Args:
        x: of shape (batch, time, features).
        weights: the kernel (features, 3 · units), the recurrent kernel (units, 3 · units), and the bias, (2, 3 · units)
            or (3 · units,), or None.
        states: h before the first step, (batch, units).
        reset_after: whether the reset gate comes after the product.
        mask: as for `simple_rnn`.
        kept: as for `simple_rnn`.
        activations: a and s, tanh and the sigmoid by default.
    """
    kernel, recurrent_kernel, bias = weights
    if activations != USUAL or not is_native(x, kernel, recurrent_kernel, *states):
        form = twin.gru if reset_after else twin.gru_reset_before
        return form(x, weights, states, mask, kept, activations)
    biases = (2, *kernel.shape[1:]) if reset_after else kernel.shape[1:]
    bias = jnp.zeros(biases, kernel.dtype) if bias is None else bias
    outputs = _gru(x, (kernel, recurrent_kernel, bias), states[0], mask, kept)
    return outputs, (outputs[:, -1],)


@jax.custom_vjp
def _lstm(x: Array, weights: Whole, states: States, mask: Array | None, kept: Array | None) -> tuple[Array, Array]:
    outputs, c, _, _ = native.lstm(x, weights, states, mask, kept, saves=False)
    return outputs, c


def _lstm_forward(*given: Any) -> tuple[tuple[Array, Array], Any]:
    x, weights, states, mask, kept = _values(given)
    outputs, c, *saved = native.lstm(x, weights, states, mask, kept, saves=True)
    return (outputs, c), (x, _needed(given, weights), states, mask, kept, (outputs, *saved))


def _lstm_backward(given: Any, slopes: Any) -> tuple[Any, ...]:
    x, weights, states, mask, kept, saved = given
    d_x, *own, h, c = native.lstm_gradient(_whole(slopes), x, weights[:2], states, mask, kept, saved)
    return _or_nothing(d_x, weights), tuple(own), (h, c), None, None


@jax.custom_vjp
def _gru(x: Array, weights: Whole, h: Array, mask: Array | None, kept: Array | None) -> Array:
    outputs: Array = native.gru(x, weights, h, mask, kept, saves=False)[0]
    return outputs


def _gru_forward(*given: Any) -> tuple[Array, Any]:
    x, weights, h, mask, kept = _values(given)
    outputs, *saved = native.gru(x, weights, h, mask, kept, saves=True)
    return outputs, (x, _needed(given, weights), h, mask, kept, (outputs, *saved))


def _gru_backward(given: Any, slopes: Any) -> tuple[Any, ...]:
    x, weights, h, mask, kept, saved = given
    d_x, *own, d_h = native.gru_gradient(_whole(slopes), x, weights, h, mask, kept, saved)
    return _or_nothing(d_x, weights), tuple(own), d_h, None, None


def _values(given: Any) -> Any:
    """Return the arguments themselves, each of which comes with the news whether its slope is wanted."""
    return jax.tree.map(lambda leaf: leaf.value, given, is_leaf=lambda leaf: hasattr(leaf, "perturbed"))


def _needed(given: Any, weights: Whole) -> tuple[Array | None, Array, Array]:
    """Return what the way back needs of the weights: the kernel only if the slope of x is wanted."""
    kernel, recurrent_kernel, bias = weights
    return kernel if given[0].perturbed else None, recurrent_kernel, bias


def _whole(slopes: Any) -> Any:
    """Return slopes with zeros in place of those that nobody has."""
    return jax.tree.map(
        lambda leaf: jnp.zeros(leaf.shape, leaf.dtype) if isinstance(leaf, SymbolicZero) else leaf,
        slopes,
        is_leaf=lambda leaf: isinstance(leaf, SymbolicZero),
    )


def _or_nothing(d_x: Array, weights: Any) -> Array | None:
    return None if weights[0] is None else d_x


_lstm.defvjp(_lstm_forward, _lstm_backward, symbolic_zeros=True)
_gru.defvjp(_gru_forward, _gru_backward, symbolic_zeros=True)
