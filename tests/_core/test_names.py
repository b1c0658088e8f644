import pytest

from lamina._core.names import check_name, numbered
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
def test_a_taken_name_gets_the_next_number(taken, found):
    assert numbered("dense", iter(taken)) == found
