"""The libraries, each with a virtual environment under ``.bench/``."""

from __future__ import annotations

import os
import subprocess
import sys
from compileall import compile_dir
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.workloads import WORKLOADS

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".bench"

# TensorFlow's CPU build exists for the commonest machines only; elsewhere the plain package is that build.
# PyTorch is pinned, since newer versions bring gigabytes for GPUs.
_COMMON = "sys_platform == 'linux' and platform_machine == 'x86_64'"
_REQUIREMENTS = {
    "jax": ("keras", "jax"),
    "sklearn": ("scikit-learn",),
    "tensorflow": (
        "keras",
        f"tensorflow-cpu==2.21; {_COMMON}",
        "tensorflow==2.21; sys_platform != 'linux' or platform_machine != 'x86_64'",
    ),
    "torch": ("keras", "torch==2.13.0"),
}


@dataclass(frozen=True)
class Rival:
    """A library and how to run it.

    Attributes:
        name: what the user types after ``--rivals``.
        environment: folder in ``.bench/``; for Keras also the name of the backend.
        worker: the module ``worker_<worker>.py``.
        imports: the module its user imports first.
        packages: those whose versions are reported, where installed.
        without: workloads it cannot do.
        settings: environment variables of its own.
    """

    name: str
    environment: str
    worker: str
    imports: str
    packages: tuple[str, ...]
    without: tuple[str, ...] = ()
    settings: tuple[tuple[str, str], ...] = ()

    @property
    def python(self) -> str:
        """The interpreter of its environment."""
        return str(FOLDER / self.environment / "bin" / "python")

    def variables(self, cache: str) -> dict[str, str]:
        """Return the variables of a process on the CPU that keeps its caches in the given folder."""
        processor = {"CUDA_VISIBLE_DEVICES": "", "JAX_PLATFORMS": "cpu"}
        folders = {"KERAS_HOME": cache, "XDG_CACHE_HOME": cache}
        bytecode = {"PYTHONDONTWRITEBYTECODE": ""}  # empty is no: what was compiled once is not compiled again
        return {
            **os.environ,
            **processor,
            **folders,
            **bytecode,
            "KERAS_BACKEND": self.environment,
            **dict(self.settings),
        }


_NOT_DENSE = tuple(name for name, workload in WORKLOADS.items() if not workload.is_dense)

_NOT_IN_HALVES = tuple(name for name in ("import", "kernels", *WORKLOADS) if name not in ("mlp", "cnn28"))

LAMINA = Rival("lamina", "lamina", "lamina", "lamina", ("lamina", "jax"))
HALVES = replace(  # Lamina too, beside itself in float32: what computing in 16 bits brings, or costs
    LAMINA,
    name="lamina-bfloat16",
    without=_NOT_IN_HALVES,
    settings=(("LAMINA_BENCH_PRECISION", "mixed_bfloat16"),),
)
FLOOR = Rival("jax-loop", "jax", "jax", "jax", ("jax",), without=_NOT_DENSE)
RIVALS = {
    rival.name: rival
    for rival in (
        LAMINA,
        HALVES,
        Rival("keras-jax", "jax", "keras", "keras", ("keras", "jax")),
        Rival("keras-tf", "tensorflow", "keras", "keras", ("keras", "tensorflow", "tensorflow-cpu")),
        Rival("keras-torch", "torch", "keras", "keras", ("keras", "torch")),
        Rival("torch", "torch", "torch", "torch", ("torch",)),
        Rival(
            "sklearn",
            "sklearn",
            "sklearn",
            "sklearn.neural_network",
            ("scikit-learn",),
            without=("autoencoder", *_NOT_DENSE),
        ),
        FLOOR,
    )
}


def install(rival: Rival) -> None:
    """Make the environment unless it is there as wanted; where that fails, the table will say so."""
    if rival.environment == LAMINA.environment:  # scripts/bench made it: it is the one running now
        compile_dir(ROOT / "src" / "lamina", quiet=1)  # as pip does for the others
        return
    folder, wanted = FOLDER / rival.environment, _REQUIREMENTS[rival.environment]
    stamp = folder / "installed"
    if stamp.exists() and stamp.read_text() == "\n".join(wanted):
        return
    print(f"installing {', '.join(wanted)} into {folder.relative_to(ROOT)} (once)", file=sys.stderr)
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    pip = [rival.python, "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
    if subprocess.run([*pip, *wanted]).returncode == 0:
        stamp.write_text("\n".join(wanted))


def versions(rival: Rival) -> str:
    """Return the versions of its packages, such as ``"keras 3.15.1, jax 0.10.2"``."""
    program = (
        "import sys\n"
        "from importlib.metadata import distributions\n"
        "found = {d.name.lower().replace('_', '-'): d.version for d in distributions()}\n"
        "print(', '.join(f'{name} {found[name]}' for name in sys.argv[1:] if name in found))"
    )
    answer = subprocess.run([rival.python, "-c", program, *rival.packages], capture_output=True, text=True)
    return answer.stdout.strip()
