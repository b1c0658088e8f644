import numpy as np
import pytest

import lamina as lm
from lamina import layers
from lamina.errors import ShapeError
from lamina.visualize import saliency, saliency_values
from lamina.visualize._scoring import class_scores


def test_of_a_linear_model_it_is_the_largest_weight_at_each_pixel():
    model = lm.Sequential([lm.Input((2, 3, 2)), layers.Flatten(), layers.Dense(4, activation="softmax")]).build(seed=1)

    values = saliency_values(model, np.zeros((2, 3, 2)), target=2)

    weights = model.get_weights("dense")["kernel"][:, 2].reshape(2, 3, 2)
    np.testing.assert_allclose(values, np.abs(weights).max(axis=-1), rtol=1e-6)


def test_it_is_the_central_difference_of_the_score(rng):
    smooth = layers.Conv2D(3, 2, activation="tanh")
    model = lm.Sequential([lm.Input((3, 4, 2)), smooth, layers.Flatten(), layers.Dense(3, activation="softmax")])
    image = rng.normal(size=(3, 4, 2)).astype("float32")

    values = saliency_values(model, image, target=1)

    slopes = np.zeros_like(image)
    for place in np.ndindex(image.shape):
        step = np.zeros_like(image)
        step[place] = 1e-2
        ahead, behind = (class_scores(model, (image + sign * step)[None])[1] for sign in (1, -1))
        slopes[place] = (ahead - behind) / 2e-2
    np.testing.assert_allclose(values, np.abs(slopes).max(axis=-1), atol=1e-3)
    assert values.max() > 0.1


def test_without_a_target_the_predicted_class_is_explained(convnet, image):
    predicted = convnet.predict(image[None]).argmax()

    np.testing.assert_array_equal(saliency_values(convnet, image), saliency_values(convnet, image, target=predicted))


def test_a_sure_model_is_explained_as_well():
    model = lm.Sequential([lm.Input((2, 2)), layers.Flatten(), layers.Dense(2, activation="softmax")])
    model.set_weights({"dense": {"kernel": 1e3 * np.eye(4)[:, :2]}})

    assert saliency_values(model, np.eye(2)).tolist() == [[1e3, 0], [0, 0]]  # the probability is 1, its slope 0


def test_whole_numbers_are_taken_for_an_image():
    x = lm.Input((2, 2), dtype="int32")
    model = lm.Model(x, layers.Dense(1, activation="sigmoid")(layers.Flatten()(layers.Rescaling(0.5)(x))))

    values = saliency_values(model, [[1, 2], [3, 4]], target=1)

    np.testing.assert_allclose(values.ravel(), np.abs(model.get_weights("dense")["kernel"][:, 0]) / 2, rtol=1e-6)


def test_the_figure_shows_image_and_slopes(convnet, image):
    left, right, bar = saliency(convnet, image, target=2).axes

    assert (left.get_title(loc="left"), right.get_title(loc="left")) == ("image", "what moves the score of 2")
    np.testing.assert_array_equal(right.images[0].get_array(), saliency_values(convnet, image, target=2))
    assert bar.get_ylim()[0] == 0


def test_rows_of_numbers_are_no_image():
    model = lm.Sequential([lm.Input((3,)), layers.Dense(2)])

    with pytest.raises(ShapeError, match=r"saliency\(image\): expected a model of images"):
        saliency(model, np.ones(3))
