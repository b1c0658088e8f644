"""What people write every day with Keras. Each function takes the library, so that the same lines run in both."""

import numpy as np

from lamina import datasets


def pima(keras, epochs):
    """Two classes: a 12-8-1 network built layer by layer, scored and asked for decisions."""
    (x, y), _ = datasets.pima.load_data(test_split=0)

    model = keras.Sequential()
    model.add(keras.Input(shape=(8,)))
    model.add(keras.layers.Dense(12, activation="relu"))
    model.add(keras.layers.Dense(8, activation="relu"))
    model.add(keras.layers.Dense(1, activation="sigmoid"))
    model.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])
    history = model.fit(x, y, epochs=epochs, batch_size=10, verbose=0)
    scores = model.evaluate(x, y, verbose=0)
    predictions = (model.predict(x, verbose=0) > 0.5).astype(int)
    return model, history, scores, predictions


def auto_mpg(keras, epochs):
    """A number: regression on scaled columns, with rows of one's own to validate on."""
    (x, y), (x_val, y_val) = datasets.auto_mpg.load_data()
    known, known_val = ~np.isnan(x).any(axis=1), ~np.isnan(x_val).any(axis=1)
    x, y, x_val, y_val = x[known], y[known], x_val[known_val], y_val[known_val]
    mean, std = x.mean(axis=0), x.std(axis=0)
    x, x_val = (x - mean) / std, (x_val - mean) / std

    model = keras.Sequential(
        [
            keras.layers.Dense(64, activation="relu"),
            keras.layers.Dense(64, activation="relu", kernel_regularizer="l2"),
            keras.layers.Dense(1),
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.01), loss="mean_squared_error", metrics=["mae"])
    history = model.fit(x, y, validation_data=(x_val, y_val), epochs=epochs, verbose=0)
    scores = model.evaluate(x_val, y_val, verbose=0)
    return model, history, scores, model.predict(x_val, verbose=0).flatten()


def autoencoder(keras, epochs):
    """Images through a bottleneck: three models of the same layers, trained as one."""
    (x, _), (x_test, _) = datasets.digits.load_data()
    x, x_test = (images.reshape(len(images), 64).astype("float32") / 16 for images in (x, x_test))

    inputs = keras.Input(shape=(64,))
    encoded = keras.layers.Dense(16, activation="relu")(inputs)
    decoded = keras.layers.Dense(64, activation="sigmoid")(encoded)
    whole = keras.Model(inputs, decoded)
    encoder = keras.Model(inputs, encoded)
    code = keras.Input(shape=(16,))
    decoder = keras.Model(code, whole.layers[-1](code))
    whole.compile(optimizer="adam", loss="binary_crossentropy")
    history = whole.fit(x, x, epochs=epochs, batch_size=64, shuffle=True, validation_data=(x_test, x_test), verbose=0)
    codes = encoder.predict(x_test, verbose=0)
    return whole, history, codes, decoder.predict(codes, verbose=0)


def functional(keras, epochs):
    """Two inputs, two outputs, losses by name: a picture in halves, and what is on it."""
    (x, y), _ = datasets.digits.load_data()
    upper, lower = (half.reshape(len(x), -1) / 16 for half in (x[:, :4], x[:, 4:]))
    ink = x.mean(axis=(1, 2)) / 16

    upper_input = keras.Input(shape=(32,), name="upper")
    lower_input = keras.Input(shape=(32,), name="lower")
    joined = keras.layers.Concatenate()([upper_input, lower_input])
    hidden = keras.layers.Dropout(0.1)(keras.layers.Dense(64, activation="relu")(joined))
    digit = keras.layers.Dense(10, activation="softmax", name="digit")(hidden)
    amount = keras.layers.Dense(1, name="amount")(hidden)
    model = keras.Model(inputs=[upper_input, lower_input], outputs=[digit, amount])
    model.compile(
        optimizer="rmsprop",
        loss={"digit": "sparse_categorical_crossentropy", "amount": "mse"},
        loss_weights={"digit": 1.0, "amount": 0.5},
        metrics={"digit": ["accuracy"]},
    )
    history = model.fit(
        {"upper": upper, "lower": lower}, {"digit": y, "amount": ink}, epochs=epochs, validation_split=0.2, verbose=0
    )
    return model, history, None, model.predict([upper[:5], lower[:5]], verbose=0)


def callbacks(keras, epochs):
    """Watching and steering: a callback with the signatures of Keras."""
    (x, y), _ = datasets.iris.load_data()

    class Watch(keras.callbacks.Callback):
        def __init__(self):
            super().__init__()
            self.events = []

        def on_train_begin(self, logs=None):
            self.events.append("begin")

        def on_epoch_begin(self, epoch, logs=None):
            self.events.append(f"epoch {epoch}")

        def on_epoch_end(self, epoch, logs=None):
            logs = logs or {}
            self.events.append(sorted(logs))
            if epoch + 1 == epochs:
                self.model.stop_training = True

        def on_train_end(self, logs=None):
            self.events.append("end")

    watch = Watch()
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, activation="softmax")])
    model.compile(optimizer="sgd", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    history = model.fit(x, y, epochs=epochs + 5, callbacks=[watch], verbose=0)
    return model, history, watch.events, None
