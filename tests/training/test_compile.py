import pytest

import lamina as lm
from lamina import activations
from lamina.errors import ArgumentError
from lamina.losses import BinaryCrossentropy, CategoricalCrossentropy, SparseCategoricalCrossentropy


@pytest.mark.parametrize(
    ("units", "activation", "loss"),
    [
        (3, "softmax", "categorical_crossentropy"),
        (3, "softmax", "sparse_categorical_crossentropy"),
        (3, "softmax", "categorical_focal_crossentropy"),
        (1, "sigmoid", "binary_crossentropy"),
        (1, "sigmoid", "binary_focal_crossentropy"),
    ],
)
def test_the_loss_does_the_last_activation_itself(dense, plan_of, units, activation, loss):
    plan = plan_of(dense(units, activation), loss)

    (output,) = plan.outputs
    assert output.loss.from_logits
    assert output.activation is getattr(activations, activation)
    assert plan.layers["dense"].activation is None
    assert plan.graph.layers()["dense"].activation == activation


def test_an_activation_as_a_layer_of_its_own_is_left_to_the_loss_too(plan_of):
    model = lm.Sequential([lm.Input((2,)), lm.layers.Dense(3), lm.layers.Activation("softmax")])

    plan = plan_of(model, "categorical_crossentropy")

    assert plan.outputs[0].loss.from_logits
    assert plan.layers["activation"].activation == "linear"


def readable():
    x = lm.Input((2,))
    y = lm.layers.Dense(3, activation="softmax")(x)
    return lm.Model(x, [y, lm.layers.Dense(1)(y)])


def shared():
    x, layer = lm.Input((3,)), lm.layers.Dense(3, activation="softmax")
    return lm.Model(x, layer(layer(x)))


def penalised():
    layer = lm.layers.Dense(3, activation="softmax", activity_regularizer="l2")
    return lm.Sequential([lm.Input((2,)), layer])


def one_of_ones_own():
    def softmax(x):
        return lm.ops.exp(x) / lm.ops.sum(lm.ops.exp(x), axis=-1, keepdims=True)

    return lm.Sequential([lm.Input((2,)), lm.layers.Dense(3, activation=softmax)])


class Attention(lm.Layer):
    """A layer whose activation is not the last thing it does."""

    activation: str = "softmax"

    def call(self, weights, x, context):
        return x * activations.get(self.activation)(x)


def with_attention():
    return lm.Sequential([lm.Input((3,)), Attention()])


@pytest.mark.parametrize("build", [readable, shared, penalised, one_of_ones_own, with_attention])
def test_an_activation_that_something_else_needs_stays(plan_of, build):
    model = build()
    losses = ["categorical_crossentropy", "mse"][: len(model.graph.outputs)]

    plan = plan_of(model, losses)

    assert plan.outputs[0].activation is None
    assert not plan.outputs[0].loss.from_logits
    assert dict(plan.layers) == dict(plan.graph.layers())


@pytest.mark.parametrize(
    ("units", "activation", "loss", "message"),
    [
        (
            1,
            "softmax",
            "mse",
            r"dense \(Dense\): expected more than one unit under a softmax, which over one unit is alw",
        ),
        (1, "softmax", "categorical_crossentropy", r"dense \(Dense\): expected more than one unit under a softmax"),
        (
            1,
            "sigmoid",
            "categorical_crossentropy",
            r"compile\(loss=CategoricalCrossentropy\): expected one unit for each",
        ),
        (1, None, "sparse_categorical_crossentropy", "compile.loss=SparseCategoricalCrossentropy.: expected one unit"),
        (
            3,
            "relu",
            "categorical_crossentropy",
            r"expected probabilities from a softmax in the last layer, got relu in d",
        ),
        (3, None, "sparse_categorical_crossentropy", "expected probabilities from a softmax .*, got linear in dense"),
        (3, "sigmoid", "categorical_crossentropy", "expected probabilities from a softmax .*, got sigmoid in dense"),
        (
            1,
            "tanh",
            "binary_crossentropy",
            r'got tanh in dense \(Dense\)\.\n  Fix: write activation="sigmoid" there, or B',
        ),
        (1, None, "binary_crossentropy", r"got linear .*\n .*, or BinaryCrossentropy\(from_logits=True\)\."),
        (
            3,
            "softmax",
            CategoricalCrossentropy(from_logits=True),
            "expected logits, as from_logits=True says, got proba",
        ),
        (3, "softmax", SparseCategoricalCrossentropy(from_logits=True), "got probabilities from the softmax of dense"),
        (1, "sigmoid", BinaryCrossentropy(from_logits=True), r"from the sigmoid of .*\n  Fix: remove from_logits=True"),
    ],
)
def test_a_loss_that_does_not_fit_the_last_activation_is_refused(dense, plan_of, units, activation, loss, message):
    with pytest.raises(ArgumentError, match=message):
        plan_of(dense(units, activation), loss)


@pytest.mark.parametrize(
    ("units", "activation", "loss"),
    [
        (3, None, CategoricalCrossentropy(from_logits=True)),
        (1, None, BinaryCrossentropy(from_logits=True)),
        (3, "sigmoid", "binary_crossentropy"),
        (3, "softmax", "kl_divergence"),
        (1, "hard_sigmoid", "binary_crossentropy"),
        (1, "tanh", "hinge"),
        (1, "relu", "mse"),
    ],
)
def test_a_loss_that_fits_is_taken(dense, plan_of, units, activation, loss):
    assert plan_of(dense(units, activation), loss).outputs[0].name == "dense"


@pytest.mark.parametrize("loss", ["mse", "mae", "poisson", "huber"])
def test_the_accuracy_of_a_regression_is_refused(dense, plan_of, loss):
    with pytest.raises(
        ArgumentError, match=r"^compile\(metrics\): expected a loss for classes beside 'accuracy', got a loss"
    ):
        plan_of(dense(), loss, metrics=["accuracy"])


def test_accuracy_is_the_one_that_fits_the_loss(dense, plan_of):
    one_hot = plan_of(dense(3, "softmax"), "categorical_crossentropy", metrics="accuracy").outputs[0].metrics
    sparse = plan_of(dense(3, "softmax"), "sparse_categorical_crossentropy", metrics=["accuracy"]).outputs[0].metrics

    assert isinstance(one_hot["accuracy"], lm.metrics.CategoricalAccuracy)
    assert isinstance(sparse["accuracy"], lm.metrics.SparseCategoricalAccuracy)


@pytest.mark.parametrize("metrics", [["mae", "mae"], [lm.metrics.MeanAbsoluteError(name="loss")]])
def test_each_metric_has_a_name_of_its_own(dense, plan_of, metrics):
    with pytest.raises(
        ArgumentError, match=r"^compile\(metrics\): expected a different name for each metric, got '.*' twice"
    ):
        plan_of(dense(), "mse", metrics=metrics)


@pytest.mark.parametrize(
    ("metrics", "expected"),
    [
        (None, ([], [])),
        ([], ([], [])),
        ({"kind": "accuracy"}, ([], ["accuracy"])),
        (
            {"kind": ["accuracy"], "price": ["mae", "mse"]},
            (["mean_absolute_error", "mean_squared_error"], ["accuracy"]),
        ),
        (["mae", ["accuracy"]], (["mean_absolute_error"], ["accuracy"])),
        ([None, "accuracy"], ([], ["accuracy"])),
    ],
)
def test_each_output_has_metrics(two_by_two, plan_of, metrics, expected):
    plan = plan_of(two_by_two, ["mse", "sparse_categorical_crossentropy"], metrics=metrics)

    found = tuple([type(metric).__name__.lower() for metric in output.metrics.values()] for output in plan.outputs)
    wanted = tuple(
        ["sparsecategoricalaccuracy" if n == "accuracy" else n.replace("_", "") for n in own] for own in expected
    )
    assert found == wanted


@pytest.mark.parametrize("metrics", [["mae"], [["mae"]]])
def test_one_output_needs_no_nested_list(dense, plan_of, metrics):
    assert len(plan_of(dense(), "mse", metrics=metrics).outputs[0].metrics) == 1


@pytest.mark.parametrize(
    ("given", "expected"), [(None, (1.0, 1.0)), ([0.3, 2], (0.3, 2.0)), ({"kind": 0, "price": 1}, (1.0, 0.0))]
)
def test_each_loss_has_a_share(two_by_two, plan_of, given, expected):
    plan = plan_of(two_by_two, ["mse", "sparse_categorical_crossentropy"], loss_weights=given)

    assert tuple(output.weight for output in plan.outputs) == expected


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"loss": ["mse"]}, r"compile\(loss\): expected 2, one for each output \(price, kind\), got 1"),
        ({"loss": {"price": "mse"}}, r"compile\(loss\): expected something for each output, got nothing for 'kind'"),
        ({"loss": "mse", "loss_weights": [1.0]}, r"compile\(loss_weights\): expected 2"),
        (
            {"loss": "mse", "loss_weights": [1.0, -1.0]},
            r"compile\(loss_weights\): expected a finite number of at least 0",
        ),
        ({"loss": "mse", "metrics": ["mae"]}, r"compile\(metrics\): expected 2, one for each output"),
        ({"loss": "mse", "metrics": {"prize": "mae"}}, r"got 'prize'\.\n  Fix: did you mean 'price'\?"),
        ({"loss": "hinges"}, r"compile\(loss\): .*\n  Fix: did you mean 'hinge'\?"),
        ({"loss": "mse", "optimizer": "adamm"}, r"compile\(optimizer\): .*\n  Fix: did you mean 'adam'\?"),
        (
            {"loss": "mse", "options": {"precision": "float16"}},
            r"compile\(precision\): expected 'float32', 'float64', 'mixed_bfloat16' or 'mixed_float16', got 'float16'",
        ),
        ({"loss": "mse", "options": {"debug": 1}}, r"compile\(debug\): expected True or False, got 1"),
    ],
)
def test_what_does_not_fit_the_outputs_is_refused(two_by_two, plan_of, arguments, message):
    with pytest.raises(ArgumentError, match=message):
        plan_of(two_by_two, **arguments)


@pytest.mark.parametrize(
    ("loss", "fix"),
    [
        (lm.losses.MeanAbsoluteError(), r"write lamina\.metrics\.MeanAbsoluteError\(\)"),
        (lm.losses.Dice(), 'write a metric such as "mae"'),
    ],
)
def test_a_loss_is_no_metric(dense, plan_of, loss, fix):
    with pytest.raises(ArgumentError, match=rf"compile\(metrics\): expected metrics, got the loss .*\n  Fix: {fix}"):
        plan_of(dense(), metrics=[loss])


def test_an_optimizer_and_a_loss_in_each_others_place_are_found_out(dense, plan_of):
    with pytest.raises(ArgumentError, match=r"Fix: did you mean compile\('adam', 'mse'\)\?"):
        plan_of(dense(), loss="adam", optimizer="mse")
