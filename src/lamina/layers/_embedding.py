"""Vectors for whole numbers: words, users, categories."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from lamina import ops
from lamina._core import checks
from lamina._core.registry import register
from lamina.constraints import ConstraintLike
from lamina.errors import DataError
from lamina.initializers import InitializerLike
from lamina.layers._context import Context
from lamina.layers._layer import Layer
from lamina.layers._masking import refuse_empty
from lamina.layers._masks import MaskRule
from lamina.layers._symbol import Shape
from lamina.layers._weight import Weight
from lamina.ops import Array
from lamina.regularizers import RegularizerLike


@register("layer")
class Embedding(Layer):
    """Look up a learned vector for each whole number: ``embeddings[x]``.

    Data that the model gives straight to this layer is checked: numbers outside 0 … input_dim - 1 are refused before
    training starts. Those that other layers compute give NaN, which ends training instead of spoiling it unseen.

    Args:
        input_dim: how many different numbers there are, at least 1: the largest plus one.
        output_dim: the size of each vector, at least 1.
        embeddings_initializer: how the vectors start; uniform between -0.05 and 0.05, as in Keras.
        embeddings_regularizer: a penalty on the vectors.
        embeddings_constraint: a projection of the vectors after each step.
        mask_zero: whether 0 only fills sequences up, so that the output comes with a mask of the steps that are not 0;
            0 counts among `input_dim` all the same.

    Shape:
        Input ``(batch, ...)`` of whole numbers, ``(batch, time)`` for `mask_zero`; output ``(batch, ..., output_dim)``;
        embeddings ``(input_dim, output_dim)``.

    Raises:
        ArgumentError: for sizes below 1, or a name that is not known.
        ShapeError: for an input that is not ``(batch, time)`` where `mask_zero` is True.
        DataError: when data is given that has no vector, or a row of which every step is masked.

    Example:
        >>> import lamina as lm
        >>> model = lm.Sequential([lm.Input((7,), dtype="int32"), lm.layers.Embedding(1000, 64)])
        >>> model.predict([[1, 2, 3, 4, 5, 6, 999]]).shape
        (1, 7, 64)

    Reference:
        Bengio, Ducharme, Vincent and Jauvin (2003), A neural probabilistic language model,
        https://jmlr.org/papers/v3/bengio03a.html
    """

    input_dtype: ClassVar[str | None] = "int32"
    masking: ClassVar[MaskRule] = "pass"
    needs_float32: ClassVar[bool] = True

    input_dim: int
    output_dim: int
    embeddings_initializer: InitializerLike = "uniform"
    embeddings_regularizer: RegularizerLike = None
    embeddings_constraint: ConstraintLike = None
    mask_zero: bool = False

    def check(self) -> None:
        """Check the sizes."""
        checks.integer(self.place("input_dim"), self.input_dim)
        checks.integer(self.place("output_dim"), self.output_dim)
        checks.boolean(self.place("mask_zero"), self.mask_zero)

    def weights(self, input_shape: Shape) -> Mapping[str, Weight]:
        """Declare the vectors."""
        embeddings = Weight(
            (self.input_dim, self.output_dim),
            self.embeddings_initializer,
            regularizer=self.embeddings_regularizer,
            constraint=self.embeddings_constraint,
        )
        return {"embeddings": embeddings}

    def output_shape(self, input_shape: Shape) -> Shape:
        """Append the size of a vector."""
        if self.mask_zero and len(input_shape) != 2:
            self.refuse_shape(
                "an input of shape (batch, time), the steps of which are masked where they are 0",
                input_shape,
                "write mask_zero=False.",
            )
        return (*input_shape, self.output_dim)

    def gives_mask(self, masked: bool) -> bool:
        """Pass a mask on, or make one."""
        return self.mask_zero or masked

    def output_mask(self, x: Array, mask: Array | None) -> Array:
        """Return where the numbers are not 0."""
        if not self.mask_zero:
            return super().output_mask(x, mask)
        return x != 0 if mask is None else (x != 0) & mask

    def check_input(self, values: np.ndarray, *, where: str) -> None:
        """Refuse data that has no vector, and rows that are all padding."""
        if self.mask_zero:
            refuse_empty(self, values != 0, "0", where=where)
        good = (values >= 0) & (values < self.input_dim) & (values == np.trunc(values))
        if good.all():
            return
        place = tuple(np.argwhere(~good)[0].tolist())
        worst = values.max()
        enough = values.min() >= 0 and float(worst).is_integer() and worst >= self.input_dim
        raise checks.problem(
            DataError,
            where,
            expected=f"whole numbers from 0 to {self.input_dim - 1} for {self.label}",
            got=f"{values[place]:g} in {checks.located(place)}",
            fix=f"make room for it with Embedding(input_dim={int(worst) + 1}), or correct the data."
            if enough
            else "number what is looked up 0, 1, 2, ... without gaps.",
        )

    def call(self, weights: Mapping[str, Array], x: Array, context: Context) -> Array:
        """Return the vectors; NaN for a number that has none."""
        beyond = ops.where(x < 0, self.input_dim, x)  # negative numbers would count from the end
        return ops.take(weights["embeddings"], beyond, axis=0, mode="fill")
