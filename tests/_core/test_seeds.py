import numpy as np
import pytest

from lamina._core import seeds
from lamina.errors import ArgumentError


def test_the_same_names_give_the_same_numbers():
    first, again = (seeds.stream(7, "weights", "dense").normal(size=5) for _ in range(2))

    assert first.tolist() == again.tolist()


def test_streams_are_the_same_on_every_machine():
    assert seeds.stream(0, "order", 3).integers(1000, size=4).tolist() == [527, 188, 766, 315]
    assert seeds.key_data(0, "call").tolist() == [704684786, 1252609652]


@pytest.mark.parametrize("names", [("weights", "dense_1"), ("weights",), ("order", "dense"), ("weightsdense",)])
def test_other_names_or_seeds_give_other_numbers(names):
    reference = seeds.stream(7, "weights", "dense").normal(size=5).tolist()

    assert seeds.stream(7, *names).normal(size=5).tolist() != reference
    assert seeds.stream(8, "weights", "dense").normal(size=5).tolist() != reference


def test_a_key_is_two_words_of_32_bits():
    key = seeds.key_data(7, "step")

    assert (key.dtype, key.shape) == (np.uint32, (2,))


def test_a_given_seed_is_kept_and_none_is_drawn():
    assert seeds.chosen(7, where="fit(seed)") == 7
    assert seeds.chosen(np.int64(7), where="fit(seed)") == 7
    assert [seeds.chosen(given, where="fit(seed)", before=5) for given in (7, None)] == [7, 5]
    drawn = {seeds.chosen(None, where="fit(seed)") for _ in range(4)}
    assert len(drawn) > 1
    assert all(0 <= seed <= seeds.LARGEST_SEED for seed in drawn)


@pytest.mark.parametrize("seed", [-1, 1.5, "7", True, 2**32])
def test_a_seed_is_a_number_of_32_bits(seed):
    with pytest.raises(
        ArgumentError, match=r"fit\(seed\): expected an integer (of at least 0|from 0 to 4294967295), got"
    ):
        seeds.chosen(seed, where="fit(seed)")
