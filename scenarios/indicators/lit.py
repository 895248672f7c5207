"""Hours of sun on outer walls, storey by storey: what the questions about homes and about facades share."""

from typing import NamedTuple

import numpy as np
import shapely

from scenarios.counting import heights
from scenarios.indicators.given import Given
from scenarios.indicators.walls import Walls, outer_walls
from scenarios.rows import Rows
from scenarios.rules import rules
from scenarios.shade.relief import bases
from scenarios.shade.scene import AROUND, Scene, area_bounds, lit_hours, lit_in_a_year, positions, scene_of
from twin import work

NEIGHBOURS = 100.0  # metres around the area in which walls are looked at
APART = 5.0  # metres between two proof points of a wall


class Lit(NamedTuple):
    """Hours of sun on m walls. hours: (m, storeys) on the day, NaN above the last storey; of_year: the same of a year.

    storeys: (m,); foot, each: (m,) metres above sea level of the building's foot, and of a storey.
    """

    rows: Rows
    walls: Walls
    hours: np.ndarray
    of_year: np.ndarray | None
    storeys: np.ndarray
    foot: np.ndarray
    each: np.ndarray
    scene: Scene

    @property
    def lowest(self) -> np.ndarray:
        return self.hours[:, 0]

    @property
    def top(self) -> np.ndarray:
        return self.hours[np.arange(len(self.storeys)), self.storeys - 1]

    def where(self, chosen: np.ndarray) -> "Lit":
        of_year = None if self.of_year is None else self.of_year[chosen]
        return Lit(self.rows, self.walls.where(chosen), self.hours[chosen], of_year, self.storeys[chosen],
                   self.foot[chosen], self.each[chosen], self.scene)  # fmt: skip


def lit_of(given: Given) -> Lit:
    """The free outer walls of all buildings in the area and up to 100 m around it."""
    return given.once("lit", lambda: _lit(given))


def by_wall(lit: Lit) -> dict[tuple[str, tuple[float, ...]], int]:
    """(uid, ends of the wall) -> its number: a wall is the same in two plans while it stands where it stood."""
    ends = np.concatenate([lit.walls.start, lit.walls.end], axis=1).round(1)
    uids = lit.rows["uid"][lit.walls.owner]
    return {(str(uid), tuple(at)): i for i, (uid, at) in enumerate(zip(uids, ends.tolist(), strict=True))}


def _lit(given: Given) -> Lit:
    told = rules("daylight")["sunlight"]
    scene, rows = scene_of(given, area_bounds(given, AROUND)), given.rows["buildings"]
    near = np.ones(len(rows), bool) if given.area is None else shapely.dwithin(rows.shapes, given.area, NEIGHBOURS)
    walls = outer_walls(rows.shapes)
    walls = walls.where(near[walls.owner])
    storeys, tall, eaves = heights(rows, given.assume("storey_height"))
    foot = bases(rows, scene.ground, scene.bounds, scene.cell)[walls.owner]
    of_wall = storeys[walls.owner].astype(int)
    each = np.minimum(eaves / storeys, tall)[walls.owner]
    points, wall, storey = _points(walls, of_wall, foot, each, told["sill"])
    outward = walls.normal[wall]
    work.tell(0, 1)
    hours = lit_hours(scene, points, outward, *positions(given.sun_day, given.place, told["altitude"]))
    size = len(walls.owner), int(of_wall.max(initial=1))
    of_year = None
    if given.year:
        of_year = _by_storey(lit_in_a_year(given, scene, points, outward, told["altitude"]), wall, storey, size)
    return Lit(rows, walls, _by_storey(hours, wall, storey, size), of_year, of_wall, foot, each, scene)


def _points(walls: Walls, storeys: np.ndarray, foot: np.ndarray, each: np.ndarray, sill: float):
    """Proof points (n, 3) on the outer planes, at least every 5 m, on every storey; the wall and the storey of each."""
    length = np.linalg.norm(walls.end - walls.start, axis=1)
    along = np.maximum(np.ceil(length / APART), 1).astype(int)
    many = along * storeys
    wall = np.repeat(np.arange(len(many)), many)
    place = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
    storey, at = place // along[wall], place % along[wall]
    share = (at + 0.5) / along[wall]
    xy = walls.start[wall] + (walls.end - walls.start)[wall] * share[:, None]
    return np.column_stack([xy, foot[wall] + storey * each[wall] + sill]), wall, storey


def _by_storey(hours: np.ndarray, wall: np.ndarray, storey: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """The mean of the points of each storey of each wall; NaN where there is none."""
    at = wall * size[1] + storey
    many = np.bincount(at, minlength=size[0] * size[1])
    total = np.bincount(at, hours, size[0] * size[1])
    return np.where(many > 0, total / np.maximum(many, 1), np.nan).reshape(size)
