import numpy as np
import pytest

import lamina as lm
from lamina.errors import ArgumentError
from lamina.layers import Dense
from lamina.models import add_low_rank, merge_low_rank, quantize


def wave(shift):
    """Return points on a line, and the wave over them, shifted."""
    x = np.linspace(-2, 2, 128, dtype=np.float32)[:, None]
    return x, np.sin(2 * x + shift)


def regressor():
    model = lm.Sequential([lm.Input((1,)), Dense(32, activation="tanh"), Dense(32, activation="tanh"), Dense(1)])
    model.compile(lm.optimizers.Adam(0.01), "mse")
    return model


@pytest.fixture(scope="module")
def trained():
    """A network that has learnt a wave, and a copy of it that was adapted to another."""
    model = regressor()
    model.fit(*wave(0), epochs=150, seed=1, verbose=0)
    adapted = add_low_rank(model, "dense_1", rank=4)
    adapted.fit(*wave(0.7), epochs=150, seed=2, verbose=0)
    return model, adapted


def test_an_adapted_model_learns_another_task(trained):
    model, adapted = trained

    other = wave(0.7)
    assert model.evaluate(*wave(0))["loss"] < 0.01
    assert adapted.evaluate(*other)["loss"] < 0.01 < 0.1 < model.evaluate(*other)["loss"]


def test_all_but_the_adapters_are_as_they_were_bit_for_bit(trained):
    model, adapted = trained
    before, after = model.get_weights(), adapted.get_weights()

    np.testing.assert_array_equal(after["dense_1"]["layer.kernel"], before["dense_1"]["kernel"])
    np.testing.assert_array_equal(after["dense_1"]["layer.bias"], before["dense_1"]["bias"])
    for path in ("dense", "dense_2"):
        assert all(np.array_equal(after[path][name], array) for name, array in before[path].items())
    assert (after["dense_1"]["b"] != 0).all()


def test_a_merged_model_answers_the_same(trained):
    _, adapted = trained
    x, _ = wave(0.7)

    merged = merge_low_rank(adapted)

    assert [type(layer) for layer in merged.layers] == [Dense] * 3
    np.testing.assert_allclose(merged.predict(x), adapted.predict(x), rtol=1e-4, atol=1e-5)
    assert merged.evaluate(*wave(0.7))["loss"] == pytest.approx(adapted.evaluate(*wave(0.7))["loss"], rel=1e-3)


def test_few_numbers_are_trained(capsys):
    model = lm.Sequential([lm.Input((784,)), Dense(512, activation="relu"), Dense(10, activation="softmax")])

    adapted = add_low_rank(model, rank=8)
    adapted.summary()

    trained = 8 * (784 + 512) + 8 * (512 + 10)
    assert capsys.readouterr().out.split("\n")[-2] == (
        f"{407_050 + trained:,} parameters, 1.7 MB: {trained:,} trained, 407,050 frozen"
    )


def test_a_whole_layer_may_be_trained_beside_the_adapters(rng):
    model = regressor()

    adapted = add_low_rank(model, "dense", rank=1)
    adapted.unfreeze("dense_2")
    adapted.fit(*wave(0), verbose=0)

    before, after = model.get_weights(), adapted.get_weights()
    assert (after["dense_2"]["kernel"] != before["dense_2"]["kernel"]).any()
    assert (after["dense_1"]["kernel"] == before["dense_1"]["kernel"]).all()
    assert (after["dense"]["layer.kernel"] == before["dense"]["kernel"]).all()


def test_a_saved_model_goes_on_exactly(tmp_path):
    adapted = add_low_rank(regressor(), "dense_1", rank=2, alpha=4.0)
    adapted.fit(*wave(0), epochs=2, seed=3, verbose=0)
    adapted.save(tmp_path / "adapted.safetensors")

    loaded = lm.load(tmp_path / "adapted.safetensors")
    for each in (adapted, loaded):
        each.fit(*wave(0), epochs=4, initial_epoch=2, verbose=0)

    x, _ = wave(0)
    np.testing.assert_array_equal(loaded.predict(x), adapted.predict(x))
    assert repr(loaded.get_layer("dense_1")) == repr(adapted.get_layer("dense_1"))


def test_the_seed_of_the_model_decides_the_adapters():
    first, again, other = (
        add_low_rank(regressor().build(seed=seed), rank=1).get_weights("dense_1")["a"] for seed in (1, 1, 2)
    )

    np.testing.assert_array_equal(first, again)
    assert (first != other).all()
    assert np.abs(first).max() <= np.sqrt(6 / 32)


@pytest.mark.parametrize("change", [add_low_rank, quantize])
def test_a_model_with_adapters_is_merged_first(change):
    adapted = add_low_rank(regressor(), "dense_1")

    with pytest.raises(
        ArgumentError,
        match=rf"^{change.__name__}\(model\): expected a model without adapters, got one with .* around dense_1\.\n"
        rf"  Fix: write {change.__name__}\(merge_low_rank\(model\)\)",
    ):
        change(adapted)
    assert change(merge_low_rank(adapted), "dense_1").layer_names == adapted.layer_names


def test_a_quantised_model_is_not_adapted():
    with pytest.raises(
        ArgumentError, match=r"which fits Int8\.\n  Fix: name Dense layers; adapt a model before it is qu"
    ):
        add_low_rank(quantize(regressor()))


def test_a_model_without_adapters_is_not_merged():
    with pytest.raises(
        ArgumentError, match=r"^merge_low_rank\(patterns\): .*kind LowRank, got .*\n.*call add_low_rank"
    ):
        merge_low_rank(regressor())


@pytest.mark.parametrize(
    ("rank", "message"),
    [
        (0, r"^add_low_rank\(rank\): expected a positive integer, got 0"),
        ("4", r"^add_low_rank\(rank\): expected a positive integer, got '4'"),
        (2, r"^add_low_rank\(rank\): expected at most 1, the smaller side of dense's kernel of 1 by 32, got 2\.\n"),
    ],
)
def test_a_rank_that_does_not_fit_is_refused(rank, message):
    with pytest.raises(ArgumentError, match=message):
        add_low_rank(regressor(), rank=rank)
