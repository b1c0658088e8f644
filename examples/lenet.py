"""LeNet-5 on MNIST, the network of 1998 with tanh and means: 20 epochs, test accuracy of at least .987.

LeCun, Bottou, Bengio and Haffner (1998), Gradient-based learning applied to document recognition,
https://doi.org/10.1109/5.726791. Theirs scaled the means by learned numbers, let each map of the second convolution see
some of the first, and measured distances in the end; this one has plain means, sees all maps, and ends in a softmax.
"""

import lamina as lm


def network() -> lm.Sequential:
    """Return the compiled network, 61,706 parameters."""
    model = lm.Sequential(
        [
            lm.Input((28, 28, 1)),
            lm.layers.Rescaling(1 / 255),
            lm.layers.Conv2D(6, 5, padding="same", activation="tanh"),
            lm.layers.AveragePooling2D(),
            lm.layers.Conv2D(16, 5, activation="tanh"),
            lm.layers.AveragePooling2D(),
            lm.layers.Conv2D(120, 5, activation="tanh"),
            lm.layers.Flatten(),
            lm.layers.Dense(84, activation="tanh"),
            lm.layers.Dense(10, activation="softmax"),
        ]
    )
    learning_rate = lm.schedules.ExponentialDecay(0.002, decay_steps=1875, decay_rate=0.8)  # smaller with every epoch
    model.compile(lm.optimizers.Adam(learning_rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def main(epochs: int = 20, rows: int = 60_000, seed: int = 1) -> dict[str, float]:
    """Train on the first `rows` training digits and return the scores on the 10,000 others."""
    (x_train, y_train), (x_test, y_test) = lm.datasets.mnist.load_data()
    model = network()
    model.fit(x_train[:rows, ..., None], y_train[:rows], epochs=epochs, seed=seed)
    return model.evaluate(x_test[..., None], y_test)


if __name__ == "__main__":
    network().summary()
    print(main())
