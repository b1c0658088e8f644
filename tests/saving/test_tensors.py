import numpy as np
import pytest

from lamina import ops
from lamina.errors import FormatError, ShapeError
from lamina.saving import check_tensors, filled, named


def array(*shape, dtype=np.float32):
    return np.zeros(shape, dtype)


def test_arrays_are_named_by_the_way_to_them():
    tree = ({"step": array()}, {"slots": {"inner/dense": {"kernel": array(2), "bias": array(3)}}}, None, [])

    names = named(tree, "optimizer/")

    assert {name: value.shape for name, value in names.items()} == {
        "optimizer/0/step": (),
        "optimizer/1/slots/inner/dense/kernel": (2,),
        "optimizer/1/slots/inner/dense/bias": (3,),
    }


def test_a_tree_is_filled_with_the_tensors_of_its_names():
    tree = ({"b": array(2), "a": array()}, array(1))

    again = filled(tree, {name: value + 1 for name, value in named(tree, "x/").items()}, "x/")

    assert ops.tree_structure(again) == ops.tree_structure(tree)
    assert [leaf.tolist() for leaf in ops.tree_leaves(again)] == [1.0, [1.0, 1.0], [1.0]]


def test_the_tensors_that_are_wanted_pass():
    wanted = {"a": array(2), "b": array(dtype=np.int32)}

    assert check_tensors(wanted, dict(wanted), where="file") is None


@pytest.mark.parametrize(
    ("found", "error", "message"),
    [
        ({"a": array(2)}, FormatError, "file: expected every weight of the model, got no 'b', 'c'.\n  Fix: "),
        ({}, FormatError, "got no 'a', 'b', 'c'"),
        (
            {name: array(2) for name in "abcdefghi"},
            FormatError,
            "file: expected no tensors but those of the model, got also 'd', 'e', 'f', 'g', 'h' and 1 more",
        ),
        ({"a": array(2, 1), "b": array(2), "c": array(2)}, ShapeError, r"file: a: expected shape \(2,\), got \(2, 1\)"),
        (
            {"a": array(2), "b": array(2, dtype=np.float64), "c": array(2)},
            FormatError,
            "file: b: expected float32, got float64",
        ),
    ],
    ids=["missing", "all", "extra", "shape", "type"],
)
def test_others_are_refused_by_name(found, error, message):
    with pytest.raises(error, match=message):
        check_tensors({name: array(2) for name in "abc"}, found, where="file")
