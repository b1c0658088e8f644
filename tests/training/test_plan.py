import numpy as np
import pytest

import lamina as lm
from lamina.layers import Activation, Conv1D, Conv1DTranspose, Dense, DepthwiseConv1D, SeparableConv1D
from lamina.training import is_frozen, layer_settings, layers_with, up_to_scores


def test_values_are_named_after_outputs_where_there_are_several(dense, two_by_two, plan_of):
    one = plan_of(dense(), "mse", metrics=["mae"])
    two = plan_of(two_by_two, ["mse", "sparse_categorical_crossentropy"], metrics={"kind": "accuracy"})

    assert one.value_names == ("loss", "mae")
    assert two.value_names == ("loss", "price/loss", "kind/loss", "kind/accuracy")


def test_each_value_says_which_way_is_better(two_by_two, plan_of):
    def own(y_true, y_pred):
        return y_pred[:, 0]

    plan = plan_of(two_by_two, ["mse", "sparse_categorical_crossentropy"], metrics=[["mae", own], "accuracy"])

    assert plan.directions == {
        "loss": "min",
        "price/loss": "min",
        "price/mae": "min",
        "price/own": None,
        "kind/loss": "min",
        "kind/accuracy": "max",
    }


def test_numbers_that_may_change_are_settings(plan_of):
    model = lm.Sequential(
        [lm.Input((2,)), lm.layers.Dropout(0.25), lm.layers.Dense(1, kernel_regularizer=lm.regularizers.L2(0.5))]
    )

    plan = plan_of(model, lm.losses.Huber(delta=2.0), lm.optimizers.SGD(0.1, momentum=0.5))
    settings = plan.settings()

    assert settings["dropout/rate"] == 0.25
    assert settings["dense/kernel_regularizer/l2"] == 0.5
    assert settings["optimizer/learning_rate"] == np.float32(0.1)
    assert settings["optimizer/momentum"] == 0.5
    assert settings["loss/0/delta"] == 2.0
    assert all(isinstance(value, np.float32) for value in settings.values())


def test_settings_go_back_to_where_they_came_from(plan_of, dense):
    plan = plan_of(dense(), lm.losses.Huber(), [lm.optimizers.ClipNorm(1.0), lm.optimizers.SGD(0.1)])
    changed = {name: value * 2 for name, value in plan.settings().items()}

    assert plan.loss_with(0, changed).delta == 2.0
    chain = plan.optimizer_with(changed)
    assert (chain.links[0].max_norm, chain.links[1].learning_rate) == (2.0, np.float32(0.2))
    assert plan.optimizer.links[0].max_norm == 1.0


def test_layers_take_their_settings():
    layers = {"dropout": lm.layers.Dropout(0.5), "dropout_1": lm.layers.Dropout(0.25)}

    changed = layers_with(layers, {"dropout/rate": 0.75})

    assert layer_settings(changed) == {"dropout/rate": 0.75, "dropout_1/rate": 0.25}
    assert layers["dropout"].rate == 0.5


@pytest.mark.parametrize(
    ("frozen", "expected"),
    [({"encoder"}, True), ({"encoder/dense"}, True), ({"encoder/den"}, False), ({"enc"}, False), (set(), False)],
)
def test_a_layer_is_frozen_alone_or_with_the_network_it_is_part_of(frozen, expected):
    assert is_frozen("encoder/dense", frozenset(frozen)) is expected


def test_moving_values_and_frozen_layers_are_not_trained(plan_of):
    model = lm.Sequential([lm.Input((2,)), lm.layers.BatchNormalization(), lm.layers.Dense(3), lm.layers.Dense(1)])

    plan = plan_of(model, "mse", frozen=frozenset({"dense"}))

    assert plan.trainable == {"batch_normalization": ("gamma", "beta"), "dense_1": ("kernel", "bias")}


@pytest.mark.parametrize(
    ("activation", "loss", "threshold"),
    [
        ("sigmoid", "binary_crossentropy", 0.5),
        (None, lm.losses.BinaryCrossentropy(from_logits=True), 0.0),
        ("tanh", "hinge", 0.0),
        ("sigmoid", "mse", 0.5),
    ],
)
def test_yes_begins_where_the_loss_divides_the_classes(dense, plan_of, activation, loss, threshold):
    assert plan_of(dense(1, activation), loss).outputs[0].threshold == threshold


@pytest.mark.parametrize("kind", [Conv1D, Conv1DTranspose, SeparableConv1D, DepthwiseConv1D])
def test_the_loss_does_the_last_activation_of_a_convolution_too(kind, plan_of):
    arguments = {"kernel_size": 3} if kind is DepthwiseConv1D else {"filters": 1, "kernel_size": 3}
    model = lm.Sequential([lm.Input((3, 1)), kind(**arguments, activation="sigmoid")])

    plan = plan_of(model, "binary_crossentropy")

    assert plan.outputs[0].activation is lm.activations.sigmoid
    assert [layer.activation for layer in plan.layers.values()] == [None]


@pytest.mark.parametrize("ending", [[Dense(2, "softmax")], [Dense(2), Activation("sigmoid")]], ids=repr)
def test_scores_are_what_comes_before_probabilities(ending):
    model = lm.Sequential([lm.Input((3,)), *ending])

    ((path, layer),) = up_to_scores(model.graph).items()

    assert path == model.layer_names[-1]
    assert layer.activation in (None, "linear")


def test_what_gives_scores_already_is_left_alone():
    x = lm.Input((3,))
    hidden = Dense(2, "softmax")(x)

    assert up_to_scores(lm.Sequential([lm.Input((3,)), Dense(2, "relu")]).graph) == {}
    assert up_to_scores(lm.Model(x, [hidden, Dense(2)(hidden)]).graph) == {}
