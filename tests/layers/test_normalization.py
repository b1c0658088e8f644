import numpy as np
import pytest

import lamina as lm
from lamina.errors import ArgumentError, DataError, ShapeError, StageError
from lamina.layers import Input, Normalization


def test_mean_and_variance_are_those_of_the_training_data(call):
    x = np.array([[0.0, 100.0], [2.0, 300.0]])

    layer = Normalization().adapt(x)

    assert (layer.mean, layer.variance) == ((1, 200), (1, 10_000))
    assert call(layer, x).tolist() == [[-1, -1], [1, 1]]


def test_adapting_gives_another_layer_and_keeps_the_other_arguments():
    layer = Normalization(axis=1, name="scale")

    adapted = layer.adapt([[1.0, 2.0]])

    assert layer.mean is None
    assert (adapted.axis, adapted.name, adapted.mean) == (1, "scale", (1, 2))


@pytest.mark.parametrize(
    ("axis", "kept"), [(-1, (3,)), (1, (1,)), ((1, 2), (1, 2)), ((1, 2, 3), (1, 2, 3)), (None, ())]
)
def test_each_place_along_the_axis_is_measured_by_itself(axis, kept, call, rng):
    x = rng.normal(size=(50, 2, 3, 4)) * rng.uniform(1, 3, size=(2, 3, 4)) + 5
    others = tuple(other for other in range(4) if other not in kept)

    output = call(Normalization(axis).adapt(x), x)

    np.testing.assert_allclose(output.mean(others), 0, atol=1e-5)
    np.testing.assert_allclose(output.std(others), 1, rtol=1e-4)


def test_it_can_be_undone(call, rng):
    x = rng.normal(size=(20, 3))
    layer = Normalization().adapt(x)

    again = call(layer.replace(invert=True), call(layer, x))

    np.testing.assert_allclose(again, x, rtol=1e-5, atol=1e-6)


def test_what_is_constant_becomes_zero_and_what_is_new_stays_small(call):
    layer = Normalization().adapt([[7.0, 1.0], [7.0, 2.0]])

    assert call(layer, [[7.0, 1.5], [8.0, 1.5]]).tolist() == [[0, 0], [1, 0]]


def test_bytes_and_many_rows_are_measured_exactly():
    x = np.arange(30_000).reshape(10_000, 3).astype("uint8")

    layer = Normalization().adapt(x)

    np.testing.assert_allclose(layer.mean, x.mean(0), rtol=1e-12)
    np.testing.assert_allclose(layer.variance, x.var(0), rtol=1e-12)


@pytest.mark.parametrize("kind", ["frame", "list"])
def test_frames_and_lists_will_do(kind):
    data = [[1.0, 2.0], [3.0, 6.0]]
    if kind == "frame":
        data = pytest.importorskip("pandas").DataFrame(data, columns=["a", "b"])

    assert Normalization().adapt(data).mean == (2, 4)


def test_one_column_may_come_without_its_axis():
    assert Normalization().adapt([1.0, 3.0]).mean == (2,)


def test_a_dropped_adaptation_is_noticed_when_the_model_is_built():
    normalization = Normalization()
    normalization.adapt([[1.0], [2.0]])

    sentence = r"expected a mean and a variance, got none.\n  Fix: write normalization = Normalization\(\).adapt"
    with pytest.raises(StageError, match=sentence):
        lm.Sequential([lm.Input((1,)), normalization])


@pytest.mark.parametrize(
    ("data", "got"),
    [
        ([[1.0, np.nan]], "nan in row 0, column 1"),
        ([["a"]], "values of type <U1"),
        ([], "no rows"),
        (3.0, "no rows"),
    ],
)
def test_data_must_be_rows_of_finite_numbers(data, got):
    with pytest.raises(DataError, match=rf"Normalization.adapt\(data\): expected rows of finite numbers, got {got}"):
        Normalization().adapt(data)


@pytest.mark.parametrize(
    ("arguments", "place"),
    [
        ({"axis": 0}, "axis"),
        ({"mean": 1.0}, "variance"),
        ({"mean": [1, 2], "variance": [1]}, "variance"),
        ({"mean": 1, "variance": -1}, "variance"),
        ({"mean": "1", "variance": 1}, "mean"),
        ({"invert": 1}, "invert"),
    ],
)
def test_arguments_out_of_range_are_refused(arguments, place):
    with pytest.raises(ArgumentError, match=rf"Normalization\({place}\): expected"):
        Normalization(**arguments)


@pytest.mark.parametrize("mean", [[1, 2], [[1, 2, 3]]], ids=str)
def test_another_shape_than_that_of_the_data_is_refused(mean):
    with pytest.raises(ShapeError, match=r"expected an input with sizes .* along the axis -1, got \(None, 3\)"):
        Normalization(mean=mean, variance=mean)(Input((3,)))


def test_many_numbers_are_shown_in_short():
    assert len(repr(Normalization().adapt(np.random.default_rng(0).normal(size=(3, 784))))) < 250


def test_a_frame_may_have_columns_of_several_types():
    pandas = pytest.importorskip("pandas", reason="frames are read where pandas is installed")
    frame = pandas.DataFrame({"age": [20.0, 40.0], "smokes": [True, False], "city": ["Bern", "Rome"]})

    adapted = Normalization().adapt(frame[["age", "smokes"]])

    assert adapted.mean == (30.0, 0.5)
    with pytest.raises(DataError, match=r"expected rows of finite numbers, got 'Bern' in the column 'city'"):
        Normalization().adapt(frame)
