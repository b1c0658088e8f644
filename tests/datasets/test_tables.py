"""Every packaged table is what its module says, and divides without losing a row."""

import numpy as np
import pytest

from lamina.datasets import auto_mpg, digits, iris, kyphosis, pima, sonar
from lamina.errors import ArgumentError

MODULES = (auto_mpg, digits, iris, kyphosis, pima, sonar)
each_table = pytest.mark.parametrize("module", MODULES, ids=[module.TABLE.name for module in MODULES])


@each_table
def test_columns_are_those_the_module_names(module):
    table = module.load_table()

    text = ["name"] if module is auto_mpg else []
    assert sorted(table) == sorted([*module.feature_names, module.TABLE.target, *text])
    assert {column.shape for column in table.values()} == {(module.TABLE.rows,)}


@each_table
def test_features_and_targets_come_ready_for_a_network(module):
    (x_train, y_train), (x_test, y_test) = module.load_data()

    assert x_train.shape[1:] == x_test.shape[1:] == module.TABLE.shape
    assert x_train.dtype == x_test.dtype == np.float32
    assert y_train.dtype == y_test.dtype == (np.float32 if module is auto_mpg else np.int64)
    assert len(x_train) == len(y_train)
    assert len(x_test) == len(y_test) == round(0.2 * module.TABLE.rows)


@each_table
def test_both_parts_together_are_the_table(module):
    table = module.load_table()
    target = table[module.TABLE.target]
    if target.dtype.kind == "U":
        target = np.array([module.class_names.index(word) for word in target])
    columns = [*(table[name] for name in module.feature_names), target]
    whole = np.stack(columns, axis=1).astype(np.float32)

    (x_train, y_train), (x_test, y_test) = module.load_data(test_split=0.3, seed=5)

    x = np.concatenate([x_train, x_test]).reshape(len(whole), -1)
    rows = np.column_stack([x, np.concatenate([y_train, y_test])])
    # Sorting both as text of rows makes them comparable, whatever their order, NaN included.
    assert sorted(map(str, rows.tolist())) == sorted(map(str, whole.tolist()))


@each_table
def test_every_class_has_rows(module):
    _, (_, y) = module.load_data()

    if module is auto_mpg:
        assert y.min() >= 9.0
    else:
        assert set(np.unique(y)) == set(range(len(module.class_names)))


def test_the_seed_decides_the_order():
    (first, _), _ = iris.load_data(seed=1)
    (again, _), _ = iris.load_data(seed=1)
    (other, _), _ = iris.load_data(seed=2)

    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_two_calls_share_no_memory():
    (x_first, _), _ = iris.load_data()
    x_first[:] = 0

    (x_second, _), _ = iris.load_data()

    assert x_second.min() > 0


@pytest.mark.parametrize(("test_split", "held_out"), [(0, 0), (0.0067, 1), (0.2, 30), (0.9, 135), (0.993, 149)])
def test_the_split_is_rounded_to_whole_rows(test_split, held_out):
    (x_train, _), (x_test, _) = iris.load_data(test_split=test_split)

    assert (len(x_train), len(x_test)) == (150 - held_out, held_out)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"test_split": 1},
            r"iris\.load_data\(test_split\): expected a finite number of at least 0 and below 1, got 1\.",
        ),
        ({"test_split": -0.1}, "at least 0 and below 1, got -0.1"),
        ({"test_split": "0.2"}, "got '0.2'"),
        ({"test_split": 0.003}, "a fraction that leaves test rows, got 0.003 of 150 rows"),
        ({"test_split": 0.999}, "a fraction that leaves training rows, got 0.999 of 150 rows"),
        ({"seed": -1}, r"iris\.load_data\(seed\): expected an integer of at least 0, got -1"),
        ({"seed": 1.5}, "an integer of at least 0, got 1.5"),
    ],
)
def test_a_split_that_cannot_be_made_is_an_error(arguments, message):
    with pytest.raises(ArgumentError, match=message):
        iris.load_data(**arguments)


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_data_frame_libraries_take_a_table_as_it_is(library):
    frames = pytest.importorskip(library)

    frame = frames.DataFrame(auto_mpg.load_table())

    assert frame.shape == (398, 9)
    assert frame["name"][0] == "chevrolet chevelle malibu"
