"""Packages that are only needed for some things."""

from __future__ import annotations

import importlib
from typing import Any

from lamina._core import checks
from lamina.errors import MissingDependencyError


def require(module: str, *, extra: str, purpose: str) -> Any:
    """Return an optional module, or say what to install.

    Args:
        module: its import name.
        extra: Lamina's extra that brings it, or the package itself where there is none.
        purpose: what it is needed for, in the user's words.

    Raises:
        MissingDependencyError: where it is not installed.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        package = module.partition(".")[0]
        install = f"pip install 'lamina[{extra}]'" if extra != package else f"pip install {package}"
        raise checks.problem(
            MissingDependencyError, purpose, expected=f"{package} to be installed", got="none", fix=install
        ) from error
