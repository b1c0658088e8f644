import inspect

import pytest

from lamina import errors
from lamina.errors import DataError, LaminaError, MissingDependencyError

ERRORS = [item for item in vars(errors).values() if inspect.isclass(item) and issubclass(item, LaminaError)]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_every_error_is_in_the_tree_of_the_docstring(error):
    line = next(line for line in errors.__doc__.splitlines() if error.__name__ in line)

    python = [base.__name__ for base in error.__bases__ if base is not LaminaError and base is not Exception]
    assert all(f"({name})" in line for name in python)


def test_errors_can_be_caught_as_pythons_own():
    assert issubclass(DataError, ValueError)
    assert issubclass(MissingDependencyError, ImportError)


def test_remarks_are_kept_except_jaxs_about_its_frames():
    error = DataError("x: expected rows, got none.\n  Fix: pass some.")

    error.add_note("This happened in the layer dense.")
    error.add_note("-----\nFor simplicity, JAX has removed its internal frames from the traceback.")

    assert error.__notes__ == ["This happened in the layer dense."]
