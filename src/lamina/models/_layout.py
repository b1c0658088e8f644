"""Where the boxes and lines of a graph drawing go: ranks from top to bottom, few crossings, no line through a box.

Each call stands one rank below the lowest of its inputs. A line that passes a rank gets a place of its own there, like
a very narrow box. Then the places of each rank are ordered by the mean of their neighbours, above and below in turn.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Hashable, Mapping, Sequence

SWEEPS = 4


@dataclasses.dataclass
class Place:
    """A box, or the point where a line passes a rank.

    Args:
        key: what stands here.
        rank: how far down, from 0.
        width: how much room it takes.
        above: what it is connected with one rank up.
        below: what it is connected with one rank down.
        x: the middle.
    """

    key: Hashable
    rank: int
    width: float
    above: list[Place] = dataclasses.field(default_factory=list)
    below: list[Place] = dataclasses.field(default_factory=list)
    x: float = 0.0


@dataclasses.dataclass(frozen=True)
class Layout:
    """A finished layout: the place of each box, the points of each line, and how wide it all is."""

    places: Mapping[Hashable, Place]
    lines: Sequence[tuple[Place, ...]]
    width: float


def arrange(widths: Mapping[Hashable, float], edges: Sequence[tuple[Hashable, Hashable]], *, gap: float) -> Layout:
    """Return a layout of boxes.

    Args:
        widths: the width of each box by its key; a box comes after those it is below.
        edges: pairs of keys, from above to below.
        gap: the least room between two boxes of a rank.
    """
    above: dict[Hashable, list[Hashable]] = {key: [] for key in widths}
    for start, end in edges:
        above[end].append(start)
    ranks: dict[Hashable, int] = {}
    for key in widths:
        ranks[key] = max((ranks[start] + 1 for start in above[key]), default=0)
    places = {key: Place(key, ranks[key], width) for key, width in widths.items()}
    rows: list[list[Place]] = [[] for _ in range(max(ranks.values()) + 1)]
    for place in places.values():
        rows[place.rank].append(place)
    lines = [_line(places[start], places[end], rows) for start, end in edges]
    _order(rows)
    return Layout(places, lines, _spread(rows, gap))


def _line(start: Place, end: Place, rows: list[list[Place]]) -> tuple[Place, ...]:
    points = [start]
    for rank in range(start.rank + 1, end.rank):
        point = Place((start.key, end.key, rank), rank, 0.0)
        rows[rank].append(point)
        points.append(point)
    points.append(end)
    for upper, lower in zip(points, points[1:], strict=False):
        upper.below.append(lower)
        lower.above.append(upper)
    return tuple(points)


def _order(rows: list[list[Place]]) -> None:
    for sweep in range(SWEEPS):
        down = sweep % 2 == 0
        for row in rows if down else reversed(rows):
            position = {id(place): index for other in rows for index, place in enumerate(other)}
            middle = {}
            for place in row:
                near = [position[id(other)] for other in (place.above if down else place.below)]
                middle[id(place)] = _mean(near, position[id(place)])
            row.sort(key=lambda place: middle[id(place)])  # noqa: B023 - sorted before `middle` is another


def _spread(rows: list[list[Place]], gap: float) -> float:
    """Give each row its x, centred, then shift boxes towards those they are connected with; return the full width."""
    for row in rows:
        x = 0.0
        for place in row:
            place.x = x + place.width / 2
            x += place.width + gap
        for place in row:
            place.x -= (x - gap) / 2
    for sweep in range(2 * SWEEPS):
        for row in rows if sweep % 2 == 0 else reversed(rows):
            _pull(row, gap)
    left = min(place.x - place.width / 2 for row in rows for place in row)
    right = max(place.x + place.width / 2 for row in rows for place in row)
    for row in rows:
        for place in row:
            place.x -= left
    return right - left


def _pull(row: list[Place], gap: float) -> None:
    wanted = [_mean([near.x for near in place.above + place.below], place.x) for place in row]
    for index, place in enumerate(row):
        low = row[index - 1].x + (row[index - 1].width + place.width) / 2 + gap if index else -float("inf")
        last = index + 1 == len(row)
        high = float("inf") if last else row[index + 1].x - (row[index + 1].width + place.width) / 2 - gap
        place.x = max(low, min(wanted[index], high)) if low <= high else low


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise
