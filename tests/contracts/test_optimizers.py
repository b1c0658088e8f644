"""What every optimizer must do."""

from __future__ import annotations

import collections
import functools
import inspect
import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from tests.contracts.optimizer_cases import CASES, STEPS, Case

from lamina import ops, optimizers
from lamina._core.config import fields_of, settings_of, with_settings
from lamina._core.portable import decode, encode

GENERATOR = np.random.default_rng(7)
WEIGHTS = {
    "bias": np.zeros(4),
    "kernel": GENERATOR.normal(size=(5, 4)),
}
GRADIENTS = [{name: GENERATOR.normal(size=weight.shape) for name, weight in WEIGHTS.items()} for _ in range(10)]
COMPILATIONS: collections.Counter[optimizers.Optimizer] = collections.Counter()

every_optimizer = pytest.mark.parametrize("case", CASES, ids=lambda case: repr(case.optimizer))


@every_optimizer
def test_ten_steps_follow_the_formula(case: Case) -> None:
    wanted = {}
    for name, weight in WEIGHTS.items():
        kept: dict[str, Any] = {}
        for count, gradients in enumerate(GRADIENTS, start=1):
            weight = case.formula(case.optimizer, weight, gradients[name], count, kept)
        wanted[name] = weight

    weights, _ = train(case.optimizer, GRADIENTS)

    assert_close(weights, wanted, 1e-5)


@every_optimizer
def test_ten_steps_are_those_of_keras(case: Case, keras: Any) -> None:
    numbers = {name: 0.0 if value is None else value for name, value in fields_of(case.optimizer).items()}
    oracle = getattr(keras.optimizers, type(case.optimizer).__name__)(**numbers)
    variables = [keras.Variable(weight.astype("float32")) for weight in WEIGHTS.values()]
    for gradients in GRADIENTS:
        oracle.apply([gradients[name].astype("float32") for name in WEIGHTS], variables)

    weights, _ = train(case.optimizer, GRADIENTS)

    assert_close(weights, dict(zip(WEIGHTS, (variable.value for variable in variables), strict=True)), 1e-5)


@pytest.mark.parametrize("kind", {type(case.optimizer): None for case in CASES})
def test_arguments_and_defaults_are_those_of_keras(kind: type[optimizers.Optimizer], keras: Any) -> None:
    theirs = inspect.signature(getattr(keras.optimizers, kind.__name__).__init__).parameters

    ours = inspect.signature(kind).parameters

    # What Keras says with 0.0, None says here where it saves memory.
    defaults = {name: argument.default or 0.0 for name, argument in ours.items()}
    assert defaults == {name: theirs[name].default or 0.0 for name in ours}
    assert list(ours) == [name for name in theirs if name in ours]


@every_optimizer
@pytest.mark.parametrize("place", ["parabola", "rosenbrock"])
def test_it_finds_the_lowest_point(case: Case, place: str) -> None:
    loss, start, rate = {
        "parabola": (parabola, [0.0, 0.0], case.parabola_rate),
        "rosenbrock": (rosenbrock, [-1.0, 1.0], case.rosenbrock_rate),
    }[place]
    # Penalties move the lowest point.
    penalties = [name for name in fields_of(case.optimizer) if name == "weight_decay" or "regularization" in name]
    settings = {"learning_rate": rate, **dict.fromkeys(penalties, 0.0)}

    lowest = ops.jit(descend, static_argnums=(0, 1))(with_settings(case.optimizer, settings), loss, ops.asarray(start))

    assert loss(np.array(start)) > 3
    assert loss(lowest) < 1e-3


@every_optimizer
def test_going_on_is_the_same_as_never_stopping(case: Case) -> None:
    whole, _ = train(case.optimizer, GRADIENTS)

    half, state = train(case.optimizer, GRADIENTS[:4])
    on_disk = ops.tree_map(np.asarray, (half, state))
    resumed, _ = train(case.optimizer, GRADIENTS[4:], *on_disk)

    for name in WEIGHTS:
        np.testing.assert_array_equal(resumed[name], whole[name])


@every_optimizer
def test_settings_as_arrays_give_the_same_as_numbers(case: Case) -> None:
    transformation = case.optimizer.transformation()
    weight, gradient = on_device(WEIGHTS["kernel"]), on_device(GRADIENTS[0]["kernel"])
    change, _ = ops.jit(transformation.update)(gradient, transformation.init(weight), weight)

    with_arrays, _ = train(case.optimizer, GRADIENTS[:1])

    np.testing.assert_allclose(with_arrays["kernel"], weight + change, atol=1e-6)


@every_optimizer
def test_another_learning_rate_compiles_nothing_again(case: Case) -> None:
    weights, _ = train(case.optimizer, GRADIENTS[:1])
    compilations = COMPILATIONS[case.optimizer]

    others, _ = train(case.optimizer, GRADIENTS[:1], learning_rate=0.2)

    assert not np.allclose(weights["kernel"], others["kernel"], atol=1e-3)
    assert COMPILATIONS[case.optimizer] == compilations == 1


@every_optimizer
def test_a_schedule_is_asked_with_the_number_of_updates_made(case: Case) -> None:
    scheduled = with_settings(case.optimizer, {"learning_rate": lambda step: ops.where(step < 2, 0.1, 0.01)})
    wanted, state = train(case.optimizer, GRADIENTS[:2], learning_rate=0.1)
    wanted, _ = train(case.optimizer, GRADIENTS[2:3], wanted, state, learning_rate=0.01)

    weights, _ = train(scheduled, [gradients["kernel"] for gradients in GRADIENTS[:3]], WEIGHTS["kernel"])

    np.testing.assert_allclose(weights, wanted["kernel"], atol=1e-6)


@every_optimizer
@pytest.mark.parametrize("size", [0.0, 1e-20, 1e15])
def test_gradients_of_any_size_leave_finite_weights(case: Case, size: float) -> None:
    gradients = {name: np.full_like(weight, size) for name, weight in WEIGHTS.items()}

    weights, _ = train(case.optimizer, [gradients] * 3)

    assert all(np.isfinite(weight).all() for weight in weights.values())


@every_optimizer
def test_shapes_and_types_stay_as_they_are(case: Case) -> None:
    shapes = {"half": ((2, 3), "bfloat16"), "none": ((0,), "float32"), "single": ((1,), "float32")}
    weights = {name: ops.ShapeDtype(*shape) for name, shape in shapes.items()}
    transformation = case.optimizer.transformation()
    state = ops.eval_shape(transformation.init, weights)

    changes, after = ops.eval_shape(transformation.update, weights, state, weights)

    assert changes == weights
    assert after == state


@every_optimizer
def test_it_is_written_to_a_file_and_read_back(case: Case) -> None:
    written = encode(case.optimizer, where="model")

    read = decode(written, "optimizer", where="model")

    assert type(read) is type(case.optimizer)
    assert fields_of(read) == fields_of(case.optimizer)


def test_every_optimizer_has_a_case() -> None:
    public = {getattr(optimizers, name) for name in optimizers.__all__}

    kinds = {item for item in public if isinstance(item, type) and issubclass(item, optimizers.Optimizer)}

    assert {type(case.optimizer) for case in CASES} == kinds - {optimizers.Optimizer}


@pytest.fixture(scope="module")
def keras() -> Any:
    return pytest.importorskip("keras")


def parabola(weights: Any) -> Any:
    return (weights[0] - 3) ** 2 + 10 * (weights[1] + 2) ** 2


def rosenbrock(weights: Any) -> Any:
    return (1 - weights[0]) ** 2 + 100 * (weights[1] - weights[0] ** 2) ** 2


def descend(optimizer: optimizers.Optimizer, loss: Callable[[Any], Any], start: Any) -> Any:
    """Go down from `start` in one compiled loop, as training does."""
    transformation = optimizer.transformation()

    def step(_: Any, carry: Any) -> Any:
        weights, state = carry
        changes, state = transformation.update(ops.grad(loss)(weights), state, weights)
        return weights + changes, state

    return ops.fori_loop(0, STEPS, step, (start, transformation.init(start)))[0]


def train(
    optimizer: Any, gradients: list[Any], weights: Any = WEIGHTS, state: Any = None, **changed: float
) -> tuple[Any, Any]:
    """Make one step for each gradient with settings as arrays, and return the weights and the state."""
    settings = {name: ops.asarray(value) for name, value in {**dict(settings_of(optimizer)), **changed}.items()}
    weights = on_device(weights)
    state = optimizer.transformation().init(weights) if state is None else state
    for gradient in gradients:
        weights, state = compiled(optimizer)(settings, on_device(gradient), state, weights)
    return weights, state


@functools.cache
def compiled(optimizer: optimizers.Optimizer) -> Any:
    """Return one compiled step of an optimizer, the same for every test."""

    def step(settings: Any, gradients: Any, state: Any, weights: Any) -> Any:
        COMPILATIONS[optimizer] += 1
        changes, state = with_settings(optimizer, settings).transformation().update(gradients, state, weights)
        return ops.tree_map(operator.add, weights, changes), state

    return ops.jit(step)


def on_device(tree: Any) -> Any:
    return ops.tree_map(lambda values: ops.asarray(values, "float32"), tree)


def assert_close(found: Any, wanted: Any, tolerance: float) -> None:
    for name in WEIGHTS:
        np.testing.assert_allclose(found[name], wanted[name], rtol=tolerance, atol=tolerance, err_msg=name)
