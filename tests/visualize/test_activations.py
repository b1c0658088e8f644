import numpy as np
import pytest

import lamina as lm
from lamina import layers
from lamina.errors import ArgumentError
from lamina.visualize import activation_values, activations


def test_values_are_what_layers_give(convnet, image):
    values = activation_values(convnet, image)

    assert {path: array.shape for path, array in values.items()} == {
        "conv2d": (6, 4, 3),
        "max_pooling2d": (3, 2, 3),
        "last": (3, 2, 5),
        "global_average_pooling2d": (5,),
        "dense": (3,),
    }
    np.testing.assert_allclose(values["dense"], convnet.predict(image[None])[0], rtol=1e-6)
    np.testing.assert_allclose(values["last"].mean(axis=(0, 1)), values["global_average_pooling2d"], rtol=1e-5)


@pytest.mark.parametrize("chosen", ["last", ["last"], ("last", "dense")])
def test_layers_can_be_chosen(chosen, convnet, image):
    assert list(activation_values(convnet, image, layers=chosen)) == (["last"] if "dense" not in chosen else [*chosen])


def test_layers_inside_of_networks_can_be_seen(convnet, image):
    x = lm.Input((6, 4, 2))
    outer = lm.Model(x, layers.Dense(2)(convnet(x)))

    inner = activation_values(outer, image)["sequential/last"]

    np.testing.assert_array_equal(inner, activation_values(convnet, image)["last"])


def test_of_several_outputs_the_first_is_shown():
    x = lm.Input((5, 3))
    sequence, state = layers.SimpleRNN(4, return_sequences=True, return_state=True)(x)
    model = lm.Model(x, [sequence, state])

    assert activation_values(model, np.ones((5, 3)))["simple_rnn"].shape == (5, 4)


def test_the_figure_has_a_line_for_each_layer(convnet, image):
    figure = activations(convnet, image)

    titles = [axis.get_title(loc="left") for axis in figure.axes]
    assert titles == [
        "image",
        "conv2d: 3 maps of 6 × 4",
        "max_pooling2d: 3 maps of 3 × 2",
        "last: 5 maps of 3 × 2",
        "global_average_pooling2d: 5 numbers",
        "dense: 3 numbers",
    ]
    assert [len(axis.images) for axis in figure.axes] == [1, 3, 3, 5, 0, 0]
    assert len(figure.axes[-1].patches) == 3


def test_of_many_maps_the_first_are_drawn():
    model = lm.Sequential([lm.Input((4, 4, 1)), layers.Conv2D(20, 1, name="many")])

    axis = activations(model, np.ones((4, 4, 1)), layers="many").axes[-1]

    assert len(axis.images) == 16
    assert axis.get_title(loc="left") == "many: 16 of 20 maps of 4 × 4"


def test_sequences_and_rows_of_numbers_are_drawn_too():
    model = lm.Sequential(
        [lm.Input((40,)), layers.Reshape((20, 2)), layers.Dense(3), layers.Flatten(), layers.Dense(60)]
    )

    figure = activations(model, np.ones(40))

    assert [axis.get_title(loc="left") for axis in figure.axes] == [
        "dense: 20 steps of 3 numbers",
        "dense_1: 60 numbers",
    ]


def test_what_cannot_be_drawn_is_refused():
    model = lm.Sequential([lm.Input((2, 2, 2, 2)), layers.Dense(3)])

    with pytest.raises(ArgumentError, match=r"got dense, which gives shape \(2, 2, 2, 3\).\n  Fix: name the layers"):
        activations(model, np.ones((2, 2, 2, 2)))


def test_a_wrong_name_is_said(convnet, image):
    with pytest.raises(ArgumentError, match="did you mean 'last'"):
        activations(convnet, image, layers=["lest"])
