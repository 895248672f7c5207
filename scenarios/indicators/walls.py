"""Outer walls with the area that each keeps free before it (Abstandsfläche), as geometry on the ground."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely

from layers.buildings import letters
from scenarios.counting import heights
from scenarios.rows import Rows
from scenarios.shade.relief import surveyed_roofs

SHORTEST = 0.5  # metres of wall: shorter ones are drawing
SMOOTHED = 0.05  # metres
LEVEL = 0.05  # metres by which the top of a wall may rise and still be an eaves line
ROUND = 45.0  # degrees
BEHIND = 0.3  # metres before a wall: what stands there stands wall to wall
Profile = dict[str, Any]  # a state's table of rules/spacing.toml


@dataclass(frozen=True)
class Walls:
    """m walls. owner: (m,) row of the building; start, end, normal: (m, 2), normal outward of length 1; tall: (m,) the
    largest H in metres; areas: (m,) polygons.
    """

    owner: np.ndarray
    start: np.ndarray
    end: np.ndarray
    normal: np.ndarray
    tall: np.ndarray
    areas: np.ndarray

    def where(self, chosen: np.ndarray) -> "Walls":
        return Walls(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))

    @property
    def middle(self) -> np.ndarray:
        return (self.start + self.end) / 2


def walls_of(rows: Rows, profile: Profile, factor: np.ndarray, usual_storey: float) -> Walls:
    """The walls that keep an area free: not those that stand against another building.

    rows: buildings; factor: (n,) of H, 0 where the least depth suffices.
    """
    surveyed = np.array([one is not None for one in rows["surfaces"]], bool)
    parts = [
        _surveyed(rows, np.flatnonzero(surveyed), profile, factor),
        _drawn(rows, np.flatnonzero(~surveyed), profile, factor, usual_storey),
    ]
    joined = Walls(*(np.concatenate([getattr(one, name) for one in parts]) for name in Walls.__dataclass_fields__))
    return _outer(_round(joined, np.maximum(profile["least"], factor[joined.owner] * joined.tall)), rows.shapes)


def _round(walls: Walls, depth: np.ndarray) -> Walls:
    """Round towers are drawn with many corners: where walls turn by less than ROUND, their areas are one."""
    at = {
        (owner, *start): i
        for i, (owner, start) in enumerate(zip(walls.owner, walls.start.round(2).tolist(), strict=True))
    }
    ends = enumerate(zip(walls.owner, walls.end.round(2).tolist(), strict=True))
    pairs = np.array([(i, at[owner, *end]) for i, (owner, end) in ends if (owner, *end) in at], int).reshape(-1, 2)
    one, other = pairs.T
    turn = walls.normal[one, 0] * walls.normal[other, 1] - walls.normal[one, 1] * walls.normal[other, 0]
    along = np.einsum("ij,ij->i", walls.normal[one], walls.normal[other])
    slight = (turn > 1e-6) & (along > np.cos(np.radians(ROUND)))
    one, other = one[slight], other[slight]
    corner = walls.end[one]
    near, far = (corner + walls.normal[i] * depth[i][:, None] for i in (one, other))
    wedges = shapely.polygons(np.stack([corner, near, far], axis=1))
    areas = walls.areas.copy()
    areas[one] = shapely.union(areas[one], wedges)
    return replace(walls, areas=areas)


def outer_walls(shapes: np.ndarray) -> Walls:
    """The free outer walls of (n,) outlines, those to courtyards among them, without areas."""
    start, end, owner = _edges(shapes, courts=True)
    along = end - start
    normal = np.column_stack([along[:, 1], -along[:, 0]]) / np.linalg.norm(along, axis=1, keepdims=True)
    return _outer(Walls(owner, start, end, normal, np.zeros(len(owner)), np.full(len(owner), None)), shapes)


def _drawn(rows: Rows, chosen: np.ndarray, profile: Profile, factor: np.ndarray, usual: float) -> Walls:
    """Walls straight up from the outline; H by eaves and roof, the same on all sides."""
    _, height, eaves = heights(rows.where(chosen), usual)
    start, end, which = _edges(rows.shapes[chosen], courts=True)
    tall = (eaves + (height - eaves) * _roof_shares(rows.where(chosen), profile))[which]
    along = end - start
    normal = np.column_stack([along[:, 1], -along[:, 0]]) / np.linalg.norm(along, axis=1, keepdims=True)
    depth = np.maximum(profile["least"], factor[chosen][which] * tall)
    return Walls(chosen[which], start, end, normal, tall, _rectangles(start, end, normal, depth))


def _surveyed(rows: Rows, chosen: np.ndarray, profile: Profile, factor: np.ndarray) -> Walls:
    """Walls of LoD2, folded down before themselves: a gable keeps the shape of its gable."""
    solids = shapely.from_wkb(rows["surfaces"][chosen])
    polygons, which = shapely.get_parts(solids, return_index=True)
    kinds = "".join(letters(rows["surface_kinds"][i], one) for i, one in zip(chosen, solids, strict=True))
    if len(polygons) == 0:
        return _none()
    points, polygon = shapely.get_coordinates(polygons, include_z=True, return_index=True)
    lowest, highest = _by_group(points[:, 2], which[polygon], len(chosen))
    is_wall = np.array(list(kinds)) == "W"
    kept = is_wall[polygon]
    renumbered = np.cumsum(is_wall) - 1
    points, polygon, building = points[kept], renumbered[polygon[kept]], which[is_wall]
    start, end = _feet(points, polygon, len(building))
    long = np.linalg.norm(end - start, axis=1) >= SHORTEST
    kept = long[polygon]
    points, polygon, building = points[kept], (np.cumsum(long) - 1)[polygon[kept]], building[long]
    start, end = start[long], end[long]
    along = end - start
    normal = np.column_stack([along[:, 1], -along[:, 0]]) / np.linalg.norm(along, axis=1, keepdims=True)
    inward = _inside(rows.shapes[chosen][building], (start + end) / 2 + normal * SMOOTHED * 2)
    normal[inward] *= -1
    above = points[:, 2] - lowest[building][polygon]
    _, top = _by_group(above, polygon, len(building))
    shares = _roof_shares(rows.where(chosen), profile)[building]
    raised = _roof_above(points, polygon, start, end, above, top, (highest - lowest)[building]) * shares
    out = (factor[chosen][building])[polygon] * (above + raised[polygon])
    folded = points[:, :2] + normal[polygon] * np.where(above > LEVEL, out, 0)[:, None]
    hulls = shapely.convex_hull(_multipoints(np.concatenate([folded, start, end]), polygon, len(building)))
    strips = _rectangles(start, end, normal, np.full(len(building), profile["least"]))
    return Walls(chosen[building], start, end, normal, top + raised, shapely.union(hulls, strips))


def _roof_shares(rows: Rows, profile: Profile) -> np.ndarray:
    """(n,) how much of the height of each roof counts: all of a steep one."""
    surveyed = np.flatnonzero([one is not None for one in rows["surfaces"]])
    roofs = surveyed_roofs(rows, surveyed, np.zeros(len(rows)))
    steepness = np.hypot(roofs.planes[:, 0], roofs.planes[:, 1])
    size = shapely.area(roofs.shapes) * np.sqrt(1 + steepness**2)
    weight = np.bincount(roofs.owner, size, len(rows))
    mean = np.bincount(roofs.owner, size * np.degrees(np.arctan(steepness)), len(rows)) / np.maximum(weight, 1e-9)
    told = rows.numbers("roof_pitch")
    return np.where(np.where(np.isnan(told), mean, told) > profile["steep"], 1.0, profile["roof_share"])


def _roof_above(points, polygon, start, end, above, top, ridge) -> np.ndarray:
    """(m,) metres of roof above each wall with a level top; over a gable nothing."""
    across = _along(points[:, :2], start[polygon], end[polygon])
    length = np.linalg.norm(end - start, axis=1)
    at_ends = (across < 0.05 * length[polygon]) | (across > 0.95 * length[polygon])
    _, corner = _by_group(np.where(at_ends, above, -np.inf), polygon, len(length))
    level = corner >= top - LEVEL
    return np.where(level, np.maximum(ridge - top, 0), 0.0)


def _edges(shapes: np.ndarray, courts: bool = False) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """start, end: (m, 2), the building on their left; the shape of each. courts: those of inner rings as well."""
    parts, which = shapely.get_parts(shapely.simplify(shapely.force_2d(shapes), SMOOTHED), return_index=True)
    oriented = shapely.orient_polygons(parts)
    if courts:
        rings, part = shapely.get_rings(oriented, return_index=True)
    else:
        rings, part = shapely.get_exterior_ring(oriented), np.arange(len(oriented))
    points, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[1:] == ring[:-1]
    start, end, owner = points[:-1][same], points[1:][same], which[part[ring[:-1][same]]]
    long = np.linalg.norm(end - start, axis=1) >= SHORTEST
    return start[long], end[long], owner[long]


def _rectangles(start: np.ndarray, end: np.ndarray, normal: np.ndarray, depth: np.ndarray) -> np.ndarray:
    out = normal * depth[:, None]
    return shapely.polygons(np.stack([start, end, end + out, start + out], axis=1))


def _feet(points: np.ndarray, polygon: np.ndarray, many: int) -> tuple[np.ndarray, np.ndarray]:
    """The two ends of each wall on the ground plan: the corners that lie farthest from each other along it."""
    first = np.searchsorted(polygon, np.arange(many))
    origin = points[first][:, :2]
    away = np.linalg.norm(points[:, :2] - origin[polygon], axis=1)
    one = _farthest(away, polygon, many)
    far = points[one][:, :2]
    back = np.linalg.norm(points[:, :2] - far[polygon], axis=1)
    return points[_farthest(back, polygon, many)][:, :2], far


def _farthest(away: np.ndarray, group: np.ndarray, many: int) -> np.ndarray:
    """The number of the point with the largest value in each group; groups run on end."""
    order = np.lexsort((away, group))
    return order[np.searchsorted(group[order], np.arange(many), side="right") - 1]


def _along(points: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    way = end - start
    return np.einsum("ij,ij->i", points - start, way) / np.maximum(np.linalg.norm(way, axis=1), 1e-9)


def _by_group(values: np.ndarray, group: np.ndarray, many: int) -> tuple[np.ndarray, np.ndarray]:
    """Least and most of each group."""
    least, most = np.full(many, np.inf), np.full(many, -np.inf)
    np.minimum.at(least, group, values)
    np.maximum.at(most, group, values)
    return least, most


def _multipoints(points: np.ndarray, polygon: np.ndarray, many: int) -> np.ndarray:
    """points: those of the polygons, then both feet of each."""
    group = np.concatenate([polygon, np.arange(many), np.arange(many)])
    order = np.argsort(group, kind="stable")
    return shapely.multipoints(shapely.points(points[order]), indices=group[order])


def _outer(walls: Walls, shapes: np.ndarray) -> Walls:
    """Without those that have a building before them at two of three places, be it their own or another."""
    if len(walls.owner) == 0:
        return walls
    tree, hidden = shapely.STRtree(shapes), np.zeros(len(walls.owner), int)
    for share in (0.2, 0.5, 0.8):
        before = walls.start + (walls.end - walls.start) * share + walls.normal * BEHIND
        hit, _ = tree.query(shapely.points(before), predicate="within")
        hidden[np.unique(hit)] += 1
    return walls.where(hidden < 2)


def _inside(shapes: np.ndarray, points: np.ndarray) -> np.ndarray:
    return shapely.intersects_xy(shapes, points[:, 0], points[:, 1])


def _none() -> Walls:
    empty, pairs = np.empty(0), np.empty((0, 2))
    return Walls(np.empty(0, int), pairs, pairs, pairs, empty, np.empty(0, object))
