import numpy as np
import pytest

from lamina.data import _frames

pandas = pytest.importorskip("pandas", reason="frames are read where pandas is installed")
polars = pytest.importorskip("polars", reason="frames are read where polars is installed")
pyarrow = pytest.importorskip("pyarrow", reason="frames are read where pyarrow is installed")


@pytest.mark.parametrize("frame", [pandas.DataFrame, polars.DataFrame, pyarrow.table])
def test_a_table_has_names_of_columns(frame):
    table = _frames.read(frame({"b": [1.0, 2.0], "a": [3.0, 4.0]}), where="x")

    assert table.array.tolist() == [[1.0, 3.0], [2.0, 4.0]]
    assert table.columns == ["b", "a"]


@pytest.mark.parametrize(
    ("value", "rows"),
    [
        (pandas.DataFrame({"a": [1, 2]}, index=["x", "y"]), ["x", "y"]),
        (pandas.Series([1, 2], index=["x", "y"]), ["x", "y"]),
        (polars.Series([1, 2]), None),
    ],
)
def test_rows_have_the_labels_of_an_index(value, rows):
    found = _frames.read(value, where="x").rows

    assert (None if found is None else list(found)) == rows


@pytest.mark.parametrize("value", [np.ones((2, 2)), [[1.0]], {"a": [1]}, None])
def test_what_is_no_frame_is_left_to_others(value):
    assert _frames.read(value, where="x") is None
    assert _frames.columns_of(value) is None


def test_columns_are_selected_in_their_order():
    frame = polars.DataFrame({"b": [1], "a": [2], "c": [3]})

    assert _frames.select(frame, ["c", "b"], where="x").columns == ["c", "b"]
