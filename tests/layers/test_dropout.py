import numpy as np
import pytest

import lamina as lm
from lamina.errors import ArgumentError, ShapeError
from lamina.layers import AlphaDropout, Dropout, Input, SpatialDropout1D, SpatialDropout2D, SpatialDropout3D

SPATIAL = [SpatialDropout1D, SpatialDropout2D, SpatialDropout3D]
ONES = np.ones((200, 200), "float32")


def test_a_part_is_dropped_and_the_rest_scaled_up(call):
    output = call(Dropout(0.25), ONES, training=True)

    assert set(np.unique(output)) == {0, np.float32(1 / 0.75)}
    assert (output == 0).mean() == pytest.approx(0.25, abs=0.01)


def test_a_rate_of_zero_drops_nothing(call):
    assert call(Dropout(0), ONES, training=True).tolist() == ONES.tolist()


@pytest.mark.parametrize("layer", [Dropout(0.5), SpatialDropout1D(0.5), AlphaDropout(0.5)], ids=repr)
def test_nothing_happens_outside_of_training(layer, call):
    x = np.ones((2, 3, 4), "float32")

    assert call(layer, x).tolist() == x.tolist()


def test_two_steps_drop_different_parts_and_the_same_step_the_same(call):
    outputs = [call(Dropout(0.5), ONES, training=True, key=key).tolist() for key in (1, 1, 2)]

    assert outputs[0] == outputs[1] != outputs[2]


def test_a_seed_gives_another_stream(call):
    assert call(Dropout(0.5, seed=1), ONES, training=True).tolist() != call(Dropout(0.5), ONES, training=True).tolist()


def test_a_noise_shape_drops_whole_axes(call):
    x = np.ones((50, 6, 7), "float32")

    output = call(Dropout(0.5, noise_shape=(None, 1, None)), x, training=True)

    assert (output == output[:, :1]).all()
    assert 0.3 < (output[:, 0] == 0).mean() < 0.7


@pytest.mark.parametrize("kind", SPATIAL)
def test_spatial_dropout_drops_a_feature_at_all_places(kind, call):
    output = call(kind(0.5), np.ones((50, *(2, 3, 2)[: kind.rank], 7), "float32"), training=True)

    by_place = output.reshape(50, -1, 7)
    assert (by_place == by_place[:, :1]).all()
    assert set(np.unique(output)) == {0, 2}
    assert 0.3 < (by_place[:, 0] == 0).mean() < 0.7


def test_alpha_dropout_keeps_mean_and_variance(call, rng):
    x = rng.normal(size=(500, 500)).astype("float32")

    output = call(AlphaDropout(0.3), x, training=True)

    assert output.mean() == pytest.approx(0, abs=0.02)
    assert output.std() == pytest.approx(1, abs=0.02)


def test_alpha_dropout_is_its_formula(call):
    limit = -1.0507009873554805 * 1.6732632423543772
    scale = (0.7 * (1 + 0.3 * limit**2)) ** -0.5

    values = np.unique(call(AlphaDropout(0.3), ONES, training=True))

    np.testing.assert_allclose(values, [scale * 0.7 * limit, scale * (1 - limit * 0.3)], rtol=1e-5)


def test_the_rate_can_change_without_a_new_model():
    model = lm.Sequential([lm.Input((100,)), Dropout(0.5)])
    model.compile("sgd", "mse")

    model.set(rate=0.0)

    assert model.train_on_batch(np.ones((8, 100)), np.ones((8, 100)))["loss"] == 0


@pytest.mark.parametrize("kind", [Dropout, *SPATIAL, AlphaDropout])
@pytest.mark.parametrize("rate", [-0.1, 1, 1.5, "0.5", None, float("nan"), True])
def test_a_rate_is_from_zero_to_below_one(kind, rate):
    with pytest.raises(ArgumentError, match=rf"{kind.__name__}\(rate\): expected a finite number .* below 1, got"):
        kind(rate)


@pytest.mark.parametrize("kind", [Dropout, *SPATIAL, AlphaDropout])
def test_a_seed_is_a_whole_number(kind):
    with pytest.raises(ArgumentError, match=rf"{kind.__name__}\(seed\): expected an integer of at least 0"):
        kind(0.5, seed=-1)


@pytest.mark.parametrize("kind", [Dropout, AlphaDropout])
def test_a_noise_shape_fits_the_input(kind):
    with pytest.raises(ArgumentError, match=rf"{kind.__name__}\(noise_shape\): expected a tuple of positive integers"):
        kind(0.5, noise_shape=(None, 0))
    with pytest.raises(ShapeError, match=r"noise_shape \(None, 4\) fits, got \(None, 3\)"):
        kind(0.5, noise_shape=(None, 4))(Input((3,)))


@pytest.mark.parametrize(
    ("kind", "axes"),
    [(SpatialDropout1D, "time"), (SpatialDropout2D, "height, width"), (SpatialDropout3D, "depth, height, width")],
)
def test_spatial_dropout_wants_its_axes(kind, axes):
    sentence = rf"expected an input of shape \(batch, {axes}, \w+\), got \(None, 3\)\.\n  Fix: use Dropout here"
    with pytest.raises(ShapeError, match=sentence):
        kind(0.5)(Input((3,)))
