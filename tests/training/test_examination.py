import math

import numpy as np
import pytest

import lamina as lm
from lamina import training
from lamina.layers import LSTM, Activation, Add, BatchNormalization, Dense, Dropout, Embedding, GlobalAveragePooling1D
from lamina.training import examine


def reports_of(model, *inputs, **options):
    """Return the reports on the layers of a model, by path; of several calls of a layer, the first."""
    layers = training.layers_with(model.graph.layers(), model.state.settings)
    arrays = tuple(np.asarray(x, symbol.dtype) for x, symbol in zip(inputs, model.inputs, strict=True))
    seen = examine(model.graph, model.state, arrays, layers=layers, **options)
    return {report.layer: report for report in reversed(seen.reports)}


def dense(activation, kernel, bias):
    """Return a model of one dense layer with the given weights."""
    model = lm.Sequential([lm.Input((len(kernel),)), Dense(len(bias), activation)]).build(seed=1)
    model.set_weights({"dense": {"kernel": kernel, "bias": bias}})
    return model


def test_what_a_layer_gives_is_measured():
    model = dense("relu", [[1.0, -1.0, 1.0]], [0.0, 0.0, -9.0])

    report = reports_of(model, [[2.0], [-4.0]])["dense"]

    assert (report.kind, report.call, report.is_output, report.output_shapes) == ("Dense", 0, True, ((2, 3),))
    assert (report.smallest, report.mean, report.largest) == (0.0, 1.0, 4.0)
    assert report.zeros == pytest.approx(4 / 6)
    assert (report.dead, report.units, report.saturated) == (1, 3, None)
    assert report.label == "dense (Dense)"


@pytest.mark.parametrize(
    ("activation", "saturated"), [("sigmoid", 2), ("tanh", 3), ("hard_sigmoid", 2), ("relu", None), (None, None)]
)
def test_units_at_an_end_of_their_range_are_counted(activation, saturated):
    model = dense(activation, [[1.0, 0.0, 0.05]], [0.0, 99.0, 0.0])

    report = reports_of(model, [[50.0], [-50.0]])["dense"]

    assert report.saturated == saturated  # at 2.5, only tanh is near its end


def test_only_what_ends_in_a_rectifier_has_dead_units():
    model = lm.Sequential([lm.Input((2,)), Dense(4, kernel_initializer="zeros"), Activation("relu"), Dense(1)])

    reports = reports_of(model, [[1.0, 2.0]])

    assert (reports["dense"].dead, reports["activation"].dead, reports["dense_1"].dead) == (None, 4, None)
    assert [reports[name].is_output for name in ("dense", "activation", "dense_1")] == [False, False, True]


def test_norms_are_those_of_all_weights_and_gradients_of_a_layer():
    model = dense(None, [[3.0], [0.0]], [4.0])
    gradients = {"dense": {"kernel": np.array([[6.0], [0.0]]), "bias": np.array([8.0])}}

    report = reports_of(model, [[1.0, 1.0]], gradients=gradients)["dense"]

    assert (report.weight_norm, report.gradient_norm, report.ratio) == (5.0, 10.0, 2.0)


def test_the_norm_of_a_quantised_layer_is_that_of_the_numbers_it_computes_with():
    small = lm.models.quantize(dense(None, [[3.0], [0.0]], [4.0]))

    assert reports_of(small, [[1.0, 1.0]])["dense"].weight_norm == pytest.approx(5.0)


def test_norms_that_are_not_known_are_none():
    model = lm.Sequential([lm.Input((2,)), Dense(2, kernel_initializer="zeros"), Dropout(0.5), BatchNormalization()])

    reports = reports_of(model, [[1.0, 1.0]], gradients={"dense": {"kernel": np.ones((2, 2))}})

    assert (reports["dense"].gradient_norm, reports["dense"].ratio) == (2.0, None)  # compared with weights of 0
    assert (reports["dropout"].weight_norm, reports["dropout"].ratio) == (None, None)
    assert reports["batch_normalization"].weight_norm == pytest.approx(math.sqrt(2))  # moving values are no weights
    assert reports["batch_normalization"].gradient_norm is None


def test_a_shared_layer_has_a_report_for_each_call():
    left, right = lm.Input((1,), name="left"), lm.Input((1,), name="right")
    shared = Dense(1, kernel_initializer="ones", name="shared")
    model = lm.Model([left, right], Add()([shared(left), shared(right)]))
    layers = training.layers_with(model.graph.layers(), model.state.settings)

    inputs = (np.float32([[1.0]]), np.float32([[10.0]]))
    reports = examine(model.graph, model.state, inputs, layers=layers).reports

    assert [(report.layer, report.call, report.mean) for report in reports] == [
        ("shared", 0, 1.0),
        ("shared", 1, 10.0),
        ("add", 0, 11.0),
    ]
    assert [report.weight_norm for report in reports] == [1.0, None, None]


def test_steps_that_a_mask_leaves_out_do_not_count():
    embedding = Embedding(3, 2, mask_zero=True, name="words")
    model = lm.Sequential([lm.Input((3,), dtype="int32"), embedding, GlobalAveragePooling1D()]).build(seed=1)
    model.set_weights({"words": {"embeddings": [[99.0, 99.0], [1.0, 2.0], [3.0, 4.0]]}})

    reports = reports_of(model, [[1, 2, 0]])

    assert (reports["words"].smallest, reports["words"].mean, reports["words"].largest) == (1.0, 2.5, 4.0)
    assert reports["global_average_pooling1d"].mean == 2.5


def test_a_sequence_of_padding_alone_has_nothing_to_measure():
    model = lm.Sequential([lm.Input((2,), dtype="int32"), Embedding(3, 2, mask_zero=True)])

    report = reports_of(model, [[0, 0]])["embedding"]

    assert math.isnan(report.mean)
    assert math.isnan(report.zeros)


def test_layers_with_several_outputs_show_all_their_shapes():
    sequence = lm.Input((5, 2))
    model = lm.Model(sequence, LSTM(3, return_sequences=True, return_state=True)(sequence)[0])

    report = reports_of(model, np.ones((4, 5, 2)))["lstm"]

    assert report.output_shapes == ((4, 5, 3), (4, 3), (4, 3))
    assert (report.units, report.saturated) == (3, 0)


def test_layers_act_as_in_training_where_asked_to():
    model = lm.Sequential([lm.Input((100,)), Dropout(0.5)])

    assert reports_of(model, np.ones((4, 100)))["dropout"].zeros == 0
    assert 0.3 < reports_of(model, np.ones((4, 100)), training=True)["dropout"].zeros < 0.7


def test_numbers_that_are_not_finite_are_shown():
    model = dense(None, [[np.inf]], [0.0])

    report = reports_of(model, [[1.0], [-1.0]])["dense"]

    assert (report.smallest, report.largest) == (-np.inf, np.inf)
    assert math.isnan(report.mean)
