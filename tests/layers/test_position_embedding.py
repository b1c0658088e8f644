import numpy as np
import pytest

import lamina as lm
from lamina.errors import ArgumentError, ShapeError
from lamina.layers import Input, Masking, PositionEmbedding, SinePositionEncoding


def test_each_place_has_a_vector_that_is_added(call):
    embeddings = [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]

    output = call(PositionEmbedding(3), [[[10, 20], [30, 40]]], weights={"embeddings": embeddings})

    assert output.tolist() == [[[11, 22], [33, 44]]]


def test_a_wave_and_its_cosine_stand_side_by_side(call):
    output = call(SinePositionEncoding(), np.full((1, 2, 4), 5.0))

    np.testing.assert_allclose(
        output - 5, [[[0, 1, 0, 1], [np.sin(1), np.cos(1), np.sin(0.01), np.cos(0.01)]]], atol=1e-6
    )


@pytest.mark.parametrize("features", [1, 5, 8])
def test_waves_get_longer_from_feature_to_feature(features, call):
    output = call(SinePositionEncoding(100.0), np.zeros((2, 300, features)))

    place = np.arange(300)
    for feature in range(features):
        angle = place / 100.0 ** (2 * (feature // 2) / features)
        wave = np.cos(angle) if feature % 2 else np.sin(angle)
        np.testing.assert_allclose(output[1, :, feature], wave, atol=1e-6)


@pytest.mark.parametrize("layer", [PositionEmbedding(5), SinePositionEncoding()], ids=repr)
def test_masks_pass(layer):
    assert layer(Masking()(Input((5, 3)))).masked


def test_sequences_may_be_shorter_but_not_longer():
    model = lm.Sequential([Input((None, 2)), PositionEmbedding(4)])

    assert model.predict(np.zeros((1, 3, 2))).shape == (1, 3, 2)
    with pytest.raises(ShapeError, match=r"expected a sequence of at most 4 steps, .*\n  Fix: write sequence_length=5"):
        model.predict(np.zeros((1, 5, 2)))
    with pytest.raises(ShapeError, match="expected a sequence of at most 4 steps"):
        PositionEmbedding(4)(Input((5, 2)))


@pytest.mark.parametrize("layer", [PositionEmbedding(4), SinePositionEncoding()], ids=repr)
@pytest.mark.parametrize("shape", [(2,), (4, 4, 2)])
def test_only_sequences_have_places(layer, shape):
    with pytest.raises(ShapeError, match=r"expected an input of shape \(batch, time, features\), .*\n.*Embedding"):
        layer(Input(shape))


@pytest.mark.parametrize("layer", [PositionEmbedding(4), SinePositionEncoding()], ids=repr)
def test_features_are_known(layer):
    with pytest.raises(ShapeError, match="with known features"):
        layer(Input((4, None)))


def test_mistakes_are_named():
    with pytest.raises(
        ArgumentError, match=r"PositionEmbedding\(sequence_length\): expected a positive integer, got 0"
    ):
        PositionEmbedding(0)
    with pytest.raises(
        ArgumentError, match=r"SinePositionEncoding\(max_wavelength\): expected a finite number above 0"
    ):
        SinePositionEncoding(0)
