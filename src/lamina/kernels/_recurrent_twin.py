"""Recurrent layers over all time steps, in pure JAX: what runs where there is no native kernel, and what it must equal.

All of them take what the inputs contribute to the gates of every step, worked out beforehand in one large product, so
that a step has only one product left: that of the state with the recurrent kernel, for all gates at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import jax
import jax.numpy as jnp
from jax import Array
from jax.nn import sigmoid
from jax.numpy import tanh

States: TypeAlias = tuple[Array, ...]
Step: TypeAlias = Callable[[States, Array], tuple[Array, States]]
Function: TypeAlias = Callable[[Array], Array]


def recur(step: Step, x: Array, states: States, *, mask: Array | None = None, before: Array) -> tuple[Array, States]:
    """Return the output of every step, and the states after the last.

    A step that the mask leaves out keeps the states, and repeats the output before it.

    Args:
        step: makes of the states and the input of a step its output and the next states.
        x: of shape (batch, time, ...).
        states: the states before the first step, each of shape (batch, ...).
        mask: which steps are real, booleans of shape (batch, time); None when all are.
        before: the output that a first step repeats when it is left out.

    Shape:
        Outputs (batch, time, ...).
    """

    def body(carry: tuple[Array, States], now: tuple[Array, Array | None]) -> tuple[tuple[Array, States], Array]:
        x, real = now
        made = step(carry[1], x)
        made = made if real is None else jax.tree.map(lambda new, old: _chosen(real, new, old), made, carry)
        return made, made[0]

    in_time = (jnp.swapaxes(x, 0, 1), None if mask is None else mask.T)
    (_, states), outputs = jax.lax.scan(body, (before, states), in_time)
    return jnp.swapaxes(outputs, 0, 1), states


def simple_rnn(
    projected: Array,
    recurrent_kernel: Array,
    states: States,
    *,
    mask: Array | None = None,
    kept: Array | None = None,
    activations: tuple[Function] = (tanh,),
) -> tuple[Array, States]:
    """Return all outputs and the last state of the simple recurrent layer; see `_recurrent`."""

    def step(states: States, now: Array) -> tuple[Array, States]:
        h = activations[0](now + _dropped(states[0], kept) @ recurrent_kernel)
        return h, (h,)

    return recur(step, projected, states, mask=mask, before=states[0])


def lstm(
    projected: Array,
    recurrent_kernel: Array,
    states: States,
    *,
    mask: Array | None = None,
    kept: Array | None = None,
    activations: tuple[Function, Function] = (tanh, sigmoid),
) -> tuple[Array, States]:
    """Return all outputs and the last states (h, c) of the LSTM; see `_recurrent`."""
    activation, gate = activations

    def step(states: States, now: Array) -> tuple[Array, States]:
        h, c = states
        i, f, candidate, o = jnp.split(now + _dropped(h, kept) @ recurrent_kernel, 4, axis=-1)
        c = gate(f) * c + gate(i) * activation(candidate)
        h = gate(o) * activation(c)
        return h, (h, c)

    return recur(step, projected, states, mask=mask, before=states[0])


def gru(
    projected: Array,
    recurrent_kernel: Array,
    states: States,
    *,
    recurrent_bias: Array | None = None,
    mask: Array | None = None,
    kept: Array | None = None,
    activations: tuple[Function, Function] = (tanh, sigmoid),
) -> tuple[Array, States]:
    """Return all outputs and the last state of the GRU that resets after the product; see `_recurrent`."""
    activation, gate = activations
    units = states[0].shape[-1]

    def step(states: States, now: Array) -> tuple[Array, States]:
        h = states[0]
        inner = _dropped(h, kept) @ recurrent_kernel
        if recurrent_bias is not None:
            inner = inner + recurrent_bias
        z, r = jnp.split(gate((now + inner)[..., : 2 * units]), 2, axis=-1)
        candidate = activation(now[..., 2 * units :] + r * inner[..., 2 * units :])
        h = z * h + (1 - z) * candidate
        return h, (h,)

    return recur(step, projected, states, mask=mask, before=states[0])


def gru_reset_before(
    projected: Array,
    recurrent_kernel: Array,
    states: States,
    *,
    mask: Array | None = None,
    kept: Array | None = None,
    activations: tuple[Function, Function] = (tanh, sigmoid),
) -> tuple[Array, States]:
    """Return all outputs and the last state of the GRU that resets before the product; see `_recurrent`."""
    activation, gate = activations
    units = states[0].shape[-1]
    gates_kernel, candidate_kernel = recurrent_kernel[:, : 2 * units], recurrent_kernel[:, 2 * units :]

    def step(states: States, now: Array) -> tuple[Array, States]:
        h = states[0]
        dropped = _dropped(h, kept)
        z, r = jnp.split(gate(now[..., : 2 * units] + dropped @ gates_kernel), 2, axis=-1)
        candidate = activation(now[..., 2 * units :] + (r * dropped) @ candidate_kernel)
        h = z * h + (1 - z) * candidate
        return h, (h,)

    return recur(step, projected, states, mask=mask, before=states[0])


def _dropped(h: Array, kept: Array | None) -> Array:
    return h if kept is None else h * kept


def _chosen(real: Array, new: Any, old: Any) -> Array:
    return jnp.where(real.reshape(-1, *(1,) * (new.ndim - 1)), new, old)
