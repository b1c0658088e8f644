import pytest

from lamina._core.names import Numbering, check_name
from lamina.errors import ArgumentError


@pytest.mark.parametrize("name", ["a", "dense_1", "Block.2", "_x", "left-hand", "a" * 100])
def test_plain_names_pass(name):
    check_name("Layer(name)", name)


@pytest.mark.parametrize(
    "name", ["", " ", "a b", "a/b", "../a", ".a", "1a", "a\n", "a\x00", "é", None, 3, "a" * 101, "C:\\a"]
)
def test_what_could_be_a_path_or_trouble_is_refused(name):
    with pytest.raises(ArgumentError, match=r"Layer\(name\): expected a plain name of letters"):
        check_name("Layer(name)", name)


@pytest.mark.parametrize(
    ("taken", "found"), [([], "dense"), (["dense"], "dense_1"), (["dense", "dense_1", "dense_3"], "dense_2")]
)
def test_a_taken_name_gets_the_lowest_number_that_is_free(taken, found):
    assert Numbering(iter(taken)).name("dense") == found


def test_a_name_is_given_once():
    numbering = Numbering(["dense_1"])

    assert [numbering.name(word) for word in ("dense", "dense", "input", "dense", "dense_2", "dense")] == [
        "dense",
        "dense_2",
        "input",
        "dense_3",
        "dense_2_1",
        "dense_4",
    ]
