import subprocess
import sys

import pytest
from typer.testing import CliRunner

from lamina.cli import _classic as classic
from lamina.cli import app


def run(*options):
    return CliRunner().invoke(app, ["demo", *map(str, options)])


@pytest.fixture
def calls(monkeypatch):
    """Put a note in place of the training, and return the notes."""
    made = []
    monkeypatch.setattr(classic, "run", lambda *values, **named: made.append((values, named)))
    return made


def test_without_options_it_is_the_classic_network_on_mnist(calls):
    assert run().exit_code == 0

    ((values, named),) = calls
    assert values == ("mnist", "dense")
    assert {**named, "folder": str(named["folder"])} == {
        "epochs": None,
        "batch_size": 128,
        "seed": None,
        "folder": "lamina-demo",
    }


def test_options_are_passed_on(calls, tmp_path):
    options = ("--data", "digits", "--network", "dropout", "--epochs", 2, "--seed", 7, "--folder", tmp_path)

    assert run(*options).exit_code == 0

    ((values, named),) = calls
    assert values == ("digits", "dropout")
    assert named == {"epochs": 2, "batch_size": 128, "seed": 7, "folder": tmp_path}


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (("--epochs", 0), "--epochs"),
        (("--batch-size", 0), "--batch-size"),
        (("--seed", -1), "--seed"),
        (("--seed", 2**32), "--seed"),
        (("--data", "cifar"), "--data"),
        (("--network", "deep"), "--network"),
    ],
)
def test_an_option_out_of_its_range_is_named(options, word, calls):
    result = run(*options)

    assert result.exit_code == 2
    assert word in result.output
    assert not calls


def test_help_explains_every_option_and_loads_no_engine():
    program = (
        "import sys\n"
        "from lamina.cli import app\n"
        "app(['demo', '--help'], standalone_mode=False)\n"
        "print({'jax', 'numpy'} & set(sys.modules))"
    )

    output = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout

    assert output.splitlines()[-1] == "set()"
    for option in ("--data", "--network", "--epochs", "--batch-size", "--seed", "--folder"):
        assert option in output
