"""Compile functions with less time and memory than XLA takes by itself.

On a CPU, XLA leaves much of the work to LLVM, whose dearest passes (they unroll loops and look for vectors in them)
take time and gain nothing, since XLA has written vectors already. And the compiler leaves a hundred megabytes behind,
in small pieces in which no large array finds room: more than a small network needs for itself.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import jax

from lamina.ops._memory import give_back

__all__ = ["compiled"]

QUICK = {"xla_llvm_disable_expensive_passes": True}


def compiled(function: Callable[..., Any], **options: Any) -> Callable[..., Any]:
    """Return a function that is compiled when it is first called.

    Args:
        function: what `jax.jit` takes.
        **options: those of `jax.jit`.
    """
    on_cpu = jax.default_backend() == "cpu"
    run = jax.jit(function, compiler_options=QUICK if on_cpu else None, **options)
    calls = 0

    @functools.wraps(run)
    def run_compiled(*values: Any, **named: Any) -> Any:
        nonlocal calls
        if jax.config.jax_disable_jit:  # type: ignore[attr-defined]
            return run(*values, **named)
        if calls == 0:
            run.lower(*values, **named).compile()  # JAX keeps the result, and runs it below
            give_back()
        result = run(*values, **named)
        calls += 1
        if calls.bit_count() == 1:  # after 1, 2, 4, 8 ... calls, as blocks take some calls to find their places
            give_back()
        return result

    return run_compiled
