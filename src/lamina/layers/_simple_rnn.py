"""The simple recurrent layer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lamina import ops
from lamina._core.registry import register
from lamina.layers._gated import GateArguments, GatedCell, cell_of
from lamina.layers._recurrent import Recurrent


@register("layer")
class SimpleRNNCell(GatedCell):
    """One step of `SimpleRNN`.

    Args:
        units: the number of units, at least 1.
        activation: what is applied to the sum.
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
        seed: a number that gives the dropout another stream of the model's random numbers.

    Shape:
        Inputs ``(batch, features)`` and the state h ``(batch, units)``; outputs h as output and as next state;
        weights as for `SimpleRNN`.

    Raises:
        ArgumentError: for units below 1, a share outside [0, 1), or a name that is not known.

    Example:
        >>> import lamina as lm
        >>> lm.layers.RNN(lm.layers.SimpleRNNCell(8))(lm.Input((10, 3))).shape
        (None, 8)
    """

    def loop(self) -> Callable[..., Any]:
        """Return the function that takes sequences through all steps."""
        return ops.simple_rnn


@register("layer")
class SimpleRNN(GateArguments, Recurrent):
    """Feed each output back as an input of the next step.

    ``h = activation(x @ kernel + h @ recurrent_kernel + bias)`` at every step, starting from 0.

    Args:
        units: the number of units, at least 1.
        activation: what is applied to the sum.
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

    Shape:
        Input ``(batch, time, features)``; output ``(batch, units)``, or ``(batch, time, units)`` with
        return_sequences; kernel ``(features, units)``, recurrent_kernel ``(units, units)``, bias ``(units,)``.

    Raises:
        ArgumentError: for units below 1, a share outside [0, 1), or a name that is not known.
        ShapeError: for an input that is no sequence of known features.

    Example:
        >>> import lamina as lm
        >>> model = lm.Sequential([lm.Input((50, 1)), lm.layers.SimpleRNN(32), lm.layers.Dense(1)])
        >>> model.count_params()
        1121

    Reference:
        Elman (1990), Finding structure in time, https://doi.org/10.1207/s15516709cog1402_1
    """

    def running(self) -> SimpleRNNCell:
        """Return the cell that is run."""
        return cell_of(self, SimpleRNNCell)
