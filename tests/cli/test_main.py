import subprocess
import sys

import pytest
from typer.testing import CliRunner

import lamina
from lamina.cli import _main, app
from lamina.errors import StageError


def test_help_names_every_command():
    result = CliRunner().invoke(app, ["--help"])

    assert result.exit_code == 0
    assert "demo" in result.output
    assert "doctor" in result.output


def test_the_command_line_starts_without_the_heavy_packages():
    program = "import sys, lamina.cli; print({'jax', 'matplotlib', 'numpy', 'optax', 'rich'} & set(sys.modules))"

    output = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout

    assert output.strip() == "set()"


def test_version_is_the_version_of_the_package():
    result = CliRunner().invoke(app, ["--version"])

    assert result.output == f"lamina {lamina.__version__}\n"


def test_a_command_that_does_not_exist_is_an_error():
    result = CliRunner().invoke(app, ["trian"])

    assert result.exit_code == 2
    assert "trian" in result.output


def test_an_error_made_for_the_user_is_shown_without_a_traceback(monkeypatch, capsys):
    def broken():
        raise StageError("fit: expected a compiled model, got one that is not.\n  Fix: call compile() first.")

    monkeypatch.setattr(_main, "app", broken)

    with pytest.raises(SystemExit, match="1"):
        _main.main()

    assert capsys.readouterr().err == (
        "StageError: fit: expected a compiled model, got one that is not.\n  Fix: call compile() first.\n"
    )
