"""What a layer may know of the run it is called in."""

from __future__ import annotations

import copy
import itertools
import zlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lamina import ops, regularizers
from lamina.ops import Array
from lamina.regularizers import RegularizerLike

if TYPE_CHECKING:
    from lamina.layers._layer import Layer

KEYS_PER_CALL = 1 << 16


class Run:
    """One pass through a network: what its layers share, and what they leave behind.

    Args:
        training: whether the pass is a step of training.
        key: the random key of this step; None where nothing is random, and layers that ask get the same numbers always.
        rows: which rows of a padded batch are real, a boolean array of shape (batch,); None when all are.
        frozen: the paths of layers that are not trained.
    """

    def __init__(
        self,
        *,
        training: bool,
        key: Array | None = None,
        rows: Array | None = None,
        frozen: frozenset[str] = frozenset(),
    ) -> None:
        self.training = training
        self.frozen = frozen
        self.key = key
        self.rows = rows
        self.moved: dict[str, dict[str, Array]] = {}
        self.penalties: list[Array] = []


class Context:
    """What one layer is given of a `Run`: random keys, moving values, penalties.

    Args:
        run: the pass through the network.
        path: the layer's path in the network.
        call: which call of the layer in this pass it is, from 0.

    Attributes:
        training: whether this is a step of training.
        rows: which rows of a padded batch are real, a boolean array of shape (batch,); None when all are.
        frozen: whether this layer is not trained; then moving values should stay too.
    """

    def __init__(self, run: Run, path: str, call: int = 0) -> None:
        self.training = run.training
        self.rows = run.rows
        self.frozen = any(path == name or path.startswith(f"{name}/") for name in run.frozen)
        self._run = run
        self._path = path
        self._part = ""
        self._numbers = itertools.count(call * KEYS_PER_CALL)

    def key(self, seed: int | None = None) -> Array:
        """Return a random key that no other call, layer or step has.

        The stream is named by the layer's path in the network, so that adding a layer leaves the others' numbers alone.
        Outside of training each prediction gets the same keys, so that it gives the same numbers every time.

        Args:
            seed: a number to mix in, for layers that have a seed of their own.
        """
        key = ops.random.key(ops.zeros((2,), "uint32")) if self._run.key is None else self._run.key
        stream = zlib.crc32(f"{self._path} {seed}".encode())
        return ops.random.fold_in(ops.random.fold_in(key, stream), next(self._numbers))

    def update(self, name: str, value: Array) -> None:
        """Give a moving value its value after this step.

        Args:
            name: the name under which it was declared with ``Weight(..., moving=True)``.
            value: the new value.
        """
        self._run.moved.setdefault(self._path, {})[self._part + name] = ops.stop_gradient(value)

    def moved(self) -> Mapping[str, Array]:
        """Return the moving values this layer updated in an earlier call of this pass."""
        values = self._run.moved.get(self._path, {})
        return {name.removeprefix(self._part): values[name] for name in values if name.startswith(self._part)}

    def add_activity(self, regularizer: RegularizerLike, output: Array) -> None:
        """Add a regularizer's penalty on an output to the loss.

        Args:
            regularizer: what to penalise; nothing happens for None.
            output: the numbers to penalise; the penalty is the mean over the real rows of the batch.
        """
        penalty = regularizers.get(regularizer)
        if penalty is None:
            return
        if self.rows is None:
            self.add_penalty(penalty(output) / output.shape[0])
        else:
            rows = self.rows.reshape(-1, *(1,) * (output.ndim - 1))
            self.add_penalty(penalty(ops.where(rows, output, 0)) / ops.maximum(ops.sum(self.rows), 1))

    def add_penalty(self, value: Array) -> None:
        """Add a scalar to the loss that this step minimises."""
        self._run.penalties.append(value)

    def call(self, part: str, layer: Layer, weights: Mapping[str, Array], x: Any) -> Any:
        """Return the output of a layer that is a part of this one; see `parts`.

        Args:
            part: the name under which the weights of the part were declared.
            layer: the part.
            weights: the arrays of the whole layer.
            x: what the part is called on.
        """
        inner = copy.copy(self)  # shares the count of keys, so that no two parts get the same
        inner._part = f"{self._part}{part}."
        own = {name.removeprefix(f"{part}."): array for name, array in weights.items() if name.startswith(f"{part}.")}
        return layer.call({**own, **inner.moved()}, converted(x, layer.input_dtype), inner)


def converted(x: Any, dtype: str | None) -> Any:
    """Return an array, or each of a tuple, as the kind of number a layer computes with; None leaves it as it is.

    Whole numbers and booleans become "float32", and other numbers "int32"; what is of the right kind keeps its type.
    """
    if isinstance(x, tuple):
        return tuple(converted(item, dtype) for item in x)
    is_whole = x.dtype.kind in "iu"
    fits = dtype is None or (is_whole if dtype == "int32" else not is_whole and x.dtype.kind != "b")
    return x if fits else x.astype(dtype)
