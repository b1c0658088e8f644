"""The drawing of a network: boxes with names, shapes and parameters, as an SVG that needs no other program."""

from __future__ import annotations

import dataclasses
from html import escape
from pathlib import Path

from lamina._core import checks
from lamina._core.writing import writing
from lamina.errors import ArgumentError
from lamina.layers import Graph
from lamina.models._layout import Layout, Place, arrange
from lamina.models._summary import parameters_of, shape_text

CHARACTER = 7.3
BOX_HEIGHT = 58.0
RANK_HEIGHT = 96.0
GAP = 26.0
MARGIN = 16.0
FILLS = {"input": "#e8f1fb", "layer": "#ffffff", "output": "#eaf6ec"}
STYLE = (
    "text{font-family:ui-sans-serif,system-ui,'Segoe UI',Helvetica,Arial,sans-serif;text-anchor:middle;fill:#1f2933}"
    ".name{font-size:14px;font-weight:600}.detail{font-size:12px;fill:#52606d}"
    ".box{stroke:#9fb3c8;stroke-width:1.2}.line{fill:none;stroke:#7b8794;stroke-width:1.4}"
)


@dataclasses.dataclass(frozen=True)
class Box:
    """What is written in a box, and what kind of box it is."""

    name: str
    detail: str
    shape: str
    kind: str

    @property
    def width(self) -> float:
        """The width that its longest line needs."""
        return 24 + CHARACTER * max(1.15 * len(self.name), len(self.detail), len(self.shape))


class Drawing:
    """A picture of a network, which a notebook shows by itself.

    Attributes:
        svg: the picture as SVG text.
    """

    def __init__(self, svg: str) -> None:
        self.svg = svg

    def save(self, path: str | Path) -> Path:
        """Write the picture to a file that ends in ``.svg``, and return its path.

        Raises:
            ArgumentError: for another ending, a folder that does not exist, or a path that cannot be written.
        """
        target = Path(path)
        if target.suffix.lower() != ".svg":
            raise checks.problem(
                ArgumentError,
                "plot(path)",
                expected="a file name that ends in .svg",
                got=repr(str(path)),
                fix=f"write {str(target.with_suffix('.svg'))!r}; browsers and office programs open it.",
            )
        with writing(path, where="plot(path)"):
            if not target.parent.is_dir():
                raise checks.problem(
                    ArgumentError,
                    "plot(path)",
                    expected="a file in a folder that exists",
                    got=repr(str(path)),
                    fix="make the folder first, or name another one.",
                )
            target.write_text(self.svg, encoding="utf-8")
        return target

    def _repr_svg_(self) -> str:
        return self.svg

    def __repr__(self) -> str:
        return f"<drawing of {self.svg.count('<rect')} boxes; save it with .save('network.svg')>"


def draw(graph: Graph) -> Drawing:
    """Return a drawing of a network: inputs at the top, each call of a layer below what it reads."""
    boxes = _boxes(graph)
    made_by = dict(zip(graph.input_slots, (f"input {name}" for name in graph.input_names), strict=True))
    edges: list[tuple[str, str]] = []
    for index, step in enumerate(graph.steps):
        read = dict.fromkeys(made_by[slot] for slot in step.inputs)
        edges += [(maker, f"step {index}") for maker in read]
        made_by |= dict.fromkeys(step.outputs, f"step {index}")
    layout = arrange({key: box.width for key, box in boxes.items()}, edges, gap=GAP)
    return Drawing(_svg(boxes, layout))


def _boxes(graph: Graph) -> dict[str, Box]:
    boxes = {}
    for name, symbol in zip(graph.input_names, graph.inputs, strict=True):
        boxes[f"input {name}"] = Box(name, "Input", shape_text(symbol.shape), "input")
    for index, step in enumerate(graph.steps):
        count = parameters_of(graph, step.path)
        kind = type(step.layer).__name__
        activation = getattr(step.layer, "activation", None)
        detail = f"{kind} · {activation}" if isinstance(activation, str) else kind
        detail += " · shared" if step.call else f" · {count:,} parameters" if count else ""
        shapes = ", ".join(shape_text(shape) for shape in step.output_shapes)
        is_output = any(slot in graph.output_slots for slot in step.outputs)
        boxes[f"step {index}"] = Box(step.path, detail, shapes, "output" if is_output else "layer")
    return boxes


def _svg(boxes: dict[str, Box], layout: Layout) -> str:
    ranks = max(place.rank for place in layout.places.values()) + 1
    width = layout.width + 2 * MARGIN
    height = (ranks - 1) * RANK_HEIGHT + BOX_HEIGHT + 2 * MARGIN
    lines = [_line(points) for points in layout.lines]
    shapes = [_box(box, layout.places[key]) for key, box in boxes.items()]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" role="img" aria-label="drawing of a neural network">'
        f"<style>{STYLE}</style>"
        '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0L8 4L0 8z" fill="#7b8794"/></marker></defs>'
        f"{''.join(lines)}{''.join(shapes)}</svg>\n"
    )


def _top(place: Place) -> float:
    return MARGIN + place.rank * RANK_HEIGHT


def _box(box: Box, place: Place) -> str:
    x, y = place.x + MARGIN, _top(place)
    return (
        f'<rect class="box" x="{x - box.width / 2:.1f}" y="{y:.1f}" width="{box.width:.1f}" height="{BOX_HEIGHT:.0f}" '
        f'rx="8" fill="{FILLS[box.kind]}"/>'
        f'<text class="name" x="{x:.1f}" y="{y + 19:.1f}">{escape(box.name)}</text>'
        f'<text class="detail" x="{x:.1f}" y="{y + 35:.1f}">{escape(box.detail)}</text>'
        f'<text class="detail" x="{x:.1f}" y="{y + 50:.1f}">{escape(box.shape)}</text>'
    )


def _line(points: tuple[Place, ...]) -> str:
    start, *passed = points
    x, y = start.x + MARGIN, _top(start) + BOX_HEIGHT
    path = f"M{x:.1f} {y:.1f}"
    for place in passed:
        end_x, end_y = place.x + MARGIN, _top(place)
        bend = (end_y - y) / 2
        path += f"C{x:.1f} {y + bend:.1f} {end_x:.1f} {end_y - bend:.1f} {end_x:.1f} {end_y:.1f}"
        if place is not points[-1]:
            path += f"L{end_x:.1f} {end_y + BOX_HEIGHT:.1f}"
        x, y = end_x, end_y + BOX_HEIGHT
    return f'<path class="line" d="{path}" marker-end="url(#arrow)"/>'
