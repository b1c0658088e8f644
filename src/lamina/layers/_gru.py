"""The gated recurrent unit."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable
from typing import Any, ClassVar

from lamina import ops
from lamina._core import checks
from lamina._core.registry import register
from lamina.activations import ActivationLike
from lamina.layers._gated import GateArguments, GatedCell, cell_of
from lamina.layers._recurrent import Recurrent
from lamina.layers._weight import Weight


class GRUArguments(GateArguments):
    """The arguments that the GRU has in common with its cell."""

    recurrent_activation: ActivationLike = "sigmoid"
    reset_after: bool = dataclasses.field(default=True, kw_only=True)

    def check(self) -> None:
        """Check the switch."""
        super().check()
        checks.boolean(self.place("reset_after"), self.reset_after)


@register("layer")
class GRUCell(GRUArguments, GatedCell):
    """One step of `GRU`.

    Args:
        units: the number of units, at least 1.
        activation: what is applied to the candidate.
        recurrent_activation: what is applied to the gates.
        use_bias: whether a bias is added.
        kernel_initializer: how the kernel starts; Glorot's uniform distribution, as in Keras.
        recurrent_initializer: how the recurrent kernel starts; orthogonal, so that states neither fade nor explode.
        bias_initializer: how the bias starts.
        kernel_regularizer: a penalty on the kernel.
        recurrent_regularizer: a penalty on the recurrent kernel.
        bias_regularizer: a penalty on the bias.
        kernel_constraint: a projection of the kernel after each step of training.
        recurrent_constraint: a projection of the recurrent kernel after each step of training.
        bias_constraint: a projection of the bias after each step of training.
        dropout: the share of input features that is dropped while training, from 0 to below 1, the same ones all along
            a sequence.
        recurrent_dropout: the share of the state that is dropped before it is multiplied, in the same way.
        reset_after: whether the reset gate multiplies the product of the state, as in Keras and cuDNN, or the state.
        seed: a number that gives the dropout another stream of the model's random numbers.

    Shape:
        Inputs ``(batch, features)`` and the state h ``(batch, units)``; outputs h as output and as next state;
        weights as for `GRU`.

    Raises:
        ArgumentError: for units below 1, a share outside [0, 1), or a name that is not known.

    Example:
        >>> import lamina as lm
        >>> lm.layers.RNN(lm.layers.GRUCell(8), return_sequences=True)(lm.Input((10, 3))).shape
        (None, 10, 8)
    """

    gates: ClassVar[int] = 3

    def bias(self, width: int) -> Weight:
        """Declare the bias; with the reset gate after the product, one more for the state."""
        bias = super().bias(width)
        return dataclasses.replace(bias, shape=(2, width)) if self.reset_after else bias

    def loop(self) -> Callable[..., Any]:
        """Return the function that takes sequences through all steps."""
        return functools.partial(ops.gru, reset_after=self.reset_after)


@register("layer")
class GRU(GRUArguments, Recurrent):
    """Read a sequence with a state that is replaced only where a gate says so.

    At every step, with the parts z, r, p of ``x @ kernel + bias[0]`` and z', r', q of
    ``h @ recurrent_kernel + bias[1]``, a the activation and s the recurrent one: with ``z = s(z + z')`` and
    ``r = s(r + r')``, the state and output is ``h = z · h + (1 - z) · a(p + r · q)``. It starts from 0, or from that in
    ``GRU(8)(x, initial_state=h)``. With reset_after=False, q is the product of ``r · h`` instead.

    Args:
        units: the number of units, at least 1.
        activation: what is applied to the candidate.
        recurrent_activation: what is applied to the gates.
        use_bias: whether a bias is added.
        kernel_initializer: how the kernel starts; Glorot's uniform distribution, as in Keras.
        recurrent_initializer: how the recurrent kernel starts; orthogonal, so that states neither fade nor explode.
        bias_initializer: how the bias starts.
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
        return_state: whether the last state is given too, as an output of its own.
        go_backwards: whether the sequence is read from its end; outputs come in the order in which they are made.
        stateful: whether each row starts from the state that the same row of the batch before ended with; needs
            ``Input(..., batch_size=32)``; ``model.reset_states()`` starts new sequences.
        unroll: accepted, without an effect: the loop is compiled either way.
        zero_output_for_mask: whether the outputs of masked steps are 0 where all are given, instead of repeated.
        reset_after: whether the reset gate multiplies the product of the state, as in Keras and cuDNN, or the state.

    Shape:
        Input ``(batch, time, features)``; output ``(batch, units)``, or ``(batch, time, units)`` with
        return_sequences; kernel ``(features, 3 · units)``, recurrent_kernel ``(units, 3 · units)``, bias
        ``(2, 3 · units)``, or ``(3 · units,)`` with reset_after=False, the gates in the order z, r, candidate.

    Raises:
        ArgumentError: for units below 1, a share outside [0, 1), or a name that is not known.
        ShapeError: for an input that is no sequence of known features, and another state than one of the units' size.

    Example:
        >>> import lamina as lm
        >>> model = lm.Sequential([lm.Input((50, 16)), lm.layers.GRU(32), lm.layers.Dense(1)])
        >>> model.count_params()
        4833

    Reference:
        Cho et al. (2014), Learning phrase representations using RNN encoder-decoder for statistical machine
        translation, https://arxiv.org/abs/1406.1078
    """

    def running(self) -> GRUCell:
        """Return the cell that is run."""
        return cell_of(self, GRUCell)
