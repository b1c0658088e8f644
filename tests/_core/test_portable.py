import json

import pytest

from contracts import initializer_cases, loss_cases, metric_cases, optimizer_cases, schedule_cases
from lamina import (
    activations,
    constraints,
    initializers,
    layers,
    losses,
    metrics,
    ops,
    optimizers,
    regularizers,
    schedules,
)
from lamina._core.portable import custom_classes, decode, encode, entries, sequence
from lamina.errors import FormatError

CONFIGURATIONS = [
    *(case.initializer for case in initializer_cases.CASES),
    *(case.loss for case in loss_cases.CASES),
    *(case.metric for case in metric_cases.CASES if not isinstance(case.metric, metrics.FunctionMetric)),
    *(case.optimizer for case in optimizer_cases.CASES),
    *(case.schedule for case in schedule_cases.CASES),
    constraints.MinMaxNorm(0.5, 2.0, rate=0.5, axis=(0, 1)),
    optimizers.get([optimizers.ClipNorm(0.5), optimizers.Adam(schedules.ExponentialDecay(0.1, 10, 0.5))]),
    layers.Dense(
        3,
        activation="tanh",
        use_bias=False,
        kernel_initializer=initializers.Constant([[1.0, 2.0, 3.0]]),
        kernel_regularizer=regularizers.L1L2(0.1, 0.2),
        kernel_constraint=constraints.MaxNorm(1.5),
        name="first",
    ),
]


class Scale(layers.Layer):
    factor: float
    inner: layers.Layer | None = None

    def call(self, weights, x, context):
        return x * self.factor


def saved(config):
    return json.loads(json.dumps(encode(config, where="here")))


@pytest.mark.parametrize("config", CONFIGURATIONS, ids=repr)
def test_every_argument_survives_the_saved_form(config):
    again = decode(saved(config), config.family, where="file")

    assert type(again) is type(config)
    assert repr(again) == repr(config)


def test_a_registered_function_is_saved_by_its_name():
    layer = decode(saved(layers.Activation(activations.relu)), "layer", where="file")

    assert layer.activation is activations.relu


def test_a_class_stands_for_an_object_of_it():
    layer = decode(saved(layers.Dense(2, kernel_initializer=initializers.Ones)), "layer", where="file")

    assert repr(layer.kernel_initializer) == "Ones()"


def test_an_argument_that_the_file_leaves_out_has_its_default():
    assert repr(decode({"kind": "layer/Dense", "units": 3}, "layer", where="file")) == "Dense(3)"


def test_a_class_of_ones_own_comes_back_through_custom_objects():
    layer = decode(saved(Scale(2.0, inner=layers.Dense(3))), "layer", where="file", custom={"Scale": Scale})

    assert type(layer) is Scale
    assert repr(layer) == "Scale(2.0, inner=Dense(3))"
    assert list(custom_classes([layer, layers.Dense(1, kernel_initializer=initializers.Ones)])) == [Scale]


def test_a_class_of_ones_own_is_never_taken_for_one_of_ours():
    own = type("Dense", (Scale,), {"__annotations__": {}})

    with pytest.raises(
        FormatError, match=r"file: expected your own layer, got 'Dense'.\n  Fix: load with custom_objects"
    ):
        decode(saved(own(2.0)), "layer", where="file")
    assert type(decode(saved(layers.Dense(1)), "layer", where="file", custom={"Dense": own})) is layers.Dense


@pytest.mark.parametrize(
    ("config", "message"),
    [
        (
            layers.Dense(2, activation=lambda x: x),
            r"here: Dense\(activation\): .* the function <lambda>.\n  Fix: .* a subclass of Layer, and pass custom_obj",
        ),
        (losses.get(lambda a, b: a - b), r"here: FunctionLoss\(function\): .* subclass of Loss"),
        (metrics.get(lambda a, b: a - b), r"here: FunctionMetric\(function\): .* subclass of Metric"),
        (optimizers.SGD(lambda step: 0.1), r"here: SGD\(learning_rate\): .* subclass of Schedule"),
        (
            optimizers.get([optimizers.ClipNorm(1.0), optimizers.SGD(lambda step: 0.1)]),
            r"here: Chain\(links\): SGD\(learning_rate\): ",
        ),
        (Scale(float("inf")), r"here: Scale\(factor\): expected what a file can carry: finite numbers.* got inf"),
        (Scale(object()), r"here: Scale\(factor\): .* got <object object"),
        (Scale("https://example.org/x"), r"here: Scale\(factor\): expected plain text, no path and no address"),
    ],
)
def test_what_no_file_can_carry_is_named_with_the_way_out(config, message):
    with pytest.raises(FormatError, match=f"(?s){message}"):
        encode(config, where="here")


def test_a_transformation_of_optax_is_refused():
    optax = pytest.importorskip("optax")

    with pytest.raises(FormatError, match=r"(?s)here: FromOptax\(optax_transformation\): .* subclass of Optimizer"):
        encode(optimizers.get(optax.sgd(0.1)), where="here")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, "expected an object with a 'kind', got None"),
        ([], "expected an object with a 'kind', got \\[\\]"),
        ({"units": 3}, "expected an object with a 'kind'"),
        ({"kind": ["layer/Dense"]}, "expected an object with a 'kind'"),
        ({"kind": "layer/os.system"}, "expected an object with a 'kind'"),
        ({"kind": "layer/Dense\x1b[31m"}, "expected an object with a 'kind'"),
        ({"kind": "layer/dense", "units": 3}, "expected a layer that this version knows, got 'dense'.\n  Fix: update"),
        ({"kind": "layer/Lambda", "function": "x"}, "expected a layer that this version knows, got 'Lambda'"),
        (
            {"kind": "custom/layer/Scale"},
            r"expected your own layer, got 'Scale'.\n  Fix: .*custom_objects=\{'Scale': Sc",
        ),
        ({"kind": "loss/MeanSquaredError"}, "expected a kind of 'layer', got 'loss/MeanSquaredError'"),
        ({"kind": "activation/relu"}, "expected a kind of 'layer', got 'activation/relu'"),
        ({"kind": "layer/Dense"}, r": Dense\(units\): expected a value, got none"),
        ({"kind": "layer/Dense", "units": -1}, r": Dense\(units\): expected a positive integer, got -1"),
        ({"kind": "layer/Dense", "units": "ten"}, r": Dense\(units\): expected a positive integer, got 'ten'"),
        ({"kind": "layer/Dense", "units": 3, "url": 1}, r" \(layer/Dense\): expected only .*, got 'url'"),
        ({"kind": "layer/Dense", "units": 3, "name": "../x"}, ".name: expected plain text, no path"),
        ({"kind": "layer/Dense", "units": 3, "name": "a b"}, r"Dense\(name\): expected a plain name"),
        ({"kind": "layer/Dense", "units": 3, "activation": "os.system"}, r"expected the name of a known activation"),
        (
            {"kind": "layer/Dense", "units": 3, "activation": {"kind": "schedule/Constant", "value": 1.0}},
            ".activation: expected a kind of 'activation', got 'schedule/Constant'",
        ),
        (
            {"kind": "layer/Dense", "units": {"kind": "activation/relu"}},
            ".units: expected a plain value, got 'activation/relu'",
        ),
        (
            {"kind": "layer/Dense", "units": 3, "activation": {"kind": "activation/relu", "x": 1}},
            r".activation \(activation/relu\): expected no arguments, got 'x'",
        ),
        (
            {"kind": "layer/Reshape", "target_shape": {"size": 3}},
            ".target_shape: expected an object with a 'kind'",
        ),
        ({"kind": "layer/Permute", "dims": [[1], [2]]}, ": .*expected"),
    ],
)
def test_what_encode_never_writes_is_refused(value, message):
    with pytest.raises(FormatError, match=f"^file.*{message}"):
        decode(value, "layer", where="file")


def test_a_class_handed_over_must_be_of_the_family_the_file_names():
    with pytest.raises(FormatError, match="expected your own loss, got 'Scale'"):
        decode({"kind": "custom/loss/Scale", "factor": 1.0}, "loss", where="file", custom={"Scale": Scale})


@pytest.mark.parametrize(
    "text",
    [
        "/etc/passwd",
        "~/key",
        "..",
        "a/../b",
        "C:/x",
        "\\\\host\\share",
        "https://example.org",
        "file://x",
        "a\nb",
        "\x9b31m",
        "\u202egnp",
        "\x00",
    ],
)
def test_paths_and_addresses_are_refused_in_both_directions(text):
    with pytest.raises(FormatError, match=r"Scale\(factor\): expected plain text, no path and no address"):
        encode(Scale(text), where="here")
    with pytest.raises(FormatError, match="file.factor: expected plain text, no path and no address"):
        decode({"kind": "custom/layer/Scale", "factor": text}, "layer", where="file", custom={"Scale": Scale})


@pytest.mark.parametrize("text", ["relu", "ab,bc->ac", "km/h", "and/or", "wait...", "Größe (cm)", "a: b", ""])
def test_ordinary_text_is_no_address(text):
    assert decode(saved(Scale(text)), "layer", where="file", custom={"Scale": Scale}).factor == text


def test_an_array_of_the_device_with_one_number_is_that_number():
    assert encode(Scale(ops.asarray(0.5)), where="here")["factor"] == 0.5


def test_entries_are_all_that_an_object_says():
    assert entries({"b": 2, "a": 1}, ("a", "b"), where="file") == [1, 2]

    for value, got in (
        ({"a": 1}, "one without 'b'"),
        ({"a": 1, "b": 2, "d": 3, "c": 3}, "also 'c'"),
        ({}, "one without 'a'"),
        ([1, 2], r"\[1, 2\]"),
        (None, "None"),
    ):
        with pytest.raises(FormatError, match=f"file: expected an object with 'a' and 'b', got {got}.\n  Fix: use the"):
            entries(value, ("a", "b"), where="file")


def test_a_sequence_is_a_list_and_nothing_like_one():
    assert sequence([1], where="file") == [1]

    for value in ({}, "ab", None, 3):
        with pytest.raises(FormatError, match="file: expected a list, got "):
            sequence(value, where="file")
