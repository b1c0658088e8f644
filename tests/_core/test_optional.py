import math

import pytest

from lamina._core.optional import require
from lamina.errors import MissingDependencyError


def test_a_package_that_is_there_is_returned():
    assert require("math", extra="plot", purpose="history.plot()") is math


@pytest.mark.parametrize(
    ("extra", "install"),
    [("plot", r"pip install 'lamina\[plot\]'"), ("no_such_package", "pip install no_such_package")],
)
def test_a_missing_package_is_named_with_the_command(extra, install):
    sentence = rf"history.plot\(\): expected no_such_package to be installed, got none.\n  Fix: {install}"

    with pytest.raises(MissingDependencyError, match=sentence):
        require("no_such_package.inner", extra=extra, purpose="history.plot()")


def test_it_is_an_import_error():
    with pytest.raises(ImportError):
        require("no_such_package", extra="plot", purpose="this")
