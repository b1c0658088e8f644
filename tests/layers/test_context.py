import numpy as np
import pytest

from lamina import ops, regularizers
from lamina.errors import ArgumentError
from lamina.layers import BatchNormalization, Context, Dropout, Embedding, Flatten, Layer, Run, parts
from lamina.layers._context import converted, over


def run_with(key=0, **more):
    return Run(training=True, key=ops.random.key(np.array([0, key], "uint32")), **more)


def bits(key):
    return tuple(np.asarray(ops.random.uniform(key, (2,))).tolist())


def test_no_two_keys_are_the_same():
    run, other_step = run_with(), run_with(1)
    first, again = Context(run, "dropout"), Context(run, "dropout", call=1)
    keys = [first.key(), first.key(), again.key(), first.key(3), Context(run, "dropout_1").key()]

    keys += [Context(other_step, "dropout").key()]

    assert len({bits(key) for key in keys}) == len(keys)


def test_the_same_step_gives_the_same_keys():
    assert bits(Context(run_with(), "dropout").key()) == bits(Context(run_with(), "dropout").key())


def test_without_a_key_the_numbers_are_always_the_same_and_differ_between_layers():
    run = Run(training=False)

    assert bits(Context(run, "a").key()) == bits(Context(run, "a").key()) != bits(Context(run, "b").key())


@pytest.mark.parametrize(
    ("frozen", "path", "found"),
    [
        ("dense", "dense", True),
        ("encoder", "encoder/dense", True),
        ("dense", "dense_1", False),
        ("a", "encoder/a", False),
    ],
)
def test_a_layer_is_frozen_with_what_it_is_part_of(frozen, path, found):
    assert Context(Run(training=True, frozen=frozenset([frozen])), path).frozen is found


def test_a_penalty_is_a_mean_over_the_real_rows():
    run = run_with(rows=np.array([True, True, False]))

    Context(run, "dense").add_activity(regularizers.L2(1.0), ops.asarray([[1.0], [3.0], [100.0]]))
    Context(run, "dense").add_activity(None, ops.asarray([[7.0]]))

    assert [float(penalty) for penalty in run.penalties] == [5]


def test_moving_values_are_seen_by_the_next_call_of_the_layer_alone():
    run = run_with()

    Context(run, "norm").update("mean", ops.asarray(3.0))

    assert dict(Context(run, "norm", call=1).moved()) == {"mean": 3}
    assert Context(run, "norm_1").moved() == {}


def test_parts_have_their_own_weights_keys_and_moving_values(rng):
    run = run_with()
    context = Context(run, "block")
    norm = BatchNormalization(momentum=0.0)
    weights = {
        name: np.ones(2, "float32") for name in parts(left=norm.weights((None, 2)), right=norm.weights((None, 2)))
    }

    context.call("left", norm, weights, np.array([[1.0, 2.0], [3.0, 4.0]], "float32"))
    context.call("right", norm, weights, np.array([[5.0, 6.0]], "float32"))

    moved = {name: value.tolist() for name, value in run.moved["block"].items() if name.endswith("mean")}
    assert moved == {"left.moving_mean": [2, 3], "right.moving_mean": [5, 6]}


def test_parts_never_share_random_numbers():
    context, ones = Context(run_with(), "block"), np.ones((50, 2), "float32")

    drops = [context.call(part, Dropout(0.5), {}, ones).tolist() for part in ("a", "b", "a")]

    assert drops[0] != drops[1] != drops[2] != drops[0]


def test_parts_may_have_parts():
    class Outer(BatchNormalization):
        def call(self, weights, x, context):
            return context.call("inner", BatchNormalization(momentum=0.0), weights, x)

    run = run_with()
    weights = {f"outer.inner.{name}": np.ones(1, "float32") for name in BatchNormalization().weights((None, 1))}

    Context(run, "block").call("outer", Outer(), weights, np.array([[2.0]], "float32"))

    assert sorted(run.moved["block"]) == ["outer.inner.moving_mean", "outer.inner.moving_variance"]


def test_a_part_gets_the_numbers_it_computes_with():
    table = {"words.embeddings": np.array([[1.0], [2.0]], "float32")}

    output = Context(run_with(), "block").call("words", Embedding(2, 1), table, ops.asarray([1.0, 0.0]))

    assert output.tolist() == [[2], [1]]


@pytest.mark.parametrize(
    ("given", "wanted", "made"),
    [
        ("int32", "float32", "float32"),
        ("bool", "float32", "float32"),
        ("bfloat16", "float32", "bfloat16"),
        ("float32", "int32", "int32"),
        ("uint8", "int32", "uint8"),
        ("bool", "int32", "int32"),
        ("int32", None, "int32"),
    ],
)
def test_only_another_kind_of_number_is_converted(given, wanted, made):
    assert converted((ops.zeros(2, given),), wanted)[0].dtype == made


@pytest.mark.parametrize(("given", "seen"), [({}, [True, False]), ({"mask": None}, None), ({"mask": "own"}, "own")])
def test_a_part_gets_the_mask_of_the_whole_or_one_of_its_own(given, seen):
    class Reader(Layer):
        masking = "use"

        def call(self, weights, x, context):
            return context.mask

    context = Context(run_with(), "block", mask=[True, False])

    assert context.call("inner", Reader(), {}, ops.ones((1, 2)), **given) == seen


def test_a_part_that_cannot_honour_a_mask_refuses_it():
    context = Context(run_with(), "block", mask=ops.asarray([[True, False]]))

    with pytest.raises(ArgumentError, match=r"Flatten\(\): expected an input of which every step is real"):
        context.call("inner", Flatten(), {}, ops.ones((1, 2, 3)))
    assert context.call("inner", Flatten(), {}, ops.ones((1, 2, 3)), mask=None).shape == (1, 6)


@pytest.mark.parametrize(("rows", "found"), [(None, (1 + 9 + 4) / 2), ([True, False], 1 + 9)])
def test_masked_steps_cost_nothing(rows, found):
    run = run_with(rows=rows and np.array(rows))
    output, mask = ops.asarray([[[1.0], [3.0]], [[2.0], [100.0]]]), ops.asarray([[True, True], [True, False]])

    Context(run, "dense").add_activity(regularizers.L2(1.0), output, mask=mask)

    assert float(run.penalties[0]) == pytest.approx(found)


def test_values_of_the_first_axes_are_spread_over_the_others():
    assert over(ops.ones((2, 3)), ops.ones((2, 3, 4, 5))).shape == (2, 3, 1, 1)
