"""The long short-term memory."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from lamina import initializers, ops
from lamina._core import checks
from lamina._core.registry import register
from lamina.activations import ActivationLike
from lamina.initializers import Initializer, InitializerLike
from lamina.layers._gated import GateArguments, GatedCell, cell_of
from lamina.layers._recurrent import Recurrent
from lamina.layers._weight import Weight


class LSTMArguments(GateArguments):
    """The arguments that the LSTM has in common with its cell."""

    recurrent_activation: ActivationLike = "sigmoid"
    unit_forget_bias: bool = dataclasses.field(default=True, kw_only=True)

    def check(self) -> None:
        """Check the switch."""
        super().check()
        checks.boolean(self.place("unit_forget_bias"), self.unit_forget_bias)


@register("layer")
class LSTMCell(LSTMArguments, GatedCell):
    """One step of `LSTM`.

    Args:
        units: the number of units, at least 1.
        activation: what is applied to the candidate and to the cell state.
        recurrent_activation: what is applied to the gates.
        use_bias: whether a bias is added.
        kernel_initializer: how the kernel starts; Glorot's uniform distribution, as in Keras.
        recurrent_initializer: how the recurrent kernel starts; orthogonal, so that states neither fade nor explode.
        bias_initializer: how the bias starts.
        unit_forget_bias: whether the bias of the forget gate starts at 1, so that a new network remembers.
        kernel_regularizer: a penalty on the kernel.
        recurrent_regularizer: a penalty on the recurrent kernel.
        bias_regularizer: a penalty on the bias.
        kernel_constraint: a projection of the kernel after each step of training.
        recurrent_constraint: a projection of the recurrent kernel after each step of training.
        bias_constraint: a projection of the bias after each step of training.
        dropout: the share of input features that is dropped while training, from 0 to below 1, the same ones all along
            a sequence.
        recurrent_dropout: the share of the state that is dropped before it is multiplied, in the same way.
        seed: a number that gives the dropout another stream of the model's random numbers.

    Shape:
        Inputs ``(batch, features)`` and the states h and c ``(batch, units)``; outputs h as output, and h and c as next
        states; weights as for `LSTM`.

    Raises:
        ArgumentError: for units below 1, a share outside [0, 1), or a name that is not known.

    Example:
        >>> import lamina as lm
        >>> lm.layers.RNN([lm.layers.LSTMCell(8), lm.layers.LSTMCell(4)])(lm.Input((10, 3))).shape
        (None, 4)
    """

    gates: ClassVar[int] = 4

    @property
    def state_size(self) -> tuple[int, int]:
        """The number of units, for h and for c."""
        return self.units, self.units

    def bias(self, width: int) -> Weight:
        """Declare the bias."""
        bias = super().bias(width)
        if not self.unit_forget_bias:
            return bias
        return dataclasses.replace(bias, initializer=ForgetBias(self.bias_initializer))

    def loop(self) -> Callable[..., Any]:
        """Return the function that takes sequences through all steps."""
        return ops.lstm


@register("layer")
class LSTM(LSTMArguments, Recurrent):
    """Read a sequence with a memory that learns what to keep.

    At every step, with the parts i, f, g, o of ``x @ kernel + h @ recurrent_kernel + bias``, a the activation and s the
    recurrent one: the memory is ``c = s(f) · c + s(i) · a(g)``, the output ``h = s(o) · a(c)``. Both start from 0, or
    from those in ``LSTM(8)(x, initial_state=[h, c])``.

    Args:
        units: the number of units, at least 1.
        activation: what is applied to the candidate and to the cell state.
        recurrent_activation: what is applied to the gates.
        use_bias: whether a bias is added.
        kernel_initializer: how the kernel starts; Glorot's uniform distribution, as in Keras.
        recurrent_initializer: how the recurrent kernel starts; orthogonal, so that states neither fade nor explode.
        bias_initializer: how the bias starts.
        unit_forget_bias: whether the bias of the forget gate starts at 1, so that a new network remembers.
        kernel_regularizer: a penalty on the kernel.
        recurrent_regularizer: a penalty on the recurrent kernel.
        bias_regularizer: a penalty on the bias.
        activity_regularizer: a penalty on the output, averaged over the rows of the batch.
        kernel_constraint: a projection of the kernel after each step of training.
        recurrent_constraint: a projection of the recurrent kernel after each step of training.
        bias_constraint: a projection of the bias after each step of training.
        dropout: the share of input features that is dropped while training, from 0 to below 1, the same ones all along
            a sequence.
        recurrent_dropout: the share of the state that is dropped before it is multiplied, in the same way.
        seed: a number that gives the dropout another stream of the model's random numbers.
        return_sequences: whether the output of every step is given, or of the last alone.
        return_state: whether the last states are given too, as outputs of their own.
        go_backwards: whether the sequence is read from its end; outputs come in the order in which they are made.
        stateful: whether each row starts from the state that the same row of the batch before ended with; needs
            ``Input(..., batch_size=32)``; ``model.reset_states()`` starts new sequences.
        unroll: accepted, without an effect: the loop is compiled either way.
        zero_output_for_mask: whether the outputs of masked steps are 0 where all are given, instead of repeated.

    Shape:
        Input ``(batch, time, features)``; output ``(batch, units)``, or ``(batch, time, units)`` with
        return_sequences; kernel ``(features, 4 · units)``, recurrent_kernel ``(units, 4 · units)``, bias
        ``(4 · units,)``, the gates in the order i, f, g, o.

    Raises:
        ArgumentError: for units below 1, a share outside [0, 1), or a name that is not known.
        ShapeError: for an input that is no sequence of known features, and other states than two of the units' size.

    Example:
        >>> import lamina as lm
        >>> layers = [lm.layers.LSTM(32, return_sequences=True), lm.layers.LSTM(32)]
        >>> model = lm.Sequential([lm.Input((50, 16)), *layers, lm.layers.Dense(1)])
        >>> model.count_params()
        14625

    Reference:
        Hochreiter and Schmidhuber (1997), Long short-term memory, https://doi.org/10.1162/neco.1997.9.8.1735;
        the forget gate: Gers, Schmidhuber and Cummins (2000), https://doi.org/10.1162/089976600300015015;
        one dropout mask for a sequence: Gal and Ghahramani (2016), https://arxiv.org/abs/1512.05287
    """

    def running(self) -> LSTMCell:
        """Return the cell that is run."""
        return cell_of(self, LSTMCell)


class ForgetBias(Initializer):
    """Start the bias of the forget gate, the second of four, at 1 and the others as another initializer does.

    Args:
        others: how the others start.
    """

    others: InitializerLike

    def values(self, shape: tuple[int, ...], generator: np.random.Generator) -> np.ndarray:
        """Return the values."""
        values = initializers.get(self.others)(shape, generator).copy()
        np.split(values, 4)[1][:] = 1
        return values
