"""The floor: the same training written by hand in JAX as one compiled loop, with nothing around it."""

import itertools
from functools import partial
from typing import Any, TypeAlias

import jax
import numpy as np
from jax import numpy as jnp

from benchmarks.worker import Predict, Train
from benchmarks.workloads import Workload

Tree: TypeAlias = Any


def build(workload: Workload, x: np.ndarray, y: np.ndarray) -> tuple[Train, Predict]:
    """Compile one epoch; the order of the rows is drawn outside, where drawing is quicker."""
    random = np.random.default_rng()
    data = (jnp.asarray(x), jnp.asarray(y))
    state = _initial_state(workload, random)

    def train(epochs: int) -> None:
        nonlocal state
        for _ in range(epochs):
            state, sums = _epoch(workload, state, data, random.permutation(len(x)))
            jax.block_until_ready(sums)

    def predict(rows: np.ndarray) -> np.ndarray:
        return np.asarray(_infer(workload, state[0], rows))

    return train, predict


@partial(jax.jit, static_argnums=0, donate_argnums=1)
def _epoch(workload: Workload, state: Tree, data: Tree, order: jax.Array) -> tuple[Tree, Tree]:
    """Go once through the data; the carry holds weights, RMSprop's averages, and the sums of loss and metric."""
    size = workload.batch_size
    whole = len(order) // size

    def body(i: jax.Array, carry: Tree) -> Tree:
        return _step(workload, carry, data, jax.lax.dynamic_slice_in_dim(order, i * size, size))

    carry = jax.lax.fori_loop(0, whole, body, (state, (0.0, 0.0)))
    return _step(workload, carry, data, order[whole * size :]) if len(order) % size else carry


def _step(workload: Workload, carry: Tree, data: Tree, rows: jax.Array) -> Tree:
    (weights, squares), (loss_sum, score_sum) = carry
    batch = (part[rows] for part in data)
    (loss, score), slopes = jax.value_and_grad(_loss, 1, has_aux=True)(workload, weights, *batch)
    squares = jax.tree.map(lambda s, g: 0.9 * s + 0.1 * g * g, squares, slopes)
    weights = jax.tree.map(
        lambda w, s, g: w - workload.learning_rate * g / (jnp.sqrt(s) + 1e-7), weights, squares, slopes
    )
    return (weights, squares), (loss_sum + loss * len(rows), score_sum + score)


def _loss(workload: Workload, weights: Tree, x: jax.Array, y: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Return the mean loss, from logits, and the sum of the metric."""
    logits = _forward(weights, x)
    if workload.classifies:
        right = (logits.argmax(-1) == y.argmax(-1)).sum()
        return -(y * jax.nn.log_softmax(logits)).sum(-1).mean(), right.astype(float)
    return (jax.nn.softplus(logits) - y * logits).mean(), jnp.square(jax.nn.sigmoid(logits) - y).mean(-1).sum()


def _forward(weights: Tree, rows: jax.Array) -> jax.Array:
    for kernel, bias in weights[:-1]:
        rows = jax.nn.relu(rows @ kernel + bias)
    kernel, bias = weights[-1]
    return rows @ kernel + bias


@partial(jax.jit, static_argnums=0)
def _infer(workload: Workload, weights: Tree, rows: jax.Array) -> jax.Array:
    logits = _forward(weights, rows)
    return jax.nn.softmax(logits) if workload.classifies else jax.nn.sigmoid(logits)


def _initial_state(workload: Workload, random: np.random.Generator) -> tuple[Tree, Tree]:
    """Draw Glorot-uniform kernels, zero biases, and zero averages."""
    weights = []
    for inputs, units in itertools.pairwise(workload.sizes):
        bound = (6 / (inputs + units)) ** 0.5
        kernel = random.uniform(-bound, bound, (inputs, units))
        weights.append((jnp.asarray(kernel, jnp.float32), jnp.zeros(units)))
    return weights, jax.tree.map(jnp.zeros_like, weights)
