import copy
import dataclasses
import pickle
from typing import Annotated

import numpy as np
import pytest

from lamina._core import checks
from lamina._core.config import Config, Setting, fields_of, recheck, settings_of, with_settings
from lamina.errors import ArgumentError


class Part(Config):
    strength: Setting = 0.5

    def check(self):
        checks.number(self.place("strength"), self.strength, low=0)


class Whole(Config):
    units: int
    rate: Setting = 0.1
    sizes: tuple[int, ...] = ()
    part: Part | None = None
    parts: tuple[Part, ...] = ()
    name: str | None = dataclasses.field(default=None, kw_only=True)


def test_fields_are_arguments_by_position_and_name():
    whole = Whole(3, rate=0.2, name="first")

    assert fields_of(whole) == {"units": 3, "rate": 0.2, "sizes": (), "part": None, "parts": (), "name": "first"}


@pytest.mark.parametrize(
    ("whole", "words"),
    [
        (Whole(3), "Whole(3)"),
        (Whole(units=3, rate=0.1), "Whole(3)"),
        (Whole(3, 0.2, name="a"), "Whole(3, rate=0.2, name='a')"),
        (Whole(3, part=Part(0.7)), "Whole(3, part=Part(strength=0.7))"),
        (Whole(3, part=len), "Whole(3, part=len)"),
    ],
)
def test_the_repr_is_what_one_would_write(whole, words):
    assert repr(whole) == words


def test_what_has_to_be_named_stands_last_in_the_repr_wherever_it_was_declared():
    class Named(Config):
        name: str | None = dataclasses.field(default=None, kw_only=True)

    class Sized(Named):
        units: int

    assert repr(Sized(3, name="a")) == "Sized(3, name='a')"


def test_many_numbers_are_shown_in_short():
    assert len(repr(Whole(3, sizes=range(1000)))) < 200
    assert len(repr(Whole(3, sizes=tuple(range(1000))))) < 200


def test_a_default_that_is_made_anew_is_no_required_argument():
    class Listed(Config):
        items: tuple = dataclasses.field(default_factory=tuple)

    assert Listed().items == ()


@pytest.mark.parametrize(
    ("values", "named", "sentence"),
    [
        ((), {}, r"Whole\(units\): expected a value, got none.\n  Fix: write Whole\(units=...\)"),
        ((3,), {"unit": 4}, r"Whole\(unit\): expected an argument that exists.*\n  Fix: did you mean units"),
        ((3,), {"units": 4}, r"Whole\(units\): expected one value, got two"),
        (range(6), {}, r"Whole: expected at most 5 \(units, rate, sizes, part, parts\) without a name, got 6"),
    ],
)
def test_calls_that_do_not_fit_are_refused_in_words(values, named, sentence):
    with pytest.raises(ArgumentError, match=sentence):
        Whole(*values, **named)


def test_lists_and_numpy_numbers_are_stored_as_plain_values():
    whole = Whole(np.int64(3), np.float32(0.5), [1, np.int32(2), [3]])

    assert whole.sizes == (1, 2, (3,))
    assert [type(value) for value in (whole.units, whole.rate, whole.sizes[1])] == [int, float, int]


def test_the_check_runs_after_construction_and_replacement():
    with pytest.raises(ArgumentError, match=r"Part\(strength\): expected a finite number of at least 0, got -1"):
        Part(-1)
    with pytest.raises(ArgumentError, match=r"Part\(strength\)"):
        Part(1).replace(strength=-1)


def test_nothing_changes_after_construction():
    part = Part(0.5)

    with pytest.raises(ArgumentError, match=r"Part\(strength\): .* got 2 in place of 0.5.\n  Fix: make another one"):
        part.strength = 2
    with pytest.raises(ArgumentError, match=r"Part\(strenght\).*\n  Fix: did you mean strength"):
        part.strenght = 2
    assert part.strength == 0.5


def test_replacing_makes_another_object():
    first = Whole(3, rate=0.2)

    second = first.replace(units=4)

    assert (second.units, second.rate, first.units) == (4, 0.2, 3)


def test_equality_is_identity():
    assert Part() != Part()
    assert len({Part(), Part()}) == 2


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))])
def test_copies_are_the_same_in_words(again):
    whole = Whole(3, sizes=(1, 2), part=Part(0.7), name="first")

    assert repr(again(whole)) == repr(whole)


def test_a_constructor_of_its_own_is_refused():
    with pytest.raises(
        ArgumentError, match="Mine: expected arguments as annotated fields .* got an __init__ of its own"
    ):

        class Mine(Config):
            def __init__(self):
                pass


def test_settings_are_found_in_all_parts():
    whole = Whole(3, rate=1, part=Part(0.7), parts=(Part(0.8), Part(0.9)))

    assert dict(settings_of(whole)) == {
        "rate": 1.0,
        "part/strength": 0.7,
        "parts/0/strength": 0.8,
        "parts/1/strength": 0.9,
    }


@pytest.mark.parametrize("value", [True, None, (1.0, 2.0)])
def test_what_is_no_number_is_no_setting(value):
    class Mixed(Config):
        momentum: Annotated[float, "Setting"] | None = value

    assert dict(settings_of(Mixed())) == {}


def test_settings_can_be_replaced_without_a_check_and_leave_the_object_alone():
    whole = Whole(3, part=Part(0.7), parts=(Part(0.8), Part(0.9)))

    other = with_settings(whole, {"rate": "traced", "part/strength": -1, "parts/1/strength": "too"})

    assert (other.rate, other.part.strength, other.parts[0].strength, other.parts[1].strength) == (
        "traced",
        -1,
        0.8,
        "too",
    )
    assert (whole.rate, whole.part.strength, whole.parts[1].strength) == (0.1, 0.7, 0.9)


def test_changed_settings_can_be_checked_again():
    whole = with_settings(Whole(3, parts=(Part(0.8),)), {"parts/0/strength": -1})

    with pytest.raises(ArgumentError, match=r"Part\(strength\)"):
        recheck(whole)
