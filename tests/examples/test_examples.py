"""The examples reach the numbers they promise: at full length, and on the way there where that takes minutes."""

import importlib.util
from pathlib import Path

import pytest

pytestmark = pytest.mark.usefixtures("fully_optimized")

EXAMPLES = Path(__file__).parents[2] / "examples"

# The number of parameters, and what the named layer gives.
NETWORKS = {
    "airline": (4_385, "lstm", (None, 32)),
    "lenet": (61_706, "conv2d_2", (None, 1, 1, 120)),
    "mnist_convnet": (93_322, "conv2d_2", (None, 3, 3, 64)),
    "mnist_rows": (57_482, "lstm", (None, 28, 64)),
    "mnist_small_convnet": (34_826, "flatten", (None, 1600)),
    "pima": (221, "dense", (None, 12)),
    "ragged_sequences": (5_305, "embedding", (None, None, 8)),
    "shapes": (7_998_250, "max_pooling2d_1", (None, 22, 22, 64)),
    "temporal_order": (21_764, "lstm_1", (None, None, 32)),
}


def example(name):
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def least_accuracy(of):
    """Turn {name: (reduced form, least accuracy of it, least accuracy at full length)} into parameters of a test."""
    cases = []
    for name, (form, least, least_at_full_length) in of.items():
        cases.append(pytest.param(name, form, least, id=name))
        cases.append(pytest.param(name, {}, least_at_full_length, id=f"{name}-full", marks=pytest.mark.slow))
    return pytest.mark.parametrize(("name", "form", "least"), cases)


@pytest.mark.parametrize("name", NETWORKS)
def test_networks_have_the_parameters_and_shapes_that_are_known_of_them(name):
    parameters, layer, shape = NETWORKS[name]

    network = example(name).network()

    assert network.count_params() == parameters
    assert network.output_of(layer).shape == shape


@pytest.mark.usefixtures("mnist")
@pytest.mark.parametrize(("name", "epochs", "least"), [("mnist_dense", 4, 0.965), ("mnist_dropout", 5, 0.965)])
def test_dense_networks_are_well_on_the_way_there_after_some_epochs(name, epochs, least):
    assert example(name).main(epochs=epochs)["accuracy"] >= least


@pytest.mark.slow
@pytest.mark.usefixtures("mnist")
def test_the_dense_network_reads_98_percent_of_mnist():
    scores = example("mnist_dense").main()

    assert scores["accuracy"] >= 0.980
    assert scores["loss"] < 0.13


@pytest.mark.slow
@pytest.mark.usefixtures("mnist")
def test_the_dropout_network_reads_98_1_percent_of_mnist():
    assert example("mnist_dropout").main()["accuracy"] >= 0.981


@pytest.mark.usefixtures("fashion_mnist")
def test_the_small_network_reads_86_4_percent_of_fashion_mnist():
    assert example("fashion_mnist").main()["accuracy"] >= 0.864


@pytest.mark.usefixtures("mnist")
@least_accuracy(
    {
        "lenet": ({"rows": 6000, "epochs": 3}, 0.92, 0.987),
        "mnist_convnet": ({"rows": 6000, "epochs": 2}, 0.94, 0.989),
        "mnist_rows": ({"rows": 6000, "epochs": 3}, 0.88, 0.980),
        "mnist_small_convnet": ({"rows": 6000, "epochs": 3}, 0.92, 0.991),
    }
)
def test_convolutional_and_recurrent_networks_read_mnist(name, form, least):
    assert example(name).main(**form)["accuracy"] >= least


@least_accuracy(
    {
        "shapes": ({"rows": 1000, "epochs": 5, "size": 32}, 0.4, 0.9),
        "temporal_order": ({"rows": 2000, "epochs": 3, "steps": 20}, 0.98, 0.99),
    }
)
def test_networks_learn_what_is_drawn_or_written_for_them(name, form, least):
    assert example(name).main(**form)["accuracy"] >= least


def test_the_forecast_is_better_than_naive_ones():
    errors = example("airline").main()

    assert errors["lstm"] < 3 < errors["naive with growth"] < errors["naive"]


def test_brackets_are_matched_however_far_the_texts_are_filled_up():
    scores = example("ragged_sequences").main()

    assert scores["accuracy"] >= 0.99
    assert scores["change"] <= 1e-6


def test_pima_goes_on_after_loading_exactly_as_before_saving():
    assert example("pima").main()["accuracy"] >= 0.759
