"""Settings of the whole program, for the few things that no model or call can decide for itself.

```python
import lamina as lm

lm.config.deterministic()
```
"""

from __future__ import annotations

import os
import sys
import warnings

from lamina._core import checks
from lamina.errors import (
    DeadUnitsWarning,
    ExplodingGradientsWarning,
    StageError,
    StuckLossWarning,
    VanishingGradientsWarning,
)

__all__ = ["deterministic", "repeatability", "silence"]

FLAGS = "XLA_FLAGS"
DETERMINISTIC = "--xla_gpu_deterministic_ops=true"
WARNINGS = {
    category.kind: category
    for category in (DeadUnitsWarning, ExplodingGradientsWarning, StuckLossWarning, VanishingGradientsWarning)
}


def deterministic() -> str:
    """Let equal runs give equal bits on this device, and say what that took.

    One seed decides all random choices in any case. A CPU then gives the same bits each time; a GPU may add numbers in
    another order each time, as that is faster, and does so until it is told not to. XLA, which compiles for it, listens
    only before it starts: call this in the line after ``import lamina``.

    Returns:
        What holds now, in a sentence. `lamina doctor` says it too.

    Raises:
        StageError: on a GPU that is in use already.

    Example:
        >>> import lamina as lm
        >>> _ = lm.Sequential([lm.Input((1,)), lm.layers.Dense(1)]).build()  # on a CPU it may be called at any time
        >>> lm.config.deterministic()
        'yes, on a CPU always'
    """
    has_begun = "jax" in sys.modules
    if has_begun and DETERMINISTIC not in _flags() and _platform() == "gpu":
        raise checks.problem(
            StageError,
            "config.deterministic",
            expected="to be called before the GPU is in use",
            got="a program that has loaded JAX",
            fix="call it in the line after import lamina, and above import jax if there is one.",
        )
    if not has_begun and DETERMINISTIC not in _flags():
        os.environ[FLAGS] = " ".join([*_flags(), DETERMINISTIC])
    return repeatability()


def repeatability() -> str:
    """Say whether equal runs give equal bits on this device."""
    platform = _platform()
    if platform != "gpu":
        return f"yes, on a {platform.upper()} always"
    if DETERMINISTIC in _flags():
        return "yes, as the GPU was told to, which costs it some speed"
    return "not on a GPU: call lamina.config.deterministic() in the line after import lamina"


def silence(*kinds: str) -> None:
    """Hear no more warnings about training that leads nowhere.

    They are Python's own warnings, so that `warnings.catch_warnings` ends the silence where it ends.

    Args:
        *kinds: "dead_units", "exploding_gradients", "stuck_loss", "vanishing_gradients"; all when none is given.

    Raises:
        ArgumentError: for another word.

    Example:
        >>> import lamina as lm
        >>> lm.config.silence("dead_units", "stuck_loss")
    """
    for kind in kinds:
        checks.choice("config.silence", kind, WARNINGS)
    for kind in kinds or WARNINGS:
        warnings.simplefilter("ignore", WARNINGS[kind])


def _flags() -> list[str]:
    return os.environ.get(FLAGS, "").split()


def _platform() -> str:
    from lamina import ops  # noqa: PLC0415 - loads JAX, which reads its flags when it starts

    name: str = ops.default_backend()
    return name
