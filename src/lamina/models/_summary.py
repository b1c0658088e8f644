"""The table of layers that people know."""

from __future__ import annotations

from lamina.layers import Graph, Shape, Step
from lamina.models._table import lines
from lamina.training import is_frozen

HEADINGS = ("Layer", "Output shape", "Parameters", "Mask", "Connected to")
WRAPPED = ("Layer", "Output shape", "Connected to")
"""Columns whose cells take several lines where there is not enough room."""
NUMBERS = ("Parameters",)


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
    headings, *others = lines(table, numbers=NUMBERS, wrapped=WRAPPED, room=room)
    rule = "─" * max(map(len, (headings, *others)))
    return "\n".join([f'Model "{title}"', headings, rule, *others, rule, _totals(graph, frozen)])


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
    """Write a shape: ``(batch, 28, 28)`` where any number of rows will do; a size that may vary as ``any``."""
    sizes = [str(shape[0] or "batch"), *("any" if size is None else str(size) for size in shape[1:])]
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
    weights = graph.declared().get(step.path, {}).values()
    kept = bool(weights) and (is_frozen(step.path, frozen) or not any(weight.trainable for weight in weights))
    return f"{parameters_of(graph, step.path):,}{' (frozen)' if kept else ''}"


def _totals(graph: Graph, frozen: frozenset[str]) -> str:
    counts, size = {"trained": 0, "frozen": 0, "moving": 0}, 0
    for path, declared in graph.declared().items():
        for weight in declared.values():
            kept = is_frozen(path, frozen) or not weight.trainable
            counts["moving" if weight.moving else "frozen" if kept else "trained"] += weight.size
            size += weight.nbytes
    total = sum(counts.values())
    parts = [f"{count:,} {kind}" for kind, count in counts.items() if count and count < total]
    return f"{total:,} parameters, {_bytes(size)}{': ' if parts else ''}{', '.join(parts)}"


def _bytes(count: int) -> str:
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= size:
            return f"{count / size:.1f} {unit}"
    return f"{count} bytes"
