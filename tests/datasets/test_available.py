"""The list of data sets is complete, and says what is here."""

import subprocess
import sys

import pytest

from lamina import datasets
from lamina.datasets import _files


def test_every_data_set_module_is_listed_by_name():
    names = [description.name for description in datasets.available()]

    assert names == sorted(set(datasets.__all__) - {"Description", "available", "toys"})


def test_tasks_and_shapes_are_told():
    found = {description.name: description for description in datasets.available()}

    assert (found["mnist"].rows, found["mnist"].shape, found["mnist"].task) == (70_000, (28, 28), "10 classes")
    assert (found["digits"].rows, found["digits"].shape) == (1797, (8, 8))
    assert (found["auto_mpg"].shape, found["auto_mpg"].task) == ((7,), "a number")


def test_images_are_present_only_when_their_files_are(tmp_path, monkeypatch):
    monkeypatch.setattr(_files, "user_cache_path", lambda *names, **options: tmp_path)
    monkeypatch.delenv("LAMINA_DATA", raising=False)

    present = {description.name: description.present for description in datasets.available()}

    assert [name for name, is_present in present.items() if not is_present] == ["fashion_mnist", "mnist"]


@pytest.mark.parametrize("module", ["jax", "rich", "urllib.request"])
def test_importing_data_sets_imports_nothing_slow(module):
    program = f"from lamina.datasets import mnist; import sys; print({module!r} in sys.modules)"

    printed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout

    assert printed.strip() == "False"
