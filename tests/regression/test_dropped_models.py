"""Nothing holds on to a model but its user."""

import gc
import weakref

import numpy as np

import lamina as lm


def test_a_model_that_is_dropped_is_freed():
    x, y = np.ones((4, 3)), np.zeros(4)
    model = lm.Sequential([lm.Input((3,)), lm.layers.Dense(1)])
    model.compile("adam", "mse")
    model.fit(x, y, verbose=0)
    references = [weakref.ref(part) for part in (model, model.layers[0], model.history, model._program)]

    del model
    gc.collect()

    assert [reference() for reference in references] == [None] * 4
