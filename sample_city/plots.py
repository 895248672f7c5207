"""How a block is cut into plots along its streets."""

from dataclasses import dataclass

import numpy as np
import shapely

Point = tuple[float, float]


@dataclass(slots=True)
class Plot:
    """A piece of land with a street front.

    Its frame: `origin` is the left end of the street front, `along` the front's direction, `inward` away from the
    street. left, right: by how much each side leans in for each metre of depth.
    """

    block: int
    origin: Point
    along: Point
    width: float
    left: float
    right: float
    depth: float
    ring: list[Point]
    corner: "Plot | None" = None  # the plot around the corner, where one house stands on both
    owner: str = "private"

    @property
    def inward(self) -> Point:
        return (-self.along[1], self.along[0])

    def at(self, s: float, v: float) -> Point:
        """The point s metres along the front and v metres behind it."""
        (x, y), (ax, ay) = self.origin, self.along
        return (x + s * ax - v * ay, y + s * ay + v * ax)

    def quad(self, v0: float, v1: float) -> list[Point]:
        """Front left, front right, back right, back left of the whole width between two depths."""
        return [
            self.at(self.left * v0, v0),
            self.at(self.width - self.right * v0, v0),
            self.at(self.width - self.right * v1, v1),
            self.at(self.left * v1, v1),
        ]

    def box(self, s0: float, s1: float, v0: float, v1: float) -> list[Point]:
        return [self.at(s0, v0), self.at(s1, v0), self.at(s1, v1), self.at(s0, v1)]

    def front(self) -> Point:
        return self.at(self.width / 2, 0)


def around(shape: shapely.Polygon, number: int, width: float, house: float, depth: float, rng):
    """Plots on all sides of a closed block, and what is left in its middle (or nothing).

    width: of a usual plot; house: how deep its houses are; depth: of the plots. Each edge becomes a strip that is
    mitred at the block's corners, so that houses meet there like a picture frame.
    """
    points, along, length, lean, room = _frame(shape, depth)
    house, depth = min(house, 0.8 * room), min(depth, 0.93 * room)
    if house < 6.5 or len(points) < 3:
        return [], shape, house
    cuts = []
    for i in range(len(points)):
        right = lean[(i + 1) % len(points)]
        cuts.append(_cuts(length[i], max(lean[i], 0) * house, max(right, 0) * house, width, rng))
    while True:
        edges = [
            _strip(number, points[i], along[i], cuts[i], lean[i], lean[(i + 1) % len(points)], depth)
            for i in range(len(points))
        ]
        if depth < house or not _meet(edges):
            break
        depth *= 0.85  # the block has a waist
    for i, plots in enumerate(edges):
        _join_corner(edges[i - 1][-1], plots[0], lean[i])
    middle = shape.difference(shapely.union_all(_strips(edges))).buffer(-0.01)
    middle = max(shapely.get_parts(middle), key=lambda part: part.area, default=None)
    return [plot for plots in edges for plot in plots], middle, house


def _meet(edges: list[list[Plot]]) -> bool:
    """Do plots of two streets lie on each other?"""
    strips = _strips(edges)
    first, second = shapely.STRtree(strips).query(strips, predicate="intersects")
    pairs = first < second
    return bool((shapely.area(shapely.intersection(strips[first[pairs]], strips[second[pairs]])) > 0.5).any())


def _strips(edges: list[list[Plot]]) -> np.ndarray:
    """The land that all plots of a street take."""
    return np.array([shapely.Polygon(_around(plots[0], plots[-1])) for plots in edges], object)


def _around(first: Plot, last: Plot) -> list[Point]:
    back = last.at(last.width - last.right * last.depth, last.depth), first.at(first.left * first.depth, first.depth)
    return [first.at(0, 0), last.at(last.width, 0), *back]


def _frame(shape, depth):
    """The block's corners and edges, drawn no finer than that plots of this depth fit behind each edge.

    room: how deep plots can be before two neighbouring mitres meet.
    """
    points = shapely.get_coordinates(shapely.orient_polygons(shape.simplify(0.8)).exterior)[:-1]
    while True:
        along, length, lean = _edges(points)
        rooms = length / np.maximum(lean + np.roll(lean, -1), 1e-3)
        tight = int(rooms.argmin())
        if rooms[tight] > depth or len(points) < 4:
            break
        bends = [
            (abs(_bulge(points, k)), k) for k in (tight, (tight + 1) % len(points)) if -1.6 < _bulge(points, k) < 9
        ]
        if not bends:
            break
        points = np.delete(points, min(bends)[1], axis=0)
    return points, along, length, lean, rooms[tight]


def _bulge(points, k) -> float:
    """How far the corner stands out from the line between its neighbours; negative where it stands in."""
    before, at, after = points[k - 1], points[k], points[(k + 1) % len(points)]
    base = after - before
    return float((at - before) @ (base[1], -base[0]) / np.hypot(*base))


def _edges(points):
    """Direction and length of each edge, and how much the mitre at its start leans for each metre of depth."""
    edge = np.roll(points, -1, axis=0) - points
    length = np.hypot(*edge.T)
    along = edge / length[:, None]
    before = np.roll(along, 1, axis=0)
    turn = np.arctan2(before[:, 0] * along[:, 1] - before[:, 1] * along[:, 0], (before * along).sum(axis=1))
    return along, length, np.tan(np.clip(turn, -2.4, 2.4) / 2)


def _cuts(length, left, right, width, rng) -> np.ndarray:
    """Where one plot ends and the next begins; `left` and `right` belong to the corners."""
    count = max(1, round(length / width))
    shares = 1 + 0.22 * rng.uniform(-1, 1, count)
    cuts = np.cumsum(shares)[:-1] / shares.sum() * length
    cuts = cuts[(cuts > left + 4) & (cuts < length - right - 4)]
    return np.concatenate([[0], cuts, [length]])


def _strip(number, origin, along, cuts, left, right, depth) -> list[Plot]:
    """Neighbouring plots along one straight front; only the outer two lean."""
    x, y = origin
    ax, ay = along
    plots = []
    for k in range(len(cuts) - 1):
        start, end = float(cuts[k]), float(cuts[k + 1])
        plot = Plot(
            block=number,
            origin=(float(x + start * ax), float(y + start * ay)),
            along=(float(ax), float(ay)),
            width=end - start,
            left=float(left) if k == 0 else 0.0,
            right=float(right) if k == len(cuts) - 2 else 0.0,
            depth=depth,
            ring=[],
        )
        plot.ring = [plot.at(s - start, v) for s, v in _outline(start, end, float(cuts[-1]), left, right, depth)]
        plots.append(plot)
    return plots


def _outline(start, end, length, left, right, depth):
    """The part of a mitred strip between two cuts, as (along, inward) points."""

    def deep(s):
        limits = [depth]
        if left > 1e-6 and s > 0:
            limits.append(s / left)
        if right > 1e-6 and s < length:
            limits.append((length - s) / right)
        return max(min(limits), 0.0)

    points = [(start, 0.0), (end, 0.0)]
    if end < length:
        points.append((end, deep(end)))
    knees = sorted({length - right * depth, left * depth}, reverse=True)
    if end >= length and right < 0:
        points.append((length - right * depth, depth))
    points += [(s, depth) for s in knees if start < s < end and deep(s) >= depth - 1e-6]
    if start <= 0 and left < 0:
        points.append((left * depth, depth))
    if start > 0:
        points.append((start, deep(start)))
    return points


def _join_corner(before: Plot, after: Plot, lean: float):
    """One house stands on both sides of a real corner."""
    if 0.25 < lean < 2.2 and before.corner is None and after.corner is None and before is not after:
        before.corner = after
        after.corner = before


def facing(shape: shapely.Polygon, corners: np.ndarray, number: int, width: float, rng) -> list[Plot]:
    """Two rows of plots, back to back, on the two longer sides of a block; or one row where it is shallow."""
    near, far = _sides(shape, corners)
    gap = np.hypot(*(near - far).T).mean()
    length = np.hypot(*np.diff(near, axis=0).T).sum()
    count = max(1, round(length / width))
    shares = np.concatenate([[0], np.cumsum(1 + 0.12 * rng.uniform(-1, 1, count))])
    shares /= shares[-1]
    front, back = _on(near, shares), _on(far, shares)
    if gap < 44:
        return [_quad_plot(number, front[k], front[k + 1], back[k + 1], back[k]) for k in range(count)]
    middle = (front + back) / 2
    plots = [_quad_plot(number, front[k], front[k + 1], middle[k + 1], middle[k]) for k in range(count)]
    return plots + [_quad_plot(number, back[k + 1], back[k], middle[k], middle[k + 1]) for k in range(count)]


def _sides(shape, corners):
    """The longer pair of opposite sides, both in the same direction, the block on the left of the first.

    The first is the first side of the patch, if that is one of the pair.
    """
    ring = shapely.get_coordinates(shapely.orient_polygons(shape).exterior)[:-1]
    at = [int(np.hypot(*(ring - corner).T).argmin()) for corner in corners]
    if not shapely.LinearRing(corners).is_ccw:
        at = [at[1], at[0], at[3], at[2]]
    paths = [_path(ring, at[k], at[(k + 1) % 4]) for k in range(4)]
    length = [np.hypot(*np.diff(path, axis=0).T).sum() for path in paths]
    first = 0 if length[0] + length[2] >= length[1] + length[3] else 1
    shares = np.linspace(0, 1, 9)
    return _on(paths[first], shares), _on(paths[first + 2][::-1], shares)


def _path(ring, start, end) -> np.ndarray:
    end = end if end > start else end + len(ring)
    return ring[np.arange(start, end + 1) % len(ring)]


def _on(curve, shares) -> np.ndarray:
    length = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(curve, axis=0).T))])
    return np.column_stack([np.interp(np.asarray(shares) * length[-1], length, curve[:, axis]) for axis in (0, 1)])


def _quad_plot(number, a, b, c, d) -> Plot:
    width = float(np.hypot(*(b - a)))
    ax, ay = ((b - a) / max(width, 0.1)).tolist()
    left, right = d - a, c - b
    deep_left, deep_right = float(left @ (-ay, ax)), float(right @ (-ay, ax))
    return Plot(
        block=number,
        origin=(float(a[0]), float(a[1])),
        along=(ax, ay),
        width=width,
        left=float(left @ (ax, ay)) / max(deep_left, 1.0),
        right=-float(right @ (ax, ay)) / max(deep_right, 1.0),
        depth=min(deep_left, deep_right),
        ring=[(float(x), float(y)) for x, y in (a, b, c, d)],
    )


def checkered(shape: shapely.Polygon, corners: np.ndarray, number: int, width: float, depth: float) -> list[Plot]:
    """Small plots in rows over the whole block: allotments. Every second row faces the same path."""
    near, far = _sides(shape, corners)
    rows = max(2, round(float(np.hypot(*(near - far).T).mean()) / depth))
    count = max(1, round(float(np.hypot(*np.diff(near, axis=0).T).sum()) / width))
    across = np.linspace(0.015, 0.985, rows + 1)[:, None, None]
    lines = (1 - across) * _on(near, np.linspace(0, 1, count + 1)) + across * _on(far, np.linspace(0, 1, count + 1))
    plots = []
    for r in range(rows):
        for k in range(count):
            a, b, c, d = lines[r, k], lines[r, k + 1], lines[r + 1, k + 1], lines[r + 1, k]
            plots.append(_quad_plot(number, c, d, a, b) if r % 2 else _quad_plot(number, a, b, c, d))
    return plots
