import numpy as np
import pytest

import lamina as lm
from lamina.errors import ArgumentError, ShapeError
from lamina.layers import Conv1D, Conv2D, Conv3D, Input

EDGE = np.array([[0, 0, 1, 1]] * 4, "float32").reshape(1, 4, 4, 1)


def test_a_kernel_answers_where_its_pattern_is(call):
    kernel = np.array([[-1.0, 1]]).reshape(1, 2, 1, 1)

    output = call(Conv2D(1, (1, 2)), EDGE, weights={"kernel": kernel, "bias": [0.5]})

    assert output[0, :, :, 0].tolist() == [[0.5, 1.5, 0.5]] * 4


def test_channels_are_added_up(call):
    weights = {"kernel": [[[[1], [10]]]], "bias": [0]}

    assert call(Conv2D(1, 1), [[[[1, 2], [3, 4]]]], weights=weights).ravel().tolist() == [21, 43]


def test_a_group_of_filters_sees_its_group_of_channels(call):
    weights = {"kernel": [[[1, 10]]], "bias": [0, 0]}

    assert call(Conv1D(2, 1, groups=2), [[[1, 2], [3, 4]]], weights=weights).tolist() == [[[1, 20], [3, 40]]]


def test_a_causal_output_does_not_depend_on_later_steps(call, rng):
    layer, weights = (
        Conv1D(2, 3, padding="causal", dilation_rate=2),
        {"kernel": rng.normal(size=(3, 1, 2)), "bias": [0, 0]},
    )
    x = rng.normal(size=(1, 8, 1))
    changed = np.concatenate([x[:, :5], x[:, 5:] + 1], axis=1)

    before, after = (call(layer, values, weights=weights) for values in (x, changed))

    assert before.shape == (1, 8, 2)
    np.testing.assert_array_equal(before[:, :5], after[:, :5])
    assert (before[:, 5:] != after[:, 5:]).any(axis=-1).all()


@pytest.mark.parametrize(
    ("layer", "row", "kernel", "output"),
    [
        (Conv1D(4, 3, 2, groups=2), (9, 6), (3, 3, 4), (4, 4)),
        (Conv2D(4, (3, 2), 2, padding="same"), (9, 9, 6), (3, 2, 6, 4), (5, 5, 4)),
        (Conv3D(4, 3, dilation_rate=(1, 2, 3)), (9, 9, 9, 6), (3, 3, 3, 6, 4), (7, 5, 3, 4)),
    ],
    ids=repr,
)
def test_weights_are_laid_out_as_in_keras(layer, row, kernel, output):
    declared = layer.weights((None, *row))

    assert {name: weight.shape for name, weight in declared.items()} == {"kernel": kernel, "bias": (4,)}
    assert layer(Input(row)).shape == (None, *output)


def test_the_network_of_the_manual_has_as_many_weights_as_there():
    model = lm.Sequential(
        [
            lm.Input((28, 28, 1)),
            *(Conv2D(32, 3, activation="relu"), lm.layers.MaxPooling2D()),
            *(Conv2D(64, 3, activation="relu"), lm.layers.MaxPooling2D()),
            *(Conv2D(64, 3, activation="relu"), lm.layers.Flatten()),
            *(lm.layers.Dense(64, activation="relu"), lm.layers.Dense(10, activation="softmax")),
        ]
    )

    assert model.count_params() == 93_322


def test_images_of_any_size_can_follow_one_another():
    model = lm.Sequential([lm.Input((None, None, 1)), Conv2D(2, 3), lm.layers.GlobalAveragePooling2D()]).build(seed=0)

    assert [model.predict(np.ones((1, size, 6, 1))).shape for size in (3, 5)] == [(1, 2), (1, 2)]
    with pytest.raises(ShapeError, match=r"its window of 3 × 3 fits into, got \(1, 2, 6, 1\)"):
        model.predict(np.ones((1, 2, 6, 1)))


def test_groups_divide_the_filters():
    with pytest.raises(ArgumentError, match=r"Conv2D\(groups\): expected a number that divides the 8 filters, got 3"):
        Conv2D(8, 3, groups=3)


def test_groups_divide_the_channels():
    sentence = r"expected an input whose channels fall into 3 groups, got \(None, 9, 8\)\.\n  Fix: .* that divides 8"
    with pytest.raises(ShapeError, match=sentence):
        Conv1D(9, 3, groups=3)(Input((9, 8)))


def test_the_names_of_older_scripts_still_stand_for_it():
    assert (lm.layers.Convolution1D, lm.layers.Convolution2D, lm.layers.Convolution3D) == (Conv1D, Conv2D, Conv3D)
