"""`lamina doctor`: what is installed, found and missing on this machine."""

from __future__ import annotations

import importlib.metadata
import json
import platform
import re
from pathlib import Path
from typing import Annotated, TypeAlias

import typer
from platformdirs import user_cache_path

import lamina
from lamina.errors import DataError

Findings: TypeAlias = dict[str, dict[str, str]]

ENGINE = ("jax", "jaxlib", "numpy", "optax")
FOR_DEVELOPERS = {"dev", "test"}


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON, for programs.")] = False,
) -> None:
    """Show versions, devices and folders, and how to get what is missing."""
    found = findings()
    if as_json:
        typer.echo(json.dumps(found, indent=2))
    else:
        _print_table(found)


def findings() -> Findings:
    """Look around, and return what is there by section and name; nothing is changed, nothing fetched."""
    return {
        "versions": {"lamina": lamina.__version__, "Python": platform.python_version()}
        | {name: _version(name) or "not installed" for name in ENGINE},
        "compute": {"devices": _devices(), "kernels": _kernels(), "repeatable": _repeatable()},
        "cache": {"folder": _cache()},
        "data": _data(),
        "optional": {extra: _state(extra, names) for extra, names in extras().items()},
    }


def extras() -> dict[str, list[str]]:
    """Return the optional parts of Lamina, each with the packages it needs, as the installed package declares them."""
    needs: dict[str, list[str]] = {}
    for line in importlib.metadata.requires("lamina") or []:
        found = re.fullmatch(r"""([\w.-]+).*;\s*extra == ['"]([\w-]+)['"]""", line)
        if found and found[2] not in FOR_DEVELOPERS:
            needs.setdefault(found[2], []).append(found[1])
    return needs


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _devices() -> str:
    try:
        return ", ".join(f"{device.device_kind} ({device})" for device in lamina.ops.devices())
    except Exception as error:  # a broken engine is a finding, not a reason to stop
        return f"none: {type(error).__name__}: {error}"


def _repeatable() -> str:
    try:
        return lamina.config.repeatability()
    except Exception as error:  # as for devices
        return f"not known: {type(error).__name__}"


def _kernels() -> str:
    found = lamina.ops.instruction_set()
    if found:
        return f"native, for {found}"
    return "none: pure JAX takes their place; a C++ compiler at the installation, and LAMINA_KERNELS not 0, gives them"


def _cache() -> str:
    folder = user_cache_path("lamina", appauthor=False)
    parts = sorted(part for part in folder.iterdir() if part.is_dir()) if folder.is_dir() else []
    sizes = [f"{part.name} {_bytes_in(part) / 1e6:.1f} MB" for part in parts]
    return f"{folder} ({', '.join(sizes) or 'empty'})"


def _data() -> dict[str, str]:
    from lamina.datasets._files import folders  # noqa: PLC0415 - `lamina --help` does not wait for NumPy

    try:
        places = [str(folder) for folder in folders()]
    except DataError as error:
        return {"folder": str(error)}
    sets = lamina.datasets.available()
    return {
        "folder": " or ".join(places),
        "present": ", ".join(found.name for found in sets if found.present),
        "to download on first use": ", ".join(found.name for found in sets if not found.present) or "nothing",
    }


def _bytes_in(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _state(extra: str, packages: list[str]) -> str:
    missing = [name for name in packages if _version(name) is None]
    return f"{', '.join(missing)} missing: pip install 'lamina[{extra}]'" if missing else "installed"


def _print_table(found: Findings) -> None:
    from rich import box  # noqa: PLC0415 - `lamina --help` does not wait for rich
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    table = Table(box=box.SIMPLE_HEAD, show_header=False)
    for section, rows in found.items():
        for name, value in rows.items():
            table.add_row(section, name, value)
            section = ""
        table.add_section()
    Console(highlight=False, markup=False).print(table)
