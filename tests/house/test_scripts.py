import os
import shutil
import subprocess

import pytest

from house.source import ROOT

SCRIPTS = sorted(path for path in (ROOT / "scripts").iterdir() if path.name != "environment")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_can_be_started_and_says_what_it_does(script):
    first, second = script.read_text().splitlines()[:2]

    assert os.access(script, os.X_OK)
    assert first == "#!/bin/sh"
    assert second.startswith("# ")
    assert second.endswith((".", "`", "--help"))


@pytest.mark.parametrize("script", [*SCRIPTS, ROOT / "scripts" / "environment"], ids=lambda path: path.name)
def test_a_script_is_plain_shell(script):
    shell = shutil.which("dash") or shutil.which("sh") or pytest.skip("there is no POSIX shell here")

    subprocess.run([shell, "-n", script], check=True)


def test_ci_calls_the_scripts():
    text = (ROOT / ".ci" / "run").read_text()

    assert "scripts/check" in text
    assert "scripts/test" in text
