"""Run programs on the CPU in the thread that calls them.

JAX hands a program for the CPU to another thread, so that Python may go on meanwhile. Lamina always waits for the
answer: then two threads only wake each other up, which takes longer than the prediction of one row. Python's other
threads go on in either case.

Importing this module decides it, for the whole process. Who needs JAX's own way back writes
``jax.config.update("jax_cpu_enable_async_dispatch", True)`` after the import and before the first computation.
"""

from __future__ import annotations

import jax


def run_where_called() -> None:
    """Tell JAX to run programs for the CPU where they are called; without effect once it has looked for devices."""
    jax.config.update("jax_cpu_enable_async_dispatch", False)


run_where_called()
