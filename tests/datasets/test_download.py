"""A download is whole and checked, or it is not there. No test reaches a network."""

import hashlib
import io
import urllib.error

import pytest

from lamina.datasets import _download
from lamina.errors import FormatError

CONTENT = bytes(range(256)) * 1000
URL = "https://one.example/mnist/images.gz"


class Response(io.BytesIO):
    """What a server sends; it remembers how much of it was read."""

    taken = 0

    def read(self, size):
        block = super().read(size)
        self.taken += len(block)
        return block


def _fetch(monkeypatch, target, content, **changes):
    response = Response(content)
    monkeypatch.setattr(_download, "open_https", lambda url: response)
    known = {"size": len(CONTENT), "sha256": hashlib.sha256(CONTENT).hexdigest()}
    try:
        _download.fetch(URL, target, **(known | changes))
    finally:
        taken = response.taken
    return taken


def test_the_file_appears_under_its_name_only(tmp_path, monkeypatch):
    target = tmp_path / "new" / "folder" / "images.gz"

    _fetch(monkeypatch, target, CONTENT)

    assert target.read_bytes() == CONTENT
    assert list(target.parent.iterdir()) == [target]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (CONTENT[:-1], "a file of 256,000 bytes, got 255,999"),
        (b"", "a file of 256,000 bytes, got 0"),
        (CONTENT + b"x", "a file of 256,000 bytes, got more"),
        (CONTENT[:-1] + b"x", r"a file with SHA-256 [0-9a-f]{64}, got [0-9a-f]{64}\.\n  Fix: download it again"),
    ],
)
def test_another_file_is_refused_and_leaves_nothing(tmp_path, monkeypatch, content, message):
    target = tmp_path / "images.gz"

    with pytest.raises(FormatError, match=message):
        _fetch(monkeypatch, target, content)

    assert list(tmp_path.iterdir()) == []


def test_a_file_that_never_ends_is_cut_off(tmp_path, monkeypatch):
    response = Response(bytes(50_000_000))
    monkeypatch.setattr(_download, "open_https", lambda url: response)

    with pytest.raises(FormatError, match="100 bytes, got more"):
        _download.fetch(URL, tmp_path / "images.gz", size=100, sha256="0" * 64)

    assert response.taken == _download.BLOCK


def test_a_connection_that_breaks_leaves_the_old_file(tmp_path, monkeypatch):
    target = tmp_path / "images.gz"
    target.write_bytes(b"old")

    def broken(url):
        raise urllib.error.URLError("no route to host")

    monkeypatch.setattr(_download, "open_https", broken)

    with pytest.raises(OSError, match="no route to host"):
        _download.fetch(URL, target, size=3, sha256="0" * 64)

    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/a", "ftp://127.0.0.1:9/a", "file:///etc/hostname", "data:,hello"])
def test_nothing_but_https_is_spoken(url):
    with pytest.raises(urllib.error.URLError, match="unknown url type"):
        _download.open_https(url)


def test_nothing_is_printed_where_there_is_no_terminal(tmp_path, monkeypatch, capsys):
    for name in ("FORCE_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)

    _fetch(monkeypatch, tmp_path / "images.gz", CONTENT)

    assert "".join(capsys.readouterr()) == ""


def test_the_terminal_shows_which_file_is_coming(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("FORCE_COLOR", "1")

    _fetch(monkeypatch, tmp_path / "images.gz", CONTENT)

    printed = capsys.readouterr()
    assert "images.gz" in printed.err
    assert printed.out == ""
