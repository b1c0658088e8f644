import json

import numpy as np
import pytest

from lamina.errors import FormatError
from lamina.models import _labels
from lamina.models._labels import decode_labels, encode_labels


@pytest.mark.parametrize(
    "labels",
    [
        np.array(["cat", "dog", "Ähre", "鳥"]),
        np.array([b"a", b"\xff\x00b"]),
        np.array([False, True]),
    ],
    ids=["text", "bytes", "booleans"],
)
def test_labels_survive_the_saved_form(labels):
    again = decode_labels(json.loads(json.dumps(encode_labels(labels))), len(labels), where="classes")

    assert again.dtype == labels.dtype
    assert again.tolist() == labels.tolist()


def test_no_labels_stay_none():
    assert encode_labels(None) is None
    assert decode_labels(None, 3, where="classes") is None


def test_one_output_tells_two_labels_apart():
    assert decode_labels({"type": "text", "labels": ["no", "yes"]}, 1, where="classes").tolist() == ["no", "yes"]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([], "expected an object with 'type' and 'labels'"),
        ({"type": "text", "labels": "ab"}, "expected a list"),
        ({"type": "object", "labels": ["a", "b"]}, "expected 'text', 'bytes' or 'booleans', got 'object'"),
        ({"type": "text", "labels": ["a"]}, "expected 2 different labels in order"),
        ({"type": "text", "labels": ["b", "a"]}, "expected 2 different labels in order"),
        ({"type": "text", "labels": ["a", "a"]}, "expected 2 different labels in order"),
        ({"type": "text", "labels": ["a", 1]}, "expected 2 different labels in order"),
        ({"type": "text", "labels": [1, 2]}, "expected 2 different labels in order"),
        ({"type": "text", "labels": [["a"], ["b"]]}, "expected 2 different labels in order"),
        ({"type": "booleans", "labels": [0, 1]}, "expected 2 different labels in order"),
        ({"type": "bytes", "labels": ["a", "鳥"]}, "UnicodeEncodeError"),
    ],
)
def test_what_encode_never_writes_is_refused(value, message):
    with pytest.raises(FormatError, match=message):
        decode_labels(value, 2, where="classes")


def test_one_long_label_among_many_does_not_fill_the_memory(monkeypatch):
    monkeypatch.setattr(_labels, "MOST_CHARACTERS", 1000)

    with pytest.raises(FormatError, match="expected labels that take at most 1,000 characters, got more"):
        decode_labels({"type": "text", "labels": ["a", "b" * 501]}, 2, where="classes")
