"""What a layer may know of the run it is called in."""

from __future__ import annotations

import copy
import itertools
import zlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from lamina import ops, regularizers
from lamina.ops import Array
from lamina.regularizers import RegularizerLike

if TYPE_CHECKING:
    from lamina.layers._layer import Layer

Mask: TypeAlias = Any
"""A boolean array of shape (batch, time), None, or a tuple of both for several inputs."""

KEYS_PER_CALL = 1 << 16
_SAME: Any = object()


class Run:
    """One pass through a network: what its layers share, and what they leave behind.

    Args:
        training: whether the pass is a step of training.
        key: the random key of this step; None where nothing is random, and layers that ask get the same numbers always.
        rows: which rows of a padded batch are real, a boolean array of shape (batch,); None when all are.
        frozen: the paths of layers that are not trained.
        dtype: the type that layers compute in, such as "bfloat16"; None for that of their inputs.

    Attributes:
        moved: the moving values that layers updated, by path and name.
        penalties: what layers added to the loss.
        output_masks: the mask of each output of the network, None for those without.
    """

    def __init__(
        self,
        *,
        training: bool,
        key: Array | None = None,
        rows: Array | None = None,
        frozen: frozenset[str] = frozenset(),
        dtype: str | None = None,
    ) -> None:
        self.training = training
        self.dtype = dtype
        self.frozen = frozen
        self.key = key
        self.rows = rows
        self.moved: dict[str, dict[str, Array]] = {}
        self.penalties: list[Array] = []
        self.output_masks: tuple[Array | None, ...] = ()


class Context:
    """What one layer is given of a `Run`: random keys, moving values, penalties.

    Args:
        run: the pass through the network.
        path: the layer's path in the network.
        call: which call of the layer in this pass it is, from 0.
        mask: the mask of the input.

    Attributes:
        mask: which steps of the input are real, a boolean array of shape (batch, time); None without a mask; a tuple
            of both for layers that join several inputs.
        training: whether this is a step of training.
        rows: which rows of a padded batch are real, a boolean array of shape (batch,); None when all are.
        frozen: whether this layer is not trained; then moving values should stay too.
    """

    def __init__(self, run: Run, path: str, call: int = 0, mask: Mask = None) -> None:
        self.mask = mask
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

    def add_activity(self, regularizer: RegularizerLike, output: Array, *, mask: Array | None = None) -> None:
        """Add a regularizer's penalty on an output to the loss.

        Args:
            regularizer: what to penalise; nothing happens for None.
            output: the numbers to penalise; the penalty is the mean over the real rows of the batch.
            mask: which steps of the output are real, None when all are; the others count nothing.
        """
        penalty = regularizers.get(regularizer)
        if penalty is None:
            return
        output = ops.cast(output, ops.wide(output.dtype))  # a sum over a batch is beyond halves
        count: Any = output.shape[0]
        if mask is not None:
            output = ops.where(over(mask, output), output, 0)
        if self.rows is not None:
            output, count = ops.where(over(self.rows, output), output, 0), ops.maximum(ops.sum(self.rows), 1)
        self.add_penalty(penalty(output) / count)

    def add_penalty(self, value: Array) -> None:
        """Add a scalar to the loss that this step minimises."""
        self._run.penalties.append(value)

    def call(self, part: str, layer: Layer, weights: Mapping[str, Array], x: Any, *, mask: Mask = _SAME) -> Any:
        """Return the output of a layer that is a part of this one; see `parts`.

        Args:
            part: the name under which the weights of the part were declared.
            layer: the part.
            weights: the arrays of the whole layer.
            x: what the part is called on.
            mask: the mask of `x`; that of the whole layer's input by default.

        Raises:
            ArgumentError: for a mask that the part cannot honour.
        """
        inner, own = self.part(part, weights)
        inner.mask = self.mask if mask is _SAME else mask
        if layer.masking == "refuse" and any(each is not None for each in _each(inner.mask)):
            layer.refuse_mask()
        return layer.call(own, converted(x, layer.input_dtype), inner)

    def part(self, part: str, weights: Mapping[str, Array]) -> tuple[Context, dict[str, Array]]:
        """Return the context of a part, and its arrays by the names that it gave them.

        Args:
            part: the name under which the weights of the part were declared.
            weights: the arrays of the whole layer.
        """
        inner = copy.copy(self)  # shares the count of keys, so that no two parts get the same
        inner._part = f"{self._part}{part}."
        own = {name.removeprefix(f"{part}."): array for name, array in weights.items() if name.startswith(f"{part}.")}
        return inner, {**own, **inner.moved()}


def _each(mask: Mask) -> tuple[Array | None, ...]:
    return mask if isinstance(mask, tuple) else (mask,)


def over(values: Array, array: Array) -> Array:
    """Return values for the first axes of an array in a shape that broadcasts against it.

    Args:
        values: such as real rows of shape (batch,), or a mask of shape (batch, time).
        array: what they are for, of shape (batch, time, ...).
    """
    return values.reshape(*values.shape, *(1,) * (array.ndim - values.ndim))


def converted(x: Any, dtype: str | None) -> Any:
    """Return an array, or each of a tuple, as the kind of number a layer computes with; None leaves it as it is.

    Whole numbers and booleans become "float32", and other numbers "int32"; what is of the right kind keeps its type.
    """
    if isinstance(x, tuple):
        return tuple(converted(item, dtype) for item in x)
    is_whole = x.dtype.kind in "iu"
    fits = dtype is None or (is_whole if dtype == "int32" else not is_whole and x.dtype.kind != "b")
    return x if fits else x.astype(dtype)
