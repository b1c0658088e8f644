"""Keep compiled programs on disk, so that the second start of a script does not compile again.

Importing this module turns it on.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import jax
from platformdirs import user_cache_path

__all__ = ["cache_folder"]


def cache_folder() -> Path:
    """Return where compiled programs are kept unless JAX was told otherwise."""
    return Path(user_cache_path("lamina", appauthor=False)) / "programs"


def keep_compiled_programs() -> None:
    """Turn on JAX's persistent compilation cache, unless the user has set it up or the folder cannot be written.

    Entries are read only after JAX has matched program, versions, device and options, so an old one is never used.
    """
    settings = jax.config.values
    if settings["jax_compilation_cache_dir"] is not None or not settings["jax_enable_compilation_cache"]:
        return
    folder = cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return
    if os.access(folder, os.W_OK):
        drop_empty(folder)
        jax.config.update("jax_compilation_cache_dir", str(folder))
        jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.05)
        jax.config.update("jax_persistent_cache_min_entry_size_bytes", 0)


def drop_empty(folder: Path) -> None:
    """Remove entries without content, which a process that was killed while it wrote them leaves behind.

    JAX writes entries in their place and never again, so it would warn of one at every start.
    """
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_file() and entry.stat().st_size == 0:
                os.unlink(entry.path)


keep_compiled_programs()
