"""What the simple recurrent layer, the LSTM and the GRU share, as layers and as cells: arguments, weights, dropout."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, TypeVar

from lamina import activations, ops
from lamina._core import checks
from lamina._core.config import OptionalSetting, with_settings
from lamina.activations import ActivationLike
from lamina.constraints import ConstraintLike
from lamina.initializers import InitializerLike
from lamina.layers._context import Context
from lamina.layers._dropout import check_seed
from lamina.layers._layer import Layer
from lamina.layers._rnn_cell import RNNCell
from lamina.layers._symbol import Shape
from lamina.layers._weight import Weight
from lamina.ops import Array
from lamina.regularizers import RegularizerLike

C = TypeVar("C", bound="GatedCell")

RATES = ("dropout", "recurrent_dropout")


class GateArguments(Layer):
    """The arguments that a recurrent layer has in common with its cell."""

    units: int
    activation: ActivationLike = "tanh"
    _: dataclasses.KW_ONLY
    use_bias: bool = True
    kernel_initializer: InitializerLike = "glorot_uniform"
    recurrent_initializer: InitializerLike = "orthogonal"
    bias_initializer: InitializerLike = "zeros"
    kernel_regularizer: RegularizerLike = None
    recurrent_regularizer: RegularizerLike = None
    bias_regularizer: RegularizerLike = None
    kernel_constraint: ConstraintLike = None
    recurrent_constraint: ConstraintLike = None
    bias_constraint: ConstraintLike = None
    dropout: OptionalSetting = 0.0
    recurrent_dropout: OptionalSetting = 0.0
    seed: int | None = None

    def check(self) -> None:
        """Check the number of units, the rates and the seed."""
        super().check()
        checks.integer(self.place("units"), self.units)
        checks.boolean(self.place("use_bias"), self.use_bias)
        for name in RATES:
            checks.number(self.place(name), getattr(self, name), low=0, high=1, open_high=True)
        check_seed(self, self.seed)


class GatedCell(GateArguments, RNNCell):
    """A cell that multiplies its input by one kernel and its state by another, with a part of both for each gate.

    Attributes:
        gates: how many parts the kernels have.
    """

    gates: ClassVar[int] = 1

    @property
    def state_size(self) -> int | tuple[int, ...]:
        """The number of units."""
        return self.units

    @property
    def output_size(self) -> int:
        """The number of units."""
        return self.units

    def weights(self, input_shape: tuple[Shape, ...]) -> Mapping[str, Weight]:
        """Declare the kernels and the bias."""
        step = input_shape[0]
        if len(step) != 2 or step[-1] is None:
            self.refuse_shape(
                "an input of shape (batch, features) at each step, with known features",
                step,
                "bring each step into one axis, as with Reshape((10, -1)).",
            )
        width = self.gates * self.units
        declared = {
            "kernel": Weight(
                (step[-1], width),
                self.kernel_initializer,
                regularizer=self.kernel_regularizer,
                constraint=self.kernel_constraint,
            ),
            "recurrent_kernel": Weight(
                (self.units, width),
                self.recurrent_initializer,
                regularizer=self.recurrent_regularizer,
                constraint=self.recurrent_constraint,
            ),
        }
        if self.use_bias:
            declared["bias"] = self.bias(width)
        return declared

    def bias(self, width: int) -> Weight:
        """Declare the bias."""
        return Weight(
            (width,), self.bias_initializer, regularizer=self.bias_regularizer, constraint=self.bias_constraint
        )

    def call(self, weights: Mapping[str, Array], x: tuple[Array, ...], context: Context) -> tuple[Array, ...]:
        """Return the output of one step and the next states."""
        now, *states = x
        outputs, after = self.run(weights, now[:, None], context, states=tuple(states), mask=None)
        return (outputs[:, 0], *after)

    def run(
        self, weights: Mapping[str, Array], x: Array, context: Context, *, states: tuple[Array, ...], mask: Array | None
    ) -> tuple[Array, tuple[Array, ...]]:
        """Return the outputs of all steps and the last states."""
        kept = [self._kept(rate, array, context) for rate, array in zip(self._rates(), (x, states[0]), strict=True)]
        if kept[0] is not None:
            x = x * kept[0][:, None]
        arrays = (weights["kernel"], weights["recurrent_kernel"], weights.get("bias"))
        made: tuple[Array, tuple[Array, ...]] = self.loop()(
            x, arrays, states, mask=mask, kept=kept[1], activations=self.functions()
        )
        return made

    def loop(self) -> Callable[..., Any]:
        """Return the function that takes sequences through all steps."""
        raise NotImplementedError

    def functions(self) -> tuple[Callable[[Array], Array], ...]:
        """Return the activations, those that the kernels have as `ops` names them."""
        names = ("activation", "recurrent_activation")
        found = [activations.get(getattr(self, name)) for name in names if hasattr(self, name)]
        known = ((activations.tanh, ops.tanh), (activations.sigmoid, ops.sigmoid))
        return tuple(next((engine for ours, engine in known if ours is function), function) for function in found)

    def _rates(self) -> tuple[float, float]:
        return self.dropout, self.recurrent_dropout

    def _kept(self, rate: float, x: Array, context: Context) -> Array | None:
        """Return what each number of a row is multiplied by all along the sequence, None where nothing is dropped."""
        is_off = isinstance(rate, (int, float)) and rate == 0
        if is_off or not context.training:
            return None
        shape = (x.shape[0], x.shape[-1])
        kept = ops.random.bernoulli(context.key(self.seed), 1.0 - rate, shape)
        return (kept / (1 - rate)).astype(x.dtype)  # a rate that is an array would widen halves


def cell_of(layer: GateArguments, kind: type[C]) -> C:
    """Return the cell with the arguments of a layer; they were checked there, and may be traced by now."""
    names = [field.name for field in dataclasses.fields(kind) if field.name != "name"]
    cell: C = with_settings(kind(layer.units), {name: getattr(layer, name) for name in names})
    return cell
