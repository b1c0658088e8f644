"""The table of layers that people know."""

from __future__ import annotations

from lamina.layers import Graph


def summarise(graph: Graph, frozen: frozenset[str], *, title: str, width: int | None = None) -> str:
    """Return the table as text."""
    return "\n".join(f"{step.path} {step.output_shapes}" for step in graph.steps)
