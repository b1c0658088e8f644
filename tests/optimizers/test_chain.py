import numpy as np
import optax
import pytest

from lamina import ops, optimizers
from lamina._core.config import settings_of
from lamina._core.portable import decode, encode
from lamina.errors import ArgumentError
from lamina.optimizers import SGD, Adam, AverageWeights, Chain, ClipNorm, ClipValue, FromOptax, WeightDecay


def test_gradients_go_from_left_to_right(steps):
    optimizer = Chain((ClipValue(4.0), ClipNorm(1.0), SGD(0.1), WeightDecay(1.0)))

    weights = steps(optimizer, 1.0, [100.0])

    assert weights == pytest.approx([1.0 - 0.1 - 0.1])


def test_a_chain_of_one_is_the_optimizer(steps):
    gradients = [1.0, -3.0, 2.0]

    weights = steps(Chain((Adam(0.1),)), 1.0, gradients)

    assert weights == steps(Adam(0.1), 1.0, gradients)


def test_each_link_has_the_state_at_its_place():
    chain = Chain((ClipNorm(1.0), Adam(), AverageWeights()))

    state = chain.transformation().init({"kernel": ops.ones((2,))})

    assert len(state) == len(chain.links)
    assert set(state[1]["slots"]["kernel"]) == {"momentum", "velocity"}
    assert set(state[2]) == {"step", "average"}


def test_its_learning_rate_is_that_of_its_optimizer():
    chain = Chain((ClipNorm(1.0), Adam(0.2), AverageWeights()))

    settings = dict(settings_of(chain))

    assert chain.learning_rate == settings["links/1/learning_rate"] == 0.2
    assert chain.optimizer is chain.links[1]
    assert settings["links/0/max_norm"] == 1.0


def test_a_chain_read_from_a_file_makes_the_same_steps(steps):
    chain = Chain((ClipNorm(0.5), SGD(0.2, momentum=0.7), WeightDecay(0.3)))

    read = decode(encode(chain, where="model"), "optimizer", where="model")

    gradients = [[1.0, -2.0], [3.0, 0.1]]
    np.testing.assert_array_equal(steps(read, [1.0, 1.0], gradients), steps(chain, [1.0, 1.0], gradients))


@pytest.mark.parametrize(
    ("links", "sentence"),
    [
        ((), r"Chain\(links\): expected exactly one optimizer, got 0 in \[\]"),
        ((ClipNorm(1.0),), r"expected exactly one optimizer, got 0 in \[ClipNorm\(1.0\)\].\n  Fix: write it as"),
        ((Adam(), SGD()), r"expected exactly one optimizer, got 2 in \[Adam\(\), SGD\(\)\]"),
        (
            (Adam(), ClipNorm(1.0)),
            r"expected ClipNorm before the optimizer, got it after Adam.\n  Fix: .* to the left",
        ),
        (
            (WeightDecay(0.1), Adam()),
            r"expected WeightDecay after the optimizer, got it before Adam.\n .* the right",
        ),
        ((AverageWeights(), Adam()), r"expected AverageWeights after the optimizer, got it before Adam"),
        (("adam",), r"expected optimizers and links, got 'adam'.\n  Fix: write optimizers.get\("),
        (
            (Chain((Adam(),)), ClipNorm(1.0)),
            r"expected optimizers and links, got Chain\(.*\n .* one flat list",
        ),
        (
            (FromOptax(optax.sgd(0.1)), WeightDecay(0.1)),
            r"expected .* rate WeightDecay can use, got FromOptax",
        ),
    ],
)
def test_links_that_make_no_sense_are_refused(links, sentence):
    with pytest.raises(ArgumentError, match=sentence):
        Chain(links)


def test_a_link_of_ones_own_stands_before_the_optimizer(steps):
    class Halve(optimizers.Link):
        def transformation(self):
            return optax.scale(0.5)

    weights = steps(optimizers.get([Halve(), SGD(1.0)]), 0.0, [1.0])

    assert weights == [-0.5]
