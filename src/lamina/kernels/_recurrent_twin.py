"""Recurrent layers in pure JAX: what runs where there is no native kernel, and what the kernels must equal.

What the inputs contribute to the gates is worked out for all steps in one large product, so that a step has only the
product of the state left, for all gates at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import jax
import jax.numpy as jnp
from jax import Array

States: TypeAlias = tuple[Array, ...]
Step: TypeAlias = Callable[[States, Array], tuple[Array, States]]
Function: TypeAlias = Callable[[Array], Array]
Weights: TypeAlias = tuple[Array, Array, Array | None]


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
    x: Array, weights: Weights, states: States, mask: Array | None, kept: Array | None, activations: tuple[Function]
) -> tuple[Array, States]:
    """Return all outputs and the last state of the simple recurrent layer."""
    kernel, recurrent_kernel, bias = weights

    def step(states: States, now: Array) -> tuple[Array, States]:
        h = activations[0](now + _dropped(states[0], kept) @ recurrent_kernel)
        return h, (h,)

    return recur(step, _projected(x, kernel, bias), states, mask=mask, before=states[0])


def lstm(
    x: Array,
    weights: Weights,
    states: States,
    mask: Array | None,
    kept: Array | None,
    activations: tuple[Function, Function],
) -> tuple[Array, States]:
    """Return all outputs and the last states of the LSTM."""
    kernel, recurrent_kernel, bias = weights
    activation, gate = activations

    def step(states: States, now: Array) -> tuple[Array, States]:
        h, c = states
        i, f, g, o = jnp.split(now + _dropped(h, kept) @ recurrent_kernel, 4, axis=-1)
        c = gate(f) * c + gate(i) * activation(g)
        h = gate(o) * activation(c)
        return h, (h, c)

    return recur(step, _projected(x, kernel, bias), states, mask=mask, before=states[0])


def gru(
    x: Array,
    weights: Weights,
    states: States,
    mask: Array | None,
    kept: Array | None,
    activations: tuple[Function, Function],
) -> tuple[Array, States]:
    """Return all outputs and the last state of the GRU whose reset gate comes after the product."""
    kernel, recurrent_kernel, bias = weights
    activation, gate = activations
    input_bias, state_bias = (None, jnp.zeros((), x.dtype)) if bias is None else bias
    units = states[0].shape[-1]

    def step(states: States, now: Array) -> tuple[Array, States]:
        h = states[0]
        inner = _dropped(h, kept) @ recurrent_kernel + state_bias
        z, r = jnp.split(gate((now + inner)[..., : 2 * units]), 2, axis=-1)
        h = z * h + (1 - z) * activation(now[..., 2 * units :] + r * inner[..., 2 * units :])
        return h, (h,)

    return recur(step, _projected(x, kernel, input_bias), states, mask=mask, before=states[0])


def gru_reset_before(
    x: Array,
    weights: Weights,
    states: States,
    mask: Array | None,
    kept: Array | None,
    activations: tuple[Function, Function],
) -> tuple[Array, States]:
    """Return all outputs and the last state of the GRU whose reset gate comes before the product."""
    kernel, recurrent_kernel, bias = weights
    activation, gate = activations
    units = states[0].shape[-1]
    gates_kernel, candidate_kernel = recurrent_kernel[:, : 2 * units], recurrent_kernel[:, 2 * units :]

    def step(states: States, now: Array) -> tuple[Array, States]:
        h = states[0]
        dropped = _dropped(h, kept)
        z, r = jnp.split(gate(now[..., : 2 * units] + dropped @ gates_kernel), 2, axis=-1)
        h = z * h + (1 - z) * activation(now[..., 2 * units :] + (r * dropped) @ candidate_kernel)
        return h, (h,)

    return recur(step, _projected(x, kernel, bias), states, mask=mask, before=states[0])


def _projected(x: Array, kernel: Array, bias: Array | None) -> Array:
    projected = jnp.matmul(x, kernel)
    return projected if bias is None else projected + bias


def _dropped(h: Array, kept: Array | None) -> Array:
    return h if kept is None else h * kept


def _chosen(real: Array, new: Any, old: Any) -> Array:
    return jnp.where(real.reshape(-1, *(1,) * (new.ndim - 1)), new, old)
