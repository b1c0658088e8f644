"""The library of native kernels: found, switched off, asked for less, built, and clean in a sanitizer's eyes."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import jax
import numpy as np
import pytest

from lamina.kernels import _library

NATIVE = Path(__file__).parents[2] / "src" / "lamina" / "kernels" / "native"
CHECKS = [Path(__file__).with_name(name) for name in ("native_check.cpp", "recurrent_check.cpp")]
COMPILER = shutil.which(os.environ.get("CXX", "c++"))

needs_library = pytest.mark.skipif(_library.instruction_set() is None, reason="installed without native kernels")


def told(kernels):
    """Return what another process says of the library when it is started with LAMINA_KERNELS set."""
    program = "from lamina.kernels import _library; print(_library.instruction_set())"
    environment = {**os.environ, "LAMINA_KERNELS": kernels}
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, env=environment)
    return done.stdout.strip()


def test_the_kernels_can_be_switched_off():
    assert told("0") == "None"


@needs_library
def test_less_than_the_processor_has_can_be_asked_for():
    assert told("baseline") == "baseline"


@needs_library
def test_a_wish_that_the_processor_cannot_fulfil_is_not_taken():
    assert told("avx9000") in {"baseline", "avx2", "avx512"}


def test_numbers_of_other_lengths_and_empty_arrays_are_left_to_the_twins():
    assert not _library.is_native(np.zeros((2, 2), "float16"))
    assert not _library.is_native(np.zeros((0, 2), "float32"))


@needs_library
def test_numbers_of_32_bits_are_for_the_native_kernels():
    assert _library.is_native(np.zeros((2, 2), "float32")) == (jax.default_backend() == "cpu")


@pytest.mark.skipif(COMPILER is None, reason="there is no C++ compiler")
@pytest.mark.parametrize("target", [[], ["-march=native"]], ids=["any processor", "this processor"])
def test_sanitizers_find_nothing(target, tmp_path):
    program = tmp_path / "native_check"
    sources = [NATIVE / "set.cpp", NATIVE / "choose.cpp", *CHECKS]
    options = ["-std=c++17", "-O1", "-g1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-pthread"]
    options += target
    objects = [tmp_path / f"{source.stem}.o" for source in sources]
    building = [
        subprocess.Popen([COMPILER, *options, f"-I{NATIVE}", "-c", source, "-o", made])
        for source, made in zip(sources, objects, strict=True)
    ]
    assert not any(each.wait() for each in building)
    subprocess.run([COMPILER, *options, *objects, "-o", program], check=True)

    done = subprocess.run([program], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "all kernels agree" in done.stdout
