import numpy as np
import pytest

import lamina as lm
from lamina import ops, saving
from lamina.errors import ArgumentError, FormatError, ShapeError, StageError


class Scale(lm.Layer):
    factor: float = 2.0

    def call(self, weights, x, context):
        return x * self.factor


class Restless(lm.Layer):
    counter: int = 0

    def check(self):
        object.__setattr__(self, "counter", self.counter + 1)

    def call(self, weights, x, context):
        return x


def small(*, activation="tanh", units=3):
    return lm.Sequential([lm.Input((2,)), lm.layers.Dense(units, activation=activation), lm.layers.Dense(1)])


def weights_of(model):
    return {f"{path}/{name}": array for path, own in model.get_weights().items() for name, array in own.items()}


def same(first, second):
    return first.keys() == second.keys() and all(np.array_equal(first[name], second[name]) for name in first)


def test_saving_changes_nothing_in_the_model(tmp_path, rng):
    model = small()
    model.compile("adam", "mse")
    x, y = rng.normal(size=(8, 2)), rng.normal(size=8)
    model.fit(x, y, seed=1, verbose=0)
    before, optimizer = weights_of(model), ops.tree_leaves(model.state.optimizer)

    model.save(tmp_path / "model.safetensors")

    assert same(weights_of(model), before)
    assert all(map(np.array_equal, ops.tree_leaves(model.state.optimizer), optimizer))


def test_saving_twice_gives_the_same_file(tmp_path):
    model = small()

    model.save(tmp_path / "one")
    model.save(str(tmp_path / "two"))

    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_a_model_that_is_not_compiled_is_saved(tmp_path):
    model = small()

    model.save(tmp_path / "model")

    assert same(weights_of(lm.load(tmp_path / "model")), weights_of(model))


def test_a_model_without_a_known_input_says_what_is_missing(tmp_path):
    model = lm.Sequential([lm.layers.Dense(1)])

    for verb in (model.save, model.save_weights):
        with pytest.raises(StageError, match="put Input"):
            verb(tmp_path / "model")
    assert list(tmp_path.iterdir()) == []


def test_a_model_without_input_is_saved_once_it_has_seen_data(tmp_path, rng):
    x, y = rng.normal(size=(8, 3)), rng.normal(size=8)
    model = lm.Sequential([lm.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(x, y, verbose=0)

    model.save(tmp_path / "model")

    assert np.array_equal(lm.load(tmp_path / "model").predict(x), model.predict(x))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"loss": lambda y_true, y_pred: ops.abs(y_true - y_pred)}, r"compile\(loss\): .*\n  Fix: .* subclass of Loss"),
        ({"metrics": [lambda y_true, y_pred: y_pred]}, r"compile\(metrics\): .*\n  Fix: .* subclass of Metric"),
        ({"optimizer": lm.optimizers.SGD(lambda step: 0.1)}, r"compile\(optimizer\): .* subclass of Schedule"),
    ],
)
def test_a_function_in_compile_fails_at_save_and_nothing_is_written(tmp_path, arguments, message):
    model = small()
    model.compile(**{"optimizer": "sgd", "loss": "mse", **arguments})

    with pytest.raises(FormatError, match=f"(?s){message}"):
        model.save(tmp_path / "model")
    assert list(tmp_path.iterdir()) == []


def test_a_function_in_a_layer_is_named_by_its_place(tmp_path):
    model = small(activation=lambda x: ops.sin(x))

    with pytest.raises(
        FormatError, match=r"dense: Dense\(activation\): .* got the function <lambda>.\n  Fix: write it as"
    ):
        model.save(tmp_path / "model")
    assert list(tmp_path.iterdir()) == []


def test_a_transformation_of_optax_fails_at_save(tmp_path):
    optax = pytest.importorskip("optax")
    model = small()
    model.compile(optax.sgd(0.1), "mse")

    with pytest.raises(
        FormatError, match=r"(?s)compile\(optimizer\): FromOptax\(optax_transformation\): .* subclass of Opt"
    ):
        model.save(tmp_path / "model")


def test_a_model_with_ones_own_layer_is_proved_with_the_class_at_hand(tmp_path):
    model = lm.Sequential([lm.Input((2,)), Scale(3.0)])

    model.save(tmp_path / "model")

    assert lm.load(tmp_path / "model", custom_objects={"Scale": Scale}).predict([[1.0, 2.0]]).tolist() == [[3.0, 6.0]]


def test_a_layer_that_changes_its_own_arguments_fails_at_save(tmp_path):
    model = lm.Sequential([lm.Input((2,)), Restless()])

    with pytest.raises(FormatError, match="save: graph: expected a part that is made again from its arguments"):
        model.save(tmp_path / "model")
    assert list(tmp_path.iterdir()) == []


def test_a_model_with_code_of_its_own_says_what_can_be_saved(tmp_path):
    class Mine(lm.Sequential):
        pass

    model = Mine([lm.Input((2,)), lm.layers.Dense(1)])

    with pytest.raises(
        FormatError, match=r"save: expected a Model or a Sequential, got a Mine.*\n  Fix: .*save_weights"
    ):
        model.save(tmp_path / "model")
    model.save_weights(tmp_path / "weights")


def test_a_name_that_is_a_path_is_refused_before_it_is_in_a_file(tmp_path):
    model = small()
    model.compile("sgd", "mse", metrics=[lm.metrics.Mean(name="../../x")])

    with pytest.raises(FormatError, match=r"compile\(metrics\): Mean\(name\): expected plain text, no path"):
        model.save(tmp_path / "model")


def test_a_file_is_replaced_only_by_a_whole_one(tmp_path):
    small().save(tmp_path / "model")
    before = (tmp_path / "model").read_bytes()

    with pytest.raises(FormatError):
        small(activation=lambda x: x).save(tmp_path / "model")

    assert (tmp_path / "model").read_bytes() == before


@pytest.mark.parametrize("verb", ["save", "save_weights"])
def test_a_folder_that_does_not_exist_is_named(tmp_path, verb):
    with pytest.raises(
        ArgumentError, match=r"save\(path\): expected a folder that exists, got .*runs.*\n  Fix: create it"
    ):
        getattr(small(), verb)(tmp_path / "runs" / "model")


def test_weights_go_from_one_model_to_another(tmp_path, rng):
    first, second = small(), small()
    x = rng.normal(size=(4, 2)).astype(np.float32)

    first.save_weights(tmp_path / "weights")
    second.load_weights(tmp_path / "weights")

    assert same(weights_of(first), weights_of(second))
    assert np.array_equal(first.predict(x), second.predict(x))
    assert not any(name.startswith("optimizer/") for name in saving.read(tmp_path / "weights").tensors)


def test_weights_are_taken_from_a_whole_model_too(tmp_path, rng):
    first, second = small(), small()
    first.compile("adam", "mse")
    first.fit(rng.normal(size=(8, 2)), rng.normal(size=8), verbose=0)

    first.save(tmp_path / "model")
    second.load_weights(tmp_path / "model")

    assert same(weights_of(first), weights_of(second))


def test_moving_values_are_among_the_weights(tmp_path, rng):
    first, second = (lm.Sequential([lm.Input((2,)), lm.layers.BatchNormalization()]) for _ in range(2))
    first.compile("sgd", "mse")
    first.fit(rng.normal(3.0, size=(8, 2)), rng.normal(size=(8, 2)), verbose=0)

    first.save_weights(tmp_path / "weights")
    second.load_weights(tmp_path / "weights")

    assert same(weights_of(first), weights_of(second))
    assert second.get_weights("batch_normalization")["moving_mean"].max() > 0


@pytest.mark.parametrize(
    ("other", "error", "message"),
    [
        (lambda: small(units=4), ShapeError, r"weights: dense/.*: expected shape .*4.*, got .*3"),
        (
            lambda: lm.Sequential([lm.Input((2,)), lm.layers.Dense(1)]),
            FormatError,
            "weights: expected no tensors but those of the model, got also 'dense_1/bias', 'dense_1/kernel'",
        ),
        (
            lambda: lm.Sequential([lm.Input((2,)), *(lm.layers.Dense(3) for _ in range(3))]),
            FormatError,
            "weights: expected every weight of the model, got no 'dense_2/bias', 'dense_2/kernel'.\n  Fix: use the f",
        ),
    ],
    ids=["sizes", "fewer layers", "more layers"],
)
def test_weights_that_do_not_fit_change_nothing(tmp_path, other, error, message):
    small().save_weights(tmp_path / "weights")
    model = other()
    before = weights_of(model)

    with pytest.raises(error, match=message):
        model.load_weights(tmp_path / "weights")
    assert same(weights_of(model), before)
