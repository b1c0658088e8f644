"""What a layer is."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, NoReturn, Self

from lamina import activations, constraints, initializers, regularizers
from lamina._core import checks
from lamina._core.config import Config, fields_of
from lamina._core.names import check_name
from lamina.errors import ArgumentError, ShapeError, StageError
from lamina.layers._context import Context
from lamina.layers._symbol import Shape, Symbol, connect
from lamina.layers._weight import Weight
from lamina.ops import Array

RESOLVERS: dict[str, Callable[..., object]] = {
    "ActivationLike": activations.get,
    "ConstraintLike": constraints.get,
    "InitializerLike": initializers.get,
    "RegularizerLike": regularizers.get,
}


class Layer(Config):
    """One step of a network: configuration, a declaration of weights, and a pure function.

    Write your own by subclassing. Annotated fields are the constructor's arguments, the saved form and the repr;
    ``weights`` declares arrays by name; ``output_shape`` promises a shape; ``call`` computes it with `lamina.ops`.
    A layer never holds arrays: the model does, so that one layer object used twice shares its weights.

    Args:
        name: how the layer is called in the model; numbered by kind (``dense``, ``dense_1``) when not given.

    Attributes:
        couples_rows: True where the output for one row depends on the other rows of the batch.
        input_dtype: the type of data the layer wants when it comes first, None for float32.

    Example:
        >>> import lamina as lm
        >>> class Scale(lm.Layer):
        ...     factor: float = 2.0
        ...
        ...     def call(self, weights, x, context):
        ...         return x * self.factor
        >>> Scale(3.0)
        Scale(factor=3.0)
        >>> model = lm.Sequential([lm.Input((2,)), Scale(3.0)])
        >>> model.predict([[1.0, 2.0]]).tolist()
        [[3.0, 6.0]]
    """

    family: ClassVar[str] = "layer"
    couples_rows: ClassVar[bool] = False
    input_dtype: ClassVar[str | None] = None
    many_inputs: ClassVar[bool] = False

    name: str | None = dataclasses.field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        """Check what every layer has, then what this one says of itself."""
        if self.name is not None:
            check_name(self.place("name"), self.name)
        for field in dataclasses.fields(self):  # type: ignore[arg-type]
            resolver = RESOLVERS.get(str(field.type))
            if resolver:
                resolver(getattr(self, field.name), where=self.place(field.name))
        super().__post_init__()

    def weights(self, input_shape: Any) -> Mapping[str, Weight]:
        """Declare the arrays the layer needs for an input of this shape.

        Args:
            input_shape: sizes with the batch first, ``(None, 784)``; a tuple of shapes for several inputs.
        """
        return {}

    def output_shape(self, input_shape: Any) -> Any:
        """Return the shape of the output, batch first; the input's own unless the subclass says otherwise."""
        return input_shape

    def output_dtype(self, input_dtype: str) -> str:
        """Return the type of the output's values."""
        return "float32"

    def call(self, weights: Mapping[str, Array], x: Any, context: Context) -> Any:
        """Return the output for the arrays of a batch.

        Args:
            weights: the arrays declared by ``weights``, by name.
            x: the input, or a tuple of inputs for layers that join several.
            context: whether this is training, fresh random keys, moving values (see `Context`).
        """
        raise NotImplementedError

    def replace(self, **changes: Any) -> Self:
        """Return a new layer with some arguments changed, which shares no weights with this one."""
        return type(self)(**{**fields_of(self), **changes})

    def __call__(self, inputs: Symbol | Sequence[Symbol]) -> Any:
        """Add this layer to the network that `inputs` belong to, and return its symbolic output."""
        if isinstance(inputs, Symbol):
            if self.many_inputs:
                self.refuse_input("a list of two or more symbols", "one", "pass a list, as in Add()([a, b]).")
            return connect(self, inputs)
        if not isinstance(inputs, (list, tuple)) or not all(isinstance(item, Symbol) for item in inputs) or not inputs:
            raise checks.problem(
                StageError,
                repr(self),
                expected="a symbolic tensor, as Input(...) gives",
                got=checks.plain(inputs),
                fix="put the layer into a model, which holds its weights, and call the model on arrays.",
            )
        if not self.many_inputs:
            self.refuse_input("one symbol", f"a list of {len(inputs)}", "join them first, for example with Concatenate().")
        return connect(self, tuple(inputs))

    def refuse_shape(self, expected: str, shape: object, fix: str) -> NoReturn:
        """Raise the `ShapeError` for an input this layer cannot take."""
        raise checks.problem(ShapeError, self.label, expected=f"an input of shape {expected}", got=f"{shape}", fix=fix)

    def refuse_input(self, expected: str, got: str, fix: str) -> NoReturn:
        """Raise the `ArgumentError` for the wrong number of inputs."""
        raise checks.problem(ArgumentError, self.label, expected=expected, got=got, fix=fix)

    @property
    def label(self) -> str:
        """How errors name this layer before a model has numbered it."""
        return f"{self.name} ({type(self).__name__})" if self.name else repr(self)


def last_size(layer: Layer, input_shape: Shape) -> int:
    """Return the size of the last axis, which `layer` must know to declare its weights."""
    if len(input_shape) < 2 or input_shape[-1] is None:
        layer.refuse_shape(
            "(batch, ..., features) with known features", input_shape, "state the size, as in Input((784,))."
        )
    return input_shape[-1]
