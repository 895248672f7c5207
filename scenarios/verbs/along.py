"""The way of a bus from stop to stop: the shortest along streets that it may use."""

import heapq
import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import shapely
from shapely import ops
from shapely.geometry import LineString, Point

from scenarios.verbs import There

ROADS = {
    "motorway": 1.0, "trunk": 1.0, "primary": 1.0, "secondary": 1.0, "tertiary": 1.0, "residential": 1.2,
    "living_street": 2.0, "service": 2.0, "pedestrian": 2.5, "other": 1.5,
}  # fmt: skip
# What each means of transport runs on, and how much longer a metre of it counts.
WAYS: dict[str, dict[str, float]] = {"bus": ROADS, "tram": {"tram": 1.0}, "rail": {"rail": 1.0}}
REACH = 150.0  # metres between a stop and its street
AROUND = 600.0  # metres around the stops in which streets are looked for

Node = tuple[float, float]
Edge = tuple[Node, float, np.ndarray]


def around(places: Sequence[Point]) -> Any:
    """Where the streets lie that a line through these places may use."""
    return shapely.MultiPoint(list(places)).convex_hull.buffer(AROUND)


def along(places: Sequence[Point], streets: Sequence[There], kind: str) -> LineString | None:
    """From place to place along the streets; straight where none lead there. None where no street is near enough."""
    usable = WAYS.get(kind, {})
    lines, weights = [], []
    for street in streets:
        if street.get("kind") in usable:
            parts = shapely.get_parts(street["geom"]).tolist()
            lines += parts
            weights += [usable[street["kind"]]] * len(parts)
    if not lines or len(places) < 2:
        return None
    edges = shapely.get_parts(shapely.node(shapely.multilinestrings(lines)))
    nearest = shapely.STRtree(edges).nearest(list(places))
    if (shapely.distance(edges[nearest], list(places)) > REACH).any():
        return None
    owners = shapely.STRtree(lines).nearest(shapely.line_interpolate_point(edges, 0.5, normalized=True))
    cuts: dict[int, list[float]] = defaultdict(list)
    for place, edge in zip(places, nearest.tolist(), strict=True):
        cuts[edge].append(edges[edge].project(place))
    graph = _graph(edges, np.array(weights)[owners], cuts)
    stations = [_node(edges[edge].interpolate(edges[edge].project(place)).coords[0])
                for place, edge in zip(places, nearest.tolist(), strict=True)]  # fmt: skip
    legs = [_shortest(graph, one, other) for one, other in itertools.pairwise(stations)]
    points = np.concatenate(legs)
    kept = np.append(True, (np.diff(points, axis=0) != 0).any(axis=1))
    return LineString(points[kept]) if kept.sum() > 1 else None


def _graph(edges: np.ndarray, weights: np.ndarray, cuts: dict[int, list[float]]) -> dict[Node, list[Edge]]:
    """Every piece between two crossings or stops, from both of its ends."""
    graph: dict[Node, list[Edge]] = defaultdict(list)
    for number, (edge, weight) in enumerate(zip(edges.tolist(), weights.tolist(), strict=True)):
        for piece in _pieces(edge, cuts.get(number, [])):
            points = shapely.get_coordinates(piece)
            start, end = _node(points[0]), _node(points[-1])
            graph[start].append((end, piece.length * weight, points))
            graph[end].append((start, piece.length * weight, points[::-1]))
    return graph


def _pieces(edge: LineString, cuts: list[float]) -> Iterator[LineString]:
    for start, end in itertools.pairwise([0.0, *sorted(cuts), edge.length]):
        if end - start > 1e-6:
            yield ops.substring(edge, start, end)


def _node(point: Any) -> Node:
    return round(float(point[0]), 2), round(float(point[1]), 2)


def _shortest(graph: dict[Node, list[Edge]], start: Node, end: Node) -> np.ndarray:
    """(n, 2): the points of the shortest way, or both ends where there is none."""
    known = {start: 0.0}
    before: dict[Node, tuple[Node, np.ndarray]] = {}
    waiting = [(0.0, start)]
    while waiting:
        far, node = heapq.heappop(waiting)
        if node == end:
            break
        for other, length, points in graph[node] if far <= known[node] else ():
            if far + length < known.get(other, np.inf):
                known[other] = far + length
                before[other] = node, points
                heapq.heappush(waiting, (far + length, other))
    legs = []
    node = end
    while node in before:
        node, points = before[node]
        legs.append(points)
    return np.concatenate(legs[::-1]) if legs and node == start else np.array([start, end])
