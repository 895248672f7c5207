"""Heights of ground, buildings with their roofs, and trees, as one raster."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import shapely

from layers.buildings import letters
from scenarios.counting import heights
from scenarios.rows import Rows

READS = ("height", "eaves_height", "storeys", "storey_height", "base_height", "roof_type", "surfaces", "surface_kinds")
TREE_READS = ("height", "crown")
USUAL_HEIGHT = 9.0  # metres, where the register of trees is silent: a grown street tree
CROWN_OF_HEIGHT = 0.55
MISFIT = 2.5  # metres between the survey's base and the terrain from which on the building is moved to the terrain
UPRIGHT = 0.15  # the upward part of a normal below which a surface is a wall
Bounds = tuple[float, float, float, float]


def grid_bounds(bounds: Bounds, cell: float) -> Bounds:
    """The box widened to whole cells, counted from the projection's origin: the same cells whatever is asked."""
    west, south, east, north = bounds
    return (
        float(np.floor(west / cell) * cell), float(np.floor(south / cell) * cell),
        float(np.ceil(east / cell) * cell), float(np.ceil(north / cell) * cell),
    )  # fmt: skip


def relief(ground: np.ndarray, bounds: Bounds, cell: float, buildings: Rows, usual_storey: float) -> np.ndarray:
    """ground: (rows, columns) float32, metres above sea level, north up from the box's corner, NaN where unknown.

    Returns the same with the highest of ground and roofs.
    """
    raised = ground.copy()
    roofs = roofs_of(buildings, ground, bounds, cell, usual_storey)
    a, b, c = roofs.planes.T
    raise_cells(raised, bounds, cell, roofs.shapes, lambda x, y, i: a[i] * x + b[i] * y + c[i])
    return raised


def with_crowns(raised: np.ndarray, ground: np.ndarray, bounds: Bounds, cell: float, trees: Rows) -> np.ndarray:
    """The relief with crowns of trees, which reach down to the ground."""
    crowned = raised.copy()
    if len(trees):
        crowns_of = shapely.buffer(shapely.centroid(trees.shapes), crowns(trees) / 2, quad_segs=4)
        tops = _ground_at(ground, bounds, cell, trees.shapes) + tree_heights(trees)
        raise_cells(crowned, bounds, cell, crowns_of, lambda x, y, i: tops[i])
    return crowned


def tree_heights(rows: Rows) -> np.ndarray:
    known = rows.numbers("height")
    return np.where(known > 0, known, USUAL_HEIGHT)


def crowns(rows: Rows) -> np.ndarray:
    known = rows.numbers("crown")
    return np.where(known > 0, known, tree_heights(rows) * CROWN_OF_HEIGHT)


def bases(rows: Rows, ground: np.ndarray, bounds: Bounds, cell: float) -> np.ndarray:
    """(n,) metres above sea level of each building's foot: as surveyed, unless the terrain disagrees."""
    points, owner = shapely.get_coordinates(rows.shapes, return_index=True)
    lowest = np.full(len(rows), np.inf)
    np.fmin.at(lowest, owner, _sampled(ground, bounds, cell, points))
    surveyed = rows.numbers("base_height")
    return np.where(np.abs(surveyed - lowest) <= MISFIT, surveyed, np.where(np.isfinite(lowest), lowest, surveyed))


class Roofs(NamedTuple):
    """n planes of roofs. shapes: (n,) from above; planes: (n, 3) a, b, c of height = a x + b y + c; owner: (n,) row."""

    shapes: np.ndarray
    planes: np.ndarray
    owner: np.ndarray


def lifted(roofs: Roofs, by: float) -> np.ndarray:
    """(n,) the planes as they lie in the air, `by` metres higher: shapes with metres above sea level."""
    _, of = shapely.get_coordinates(roofs.shapes, return_index=True)
    a, b, c = roofs.planes[of].T

    def raised(points: np.ndarray) -> np.ndarray:
        return np.column_stack([points[:, :2], a * points[:, 0] + b * points[:, 1] + c + by])

    return shapely.transform(shapely.force_3d(roofs.shapes), raised, include_z=True)


def roofs_of(rows: Rows, ground: np.ndarray, bounds: Bounds, cell: float, usual: float) -> Roofs:
    """usual: metres of a storey where nothing is said."""
    foot = bases(rows, ground, bounds, cell)
    surveyed = np.array([one is not None for one in rows["surfaces"]], bool)
    plain = np.flatnonzero(~surveyed)
    _, height, eaves = heights(rows, usual)
    flat = np.zeros((len(plain), 3))
    flat[:, 2] = (foot + (height + eaves) / 2)[plain]  # a pitched roof that is not known shades as its middle does
    shapes, planes, owner = surveyed_roofs(rows, np.flatnonzero(surveyed), foot)
    return Roofs(
        np.concatenate([shapely.force_2d(rows.shapes[plain]), shapes]), np.concatenate([flat, planes]),
        np.concatenate([plain, owner]),
    )  # fmt: skip


def surveyed_roofs(rows: Rows, chosen: np.ndarray, foot: np.ndarray) -> Roofs:
    """The roofs of LoD2: every surface that is turned upward and is no floor."""
    solids = shapely.from_wkb(rows["surfaces"][chosen])
    polygons, which = shapely.get_parts(solids, return_index=True)
    if len(polygons) == 0:
        return Roofs(np.empty(0, object), np.empty((0, 3)), np.empty(0, int))
    points, polygon = shapely.get_coordinates(polygons, include_z=True, return_index=True)
    lowest = np.full(len(chosen), np.inf)
    np.minimum.at(lowest, which[polygon], points[:, 2])
    kinds = "".join(letters(rows["surface_kinds"][i], solid) for i, solid in zip(chosen, solids, strict=True))
    normals, middles = _normals(points, polygon, len(polygons))
    upward = np.abs(normals[:, 2]) > UPRIGHT
    is_roof = upward & ~np.isin(np.array(list(kinds)), ["G", "F", "L", "W", "C"])
    up = normals[is_roof]
    slope = -up[:, :2] / up[:, 2:3]
    at = middles[is_roof]
    lift = (foot[chosen] - lowest)[which[is_roof]]
    level = at[:, 2] + lift - (slope * at[:, :2]).sum(axis=1)
    return Roofs(shapely.force_2d(polygons[is_roof]), np.column_stack([slope, level]), chosen[which[is_roof]])


def _normals(points: np.ndarray, polygon: np.ndarray, many: int) -> tuple[np.ndarray, np.ndarray]:
    """Newell's normal of each polygon, of length 1, and the mean of its corners."""
    first = np.searchsorted(polygon, np.arange(many))
    near = points - points[first][polygon]
    same = polygon[1:] == polygon[:-1]
    twice = np.cross(near[:-1], near[1:]) * same[:, None]
    sums, middles = np.zeros((many, 3)), np.zeros((many, 3))
    np.add.at(sums, polygon[:-1], twice)
    np.add.at(middles, polygon, near)
    length = np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12)
    return sums / length, middles / np.bincount(polygon, minlength=many)[:, None] + points[first]


def raise_cells(raised: np.ndarray, bounds: Bounds, cell: float, shapes: np.ndarray, height_of: Callable) -> None:
    """Cells whose middle lies in a shape get its height where that is higher. In place."""
    owner, row, column = cells_in(shapes, raised.shape, bounds, cell)
    x, y = bounds[0] + (column + 0.5) * cell, bounds[3] - (row + 0.5) * cell
    at = row * raised.shape[1] + column
    np.fmax.at(raised.reshape(-1), at, height_of(x, y, owner).astype(np.float32))


def cells_in(shapes: np.ndarray, size: tuple[int, ...], bounds: Bounds, cell: float):
    """The cells whose middle lies in a shape: number of the shape, row, column of each. size: rows, columns."""
    if len(shapes) == 0:
        return np.empty(0, int), np.empty(0, int), np.empty(0, int)
    rows, columns = size
    box = shapely.bounds(shapes)
    left = np.clip(np.ceil((box[:, 0] - bounds[0]) / cell - 0.5), 0, columns).astype(int)
    right = np.clip(np.floor((box[:, 2] - bounds[0]) / cell - 0.5) + 1, 0, columns).astype(int)
    top = np.clip(np.ceil((bounds[3] - box[:, 3]) / cell - 0.5), 0, rows).astype(int)
    bottom = np.clip(np.floor((bounds[3] - box[:, 1]) / cell - 0.5) + 1, 0, rows).astype(int)
    wide, high = np.maximum(right - left, 0), np.maximum(bottom - top, 0)
    many = wide * high
    owner = np.repeat(np.arange(len(shapes)), many)
    place = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
    row, column = top[owner] + place // np.maximum(wide[owner], 1), left[owner] + place % np.maximum(wide[owner], 1)
    x, y = bounds[0] + (column + 0.5) * cell, bounds[3] - (row + 0.5) * cell
    shapely.prepare(shapes)
    within = shapely.intersects_xy(shapes[owner], x, y)
    return owner[within], row[within], column[within]


def _ground_at(ground: np.ndarray, bounds: Bounds, cell: float, shapes: np.ndarray) -> np.ndarray:
    return _sampled(ground, bounds, cell, shapely.get_coordinates(shapely.centroid(shapes)))


def _sampled(ground: np.ndarray, bounds: Bounds, cell: float, points: np.ndarray) -> np.ndarray:
    """The ground's cell under each point; beyond the raster that of its edge."""
    row = np.clip(((bounds[3] - points[:, 1]) / cell).astype(int), 0, ground.shape[0] - 1)
    column = np.clip(((points[:, 0] - bounds[0]) / cell).astype(int), 0, ground.shape[1] - 1)
    return ground[row, column]
