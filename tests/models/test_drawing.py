import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

import lamina as lm
from lamina.errors import ArgumentError
from lamina.layers import Add, Dense
from lamina.models._drawing import Box, _box
from lamina.models._layout import Place

SVG = "{http://www.w3.org/2000/svg}"


def drawn(model):
    return ElementTree.fromstring(model.plot().svg)


def boxes(picture):
    sides = ("x", "y", "width", "height")
    return [tuple(float(box.get(side)) for side in sides) for box in picture.iter(f"{SVG}rect")]


def texts(picture):
    return [text.text for text in picture.iter(f"{SVG}text")]


@pytest.fixture
def chain():
    return lm.Sequential([lm.Input((784,)), Dense(512, activation="relu"), Dense(10, activation="softmax")])


@pytest.fixture
def branched():
    left, right = lm.Input((4,), name="left"), lm.Input((4,), name="right")
    shared = Dense(4, name="shared")
    joined = Add()([shared(left), shared(right)])
    return lm.Model([left, right], [Dense(1, name="price")(joined), Add(name="rest")([joined, left])])


def test_a_box_names_layer_activation_parameters_and_shape(chain):
    assert texts(drawn(chain)) == [
        *("input", "Input", "(batch, 784)"),
        *("dense", "Dense · relu · 401,920 parameters", "(batch, 512)"),
        *("dense_1", "Dense · softmax · 5,130 parameters", "(batch, 10)"),
    ]


def test_a_second_call_of_a_layer_says_that_it_is_shared(branched):
    found = texts(drawn(branched))

    assert found.count("shared") == 2
    assert "Dense · shared" in found


def test_no_two_boxes_overlap(branched):
    found = boxes(drawn(branched))

    for index, (x, y, width, height) in enumerate(found):
        for other_x, other_y, other_width, other_height in found[:index]:
            beside = x >= other_x + other_width or other_x >= x + width
            below = y >= other_y + other_height or other_y >= y + height
            assert beside or below


def test_every_box_lies_within_the_picture(branched):
    picture = drawn(branched)

    for x, y, width, height in boxes(picture):
        assert x >= 0
        assert y >= 0
        assert x + width <= float(picture.get("width"))
        assert y + height <= float(picture.get("height"))


def test_every_edge_is_drawn_from_a_box_to_a_box_below(branched):
    picture = drawn(branched)
    lines = [line.get("d") for line in picture.iter(f"{SVG}path") if line.get("class") == "line"]
    bottoms = {(round(x + width / 2, 1), y + height) for x, y, width, height in boxes(picture)}
    tops = {(round(x + width / 2, 1), y) for x, y, width, height in boxes(picture)}

    ends = [tuple(map(float, re.findall(r"[\d.]+", line))) for line in lines]

    assert len(lines) == 7
    assert all(any(abs(end[0] - x) < 0.2 and end[1] == y for x, y in bottoms) for end in ends)
    assert all(any(abs(end[-2] - x) < 0.2 and end[-1] == y for x, y in tops) for end in ends)


def test_a_layer_that_reads_one_value_twice_has_one_line():
    image = lm.Input((4,))
    picture = drawn(lm.Model(image, Add()([image, image])))

    assert sum(line.get("class") == "line" for line in picture.iter(f"{SVG}path")) == 1


def test_text_is_escaped():
    box = Box("<script>", "a & b", "(batch, 4)", "layer")

    group = ElementTree.fromstring(f"<g>{_box(box, Place('key', rank=0, width=box.width))}</g>")

    assert [text.text for text in group.iter("text")] == ["<script>", "a & b", "(batch, 4)"]


def test_a_notebook_shows_the_picture(chain):
    drawing = chain.plot()

    assert drawing._repr_svg_() == drawing.svg
    assert repr(drawing) == "<drawing of 3 boxes; save it with .save('network.svg')>"


def test_a_picture_is_saved(chain, tmp_path):
    path = tmp_path / "network.SVG"

    drawing = chain.plot(path)

    assert path.read_text(encoding="utf-8") == drawing.svg
    assert drawing.save(str(path)) == path


def test_another_ending_is_refused_with_the_right_one(chain):
    with pytest.raises(ArgumentError, match=r"ends in \.svg, got 'network\.png'\.\n.*'network\.svg'"):
        chain.plot("network.png")


def test_a_folder_that_does_not_exist_is_refused(chain, tmp_path):
    with pytest.raises(ArgumentError, match=r"plot\(path\): expected a file in a folder that exists"):
        chain.plot(tmp_path / "nowhere" / "network.svg")


def test_a_folder_that_may_not_be_looked_at_is_named(chain, tmp_path, monkeypatch):
    def locked(path, **_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "is_dir", locked)

    with pytest.raises(ArgumentError, match=r"^plot\(path\): .* got '.*network\.svg' \(Permission denied\)"):
        chain.plot(tmp_path / "locked" / "network.svg")


def test_a_picture_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "taken.svg").mkdir()
    model = lm.Sequential([lm.Input((2,)), Dense(1)])

    with pytest.raises(ArgumentError, match=r"expected a path that can be written, got .*taken\.svg' \("):
        model.plot(tmp_path / "taken.svg")
