import os
import subprocess
import sys
import warnings

import pytest

from lamina import config
from lamina.errors import (
    ArgumentError,
    DeadUnitsWarning,
    ExplodingGradientsWarning,
    StageError,
    StuckLossWarning,
    VanishingGradientsWarning,
)


@pytest.fixture
def gpu(monkeypatch):
    """Let this look like a machine with a GPU."""
    monkeypatch.setattr(config, "_platform", lambda: "gpu")
    monkeypatch.setenv("XLA_FLAGS", "")


@pytest.fixture
def early(monkeypatch):
    """Let this look like a program that has not loaded JAX."""
    monkeypatch.delitem(sys.modules, "jax")


def test_a_cpu_is_told_nothing(monkeypatch):
    monkeypatch.setenv("XLA_FLAGS", "")

    assert config.deterministic() == config.repeatability() == "yes, on a CPU always"
    assert os.environ["XLA_FLAGS"] == ""


def test_a_gpu_is_told_before_it_is_in_use(gpu, early, monkeypatch):
    monkeypatch.setenv("XLA_FLAGS", "--xla_dump_to=here")

    said = [config.deterministic(), config.deterministic()]

    assert said == ["yes, as the GPU was told to, which costs it some speed"] * 2
    assert os.environ["XLA_FLAGS"] == "--xla_dump_to=here --xla_gpu_deterministic_ops=true"


def test_a_gpu_that_is_in_use_is_told_too_late(gpu):
    with pytest.raises(
        StageError,
        match=r"^config\.deterministic: expected to be called before the GPU is in use, got a program that has loaded "
        r"JAX\.\n  Fix: call it in the line after import lamina",
    ):
        config.deterministic()


def test_a_gpu_that_was_told_outside_of_python_needs_no_call(gpu, monkeypatch):
    monkeypatch.setenv("XLA_FLAGS", "--xla_gpu_deterministic_ops=true")

    assert config.deterministic().startswith("yes, as the GPU was told to")


def test_a_gpu_that_was_told_nothing_may_differ(gpu):
    assert config.repeatability().startswith("not on a GPU: call lamina.config.deterministic()")


def test_a_program_that_begins_with_it_trains():
    lines = [
        "import lamina as lm",
        "print(lm.config.deterministic())",
        "model = lm.Sequential([lm.Input((1,)), lm.layers.Dense(1)])",
        "model.compile('sgd', 'mse')",
        "model.fit([[1.0]], [2.0], verbose=0)",
    ]

    done = subprocess.run([sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, check=True)

    assert done.stdout == "yes, on a CPU always\n"


@pytest.mark.parametrize(
    ("kinds", "silent"),
    [
        (["dead_units"], [DeadUnitsWarning]),
        (["stuck_loss", "vanishing_gradients"], [StuckLossWarning, VanishingGradientsWarning]),
        ([], [DeadUnitsWarning, ExplodingGradientsWarning, StuckLossWarning, VanishingGradientsWarning]),
    ],
)
def test_each_kind_of_warning_can_be_silenced(kinds, silent):
    everything = (DeadUnitsWarning, ExplodingGradientsWarning, StuckLossWarning, VanishingGradientsWarning)

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        config.silence(*kinds)
        for category in everything:
            warnings.warn("heard", category, stacklevel=1)

    assert [warning.category for warning in caught] == [each for each in everything if each not in silent]


def test_a_kind_that_does_not_exist_cannot_be_silenced():
    with pytest.raises(ArgumentError, match=r"config\.silence: expected 'dead_units'.*got 'dead_relu'\.\n  Fix: "):
        config.silence("dead_relu")
