"""A plan under the sun: its raster, the sun's positions on a day, and how long each point of a wall is lit."""

import datetime as dt
import os
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import shapely

from scenarios.indicators.given import Given
from scenarios.shade.relief import Bounds, grid_bounds, relief, with_crowns
from scenarios.shade.sweep import Heights, count_shade, shadow_heights
from twin.sun import STEP, sun_positions, zone_at

CELL = 1.0  # metres
LEAVES = (5, 10)  # months in which trees are in leaf, the first and the last
AROUND = 160.0  # metres: a building of 30 m casts as far at 11 degrees
LARGEST = 25e6  # m² that are swept at once
THREADS = min(2, os.cpu_count() or 1)


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
    """bounds: in metres; widened to whole cells."""
    whole = grid_bounds(bounds, cell)
    ground = given.heights(whole, cell)
    level = not np.isfinite(ground).any()
    if level:
        ground = np.zeros_like(ground)
    storey = given.assume("storey_height")
    raised = relief(ground, whole, cell, given.rows["buildings"], storey)
    crowned = with_crowns(raised, ground, whole, cell, given.rows["trees"]) if "trees" in given.rows else raised
    in_leaf = LEAVES[0] <= given.sun_day.month <= LEAVES[1]
    return Scene(
        raised, crowned, ground, whole, cell, level, given.assume(f"crown_{'summer' if in_leaf else 'winter'}")
    )


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


def sun_hours(scene: Scene, azimuth: np.ndarray, altitude: np.ndarray, step: int = STEP) -> np.ndarray:
    """(rows, columns) float32: hours of sun on ground and roofs, NaN where the ground is not known."""
    lit = np.zeros(scene.heights.shape, np.float32)
    for heights, share in _casting(scene) if len(azimuth) else ():
        shade = count_shade(heights, azimuth, altitude, THREADS).total().astype(np.float32)
        lit += np.float32(share * step / 60) * (len(azimuth) - shade)
    return np.where(np.isfinite(scene.heights), lit, np.float32(np.nan))


def _casting(scene: Scene) -> list[tuple[Heights, float]]:
    """What casts shade, and how much it counts: crowns let a part of the sun through."""
    bare = Heights.of(scene.heights, scene.cell)
    if scene.crowned is scene.heights:
        return [(bare, 1.0)]
    return [(Heights.of(scene.crowned, scene.cell, scene.heights), scene.dense), (bare, 1.0 - scene.dense)]


def lit_hours(
    scene: Scene, points: np.ndarray, normals: np.ndarray, azimuth: np.ndarray, altitude: np.ndarray, step: int = STEP
) -> np.ndarray:
    """(n,) hours of sun on points of walls.

    points: (n, 3) on the walls, metres above sea level; normals: (n, 2) outward. A point is lit while the sun stands
    before its wall, and higher than the shadow of all that lies between.
    """
    rows, columns = scene.cells_of(points[:, :2] + normals * scene.cell)
    hours, casting = np.zeros(len(points)), _casting(scene)
    for one, up in zip(azimuth.tolist(), altitude.tolist(), strict=True):
        before = normals @ np.array([np.sin(np.radians(one)), np.cos(np.radians(one))]) > 1e-3
        for heights, share in casting:
            hours += share * (before & (points[:, 2] >= shadow_heights(heights, one, up)[rows, columns]))
    return hours * step / 60
