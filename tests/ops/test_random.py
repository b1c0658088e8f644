"""Keys are the two words they are made of, and give the same numbers everywhere."""

import numpy as np

from lamina import ops


def drawn(words, *folds):
    key = ops.random.key(ops.asarray(words, "uint32"))
    for number in folds:
        key = ops.random.fold_in(key, number)
    return np.asarray(ops.random.uniform(key, (4,)))


def test_the_same_words_give_the_same_numbers():
    np.testing.assert_array_equal(drawn([1, 2]), drawn([1, 2]))


def test_other_words_and_other_folds_give_other_numbers():
    numbers = [drawn([1, 2]), drawn([2, 1]), drawn([1, 2], 0), drawn([1, 2], 1)]

    assert len({tuple(each.tolist()) for each in numbers}) == len(numbers)


def test_the_numbers_are_those_of_threefry():
    """Known once and for all: a run repeated next year must draw the same."""
    np.testing.assert_allclose(drawn([0, 7]), EXPECTED, rtol=0, atol=1e-7)


EXPECTED = [0.6740899085998535, 0.9746168851852417, 0.3028435707092285, 0.4439585208892822]
