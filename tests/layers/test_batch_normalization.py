import numpy as np
import pytest

import lamina as lm
from lamina import ops
from lamina.errors import ArgumentError, ShapeError
from lamina.layers import BatchNormalization, Context, Input, Run
from lamina.layers._batch_normalization import moments

WEIGHTS = {"gamma": [2, 1], "beta": [0, 5], "moving_mean": [1, 2], "moving_variance": [4, 9]}


def normalized(x, mean, variance, gamma=1.0, beta=0.0, epsilon=1e-3):
    return np.asarray(gamma) * (x - np.asarray(mean)) / np.sqrt(np.asarray(variance) + epsilon) + np.asarray(beta)


def test_training_uses_the_batch_and_moves_the_averages(call):
    x = np.array([[1.0, 10.0], [3.0, 30.0]])

    output = call(BatchNormalization(momentum=0.9), x, weights=WEIGHTS, training=True)

    np.testing.assert_allclose(output, normalized(x, [2, 20], [1, 100], [2, 1], [0, 5]), rtol=1e-5)
    np.testing.assert_allclose(call.moved["moving_mean"], [0.9 * 1 + 0.1 * 2, 0.9 * 2 + 0.1 * 20], rtol=1e-6)
    np.testing.assert_allclose(call.moved["moving_variance"], [0.9 * 4 + 0.1 * 1, 0.9 * 9 + 0.1 * 100], rtol=1e-6)


@pytest.mark.parametrize("mode", [{"training": False}, {"training": True, "frozen": True}], ids=str)
def test_prediction_and_frozen_layers_use_the_moving_averages(mode, call):
    x = np.array([[1.0, 10.0], [3.0, 30.0]])

    output = call(BatchNormalization(), x, weights=WEIGHTS, **mode)

    np.testing.assert_allclose(output, normalized(x, [1, 2], [4, 9], [2, 1], [0, 5]), rtol=1e-5)
    assert call.moved == {}


@pytest.mark.parametrize("axis", [1, 2, 3, -1])
def test_statistics_are_over_all_axes_but_one(axis, call, rng):
    x = 3 * rng.normal(size=(4, 3, 2, 5)) + 1
    others = tuple(other for other in range(4) if other != axis % 4)

    output = call(
        BatchNormalization(axis, center=False, scale=False),
        x,
        weights={"moving_mean": np.zeros(x.shape[axis]), "moving_variance": np.ones(x.shape[axis])},
        training=True,
    )

    wanted = normalized(x, x.mean(others, keepdims=True), x.var(others, keepdims=True))
    np.testing.assert_allclose(output, wanted, rtol=1e-4, atol=1e-5)


def test_rows_that_fill_up_the_batch_count_nothing(call, rng):
    x = rng.normal(size=(3, 4, 2))
    filled = np.concatenate([x, np.full((2, 4, 2), 1e6)])

    output = call(BatchNormalization(), filled, weights=WEIGHTS, training=True, rows=[True] * 3 + [False] * 2)
    moved = call.moved

    np.testing.assert_allclose(output[:3], call(BatchNormalization(), x, weights=WEIGHTS, training=True), rtol=1e-4)
    np.testing.assert_allclose(moved["moving_variance"], call.moved["moving_variance"], rtol=1e-5)


def test_the_last_short_batch_trains_as_a_batch_of_its_own():
    def trained(batches):
        model = lm.Sequential([lm.Input((3,)), BatchNormalization(momentum=0.5), lm.layers.Dense(1)]).build(seed=1)
        model.compile("sgd", "mse")
        for batch in batches:
            model.fit(x[batch], y[batch], batch_size=4, shuffle=False, verbose=0)
        return model.get_weights()

    x, y = np.random.default_rng(0).normal(size=(2, 10, 3)), np.arange(10.0)
    x = x[0]

    whole, parts = trained([slice(0, 10)]), trained([slice(0, 4), slice(4, 8), slice(8, 10)])

    for path, own in whole.items():
        for name, array in own.items():
            np.testing.assert_allclose(array, parts[path][name], rtol=1e-4, atol=1e-6, err_msg=f"{path}/{name}")


def test_a_layer_used_twice_moves_its_averages_twice():
    norm = BatchNormalization(momentum=0.5)
    x = lm.Input((1,))
    model = lm.Model(x, norm(lm.layers.Rescaling(0.0, offset=8.0)(norm(x)))).build(seed=0)
    model.compile("sgd", "mse")

    model.train_on_batch([[4.0], [4.0]], [[0.0], [0.0]])

    assert model.get_weights("batch_normalization")["moving_mean"] == pytest.approx(0.5 * (0.5 * 4) + 0.5 * 8)


def test_a_constant_feature_is_finite(call):
    output = call(BatchNormalization(), [[7.0, 1.0], [7.0, 2.0]], weights=WEIGHTS, training=True)

    assert output[:, 0].tolist() == [0, 0]


def test_moving_values_are_not_trained():
    declared = BatchNormalization().weights((None, 5))

    assert [name for name, weight in declared.items() if weight.moving] == ["moving_mean", "moving_variance"]
    assert list(declared) == ["gamma", "beta", "moving_mean", "moving_variance"]


@pytest.mark.parametrize(
    "arguments", [{"axis": 0}, {"momentum": 1.5}, {"epsilon": 0}, {"center": 1}, {"scale": "yes"}], ids=str
)
def test_arguments_out_of_range_are_refused(arguments):
    with pytest.raises(ArgumentError, match=rf"BatchNormalization\({next(iter(arguments))}\): expected"):
        BatchNormalization(**arguments)


def test_the_axis_exists_and_its_size_is_known():
    with pytest.raises(ShapeError, match=r"expected an input with the axis 2 after the batch, got \(None, 3\)"):
        BatchNormalization(axis=2)(Input((3,)))
    with pytest.raises(ShapeError, match=r"expected an input with known sizes along \(2,\), got \(None, 3, None\)"):
        BatchNormalization()(Input((3, None)))


@pytest.mark.parametrize("rows", [None, [True, True, False]], ids=["whole", "filled"])
@pytest.mark.parametrize("axis", [-1, 1])
def test_masked_steps_count_nothing(axis, rows, rng):
    x = rng.normal(size=(3, 4, 2)).astype("float32")
    mask = np.array([[True] * 4, [True, True, False, False], [True, False, False, False]])
    real = mask if rows is None else mask & np.array(rows)[:, None]

    mean, variance = moments(ops.asarray(x), (axis % 3,), ops.asarray(real))

    kept = [x[real]] if axis == -1 else [x[:, step][real[:, step]] for step in range(4)]
    np.testing.assert_allclose(mean, np.ravel([part.mean(0 if axis == -1 else None) for part in kept]), rtol=1e-5)
    np.testing.assert_allclose(variance, np.ravel([part.var(0 if axis == -1 else None) for part in kept]), rtol=1e-4)


def test_training_on_padded_sequences_moves_the_averages_as_the_sequences_alone_do(rng):
    x = rng.normal(size=(2, 3, 2)).astype("float32")
    padded = np.concatenate([x, np.zeros((2, 2, 2), "float32")], axis=1)
    model = lm.Sequential([Input((None, 2)), lm.layers.Masking(), BatchNormalization(momentum=0.5)]).build(seed=0)
    model.compile("sgd", "mse")

    model.train_on_batch(padded, padded)

    found = model.get_weights("batch_normalization")
    np.testing.assert_allclose(found["moving_mean"], 0.5 * x.mean((0, 1)), rtol=1e-5)
    np.testing.assert_allclose(found["moving_variance"], 0.5 + 0.5 * x.var((0, 1)), rtol=1e-5)


def test_a_batch_without_a_real_step_leaves_the_averages_alone():
    run = Run(training=True)
    context = Context(run, "norm", mask=ops.zeros((2, 3), "bool"))
    weights = {name: np.asarray(values, "float32") for name, values in WEIGHTS.items()}

    output = BatchNormalization().call(weights, ops.ones((2, 3, 2)), context)

    assert np.isfinite(output).all()
    assert {name: value.tolist() for name, value in run.moved["norm"].items()} == {
        "moving_mean": [1, 2],
        "moving_variance": [4, 9],
    }
