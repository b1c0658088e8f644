import subprocess
import sys

import pytest

from lamina import ops

PROGRAM = """
import resource
from lamina import ops

SIZE = 64 << 20
def touch():
    block = bytearray(SIZE)
    del block
touch()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
touch()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def faults(monkeypatch, wanted):
    monkeypatch.setenv("LAMINA_KEEP_MEMORY", wanted)
    return int(subprocess.run([sys.executable, "-c", PROGRAM], check=True, capture_output=True, text=True).stdout)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only glibc can be told to keep memory")
def test_a_large_block_that_was_freed_is_used_again_without_asking_the_system(monkeypatch):
    if not ops.keep_memory():
        pytest.skip("this C library has no mallopt")

    kept, given_back = faults(monkeypatch, "1"), faults(monkeypatch, "0")

    assert kept < 100
    assert given_back > 1000


def test_it_can_be_left_alone(monkeypatch):
    monkeypatch.setenv("LAMINA_KEEP_MEMORY", "0")

    assert ops.keep_memory() is False


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only glibc gives memory back when asked to")
def test_memory_that_is_free_goes_back_to_the_system():
    program = """
from lamina import ops
def held():
    return int(open("/proc/self/statm").read().split()[1]) * 4096 >> 20
pieces = [b"x" * 50_000 for _ in range(4000)]
full = held()
del pieces
ops.give_back()
print(full - held())
"""
    printed = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout

    assert int(printed) > 100
