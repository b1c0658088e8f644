"""Files changed at random: each is refused with a `FormatError`, or is still a model."""

import contextlib
import copy
import random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import lamina as lm
from lamina import saving
from lamina.errors import FormatError
from lamina.models._saved import describe, restore

QUICK = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Write a model that was never compiled, which loads in a moment, and return its path."""
    model = lm.Sequential([lm.Input((2,)), lm.layers.Dense(2, activation="tanh"), lm.layers.LayerNormalization()])
    model.build(seed=1)
    path = tmp_path_factory.mktemp("small") / "small"
    model.save(path)
    return path


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Write a model with something of everything, and return its path."""
    x = lm.Input((4,), name="x")
    dense = lm.layers.Dense(4, activation="relu", kernel_regularizer=lm.regularizers.L2(0.1), name="first")
    inner = lm.Model(x, lm.layers.Dropout(0.5)(dense(x)), name="inner")
    model = lm.Model(x, lm.layers.Dense(2, activation="softmax")(lm.layers.Add()([inner(dense(x)), x])))
    rate = lm.schedules.ExponentialDecay(0.1, 10, 0.5)
    links = [lm.optimizers.ClipNorm(1.0), lm.optimizers.SGD(rate, momentum=0.5)]
    model.compile(links, "sparse_categorical_crossentropy", metrics=["accuracy", "auc"])
    model.freeze("first")
    model.fit(np.eye(4), np.array(["no", "yes", "no", "yes"]), seed=1, verbose=0)
    path = tmp_path_factory.mktemp("trained") / "trained"
    model.save(path)
    return path


@given(st.data())
@QUICK
def test_a_damaged_file_is_refused_or_is_the_same_model(small, data):
    original = small.read_bytes()
    damaged = bytearray(original)
    for _ in range(data.draw(st.integers(1, 3))):
        position = data.draw(st.integers(0, len(original) - 1))
        damaged[position] ^= 1 << data.draw(st.integers(0, 7))
    path = small.with_name("damaged")
    path.write_bytes(bytes(damaged)[: data.draw(st.sampled_from([None, data.draw(st.integers(0, len(original)))]))])

    refused_or_equal(path, small)


def refused_or_equal(path, original):
    try:
        loaded = lm.load(path)
    except FormatError:
        return
    expected = lm.load(original)
    assert repr(loaded.layers) == repr(expected.layers)
    assert loaded.seed == expected.seed
    for layer, arrays in expected.get_weights().items():
        for name, array in arrays.items():
            np.testing.assert_array_equal(loaded.get_weights(layer)[name], array)


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.sampled_from([10**12, 10**17, 1e-300, 1e300, 0.5, -1.0]),
    st.sampled_from(["relu", "adam", "..", "a b", "x", "optimizer", "layer/Dense", "", "float32", "float64"]),
    st.sampled_from([[], {}, [[]], [1, 2], {"kind": "layer/Dense", "units": 2}, {"kind": "loss/Huber"}, {"layer": 0}]),
)


@given(st.integers(0, 10**9), VALUES, st.sampled_from(["replace", "remove", "add"]))
@QUICK
def test_a_forged_description_is_refused_or_describes_a_model(trained, place, value, what):
    contents = saving.read(trained)
    config = copy.deepcopy(contents.config)
    part, key = random.Random(place).choice(list(places(config)))
    if what == "replace":
        part[key] = value
    elif what == "remove":
        del part[key]
    elif isinstance(part, dict):
        part["added"] = value
    else:
        part.append(value)

    with contextlib.suppress(FormatError):
        describe(restore(contents._replace(config=config), where="file", custom={}))


def places(part):
    """Yield every place in nested lists and dictionaries, as the container and the key in it."""
    for key in range(len(part)) if isinstance(part, list) else part:
        yield part, key
        if isinstance(part[key], (dict, list)):
            yield from places(part[key])
