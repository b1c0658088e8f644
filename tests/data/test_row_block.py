import numpy as np
import pytest

from lamina.data import RowBlock, recut
from lamina.data._row_block import dropped, each_array, joined, leaves_of, row_bytes, stacked, to_parts
from lamina.errors import DataError


def block(*numbers):
    """Return rows whose x is ten times their number, and whose y is their number."""
    numbers = np.array(numbers)
    return RowBlock((numbers * 10.0, numbers), numbers)


def place(number):
    return f"row {number}"


def test_parts_have_the_names_of_arguments():
    whole = RowBlock((np.array([1]), np.array([2]), np.array([3])), np.array([0]))

    assert (whole.x, whole.y, whole.sample_weight) == (1, 2, 3)
    assert len(whole) == 1
    assert block(4).sample_weight is None
    assert RowBlock((np.array([1]),), np.array([0])).y is None


@pytest.mark.parametrize("chosen", [slice(1, 3), np.array([1, 2]), np.array([False, True, True])], ids=str)
def test_some_rows_are_taken_from_every_part(chosen):
    found = block(5, 6, 7).take(chosen)

    assert found.x.tolist() == [60.0, 70.0]
    assert found.y.tolist() == found.numbers.tolist() == [6, 7]


def test_a_function_sees_each_array_of_a_part():
    part = ({"a": np.array([1]), "b": (np.array([2]), np.array([3]))}, np.array([4]))

    doubled = each_array(lambda first, second: first + second, part, part)

    assert [int(array[0]) for array in leaves_of(doubled)] == [2, 4, 6, 8]
    assert set(doubled[0]) == {"a", "b"}


def test_the_size_of_a_row_is_that_of_all_its_parts():
    assert row_bytes((np.zeros((5, 3), np.float32), {"a": np.zeros(5, np.int64)})) == 12 + 8
    assert row_bytes((np.zeros((0, 3)),)) == 1


@pytest.mark.parametrize(
    ("value", "parts"),
    [
        ([1, 2], 1),
        (([1, 2], [3, 4]), 2),
        (([1, 2], [3, 4], [1, 1]), 3),
        (({"left": [1, 2], "right": [3, 4]}, [5, 6]), 2),
        ((([1, 2], [3, 4]), [5, 6]), 2),
    ],
)
def test_what_a_function_gives_is_taken_apart(value, parts):
    found = to_parts(value, where="map(f)")

    assert len(found) == parts
    assert {array.shape for array in leaves_of(found)} == {(2,)}


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (
            ([1], [1], [1], [1]),
            r"map\(f\): expected x, \(x, y\) or \(x, y, sample_weight\), got a tuple of 4.\n  Fix: put",
        ),
        (([1, 2], [1]), r"map\(f\): expected as many rows in each array, got 1 and 2.\n  Fix: make sure"),
        ((None, [1]), r"map\(f\), x: expected rows, got None"),
        (([1], 3), r"map\(f\), y: expected rows, got 3"),
    ],
)
def test_what_is_no_rows_is_refused(value, message):
    with pytest.raises(DataError, match=message):
        to_parts(value, where="map(f)")


def test_single_rows_are_put_together():
    found = stacked([([1, 2], "a"), (np.array([3, 4]), "bc")], np.array([7, 9]), where="rows", place=place)

    assert found.x.tolist() == [[1, 2], [3, 4]]
    assert found.y.tolist() == ["a", "bc"]
    assert found.numbers.tolist() == [7, 9]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([[1, 2], [3, 4], [5]], r"rows, row 9: expected a row like those before, shape \(2,\), got shape \(1,\)."),
        (
            [([1], 2), ([1], 2), [1]],
            r"row 9: expected a row like those before, \(shape \(1,\), shape \(\)\), got shape",
        ),
        ([{"a": 1}, {"b": 1}, {"a": 1}], r"row 8: expected a row like those before, {a: shape \(\)}, got {b: shape"),
        ([[[1], [1, 2]]] * 3, "row 7: expected numbers or arrays, got lists of different lengths.\n  Fix: give every"),
    ],
)
def test_a_row_unlike_the_others_is_named(rows, message):
    with pytest.raises(DataError, match=message):
        stacked(rows, np.array([7, 8, 9]), where="rows", place=place)


def test_blocks_are_joined():
    found = joined([block(1, 2), block(5)], place)

    assert found.x.tolist() == [10.0, 20.0, 50.0]
    assert found.numbers.tolist() == [1, 2, 5]


def test_blocks_of_other_shapes_cannot_be_joined():
    wide = RowBlock((np.zeros((1, 3)), np.zeros(1)), np.array([7]))

    message = r"^Dataset, row 7: expected rows like the first, \(shape \(\), shape \(\)\), got \(shape \(3,\)"

    with pytest.raises(DataError, match=message):
        joined([block(1), wide], place)


@pytest.mark.parametrize("sizes", [[10], [1] * 10, [3, 4, 3], [7, 3], [5, 5], [2, 8]])
@pytest.mark.parametrize("rows", [1, 3, 5, 10, 11])
def test_rows_are_cut_into_blocks_of_one_size(sizes, rows):
    starts = np.cumsum([0, *sizes])
    blocks = [block(*range(start, start + size)) for start, size in zip(starts, sizes, strict=False)]

    found = list(recut(blocks, rows, place=place))

    assert [number for item in found for number in item.numbers] == list(range(10))
    assert {len(item) for item in found[:-1]} <= {rows}
    assert 0 < len(found[-1]) <= rows


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5, 6, 9])
def test_the_first_rows_are_dropped(count):
    found = list(dropped([block(0, 1), block(2), block(3, 4, 5)], count))

    assert [number for item in found for number in item.numbers] == list(range(count, 6))
    assert all(len(item) for item in found)
