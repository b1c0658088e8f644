"""What a layer may know of the run it is called in."""

from __future__ import annotations

import zlib
from collections.abc import Mapping

from lamina import ops, regularizers
from lamina.ops import Array
from lamina.regularizers import RegularizerLike


class Run:
    """One pass through a network: what all its layers share, and what they leave behind.

    Args:
        training: whether the pass is a step of training.
        key: the random key of this step; None where nothing random may happen.
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
    """The view of a `Run` that one layer is given: its fresh random keys, its moving values, its penalties.

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
        self._keys_given = call << 16

    def key(self, seed: int | None = None) -> Array:
        """Return a random key that no other call, layer or step has.

        The stream is named by the layer's path in the network, so that adding a layer leaves the others' numbers alone.

        Args:
            seed: a number to mix in, for layers that have a seed of their own.
        """
        if self._run.key is None:
            return ops.random.key(ops.zeros((2,), "uint32"))
        self._keys_given += 1
        stream = zlib.crc32(f"{self._path} {seed}".encode())
        return ops.random.fold_in(ops.random.fold_in(self._run.key, stream), self._keys_given)

    def update(self, name: str, value: Array) -> None:
        """Give a moving value, declared with ``Weight(..., moving=True)``, its value after this step."""
        self._run.moved.setdefault(self._path, {})[name] = ops.stop_gradient(value)

    def add_activity(self, regularizer: RegularizerLike, output: Array) -> None:
        """Add a regularizer's penalty on a layer's output to the loss, as a mean over the real rows of the batch."""
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

    def moved(self) -> Mapping[str, Array]:
        """Return the moving values this layer already updated in this pass, as when it is called twice."""
        return self._run.moved.get(self._path, {})
