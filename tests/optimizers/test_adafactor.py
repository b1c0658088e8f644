import numpy as np
import pytest

from lamina.errors import ArgumentError
from lamina.optimizers import Adafactor


def test_the_first_step_of_a_vector_by_hand(steps):
    gradients = [[5.0, -1e-3]]

    weights = steps(Adafactor(0.1), [3.0, 4.0], gradients)

    # Its root mean square is √12.5, and a tenth of it is the step, by the sign of the gradient.
    assert weights[0] == pytest.approx([3 - 0.1 * 12.5**0.5, 4 + 0.1 * 12.5**0.5], rel=1e-5)


@pytest.mark.parametrize("shape", [(2, 3), (4, 2, 3)])
def test_where_squares_are_a_product_of_row_and_column_nothing_is_lost(shape, rng, steps):
    rows, columns = rng.normal(size=shape[:-1]), rng.normal(size=(*shape[:-2], shape[-1]))
    gradients = [np.einsum("...r,...c->...rc", rows, columns)]

    weights = steps(Adafactor(0.1), np.ones(shape), gradients)

    assert weights[0] == pytest.approx(1 - 0.1 * np.sign(gradients[0]), rel=1e-4)


def test_a_matrix_costs_one_row_and_one_column_of_memory():
    sizes = {"filters": (3, 5, 7), "kernel": (5, 7), "bias": (7,)}

    state = Adafactor().transformation().init({name: np.ones(size, "float32") for name, size in sizes.items()})

    shapes = {weight: {name: slot.shape for name, slot in slots.items()} for weight, slots in state["slots"].items()}
    assert shapes == {
        "filters": {"rows": (3, 5), "columns": (3, 7)},
        "kernel": {"rows": (5,), "columns": (7,)},
        "bias": {"velocity": (7,)},
    }


@pytest.mark.parametrize(("relative_step", "factor"), [(True, 1 / 2**0.5), (False, 1.0)])
def test_relative_steps_shrink_with_the_root_of_the_count(relative_step, factor, steps):
    optimizer = Adafactor(1.0, relative_step=relative_step, epsilon_2=1.0)

    first, second = steps(optimizer, 0.0, [1.0, 1.0])

    # Both lengths are in units of the weight, 1 here at both steps.
    assert first == pytest.approx(-1.0)
    assert second - first == pytest.approx(-factor)


def test_a_sudden_large_gradient_is_held_back(steps):
    gradients = [1.0] * 50 + [100.0]

    held, free = (steps(Adafactor(0.01, clip_threshold=most), 1.0, gradients)[-1] for most in (1.0, 1e9))

    assert free < held < 1.0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"beta_2_decay": 0.8}, r"Adafactor\(beta_2_decay\): expected a finite number of at most 0, got 0.8"),
        ({"epsilon_1": 0}, r"Adafactor\(epsilon_1\): expected a finite number above 0, got 0"),
        ({"epsilon_2": 0}, r"Adafactor\(epsilon_2\): expected a finite number above 0, got 0"),
        ({"clip_threshold": 0}, r"Adafactor\(clip_threshold\): expected a finite number above 0, got 0"),
        ({"relative_step": 1}, r"Adafactor\(relative_step\): expected True or False, got 1"),
    ],
)
def test_an_argument_out_of_range_is_refused(arguments, sentence):
    with pytest.raises(ArgumentError, match=sentence):
        Adafactor(**arguments)
