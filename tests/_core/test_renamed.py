import inspect

import pytest

import lamina as lm
from lamina._core.renamed import GONE, TODAY, explain, explain_arguments, misuse
from lamina.errors import ArgumentError


def fit(x, y=None, *, batch_size=32, epochs):
    return x, y, batch_size, epochs


@pytest.mark.parametrize(
    ("name", "known", "fix"),
    [
        ("nb_epoch", ["epochs"], "write epochs instead of nb_epoch."),
        ("nb_epoch", ["x"], "remove it; fit takes x."),
        ("input_shape", [], "write an Input(shape) as the first element of the model instead of input_shape."),
        ("validation_freq", ["validation_data"], "remove it; validation follows every epoch."),
        ("run_eagerly", ["debug"], "write debug instead of run_eagerly."),
        ("epoch", ["x", "epochs"], "did you mean epochs?"),
        ("xyzzy", [], "remove it; fit takes no arguments."),
    ],
)
def test_an_unknown_name_is_explained(name, known, fix):
    error = explain("fit", name, known)

    assert str(error) == f"fit({name}): expected an argument that exists, got {name!r}.\n  Fix: {fix}"


def test_the_tables_are_in_order_and_nothing_means_itself():
    assert list(TODAY) == sorted(TODAY)
    assert list(GONE) == sorted(GONE)
    assert not TODAY.keys() & GONE.keys()
    assert not [old for old, new in TODAY.items() if old == new]


@pytest.mark.parametrize(
    ("values", "named", "sentence"),
    [
        ((1,), {"epochs": 2}, None),
        ((1, 2), {"epochs": 2, "batch_size": 3}, None),
        ((), {"epochs": 2}, "fit(x): expected a value, got none"),
        ((1,), {}, "fit(epochs): expected a value, got none"),
        ((1,), {"x": 2, "epochs": 3}, "fit(x): expected one value, got two"),
        ((1, 2, 3), {"epochs": 2}, "fit: expected at most 2 (x, y) without a name, got 3"),
        ((1,), {"nb_epoch": 2}, "fit(nb_epoch): expected an argument that exists"),
    ],
)
def test_a_call_fits_or_is_explained(values, named, sentence):
    error = misuse("fit", inspect.signature(fit), values, named)

    assert error is None if sentence is None else str(error).startswith(sentence)


def test_self_is_not_counted():
    def method(self):
        return self

    assert misuse("method", inspect.signature(method), ("object",), {}) is None
    assert "expected no arguments without a name, got 1" in str(misuse("m", inspect.signature(method), ("o", 1), {}))


def test_a_decorated_function_works_and_explains():
    function = explain_arguments(fit)

    assert function(1, epochs=2) == (1, None, 32, 2)
    assert inspect.signature(function) == inspect.signature(fit)
    with pytest.raises(ArgumentError, match="write epochs instead of nb_epoch"):
        function(1, nb_epoch=2)


@pytest.mark.parametrize(
    ("method", "name", "sentence"),
    [
        ("fit", "validation_freq", "remove it; validation follows every epoch"),
        ("compile", "weighted_metrics", r"write metrics=\[...\]; weights of samples and classes count in each"),
        ("compile", "run_eagerly", "write debug instead of run_eagerly"),
    ],
)
def test_a_model_explains_arguments_of_keras(method, name, sentence):
    model = lm.Sequential([lm.Input((1,)), lm.layers.Dense(1)])

    with pytest.raises(ArgumentError, match=sentence):
        getattr(model, method)(**{name: 1})


def test_errors_inside_a_decorated_function_are_its_own():
    @explain_arguments
    def function(x):
        raise TypeError("inside")

    with pytest.raises(TypeError, match="inside"):
        function(1)
