"""The net of ways: streets as planned, cut where they meet, with the terrain's rise along each piece."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely
from scipy import sparse
from scipy.sparse import csgraph

from scenarios.rows import Rows

READS = ("kind", "speed", "oneway", "surface", "cycling", "name", "slope_percent")
STEP = 25.0  # metres between two heights along a street
CELL = 10.0  # metres of the terrain that the slope is taken from: a finer one would count kerbs
GRAIN = 0.05  # metres: corners that are nearer are the same corner
TOUCHING = 1.5  # metres from an end to the next street that it was meant to meet
KERB = 12.0  # the same of a street that a planner drew: to the kerb, not to the axis
SMALL = 0.1  # of the largest net's length: what is smaller and meets nothing is an island
RAILS = ("rail", "tram")  # nobody walks or drives there, and their crossings connect no streets
Heights = Callable[[tuple[float, float, float, float], float], np.ndarray]


@dataclass(frozen=True)
class Ways:
    """xy: (n, 2) metres, where ways meet or end. Pieces (m,): start, end: nodes; length: metres; street: row of the
    streets; first: where its corners begin in `corners`, (k, 2) in all, to the next one's.

    rise: (k,) metres from each corner to the next, 0 at the last one of a piece. island: (m,) bool, meets nothing.
    """

    xy: np.ndarray
    start: np.ndarray
    end: np.ndarray
    length: np.ndarray
    street: np.ndarray
    corners: np.ndarray
    first: np.ndarray
    rise: np.ndarray
    run: np.ndarray
    island: np.ndarray
    rows: Rows

    def lines(self) -> np.ndarray:
        """(m,) shapely lines."""
        owner = np.repeat(np.arange(len(self.start)), np.diff(self.first))
        return shapely.linestrings(self.corners, indices=owner)


def ways_of(streets: Rows, heights: Heights | None, own: set[str], water: np.ndarray | None = None) -> Ways:
    """Streets meet where they share a corner, and where one ends beside another.

    What a scenario draws (`own`: uids) also meets what it crosses; loaded streets that cross without a common corner
    are a bridge and what lies under it. heights: the terrain, None where there is none. water: outlines, over which a
    street is a bridge: its height goes evenly from bank to bank.
    """
    parts, street = shapely.get_parts(shapely.force_2d(streets.shapes), return_index=True)
    usable = (shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING) & (shapely.length(parts) > GRAIN)
    usable &= ~np.isin(streets["kind"].astype(str), RAILS)[street]
    parts, street = parts[usable], street[usable]
    drawn = np.array([uid in own for uid in streets["uid"][street]], bool)
    parts = _meeting(_crossing(parts, drawn), drawn)
    corners, line = shapely.get_coordinates(parts, return_index=True)
    node, nodes = _nodes(corners, line)
    at = np.flatnonzero(node >= 0)
    same = (line[at[:-1]] == line[at[1:]]) & ((node[at[:-1]] != node[at[1:]]) | (np.diff(at) > 1))
    begin, finish = at[:-1][same], at[1:][same]
    corners, first = _cut(corners, begin, finish)
    run = np.append(np.hypot(*np.diff(corners, axis=0).T), 0.0) if len(corners) else np.empty(0)
    last = first[1:] - 1
    run[last] = 0.0
    rise = _rise(corners, first, heights, water)
    length = np.add.reduceat(run, first[:-1]) if len(begin) else np.empty(0)
    start, end = node[begin], node[finish]
    island = _islands(start, end, length, len(nodes))
    return Ways(nodes, start, end, length, street[line[begin]], corners, first, rise, run, island, streets)


def _crossing(parts: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """The lines with a corner wherever a drawn one crosses another."""
    if not drawn.any():
        return parts
    places: dict[int, list] = {}
    mine, other = shapely.STRtree(parts).query(parts[drawn], predicate="intersects")
    mine = np.flatnonzero(drawn)[mine]
    for i, j in zip(mine.tolist(), other.tolist(), strict=True):
        if i != j:
            points = shapely.get_coordinates(shapely.intersection(parts[i], parts[j]))
            for line in (i, j):
                places.setdefault(line, []).extend(points)
    return _with_corners(parts, places)


def _meeting(parts: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """The lines with a corner where another one ends beside them; the end itself goes there."""
    if len(parts) == 0:
        return parts
    xy, line = shapely.get_coordinates(parts, return_index=True)
    last = np.append(np.flatnonzero(np.diff(line)), len(line) - 1)
    ends = np.concatenate([np.append(0, last[:-1] + 1), last])
    _, cell, many = np.unique(_grained(xy), return_inverse=True, return_counts=True)
    loose = ends[many[cell[ends]] == 1]
    if len(loose) == 0:
        return parts
    tree = shapely.STRtree(parts)
    points = shapely.points(xy[loose])
    which, near = tree.query(points, predicate="dwithin", distance=np.where(drawn[line[loose]], KERB, TOUCHING))
    far = line[loose][which] != near
    which, near = which[far], near[far]
    away = shapely.distance(points[which], parts[near])
    places: dict[int, list] = {}
    moved = xy.copy()
    done = set()
    for k in np.argsort(away, kind="stable").tolist():
        if which[k] in done:
            continue
        done.add(which[k])
        onto = parts[near[k]]
        place = shapely.get_coordinates(
            shapely.line_interpolate_point(onto, shapely.line_locate_point(onto, points[which[k]]))
        )[0]
        places.setdefault(int(near[k]), []).append(place)
        moved[loose[which[k]]] = place
    return _with_corners(shapely.linestrings(moved, indices=line), places)


def _with_corners(parts: np.ndarray, places: dict[int, list]) -> np.ndarray:
    """New corners (metres) on some of the lines, in their order along each."""
    found = parts.copy()
    for i, added in places.items():
        old = shapely.get_coordinates(parts[i])
        run = np.append(0.0, np.cumsum(np.hypot(*np.diff(old, axis=0).T)))
        new = np.array(added).reshape(-1, 2)
        at = shapely.line_locate_point(parts[i], shapely.points(new))
        order = np.argsort(np.concatenate([run, at]), kind="stable")
        found[i] = shapely.linestrings(np.concatenate([old, new])[order])
    return found


def _grained(xy: np.ndarray) -> np.ndarray:
    """One number for each place, the same for all corners that are as good as there."""
    columns, rows = np.rint(xy / GRAIN).astype(np.int64).T
    return rows * (1 << 31) + columns


def _nodes(xy: np.ndarray, line: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(k,): the node that a corner is, -1 where it is none; (n, 2): where the nodes lie."""
    if len(xy) == 0:
        return np.empty(0, int), np.empty((0, 2))
    _, first, cell, many = np.unique(_grained(xy), return_index=True, return_inverse=True, return_counts=True)
    change = np.flatnonzero(np.diff(line))
    is_end = np.zeros(len(xy), bool)
    is_end[np.concatenate([[0], change, change + 1, [len(xy) - 1]])] = True
    chosen = np.zeros(len(first), bool)
    chosen[cell[is_end]] = True
    chosen |= many > 1
    number = np.cumsum(chosen) - 1
    return np.where(chosen[cell], number[cell], -1), xy[first[chosen]]


def _cut(corners: np.ndarray, begin: np.ndarray, finish: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The corners of each piece one after the other, at most STEP apart: what two pieces share stands there twice."""
    many = finish - begin + 1
    first = np.append(0, np.cumsum(many))
    owner = np.repeat(np.arange(len(begin)), many)
    place = np.arange(first[-1]) - first[owner] + begin[owner]
    fine = shapely.segmentize(shapely.linestrings(corners[place], indices=owner), STEP) if len(begin) else []
    xy, owner = shapely.get_coordinates(fine, return_index=True)
    return xy, np.append(0, np.cumsum(np.bincount(owner, minlength=len(begin))))


def _rise(corners: np.ndarray, first: np.ndarray, heights: Heights | None, water: np.ndarray | None) -> np.ndarray:
    """From bank to bank evenly; level where a piece begins or ends over water, or where no height is known."""
    if heights is None or len(corners) == 0:
        return np.zeros(len(corners))
    last = first[1:] - 1
    west, south = np.floor(corners.min(axis=0) / CELL) * CELL - CELL
    east, north = np.ceil(corners.max(axis=0) / CELL) * CELL + CELL
    known = _bilinear(heights((west, south, east, north), CELL), (corners - (west, north)) * (1, -1) / CELL - 0.5)
    if water is not None and len(water):
        wet = np.unique(shapely.STRtree(water).query(shapely.points(corners), predicate="within")[0])
        known[wet] = np.nan
    dry = np.isfinite(known)
    if not dry.any():
        return np.zeros(len(corners))
    along = np.append(0.0, np.cumsum(np.hypot(*np.diff(corners, axis=0).T)))
    known = np.interp(along, along[dry], known[dry])
    rise = np.append(np.diff(known), 0.0)
    rise[last] = 0.0
    return np.where(np.repeat(dry[first[:-1]] & dry[last], np.diff(first)), rise, 0.0)


def _bilinear(grid: np.ndarray, at: np.ndarray) -> np.ndarray:
    """at: (k, 2) column and row, between the cells' middles."""
    rows, columns = grid.shape
    column = np.clip(np.floor(at[:, 0]).astype(int), 0, columns - 2)
    row = np.clip(np.floor(at[:, 1]).astype(int), 0, rows - 2)
    right, below = np.clip(at[:, 0] - column, 0, 1), np.clip(at[:, 1] - row, 0, 1)
    upper = grid[row, column] * (1 - right) + grid[row, column + 1] * right
    lower = grid[row + 1, column] * (1 - right) + grid[row + 1, column + 1] * right
    return (upper * (1 - below) + lower * below).astype(float)


def _islands(start: np.ndarray, end: np.ndarray, length: np.ndarray, nodes: int) -> np.ndarray:
    if len(start) == 0:
        return np.empty(0, bool)
    net = sparse.coo_matrix((np.ones(len(start)), (start, end)), shape=(nodes, nodes))
    _, part = csgraph.connected_components(net, directed=False)
    size = np.bincount(part[start], length)
    return (size < SMALL * size.max())[part[start]]
