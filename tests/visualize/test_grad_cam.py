import numpy as np
import pytest

import lamina as lm
from lamina import layers
from lamina.errors import ArgumentError
from lamina.visualize import activation_values, grad_cam, grad_cam_values
from lamina.visualize._grad_cam import _stretched


def test_with_a_mean_at_the_end_it_is_the_weighted_sum_of_the_maps(convnet, image):
    for_each = [grad_cam_values(convnet, image, target=target) for target in range(3)]

    weighted = activation_values(convnet, image)["last"] @ convnet.get_weights("dense")["kernel"] / 6
    wanted = [_stretched(np.maximum(weighted[..., target], 0), (6, 4)) for target in range(3)]
    np.testing.assert_allclose(for_each, wanted, rtol=1e-4, atol=1e-7)
    assert np.max(for_each) > 0.01


def test_the_mean_of_the_slopes_weights_each_map(rng):
    image = lm.Input((2, 2, 1))
    maps = layers.Conv2D(2, 1, name="maps", use_bias=False)(image)
    model = lm.Model(image, layers.Dense(2)(layers.Flatten()(maps)))
    kernel = rng.normal(size=(8, 2))
    model.set_weights({"maps": {"kernel": [[[[1.0, 2.0]]]]}, "dense": {"kernel": kernel}})
    picture = np.array([[1.0, 2.0], [3.0, -4.0]])

    values = grad_cam_values(model, picture[..., None], target=0)

    first, second = kernel[:, 0].reshape(4, 2).mean(axis=0)
    np.testing.assert_allclose(values, np.maximum((first + 2 * second) * picture, 0), rtol=1e-5, atol=1e-7)


def test_what_goes_around_a_layer_is_left_as_it_is():
    image = lm.Input((2, 2, 1))
    maps = layers.Conv2D(1, 1, use_bias=False, name="maps")(image)
    joined = layers.Multiply()([maps, image])
    model = lm.Model(image, layers.GlobalAveragePooling2D()(joined))
    model.set_weights({"maps": {"kernel": [[[[3.0]]]]}})
    picture = np.array([[1.0, 2.0], [3.0, 6.0]])

    values = grad_cam_values(model, picture[..., None], target=1)

    np.testing.assert_allclose(values, 3 * picture * 3 / 4, rtol=1e-6)  # each slope is a quarter of the pixel, mean 3/4


def test_the_last_convolution_is_looked_at_unless_another_is_named(convnet, image):
    predicted = int(convnet.predict(image[None]).argmax())

    last = grad_cam_values(convnet, image)

    np.testing.assert_array_equal(last, grad_cam_values(convnet, image, layer="last", target=predicted))
    assert not np.allclose(last, grad_cam_values(convnet, image, layer="conv2d"))


def test_images_of_any_size_are_taken(rng):
    model = lm.Sequential(
        [lm.Input((None, None, 1)), layers.Conv2D(2, 3), layers.GlobalMaxPooling2D(), layers.Dense(2)]
    ).build(seed=1)

    assert grad_cam_values(model, rng.normal(size=(9, 7, 1))).shape == (9, 7)


def test_a_picture_is_stretched_along_straight_lines():
    values = np.array([[0.0, 4.0]])

    assert _stretched(values, (2, 4)).tolist() == [[0, 1, 3, 4]] * 2
    assert _stretched(values, (1, 2)).tolist() == values.tolist()


@pytest.mark.parametrize(("bias", "word"), [(1.0, "what"), (-1.0, "nothing")])
def test_the_figure_says_what_it_shows(bias, word):
    model = lm.Sequential(
        [lm.Input((4, 4, 3)), layers.Conv2D(1, 1, name="maps"), layers.GlobalAveragePooling2D(), layers.Dense(2)]
    )
    model.set_weights({"maps": {"kernel": np.zeros((1, 1, 3, 1)), "bias": [bias]}, "dense": {"kernel": [[0.5, 1.0]]}})

    left, right, _ = grad_cam(model, np.ones((4, 4, 3)), target=1).axes

    assert left.get_title(loc="left") == "image"
    assert right.get_title(loc="left") == f"{word} speaks for 1 in maps"
    assert right.images[-1].get_clim()[0] == 0


def test_a_layer_that_gives_no_pictures_is_refused(convnet, image):
    with pytest.raises(
        ArgumentError, match=r"grad_cam\(layer\): .* got one of shape \(None, 3\).\n  Fix: name a layer"
    ):
        grad_cam(convnet, image, layer="dense")
    with pytest.raises(ArgumentError, match="did you mean 'last'"):
        grad_cam(convnet, image, layer="lest")


def test_a_network_without_convolutions_is_refused():
    model = lm.Sequential([lm.Input((4, 4)), layers.Flatten(), layers.Dense(2)])

    with pytest.raises(ArgumentError, match=r"got no convolution.\n  Fix: name the layer to look from"):
        grad_cam(model, np.ones((4, 4)))
