from pathlib import Path

import pytest

from lamina._core.writing import writing
from lamina.errors import ArgumentError, FormatError


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (PermissionError(13, "Permission denied"), "Permission denied"),
        (OSError(28, "No space left on device"), "No space left on device"),
        (OSError("odd"), "odd"),
    ],
)
@pytest.mark.parametrize("path", ["run/model.svg", Path("run") / "model.svg"])
def test_a_refusal_of_the_system_names_the_path(error, reason, path):
    with (
        pytest.raises(
            ArgumentError,
            match=rf"^plot\(path\): expected a path that can be written, got 'run/model\.svg' \({reason}\)\.\n"
            r"  Fix: make room or ask for permission there, or name another folder\.$",
        ),
        writing(path, where="plot(path)"),
    ):
        raise error


def test_other_errors_are_their_own():
    with pytest.raises(FormatError, match="^damaged"), writing("model", where="save(path)"):
        raise FormatError("damaged")
