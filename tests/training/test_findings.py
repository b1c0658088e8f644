import math

import pytest

from lamina.errors import DeadUnitsWarning, ExplodingGradientsWarning, VanishingGradientsWarning
from lamina.training import LayerReport, findings

HEALTHY = {
    "kind": "Dense",
    "call": 0,
    "is_output": False,
    "output_shapes": ((32, 100),),
    "smallest": 0.0,
    "mean": 0.5,
    "largest": 2.0,
    "zeros": 0.5,
    "units": 100,
    "dead": None,
    "saturated": None,
    "weight_norm": 1.0,
    "gradient_norm": 0.1,
}


def report(layer="dense", **changes):
    return LayerReport(layer=layer, **(HEALTHY | changes))


def kinds(*reports, rows=32):
    return [(finding.where, finding.kind) for finding in findings(reports, rows=rows)]


def test_nothing_is_said_of_healthy_layers():
    assert findings([report(), report("dense_1", dead=50), report("dense_2", saturated=50)], rows=32) == []


def test_a_finding_is_a_sentence_and_what_to_try():
    (found,) = findings([report(dead=82)], rows=32)

    assert str(found) == (
        "dense (Dense): 82 of 100 units are 0 for every row given: dead. "
        'Try a lower learning rate, kernel_initializer="he_normal", or activation="leaky_relu".'
    )


@pytest.mark.parametrize(
    ("dead", "rows", "is_found"), [(74, 32, False), (75, 32, True), (99, 15, False), (100, 15, True), (100, 1, True)]
)
def test_few_rows_do_not_tell_of_single_units(dead, rows, is_found):
    assert kinds(report(dead=dead), rows=rows) == [("dense (Dense)", DeadUnitsWarning)] * is_found


def test_saturation_is_no_fault_of_an_output_that_is_sure():
    assert kinds(report(saturated=100)) == [("dense (Dense)", VanishingGradientsWarning)]
    assert kinds(report(saturated=100, is_output=True)) == []


def test_a_gradient_that_is_much_less_than_elsewhere_has_vanished():
    (found,) = findings([report(gradient_norm=1e-9), report("dense_1", gradient_norm=0.5)], rows=32)

    assert (found.where, found.kind) == ("dense (Dense)", VanishingGradientsWarning)
    assert found.sign == "its gradient is 1.0e-09 of its weights, that of dense_1 5.0e-01: it vanishes on the way back"


@pytest.mark.parametrize(
    "sizes",
    [
        [(1.0, 1e-9), (1.0, 1e-8)],  # both are small: a model that has learned what there is
        [(1.0, 0.0), (1.0, 0.0)],
        [(0.0, 1e-9), (1.0, 0.5)],  # nothing to compare it with
        [(1.0, None), (1.0, 0.5)],
        [(1.0, 1e-4), (1.0, 0.5)],
    ],
)
def test_a_small_gradient_alone_has_not_vanished(sizes):
    layers = [report(f"dense_{n}", weight_norm=w, gradient_norm=g) for n, (w, g) in enumerate(sizes)]

    assert kinds(*layers) == []


def test_a_dead_layer_is_the_reason_and_no_gradient_before_it_the_consequence():
    layers = [report(gradient_norm=0.0), report("dense_1", dead=100, gradient_norm=0.0), report("dense_2")]

    assert kinds(*layers) == [("dense_1 (Dense)", DeadUnitsWarning)]


def test_a_gradient_that_is_much_larger_than_the_weights_explodes():
    layers = [report(), report("dense_1", gradient_norm=2e3), report("dense_2", gradient_norm=1.5e3)]

    (found,) = findings(layers, rows=32)

    assert (found.where, found.kind) == ("dense_1 (Dense)", ExplodingGradientsWarning)
    assert found.sign == "its gradient is 2.0e+03 times as large as its weights: it explodes"


@pytest.mark.parametrize("mean", [math.nan, math.inf])
def test_of_numbers_that_are_not_finite_the_first_layer_is_named(mean):
    layers = [report(), report("dense_1", mean=mean), report("dense_2", mean=math.nan, dead=100)]

    assert kinds(*layers) == [("dense_1 (Dense)", ExplodingGradientsWarning)]


def test_a_layer_that_saw_only_padding_is_not_to_blame():
    nothing = dict.fromkeys(("smallest", "mean", "largest", "zeros"), math.nan)

    assert kinds(report(**nothing)) == []


@pytest.mark.parametrize("norm", [math.nan, math.inf])
def test_of_gradients_that_are_not_finite_the_last_layer_is_named(norm):
    layers = [report(gradient_norm=math.nan), report("dense_1", gradient_norm=norm), report("dense_2")]

    (found,) = findings(layers, rows=32)

    assert (found.where, found.sign) == ("dense_1 (Dense)", "its gradient is infinite or undefined")
