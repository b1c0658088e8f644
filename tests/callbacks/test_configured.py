import pytest

from lamina.callbacks import Callback, CSVLogger, EarlyStopping, ReduceLROnPlateau
from lamina.callbacks._configured import configured
from lamina.errors import ArgumentError


@configured
class Threshold(Callback):
    monitor: str
    least: float = 0.5


def test_fields_are_arguments_and_show_in_the_repr():
    callback = Threshold("loss", least=2.0)

    assert (callback.monitor, callback.least) == ("loss", 2.0)
    assert repr(callback) == "Threshold(monitor='loss', least=2.0)"


def test_equal_arguments_do_not_make_equal_callbacks():
    assert Threshold("loss") != Threshold("loss")
    assert len({Threshold("loss"), Threshold("loss")}) == 2


def test_a_subclass_may_have_a_constructor_of_its_own():
    class Half(Threshold):
        def __init__(self):
            super().__init__("loss", 0.5)

    assert Half().monitor == "loss"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: Threshold(),
            r"Threshold\(monitor\): expected a value, got none\.\n  Fix: write Threshold\(monitor=\.\.\.\)",
        ),
        (lambda: Threshold("a", 1, 2), r"Threshold: expected at most 2 \(monitor, least\) without a name, got 3"),
        (lambda: EarlyStopping(patiense=3), r"EarlyStopping\(patiense\): .*\n  Fix: did you mean patience\?"),
        (
            lambda: EarlyStopping("loss", 0, 3),
            r"EarlyStopping: expected at most 2 .*\n  Fix: write the name of each other",
        ),
        (
            lambda: ReduceLROnPlateau(min_learning_rate=0),
            r"ReduceLROnPlateau\(min_learning_rate\): expected an argument",
        ),
        (lambda: CSVLogger(), r"CSVLogger\(filename\): expected a value, got none"),
    ],
)
def test_arguments_that_do_not_fit_are_explained(make, message):
    with pytest.raises(ArgumentError, match=f"^{message}"):
        make()
