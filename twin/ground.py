"""How high the ground is, under a point, in a window, along a line."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import product

import numpy as np
import shapely
from sqlalchemy.orm import Session

from twin.terrain import (
    EDGE,
    TILE,
    TerrainLevel,
    TerrainTile,
    Written,
    bounds_of,
    cell_at,
    level_for,
    levels_of,
    tiles_at,
    write_terrain,
)

__all__ = [
    "TerrainLevel",
    "TerrainTile",
    "Written",
    "bounds_of",
    "heights_at",
    "line_slopes",
    "window",
    "write_terrain",
]

_AT_ONCE = 400  # tiles
_SLOPE_STEP = 10.0  # metres between the samples along a line


def heights_at(db: Session, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Metres above sea level, from the finest terrain that is there, between the cells' centres bilinear.

    x, y: (n,) the city's metres. Returns (n,) float32, NaN where unknown.
    """
    x, y = np.asarray(x, float), np.asarray(y, float)
    heights = np.full(x.shape, np.nan, "float32")
    for known in levels_of(db):
        level = known.zoom_level
        across, down = _places(level, x, y)
        for near in _neighbourhoods(across, down, np.isnan(heights) & np.isfinite(x) & np.isfinite(y)):
            heights[near] = _bilinear(partial(_cells, db, level), across[near], down[near])
    return heights


def window(db: Session, bounds: tuple[float, float, float, float], cell: float) -> np.ndarray:
    """Heights of the cells' centres in a rectangle. bounds: minx, miny, maxx, maxy in the city's metres; cell: metres.

    Returns (rows, columns) float32, north up from (minx, maxy), NaN where unknown.
    """
    min_x, min_y, max_x, max_y = bounds
    columns, rows = max(round((max_x - min_x) / cell), 1), max(round((max_y - min_y) / cell), 1)
    level = level_for(cell)
    levels = [level, *(known.zoom_level for known in levels_of(db) if known.zoom_level < level)]
    x = min_x + (np.arange(columns) + 0.5) * cell
    y = max_y - (np.arange(rows) + 0.5) * cell
    heights = np.full((rows, columns), np.nan, "float32")
    for level in levels:
        unknown = np.isnan(heights)
        if unknown.any():
            heights[unknown] = _window_at(db, level, x, y)[unknown]
    return heights


def line_slopes(db: Session, lines: np.ndarray) -> np.ndarray:
    """How steep streets are: the mean of the slopes between samples every 10 m or so, up and down alike.

    lines: (n,) shapely lines in the city's metres. Returns (n,) float32, percent; NaN where no ground is known.
    """
    lines = np.asarray(lines, object)
    parts, line_of = shapely.get_parts(lines, return_index=True)
    keep = shapely.length(parts) > 0
    parts, line_of = parts[keep], line_of[keep]
    length = shapely.length(parts)
    steps = np.maximum(np.round(length / _SLOPE_STEP).astype(int), 1)
    part_of = np.repeat(np.arange(len(parts)), steps + 1)
    place = np.arange(len(part_of)) - np.repeat(np.cumsum(steps + 1) - (steps + 1), steps + 1)
    points = shapely.line_interpolate_point(parts[part_of], place * (length / steps)[part_of])
    heights = heights_at(db, shapely.get_x(points), shapely.get_y(points)).astype(float)
    same = part_of[1:] == part_of[:-1]
    climbs, on = np.abs(np.diff(heights))[same], part_of[1:][same]
    known = ~np.isnan(climbs)
    climb = np.bincount(line_of[on[known]], climbs[known], len(lines))
    way = np.bincount(line_of[on[known]], (length / steps)[on[known]], len(lines))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(way > 0, 100 * climb / way, np.nan).astype("float32")


def _window_at(db: Session, level: int, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    across, down = _places(level, x, y)
    left, top = int(np.floor(across[0])), int(np.floor(down[0]))
    width, height = int(np.floor(across[-1])) + 2 - left, int(np.floor(down[-1])) + 2 - top
    mosaic = np.full((height, width), np.nan, "float32")
    columns, rows = (
        range(left // TILE, (left + width - 1) // TILE + 1),
        range(top // TILE, (top + height - 1) // TILE + 1),
    )
    for (column, row), tile in tiles_at(db, level, set(product(columns, rows))).items():
        west, north = column * TILE - left, row * TILE - top  # of the tile in the mosaic: negative where it sticks out
        part = mosaic[max(north, 0) : north + TILE, max(west, 0) : west + TILE]
        part[:] = tile[max(-north, 0) :, max(-west, 0) :][: part.shape[0], : part.shape[1]]
    return _bilinear(lambda column, row: mosaic[row - top, column - left], across[None, :], down[:, None])


def _places(level: int, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Counted in cells from the centre of the grid's north-western one."""
    cell = cell_at(level)
    return (x + EDGE) / cell - 0.5, (EDGE - y) / cell - 0.5


def _bilinear(height_of: Callable, across: np.ndarray, down: np.ndarray) -> np.ndarray:
    """Cells without a height are left out of the mean; where the point's own cell has none, neither has the point."""
    column, row = np.floor(across).astype(int), np.floor(down).astype(int)
    right, below = (across - column).astype("float32"), (down - row).astype("float32")
    shape = np.broadcast_shapes(across.shape, down.shape)
    total, weights, own = np.zeros(shape, "float32"), np.zeros(shape, "float32"), np.zeros(shape, bool)
    for i, j in product((0, 1), (0, 1)):
        weight = (right if i else 1 - right) * (below if j else 1 - below)
        if weight.any():
            height = height_of(column + i, row + j)
            known = ~np.isnan(height)
            total += np.where(known, height * weight, 0)
            weights += np.where(known, weight, 0)
            own |= known & ((right >= 0.5) == bool(i)) & ((below >= 0.5) == bool(j))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(own, total / weights, np.float32(np.nan))


def _neighbourhoods(across: np.ndarray, down: np.ndarray, which: np.ndarray) -> Iterator[np.ndarray]:
    """The places in groups that lie in few tiles, so that each tile is unpacked once."""
    todo = np.flatnonzero(which)
    names = _tile_names(across[todo].astype(int), down[todo].astype(int))
    order = np.argsort(names, kind="stable")
    starts = np.flatnonzero(np.diff(names[order], prepend=-1))
    for first in range(0, len(starts), _AT_ONCE):
        after = starts[first + _AT_ONCE] if first + _AT_ONCE < len(starts) else len(todo)
        yield todo[order[starts[first] : after]]


def _tile_names(columns: np.ndarray, rows: np.ndarray) -> np.ndarray:
    return (rows // TILE) * (1 << 32) + columns // TILE


def _cells(db: Session, level: int, columns: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """The height of each of these cells, counted from the grid's north-western corner."""
    names = _tile_names(columns, rows)
    order = np.argsort(names, kind="stable")
    unique, starts = np.unique(names[order], return_index=True)
    keys = [(int(name) % (1 << 32), int(name) >> 32) for name in unique]
    heights = np.full(columns.shape, np.nan, "float32")
    found = tiles_at(db, level, set(keys))
    for key, these in zip(keys, np.split(order, starts[1:]), strict=True):
        if key in found:
            heights[these] = found[key][rows[these] % TILE, columns[these] % TILE]
    return heights
