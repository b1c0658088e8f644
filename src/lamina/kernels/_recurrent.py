"""Recurrent layers over all time steps at once.

Each takes what the inputs contribute to the gates of every step, ``projected = x @ kernel + bias``, which is one large
product, and does what has to be done step by step. The rows of a batch have nothing to do with each other, and the
steps of one row lie side by side, (batch, time, gates), so that rows can be shared out among threads.
"""

from __future__ import annotations

from jax import Array
from jax.nn import sigmoid
from jax.numpy import tanh

from lamina.kernels import _recurrent_twin as twin
from lamina.kernels._recurrent_twin import Function, States

USUAL = (tanh, sigmoid)


def simple_rnn(
    projected: Array,
    recurrent_kernel: Array,
    states: States,
    *,
    mask: Array | None = None,
    kept: Array | None = None,
    activations: tuple[Function] = USUAL[:1],
) -> tuple[Array, States]:
    """Return all outputs and the last state of ``h = activation(projected + h @ recurrent_kernel)``.

    Args:
        projected: of shape (batch, time, units).
        recurrent_kernel: of shape (units, units).
        states: the state h before the first step, of shape (batch, units).
        mask: which steps are real, booleans of shape (batch, time); a step left out keeps the states and repeats the
            output before it. None when all are.
        kept: what h is multiplied by before each product, (batch, units): a dropout mask. None for none.
        activations: the activation.
    """
    return twin.simple_rnn(projected, recurrent_kernel, states, mask=mask, kept=kept, activations=activations)


def lstm(
    projected: Array,
    recurrent_kernel: Array,
    states: States,
    *,
    mask: Array | None = None,
    kept: Array | None = None,
    activations: tuple[Function, Function] = USUAL,
) -> tuple[Array, States]:
    """Return all outputs and the last states (h, c) of the long short-term memory.

    With ``i, f, g, o = projected + h @ recurrent_kernel``, one quarter each, and the activations a and s:
    ``c = s(f) · c + s(i) · a(g)``, ``h = s(o) · a(c)``.

    Args:
        projected: of shape (batch, time, 4 · units).
        recurrent_kernel: of shape (units, 4 · units).
        states: h and c before the first step, each of shape (batch, units).
        mask: as for `simple_rnn`.
        kept: as for `simple_rnn`.
        activations: a and s, tanh and the sigmoid by default.
    """
    return twin.lstm(projected, recurrent_kernel, states, mask=mask, kept=kept, activations=activations)


def gru(
    projected: Array,
    recurrent_kernel: Array,
    states: States,
    *,
    recurrent_bias: Array | None = None,
    mask: Array | None = None,
    kept: Array | None = None,
    activations: tuple[Function, Function] = USUAL,
) -> tuple[Array, States]:
    """Return all outputs and the last state of the gated recurrent unit that resets after the product.

    With ``z, r, p = projected`` and ``z', r', q = h @ recurrent_kernel + recurrent_bias``, one third each, and the
    activations a and s: ``z = s(z + z')``, ``r = s(r + r')``, ``h = z · h + (1 - z) · a(p + r · q)``.

    Args:
        projected: of shape (batch, time, 3 · units).
        recurrent_kernel: of shape (units, 3 · units).
        states: h before the first step, of shape (batch, units).
        recurrent_bias: of shape (3 · units,); None for none.
        mask: as for `simple_rnn`.
        kept: as for `simple_rnn`.
        activations: a and s, tanh and the sigmoid by default.
    """
    return twin.gru(
        projected,
        recurrent_kernel,
        states,
        recurrent_bias=recurrent_bias,
        mask=mask,
        kept=kept,
        activations=activations,
    )


def gru_reset_before(
    projected: Array,
    recurrent_kernel: Array,
    states: States,
    *,
    mask: Array | None = None,
    kept: Array | None = None,
    activations: tuple[Function, Function] = USUAL,
) -> tuple[Array, States]:
    """Return all outputs and the last state of the gated recurrent unit that resets before the product.

    As `gru`, with ``h = z · h + (1 - z) · a(p + (r · h) @ Q)``, Q being the last third of the recurrent kernel.

    Args:
        projected: of shape (batch, time, 3 · units).
        recurrent_kernel: of shape (units, 3 · units).
        states: h before the first step, of shape (batch, units).
        mask: as for `simple_rnn`.
        kept: as for `simple_rnn`.
        activations: a and s, tanh and the sigmoid by default.
    """
    return twin.gru_reset_before(projected, recurrent_kernel, states, mask=mask, kept=kept, activations=activations)
