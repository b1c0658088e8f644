"""What people do with data that they do not load: tables in files, folders of pictures, generators."""

import numpy as np
import pytest

import lamina as lm
from lamina.data import Dataset
from lamina.errors import DataError
from lamina.training import _stream

arrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")
pandas = pytest.importorskip("pandas")


class StopAfter(lm.callbacks.Callback):
    """Ends training after some batches, as a kill would."""

    def __init__(self, batches):
        self.left = batches

    def on_train_batch_end(self, batch, logs):
        self.left -= 1
        self.session.stop_now = self.left == 0


@pytest.fixture
def flats(tmp_path, rng, monkeypatch):
    """Return a folder of Parquet files with 300 flats; a part of the program's blocks is a batch or two."""
    monkeypatch.setattr(_stream, "BLOCK_BYTES", 64 * 16)
    for file in range(3):
        size, rooms, age = rng.uniform(-1, 1, size=(3, 100))
        price = 3 * size + rooms - 0.5 * age
        kind = np.where(price > 0, "dear", "cheap")
        table = arrow.table({"size": size, "rooms": rooms, "age": age, "price": price, "kind": kind})
        parquet.write_table(table, tmp_path / f"{file}.parquet", row_group_size=40)
    return tmp_path


def regression(**options):
    model = lm.Sequential([lm.layers.Dense(8, activation="tanh"), lm.layers.Dropout(0.1), lm.layers.Dense(1)])
    model.compile(lm.optimizers.Adam(0.02), "mse", **options)
    return model


def test_a_model_is_trained_on_files_and_used_on_frames(flats):
    prices = Dataset.from_parquet(flats, "price", x=["size", "rooms", "age"])
    train, validation = prices.split(0.2, seed=1)
    model = regression(metrics=["mae"])

    history = model.fit(train.shuffle().batch(16), validation_data=validation, epochs=8, verbose=0, seed=1)

    assert history.history["val_loss"][-1] < 0.2 * history.history["val_loss"][0]
    frame = pandas.concat([pandas.read_parquet(file) for file in sorted(flats.glob("*.parquet"))])
    x = frame[["age", "rooms", "size"]]  # put into the order of training by name
    np.testing.assert_allclose(model.predict(prices), model.predict(x), rtol=1e-5)
    assert model.evaluate(prices) == pytest.approx(model.evaluate(x, frame["price"]), rel=1e-5)
    assert model.columns == ("size", "rooms", "age")


def test_labels_in_files_come_back_as_labels(flats):
    kinds = Dataset.from_parquet(flats, "kind", x=["size", "rooms", "age"], classes=["cheap", "dear"])
    model = lm.Sequential([lm.Input((3,)), lm.layers.Dense(1, activation="sigmoid")])
    model.compile(lm.optimizers.Adam(0.1), "binary_crossentropy", metrics=["accuracy"])

    model.fit(kinds.shuffle(), epochs=5, verbose=0, seed=1)

    assert model.evaluate(kinds)["accuracy"] > 0.95
    assert model.predict_classes([[1.0, 1.0, 0.0], [-1.0, -1.0, 0.0]]).tolist() == ["dear", "cheap"]


@pytest.mark.parametrize("batches", [7, 20, 31])
def test_training_goes_on_in_the_middle_of_an_epoch_bit_for_bit(flats, tmp_path, batches):
    dataset = Dataset.from_parquet(flats, "price", x=["size", "rooms", "age"]).shuffle(64).batch(15)
    options = {"epochs": 3, "verbose": 0, "seed": 1}
    whole = regression()
    history = whole.fit(dataset, **options).history

    folder = tmp_path / "checkpoints"
    regression().fit(dataset, checkpoint=folder, callbacks=[StopAfter(batches)], **options)
    resumed = regression()
    again = resumed.fit(dataset, checkpoint=folder, resume=True, **options).history

    assert again["loss"] == history["loss"]
    np.testing.assert_array_equal(resumed.predict(dataset), whole.predict(dataset))


def test_pictures_are_learned_from_a_folder(tmp_path, rng):
    pillow = pytest.importorskip("PIL.Image")
    for name, lit in (("left", 0), ("right", 4)):
        (tmp_path / name).mkdir()
        for index in range(24):
            picture = rng.integers(0, 60, size=(8, 8, 3), dtype=np.uint8)
            picture[:, lit : lit + 4] += 180
            pillow.fromarray(picture).save(tmp_path / name / f"{index}.png")
    (tmp_path / "left" / "broken.png").write_text("not a picture")
    train, held = Dataset.from_images(tmp_path, (6, 6), workers=1, on_error="skip").split(0.25, seed=2)
    model = lm.Sequential(
        [
            lm.layers.Rescaling(1 / 255),
            lm.layers.RandomTranslation(0.2, 0.0, "nearest"),
            lm.layers.RandomContrast(0.2, value_range=(0, 1)),
            lm.layers.Flatten(),
            lm.layers.Dense(2, activation="softmax"),
        ]
    )
    model.compile(lm.optimizers.Adam(0.02), "sparse_categorical_crossentropy", metrics=["accuracy"])

    model.fit(train.shuffle(), epochs=8, batch_size=8, verbose=0, seed=1)

    assert model.evaluate(held)["accuracy"] == 1
    assert model.classes.tolist() == ["left", "right"]
    assert set({**train.skipped, **held.skipped}) == {"left/broken.png"}


def test_a_generator_is_trained_on_once_and_its_function_as_often_as_one_likes(rng):
    x = rng.normal(size=(64, 3)).astype(np.float32)

    def batches():
        return ((x[start : start + 16], x[start : start + 16].sum(axis=1)) for start in range(0, 64, 16))

    model = regression()
    history = model.fit(Dataset.from_batches(batches), epochs=3, verbose=0)
    assert history.params["batch_size"] == 16
    assert len(history.epoch) == 3

    model.fit(Dataset.from_batches(batches()), verbose=0)
    with pytest.raises(
        DataError, match=r"from_batches\(<genexpr>\): expected an iterator that can be gone through again"
    ):
        model.fit(Dataset.from_batches(batches()), epochs=2, verbose=0)


def test_a_source_without_an_end_makes_epochs_of_the_steps_that_were_said():
    def batches(random):
        while True:
            x = random.normal(size=(8, 3)).astype(np.float32)
            yield x, x.sum(axis=1)

    model = regression()
    history = model.fit(Dataset.from_batches(batches, steps=5), epochs=2, verbose=0, seed=1)

    again = regression().fit(Dataset.from_batches(batches, steps=5), epochs=2, verbose=0, seed=1)
    assert history.params["steps"] == 5
    assert history.history["loss"] == again.history["loss"]
    assert history.history["loss"][0] != history.history["loss"][1]


def test_a_network_may_have_several_inputs(flats):
    dataset = Dataset.from_parquet(flats, "price", x={"outside": ["size", "age"], "inside": ["rooms"]}).shuffle()
    outside, inside = lm.Input((2,), name="outside"), lm.Input((1,), name="inside")
    model = lm.Model([outside, inside], lm.layers.Dense(1)(lm.layers.Concatenate()([outside, inside])))
    model.compile(lm.optimizers.Adam(0.05), "mse")

    history = model.fit(dataset, epochs=8, verbose=0, seed=1)

    assert history.history["loss"][-1] < 0.3 * history.history["loss"][0]


def test_a_broken_row_in_the_middle_of_training_is_named_and_the_weights_are_kept(flats):
    table = pandas.read_parquet(flats / "2.parquet")
    table.loc[57, "rooms"] = np.nan
    table.to_parquet(flats / "2.parquet", row_group_size=40)
    model = regression()

    with pytest.raises(DataError, match=r"got nan in row 57 of .*2.parquet, column 'rooms'"):
        model.fit(Dataset.from_parquet(flats, "price", x=["size", "rooms", "age"]), batch_size=10, verbose=0)

    assert np.isfinite(model.get_weights("dense")["kernel"]).all()
