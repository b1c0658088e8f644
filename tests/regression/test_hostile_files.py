"""Files made to harm, among them the known failures of other libraries: each is refused, and nothing is run or filled.

The hash in a file finds damage, not intent: whoever forges a file can write the right one. So most of these have it.
"""

import copy
import io
import os
import pickle
import tarfile
import zipfile

import numpy as np
import pytest
from safetensors.numpy import save as to_bytes

import lamina as lm
from lamina import saving
from lamina.errors import FormatError
from lamina.saving._contents import describe as text_of


class Scale(lm.Layer):
    factor: float = 2.0

    def call(self, weights, x, context):
        return x * self.factor


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("hostile")


@pytest.fixture(scope="module")
def honest(folder):
    """Write an ordinary trained model, and return its path."""
    model = lm.Sequential(
        [
            lm.Input((4,)),
            lm.layers.Dense(3, activation="relu", kernel_regularizer="l2", name="first"),
            lm.layers.Dropout(0.5),
            Scale(0.5),
            lm.layers.Dense(2, activation="softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(np.eye(4), np.array(["no", "yes", "no", "yes"]), seed=1, verbose=0)
    model.save(folder / "honest")
    return folder / "honest"


def load(path):
    return lm.load(path, custom_objects={"Scale": Scale})


def forged(honest, change):
    """Write a copy in which `change` has had its way, with the hash that belongs to it, and return its path."""
    contents = saving.read(honest)
    contents = contents._replace(config=copy.deepcopy(contents.config))
    change(contents.config, contents.tensors)
    path = honest.with_name("forged")
    path.write_bytes(to_bytes(contents.tensors, {"lamina": text_of(contents)}))
    return path


def with_layer(honest, **arguments):
    return forged(honest, lambda config, tensors: config["graph"]["layers"][0].update(arguments))


def test_the_forger_can_write_an_honest_file(honest):
    path = forged(honest, lambda config, tensors: None)

    assert path.read_bytes() == honest.read_bytes()
    assert repr(load(path).layers) == repr(load(honest).layers)


class Bomb:
    def __reduce__(self):
        return os.mkdir, ("exploded",)


@pytest.mark.parametrize(
    "archive",
    [
        lambda: pickle.dumps(Bomb()),
        lambda: b"\x80\x04" + pickle.dumps(Bomb(), protocol=0),
        lambda: zipped({"data.pkl": pickle.dumps(Bomb()), "version": b"3"}),
    ],
    ids=["pickle", "half a pickle", "a PyTorch file"],
)
def test_a_pickle_is_never_unpickled(tmp_path, monkeypatch, archive):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "model").write_bytes(archive())

    with pytest.raises(FormatError, match="model: expected a file that Lamina wrote, got a"):
        load(tmp_path / "model")
    assert os.listdir(tmp_path) == ["model"]


def zipped(members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


@pytest.mark.parametrize("name", ["../../escaped", "/etc/escaped", "layers/../../escaped"])
def test_archive_members_with_paths_are_never_looked_at(tmp_path, name):
    (tmp_path / "a.keras").write_bytes(zipped({name: b"x", "config.json": b"{}"}))
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        archive.addfile(tarfile.TarInfo(name))

    for file in ("a.keras", "a.tar"):
        with pytest.raises(FormatError, match="expected a file that Lamina wrote"):
            load(tmp_path / file)


def test_a_decompression_bomb_is_not_decompressed(tmp_path):
    (tmp_path / "model").write_bytes(zipped({"model.weights.h5": bytes(50_000_000)}))

    with pytest.raises(FormatError, match="got a zip archive"):
        load(tmp_path / "model")


@pytest.mark.parametrize(
    "layer",
    [
        {"kind": "layer/Lambda", "function": "4wEAAAAAAAAAAA=="},
        {"kind": "layer/Lambda", "function": {"kind": "activation/relu"}},
        {"class_name": "Lambda", "module": "keras.layers", "config": {"function": ["4wEA", None, None]}},
        {"kind": "layer/TFSMLayer", "filepath": "https://example.org/model"},
    ],
)
def test_code_in_a_lambda_layer_is_no_layer(honest, layer):
    path = forged(honest, lambda config, tensors: config["graph"]["layers"].__setitem__(0, layer))

    with pytest.raises(FormatError, match=r"forged: graph.layers\[0\]: expected"):
        load(path)


@pytest.mark.parametrize(
    "value",
    [
        {"class_name": "function", "module": "os", "config": "system", "registered_name": "system"},
        {"kind": "os/system"},
        {"kind": "builtins/exec"},
        {"kind": "activation/os.system"},
        {"kind": "activation/__import__"},
        {"kind": "activation/get"},
        {"kind": "layer/Dense", "units": 1},
        "os.system",
        "lamina.cli:main",
        "numpy.load",
        "__class__",
    ],
)
def test_a_configuration_cannot_name_anything_importable(honest, value):
    with pytest.raises(FormatError, match=r"forged: graph.layers\[0\].*expected"):
        load(with_layer(honest, activation=value))


@pytest.mark.parametrize(
    "name", ["safe_mode", "trust_remote_code", "allow_pickle", "custom_objects", "unsafe", "module"]
)
def test_a_file_cannot_switch_off_its_own_checks(honest, name):
    for change in (
        lambda config, tensors: config.update({name: False}),
        lambda config, tensors: config["compile"].update({name: False}),
        lambda config, tensors: config["graph"].update({name: False}),
        lambda config, tensors: config["graph"]["layers"][0].update({name: False}),
        lambda config, tensors: config["compile"]["optimizer"].update({name: False}),
    ):
        with pytest.raises(FormatError, match=rf"forged.*expected .*'{name}'"):
            load(forged(honest, change))


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "/etc/passwd", "a/b", "..", "C:\\x", "~root", "a\x00b", "", "a" * 101, "é\n", "-rf", 3, []],
)
def test_layer_names_are_no_paths(honest, name):
    with pytest.raises(FormatError, match="forged: graph"):
        load(with_layer(honest, name=name))


@pytest.mark.parametrize(
    "text", ["https://example.org/weights", "file:///etc/passwd", "//host/share", "\\\\host\\share", "~/.ssh/id_rsa"]
)
def test_nothing_outside_the_file_can_be_pointed_at(honest, text):
    for argument in ("name", "activation", "kernel_initializer"):
        with pytest.raises(FormatError, match="expected plain text, no path and no address"):
            load(with_layer(honest, **{argument: text}))
    with pytest.raises(FormatError, match="expected plain text, no path and no address"):
        load(forged(honest, lambda config, tensors: config["compile"]["metrics"][0][0].update(name=text)))


@pytest.mark.parametrize("units", [10**6, 10**12, 10**17])
def test_a_size_is_compared_with_the_file_before_it_is_believed(honest, units):
    with pytest.raises(FormatError, match=rf"first/kernel: expected shape \(4, {units}\), got \(4, 3\)"):
        load(with_layer(honest, units=units))


@pytest.mark.parametrize("units", [0, -1, 1.5, True, None, "3", [3], 10**18])
def test_a_size_that_is_none_is_refused(honest, units):
    with pytest.raises(FormatError, match="forged"):
        load(with_layer(honest, units=units))


def test_metrics_cannot_ask_for_all_memory(honest):
    metric = {"kind": "metric/AUC", "num_thresholds": 10**11}

    with pytest.raises(FormatError, match="forged: compile: expected metrics that hold at most"):
        load(forged(honest, lambda config, tensors: config["compile"]["metrics"][0].append(metric)))


def test_networks_in_networks_cannot_double_without_end(honest):
    def double(config, tensors):
        graphs = config["graph"]["graphs"]
        graphs[0]["inputs"][0]["shape"] = [2]
        for level in range(50):
            nodes = [{"graph": level, "inputs": [0]}, {"graph": level, "inputs": [1]}]
            graphs.append({**graphs[0], "nodes": nodes, "outputs": [2]})

    with pytest.raises(FormatError, match="forged: graph.graphs"):
        load(forged(honest, double))


def test_nesting_without_end_is_refused(honest):
    value = {"kind": "regularizer/L2"}
    for _ in range(60):
        value = {"kind": "custom/layer/Scale", "factor": value}

    with pytest.raises(FormatError, match="expected at most 64 levels of lists and objects"):
        load(with_layer(honest, kernel_regularizer=value))


def test_a_loss_cannot_stand_in_for_a_layer(honest):
    swapped = {"kind": "custom/loss/Scale"}

    with pytest.raises(FormatError, match=r"graph.layers\[0\]: expected a kind of 'layer', got 'custom/loss/Scale'"):
        load(forged(honest, lambda config, tensors: config["graph"]["layers"].__setitem__(0, swapped)))


def test_weights_the_model_does_not_have_cannot_travel_along(honest):
    def add(config, tensors):
        tensors["payload"] = np.frombuffer(b"#!/bin/sh\n", np.uint8)

    with pytest.raises(FormatError, match="forged: expected no tensors but those of the model, got also 'payload'"):
        load(forged(honest, add))


def test_a_part_of_the_optimizer_is_no_optimizer(honest):
    with pytest.raises(FormatError, match="forged: expected every weight of the model, got no 'optimizer/step'"):
        load(forged(honest, lambda config, tensors: tensors.pop("optimizer/step")))


@pytest.mark.parametrize("value", [5.0, -0.1, 1.0, "0.5", None, True, [0.5]])
def test_a_changed_setting_keeps_to_the_range_of_its_argument(honest, value):
    with pytest.raises(FormatError, match="forged: "):
        load(forged(honest, lambda config, tensors: config["settings"].update({"dropout/rate": value})))
