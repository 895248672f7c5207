"""A plan under the sun: its raster, the sun's positions on a day, and how long each point of a wall is lit."""

import calendar
import datetime as dt
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np
import shapely

from scenarios.indicators.given import Given
from scenarios.shade.kept import KEPT
from scenarios.shade.relief import Bounds, grid_bounds, relief, with_crowns
from scenarios.shade.sweep import Heights, lit_positions
from twin import work
from twin.sun import STEP, sun_positions, zone_at

CELL = 1.0  # metres
LEAVES = (5, 10)  # months in which trees are in leaf, the first and the last
AROUND = 160.0  # metres: a building of 30 m casts as far at 11 degrees
LARGEST = 25e6  # m² that are swept at once
THREADS = min(2, os.cpu_count() or 1)
MID_MONTH = 15
YEAR_STEP = 20  # minutes between two positions of the sun, where a year is looked at


@dataclass(frozen=True)
class Scene:
    """heights: of ground and roofs; crowned: with the trees as well; ground: the bare one.

    level: no terrain is known, the ground is a plane. dense: the share of the sun that a crown takes.
    """

    heights: np.ndarray
    crowned: np.ndarray
    ground: np.ndarray
    bounds: Bounds
    cell: float
    level: bool
    dense: float

    @cached_property
    def bare(self) -> Heights:
        return Heights.of(self.heights, self.cell)

    @cached_property
    def leafy(self) -> Heights:
        return Heights.of(self.crowned, self.cell, self.heights)

    def cells_of(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(n,) rows and columns of points (n, 2) in metres, within the raster."""
        row = ((self.bounds[3] - points[:, 1]) / self.cell).astype(int)
        column = ((points[:, 0] - self.bounds[0]) / self.cell).astype(int)
        rows, columns = self.heights.shape
        return np.clip(row, 0, rows - 1), np.clip(column, 0, columns - 1)


def area_bounds(given: Given, margin: float) -> Bounds:
    shapes = given.rows["buildings"].shapes
    west, south, east, north = given.area.bounds if given.area is not None else shapely.total_bounds(shapes)
    return west - margin, south - margin, east + margin, north + margin


def scene_of(given: Given, bounds: Bounds, cell: float = CELL) -> Scene:
    """bounds: in metres; widened to whole cells. Several questions about one plan share it."""
    whole = grid_bounds(bounds, cell)
    return given.once(f"scene {whole} {cell}", lambda: _scene(given, whole, cell))


def _scene(given: Given, whole: Bounds, cell: float) -> Scene:
    ground = given.heights(whole, cell)
    level = not np.isfinite(ground).any()
    if level:
        ground = np.zeros_like(ground)
    storey = given.assume("storey_height")
    raised = relief(ground, whole, cell, given.rows["buildings"], storey)
    crowned = with_crowns(raised, ground, whole, cell, given.rows["trees"]) if "trees" in given.rows else raised
    return Scene(raised, crowned, ground, whole, cell, level, _density(given, given.sun_day))


def _density(given: Given, day: dt.date) -> float:
    in_leaf = LEAVES[0] <= day.month <= LEAVES[1]
    return given.assume(f"crown_{'summer' if in_leaf else 'winter'}")


def positions(
    day: dt.date, place: tuple[float, float], above: float, step: int = STEP
) -> tuple[np.ndarray, np.ndarray]:
    """azimuth, altitude (n,) in degrees, every `step` minutes of a day on which the sun stands higher than `above`.

    place: longitude, latitude. Each position stands for `step` minutes.
    """
    zone = ZoneInfo(zone_at(*place))
    midnight = dt.datetime.combine(day, dt.time(), zone)
    times = [midnight + dt.timedelta(minutes=minutes) for minutes in range(step // 2, 24 * 60, step)]
    azimuth, altitude = sun_positions(times, *place)
    up = altitude > above
    return azimuth[up], altitude[up]


def sun_hours(
    scene: Scene, azimuth: np.ndarray, altitude: np.ndarray, step: int = STEP, dense: float | None = None
) -> np.ndarray:
    """(rows, columns) float32: hours of sun on ground and roofs, NaN where the ground is not known.

    dense: the share of the sun that a crown takes, where it is not the scene's.
    Where the last sweep over this place differs by an edit, only the strips behind the edit are swept again.
    """
    lit = np.zeros(scene.heights.shape, np.float32)
    for i, (heights, share) in enumerate(_casting(scene, dense) if len(azimuth) else ()):
        shade = KEPT.shade((scene.bounds, i), heights, azimuth, altitude, THREADS).astype(np.float32)
        lit += np.float32(share * step / 60) * (len(azimuth) - shade)
    return np.where(np.isfinite(scene.heights), lit, np.float32(np.nan))


def hours_asked(given: Given, scene: Scene, above: float = 0.0) -> np.ndarray:
    """`sun_hours` of the day that is asked, or of the whole year. above: degrees that the sun has to stand."""
    if not given.year:
        return sun_hours(scene, *positions(given.sun_day, given.place, above))
    total = np.zeros(scene.heights.shape, np.float32)
    for days, dense, sun in _year(given, above):
        total += np.float32(days) * sun_hours(scene, *sun, YEAR_STEP, dense)
    return total


def lit_hours(
    scene: Scene, points: np.ndarray, normals: np.ndarray, azimuth: np.ndarray, altitude: np.ndarray, step: int = STEP,
    dense: float | None = None,
) -> np.ndarray:  # fmt: skip
    """(n,) hours of sun on points of walls.

    points: (n, 3) on the walls, metres above sea level; normals: (n, 2) outward. A point is lit while the sun stands
    before its wall, and higher than the shadow of all that lies between.
    """
    cells = np.column_stack(scene.cells_of(points[:, :2] + normals * scene.cell))
    hours = np.zeros(len(points))
    for heights, share in _casting(scene, dense):
        hours += share * lit_positions(heights, cells, points[:, 2], normals, azimuth, altitude, THREADS)
    return hours * step / 60


def lit_in_a_year(given: Given, scene: Scene, points: np.ndarray, normals: np.ndarray, above: float) -> np.ndarray:
    """(n,) hours of sun on points of walls in a year, as `lit_hours`."""
    total = np.zeros(len(points))
    for days, dense, sun in _year(given, above):
        total += days * lit_hours(scene, points, normals, *sun, YEAR_STEP, dense)
    return total


def _year(given: Given, above: float) -> Iterator[tuple[int, float, tuple[np.ndarray, np.ndarray]]]:
    """The mean day of each month: days of the month, what a crown takes then, positions of the sun."""
    for month in range(1, 13):
        work.tell(month - 1, 12)
        day = dt.date(given.sun_day.year, month, MID_MONTH)
        days = calendar.monthrange(day.year, month)[1]
        yield days, _density(given, day), positions(day, given.place, above, YEAR_STEP)


def _casting(scene: Scene, dense: float | None) -> list[tuple[Heights, float]]:
    """What casts shade, and how much it counts: crowns let a part of the sun through."""
    if scene.crowned is scene.heights:
        return [(scene.bare, 1.0)]
    share = scene.dense if dense is None else dense
    return [(scene.leafy, share), (scene.bare, 1.0 - share)]
