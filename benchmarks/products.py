"""What a step and a prediction are made of, each part alone: the figures of docs/design/0004-narrow-products.md.

    .bench/lamina/bin/python -m benchmarks.products             print the tables
    .bench/lamina/bin/python -m benchmarks.products --write     put them into the note as well

A part runs many times in one compiled loop, as it does inside a step. One number of its first array depends on the time
before, so that XLA cannot move the part out of the loop, and the results are carried on, so that it leaves nothing out.
The least of many repetitions counts, since all else that the machine does can only make them longer.
"""

from __future__ import annotations

import argparse
import functools
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from time import perf_counter
from typing import Any
from unittest import mock

import jax
import numpy as np
from jax import lax
from jax import numpy as jnp

import lamina as lm
from benchmarks.report import machine, markdown_table
from lamina import training
from lamina.optimizers import RMSprop

NOTE = Path(__file__).parents[1] / "docs" / "design" / "0004-narrow-products.md"
MARKS = ("<!-- benchmarks.products -->", "<!-- end -->")

BATCH, INPUTS, HIDDEN, CLASSES = 128, 784, 512, 10
CALLS = 20  # of a part in one loop
ROWS = 80 * BATCH  # for whole steps

Table = list[tuple[str, ...]]
Part = Callable[..., jax.Array]
_linear = import_module("lamina.ops._linear")  # whose name in `lamina.ops` is that of a list
_random = np.random.default_rng(0)


def tables() -> Iterator[tuple[str, Table]]:
    """Measure everything; yield each table with its title, the headings first."""
    yield "The products of a step", products()
    yield f"Forms of the gradient of a kernel of {HIDDEN} × {CLASSES}", forms()
    yield "A step", steps()
    yield "The prediction of one row", predictions()


def products() -> Table:
    """Measure each product of the network 784-512-10 in XLA, and in NumPy for comparison."""
    sizes = {
        "forward, first layer": (BATCH, INPUTS, HIDDEN),
        "gradient of its kernel": (INPUTS, BATCH, HIDDEN),
        "forward, last layer": (BATCH, HIDDEN, CLASSES),
        "gradient of its kernel ": (HIDDEN, BATCH, CLASSES),
        "gradient of its input": (BATCH, CLASSES, HIDDEN),
    }
    rows: Table = [("product", "shape", "µs", "GFLOP/s", "NumPy, µs", "GFLOP/s")]
    for name, (m, k, n) in sizes.items():
        by_rows = name.startswith("gradient of its kernel")
        first, second = drawn(k, m) if by_rows else drawn(m, k), drawn(k, n)
        ours = in_a_loop(_over_rows if by_rows else jnp.matmul, first, second)
        theirs = alone(functools.partial(np.matmul, first.T if by_rows else first, second))
        speeds = [f"{2 * m * k * n / each / 1000:.0f}" for each in (ours, theirs)]
        rows.append((name.strip(), f"{m} × {k} × {n}", f"{ours:.0f}", speeds[0], f"{theirs:.0f}", speeds[1]))
    return rows


def forms() -> Table:
    """Measure ways of writing the gradient of a narrow kernel; `x` has the inputs, `g` the gradient of the outputs."""
    held = lax.optimization_barrier
    x, g = drawn(BATCH, HIDDEN), drawn(BATCH, CLASSES)
    ways: dict[str, Part] = {
        "`dot(x, g)` over the rows of both, as differentiation gives it": _over_rows,
        "the same, transposed: `dot(g, x)`": lambda x, g: _over_rows(g, x),
        "`x` transposed in memory first": lambda x, g: held(x.T) @ g,
        "both transposed in memory": lambda x, g: _over_columns(held(x.T), held(g.T)),
        "sum of an outer product": lambda x, g: (x[:, :, None] * g[:, None, :]).sum(0),
        "outputs padded to 16": lambda x, g: _over_rows(x, held(jnp.pad(g, ((0, 0), (0, 6)))))[:, :CLASSES],
        "`g` transposed in memory, then `gᵀ x`, result transposed": lambda x, g: held(held(g.T) @ x).T,
    }
    return [("form", "µs"), *((name, f"{in_a_loop(way, x, g):.0f}") for name, way in ways.items())]


def steps() -> Table:
    """Measure whole steps of training with and without the narrow form, and what else a step of `mlp` is made of."""
    x, w1, w2 = drawn(BATCH, INPUTS), drawn(INPUTS, HIDDEN), drawn(HIDDEN, CLASSES)
    hidden, errors, gradients = drawn(BATCH, HIDDEN), drawn(BATCH, CLASSES), drawn(INPUTS, HIDDEN)
    many, numbers = drawn(ROWS, INPUTS), _random.permutation(ROWS)[:BATCH].astype(np.int32)
    times = {
        "`mlp`, whole": step((INPUTS, HIDDEN, CLASSES)),
        "`mlp`, all products as they come": step((INPUTS, HIDDEN, CLASSES), narrow=0),
        "— its wide products": in_a_loop(jnp.matmul, x, w1) + in_a_loop(_over_rows, x, hidden),
        "— its narrow products": in_a_loop(_narrow_products, hidden, w2, errors),
        "— RMSprop of the wide kernel": in_a_loop(_rmsprop, w1, gradients, np.square(gradients)),
        "— taking the rows of a batch": in_a_loop(lambda rows, many: many[rows], numbers, many),
        "`tiny`, whole": step((3, 32, CLASSES), batch_size=32),
        "`tiny`, all products as they come": step((3, 32, CLASSES), batch_size=32, narrow=0),
    }
    return [("part", "µs"), *((name, f"{time:.3g}") for name, time in times.items())]


def predictions() -> Table:
    """Measure `predict` of one row, what it calls, and other ways to write the product of one row."""
    model = network((INPUTS, HIDDEN, CLASSES))
    row = drawn(1, INPUTS)
    model.predict(row)
    weights = [array for layer in model.get_weights().values() for array in layer.values()]

    def bare(product: Part) -> Callable[[], object]:
        compiled = jax.jit(lambda w1, b1, w2, b2, x: _forward(product, w1, b1, w2, b2, x))
        placed = jax.device_put(weights)
        return lambda: np.asarray(compiled(*placed, row))

    ways = {
        "`model.predict(row)`": functools.partial(model.predict, row),
        "the compiled network alone": bare(jnp.matmul),
        "the same, its products transposed": bare(lambda x, w: lax.dot_general(w, x, (((0,), (1,)), ((), ()))).T),
        "the same for two rows": bare(lambda x, w: (lax.optimization_barrier(jnp.repeat(x, 2, 0)) @ w)[:1]),
        "a compiled function that does nothing": functools.partial(jax.jit(lambda x: x), row),
        "NumPy, the product with the first kernel alone": functools.partial(np.matmul, row, weights[0]),
    }
    return [("call", "µs"), *((name, f"{alone(way):.0f}") for name, way in ways.items())]


def in_a_loop(part: Part, *arrays: np.ndarray) -> float:
    """Return the microseconds of one call inside a compiled loop."""

    @jax.jit
    def loop(first: jax.Array, others: tuple[jax.Array, ...]) -> Any:
        def body(_: jax.Array, carry: Any) -> Any:
            first, _ = carry
            results = part(first, *others)
            nothing = (jax.tree.leaves(results)[0].ravel()[0] * 0).astype(first.dtype)
            return first.at[(0,) * first.ndim].add(nothing), results

        shapes = jax.eval_shape(part, first, *others)
        return lax.fori_loop(0, CALLS, body, (first, jax.tree.map(jnp.zeros_like, shapes)))

    first, *others = jax.device_put(arrays)
    return alone(lambda: jax.block_until_ready(loop(first, others))) / CALLS


def alone(call: Callable[[], object], *, seconds: float = 1.0) -> float:
    """Return the microseconds of the quickest of many calls, after a first one that compiles."""
    call()
    times: list[float] = []
    while sum(times) < seconds or len(times) < 20:
        start = perf_counter()
        call()
        times.append(perf_counter() - start)
    return 1e6 * min(times)


def step(sizes: Sequence[int], *, batch_size: int = BATCH, narrow: int = _linear.NARROW) -> float:
    """Return the microseconds of one step of Lamina's own training program.

    Args:
        sizes: of the network, from the inputs to the classes.
        batch_size: rows in a batch.
        narrow: the widest kernel that the narrow form is used for.
    """
    model = network(sizes)
    program = model._compile()
    model._start(seed=1)
    x, y = drawn(ROWS, sizes[0]), np.eye(sizes[-1], dtype=np.float32)[_random.integers(sizes[-1], size=ROWS)]
    feed = training.ArrayFeed(training.to_rows(program.plan, x, y), batch_size=batch_size, shuffle=True)
    (portion,) = feed.portions(1, 0)
    stretch = portion.stretch(0, portion.steps)
    with mock.patch.object(_linear, "NARROW", narrow):
        whole = alone(
            lambda: jax.block_until_ready(program.train(model.state, program.empty, stretch, batches=portion.batches))
        )
    return whole / portion.steps


def network(sizes: Sequence[int]) -> lm.Sequential:
    """Return a dense network, compiled as in the workloads."""
    hidden = [lm.layers.Dense(units, activation="relu") for units in sizes[1:-1]]
    model = lm.Sequential([lm.Input((sizes[0],)), *hidden, lm.layers.Dense(sizes[-1], activation="softmax")])
    model.compile("rmsprop", "categorical_crossentropy", metrics=["accuracy"])
    return model


def drawn(*shape: int) -> np.ndarray:
    """Return random numbers between 0 and 1."""
    return _random.random(shape, dtype=np.float32)


def written(note: str, text: str) -> str:
    """Return the note with what stands between its marks replaced."""
    before, rest = note.split(MARKS[0])
    _, after = rest.split(MARKS[1])
    return f"{before}{MARKS[0]}\n{text}\n{MARKS[1]}{after}"


def _over_rows(x: jax.Array, y: jax.Array) -> jax.Array:
    return lax.dot_general(x, y, (((0,), (0,)), ((), ())))


def _over_columns(x: jax.Array, y: jax.Array) -> jax.Array:
    return lax.dot_general(x, y, (((1,), (1,)), ((), ())))


def _narrow_products(hidden: jax.Array, kernel: jax.Array, errors: jax.Array) -> Any:
    """Return the last layer, and the gradients of its kernel and its input, in the form that Lamina gives them."""
    outputs, gradients = jax.vjp(lm.ops.linear, hidden, kernel)
    return outputs, gradients(errors)


def _rmsprop(weight: jax.Array, gradient: jax.Array, velocity: jax.Array) -> Any:
    numbers = {"rate": jnp.float32(0.001), "count": jnp.float32(1)}
    return RMSprop().change(gradient, {"velocity": velocity}, weight=weight, **numbers)


def _forward(product: Part, *arrays: jax.Array) -> jax.Array:
    w1, b1, w2, b2, x = arrays
    return jax.nn.softmax(product(jax.nn.relu(product(x, w1) + b1), w2) + b2)


def main() -> None:
    """Print the tables, and put them into the note where that is asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.products", description=__doc__.partition("\n")[0])
    parser.add_argument("--write", action="store_true", help=f"put the tables into {NOTE.name}")
    write = parser.parse_args().write
    parts = [f"Measured on {machine()} with jax {jax.__version__}."]
    for title, (headings, *rows) in tables():
        parts.append(f"**{title}**\n\n{markdown_table(headings, rows)}")
        print(f"{parts[-1]}\n", flush=True)
    if write:
        NOTE.write_text(written(NOTE.read_text(), "\n\n".join(parts)))


if __name__ == "__main__":
    main()
