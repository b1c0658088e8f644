"""Train on pictures with everything that is random, and print a digest of the record and the weights.

python repeated.py FOLDER WORKERS
"""

import hashlib
import sys

import lamina as lm
from lamina.data import Dataset


def network():
    """Return a network whose weights, dropout and augmentation are random."""
    layers = [
        lm.layers.Rescaling(1 / 255),
        lm.layers.RandomFlip("horizontal"),
        lm.layers.RandomContrast(0.3, value_range=(0, 1)),
        lm.layers.Flatten(),
        lm.layers.Dense(6, activation="relu"),
        lm.layers.Dropout(0.3),
        lm.layers.Dense(2, activation="softmax"),
    ]
    model = lm.Sequential(layers)
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


def train(folder, workers, **options):
    """Train on the pictures of a folder in a mixed order, and return the digest."""
    pictures = Dataset.from_images(folder, (4, 4), workers=workers).shuffle().batch(5)
    model = network()
    history = model.fit(pictures, epochs=2, verbose=0, seed=3, **options)
    arrays = [array for own in model.get_weights().values() for array in own.values()]
    record = repr((history.history, history.params["seed"])).encode()
    return hashlib.sha256(record + b"".join(array.tobytes() for array in arrays)).hexdigest()


if __name__ == "__main__":
    print(train(sys.argv[1], int(sys.argv[2])))
