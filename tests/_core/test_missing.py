import copy
import importlib
import subprocess
import sys

import pytest

import lamina as lm
from lamina._core.missing import TODAY, explained, missing


@pytest.mark.parametrize(
    ("package", "name", "fix"),
    [
        ("lamina", "utils", r"class numbers become one-hot rows by themselves, fit\(seed=1\)"),
        ("lamina", "backend", r"write lamina\.ops\."),
        ("lamina", "layrs", r"did you mean layers\?"),
        ("lamina.layers", "ConvLSTM2D", r"it is not in this version\."),
        ("lamina.layers", "concatenate", r"write Concatenate\(\)\(\[a, b\]\)\."),
        ("lamina.layers", "Dens", r"did you mean Dense\?"),
        ("lamina.callbacks", "SwapEMAWeights", r"write SwapAveragedWeights\(\), and AverageWeights"),
        ("lamina.datasets", "cifar10", r"it is not in this version\."),
        ("lamina.initializers", "he_normal", r"did you mean HeNormal\?"),
        ("lamina.models", "load_model", r"write lamina\.load\(path\)\."),
        ("lamina.optimizers", "schedules", r"write lamina\.schedules\."),
        ("lamina.regularizers", "l2", r"did you mean L2\?"),
        ("lamina.regularizers", "xyz", r"look at what dir\(\) lists\."),
    ],
)
def test_a_name_from_elsewhere_is_explained(package, name, fix):
    with pytest.raises(AttributeError, match=rf"^{package}\.{name}: expected a name that exists.*\n  Fix: .*{fix}"):
        getattr(importlib.import_module(package), name)


def test_who_probes_for_a_name_gets_no_for_an_answer():
    assert not hasattr(lm.layers, "ConvLSTM2D")
    assert not hasattr(lm, "__wrapped__")
    assert str(explained("lamina", "__wrapped__", [])) == "lamina has no attribute '__wrapped__'"


def test_names_that_are_loaded_late_are_found():
    get = missing("package", ["late"], found=str.upper)

    assert get("late") == "LATE"
    with pytest.raises(AttributeError, match="did you mean late"):
        get("lat")


def test_no_name_that_exists_is_said_to_be_missing():
    for package, table in TODAY.items():
        if package.startswith("lamina"):
            assert not set(table) & set(importlib.import_module(package).__all__)


def test_the_front_door_stays_light():
    code = "import sys, lamina; sys.exit('numpy' in sys.modules or 'jax' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("name", "fix"),
    [("input", r"write model\.inputs\[0\]"), ("weights", r"model\.get_weights\(\)"), ("metrics_names", "have names")],
)
def test_what_a_model_has_under_another_name_is_explained(name, fix):
    model = lm.Sequential([lm.Input((2,)), lm.layers.Dense(1)])

    with pytest.raises(AttributeError, match=fix):
        getattr(model, name)
    assert not hasattr(model, name)


def test_what_the_model_holds_for_a_layer_is_explained():
    layer = lm.layers.Dense(1)

    with pytest.raises(AttributeError, match=r"Dense\.get_weights: .*\n  Fix: ask the model"):
        layer.get_weights()
    assert copy.deepcopy(layer).units == 1
