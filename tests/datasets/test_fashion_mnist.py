"""Fashion-MNIST is read as Keras gives it, where its files are."""

import hashlib

import numpy as np
import pytest

from lamina import datasets
from lamina.datasets import _files
from lamina.errors import DataError

IMAGES = datasets.fashion_mnist.IMAGES


def test_shapes_and_types_are_those_of_keras(fashion_mnist):
    (x_train, y_train), (x_test, y_test) = fashion_mnist

    assert [array.shape for array in (x_train, y_train, x_test, y_test)] == [
        (60000, 28, 28),
        (60000,),
        (10000, 28, 28),
        (10000,),
    ]
    assert {array.dtype for array in (x_train, y_train, x_test, y_test)} == {np.dtype(np.uint8)}
    assert (int(x_train.min()), int(x_train.max())) == (0, 255)


def test_labels_are_the_published_ones(fashion_mnist):
    (_, y_train), _ = fashion_mnist

    assert y_train[:10].tolist() == [9, 0, 0, 3, 0, 2, 7, 2, 5, 5]
    assert np.bincount(y_train).tolist() == [6000] * 10


def test_files_on_this_machine_are_the_ones_a_download_would_bring(fashion_mnist):
    for file in IMAGES.files:
        content = _files.find("fashion_mnist", file.name).read_bytes()
        assert len(content) == file.size
        assert hashlib.sha256(content).hexdigest() == file.sha256


def test_downloads_are_https_and_known_to_the_byte():
    assert all(mirror.startswith("https://") and mirror.endswith("/") for mirror in IMAGES.mirrors)
    assert all(len(bytes.fromhex(file.sha256)) == 32 and file.size > 0 for file in IMAGES.files)
    assert [file.name for file in IMAGES.files] == [
        "train-images-idx3-ubyte.gz",
        "train-labels-idx1-ubyte.gz",
        "t10k-images-idx3-ubyte.gz",
        "t10k-labels-idx1-ubyte.gz",
    ]


def test_each_label_has_a_name():
    assert len(datasets.fashion_mnist.class_names) == len(set(datasets.fashion_mnist.class_names)) == 10


def test_offline_without_the_files_the_error_says_which_would_do(tmp_path, monkeypatch):
    monkeypatch.setattr(_files, "user_cache_path", lambda *names, **options: tmp_path)
    monkeypatch.delenv("LAMINA_DATA", raising=False)

    # The tests' network leads nowhere, so this is the true way out to a mirror, refused.
    with pytest.raises(
        DataError, match=r"fashion_mnist: expected the file 'train-images-idx3-ubyte\.gz' in .* got neither"
    ) as caught:
        datasets.fashion_mnist.load_data()

    assert all(repr(file.name) in str(caught.value) for file in IMAGES.files)
    assert not any(path.is_file() for path in tmp_path.rglob("*"))
