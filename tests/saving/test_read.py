import json
import pickle
import zipfile

import numpy as np
import pytest
import safetensors.numpy

from lamina.errors import ArgumentError, FormatError
from lamina.saving import Contents, read, write


@pytest.fixture
def path(tmp_path):
    tensors = {"dense/kernel": np.ones((2, 3), np.float32), "step": np.int32(4).reshape(())}
    write(tmp_path / "file", Contents("weights", {}, tensors), lambda contents: None)
    return tmp_path / "file"


def rewritten(path, change):
    """Change the header of a file as JSON text, and keep its tensors."""
    data = path.read_bytes()
    length = int.from_bytes(data[:8], "little")
    header = change(data[8 : 8 + length].decode()).encode()
    path.write_bytes(len(header).to_bytes(8, "little") + header + data[8 + length :])


def test_a_file_gives_back_what_was_written(path):
    contents = read(path)

    assert contents.kind == "weights"
    assert contents.tensors["dense/kernel"].dtype == np.float32
    assert contents.tensors["step"] == 4


@pytest.mark.parametrize("path", [None, 3, b"file", ""])
def test_what_is_no_path_is_refused(path):
    with pytest.raises(ArgumentError, match=r"load\(path\): expected the path of a file, got "):
        read(path)


def test_a_missing_file_is_told_from_one_of_nearly_the_same_name(tmp_path):
    (tmp_path / "model.safetensors").touch()

    with pytest.raises(
        FormatError, match="modle.safetensors: expected a file, got nothing .*\n  Fix: did you mean 'model.s"
    ):
        read(tmp_path / "modle.safetensors")
    with pytest.raises(
        FormatError, match="other: expected a file, got nothing of that name.\n  Fix: check the path: /"
    ):
        read(tmp_path / "other")


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(FormatError, match="expected a file, got a folder.\n  Fix: name the file inside it"):
        read(tmp_path)


def write_zip(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../config.json", "{}")


@pytest.mark.parametrize(
    ("create", "message"),
    [
        (lambda path: path.touch(), "an empty file"),
        (lambda path: path.write_text("hello"), "bytes of no known kind, or part of a file"),
        (lambda path: path.write_bytes(b"\xff" * 100), "bytes of no known kind"),
        (lambda path: path.write_bytes(b"{}"), "bytes of no known kind"),
        (write_zip, "a zip archive, as Keras' .keras and PyTorch's .pt files are"),
        (lambda path: path.write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(100)), "an HDF5 file, as Keras' .h5 files are"),
        (lambda path: path.write_bytes(pickle.dumps({"a": 1})), "a Python pickle, which could run any code"),
        (lambda path: path.write_bytes(b"\x93NUMPY" + bytes(100)), "a NumPy array"),
        (lambda path: path.write_bytes(b"\x1f\x8b" + bytes(100)), "a gzip archive"),
        (
            lambda path: safetensors.numpy.save_file({"a": np.ones(3)}, path),
            "a safetensors file of other origin.\n  Fix: build the model here",
        ),
        (
            lambda path: safetensors.numpy.save_file({"a": np.ones(3)}, path, {"format": "pt"}),
            "a safetensors file of other origin",
        ),
    ],
)
def test_a_file_of_another_kind_is_called_by_its_name(tmp_path, create, message):
    create(tmp_path / "file")

    with pytest.raises(FormatError, match=f"file: expected a file that Lamina wrote, got {message}"):
        read(tmp_path / "file")


@pytest.mark.parametrize("length", [0, 1, 7, 8, 9, 100, -1, -4])
def test_a_part_of_a_file_is_refused(path, length):
    path.write_bytes(path.read_bytes()[:length])

    with pytest.raises(FormatError, match="file: "):
        read(path)


def test_bytes_after_the_end_are_refused(path):
    path.write_bytes(path.read_bytes() + b"\0\0\0\0")

    with pytest.raises(FormatError, match="file: expected a whole safetensors file, got .*not fully covered"):
        read(path)


@pytest.mark.parametrize("length", [2**63, 2**64 - 1, 10**9])
def test_a_header_longer_than_the_file_is_not_even_looked_for(path, length):
    path.write_bytes(length.to_bytes(8, "little") + path.read_bytes()[8:])

    with pytest.raises(FormatError, match="got bytes of no known kind, or part of a file"):
        read(path)


def test_a_header_too_long_to_be_honest_is_refused(path):
    rewritten(path, lambda text: text + " " * 2**24)

    with pytest.raises(FormatError, match="expected a description of at most 16,777,216 bytes, got 16,777,"):
        read(path)


ENTRY = '"step":{"dtype":"I32","shape":[],"data_offsets":[24,28]}'


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda text: text.replace(ENTRY, f"{ENTRY},{ENTRY}"),
            "header: expected each name once in an object, got 'step' tw",
        ),
        (
            lambda text: text.replace(ENTRY, ENTRY.replace("}", ',"code":1}')),
            "tensor 'step': expected an object with 'dtype', 'shape' and 'data_offsets'",
        ),
        (lambda text: text.replace('"I32"', '"BF16"'), "tensor 'step': expected numbers of a known type, got 'BF16'"),
        (lambda text: text.replace('"I32"', "[1]"), "tensor 'step': expected numbers of a known type"),
        (lambda text: text.replace("[24,28]", "[24,29]"), "expected a whole safetensors file, got "),
        (lambda text: text.replace("[2,3]", "[4000000000,3000000000]"), "expected a whole safetensors file, got "),
        (lambda text: text.replace("[2,3]", "[3,2]"), "expected contents with the hash"),
        (lambda text: text.replace('"I32"', '"F32"'), "expected contents with the hash"),
        (lambda text: text.replace('"step"', '"stop"'), "expected contents with the hash"),
        (
            lambda text: text.replace('{"lamina"', '{"format":"pt","lamina"'),
            "metadata: expected an object with 'lamina'",
        ),
        (lambda text: "[" * 5000 + text, "got bytes of no known kind"),
        (lambda text: '{"a":' * 5000 + text, "header: expected JSON, got "),
        (lambda text: "{" + text[1:].replace("{", "{,", 1), "header: expected JSON"),
    ],
)
def test_a_header_that_save_does_not_write_is_refused(path, change, message):
    rewritten(path, change)

    with pytest.raises(FormatError, match=f"file: {message}" if "got bytes" not in message else message):
        read(path)


def test_metadata_that_is_no_text_is_refused(path):
    rewritten(path, lambda text: json.dumps(json.loads(text) | {"__metadata__": {"lamina": {"format": 1}}}))

    with pytest.raises(FormatError, match="file: expected a description in text"):
        read(path)


def test_a_file_that_may_not_be_read_is_named(path, monkeypatch):
    path.touch()

    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(path), "open", refuse)

    with pytest.raises(FormatError, match=r"a file that can be read, got .* \(Permission denied\)"):
        read(path)
