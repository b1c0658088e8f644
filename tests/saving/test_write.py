import os
import resource
from pathlib import Path

import numpy as np
import pytest

from lamina.errors import ArgumentError, FormatError
from lamina.saving import Contents, read, write


def accept(contents):
    """Prove nothing."""


@pytest.fixture
def contents():
    return Contents("weights", {}, {"a": np.arange(1000, dtype=np.float32), "b": np.float32(2).reshape(())})


def test_what_was_written_is_read(tmp_path, contents):
    write(tmp_path / "any name", contents, accept)

    again = read(tmp_path / "any name")

    assert again.kind == "weights"
    assert again.tensors["a"].tolist() == list(range(1000))
    assert again.tensors["b"].shape == ()
    assert os.listdir(tmp_path) == ["any name"]


def test_the_same_contents_give_the_same_bytes(tmp_path, contents):
    write(tmp_path / "one", contents, accept)
    write(str(tmp_path / "two"), contents, accept)

    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_arrays_in_any_order_of_memory_are_written_as_they_read(tmp_path):
    turned = np.arange(6, dtype=np.float32).reshape(2, 3).T[::-1]

    write(tmp_path / "file", Contents("weights", {}, {"a": turned}), accept)

    assert read(tmp_path / "file").tensors["a"].tolist() == turned.tolist()


def test_any_safetensors_tool_reads_the_arrays(tmp_path, contents):
    numpy = pytest.importorskip("safetensors.numpy")

    write(tmp_path / "file", contents, accept)

    assert numpy.load_file(tmp_path / "file")["a"].tolist() == list(range(1000))


def test_what_cannot_be_proved_leaves_what_was_there(tmp_path, contents):
    (tmp_path / "file").write_text("before")

    def refuse(read):
        assert read.tensors["a"].sum() == contents.tensors["a"].sum()
        raise FormatError("no")

    with pytest.raises(FormatError, match="no"):
        write(tmp_path / "file", contents, refuse)
    assert (tmp_path / "file").read_text() == "before"
    assert os.listdir(tmp_path) == ["file"]


def test_a_full_disk_leaves_what_was_there(tmp_path, contents):
    (tmp_path / "file").write_text("before")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(ArgumentError, match=r"a path that can be written, got .*File too large"):
            write(tmp_path / "file", contents, accept)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert (tmp_path / "file").read_text() == "before"
    assert os.listdir(tmp_path) == ["file"]


def test_a_folder_that_may_not_be_looked_at_is_named(tmp_path, contents, monkeypatch):
    def locked(path, **_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "is_dir", locked)

    with pytest.raises(ArgumentError, match=r"^save\(path\): expected a path that can be written, got .*denied\)"):
        write(tmp_path / "locked" / "file", contents, accept)


def test_an_interruption_leaves_what_was_there(tmp_path, contents, monkeypatch):
    (tmp_path / "file").write_text("before")

    def interrupt(handle):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "file", contents, accept)
    assert (tmp_path / "file").read_text() == "before"
    assert os.listdir(tmp_path) == ["file"]


def test_a_link_goes_on_leading_to_the_file(tmp_path, contents):
    (tmp_path / "file").write_text("before")
    (tmp_path / "link").symlink_to(tmp_path / "file")

    write(tmp_path / "link", contents, accept)

    assert (tmp_path / "link").is_symlink()
    assert read(tmp_path / "file").kind == "weights"


def test_a_file_may_be_read_by_whom_the_system_says(tmp_path, contents):
    before = os.umask(0o027)
    try:
        write(tmp_path / "file", contents, accept)
    finally:
        os.umask(before)

    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("no/where/file", r"save\(path\): expected a folder that exists, got .*no/where.*\n  Fix: create it first"),
        (".", r"save\(path\): expected the path of a file, got the folder .*\n  Fix: write .*model.safetensors"),
    ],
)
def test_a_place_that_cannot_be_is_refused(tmp_path, contents, path, message):
    with pytest.raises(ArgumentError, match=message):
        write(tmp_path / path, contents, accept)


@pytest.mark.parametrize("path", [None, 3, b"file", "", ["file"]])
def test_what_is_no_path_is_refused(contents, path):
    with pytest.raises(ArgumentError, match=r"save\(path\): expected the path of a file, got "):
        write(path, contents, accept)
