"""What a layer is."""

from __future__ import annotations

import dataclasses
import functools
import inspect
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, Self, get_args

import numpy as np

from lamina import activations, constraints, initializers, regularizers
from lamina._core import checks
from lamina._core.config import Config
from lamina._core.missing import explained
from lamina._core.names import check_name
from lamina._core.registry import snake_case
from lamina.errors import ArgumentError, ShapeError, StageError
from lamina.layers._context import Context
from lamina.layers._masks import MaskRule
from lamina.layers._symbol import Shape, Symbol, connect
from lamina.layers._weight import Weight
from lamina.ops import Array

RESOLVERS: dict[Any, Callable[..., object]] = {
    activations.ActivationLike: activations.get,
    constraints.ConstraintLike: constraints.get,
    initializers.InitializerLike: initializers.get,
    regularizers.RegularizerLike: regularizers.get,
    "ActivationLike": activations.get,
    "ConstraintLike": constraints.get,
    "InitializerLike": initializers.get,
    "RegularizerLike": regularizers.get,
}
"""Who finds what a name stands for, by the type of the argument, which is text under deferred annotations."""


OF_THE_INPUT = "leave it out: a mask comes with its symbol, as from Masking() or Embedding(..., mask_zero=True)."
OF_A_CALL = {
    **dict.fromkeys(("mask", "query_mask", "value_mask", "key_mask"), OF_THE_INPUT),
    "training": "leave it out: fit trains, evaluate and predict do not.",
}
"""Arguments that Keras' layers have when they are called, and what stands in their place."""


class Layer(Config):
    """One step of a network: arguments, declared weights, and a pure function.

    Write your own by subclassing. Annotated fields are the constructor's arguments, the saved form and the repr;
    ``weights`` declares arrays by name; ``output_shape`` promises a shape; ``call`` computes it with `lamina.ops`.
    A layer never holds arrays: the model does, so that one layer object used twice shares its weights.

    Args:
        name: how the layer is called in the model; numbered by kind (``dense``, ``dense_1``) when not given.

    Attributes:
        couples_rows: True where the output for one row depends on the other rows of the batch while training.
        input_dtype: the numbers the layer computes with, "float32" or "int32", into which others are converted before
            ``call``; None for a layer that only moves numbers of any type.
        many_inputs: True for a layer that is called on a list and joins it; ``call`` then gets a tuple of arrays, and
            the other methods a tuple of shapes.
        masking: what the layer does with the mask of a padded sequence. "refuse": it cannot tell real steps from
            padding, and building a network that gives it a mask is an error. "pass": it computes each step by itself,
            and its output has the same mask. "use": ``call`` reads ``context.mask``.
        needs_float32: True where numbers of 16 bits would lose too much, as in the mean of a batch: with a mixed
            precision the layer computes in float32 all the same.

    Raises:
        ArgumentError: for an argument that does not exist, is missing, or is not what it may be.

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
    input_dtype: ClassVar[str | None] = "float32"
    many_inputs: ClassVar[bool] = False
    masking: ClassVar[MaskRule] = "refuse"
    needs_float32: ClassVar[bool] = False

    name: str | None = dataclasses.field(default=None, kw_only=True)

    def __init_subclass__(cls, **options: Any) -> None:
        """Check what a layer of one's own says of masks, and that it can be called as layers are."""
        super().__init_subclass__(**options)
        checks.choice(f"{cls.__name__}.masking", cls.masking, get_args(MaskRule))
        signature = inspect.signature(cls.call)
        if len(signature.parameters) != 4:
            raise checks.problem(
                ArgumentError,
                f"{cls.__name__}.call",
                expected="call(self, weights, x, context)",
                got=f"call{signature}",
                fix="take these arguments; declare arrays in weights(self, input_shape), where Keras has build.",
            )

    def __new__(cls, *values: Any, **named: Any) -> Self:
        """Refuse symbols among the arguments, then whatever no configuration takes."""
        if any(
            isinstance(item, Symbol) for value in values for item in (value if isinstance(value, list) else [value])
        ):
            raise checks.problem(
                ArgumentError,
                cls.__name__,
                expected="the layer's own arguments first, then the symbol it is called on",
                got="a symbol among the arguments",
                fix=f"write {cls.__name__}(...)(x).",
            )
        return super().__new__(cls, *values, **named)

    def __post_init__(self) -> None:
        """Check what every layer has, then what this one says of itself."""
        if self.name is not None:
            check_name(self.place("name"), self.name)
        for field in dataclasses.fields(self):
            resolver = RESOLVERS.get(field.type)
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
        """Return the shape of the output, batch first; that of the input by default."""
        return input_shape

    def output_dtype(self, input_dtype: str) -> str:
        """Return the type of the output's values."""
        return input_dtype if self.input_dtype is None else "float32"

    def gives_mask(self, masked: Any) -> bool | tuple[bool, ...]:
        """Tell whether the output comes with a mask, before there is data.

        By default that of a layer that passes masks does, and that of a layer that uses them does not. True is for
        every output; of a layer that uses masks, only for those of shape ``(batch, time, ...)``, not for states beside
        them. A tuple says it for each output.

        Args:
            masked: whether the input comes with one; a tuple of booleans for several inputs.
        """
        return self.masking == "pass" and (any(masked) if isinstance(masked, tuple) else bool(masked))

    def output_mask(self, x: Any, mask: Any) -> Array:
        """Return the mask of the output, where it has one.

        By default it is that of the input, or the steps that are real in all inputs which have one.

        Args:
            x: the input, or a tuple of inputs.
            mask: a boolean array of shape ``(batch, time)``, True where a step is real; None for an input without one;
                a tuple of both for several inputs.
        """
        masks = mask if isinstance(mask, tuple) else (mask,)
        shared: Array = functools.reduce(operator.and_, [each for each in masks if each is not None])
        return shared

    def call(self, weights: Mapping[str, Array], x: Any, context: Context) -> Any:
        """Return the output for the arrays of a batch.

        Args:
            weights: the arrays declared by ``weights``, by name.
            x: the input, or a tuple of inputs for layers that join several.
            context: whether this is training, fresh random keys, moving values (see `Context`).
        """
        raise checks.problem(
            ArgumentError,
            f"{type(self).__name__}.call",
            expected="call(self, weights, x, context) with the formula of the layer",
            got="none",
            fix="write it in the class; it returns the output for the arrays of a batch.",
        )

    def check_input(self, values: np.ndarray, *, where: str) -> None:
        """Refuse data that the layer cannot read.

        It is asked before training, and before each prediction, where an input of the model leads straight here.

        Args:
            values: all rows of the data.
            where: the place to name in an error, such as "x".
        """

    def __call__(self, inputs: Symbol | Sequence[Symbol], *more: Symbol, **options: object) -> Any:
        """Add this layer to the network that `inputs` belong to, and return its symbolic output."""
        self._refuse_options(options, "one symbol or one list of symbols")
        if more:
            fix = f"pass a list: {type(self).__name__}()([a, b])." if self.many_inputs else "call it on each alone."
            self.refuse_input("one symbol or one list of symbols", f"{1 + len(more)} arguments", fix)
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
            self.refuse_input(
                "one symbol", f"a list of {len(inputs)}", "join them first, for example with Concatenate()."
            )
        return connect(self, tuple(inputs))

    def refuse_shape(self, expected: str, shape: object, fix: str) -> NoReturn:
        """Raise the `ShapeError` for an input this layer cannot take."""
        raise checks.problem(ShapeError, self.label, expected=expected, got=str(shape), fix=fix)

    def refuse_input(self, expected: str, got: str, fix: str) -> NoReturn:
        """Raise the `ArgumentError` for the wrong number of inputs."""
        raise checks.problem(ArgumentError, self.label, expected=expected, got=got, fix=fix)

    def refuse_mask(self, fix: str | None = None) -> NoReturn:
        """Raise the `ArgumentError` for a mask that this layer cannot honour."""
        of_ours = (
            "end the sequence before it, with return_sequences=False or GlobalAveragePooling1D(), "
            "or let padding count: without Masking(), mask_zero=False."
        )
        own = 'write masking = "pass" in the class if it computes each step by itself, "use" if it reads context.mask.'
        raise checks.problem(
            ArgumentError,
            self.label,
            expected="an input of which every step is real, as it cannot leave steps out",
            got="one with a mask",
            fix=fix or (of_ours if type(self).__module__.startswith("lamina.") else own),
        )

    if not TYPE_CHECKING:  # a type checker knows the names by itself

        def __getattr__(self, name: str) -> NoReturn:
            """Explain a name that a layer does not have."""
            raise explained(type(self).__name__, name, dir(type(self)), kind="Layer")

    def _refuse_options(self, options: Mapping[str, object], expected: str) -> None:
        """Raise the `ArgumentError` for arguments beside the inputs, which a layer has none of when it is called."""
        for name, option in options.items():
            own = f"write it where the layer is made: {type(self).__name__}(..., {name}={checks.plain(option)})."
            self.refuse_input(expected, repr(name), OF_A_CALL.get(name, own))

    @property
    def label(self) -> str:
        """How errors name this layer before a model has numbered it."""
        return f"{self.name} ({type(self).__name__})" if self.name else repr(self)

    @property
    def _word(self) -> str:
        """What a model numbers where no name is given."""
        return snake_case(type(self).__name__)


def last_size(layer: Layer, input_shape: Shape) -> int:
    """Return the size of the last axis, which `layer` must know to declare its weights."""
    if len(input_shape) < 2 or input_shape[-1] is None:
        layer.refuse_shape(
            "an input of shape (batch, ..., features) with known features",
            input_shape,
            "state the size, as in Input((784,)).",
        )
    return input_shape[-1]
