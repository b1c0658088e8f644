"""One line for each recurrent layer and way of using it, beside those of `cases.py`."""

from contracts.case import L1, L2, OTHER, POSITIVE, SHORT, SOME, Case, one
from lamina import layers

GATES = {
    "kernel_initializer": SOME,
    "recurrent_initializer": SOME,
    "bias_initializer": OTHER,
    "kernel_regularizer": L1,
    "recurrent_regularizer": L2,
    "bias_regularizer": L2,
    "kernel_constraint": SHORT,
    "recurrent_constraint": POSITIVE,
    "bias_constraint": POSITIVE,
    "dropout": 0.3,
    "recurrent_dropout": 0.2,
    "seed": 4,
}
"""What cells can be told, and the layers that run them."""

SEQUENCE = {"return_sequences": True, "return_state": True, "go_backwards": True, "activity_regularizer": L2}
"""What layers that run a cell can be told."""

RECURRENT_CASES = [
    one(layers.Bidirectional(layers.GRU(2)), (4, 3), (4,)),
    one(
        layers.Bidirectional(
            layers.GRU(2, return_sequences=True),
            "mul",
            backward_layer=layers.GRU(2, "relu", **SEQUENCE | {"return_state": False}),
        ),
        (4, 3),
        (4, 2),
    ),
    one(layers.GRU(2, "relu", "relu", **SEQUENCE, **GATES), (4, 3), (4 * 2 + 2,), training="random"),
    one(layers.GRU(2, use_bias=False, reset_after=False), (4, 3), (2,)),
    Case(layers.GRUCell(2, "relu", "relu", **GATES), ((3,), (2,)), (2 + 2,), training="random"),
    Case(layers.GRUCell(2, use_bias=False, reset_after=False), ((3,), (2,)), (2 + 2,)),
    one(
        layers.LSTM(2, "relu", "relu", unit_forget_bias=False, **SEQUENCE, **GATES),
        (4, 3),
        (4 * 2 + 2 + 2,),
        training="random",
    ),
    one(layers.LSTM(2, use_bias=False), (4, 3), (2,)),
    Case(
        layers.LSTMCell(2, "relu", "relu", unit_forget_bias=False, **GATES),
        ((3,), (2,), (2,)),
        (2 + 2 + 2,),
        training="random",
    ),
    Case(layers.LSTMCell(2, use_bias=False), ((3,), (2,), (2,)), (2 + 2 + 2,)),
    one(layers.RNN(layers.SimpleRNNCell(2)), (4, 3), (2,)),
    one(
        layers.RNN([layers.LSTMCell(2, dropout=0.3), layers.GRUCell(3)], **SEQUENCE),
        (4, 3),
        (4 * 3 + 2 + 2 + 3,),
        training="random",
    ),
    one(layers.SimpleRNN(2, "relu", **SEQUENCE, **GATES), (4, 3), (4 * 2 + 2,), training="random"),
    one(layers.SimpleRNN(2, use_bias=False), (4, 3), (2,)),
    Case(layers.SimpleRNNCell(2, "relu", **GATES), ((3,), (2,)), (2 + 2,), training="random"),
    Case(layers.SimpleRNNCell(2, use_bias=False), ((3,), (2,)), (2 + 2,)),
    Case(layers.StackedRNNCells([layers.GRUCell(2), layers.LSTMCell(3)]), ((3,), (2,), (3,), (3,)), (3 + 2 + 3 + 3,)),
    one(layers.TimeDistributed(layers.Dense(2, activity_regularizer=L2)), (4, 3), (4, 2)),
]
