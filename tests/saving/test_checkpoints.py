import errno
import os
from pathlib import Path

import numpy as np
import pytest

from lamina.errors import ArgumentError, FormatError, LaminaWarning
from lamina.saving import Checkpoints, Contents

WHERE = "fit(checkpoint)"


def numbered(number):
    return Contents("checkpoint", {"number": number}, {"a": np.full(1000, number, np.float32)})


@pytest.fixture
def folder(tmp_path):
    """A folder with three checkpoints."""
    checkpoints = Checkpoints(tmp_path / "run")
    for number in (1, 2, 3):
        checkpoints.write(numbered(number), best=False, where=WHERE)
    return checkpoints


def newest(checkpoints):
    return checkpoints.newest(where=WHERE).config["number"]


def files(checkpoints):
    return sorted(os.listdir(checkpoints.folder))


def damage(checkpoints, number, change):
    path = checkpoints.folder / f"{number:06}.safetensors"
    path.write_bytes(change(bytearray(path.read_bytes())))


def flipped(data):
    data[len(data) // 2] ^= 1
    return data


def torn(data):
    return data[: len(data) // 2]


def test_a_folder_that_is_not_there_has_no_checkpoint(tmp_path):
    checkpoints = Checkpoints(tmp_path / "nowhere")

    assert not checkpoints
    assert checkpoints.newest(where=WHERE) is None
    assert not checkpoints.folder.exists()


def test_the_newest_is_read(folder):
    assert folder
    assert newest(folder) == 3
    assert folder.newest(where=WHERE).tensors["a"].tolist() == [3.0] * 1000


def test_the_newest_three_and_the_best_are_kept(folder):
    folder.write(numbered(4), best=True, where=WHERE)
    for number in range(5, 10):
        folder.write(numbered(number), best=False, where=WHERE)

    assert files(folder) == [
        "000004.safetensors",
        "000007.safetensors",
        "000008.safetensors",
        "000009.safetensors",
        "manifest.json",
    ]


def test_a_new_best_takes_the_place_of_the_old(folder):
    folder.write(numbered(4), best=True, where=WHERE)
    for number in range(5, 10):
        folder.write(numbered(number), best=number == 6, where=WHERE)
    folder.write(numbered(10), best=False, where=WHERE)

    assert files(folder)[0] == "000006.safetensors"


@pytest.mark.parametrize("change", [flipped, torn, lambda data: b""])
def test_a_damaged_file_is_passed_over_with_a_warning(folder, change):
    damage(folder, 3, change)

    sentence = r"^fit\(checkpoint\): passed over a checkpoint\. 000003\.safetensors"
    with pytest.warns(LaminaWarning, match=sentence) as caught:
        assert newest(folder) == 2
    assert {each.filename for each in caught} == {__file__}


def test_a_file_that_is_gone_is_passed_over_with_a_warning(folder):
    (folder.folder / "000003.safetensors").unlink()

    with pytest.warns(LaminaWarning, match="expected a file, got nothing of that name"):
        assert newest(folder) == 2


def test_a_whole_file_in_the_place_of_another_is_passed_over(folder):
    data = (folder.folder / "000001.safetensors").read_bytes()
    (folder.folder / "000003.safetensors").write_bytes(data)

    with pytest.warns(LaminaWarning, match="expected the file that the manifest names, got another one"):
        assert newest(folder) == 2


@pytest.mark.filterwarnings("ignore::lamina.errors.LaminaWarning")
def test_nothing_but_damaged_files_is_an_error(folder):
    for number in (1, 2, 3):
        damage(folder, number, flipped)

    with pytest.raises(
        FormatError, match=r"^fit\(checkpoint\): expected a whole checkpoint, got none in '.*run'\.\n  Fix"
    ):
        folder.newest(where=WHERE)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        '{"format":1}',
        '{"format":1,"checkpoints":[{"file":"../other","sha256":"' + "0" * 64 + '","best":true}]}',
        '{"format":2,"checkpoints":[]}',
        '{"format":1,"checkpoints":[{"file":"000001.safetensors","sha256":3,"best":true}]}',
    ],
)
def test_a_damaged_manifest_does_not_hide_the_files(folder, text):
    (folder.folder / "manifest.json").write_text(text)

    with pytest.warns(LaminaWarning, match=r"^manifest\.json.* All files in the folder are looked at\."):
        assert newest(folder) == 3


def test_a_manifest_that_is_gone_does_not_hide_the_files_nor_the_damage(folder):
    (folder.folder / "manifest.json").unlink()
    damage(folder, 3, flipped)

    with pytest.warns(LaminaWarning, match="passed over"):
        assert newest(folder) == 2
    folder.write(numbered(4), best=False, where=WHERE)
    assert newest(folder) == 4


def fail_at(monkeypatch, name, count, error):
    """Let the `count`-th call of a function of `os` fail."""
    calls, original = [], getattr(os, name)

    def counted(*details, **named):
        calls.append(details)
        if len(calls) == count:
            raise error
        return original(*details, **named)

    monkeypatch.setattr(os, name, counted)


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_a_full_disk_is_an_error_and_leaves_the_older_checkpoints(folder, monkeypatch, count):
    fail_at(monkeypatch, "fsync", count, OSError(errno.ENOSPC, "No space left on device"))

    with pytest.raises(
        ArgumentError, match=r"^fit\(checkpoint\): expected a path that can be written, got '.*run' \(No space left"
    ):
        folder.write(numbered(4), best=False, where=WHERE)

    monkeypatch.undo()
    assert newest(folder) == (3 if count < 4 else 4)
    assert {f"{number:06}.safetensors" for number in (2, 3)} <= set(files(folder))
    assert not [name for name in files(folder) if name.endswith(".part")]
    folder.write(numbered(5), best=False, where=WHERE)
    assert newest(folder) == 5


def test_what_was_left_half_written_is_removed_by_the_next(folder):
    for name in (".000004.safetensors.0123abcd.part", ".manifest.json.0123abcd.part", "000009.safetensors"):
        (folder.folder / name).write_text("half")
    (folder.folder / "notes.txt").write_text("the user's own")

    folder.write(numbered(4), best=False, where=WHERE)

    assert files(folder) == [
        "000002.safetensors",
        "000003.safetensors",
        "000004.safetensors",
        "manifest.json",
        "notes.txt",
    ]


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(ArgumentError, match=r"^fit\(checkpoint\): expected a path that can be written, got '.*file'"):
        Checkpoints(tmp_path / "file").write(numbered(1), best=False, where=WHERE)


def test_removing_leaves_what_is_not_ours(folder):
    (folder.folder / "notes.txt").write_text("the user's own")

    folder.remove()

    assert files(folder) == ["notes.txt"]
    assert not folder


def test_removing_takes_an_empty_folder_with_it(folder):
    folder.remove()
    folder.remove()

    assert not Path(folder.folder).exists()
