import gc
import weakref

import numpy as np
import pytest

import lamina as lm
from lamina.errors import ShapeError
from lamina.layers import Dense

X = np.linspace(-1, 1, 24, dtype=np.float32).reshape(6, 4)


def test_training_the_whole_trains_the_part():
    encoder = lm.Sequential([lm.Input((4,)), Dense(2, activation="tanh")], name="encoder")
    decoder = lm.Sequential([lm.Input((2,)), Dense(4)], name="decoder")
    image = lm.Input((4,))
    autoencoder = lm.Model(image, decoder(encoder(image)))
    before = encoder.predict(X)

    autoencoder.compile("adam", "mse")
    autoencoder.fit(X, X, epochs=2, verbose=0)

    assert (encoder.predict(X) != before).any()
    np.testing.assert_array_equal(autoencoder.predict(X), decoder.predict(encoder.predict(X)))


def test_training_the_part_trains_the_whole():
    part = lm.Sequential([lm.Input((4,)), Dense(1)], name="part")
    whole = lm.Sequential([part, Dense(1)])
    before = whole.predict(X)

    part.compile("sgd", "mse")
    part.fit(X, X[:, 0], verbose=0)

    assert (whole.predict(X) != before).any()


def test_one_layer_reads_both_inputs_of_a_siamese_network():
    left, right = lm.Input((4,)), lm.Input((4,))
    shared = Dense(3, name="shared")
    model = lm.Model([left, right], [shared(left), shared(right)])

    first, second = model.predict([X, X])

    np.testing.assert_array_equal(first, second)
    assert model.count_params() == 15


def test_a_layer_in_two_models_of_other_sizes_is_refused_by_name():
    layer = Dense(2, name="code")
    lm.Sequential([lm.Input((3,)), layer]).build()
    other = lm.Sequential([lm.Input((4,)), layer])

    with pytest.raises(ShapeError, match=r"code \(Dense\): expected .* kernel \(3, 2\).* got one for kernel \(4, 2\)"):
        other.build()


def test_arrays_are_freed_with_the_last_model_that_has_the_layer():
    model = lm.Sequential([lm.Input((3,)), Dense(2)]).build()
    kernel = weakref.ref(model.state.weights["dense"]["kernel"])

    del model
    gc.collect()

    assert kernel() is None


def test_arrays_live_on_in_another_model_with_the_layer():
    layer = Dense(2)
    model = lm.Sequential([lm.Input((3,)), layer]).build()
    kernel = model.get_weights("dense")["kernel"]

    del model
    gc.collect()
    again = lm.Sequential([lm.Input((3,)), layer])

    np.testing.assert_array_equal(again.get_weights("dense")["kernel"], kernel)


def test_a_model_is_freed_with_its_compiled_programs():
    model = lm.Sequential([lm.Input((4,)), Dense(2)])
    model.compile("adam", "mse")
    model.fit(X, X[:, :2], verbose=0)
    model.predict(X)
    left = [weakref.ref(part) for part in (model, model.graph, model._plan, model.layers[0])]

    del model
    gc.collect()

    assert [part() for part in left] == [None] * 4
