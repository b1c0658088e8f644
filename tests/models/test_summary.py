import pytest

import lamina as lm
from lamina.errors import StageError
from lamina.layers import Add, BatchNormalization, Dense, Dropout, Embedding, Flatten
from lamina.models._summary import shape_text, summarise


class MeanOverTime(lm.Layer):
    """Average the real steps."""

    masking = "use"

    def output_shape(self, input_shape):
        return (input_shape[0], *input_shape[2:])

    def call(self, weights, x, context):
        return lm.ops.mean(x, axis=1, where=context.mask[..., None])


def table(text):
    return [line.rstrip() for line in text.strip("\n").split("\n")]


def test_a_chain_has_three_columns(capsys):
    model = lm.Sequential([lm.Input((28, 28)), Flatten(), Dense(512, activation="relu"), Dense(10)], name="digits")

    model.summary()

    assert table(capsys.readouterr().out) == [
        'Model "digits"',
        "Layer               Output shape      Parameters",
        "────────────────────────────────────────────────",
        "input (Input)       (batch, 28, 28)",
        "flatten (Flatten)   (batch, 784)               0",
        "dense (Dense)       (batch, 512)         401,920",
        "dense_1 (Dense)     (batch, 10)            5,130",
        "────────────────────────────────────────────────",
        "407,050 parameters, 1.6 MB",
    ]


def test_a_graph_says_what_each_layer_reads_and_what_is_shared(capsys):
    left, right = lm.Input((4,), name="left"), lm.Input((4,), name="right")
    shared = Dense(3, name="shared")

    lm.Model([left, right], Add()([shared(left), shared(right)])).summary()

    assert table(capsys.readouterr().out) == [
        'Model "model"',
        "Layer            Output shape   Parameters   Connected to",
        "───────────────────────────────────────────────────────────",
        "left (Input)     (batch, 4)",
        "right (Input)    (batch, 4)",
        "shared (Dense)   (batch, 3)             15   left",
        "shared (Dense)   (batch, 3)         shared   right",
        "add (Add)        (batch, 3)              0   shared, shared",
        "───────────────────────────────────────────────────────────",
        "15 parameters, 60 bytes",
    ]


@pytest.mark.parametrize("room", [56, 70, 1000])
def test_a_table_keeps_to_the_room_there_is_and_leaves_nothing_out(room):
    left, right = lm.Input((4,), name="left_hand_side"), lm.Input((4,), name="right_hand_side")
    shared = Dense(3000, name="a_shared_layer_with_a_long_name")
    graph = lm.Model([left, right], Add()([shared(left), shared(right)])).graph

    lines = summarise(graph, frozenset(), title="m", room=room).split("\n")

    assert max(map(len, lines[1:-1])) <= room
    for word in ("a_shared", "(Dense)", "left_hand", "right_hand", "(Input)", "15,000", "shared", "Connected to"):
        assert any(word in line for line in lines), word


def test_a_long_name_is_cut_into_lines_where_there_is_no_room():
    model = lm.Sequential([lm.Input((4,)), Dense(3, name="a_layer_with_a_long_name")])

    lines = table(summarise(model.graph, frozenset(), title="m", room=42))

    assert lines[4:7] == [
        "a_layer_with_a   (batch, 3)             15",
        "_long_name",
        "(Dense)",
    ]


def test_a_terminal_gives_the_room(monkeypatch, capsys):
    model = lm.Sequential([lm.Input((4,)), Dense(3, name="a_layer_with_a_long_name")])
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "42")

    model.summary()

    assert max(map(len, table(capsys.readouterr().out))) == 42


def test_frozen_and_moving_numbers_are_counted_apart(capsys):
    model = lm.Sequential([lm.Input((4,)), Dense(3, name="kept"), BatchNormalization(), Dense(1)])
    model.freeze("kept")

    model.summary()

    lines = table(capsys.readouterr().out)
    assert lines[4].endswith("15 (frozen)")
    assert lines[-1] == "31 parameters, 124 bytes: 10 trained, 15 frozen, 6 moving"


def test_the_layers_of_a_part_are_listed_below_its_name(capsys):
    part = lm.Sequential([lm.Input((4,)), Dense(2)], name="part")

    lm.Sequential([part, Dense(1)]).summary()

    assert "part/dense (Dense)" in capsys.readouterr().out


def test_a_model_without_a_known_shape_says_what_to_do():
    with pytest.raises(StageError, match=r"sequential: expected a known input shape.*\n.*put Input\(\(n,\)\) first"):
        lm.Sequential([Dense(2)]).summary()


@pytest.mark.parametrize(
    ("shape", "text"),
    [((None,), "(batch,)"), ((None, 3), "(batch, 3)"), ((None, None, 3), "(batch, any, 3)")],
)
def test_a_shape_names_the_batch_and_what_may_vary(shape, text):
    assert shape_text(shape) == text


def test_masks_are_shown_from_where_they_are_made_to_where_they_are_used(capsys):
    layers = [Embedding(9, 2, mask_zero=True), Dropout(0.1), BatchNormalization(), MeanOverTime(), Dense(1)]

    lm.Sequential([lm.Input((5,), dtype="int32"), *layers]).summary()

    lines = table(capsys.readouterr().out)
    assert lines[1].endswith("Parameters   Mask")
    assert [line.split("   ")[-1].strip() for line in lines[4:-2]] == ["made", "passed", "used, passed", "used", "3"]
