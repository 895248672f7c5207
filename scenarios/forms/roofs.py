"""Roofs over an outline: flat, pent, gable, hip, half-hip, mansard and tent."""

from collections.abc import Callable
from dataclasses import dataclass, field
from math import cos, radians, sin, tan

import numpy as np
import shapely

from scenarios.forms.skeleton import NoSkeleton, skeleton_of
from twin.errors import BadShape
from twin.feature import Words

# The words of the page, and how the AdV's CityGML profile writes them (layers.codes.ROOF_TYPES).
CODES = {
    "flat": "1000",
    "pent": "2100",
    "gable": "3100",
    "hip": "3200",
    "half_hip": "3300",
    "mansard": "3400",
    "tent": "3500",
}
PITCHES = {"flat": 0.0, "pent": 12.0, "gable": 40.0, "hip": 35.0, "half_hip": 42.0, "mansard": 30.0, "tent": 35.0}
STEEPEST = 75.0  # degrees
HALF = 0.55  # of a gable's height: where the half-hip begins
MANSARD_FOOT = 70.0  # degrees
MANSARD_KNEE = 1.0  # metres inwards of the wall, where the steep part of a mansard roof ends
SQUARE = 1e-3  # how far the cosine of a right angle may be from 0


@dataclass
class Roof:
    """points: (n, 2) metres, the corners of the outline first; above: (n,) metres above the eaves.

    faces: the rings of each, counter-clockwise seen from above. gables: for a wall, the points over its top edge, from
    its end back to its beginning.
    """

    points: np.ndarray
    above: np.ndarray
    faces: list[list[list[int]]]
    gables: dict[int, list[int]] = field(default_factory=dict)
    messages: list[Words] = field(default_factory=list)


@dataclass
class Drawn:
    """A roof before it has heights: each point's distance from the walls that meet there."""

    points: list[np.ndarray]
    distance: list[float]
    faces: list[list[int]]  # of a gabled wall empty
    after: np.ndarray
    gables: dict[int, list[int]] = field(default_factory=dict)

    def add(self, point: np.ndarray, distance: float) -> int:
        self.points.append(point)
        self.distance.append(float(distance))
        return len(self.points) - 1

    def between(self, one: int, other: int, share: float) -> int:
        return self.add(
            self.points[one] + share * (self.points[other] - self.points[one]),
            self.distance[one] + share * (self.distance[other] - self.distance[one]),
        )


def check(kind: str, pitch: float) -> None:
    """Raises BadShape."""
    if kind not in CODES:
        raise BadShape(
            Words(
                f"Eine Dachform „{kind}“ gibt es nicht. Es gibt: {', '.join(CODES)}.",
                f"There is no roof called {kind}. Choose one of {', '.join(CODES)}.",
            )
        )
    if kind != "flat" and not 0 < pitch <= STEEPEST:
        raise BadShape(
            Words(
                f"Ein Dach von {pitch:g}° lässt sich nicht bauen. Bitte mehr als 0 und höchstens {STEEPEST:g}° wählen.",
                f"A roof of {pitch:g}° cannot be built. Choose a pitch of more than 0 and at most {STEEPEST:g}°.",
            )
        )


def roof_over(outline: shapely.Polygon, kind: str, pitch: float, direction: float | None = None) -> Roof:
    """outline: counter-clockwise, its courtyards clockwise, without corners on straight walls; pitch: degrees.

    direction: of the ridge (of a pent roof: of its low edge), in degrees clockwise from north; None: along the
    outline's longer side.
    """
    check(kind, pitch)
    rising = tan(radians(pitch))
    if kind == "flat":
        return _plane(outline, lambda points: np.zeros(len(points)))
    if kind == "pent":
        across = _across(outline, direction)
        return _plane(outline, lambda points: (points @ across - (points @ across).min()) * rising)
    if kind == "tent" and (roof := _tent(outline, rising)) is not None:
        return roof
    try:
        return _over_skeleton(outline, kind, rising, direction)
    except NoSkeleton:
        roof = _plane(outline, lambda points: np.zeros(len(points)))
        roof.messages.append(
            Words(
                "Für ein geneigtes Dach ist dieser Umriss zu verwinkelt: Er bekommt ein Flachdach.",
                "This outline is too intricate for a pitched roof: it gets a flat one.",
            )
        )
        return roof


def _over_skeleton(outline: shapely.Polygon, kind: str, rising: float, direction: float | None) -> Roof:
    messages = []
    if kind == "tent":
        messages.append(
            Words(
                "Ein Zeltdach braucht einen Umriss, dessen Wände von der Mitte aus zu sehen sind:"
                " Hier wird es ein Walmdach.",
                "A tent roof needs an outline that is seen from its middle: here it becomes a hipped roof.",
            )
        )
    drawn = _rectangle(outline, direction) if kind in ("gable", "half_hip", "mansard") else None
    if drawn is None:
        found = skeleton_of(outline)
        drawn = Drawn(list(found.points), found.distance.tolist(), found.faces, found.after)
        if kind in ("gable", "half_hip"):
            _raise_gables(drawn)
            if not drawn.gables and not outline.interiors:
                messages.append(
                    Words(
                        "Keine Wand dieses Umrisses kann einen Giebel tragen: Das Dach ist rundum abgewalmt.",
                        "No wall of this outline can bear a gable: the roof is hipped on all sides.",
                    )
                )
    if kind == "half_hip":
        _cut_gables(drawn)
    knee, foot = np.inf, rising
    if kind == "mansard":
        knee, foot = min(MANSARD_KNEE, max(drawn.distance) / 3), max(tan(radians(MANSARD_FOOT)), rising)
        _fold(drawn, knee)
    distance = np.array(drawn.distance)
    above = np.minimum(distance, knee) * foot + np.maximum(distance - knee, 0) * rising
    return Roof(np.array(drawn.points), above, [[face] for face in drawn.faces if face], drawn.gables, messages)


def _plane(outline: shapely.Polygon, height: Callable[[np.ndarray], np.ndarray]) -> Roof:
    rings = [shapely.get_coordinates(ring)[:-1] for ring in (outline.exterior, *outline.interiors)]
    points = np.concatenate(rings)
    ends = np.cumsum([len(ring) for ring in rings])
    face = [list(range(end - len(ring), end)) for ring, end in zip(rings, ends.tolist(), strict=True)]
    return Roof(points, height(points), [face])


def _across(outline: shapely.Polygon, direction: float | None) -> np.ndarray:
    """Upwards on a pent roof."""
    if direction is not None:
        return np.array([cos(radians(direction)), -sin(radians(direction))])
    box = shapely.get_coordinates(shapely.oriented_envelope(outline))
    sides = box[1:3] - box[:2]
    longer = sides[np.argmax(np.linalg.norm(sides, axis=1))]
    return np.array([-longer[1], longer[0]]) / np.linalg.norm(longer)


def _tent(outline: shapely.Polygon, rising: float) -> Roof | None:
    """All faces lean to one point over the middle, where each wall is seen from there."""
    middle = outline.centroid
    points = shapely.get_coordinates(outline.exterior)[:-1]
    after = np.roll(points, -1, axis=0)
    apex = shapely.get_coordinates(middle)[0]
    lies_left = np.cross(np.c_[after - points, np.zeros(len(points))], np.c_[apex - points, np.zeros(len(points))])
    if len(outline.interiors) or (lies_left[:, 2] <= 0).any():
        return None
    above = np.append(np.zeros(len(points)), middle.distance(outline.exterior) * rising)
    faces = [[[i, (i + 1) % len(points), len(points)]] for i in range(len(points))]
    return Roof(np.vstack([points, apex]), above, faces)


def _rectangle(outline: shapely.Polygon, direction: float | None) -> Drawn | None:
    """Two slopes and a ridge from gable to gable; nothing for an outline that is no rectangle."""
    points = shapely.get_coordinates(outline.exterior)[:-1]
    sides = np.roll(points, -1, axis=0) - points
    lengths = np.linalg.norm(sides, axis=1)
    if len(points) != 4 or len(outline.interiors):
        return None
    unit = sides / lengths[:, None]
    if (np.abs((unit * np.roll(unit, -1, axis=0)).sum(axis=1)) > SQUARE).any():
        return None
    if direction is None:
        along = int(lengths[1] > lengths[0])
    else:
        ridge = np.array([sin(radians(direction)), cos(radians(direction))])
        along = int(abs(unit[1] @ ridge) > abs(unit[0] @ ridge))
    drawn = Drawn(list(points), [0.0] * 4, [[], [], [], []], np.array([1, 2, 3, 0]))
    one, two = (along + 1) % 4, (along + 3) % 4
    for wall in (one, two):
        middle = drawn.between(wall, (wall + 1) % 4, 0.5)
        drawn.distance[middle] = float(lengths[one]) / 2
        drawn.gables[wall] = [middle]
    for wall, to, back in ((along, one, two), ((along + 2) % 4, two, one)):
        drawn.faces[wall] = [wall, (wall + 1) % 4, *drawn.gables[to], *drawn.gables[back]]
    return drawn


def _raise_gables(drawn: Drawn) -> None:
    """Triangular hips at the end of a ridge become gables: the ridge goes on until it meets the wall."""
    beside = _beside(drawn.faces)
    for wall, face in enumerate(drawn.faces):
        if len(face) != 3:
            continue
        start, end, apex = face
        ridges = [other for other in beside[apex] if other not in (start, end)]
        if len(ridges) != 1:
            continue
        inner = ridges[0]
        side, way = drawn.points[end] - drawn.points[start], drawn.points[apex] - drawn.points[inner]
        turn = way[0] * side[1] - way[1] * side[0]
        if abs(turn) < 1e-9:
            continue
        gap = drawn.points[start] - drawn.points[inner]
        share = (gap[0] * side[1] - gap[1] * side[0]) / turn
        foot = drawn.points[inner] + share * way
        place = ((foot - drawn.points[start]) @ side) / (side @ side)
        if share <= 1 or not 0.1 < place < 0.9:
            continue
        drawn.distance[apex] = drawn.distance[inner] + share * (drawn.distance[apex] - drawn.distance[inner])
        drawn.points[apex] = foot
        drawn.gables[wall] = [apex]
        drawn.faces[wall] = []


def _beside(faces: list[list[int]]) -> dict[int, set[int]]:
    """For each point those that an edge leads to."""
    found: dict[int, set[int]] = {}
    for face in faces:
        for one, other in zip(face, face[1:] + face[:1], strict=True):
            found.setdefault(one, set()).add(other)
            found.setdefault(other, set()).add(one)
    return found


def _cut_gables(drawn: Drawn) -> None:
    """Above half of its height a gable gives way to a small hip."""
    beside = _beside(drawn.faces)
    for wall, (peak,) in list(drawn.gables.items()):
        start, end = wall, int(drawn.after[wall])
        inner = next(iter(beside[peak] - {start, end}))
        left, right = drawn.between(start, peak, HALF), drawn.between(end, peak, HALF)
        way = np.linalg.norm(drawn.points[inner] - drawn.points[peak])
        width = np.linalg.norm(drawn.points[end] - drawn.points[start])
        share = min(
            float((1 - HALF) * width / 2 / way), 0.45
        )  # as steep as the roof; two ends leave a ridge between them
        tip = drawn.between(peak, inner, share)
        drawn.gables[wall] = [right, left]
        drawn.faces[wall] = [left, right, tip]
        for other, face in enumerate(drawn.faces):
            if other != wall and peak in face:
                at = face.index(peak)
                in_order = [left, tip] if face[at - 1] == start else [tip, right]
                drawn.faces[other] = face[:at] + in_order + face[at + 1 :]


def _fold(drawn: Drawn, knee: float) -> None:
    """Cut each face where its pitch changes; neighbours get the same points."""
    made: dict[tuple[int, int], int] = {}

    def with_knees(ring: list[int], closed: bool) -> list[int]:
        result = []
        for one, other in zip(ring, ring[1:] + ring[:1], strict=True):
            result.append(one)
            low, high = drawn.distance[one], drawn.distance[other]
            if (low - knee) * (high - knee) < 0 and (closed or one != ring[-1]):
                key = (min(one, other), max(one, other))
                if key not in made:
                    share = (knee - drawn.distance[key[0]]) / (drawn.distance[key[1]] - drawn.distance[key[0]])
                    made[key] = drawn.between(*key, share)
                result.append(made[key])
        return result

    for wall, over in drawn.gables.items():
        drawn.gables[wall] = with_knees([int(drawn.after[wall]), *over, wall], closed=False)[1:-1]
    folded = []
    for face in drawn.faces:
        if face:
            folded += _parted(with_knees(face, closed=True), drawn, knee)
    drawn.faces = folded


def _parted(ring: list[int], drawn: Drawn, knee: float) -> list[list[int]]:
    """The steep piece by the wall, and the pieces above the knee."""
    side = [np.sign(round(drawn.distance[point] - knee, 9)) for point in ring]
    if 1 not in side or -1 not in side:
        return [ring]
    low = [point for point, sign in zip(ring, side, strict=True) if sign <= 0]
    start = next(i for i, sign in enumerate(side) if sign < 0)
    turned, signs = ring[start:] + ring[:start], side[start:] + side[:start]
    highs: list[list[int]] = []
    for i, point in enumerate(turned):
        if signs[i] > 0:
            if signs[i - 1] <= 0:
                highs.append([turned[i - 1]])
            highs[-1].append(point)
        elif highs and signs[i - 1] > 0:
            highs[-1].append(point)
    return [low, *highs]
