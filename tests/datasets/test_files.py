"""Files are found in the named folder, then in the cache, and downloaded last."""

import hashlib
import io
from pathlib import Path
from urllib.error import URLError

import pytest

from lamina.datasets import _download, _files
from lamina.errors import DataError

CONTENTS = {"a.gz": b"first", "b.gz": b"second"}
FILES = tuple(
    _files.RemoteFile(name, len(content), hashlib.sha256(content).hexdigest()) for name, content in CONTENTS.items()
)
MIRRORS = ("https://one.example/", "https://two.example/")


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """Give an empty cache, no named folder, and a network that serves nothing."""
    monkeypatch.delenv("LAMINA_DATA", raising=False)
    monkeypatch.setattr(_files, "user_cache_path", lambda *names, **options: tmp_path / "cache")
    _serve(monkeypatch, {})
    return tmp_path / "cache" / "datasets"


@pytest.fixture
def named(tmp_path, monkeypatch, cache):
    """Give the folder that LAMINA_DATA names."""
    folder = tmp_path / "data"
    folder.mkdir()
    monkeypatch.setenv("LAMINA_DATA", str(folder))
    return folder


def _serve(monkeypatch, contents):
    asked = []

    def open_https(url):
        asked.append(url)
        if url not in contents:
            raise URLError("no network")
        return io.BytesIO(contents[url])

    monkeypatch.setattr(_download, "open_https", open_https)
    return asked


def _place(folder, name, content=b"mine"):
    path = folder / "shapes" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_the_named_folder_comes_before_the_cache(named, cache):
    mine, other = _place(named, "a.gz"), _place(cache, "b.gz")
    _place(cache, "a.gz")

    paths = _files.locate("shapes", FILES, MIRRORS)

    assert paths == [mine, other]


def test_a_missing_file_is_downloaded_into_the_cache_and_only_once(named, cache, monkeypatch):
    mine = _place(named, "a.gz")
    asked = _serve(monkeypatch, {"https://one.example/b.gz": CONTENTS["b.gz"]})

    first = _files.locate("shapes", FILES, MIRRORS)
    second = _files.locate("shapes", FILES, MIRRORS)

    assert first == second == [mine, cache / "shapes" / "b.gz"]
    assert first[1].read_bytes() == CONTENTS["b.gz"]
    assert asked == ["https://one.example/b.gz"]


@pytest.mark.parametrize("first", [{}, {"https://one.example/b.gz": b"forged"}], ids=["silent", "forged"])
def test_the_second_mirror_is_asked_when_the_first_fails(cache, monkeypatch, first):
    _place(cache, "a.gz")
    _serve(monkeypatch, first | {"https://two.example/b.gz": CONTENTS["b.gz"]})

    path = _files.locate("shapes", FILES, MIRRORS)[1]

    assert path.read_bytes() == CONTENTS["b.gz"]


def test_offline_the_error_names_folders_and_files_that_would_do(named, cache):
    with pytest.raises(DataError) as caught:
        _files.locate("shapes", FILES, MIRRORS)

    message = str(caught.value)
    assert f"shapes: expected the file 'a.gz' in '{named / 'shapes'}' or '{cache / 'shapes'}'" in message
    assert "https://one.example/: <urlopen error no network>; https://two.example/: <urlopen error" in message
    assert f"Fix: put 'a.gz' and 'b.gz' into '{named / 'shapes'}', or name the folder" in message
    assert "LAMINA_DATA" in message


def test_a_forged_file_is_reported_in_one_line_and_not_kept(cache, monkeypatch):
    _serve(monkeypatch, {"https://one.example/a.gz": b"forged"})

    with pytest.raises(
        DataError, match=r"a file of 5 bytes, got more\.; https://two\.example/: .*\n  Fix: put"
    ) as caught:
        _files.locate("shapes", FILES, MIRRORS)

    assert str(caught.value).count("\n") == 1
    assert list((cache / "shapes").iterdir()) == []


def test_a_misspelt_folder_is_an_error_not_a_download(cache, monkeypatch, tmp_path):
    monkeypatch.setenv("LAMINA_DATA", str(tmp_path / "dta"))
    asked = _serve(monkeypatch, {})

    with pytest.raises(DataError, match=r"LAMINA_DATA: expected the name of a folder, got '.*dta'\.\n  Fix: create"):
        _files.locate("shapes", FILES, MIRRORS)

    assert asked == []


def test_the_home_folder_may_be_written_as_a_tilde(named, monkeypatch):
    monkeypatch.setenv("HOME", str(named.parent))
    monkeypatch.setenv("USERPROFILE", str(named.parent))
    monkeypatch.setenv("LAMINA_DATA", str(Path("~") / "data"))

    assert _files.folders()[0] == named
