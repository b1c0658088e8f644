import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from house.source import ROOT


def test_importing_lamina_loads_no_engine():
    program = "import sys, lamina; print({'jax', 'matplotlib', 'numpy', 'optax', 'rich', 'typer'} & set(sys.modules))"

    output = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout

    assert output.strip() == "set()"


def test_training_on_arrays_loads_what_it_needs_and_no_more():
    program = """
import sys
import lamina as lm
import numpy as np
model = lm.Sequential([lm.Input((2,)), lm.layers.Dense(1)])
model.compile([lm.optimizers.ClipNorm(1.0), "adam"], "mse")
model.fit(np.ones((4, 2)), np.ones(4), verbose=0)
print({"matplotlib", "narwhals", "optax", "pandas", "typer"} & set(sys.modules))
"""

    output = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout

    assert output.strip() == "set()"


def test_every_name_of_the_front_door_can_be_had():
    program = "from lamina import *; import lamina; assert set(lamina.__all__) <= set(dir())"

    subprocess.run([sys.executable, "-W", "error", "-c", program], check=True)


def test_imports_go_down():
    tool = shutil.which("lint-imports", path=Path(sys.executable).parent)
    if tool is None:
        pytest.skip("import-linter is not installed beside this Python")

    result = subprocess.run([tool, "--no-cache"], cwd=ROOT, capture_output=True, text=True)

    assert result.returncode == 0, result.stdout
