"""Diabetes in 768 women: a 12-8-1 network, saved halfway; the loaded model goes on exactly as the first would have."""

import tempfile
from pathlib import Path

import lamina as lm


def network() -> lm.Sequential:
    """Return the compiled network, 221 parameters."""
    model = lm.Sequential(
        [
            lm.Input((8,)),
            lm.layers.Dense(12, activation="relu"),
            lm.layers.Dense(8, activation="relu"),
            lm.layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    return model


def main(epochs: int = 150, seed: int = 7) -> dict[str, float]:
    """Train, save, load, go on with both, and return the scores of the first on all rows."""
    (x, y), _ = lm.datasets.pima.load_data(test_split=0)
    model = network()
    model.fit(x, y, epochs=epochs, batch_size=10, verbose=0, seed=seed)
    scores = model.evaluate(x, y)

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pima.safetensors"
        model.save(path)
        loaded = lm.load(path)
    if loaded.evaluate(x, y) != scores:
        raise SystemExit("the loaded model scores differently")
    for each in (model, loaded):
        each.fit(x, y, epochs=epochs + 5, initial_epoch=epochs, batch_size=10, verbose=0)
    if model.evaluate(x, y) != loaded.evaluate(x, y):
        raise SystemExit("the loaded model went on differently")
    return scores


if __name__ == "__main__":
    print(f"{network().count_params()} parameters")
    print(main())
