import pytest

from lamina import metrics, ops
from lamina.errors import ArgumentError


class LargestError(metrics.Metric):
    direction = "min"

    def init(self, outputs=1):
        return {"largest": ops.zeros(())}

    def update(self, sums, y_true, y_pred, weights):
        errors = ops.max(ops.abs(y_true - y_pred), axis=-1) * (weights > 0)
        return {"largest": ops.maximum(sums["largest"], ops.max(errors))}

    def compute(self, sums):
        return sums["largest"]


def test_a_user_writes_init_update_and_compute():
    metric = LargestError()

    value = metric([[1.0], [2.0], [9.0]], [[1.5], [4.0], [0.0]], [1.0, 1.0, 0.0])

    assert value == 2


def test_sums_of_both_kinds_merge_by_adding():
    metric = metrics.Metric()

    merged = metric.merge({"a": metrics.Sum.zero() + 1.0, "b": 2.0}, {"a": metrics.Sum.zero() + 3.0, "b": 4.0})

    assert merged["a"].value == 4
    assert merged["b"] == 6


def test_the_key_is_the_class_name_in_snake_case():
    assert LargestError().key == "largest_error"


def test_a_name_is_the_key():
    assert LargestError(name="worst").key == "worst"


@pytest.mark.parametrize("name", ["", 3])
def test_a_name_must_be_a_word(name):
    with pytest.raises(ArgumentError, match=r"LargestError\(name\): expected a word.*\n.*name='largest_error'"):
        LargestError(name=name)


@pytest.mark.parametrize("method", ["init", "update", "compute"])
def test_what_a_metric_must_write_is_missing_in_the_interface(method):
    arguments = {"init": (), "update": ({}, None, None, None), "compute": ({},)}[method]

    with pytest.raises(NotImplementedError):
        getattr(metrics.Metric(), method)(*arguments)
