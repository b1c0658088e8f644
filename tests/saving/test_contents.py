import json

import numpy as np
import pytest

from lamina.errors import FormatError
from lamina.saving import Contents
from lamina.saving._contents import describe, understand
from lamina.saving._strict_json import canonical


@pytest.fixture
def contents():
    tensors = {"b": np.arange(3, dtype=np.float32), "a": np.int32(4).reshape(()), "none": np.zeros((0, 2), np.float32)}
    return Contents("model", {"x": [1, 2.5, "y"]}, tensors)


def test_what_is_described_is_understood(contents):
    assert understand(describe(contents), contents.tensors, where="file") == contents


def test_the_description_is_the_same_every_time(contents):
    backwards = contents._replace(tensors=dict(reversed(contents.tensors.items())))

    assert describe(contents) == describe(backwards)


@pytest.mark.parametrize(
    "change",
    [
        lambda tensors: tensors | {"b": tensors["b"] + 1},
        lambda tensors: tensors | {"b": tensors["b"].reshape(3, 1)},
        lambda tensors: tensors | {"b": tensors["b"].view(np.int32)},
        lambda tensors: {"c": tensors["b"], "a": tensors["a"], "none": tensors["none"]},
        lambda tensors: {"a": tensors["a"], "b": tensors["b"]},
        lambda tensors: tensors | {"d": tensors["a"]},
    ],
    ids=["value", "shape", "type", "name", "missing", "extra"],
)
def test_other_tensors_have_another_hash(contents, change):
    with pytest.raises(FormatError, match="file: expected contents with the hash that the file states"):
        understand(describe(contents), change(contents.tensors), where="file")


def test_a_changed_description_has_another_hash(contents):
    text = describe(contents).replace("2.5", "2.6")

    with pytest.raises(FormatError, match=r"got others: the file was damaged or changed.\n  Fix: copy or download it"):
        understand(text, contents.tensors, where="file")


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        (
            "format",
            2,
            "expected format version 1 or lower, got 2.\n  Fix: update Lamina: pip install --upgrade lamina.",
        ),
        ("format", 0, "expected format version 1 or lower, got 0"),
        ("format", True, "expected format version 1 or lower, got True"),
        ("format", "1", "expected format version 1 or lower, got '1'"),
        ("content", "code", "expected contents with the hash"),
        ("more", 1, "expected an object with"),
        ("sha256", None, "expected contents with the hash"),
    ],
)
def test_another_description_is_refused(contents, name, value, message):
    text = canonical({**json.loads(describe(contents)), name: value})

    with pytest.raises(FormatError, match=message):
        understand(text, contents.tensors, where="file")


@pytest.mark.parametrize("change", [{"kind": "code"}, {"kind": "weights"}, {"config": []}])
def test_a_forged_kind_is_refused_in_spite_of_its_hash(contents, change):
    text = describe(contents._replace(**change))

    with pytest.raises(
        FormatError, match="file: expected a 'model', a 'checkpoint', or 'weights' alone, got '(code|w|m)"
    ):
        understand(text, contents.tensors, where="file")


@pytest.mark.parametrize("text", ["[]", "null", "3", '"format"', "{}"])
def test_a_description_that_is_no_object_is_refused(text):
    with pytest.raises(FormatError, match="file: expected format version 1 or lower, got None"):
        understand(text, {}, where="file")
