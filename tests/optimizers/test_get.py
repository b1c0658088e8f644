import optax
import pytest

from lamina import optimizers
from lamina.errors import ArgumentError
from lamina.optimizers import SGD, Accumulate, Adam, AverageWeights, Chain, ClipNorm, FromOptax


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("adadelta", "Adadelta"),
        ("adafactor", "Adafactor"),
        ("adagrad", "Adagrad"),
        ("adam", "Adam"),
        ("adamax", "Adamax"),
        ("adamw", "AdamW"),
        ("ftrl", "Ftrl"),
        ("lamb", "Lamb"),
        ("lion", "Lion"),
        ("nadam", "Nadam"),
        ("rmsprop", "RMSprop"),
        ("sgd", "SGD"),
        ("RMSprop", "RMSprop"),
    ],
)
def test_a_name_gives_the_optimizer_with_its_defaults(name, kind):
    optimizer = optimizers.get(name)

    assert repr(optimizer) == f"{kind}()"


def test_an_optimizer_is_given_back_and_a_class_is_called():
    optimizer = Adam(0.1)

    assert optimizers.get(optimizer) is optimizer
    assert isinstance(optimizers.get(Adam), Adam)
    assert isinstance(optimizers.get(optax.adam(0.1)), FromOptax)


@pytest.mark.parametrize("kind", [list, tuple])
def test_a_list_becomes_a_chain(kind):
    clip = ClipNorm(1.0)

    chain = optimizers.get(kind([clip, "adam", AverageWeights]))

    assert isinstance(chain, Chain)
    assert chain.links[0] is clip
    assert [type(link) for link in chain.links] == [ClipNorm, Adam, AverageWeights]


@pytest.mark.parametrize(
    ("identifier", "sentence"),
    [
        (
            "adamm",
            r"compile\(optimizer\): expected the name of a known optimizer, got 'adamm'.\n .* 'adam'\?",
        ),
        ("rmspop", r"did you mean 'rmsprop'\?"),
        (["adam", "clip"], r"compile\(optimizer\)\[1\]: expected the name of a known optimizer, got 'clip'"),
        (
            0.1,
            r"expected the name of an optimizer, an Optimizer, or a list of links, got 0.1.\n  Fix: write",
        ),
        (None, r"expected the name of an optimizer, .* got None"),
        (dict, r"expected the name of an optimizer, .* got the class dict"),
        (optax.adam, r"expected the name of an optimizer, .* got the function adam"),
        ([["adam"]], r"compile\(optimizer\)\[0\]: expected .* got \['adam'\]"),
        ([], r"Chain\(links\): expected exactly one optimizer, got 0"),
        (
            ClipNorm(1.0),
            r"expected an optimizer, got only ClipNorm\(1.0\).*\n  Fix: write \[ClipNorm\(1.0\), ",
        ),
        (
            AverageWeights(),
            r"got only AverageWeights\(\), which goes after one.\n  Fix: write \[\"adam\", ",
        ),
        (
            Accumulate,
            r"Accumulate\(steps\): expected a value, got none.\n  Fix: write Accumulate\(steps=",
        ),
        (["clip_norm", "adam"], r"ClipNorm\(max_norm\): expected a value, got none"),
    ],
)
def test_anything_else_is_refused(identifier, sentence):
    with pytest.raises(ArgumentError, match=sentence):
        optimizers.get(identifier, where="compile(optimizer)")


@pytest.mark.parametrize(
    ("argument", "fix"),
    [
        ("lr", "write learning_rate instead of lr"),
        ("decay", r"write learning_rate=InverseTimeDecay\(...\)"),
        ("clipnorm", r"write \[ClipNorm\(1.0\), optimizer\]"),
        ("clipvalue", r"write \[ClipValue\(0.5\), optimizer\]"),
        ("global_clipnorm", r"write \[ClipGlobalNorm\(1.0\), optimizer\]"),
        ("gradient_accumulation_steps", r"write \[Accumulate\(4\), optimizer\]"),
        ("use_ema", r"write \[optimizer, AverageWeights\(0.99\)\]"),
        ("ema_momentum", r"write \[optimizer, AverageWeights\(0.99\)\]"),
        ("ema_overwrite_frequency", r"write \[optimizer, AverageWeights\(0.99\)\]: .* when training ends"),
        ("weight_decay", r"write \[optimizer, WeightDecay\(0.004\)\]"),
        ("learning_rat", "did you mean learning_rate"),
    ],
)
def test_an_argument_of_keras_that_is_written_otherwise_here_says_how(argument, fix):
    with pytest.raises(ArgumentError, match=rf"SGD\({argument}\): expected an argument that exists.*\n  Fix: {fix}"):
        SGD(**{argument: 1})
