import numpy as np

import lamina as lm
from lamina.layers import Input, SimpleRNN


def test_each_output_is_fed_back(call):
    weights = {"kernel": [[2]], "recurrent_kernel": [[3]], "bias": [1]}

    output = call(SimpleRNN(1, "linear", return_sequences=True), [[[1], [2], [0]]], weights=weights)

    assert output[0, :, 0].tolist() == [3, 2 * 2 + 3 * 3 + 1, 3 * 14 + 1]


def test_it_squashes_by_default(call):
    weights = {"kernel": [[1]], "recurrent_kernel": [[1]], "bias": [0]}

    output = call(SimpleRNN(1), [[[1], [2]]], weights=weights)

    np.testing.assert_allclose(output, [[np.tanh(2 + np.tanh(1))]], rtol=1e-6)


def test_weights_are_laid_out_as_in_keras():
    declared = SimpleRNN(4).weights((None, 10, 3))

    assert {name: weight.shape for name, weight in declared.items()} == {
        "kernel": (3, 4),
        "recurrent_kernel": (4, 4),
        "bias": (4,),
    }
    assert declared["recurrent_kernel"].initializer == "orthogonal"


def test_it_learns_to_remember_the_first_step(rng):
    x = rng.normal(size=(256, 4, 1)).astype("float32")
    model = lm.Sequential([Input((4, 1)), SimpleRNN(8), lm.layers.Dense(1)])
    model.compile(lm.optimizers.Adam(0.02), "mse")

    model.fit(x, x[:, 0], epochs=30, verbose=0, seed=1)

    assert model.evaluate(x, x[:, 0])["loss"] < 0.05
