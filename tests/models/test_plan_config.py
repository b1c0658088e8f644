import json

import numpy as np
import pytest

from lamina import activations, losses, metrics, optimizers, regularizers, schedules
from lamina.errors import FormatError
from lamina.layers import Dense, Dropout, Graph, Input
from lamina.models._plan_config import asked_of, decode_plan, decode_settings, encode_plan, encode_settings
from lamina.training import compile_plan


@pytest.fixture
def graph():
    x = Input((4,))
    hidden = Dropout(0.25)(Dense(3, kernel_regularizer=regularizers.L2(0.5))(x))
    return Graph([x], [Dense(3, activation="softmax")(hidden), Dense(1)(hidden)], output_names=["kind", "size"])


@pytest.fixture
def plan(graph):
    return compile_plan(
        graph,
        [optimizers.ClipNorm(2.0), optimizers.SGD(schedules.ExponentialDecay(0.5, 10, 0.5), momentum=0.5)],
        loss={"kind": losses.CategoricalCrossentropy(label_smoothing=0.25), "size": "mse"},
        metrics={"kind": ["accuracy", metrics.AUC(num_thresholds=50)], "size": []},
        loss_weights={"kind": 1.0, "size": 0.25},
        frozen=frozenset({"dense"}),
        options={"precision": "float32", "debug": True},
    )


def decoded(saved, graph, frozen=frozenset()):
    return decode_plan(json.loads(json.dumps(saved)), graph, frozen=frozen, where="file", custom={})


def test_a_plan_survives_the_saved_form(graph, plan):
    again = decoded(encode_plan(plan), graph, plan.frozen)

    assert again.outputs[0].activation is activations.softmax
    assert [repr(output) for output in again.outputs] == [repr(output) for output in plan.outputs]
    assert repr(again.optimizer) == repr(plan.optimizer)
    assert again.settings() == plan.settings()
    assert (again.frozen, again.precision, again.debug) == (plan.frozen, plan.precision, plan.debug)


def test_what_was_asked_leads_to_the_same_plan(graph, plan):
    again = compile_plan(graph, **asked_of(plan), frozen=plan.frozen)

    assert encode_plan(again) == encode_plan(plan)


def test_a_loss_that_does_the_softmax_is_saved_as_the_user_gave_it(plan):
    assert plan.outputs[0].loss.from_logits is True
    assert encode_plan(plan)["loss"][0]["from_logits"] is False


def test_a_loss_on_logits_stays_one():
    x = Input((4,))
    graph = Graph([x], [Dense(3)(x)])
    plan = compile_plan(graph, "sgd", loss=losses.CategoricalCrossentropy(from_logits=True))

    assert decoded(encode_plan(plan), graph).outputs[0].loss.from_logits is True


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("optimizer", "adam", "file.optimizer: expected an object with a 'kind'"),
        ("optimizer", {"kind": "loss/Huber"}, "expected a kind of 'optimizer', got 'loss/Huber'"),
        ("optimizer", {"kind": "optimizer/ClipNorm", "max_norm": 1.0}, "expected an optimizer"),
        ("optimizer", {"kind": "optimizer/SGD", "learning_rate": -1.0}, r"SGD\(learning_rate\): expected a finite"),
        ("optimizer", {"kind": "optimizer/SGD", "learning_rate": {"kind": "activation/relu"}}, "a kind of 'schedule'"),
        ("loss", {"kind": "loss/Huber"}, "file.loss: expected a list"),
        ("loss", [], r"compile\(loss\): expected 2"),
        ("loss", [{"kind": "metric/AUC"}] * 2, "file.loss: expected a kind of 'loss', got 'metric/AUC'"),
        ("metrics", [[], [{"kind": "loss/Huber"}]], "file.metric: expected a kind of 'metric', got 'loss/Huber'"),
        ("metrics", [[]], r"compile\(metrics\): expected"),
        ("metrics", [None, None], "expected a list"),
        ("loss_weights", [1.0, -1.0], r"compile\(loss_weights\): expected a finite number"),
        ("loss_weights", {"kind": 1.0}, "file.loss_weights: expected a list"),
        ("precision", "bfloat99", r"compile\(precision\): expected"),
        ("debug", 1, r"compile\(debug\): expected True or False"),
        ("callbacks", [], "file: expected an object with 'optimizer', 'loss'"),
    ],
)
def test_what_encode_never_writes_is_refused(graph, plan, name, value, message):
    with pytest.raises(ValueError, match=message):
        decoded(encode_plan(plan) | {name: value}, graph)


@pytest.mark.parametrize(
    "metric",
    [
        {"kind": "metric/AUC", "num_thresholds": 10**9},
        {"kind": "metric/AUC", "num_thresholds": 10**17},
        {"kind": "metric/ConfusionMatrix", "num_classes": 10**6},
    ],
)
def test_a_metric_that_would_fill_the_memory_is_refused(graph, plan, metric):
    with pytest.raises((FormatError, OverflowError, TypeError), match=r"numbers|overflow|int|large"):
        decoded(encode_plan(plan) | {"metrics": [[metric], []]}, graph)


def test_only_changed_settings_are_saved(graph, plan):
    settings = plan.settings()
    changed = settings | {"dropout/rate": np.float32(0.1), "dense/kernel_regularizer/l2": np.float32(0.5)}

    assert encode_settings(settings, graph, plan) == {}
    assert encode_settings(changed, graph, plan) == {"dropout/rate": float(np.float32(0.1))}
    assert decode_settings(encode_settings(changed, graph, plan), graph, plan, where="file") == changed


def test_settings_are_there_before_compile(graph):
    changed = decode_settings({"dropout/rate": 0.5}, graph, None, where="file")

    assert changed == {"dense/kernel_regularizer/l2": 0.5, "dropout/rate": 0.5}


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([], "file: expected settings of the model"),
        ({"dense/units": 3}, "file: expected settings of the model, got"),
        ({"dropout/rate": 1.5}, r"Dropout\(rate\): expected a finite number of at least 0 and below 1, got 1.5"),
        ({"dropout/rate": "x"}, "dropout/rate: expected a finite number"),
        ({"dropout/rate": True}, "dropout/rate: expected a finite number"),
        ({"dense/kernel_regularizer/l2": -1.0}, r"L2\(l2\): expected a finite number of at least 0"),
        ({"optimizer/links/0/max_norm": 0.0}, r"ClipNorm\(max_norm\): expected a finite number above 0"),
        ({"loss/0/label_smoothing": 2.0}, r"CategoricalCrossentropy\(label_smoothing\)"),
    ],
)
def test_settings_that_no_argument_could_have_are_refused(graph, plan, value, message):
    with pytest.raises(ValueError, match=message):
        decode_settings(value, graph, plan, where="file")
