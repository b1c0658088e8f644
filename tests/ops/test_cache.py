"""Compiled programs are kept on disk unless the user decided otherwise, and a broken folder stops nobody."""

import os
import subprocess
import sys

import pytest

PROGRAM = """
from lamina import ops

def slow_to_compile(x):
    for _ in range(60):
        x = ops.sort(ops.sin(x) + ops.cos(x[::-1]))
    return ops.sum(x)

print(repr(float(ops.jit(slow_to_compile)(ops.arange(10.0) / 10))))
"""


def run(cache_home, **environment):
    settings = {**os.environ, "XDG_CACHE_HOME": str(cache_home), **environment}
    done = subprocess.run([sys.executable, "-c", PROGRAM], env=settings, capture_output=True, text=True, check=True)
    return float(done.stdout), done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="the cache folder is found by other means elsewhere")
def test_a_compiled_program_is_kept_and_gives_the_same_again(tmp_path):
    first, _ = run(tmp_path)
    kept = {path.name for path in (tmp_path / "lamina" / "programs").rglob("*slow_to_compile*")}
    second, complaints = run(tmp_path)

    assert kept
    assert second == first
    assert complaints == ""


@pytest.mark.skipif(sys.platform != "linux", reason="the cache folder is found by other means elsewhere")
def test_an_entry_that_a_killed_process_left_empty_is_written_anew(tmp_path):
    first, _ = run(tmp_path)
    kept = next((tmp_path / "lamina" / "programs").glob("*slow_to_compile*-cache"))
    kept.write_bytes(b"")

    second, complaints = run(tmp_path)

    assert second == first
    assert complaints == ""
    assert kept.stat().st_size > 0


def test_a_folder_chosen_by_the_user_is_left_alone(tmp_path):
    chosen = tmp_path / "mine"

    run(tmp_path, JAX_COMPILATION_CACHE_DIR=str(chosen))

    assert not (tmp_path / "lamina").exists()


def test_a_cache_that_cannot_be_made_stops_nobody(tmp_path):
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")

    _, complaints = run(in_the_way)

    assert complaints == ""
