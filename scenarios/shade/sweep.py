"""One sweep over a height raster away from the sun, row by row: which cells the sun does not reach.

The height of the shadow is carried from row to row on paths that lie a third of a cell apart, each through the cells
nearest to it: nothing blurs, a shadow's edge is off by less than a cell, and a row is three loops that the processor
does many cells at a time. Raising or lowering some cells changes the shade only behind them, in a strip that
is swept again alone. The heights of shadows come from the same subtractions in the same order wherever a sweep begins,
so that a strip is equal to the last bit to what a sweep over the whole raster gives.
"""

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numba
import numpy as np

from twin import work

NOTHING = np.float32(-1e9)  # metres: below all ground
HIDDEN = np.float32(-1e6)  # height of a cell that is not known: it shades nothing
PATHS = 3  # a cell: an odd number, so that each has one nearest cell; 1 is 2.6 times as quick and coarser
HALF = PATHS // 2
AT_ONCE = 4000  # points of walls
BEFORE = 1e-3  # of the way to the sun that has to lie along a wall's normal for the sun to stand before it
Box = tuple[int, int, int, int]  # first row, row after the last, first column, column after the last


@dataclass(frozen=True)
class Heights:
    """A raster ready to be swept. rows: (r, c) float32, metres, north up; columns: the same, over its diagonal.

    onto_rows, onto_columns: the surface on which shade is looked for, where that is not what casts it: the ground below
    crowns.
    """

    rows: np.ndarray
    columns: np.ndarray
    onto_rows: np.ndarray
    onto_columns: np.ndarray
    cell: float
    lowest: float
    highest: float

    @staticmethod
    def of(heights: np.ndarray, cell: float, onto: np.ndarray | None = None) -> "Heights":
        """heights, onto: (rows, columns), NaN where unknown; onto is nowhere higher. cell: metres."""
        rows, columns = _filled(heights)
        onto_rows, onto_columns = (rows, columns) if onto is None else _filled(onto)
        known = heights[np.isfinite(heights)]
        highest = float(known.max()) if known.size else 0.0
        lowest = float(np.nanmin(heights if onto is None else onto)) if known.size else 0.0
        return Heights(rows, columns, onto_rows, onto_columns, cell, lowest, highest)

    def turned(self, over: bool) -> tuple[np.ndarray, np.ndarray]:
        """What casts shade and on what, by rows or by columns."""
        return (self.columns, self.onto_columns) if over else (self.rows, self.onto_rows)


def _filled(heights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    rows = np.ascontiguousarray(np.where(np.isfinite(heights), heights, HIDDEN), np.float32)
    return rows, np.ascontiguousarray(rows.T)


@dataclass(frozen=True)
class Way:
    """How a sweep goes for one position of the sun. turned: over columns; drift: cells aside a row; drop: metres."""

    turned: bool
    reverse: bool  # from the last row to the first
    drift: float
    drop: float


def way_of(azimuth: float, altitude: float, cell: float) -> Way:
    """azimuth from north over east, altitude: degrees, above 0; cell: metres."""
    east, north = math.sin(math.radians(azimuth)), math.cos(math.radians(azimuth))
    turned = abs(east) > abs(north)
    # Turned over its diagonal, columns become rows: east is then where south was, and south where east was.
    ahead, aside = (-east, -north) if turned else (north, east)
    drop = cell * math.tan(math.radians(altitude)) / abs(ahead)
    return Way(turned, ahead < 0, aside / abs(ahead), drop)


def shaded(heights: Heights, azimuth: float, altitude: float) -> np.ndarray:
    """(rows, columns) bool: where the sun does not reach the ground, the roof or the crown."""
    counts = Counts.zero(heights.rows.shape, 1)
    _add(heights, way_of(azimuth, altitude, heights.cell), counts, 1)
    return counts.total() > 0


def shadow_heights(heights: Heights, azimuth: float, altitude: float) -> np.ndarray:
    """(rows, columns) float32: up to which height the shadow of what lies sunward reaches over each cell."""
    way = way_of(azimuth, altitude, heights.cell)
    source = heights.columns if way.turned else heights.rows
    reach = np.empty(source.shape, np.float32)
    low, high = _span(way.drift, 0, source.shape[0], 0, source.shape[1])
    _reaches(source, way.drift, np.float32(way.drop), way.reverse, low, high, reach)
    return reach.T if way.turned else reach


def lit_positions(
    heights: Heights, cells: np.ndarray, levels: np.ndarray, normals: np.ndarray, azimuths: np.ndarray,
    altitudes: np.ndarray, threads: int = 1,
) -> np.ndarray:  # fmt: skip
    """(n,) how many positions of the sun light each of n points on walls.

    cells: (n, 2) row and column before the wall; levels: (n,) metres; normals: (n, 2) outward of length 1. From each
    point the cells are walked through towards the sun, the same ones that a sweep goes by.
    """
    told = np.array(
        [(way.drift, way.drop, way.reverse, way.turned) for way in
         (way_of(*one, heights.cell) for one in zip(azimuths.tolist(), altitudes.tolist(), strict=True))], float,
    ).reshape(-1, 4)  # fmt: skip
    to_sun = np.column_stack([np.sin(np.radians(azimuths)), np.cos(np.radians(azimuths))])
    found = np.zeros(len(cells))
    progress = work.current()

    def counted(mine: slice) -> None:
        progress.check()
        _walk(heights.rows, heights.columns, cells[mine], levels[mine], normals[mine], told, to_sun, heights.highest,
              found[mine])  # fmt: skip

    parts = [slice(at, at + AT_ONCE) for at in range(0, len(cells), AT_ONCE)]
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(counted, parts))
    return found


@dataclass
class Counts:
    """How many positions of the sun leave each cell in the shade, of sweeps over rows and over columns."""

    rows: np.ndarray
    columns: np.ndarray

    @staticmethod
    def zero(shape: tuple[int, int], positions: int) -> "Counts":
        kind = np.uint8 if positions < 256 else np.uint16
        return Counts(np.zeros(shape, kind), np.zeros(shape[::-1], kind))

    def total(self) -> np.ndarray:
        return self.rows + self.columns.T

    def __iadd__(self, other: "Counts") -> "Counts":
        self.rows += other.rows
        self.columns += other.columns
        return self

    def copy(self) -> "Counts":
        return Counts(self.rows.copy(), self.columns.copy())


def count_shade(heights: Heights, azimuths: np.ndarray, altitudes: np.ndarray, threads: int = 1) -> Counts:
    """How many of the positions leave each cell in the shade. azimuths, altitudes: (n,) degrees, the sun is up."""
    ways = [way_of(*one, heights.cell) for one in zip(azimuths.tolist(), altitudes.tolist(), strict=True)]
    progress = work.current()  # that of this thread: the others have none

    def counted(mine: list[Way]) -> Counts:
        counts = Counts.zero(heights.rows.shape, len(ways))
        for way in mine:
            progress.check()
            _add(heights, way, counts, 1)
        return counts

    if threads == 1 or len(ways) < 2:
        return counted(ways)
    with ThreadPoolExecutor(threads) as pool:
        first, *others = pool.map(counted, [ways[i::threads] for i in range(threads)])
    for other in others:
        first += other
    return first


def recount(
    counts: Counts, before: Heights, after: Heights, changed: Box, azimuths: np.ndarray, altitudes: np.ndarray
) -> Counts:
    """The counts after the cells of a box got other heights: only the strips behind them are swept again.

    counts: of `before`; changed in place and returned. Equal to `count_shade(after, ...)` to the last bit.
    """
    for turned in (False, True):
        ways = [
            way
            for one in zip(azimuths.tolist(), altitudes.tolist(), strict=True)
            if (way := way_of(*one, after.cell)).turned == turned
        ]
        if not ways:
            continue
        first, last, left, right = changed if not turned else (changed[2], changed[3], changed[0], changed[1])
        (old, old_onto), (new, new_onto) = before.turned(turned), after.turned(turned)
        target = counts.columns if turned else counts.rows
        top = float(max(old[first:last, left:right].max(), new[first:last, left:right].max()))
        lowest, highest = min(before.lowest, after.lowest), max(before.highest, after.highest)
        told = np.array([(way.drift, way.drop, way.reverse) for way in ways])
        box = (first, last, left, right)
        _restrip(old, old_onto, new, new_onto, told, box, top - lowest, highest - lowest, target)
    return counts


def changed_box(before: np.ndarray, after: np.ndarray) -> Box | None:
    """The smallest box around the cells that differ; None where none does."""
    differs = (before != after) & ~(np.isnan(before) & np.isnan(after))
    rows, columns = np.flatnonzero(differs.any(axis=1)), np.flatnonzero(differs.any(axis=0))
    if len(rows) == 0:
        return None
    return int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1


def _add(heights: Heights, way: Way, counts: Counts, by: int) -> None:
    source, onto = heights.turned(way.turned)
    target = counts.columns if way.turned else counts.rows
    rows, columns = source.shape
    low, high = _span(way.drift, 0, rows, 0, columns)
    _strip(source, onto, way.drift, np.float32(way.drop), way.reverse, 0, 0, rows, low, high, target, by)


def _span(drift: float, first: int, last: int, left: int, right: int) -> tuple[int, int]:
    """Columns of row 0 from which the paths come that meet the columns left..right in the rows first..last."""
    ends = [math.floor(PATHS * row * drift + 0.5) for row in (first, last - 1)]
    return left - (PATHS - 1 + HALF - min(ends)) // PATHS, right - (HALF - max(ends)) // PATHS


def _quick(function: Callable) -> Callable:
    """Compiled once for the machine, and kept where Python may write; elsewhere at every start."""
    how: dict[str, Any] = {"nogil": True, "fastmath": {"nnan", "ninf", "nsz"}}
    try:
        return numba.njit(cache=True, **how)(function)
    except RuntimeError:
        return numba.njit(**how)(function)


@_quick
def _strip(heights, onto, drift, drop, reverse, begin, first, last, low, high, counts, by):
    """Sweep the rows begin..last, counted away from the sun, and add `by` to shaded cells from row `first` on.

    low, high: the strip's edges among the columns of row 0. At row k path j of a column lies
    (j - floor(PATHS k drift + 0.5)) / PATHS cells aside; the one that meets the cells' middles tells which are shaded.
    """
    rows, columns = heights.shape
    reach = np.full((PATHS, high - low), NOTHING, np.float32)
    step = counts.dtype.type(by)
    for k in range(begin, last):
        row = rows - 1 - k if reverse else k
        moved = math.floor(PATHS * k * drift + 0.5)
        for j in range(PATHS):
            aside = (j - moved + HALF) // PATHS
            left, right = max(low + aside, 0), min(high + aside, columns)
            line, carried = heights[row, left:right], reach[j, left - aside - low : right - aside - low]
            if k < first or (j - moved) % PATHS != 0:
                for c in range(right - left):
                    falling = carried[c] - drop
                    carried[c] = falling if falling > line[c] else line[c]
            else:
                out, below = counts[row, left:right], onto[row, left:right]
                for c in range(right - left):
                    falling = carried[c] - drop
                    out[c] += step * (falling > below[c])
                    carried[c] = falling if falling > line[c] else line[c]


@_quick
def _reaches(heights, drift, drop, reverse, low, high, reach_of):
    rows, columns = heights.shape
    reach = np.full((PATHS, high - low), NOTHING, np.float32)
    for k in range(rows):
        row = rows - 1 - k if reverse else k
        moved = math.floor(PATHS * k * drift + 0.5)
        for j in range(PATHS):
            aside = (j - moved + HALF) // PATHS
            line, carried = heights[row], reach[j, -aside - low : columns - aside - low]
            is_told = (j - moved) % PATHS == 0
            for c in range(columns):
                falling = carried[c] - drop
                if is_told:
                    reach_of[row, c] = falling
                carried[c] = falling if falling > line[c] else line[c]


@_quick
def _walk(rows, columns, cells, levels, normals, ways, to_sun, highest, lit):
    for p in range(len(cells)):
        for w in range(len(ways)):
            if normals[p, 0] * to_sun[w, 0] + normals[p, 1] * to_sun[w, 1] <= BEFORE:
                continue
            drift, drop, turned = ways[w, 0], ways[w, 1], ways[w, 3] > 0
            source = columns if turned else rows
            many, wide = source.shape
            row, column = (cells[p, 1], cells[p, 0]) if turned else (cells[p, 0], cells[p, 1])
            here = many - 1 - row if ways[w, 2] > 0 else row
            path = PATHS * column + math.floor(PATHS * here * drift + 0.5)
            free, level = True, levels[p]
            for k in range(here - 1, -1, -1):
                level += drop
                at = (path - math.floor(PATHS * k * drift + 0.5) + HALF) // PATHS
                if level >= highest or at < 0 or at >= wide:
                    break
                if source[many - 1 - k if ways[w, 2] > 0 else k, at] > level:
                    free = False
                    break
            lit[p] += free


@_quick
def _restrip(old, old_onto, new, new_onto, ways, box, own, all_, counts):
    """For each way: take the old shade of the strip behind the box away, and add the new one.

    ways: (n, 3) drift, drop, reverse. own, all_: metres that the box, and the whole raster, rise above the lowest cell.
    """
    rows = old.shape[0]
    for w in range(len(ways)):
        drift, drop, reverse = ways[w, 0], np.float32(ways[w, 1]), ways[w, 2] > 0
        first = rows - box[1] if reverse else box[0]
        after = rows - box[0] if reverse else box[1]
        last = min(rows, after + int(own / drop) + 2)
        begin = max(0, first - int(all_ / drop) - 2)
        one, other = math.floor(PATHS * first * drift + 0.5), math.floor(PATHS * (after - 1) * drift + 0.5)
        low = box[2] - (PATHS - 1 + HALF - min(one, other)) // PATHS
        high = box[3] - (HALF - max(one, other)) // PATHS
        _strip(old, old_onto, drift, drop, reverse, begin, first, last, low, high, counts, -1)
        _strip(new, new_onto, drift, drop, reverse, begin, first, last, low, high, counts, 1)
