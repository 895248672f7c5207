"""Holes in a terrain: small ones are filled from their rim, larger ones stay open and are named."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from rasterio.features import rasterize, shapes
from rasterio.fill import fillnodata

from layers.reading.batch import LeftOut

SMALL = 400  # cells: 20 m x 20 m in a DGM1
REACH = 32  # cells from the middle of a small hole to its rim, at the most
MOST_NAMED = 100


@dataclass
class Holes:
    small: np.ndarray | None = None  # (rows, columns) where cells are to be filled
    left_open: list[LeftOut] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def find(empty: np.ndarray, transform: Any, degrees: bool) -> Holes:
    """empty: (rows, columns), True where there is no height; transform: of the raster."""
    found = Holes()
    if not empty.any():
        return found
    outlines = [outline for outline, _ in shapes(empty.view("uint8"), mask=empty, connectivity=4)]
    polygons = np.array([shapely.geometry.shape(outline) for outline in outlines])
    cells = shapely.area(polygons).round().astype(int)
    large = np.flatnonzero(cells > SMALL)
    large = large[np.argsort(-cells[large], kind="stable")]
    small = empty.copy()
    if len(large):
        small &= rasterize(polygons[large], empty.shape, dtype="uint8") == 0
    if small.any():
        found.small = small
        count = len(cells) - len(large)
        found.notes.append(f"small holes filled from their rim (estimated): {count:,}, of {small.sum():,} cells in all")
    for polygon, count in zip(polygons[large[:MOST_NAMED]], cells[large[:MOST_NAMED]], strict=True):
        middle = polygon.representative_point()
        where = f"around {place(transform, middle.x, middle.y, degrees)}"
        found.left_open.append(LeftOut(where, f"a hole of {count:,} cells without a height. It stays open."))
    rest = large[MOST_NAMED:]
    if len(rest):
        reason = f"{len(rest):,} further holes, {cells[rest].sum():,} cells without a height together. They stay open."
        found.left_open.append(LeftOut("in the rest of the raster", reason))
    return found


def place(transform: Any, column: float, row: float, degrees: bool) -> str:
    x, y = transform @ (column, row)
    return f"{x:.5f} / {y:.5f}" if degrees or max(abs(x), abs(y)) <= 360 else f"{x:.0f} / {y:.0f}"


def fill(heights: np.ndarray, small: np.ndarray) -> np.ndarray:
    """The heights with these cells filled from around them. heights: (rows, columns) float32, NaN where unknown."""
    if not small.any():
        return heights
    known = ~np.isnan(heights)
    guessed = fillnodata(np.nan_to_num(heights), mask=known, max_search_distance=REACH)
    return np.where(small, guessed, heights)
