"""From loose walls, roofs and floors to a building's footprint, heights, roof pitch and drawn surfaces."""

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import shapely
from shapely import GeometryType

GROUND, WALL, ROOF, CLOSURE, FLOOR, CEILING, INSTALLATION = b"GWRCFLI"
SURFACES = {
    "GroundSurface": GROUND,
    "WallSurface": WALL,
    "InteriorWallSurface": WALL,
    "RoofSurface": ROOF,
    "ClosureSurface": CLOSURE,
    "OuterFloorSurface": FLOOR,
    "FloorSurface": FLOOR,
    "OuterCeilingSurface": CEILING,
    "CeilingSurface": CEILING,
}
UNKNOWN = ord("?")  # the file does not say what the surface is
LOD_RANK = np.array([0, 2, 4, 3, 1], "int8")  # LoD2 is what the city draws, then LoD3, LoD1, LoD4 (rooms), LoD0
MANY = 8  # pieces of a footprint: a triangulated one
SMALLEST = 0.01  # m² seen from above: less is a wall, or nothing
FROM_SURFACES = "height: highest less lowest point of its surfaces"


@dataclass
class Drawing:
    """Polygons in the order of a file. A unit is a building's own body or one of its parts; numbers only grow."""

    ring_polygon: list[int] = field(default_factory=list)  # the first ring of a polygon is its outline
    polygon_unit: list[int] = field(default_factory=list)
    polygon_kind: bytearray = field(default_factory=bytearray)
    polygon_lod: bytearray = field(default_factory=bytearray)
    unit_building: list[int] = field(default_factory=list)
    unit_is_part: list[bool] = field(default_factory=list)
    buildings: int = 0

    def start_building(self) -> None:
        self.buildings += 1
        self.unit_building.append(self.buildings - 1)
        self.unit_is_part.append(False)

    def start_part(self) -> None:
        self.unit_building.append(self.buildings - 1)
        self.unit_is_part.append(True)

    def start_polygon(self, kind: int, lod: int) -> None:
        self.polygon_unit.append(len(self.unit_building) - 1)
        self.polygon_kind.append(kind)
        self.polygon_lod.append(lod)

    def start_ring(self) -> None:
        self.ring_polygon.append(len(self.polygon_unit) - 1)

    def ring_buildings(self) -> np.ndarray:
        """(rings,) the building of each."""
        unit = np.array(self.polygon_unit, "int64")[np.array(self.ring_polygon, "int64")]
        return np.array(self.unit_building, "int64")[unit]


@dataclass
class Faces:
    """Polygons as flat arrays: ring r has the points ring_starts[r] to ring_starts[r + 1], and so on upwards."""

    points: np.ndarray  # (n, 3) metres, closed rings
    ring_starts: np.ndarray  # (rings + 1,)
    polygon_starts: np.ndarray  # (polygons + 1,) into the rings
    unit: np.ndarray  # (polygons,)
    kind: np.ndarray  # (polygons,) uint8
    lod: np.ndarray  # (polygons,) uint8

    def outlines(self) -> np.ndarray:
        """Where each polygon's first point is."""
        return self.ring_starts[self.polygon_starts[:-1]]

    def only(self, wanted: np.ndarray) -> "Faces":
        """wanted: (polygons,) bool."""
        if wanted.all():
            return self
        rings = np.repeat(wanted, np.diff(self.polygon_starts))
        return Faces(
            self.points[np.repeat(rings, np.diff(self.ring_starts))],
            offsets(np.diff(self.ring_starts)[rings]),
            offsets(np.diff(self.polygon_starts)[wanted]),
            self.unit[wanted],
            self.kind[wanted],
            self.lod[wanted],
        )


@dataclass
class Forms:
    """What a batch of buildings looks like: one value a building, None or NaN where there is none."""

    shapes: np.ndarray  # footprints
    surfaces: np.ndarray  # ISO WKB
    kinds: list[str | None]
    base: np.ndarray
    height: np.ndarray
    height_estimated: np.ndarray
    eaves: np.ndarray
    pitch: np.ndarray
    main_unit: np.ndarray  # the one with the largest ground, whose roof type stands for the building


@np.errstate(over="ignore", invalid="ignore")  # absurd coordinates are for the loader to refuse
def forms_of(drawing: Drawing, points: np.ndarray, ring_sizes: np.ndarray, measured: np.ndarray) -> Forms:
    """The buildings of a drawing.

    points: (n, 3) metres, x east, NaN where the file has no height. ring_sizes: points a ring.
    measured: (units,) the heights that the file states, metres, NaN where it does not.
    """
    owner = np.array(drawing.unit_building, "int64")
    faces = best(drawing, owner, clean(drawing, points, np.asarray(ring_sizes, "int64")))
    normal = normals(faces)
    faces.kind = named(faces, normal, len(owner))
    shapes, area = footprints(faces, normal, owner, drawing.buildings)
    main = last_of_each(owner, area, drawing.buildings)
    base, height, estimated = heights(faces, owner, drawing.buildings, measured)
    eaves, pitch = roofs(faces, normal, owner, main)
    surfaces, kinds = surfaces_of(faces, owner, drawing.buildings)
    return Forms(shapes, surfaces, kinds, base, height, estimated, eaves - base, pitch, main)


@np.errstate(over="ignore", invalid="ignore")
def outlines_of(drawing: Drawing, points: np.ndarray, ring_sizes: np.ndarray) -> np.ndarray:
    """(buildings,) what things that are no buildings cover, seen from above; None for what only stands upright."""
    faces = clean(drawing, points, np.asarray(ring_sizes, "int64"))
    return footprints(faces, normals(faces), np.array(drawing.unit_building, "int64"), drawing.buildings)[0]


def clean(drawing: Drawing, points: np.ndarray, sizes: np.ndarray) -> Faces:
    """Rings closed; what has fewer than three corners is gone, a polygon with its outline."""
    points, sizes = closed(points, sizes)
    polygon = np.array(drawing.ring_polygon, "int64")
    good = sizes >= 4
    outline = np.diff(polygon, prepend=-1) > 0
    whole = np.zeros(len(drawing.polygon_unit), bool)
    whole[polygon[outline & good]] = True
    rings = good & whole[polygon] if len(polygon) else good
    return Faces(
        points if rings.all() else points[np.repeat(rings, sizes)],
        offsets(sizes[rings]),
        offsets(np.bincount(polygon[rings], minlength=len(whole))[whole]),
        np.array(drawing.polygon_unit, "int64")[whole],
        np.frombuffer(bytes(drawing.polygon_kind), "uint8")[whole],
        np.frombuffer(bytes(drawing.polygon_lod), "uint8")[whole],
    )


def closed(points: np.ndarray, sizes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    ends = np.cumsum(sizes)
    filled = sizes > 0
    first, last = points[(ends - sizes)[filled]], points[ends[filled] - 1]
    apart = np.zeros(len(sizes), bool)
    apart[filled] = (np.nan_to_num(first) != np.nan_to_num(last)).any(axis=1)
    if not apart.any():
        return points, sizes
    return np.insert(points, ends[apart], points[(ends - sizes)[apart]], axis=0), sizes + apart


def best(drawing: Drawing, owner: np.ndarray, faces: Faces) -> Faces:
    """Each body in one level of detail, by its named surfaces where it has some, else by those of its solid."""
    detail = LOD_RANK[faces.lod]
    extra = faces.kind == INSTALLATION
    rank = 2 * detail + ((faces.kind != UNKNOWN) & ~extra)
    top = np.full(len(owner), -1, "int8")
    np.maximum.at(top, faces.unit, rank)
    parts = np.array(drawing.unit_is_part, bool)
    of_parts = np.full(drawing.buildings, -1, "int8")
    np.maximum.at(of_parts, owner[parts], top[parts] // 2)
    hull = ~parts & (top // 2 < of_parts[owner])  # a rough body around finer parts
    return faces.only(np.where(extra, detail == top[faces.unit] // 2, rank == top[faces.unit]) & ~hull[faces.unit])


def normals(faces: Faces) -> np.ndarray:
    """(polygons, 3): across each outline, as long as its area is large."""
    if not len(faces.unit):
        return np.zeros((0, 3))
    points = np.nan_to_num(faces.points)
    # Seen from each ring's first point: no precision is lost, and the step to the next ring adds nothing.
    x, y, z = (points - np.repeat(points[faces.ring_starts[:-1]], np.diff(faces.ring_starts), axis=0)).T
    across = np.zeros_like(points)
    across[:-1, 0] = y[:-1] * z[1:] - z[:-1] * y[1:]
    across[:-1, 1] = z[:-1] * x[1:] - x[:-1] * z[1:]
    across[:-1, 2] = x[:-1] * y[1:] - y[:-1] * x[1:]
    rings = np.add.reduceat(across, faces.ring_starts[:-1], axis=0) / 2
    return rings[faces.polygon_starts[:-1]]


def named(faces: Faces, normal: np.ndarray, units: int) -> np.ndarray:
    """The kinds, with those that the file does not say told from how the surface lies."""
    unknown = faces.kind == UNKNOWN
    if not unknown.any():
        return faces.kind
    low, high = lows(faces), highs(faces)
    floor, top = lowest(faces.unit, low, units)[faces.unit], -lowest(faces.unit, -high, units)[faces.unit]
    near = np.minimum(0.5, (top - floor) / 4)
    steep = np.abs(normal[:, 2]) < 0.02 * np.linalg.norm(normal, axis=1)
    at_bottom = (high - floor <= near) | ((normal[:, 2] < 0) & (low - floor <= near))
    told = np.where(steep, WALL, np.where(at_bottom, GROUND, ROOF)).astype("uint8")
    return np.where(unknown, told, faces.kind)


def footprints(faces: Faces, normal: np.ndarray, owner: np.ndarray, buildings: int) -> tuple[np.ndarray, np.ndarray]:
    """(buildings,) what stands on the ground, else what the roofs cover; (units,) its area in m²."""
    rank = np.select([faces.kind == GROUND, faces.kind == ROOF, faces.kind != INSTALLATION], [3, 2, 1], 0)
    rank[np.abs(normal[:, 2]) < SMALLEST] = 0
    top = np.zeros(len(owner), "int64")
    np.maximum.at(top, faces.unit, rank)
    ground = faces.only((rank == top[faces.unit]) & (rank > 0))
    xy = np.ascontiguousarray(ground.points[:, :2])
    flat = shapely.from_ragged_array(GeometryType.POLYGON, xy, (ground.ring_starts, ground.polygon_starts))
    area = np.bincount(ground.unit, weights=shapely.area(flat), minlength=len(owner))
    return joined(flat, owner[ground.unit], buildings), area


def joined(polygons: np.ndarray, building: np.ndarray, buildings: int) -> np.ndarray:
    shapes = np.full(buildings, None, dtype=object)
    several = np.bincount(building, minlength=buildings)[building] > 1
    shapes[building[~several]] = polygons[~several]
    if several.any():
        pieces = polygons[several]
        crossing = ~shapely.is_valid(pieces)
        pieces[crossing] = shapely.make_valid(pieces[crossing])  # a union of crossed outlines fails
        owners, place = np.unique(building[several], return_inverse=True)
        shapes[owners] = united(pieces, place)
    return shapes


def united(pieces: np.ndarray, place: np.ndarray) -> np.ndarray:
    """One shape for each place."""
    groups = shapely.geometrycollections(pieces, indices=place)
    many = shapely.get_num_geometries(groups) > MANY
    shapes = np.empty(len(groups), dtype=object)
    shapes[~many] = shapely.union_all(groups[~many][:, None], axis=1)
    shapes[many] = [side_by_side(group) for group in groups[many]]
    return shapes


def side_by_side(group: shapely.Geometry) -> shapely.Geometry:
    """Triangles of one surface joined at their edges: far faster than a union, but only right without overlaps."""
    pieces = shapely.get_parts(group)
    try:
        shape = shapely.coverage_union_all(pieces)
    except shapely.GEOSException:
        return shapely.union_all(pieces)
    whole = shape.is_valid and abs(shape.area - shapely.area(pieces).sum()) < 1e-6 * shape.area
    return shape if whole else shapely.union_all(pieces)


def heights(
    faces: Faces, owner: np.ndarray, buildings: int, measured: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(buildings,) lowest ground above sea level, height of the highest point above it, whether that was estimated."""
    low, is_ground = lows(faces), faces.kind == GROUND
    ground = lowest(faces.unit[is_ground], low[is_ground], len(owner))
    ground = np.where(np.isnan(ground), lowest(faces.unit, low, len(owner)), ground)
    base = lowest(owner, ground, buildings)
    stands_on = np.where(np.isnan(ground), base[owner], ground)
    top = -lowest(faces.unit, -highs(faces), len(owner))
    # Some producers (3dfier) write the height of the roof above sea level.
    above_sea = (np.abs(measured - top) < 0.005) & (np.abs(measured - (top - stands_on)) > 0.005)
    measured = np.where(above_sea, np.nan, measured)
    stated = -lowest(owner, -(stands_on + measured), buildings)
    drawn = -lowest(owner, -top, buildings)
    without = np.isnan(stated)
    height = np.round(np.where(without, drawn, stated) - base, 3)
    height[height <= 0] = np.nan
    return np.round(base, 3), height, without & ~np.isnan(height)


def roofs(faces: Faces, normal: np.ndarray, owner: np.ndarray, main: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(buildings,) the lowest roof edge of the main body, above sea level; the pitch of the largest roof in degrees."""
    roof = (faces.kind == ROOF) & (faces.lod >= 2)
    edge = lowest(faces.unit[roof], lows(faces)[roof], len(owner))[main]
    up, size = np.abs(normal[roof, 2]), np.linalg.norm(normal[roof], axis=1)
    slope = np.append(np.degrees(np.arccos(np.clip(up / np.maximum(size, 1e-9), 0, 1))), np.nan)
    biggest = last_of_each(owner[faces.unit[roof]], size, len(main))
    return edge, np.round(slope[biggest], 1)


def surfaces_of(faces: Faces, owner: np.ndarray, buildings: int) -> tuple[np.ndarray, list[str | None]]:
    """(buildings,) ISO WKB of a MultiPolygon Z, and a letter for each of its polygons."""
    faces = faces.only((faces.lod > 0) & ~np.isnan(lows(faces)))
    parts = offsets(np.bincount(owner[faces.unit], minlength=buildings))
    bodies = shapely.from_ragged_array(
        GeometryType.MULTIPOLYGON, faces.points, (faces.ring_starts, faces.polygon_starts, parts)
    )
    surfaces = shapely.to_wkb(bodies, flavor="iso")
    surfaces[np.diff(parts) == 0] = None
    letters = faces.kind.tobytes().decode("ascii")
    return surfaces, [letters[a:b] or None for a, b in pairwise(parts.tolist())]


def offsets(sizes: np.ndarray) -> np.ndarray:
    return np.concatenate([[0], np.cumsum(sizes)]).astype("int64")


def lows(faces: Faces) -> np.ndarray:
    """(polygons,) the lowest height of each, NaN where the file has none."""
    return np.minimum.reduceat(faces.points[:, 2], faces.outlines()) if len(faces.unit) else np.zeros(0)


def highs(faces: Faces) -> np.ndarray:
    return np.maximum.reduceat(faces.points[:, 2], faces.outlines()) if len(faces.unit) else np.zeros(0)


def lowest(group: np.ndarray, values: np.ndarray, groups: int) -> np.ndarray:
    """(groups,) the smallest value of each, NaN where it has none."""
    result = np.full(groups, np.nan)
    np.fmin.at(result, group, values)
    return result


def last_of_each(group: np.ndarray, size: np.ndarray, groups: int) -> np.ndarray:
    """(groups,) where the largest of each is; -1 for a group without any."""
    order = np.lexsort((size, group))
    result = np.full(groups, -1)
    result[group[order]] = order  # the last one written stays, and it is the largest
    return result
