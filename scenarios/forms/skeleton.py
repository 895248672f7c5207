"""The straight skeleton of an outline: where roofs of one pitch meet when every wall bears one."""

import itertools
from collections import defaultdict
from typing import NamedTuple

import numpy as np
import shapely

NEAR = 1e-4  # metres: closer points are one
MOST_CORNERS = 300

Segment = tuple[int, int, int]  # from node, to node, the wall whose roof lies to its left


class NoSkeleton(Exception):
    """The outline is beyond what can be computed; the caller takes a simpler roof."""


class Skeleton(NamedTuple):
    """points: (n, 2) metres, the outline's corners first; distance: (n,) metres from the walls that meet there.

    faces: for each wall, which runs from corner i to corner `after[i]`, its piece of the roof, counter-clockwise,
    beginning with the wall.
    """

    points: np.ndarray
    distance: np.ndarray
    faces: list[list[int]]
    after: np.ndarray


class Front(NamedTuple):
    """The outline on its way inwards: each corner moves on the bisector of the two walls that it lies between."""

    node: np.ndarray  # (n,) where each corner came from
    start: np.ndarray  # (n, 2)
    since: np.ndarray  # (n,) metres from the walls
    speed: np.ndarray  # (n, 2)
    before: np.ndarray  # (n,) the wall before each corner
    wall: np.ndarray  # (n,) the wall after it
    after: np.ndarray  # (n,) the next corner

    def at(self, distance: float) -> np.ndarray:
        return self.start + self.speed * (distance - self.since)[:, None]


class Growing:
    """What is known of the skeleton so far."""

    def __init__(self, points: np.ndarray, after: np.ndarray):
        self.points = list(points)
        self.distance = [0.0] * len(points)
        along = points[after] - points
        self.along = along / np.linalg.norm(along, axis=1)[:, None]
        self.inward = np.column_stack([-self.along[:, 1], self.along[:, 0]])
        self.segments: list[Segment] = [(i, int(j), i) for i, j in enumerate(after)]

    def add(self, point: np.ndarray, distance: float) -> int:
        self.points.append(point)
        self.distance.append(distance)
        return len(self.points) - 1

    def meet(self, start: int, end: int, left: int, right: int) -> None:
        """Two roofs meet from node to node."""
        if start != end:
            self.segments += [(start, end, left), (end, start, right)]


def skeleton_of(outline: shapely.Polygon) -> Skeleton:
    """outline: counter-clockwise, its courtyards clockwise, without corners on straight walls. Raises NoSkeleton."""
    rings = [shapely.get_coordinates(ring)[:-1] for ring in (outline.exterior, *outline.interiors)]
    points = np.concatenate(rings)
    if len(points) > MOST_CORNERS:
        raise NoSkeleton
    after = np.concatenate([np.roll(np.arange(len(ring)), -1) + start for ring, start in _starts(rings)])
    middle = points.mean(axis=0)  # the coordinates of a projection are too large for fine differences
    growing = Growing(points - middle, after)
    front = _first_front(growing, after)
    distance = 0.0
    for _ in range(6 * len(points) + 20):
        if not len(front.node):
            return _finished(growing, outline, middle, after)
        distance = _next_meeting(growing, front, distance)
        front = _rebuilt(growing, front, distance)
    raise NoSkeleton


def _starts(rings: list[np.ndarray]):
    start = 0
    for ring in rings:
        yield ring, start
        start += len(ring)


def _first_front(growing: Growing, after: np.ndarray) -> Front:
    here = np.arange(len(after))
    before = np.empty_like(after)
    before[after] = here
    points = np.array(growing.points)
    return Front(here, points, np.zeros(len(here)), _speeds(growing, before, here), before, here, after)


def _speeds(growing: Growing, before: np.ndarray, wall: np.ndarray) -> np.ndarray:
    one, other = growing.inward[before], growing.inward[wall]
    apart = 1 + (one * other).sum(axis=1)
    if (apart < 1e-14).any():
        raise NoSkeleton  # a wall of no thickness
    return (one + other) / apart[:, None]


def _next_meeting(growing: Growing, front: Front, distance: float) -> float:
    """How far inwards a wall vanishes, or a corner runs into a wall, for the first time from here on."""
    here = front.at(distance)
    along, inward = growing.along[front.wall], growing.inward[front.wall]
    length = np.maximum(((here[front.after] - here) * along).sum(axis=1), 0)
    growth = ((front.speed[front.after] - front.speed) * along).sum(axis=1)
    shrinking = growth < -1e-12
    soonest = (length[shrinking] / -growth[shrinking]).min(initial=np.inf)
    before = growing.along[front.before]
    turn = before[:, 0] * along[:, 1] - before[:, 1] * along[:, 0]
    corners = np.flatnonzero(turn < -1e-9)
    if len(corners):
        gap = (here[corners] @ inward.T) - (here * inward).sum(axis=1)
        closing = 1 - front.speed[corners] @ inward.T
        with np.errstate(divide="ignore", invalid="ignore"):
            time = np.where((gap > NEAR) & (closing > 1e-12), gap / closing, np.inf)
        time[time > soonest] = np.inf
        i, j = np.nonzero(np.isfinite(time))
        when = time[i, j]
        met = here[corners[i]] + front.speed[corners[i]] * when[:, None]
        foot = here[j] + front.speed[j] * when[:, None]
        place = ((met - foot) * along[j]).sum(axis=1)
        hits = (place > -NEAR) & (place < length[j] + growth[j] * when + NEAR)
        soonest = min(soonest, when[hits].min(initial=np.inf))
    if not np.isfinite(soonest):
        raise NoSkeleton
    return distance + soonest


def _rebuilt(growing: Growing, front: Front, distance: float) -> Front:
    """The outline after what met has met: pieces apart, walls that ran into each other gone."""
    here = front.at(distance)
    group = _groups(here)
    members = defaultdict(list)
    for corner, number in enumerate(group):
        members[number].append(corner)
    pieces, touched = _pieces(growing, front, here, group, members)
    kept, ridges = _without_pairs(pieces)
    touched |= {end for one, other, _, _ in ridges for end in (one, other)}
    nodes = {
        number: _arrive(growing, front, here, found, distance)
        for number, found in members.items()
        if len(found) > 1 or number in touched
    }
    for start, end, left, right in ridges:
        growing.meet(nodes[start], nodes[end], right, left)
    return _traced_front(growing, front, kept, here, members, nodes, distance)


def _groups(points: np.ndarray) -> list[int]:
    """The number of the first point that is at the same place."""
    apart = np.abs(points[:, None] - points[None]).max(axis=2)
    return np.argmax(apart <= NEAR, axis=1).tolist()


def _pieces(growing: Growing, front: Front, here: np.ndarray, group: list[int], members: dict):
    """The walls as they are now, cut where a corner has run into them; and the groups of those corners."""
    places = np.array(sorted(members))
    spots = here[places]
    pieces: list[Segment] = []
    touched: set[int] = set()
    for corner, wall in enumerate(front.wall.tolist()):
        start, end = group[corner], group[int(front.after[corner])]
        if start == end:
            continue
        away = (spots - here[start]) @ growing.inward[wall]
        far = (spots - here[start]) @ growing.along[wall]
        length = float((here[end] - here[start]) @ growing.along[wall])
        on = (np.abs(away) <= NEAR) & (far > NEAR) & (far < length - NEAR) & (places != start) & (places != end)
        between = places[on][np.argsort(far[on])].tolist()
        touched.update(between)
        chain = [start, *between, end]
        pieces += [(a, b, wall) for a, b in itertools.pairwise(chain)]
    return pieces, touched


def _without_pairs(pieces: list[Segment]):
    """What is left when two walls lie on each other, face to face; and those: a ridge each."""
    there: dict[tuple[int, int], list[int]] = defaultdict(list)
    ridges = []
    for start, end, wall in pieces:
        if there[end, start]:
            ridges.append((end, start, there[end, start].pop(), wall))
        else:
            there[start, end].append(wall)
    return [(start, end, wall) for (start, end), walls in there.items() for wall in walls], ridges


def _arrive(growing: Growing, front: Front, here: np.ndarray, corners: list[int], distance: float) -> int:
    """The node where these corners meet; the way of each to it is where two roofs meet."""
    place = here[corners[0]]
    starts = front.node[corners].tolist()
    node = next((one for one in starts if np.abs(growing.points[one] - place).max() <= NEAR), None)
    if node is None:
        node = growing.add(place, distance)
    for corner, start in zip(corners, starts, strict=True):
        growing.meet(start, node, int(front.before[corner]), int(front.wall[corner]))
    return node


def _traced_front(growing, front, kept, here, members, nodes, distance) -> Front:
    rows: list[tuple] = []
    following: list[int] = []
    for loop in loops_of(kept, here):
        walls = [kept[piece][2] for piece in loop]
        corners = [
            (kept[piece][0], walls[k - 1], wall) for k, (piece, wall) in enumerate(zip(loop, walls, strict=True))
        ]
        corners = [corner for corner in corners if corner[1] != corner[2]]
        following += [len(rows) + (k + 1) % len(corners) for k in range(len(corners))]
        for number, before, wall in corners:
            if number in nodes:
                rows.append((nodes[number], growing.points[nodes[number]], distance, before, wall))
            else:
                old = members[number][0]
                rows.append((front.node[old], front.start[old], front.since[old], before, wall))
    before_each, wall_each = (np.array([row[k] for row in rows], int) for k in (3, 4))
    return Front(
        np.array([row[0] for row in rows], int),
        np.array([row[1] for row in rows], float).reshape(-1, 2),
        np.array([row[2] for row in rows], float),
        _speeds(growing, before_each, wall_each),
        before_each,
        wall_each,
        np.array(following, int),
    )


def loops_of(segments: list[Segment], points) -> list[list[int]]:
    """Directed segments as closed loops with the inside to the left; loops that touch in a point stay apart."""
    leaving: dict[int, list[int]] = defaultdict(list)
    for number, (start, _, _) in enumerate(segments):
        leaving[start].append(number)
    loops, unused = [], set(range(len(segments)))
    while unused:
        loop = [min(unused)]
        unused.discard(loop[0])
        while segments[loop[-1]][1] != segments[loop[0]][0] or _sharper(segments, points, leaving, loop, unused):
            ways = [way for way in leaving[segments[loop[-1]][1]] if way in unused]
            if not ways:
                raise NoSkeleton
            loop.append(min(ways, key=lambda way: _turn(segments, points, loop[-1], way)))
            unused.discard(loop[-1])
        loops.append(loop)
    return loops


def _sharper(segments, points, leaving, loop, unused) -> bool:
    """Is the loop's beginning, where it has come back to, not the way that it has to take?"""
    ways = [way for way in leaving[segments[loop[-1]][1]] if way in unused]
    closing = _turn(segments, points, loop[-1], loop[0])
    return any(_turn(segments, points, loop[-1], way) < closing for way in ways)


def _turn(segments: list[Segment], points, arriving: int, leaving: int) -> float:
    """The angle from the way back clockwise to the way on, 0 to 360 degrees without 0."""
    back = points[segments[arriving][0]] - points[segments[arriving][1]]
    on = points[segments[leaving][1]] - points[segments[leaving][0]]
    angle = np.arctan2(back[1], back[0]) - np.arctan2(on[1], on[0])
    return float((angle - 1e-9) % (2 * np.pi))


def _finished(growing: Growing, outline: shapely.Polygon, middle: np.ndarray, after: np.ndarray) -> Skeleton:
    points = np.array(growing.points)
    of_wall: dict[int, list[Segment]] = defaultdict(list)
    for segment in growing.segments:
        of_wall[segment[2]].append(segment)
    faces = []
    for wall in range(len(after)):
        loops = loops_of(of_wall[wall], points)
        if len(loops) != 1:
            raise NoSkeleton
        faces.append([of_wall[wall][piece][0] for piece in loops[0]])
    shapes = [shapely.Polygon(points[face]) for face in faces]
    covered = sum(shape.area for shape in shapes)
    if abs(covered - outline.area) > 1e-4 * max(outline.area, 1) or not all(shape.is_valid for shape in shapes):
        raise NoSkeleton
    return Skeleton(points + middle, np.array(growing.distance), faces, after)
