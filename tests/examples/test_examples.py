"""The examples reach the numbers they promise, at full length, on the real data."""

import importlib.util
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"


def example(name):
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.usefixtures("mnist")
def test_the_dense_network_reads_98_percent_of_mnist():
    scores = example("mnist_dense").main()

    assert scores["accuracy"] >= 0.980
    assert scores["loss"] < 0.13


@pytest.mark.usefixtures("mnist")
def test_the_dropout_network_reads_98_1_percent_of_mnist():
    assert example("mnist_dropout").main()["accuracy"] >= 0.981


@pytest.mark.usefixtures("fashion_mnist")
def test_the_small_network_reads_86_4_percent_of_fashion_mnist():
    assert example("fashion_mnist").main()["accuracy"] >= 0.864


def test_pima_goes_on_after_loading_exactly_as_before_saving():
    pima = example("pima")

    assert pima.network().count_params() == 221
    assert pima.main()["accuracy"] >= 0.759
