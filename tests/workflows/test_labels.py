"""What Keras has no answer to: labels as they stand in the table, frames as they are read."""

import pytest

import lamina as lm


def test_iris_from_a_frame_with_species_by_name():
    pandas = pytest.importorskip("pandas")
    table = pandas.DataFrame(lm.datasets.iris.load_table()).sample(frac=1, random_state=0)
    features, species = table[list(lm.datasets.iris.feature_names)], table["species"]

    model = lm.Sequential([lm.layers.Dense(16, activation="relu"), lm.layers.Dense(3, activation="softmax")])
    model.compile(lm.optimizers.Adam(0.02), "categorical_crossentropy", metrics=["accuracy"])
    model.fit(features, species, epochs=30, validation_split=0.2, verbose=0, seed=0)

    assert model.evaluate(features, species)["accuracy"] > 0.93
    assert model.classes.tolist() == sorted(lm.datasets.iris.class_names)
    assert (model.predict_classes(features) == species.to_numpy()).mean() > 0.93
