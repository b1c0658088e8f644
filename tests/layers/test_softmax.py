import numpy as np
import pytest

import lamina as lm
from lamina.errors import ArgumentError, ShapeError
from lamina.layers import Dense, Input, Masking, Softmax


def test_a_softmax_gives_shares_along_an_axis(call):
    scores = np.log([[[1.0, 3.0], [4.0, 2.0]]])

    np.testing.assert_allclose(call(Softmax(), scores), [[[1 / 4, 3 / 4], [4 / 6, 2 / 6]]], rtol=1e-6)
    np.testing.assert_allclose(call(Softmax(1), scores), [[[1 / 5, 3 / 5], [4 / 5, 2 / 5]]], rtol=1e-6)
    np.testing.assert_allclose(call(Softmax((1, 2)), scores), [[[0.1, 0.3], [0.4, 0.2]]], rtol=1e-6)


def test_a_softmax_needs_its_axis_after_the_batch():
    with pytest.raises(ArgumentError, match=r"Softmax\(axis\): expected an axis after the batch"):
        Softmax(0)
    with pytest.raises(ShapeError, match="expected an input with the axis 2 after the batch"):
        Softmax(2)(Input((3,)))


def test_a_softmax_over_the_steps_of_a_sequence_refuses_a_mask():
    steps = Masking()(Input((4, 3)))

    assert Softmax()(steps).shape == (None, 4, 3)
    with pytest.raises(ArgumentError, match=r"Softmax\(axis=1\): expected an input of which every step is real"):
        lm.Model(steps.node.inputs, Softmax(1)(steps))


def test_a_loss_reads_the_scores_before_a_softmax_at_the_end():
    model = lm.Sequential([Input((1,)), Dense(2, kernel_initializer="zeros"), Softmax()])
    model.compile("sgd", "sparse_categorical_crossentropy")
    model.set_weights({"dense": {"bias": [200.0, 0.0]}})

    assert model.evaluate([[0.0]], [1])["loss"] == 200
    assert model.predict([[0.0]]).tolist() == [[1, 0]]
