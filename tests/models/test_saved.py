import copy
import json

import numpy as np
import pytest

import lamina as lm
from lamina import ops
from lamina.errors import FormatError
from lamina.models._saved import Saved, custom_classes_of, describe, restore, tensors_of, weights_of


class Scale(lm.Layer):
    factor: float = 2.0

    def weights(self, input_shape):
        return {"count": lm.Weight((), "zeros", moving=True)}

    def call(self, weights, x, context):
        context.update("count", weights["count"] + 1)
        return x * self.factor


class Lopsided(lm.losses.Loss):
    def call(self, y_true, y_pred):
        return ops.mean(ops.maximum(y_true - y_pred, 0), axis=-1)


@pytest.fixture
def model(rng):
    model = lm.Sequential([lm.Input((2,)), lm.layers.Dense(3, name="first"), Scale(), lm.layers.Dense(2)])
    model.compile(lm.optimizers.Adam(0.01), Lopsided(), metrics=["mae"])
    model.freeze("first")
    model.fit(rng.normal(size=(8, 2)), rng.normal(size=(8, 2)), seed=7, verbose=0)
    return model


@pytest.fixture
def saved(model):
    return Saved("Sequential", model.graph, model._program.plan, frozenset({"first"}), None, model.state)


CUSTOM = {"Scale": Scale, "Lopsided": Lopsided}


def restored(contents):
    config = json.loads(json.dumps(contents.config))
    tensors = {name: np.asarray(tensor) for name, tensor in contents.tensors.items()}
    return restore(contents._replace(config=config, tensors=tensors), where="file", custom=CUSTOM)


def test_a_model_survives_as_a_value(saved):
    again = restored(describe(saved))

    assert describe(again).config == describe(saved).config
    assert (again.kind, again.frozen, again.classes) == ("Sequential", {"first"}, None)
    assert (int(again.state.step), int(again.state.seed)) == (1, 7)
    assert ops.tree_structure(again.state) == ops.tree_structure(saved.state)
    assert all(map(np.array_equal, ops.tree_leaves(again.state), ops.tree_leaves(saved.state)))


def test_arrays_are_named_by_the_paths_of_their_layers(saved):
    names = set(tensors_of(saved.state))

    assert set(weights_of(saved.graph)) == {
        "first/kernel",
        "first/bias",
        "scale/count",
        "dense/kernel",
        "dense/bias",
    }
    assert names - set(weights_of(saved.graph)) == {
        "optimizer/step",
        *(f"optimizer/slots/dense/{name}/{slot}" for name in ("kernel", "bias") for slot in ("mean", "variance")),
    } or all(name.startswith("optimizer/") for name in names - set(weights_of(saved.graph)))


def test_an_optimizer_that_was_not_started_is_none(saved):
    again = restored(describe(saved._replace(state=saved.state.replace(optimizer=None))))

    assert again.state.optimizer is None


def test_a_model_that_was_not_compiled_has_no_plan(saved):
    plain = saved._replace(plan=None, frozen=frozenset(), state=saved.state.replace(optimizer=None))

    again = restored(describe(plain))

    assert again.plan is None
    assert describe(again).config["compile"] is None


def test_labels_come_back_for_the_output_they_stand_for(saved):
    again = restored(describe(saved._replace(classes=(np.array(["no", "yes"]),))))

    assert again.classes[0].tolist() == ["no", "yes"]


def test_ones_own_classes_are_found_wherever_they_are(saved):
    assert custom_classes_of(saved) == CUSTOM


def test_two_classes_of_one_name_are_refused():
    twin = type("Scale", (Scale,), {})
    model = lm.Sequential([lm.Input((2,)), Scale(), twin()])

    with pytest.raises(FormatError, match=r"expected a different name for each .* got two classes called Scale"):
        custom_classes_of(Saved("Sequential", model.graph, None, frozenset(), None, model.state))


def test_a_layer_whose_arrays_would_be_taken_for_the_optimizers_is_refused(saved):
    state = saved.state.replace(weights={"optimizer": {"step": np.zeros((), np.float32)}})

    with pytest.raises(FormatError, match="got 'optimizer/step' for a weight and for what training remembers"):
        tensors_of(state)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("kind", "Keras", "kind: expected 'Model' or 'Sequential', got 'Keras'"),
        ("kind", None, "kind: expected 'Model' or 'Sequential'"),
        ("graph", None, "file: graph: expected an object"),
        ("compile", [], "file: compile: expected an object"),
        ("frozen", ["dense", "none"], "file: frozen: expected"),
        ("frozen", "dense", "file: frozen: expected a list"),
        ("frozen", [["dense"]], "file: frozen: expected"),
        ("settings", {"x": 1.0}, "file: settings: expected settings of the model"),
        ("classes", [], "expected values that fit together"),
        ("classes", "ab", "file: classes: expected a list"),
        ("columns", [["a", "a"]], "file: columns: expected .* different names"),
        ("step", -1, "file: step: expected a number from 0 to 2,147,483,647, got -1"),
        ("step", 2**31, "file: step: expected a number from 0 to 2,147,483,647"),
        ("step", 1.0, "file: step: expected a number"),
        ("seed", 2**32, "file: seed: expected a number from 0 to 4,294,967,295"),
        ("seed", None, "file: seed: expected a number"),
        ("onnx_external_data", "weights.bin", "file: expected an object with 'kind', 'graph'"),
    ],
)
def test_what_describe_never_says_is_refused(saved, name, value, message):
    contents = describe(saved)

    with pytest.raises(FormatError, match=f"^file: .*{message.removeprefix('file: ')}"):
        restored(contents._replace(config=contents.config | {name: value}))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda tensors: tensors.pop("dense/bias"), "expected every weight of the model, got no 'dense/bias'"),
        (lambda tensors: tensors.pop("optimizer/step"), "expected every weight of the model, got no 'optimizer/step'"),
        (lambda tensors: tensors.update(more=np.zeros(3)), "no tensors but those of the model, got also 'more'"),
        (lambda tensors: tensors.update({"dense/bias": np.zeros((3,), np.float32)}), r"shape \(2,\), got \(3,\)"),
        (lambda tensors: tensors.update({"dense/bias": np.zeros((2,))}), "expected float32, got float64"),
        (lambda tensors: tensors.update({"optimizer/step": np.float32(1)}), "expected int32, got float32"),
    ],
    ids=["missing", "missing from the optimizer", "extra", "shape", "type", "type in the optimizer"],
)
def test_tensors_other_than_the_model_has_are_refused(saved, change, message):
    contents = describe(saved)
    change(contents.tensors)

    with pytest.raises(FormatError, match=f"file.*{message}"):
        restored(contents)


def test_a_network_that_is_no_chain_is_no_sequential():
    x = lm.Input((2,))
    dense = lm.layers.Dense(2)
    model = lm.Model(x, lm.layers.Add()([dense(x), x]))
    contents = describe(Saved("Model", model.graph, None, frozenset(), None, model.state))

    with pytest.raises(FormatError, match="graph: expected a chain, as the model is a Sequential, got another network"):
        restored(contents._replace(config=contents.config | {"kind": "Sequential"}))


def test_a_size_beyond_all_memory_is_compared_before_anything_is_made(saved):
    contents = describe(saved)
    config = copy.deepcopy(contents.config)
    config["graph"]["layers"][2]["units"] = 10**12

    with pytest.raises(FormatError, match=r"dense/kernel: expected shape \(3, 1000000000000\), got \(3, 2\)"):
        restored(contents._replace(config=config))
