"""What tests and examples stand on: the CPU, a quiet log, no network, and the real MNIST where it is to be had."""

import os
import random
from pathlib import Path

NOWHERE = "http://127.0.0.1:9"  # nobody answers there: whatever asks for the network is refused at once

os.environ.update(
    {
        "ABSL_MIN_LOG_LEVEL": "3",
        "HTTPS_PROXY": NOWHERE,
        "HTTP_PROXY": NOWHERE,
        "JAX_PLATFORMS": "cpu",
        "KERAS_BACKEND": "jax",
        "MPLBACKEND": "Agg",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
)

# JAX, Keras and Matplotlib read the environment when they are imported, so that comes first.
import jax  # noqa: E402
import numpy as np  # noqa: E402
import pytest  # noqa: E402

import lamina.ops  # noqa: E402, F401 - sets up the cache, which is set up anew below
from lamina import datasets  # noqa: E402
from lamina._core import seeds  # noqa: E402

# The programs of tests are small but many: all are kept on disk, apart from the user's own, and compiled once for all
# workers, steps and runs.
jax.config.update("jax_compilation_cache_dir", str(Path(__file__).parent / ".pytest_cache" / "programs"))
jax.config.update("jax_persistent_cache_min_compile_time_secs", 0)
# Compiling them takes longer than running them. Native kernels are as ever; what asks for `fully_optimized` is, too.
jax.config.update("jax_disable_most_optimizations", True)


def pytest_configure(config):
    """Let a program that another worker is just writing be compiled once more instead of failing the test."""
    config.addinivalue_line("filterwarnings", "ignore:Error (reading|writing) persistent compilation cache entry")


@pytest.fixture(autouse=True, scope="module")
def forgotten_programs():
    """Forget compiled programs at the end of a file: those of all files together take gigabytes."""
    yield
    jax.clear_caches()


@pytest.fixture(scope="module")
def fully_optimized():
    """Compile programs as for a user: for trainings that take long, and where other processes do the same."""
    jax.config.update("jax_disable_most_optimizations", False)
    yield
    jax.config.update("jax_disable_most_optimizations", True)


@pytest.fixture(autouse=True)
def drawn_seeds(monkeypatch, request):
    """Draw the seeds that a test does not give from its name, so that it passes or fails the same way each time."""
    numbers = random.Random(request.node.name)
    monkeypatch.setattr(seeds, "draw", lambda: numbers.randrange(seeds.LARGEST_SEED + 1))


@pytest.fixture
def rng():
    """Return NumPy's random numbers from a fixed seed, the same for every test."""
    return np.random.default_rng(2026)


@pytest.fixture(scope="session")
def mnist():
    """Return the real MNIST as ``(x_train, y_train), (x_test, y_test)``, or skip with the reason."""
    return _loaded("mnist")


@pytest.fixture(scope="session")
def fashion_mnist():
    """Return the real Fashion-MNIST as ``(x_train, y_train), (x_test, y_test)``, or skip with the reason."""
    return _loaded("fashion_mnist")


def _loaded(name):
    if not any(found.present for found in datasets.available() if found.name == name):
        pytest.skip(f"{name} is not on this machine: name the folder that holds it in LAMINA_DATA")
    return getattr(datasets, name).load_data()
