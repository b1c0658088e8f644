"""Tell ten kinds of drawn shapes apart in colour images of 100x100: a network like VGG, 32 - 32 - 64 - 64 maps.

The images are drawn here: a disc, triangle, square, clover or star, filled or as an outline, of any size, colour, angle
and place. After 6 epochs over 5,000 of them, the test accuracy is at least .9; guessing gives .1.
"""

import numpy as np

import lamina as lm

SHAPES = {  # how far the edge is from the middle, for every angle
    "disc": np.ones_like,
    "triangle": lambda angle: np.cos(np.pi / 3) / np.cos(angle % (2 * np.pi / 3) - np.pi / 3),
    "square": lambda angle: np.cos(np.pi / 4) / np.cos(angle % (np.pi / 2) - np.pi / 4),
    "clover": lambda angle: np.abs(np.cos(1.5 * angle)),
    "star": lambda angle: 1 - 0.6 * np.abs(np.sin(2.5 * angle)),
}


def draw(kind: int, size: int, random: np.random.Generator) -> np.ndarray:
    """Return one image, (size, size, 3) of bytes: the shapes filled are kinds 0 to 4, their outlines 5 to 9."""
    edge = list(SHAPES.values())[kind % 5]
    radius = random.uniform(0.2, 0.4) * size
    row, column = random.uniform(radius, size - radius, 2)
    y, x = np.mgrid[:size, :size] - np.array([row, column])[:, None, None]
    distance = np.hypot(x, y) / radius / edge(np.arctan2(y, x) + random.uniform(0, 2 * np.pi))
    inside = (distance < 1) & ((distance > 0.7) | (kind < 5))
    dark, light = random.uniform(0, 100, 3), random.uniform(155, 255, 3)
    image = np.where(inside[..., None], light, dark) + random.normal(0, 10, (size, size, 3))
    return image.clip(0, 255).astype(np.uint8)


def images(rows: int, size: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return images, and which kind of shape is on each."""
    random = np.random.default_rng(seed)
    kinds = random.integers(0, 10, rows)
    return np.stack([draw(kind, size, random) for kind in kinds]), kinds


def network(size: int = 100) -> lm.Sequential:
    """Return the compiled network, 7,998,250 parameters for images of 100x100."""
    model = lm.Sequential(
        [
            lm.Input((size, size, 3)),
            lm.layers.Rescaling(1 / 127.5, offset=-1),
            lm.layers.Conv2D(32, 3, activation="relu"),
            lm.layers.Conv2D(32, 3, activation="relu"),
            lm.layers.MaxPooling2D(),
            lm.layers.Dropout(0.25),
            lm.layers.Conv2D(64, 3, activation="relu"),
            lm.layers.Conv2D(64, 3, activation="relu"),
            lm.layers.MaxPooling2D(),
            lm.layers.Dropout(0.25),
            lm.layers.Flatten(),
            lm.layers.Dense(256, activation="relu"),
            lm.layers.Dropout(0.5),
            lm.layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def main(epochs: int = 6, rows: int = 5000, size: int = 100, seed: int = 1) -> dict[str, float]:
    """Train on drawings and return the scores on 500 others."""
    x_train, y_train = images(rows, size, seed=seed)
    x_test, y_test = images(500, size, seed=seed + 1)
    model = network(size)
    model.fit(x_train, y_train, epochs=epochs, seed=seed)
    return model.evaluate(x_test, y_test)


if __name__ == "__main__":
    network().summary()
    print(main())
