import numpy as np
import pytest

import lamina as lm
from lamina import layers
from lamina.errors import ArgumentError, DataError, ShapeError
from lamina.visualize._scoring import class_of, class_scores, image_of, name_of, one_row


def ending_in(units, activation):
    return lm.Sequential([lm.Input((3,)), layers.Dense(units, activation=activation)]).build(seed=1)


def test_scores_are_what_softmax_makes_probabilities_of():
    model, row = ending_in(4, "softmax"), np.array([[1.0, 2.0, 3.0]], "float32")

    scores = class_scores(model, row)

    weights = model.get_weights("dense")
    np.testing.assert_allclose(scores, row[0] @ weights["kernel"] + weights["bias"], rtol=1e-5)


@pytest.mark.parametrize("activation", ["sigmoid", None])
def test_one_output_speaks_for_yes_and_against_no(activation):
    model, row = ending_in(1, activation), np.array([[1.0, 2.0, 3.0]], "float32")

    no, yes = class_scores(model, row)

    assert yes == -no == pytest.approx((row @ model.get_weights("dense")["kernel"]).item(), rel=1e-5)


def test_settings_count_as_they_are_now():
    model = lm.Sequential([lm.Input((2,)), layers.LeakyReLU(0.5)])
    model.set(negative_slope=0.1)

    np.testing.assert_allclose(class_scores(model, np.array([[-1.0, 2.0]], "float32")), [-0.1, 2.0], rtol=1e-6)


def test_what_a_layer_gives_can_be_replaced_in_its_first_call():
    x, shared = lm.Input((2,)), layers.Rescaling(2.0, name="double")
    model = lm.Model(x, layers.Add()([shared(x), shared(shared(x))]))
    given = np.array([[10.0, 20.0]], "float32")

    scores = class_scores(model, np.ones((1, 2), "float32"), replaced={"double": given})

    assert scores.tolist() == [10 + 4, 20 + 4]
    assert class_scores(model, np.ones((1, 2), "float32")).tolist() == [6.0, 6.0]


def test_the_class_is_the_models_own_answer_unless_one_is_named():
    model, row = ending_in(4, "softmax"), np.array([[1.0, 2.0, 3.0]], "float32")

    assert class_of(model, row, None, where="target") == model.predict(row).argmax()
    assert class_of(model, row, 2, where="target") == 2
    assert name_of(model, 2) == "2"


def test_a_label_names_its_class():
    model = ending_in(2, "softmax")
    model.compile("sgd", "sparse_categorical_crossentropy")
    model.fit(np.eye(3), np.array(["cat", "dog", "cat"]), verbose=0)

    assert class_of(model, np.eye(3, dtype="float32")[:1], "dog", where="target") == 1
    assert name_of(model, 1) == "dog"
    with pytest.raises(
        ArgumentError, match=r"target: expected a class of the model, got 1.\n  Fix: choose 'cat' or 'd"
    ):
        class_of(model, np.eye(3, dtype="float32")[:1], 1, where="target")


def test_a_class_is_one_of_the_models():
    row = np.zeros((1, 3), "float32")

    with pytest.raises(ArgumentError, match=r"got 4.\n  Fix: choose 0, 1, 2 or 3."):
        class_of(ending_in(4, "softmax"), row, 4, where="target")
    with pytest.raises(ArgumentError, match=r"got 'no'.\n  Fix: choose a number from 0 to 10."):
        class_of(ending_in(11, "softmax"), row, "no", where="target")


def test_there_is_one_output_of_classes():
    x = lm.Input((3, 2))
    with pytest.raises(
        ArgumentError, match=r"one output of shape \(batch, classes\), got \(None, 3, 4\).\n.*output_of"
    ):
        class_of(lm.Model(x, layers.Dense(4)(x)), np.zeros((1, 3, 2), "float32"), None, where="target")


def test_an_image_comes_alone_or_as_a_batch_of_one(convnet, image):
    np.testing.assert_array_equal(one_row(convnet, image, where="x"), image[None])
    np.testing.assert_array_equal(one_row(convnet, image[None].tolist(), where="x"), image[None])


def test_other_images_are_refused(convnet, image):
    with pytest.raises(DataError, match=r"x: expected one image, got 2 of them.\n  Fix: choose one, as in x\[0\]."):
        one_row(convnet, np.stack([image, image]), where="x")
    with pytest.raises(ShapeError, match=r"\(batch, 6, 4, 2\)|\(6, 4, 2\)"):
        one_row(convnet, image[:3], where="x")
    with pytest.raises(DataError, match="expected finite numbers, got nan"):
        one_row(convnet, image * np.nan, where="x")


def test_a_model_with_several_inputs_is_refused():
    a, b = lm.Input((2,)), lm.Input((2,))

    with pytest.raises(
        ArgumentError, match=r"x: expected a model with one input, got one with 2.\n  Fix: look at a part"
    ):
        one_row(lm.Model([a, b], layers.Add()([a, b])), [1.0, 2.0], where="x")


def test_an_image_has_rows_and_columns(image):
    assert image_of(image[None], where="x") is not None
    with pytest.raises(ShapeError, match=r"expected a model of images, .* got one of rows of shape \(3,\).\n.*Flatten"):
        image_of(np.zeros((1, 3)), where="x")
