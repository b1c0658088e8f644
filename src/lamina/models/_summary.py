"""The table of layers that people know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from textwrap import wrap

from lamina.layers import Graph, Shape, Step
from lamina.training import is_frozen

HEADINGS = ("Layer", "Output shape", "Parameters", "Mask", "Connected to")
WRAPPED = ("Layer", "Output shape", "Connected to")
"""Columns whose cells take several lines where there is not enough room."""
LEAST_WIDTH = 12
GAP = "   "
BYTES_PER_NUMBER = 4


def summarise(graph: Graph, frozen: frozenset[str], *, title: str, room: int | None = None) -> str:
    """Return the table as text: each call of a layer with its output shape, parameters and, off a chain, its inputs.

    Where there are masks, it says which layers make one, pass it on, or use it.

    Args:
        graph: the network.
        frozen: the paths of layers that are not trained.
        title: the name of the model.
        room: the width to keep to, where there is one; cells that are too long take several lines.
    """
    rows = [*_input_rows(graph), *_step_rows(graph, frozen)]
    left_out = {"Mask": not graph.masked_slots(), "Connected to": is_chain(graph)}
    columns = [column for column, heading in enumerate(HEADINGS) if not left_out.get(heading)]
    table = [[row[column] for column in columns] for row in (HEADINGS, *rows)]
    headings, *lines = _lines(table, room)
    rule = "─" * max(map(len, (headings, *lines)))
    return "\n".join([f'Model "{title}"', headings, rule, *lines, rule, _totals(graph, frozen)])


def is_chain(graph: Graph) -> bool:
    """Tell whether each layer reads only what the one before it gives."""
    alone = len(graph.inputs) == 1 and len(graph.outputs) == 1
    before = graph.input_slots
    for step in graph.steps:
        alone = alone and step.inputs == before
        before = step.outputs
    return alone


def sources(graph: Graph) -> dict[int, str]:
    """Return, for each slot, the name of the input or layer its value comes from."""
    found = dict(zip(graph.input_slots, graph.input_names, strict=True))
    for step in graph.steps:
        found |= dict.fromkeys(step.outputs, step.path)
    return found


def shape_text(shape: Shape) -> str:
    """Write a shape with the batch by name: ``(batch, 28, 28)``; a size that may vary as ``any``."""
    sizes = ["batch", *("any" if size is None else str(size) for size in shape[1:])]
    return f"({', '.join(sizes)}{',' if len(sizes) == 1 else ''})"


def parameters_of(graph: Graph, path: str) -> int:
    """Return how many numbers the layer at `path` has."""
    return sum(weight.size for weight in graph.declared().get(path, {}).values())


def _input_rows(graph: Graph) -> list[tuple[str, ...]]:
    pairs = zip(graph.input_names, graph.inputs, strict=True)
    return [(f"{name} (Input)", shape_text(symbol.shape), "", "", "") for name, symbol in pairs]


def _step_rows(graph: Graph, frozen: frozenset[str]) -> list[tuple[str, ...]]:
    made_by, masked = sources(graph), graph.masked_slots()
    rows: list[tuple[str, ...]] = []
    for step in graph.steps:
        shapes = ", ".join(shape_text(shape) for shape in step.output_shapes)
        inputs = ", ".join(made_by[slot] for slot in step.inputs)
        name, count = f"{step.path} ({type(step.layer).__name__})", _count(graph, step, frozen)
        rows.append((name, shapes, count, _mask(step, masked), inputs))
    return rows


def _mask(step: Step, masked: frozenset[int]) -> str:
    """Say what a layer does with the mask of its input, and whether its output has one."""
    gets, gives = (not masked.isdisjoint(slots) for slots in (step.inputs, step.outputs))
    if not gets:
        return "made" if gives else ""
    if step.layer.masking == "pass":
        return "passed"
    return "used, passed" if gives else "used"


def _count(graph: Graph, step: Step, frozen: frozenset[str]) -> str:
    if step.call:
        return "shared"
    count = parameters_of(graph, step.path)
    return f"{count:,}{' (frozen)' if count and is_frozen(step.path, frozen) else ''}"


def _lines(table: Sequence[Sequence[str]], room: int | None) -> Iterator[str]:
    """Yield the lines of a table, its columns as wide as what they hold, or as there is room for."""
    headings = table[0]
    widths = [max(map(len, cells)) for cells in zip(*table, strict=True)]
    while room is not None and sum(widths) + len(GAP) * (len(widths) - 1) > room:
        widest = max(range(len(widths)), key=lambda column: (headings[column] in WRAPPED, widths[column]))
        if widths[widest] <= LEAST_WIDTH:
            break
        widths[widest] -= 1
    for row in table:
        for line in zip_longest(*map(wrap, row, widths), fillvalue=""):
            yield GAP.join(map(_aligned, headings, line, widths)).rstrip()


def _aligned(heading: str, cell: str, width: int) -> str:
    return cell.rjust(width) if heading == "Parameters" else cell.ljust(width)


def _totals(graph: Graph, frozen: frozenset[str]) -> str:
    counts = {"trained": 0, "frozen": 0, "moving": 0}
    for path, declared in graph.declared().items():
        for weight in declared.values():
            kind = "moving" if weight.moving else "frozen" if is_frozen(path, frozen) else "trained"
            counts[kind] += weight.size
    total = sum(counts.values())
    parts = [f"{count:,} {kind}" for kind, count in counts.items() if count and count < total]
    return f"{total:,} parameters, {_bytes(total * BYTES_PER_NUMBER)}{': ' if parts else ''}{', '.join(parts)}"


def _bytes(count: int) -> str:
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= size:
            return f"{count / size:.1f} {unit}"
    return f"{count} bytes"
