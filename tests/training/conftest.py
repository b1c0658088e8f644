"""Small networks that compile quickly."""

import numpy as np
import pytest

import lamina as lm
from lamina import training


@pytest.fixture(scope="session")
def dense():
    """Return a function that makes a model of one Dense layer, its weights drawn from a seed."""

    def make(units=1, activation=None, *, features=3, **options):
        layer = lm.layers.Dense(units, activation=activation, **options)
        return lm.Sequential([lm.Input((features,)), layer]).build(seed=1)

    return make


@pytest.fixture(scope="session")
def plan_of():
    """Return a function that makes the plan of a model without compiling a program."""

    def make(model, loss="mse", optimizer="sgd", **options):
        return training.compile_plan(model.graph, optimizer, loss=loss, **options)

    return make


@pytest.fixture(scope="session")
def class_plan(dense, plan_of):
    """Return the plan of a network that tells three classes apart by one number."""
    return plan_of(dense(3, "softmax", features=1), "sparse_categorical_crossentropy")


@pytest.fixture(scope="session")
def number_plan(dense, plan_of):
    """Return the plan of a network that gives a number for one number."""
    return plan_of(dense(features=1), "mse")


@pytest.fixture(scope="session")
def two_by_two():
    """Return a model with two inputs (left, right) and two outputs (price, kind) that share a layer."""
    left, right = lm.Input((2,), name="left"), lm.Input((3,), name="right")
    joined = lm.layers.Concatenate()([left, right])
    price = lm.layers.Dense(1, name="price")(joined)
    kind = lm.layers.Dense(3, activation="softmax", name="kind")(joined)
    return lm.Model([left, right], [price, kind]).build(seed=1)


@pytest.fixture
def line(rng):
    """Return 10 rows of three numbers, and targets on a plane."""
    x = rng.normal(size=(10, 3)).astype(np.float32)
    return x, (x @ [1.0, -2.0, 0.5] + 1).astype(np.float32)


class Trainee:
    """What a model is to the loop: a program, and the state it has reached."""

    def __init__(self, model, loss="mse", optimizer="sgd", *, seed=0, **options):
        self.plan = training.compile_plan(model.graph, optimizer, loss=loss, **options)
        self.program = training.Program(self.plan)
        first = model.state.replace(settings=self.plan.settings(), seed=np.uint32(seed), step=np.int32(0))
        self.first = first.replace(optimizer=training.start_optimizer(self.plan, first))
        self.state = self.first

    def restarted(self, *, seed=0, **settings):
        """Return to the first state, compiled programs included, with another seed or other settings."""
        changed = {name: np.float32(value) for name, value in settings.items()}
        self.state = self.first.replace(seed=np.uint32(seed), settings=self.first.settings | changed)
        return self

    def fit(self, x, y, **options):
        asked = training.FitOptions(**options)
        rows, validation = training.prepare(self.plan, x, y, asked, classes=None)
        return training.train(self, self.program, rows, validation, options=asked)

    def evaluate(self, x, y, sample_weight=None, *, batch_size=1024):
        rows = training.to_rows(self.plan, x, y, sample_weight)
        return training.evaluate(self, self.program, rows, batch_size=batch_size)

    def train_on_batch(self, x, y, sample_weight=None):
        return training.train_on_batch(self, self.program, training.to_rows(self.plan, x, y, sample_weight))

    def weights(self, layer="dense"):
        """Return copies of the weights of a layer, by name."""
        return {name: np.array(array) for name, array in self.state.weights[layer].items()}

    def numbers(self):
        """Return all weights as one array, to compare them bit by bit."""
        return np.concatenate([np.ravel(array) for layer in self.state.weights.values() for array in layer.values()])


@pytest.fixture(scope="session")
def trainee():
    """Return the class that trains a network as a model does."""
    return Trainee
