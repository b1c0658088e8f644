import numpy as np
import pytest

import lamina as lm
from lamina.errors import ArgumentError, ShapeError
from lamina.layers import (
    GlobalAveragePooling1D,
    GlobalAveragePooling2D,
    GlobalAveragePooling3D,
    GlobalMaxPooling1D,
    GlobalMaxPooling2D,
    GlobalMaxPooling3D,
    Identity,
    Input,
    Masking,
)

LARGEST = [GlobalMaxPooling1D, GlobalMaxPooling2D, GlobalMaxPooling3D]
MEAN = [GlobalAveragePooling1D, GlobalAveragePooling2D, GlobalAveragePooling3D]


@pytest.mark.parametrize("kind", [*LARGEST, *MEAN])
@pytest.mark.parametrize("keepdims", [False, True])
def test_one_number_is_left_of_each_channel(kind, keepdims, call, rng):
    x = rng.normal(size=(2, *(3, 4, 5)[: kind.rank], 6))
    join = np.max if kind in LARGEST else np.mean

    output = call(kind(keepdims=keepdims), x)

    wanted = join(x, axis=tuple(range(1, kind.rank + 1)), keepdims=keepdims)
    np.testing.assert_allclose(output, wanted, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(("kind", "wanted"), [(GlobalMaxPooling1D, [-2, 5, 0]), (GlobalAveragePooling1D, [-3, 4, 0])])
def test_masked_steps_do_not_count(kind, wanted):
    model = lm.Sequential([lm.Input((3, 1)), Identity(), Masking(), kind()])
    rows = [[-2, -4, 0], [3, 4, 5], [0, 0, 0]]

    assert model.predict(np.reshape(rows, (3, 3, 1))).ravel().tolist() == wanted


@pytest.mark.parametrize("kind", [GlobalMaxPooling1D, GlobalAveragePooling1D])
def test_a_sequence_of_padding_alone_has_no_gradient(kind):
    model = lm.Sequential([lm.Input((2, 1)), Identity(), Masking(), lm.layers.Dense(1), kind()]).build(seed=0)
    model.compile("sgd", "mse")
    kernel = model.get_weights("dense")["kernel"].copy()

    scores = model.train_on_batch(np.zeros((4, 2, 1)), np.ones((4, 1)))

    assert scores["loss"] == 1
    assert model.get_weights("dense")["kernel"] == kernel


@pytest.mark.parametrize("kind", [*LARGEST, *MEAN])
def test_mistakes_are_named(kind):
    with pytest.raises(ArgumentError, match=rf"{kind.__name__}\(keepdims\): expected True or False, got 1"):
        kind(keepdims=1)
    with pytest.raises(ShapeError, match=r"expected an input of shape \(batch, .*\), got \(None,\)"):
        kind()(Input(()))


def test_short_names_stand_for_the_same():
    short = [f"Global{kind}Pool{rank}D" for kind in ("Max", "Avg") for rank in (1, 2, 3)]

    assert [getattr(lm.layers, name) for name in short] == [*LARGEST, *MEAN]


@pytest.mark.parametrize("kind", [GlobalAveragePooling1D, GlobalMaxPooling1D])
def test_nothing_has_no_mean_and_no_largest_number(kind):
    model = lm.Sequential([Input((None, 2)), kind()])

    sentence = rf"{kind.__name__}\(\): expected at least one place along each axis, got \(2, 0, 2\)\.\n  Fix: leave out"
    with pytest.raises(ShapeError, match=sentence):
        model.predict(np.zeros((2, 0, 2)))
