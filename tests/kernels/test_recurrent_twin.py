import jax.numpy as jnp
import numpy as np

from lamina.kernels._recurrent_twin import recur


def test_each_step_gets_the_states_that_the_one_before_left():
    def step(states, now):
        total, count = states
        return total * now, (total + now, count + 1)

    outputs, (total, count) = recur(
        step, jnp.asarray([[1.0, 2.0, 3.0]]), (jnp.asarray([10.0]), jnp.asarray([0])), before=jnp.zeros(1)
    )

    assert outputs.tolist() == [[10.0, 22.0, 39.0]]
    assert total.tolist() == [16.0]
    assert count.tolist() == [3]


def test_a_masked_step_keeps_the_states_and_repeats_the_output_before_it():
    def step(states, now):
        return now * 10, (states[0] + now,)

    mask = np.array([[False, True, False, True], [True, True, False, False]])
    x = jnp.asarray([[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]])

    outputs, (total,) = recur(step, x, (jnp.zeros(2),), mask=mask, before=jnp.asarray([-1.0, -2.0]))

    assert outputs.tolist() == [[-1.0, 20.0, 20.0, 40.0], [50.0, 60.0, 60.0, 60.0]]
    assert total.tolist() == [6.0, 11.0]


def test_outputs_and_states_may_have_any_shape():
    def step(states, now):
        return now[:, :1, :, None], (states[0] + now,)

    outputs, (state,) = recur(
        step,
        jnp.ones((2, 3, 4, 5)),
        (jnp.zeros((2, 4, 5)),),
        mask=np.ones((2, 3), bool),
        before=jnp.zeros((2, 1, 5, 1)),
    )

    assert outputs.shape == (2, 3, 1, 5, 1)
    assert np.all(state == 3)
