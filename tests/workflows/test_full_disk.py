"""A disk that becomes full ends training with an error and costs no checkpoint; with room again, training goes on."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("filled.py")
IN_NAMESPACE = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c"]
"""Lets a user without rights mount a disk in memory that this command alone sees, where the system allows it."""


def on_small_disk(folder, command):
    mount = f"mount -t tmpfs -o size=64k none {folder}"
    try:
        subprocess.run([*IN_NAMESPACE, mount], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this system lets nobody mount a disk of their own")
    return [*IN_NAMESPACE, f'{mount} && exec "$0" "$@"', *command]


@pytest.mark.parametrize(("how", "reason"), [("limit", "File too large"), ("disk", "No space left on device")])
def test_a_disk_that_becomes_full_costs_no_checkpoint(tmp_path, how, reason):
    command = [sys.executable, "-W", "error", str(SCRIPT), how, str(tmp_path)]

    done = subprocess.run(
        on_small_disk(tmp_path, command) if how == "disk" else command, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout == (
        f"fit(checkpoint): expected a path that can be written, got 'run' ({reason}).\n"
        "  Fix: make room or ask for permission there, or name another folder.\n"
    )
