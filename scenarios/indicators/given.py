"""What an indicator is given: the planned rows of an area, read once, and all that they are judged by."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import shapely
from pyproj import Transformer
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from layers.brought import layers_of
from layers.buildings import Building
from scenarios.access.timetable import Timetable
from scenarios.access.timetable import timetable as read_timetable
from scenarios.assumptions import Assumed
from scenarios.indicators.figures import Indicator
from scenarios.rows import Rows, in_window, rows_in
from twin import ground
from twin.city import city_of
from twin.feature import TODAY
from twin.projection import LONLAT, transformer
from twin.terrain import cell_at, levels_of

LAND_VALUES = "land_values"  # a layer that a town brings, whatever its name, with a column of these:
VALUE_COLUMNS = ("brw", "bodenrichtwert", "land_value")  # EUR/m²
EVERYWHERE = (-1e9, -1e9, 1e9, 1e9)
Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class Given:
    """rows: layer -> its planned rows in the area and around it; inside: layer -> (n,) bool, by the rows' centroids.

    area: polygons in the city's metres, None for the whole city. before: the same of today, None where this is today.
    own: layer -> uids that the scenario changes. heights: (bounds, cell) -> the terrain, NaN where unknown.
    """

    scenario: int
    area: Any | None
    rows: dict[str, Rows]
    inside: dict[str, np.ndarray]
    assumed: dict[str, Assumed]
    state: str | None
    day: dt.date
    sun_day: dt.date  # on which the sun is looked at
    place: tuple[float, float]  # longitude, latitude of the area's middle
    heights: Callable[[Bounds, float], np.ndarray]
    ground_cell: float | None = None  # metres of the finest terrain
    own: dict[str, set[str]] = field(default_factory=dict)
    before: "Given | None" = None
    year: bool = False  # the sun is looked at over the whole year, not on sun_day
    found: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)  # what several questions share
    timetable: Callable[[], Timetable | None] = lambda: None  # read only where a question asks for it

    def of(self, layer: str) -> Rows:
        """The rows in the area."""
        return self.rows[layer].where(self.inside[layer])

    def assume(self, name: str) -> float:
        return self.assumed[name].value

    def once(self, name: str, find: Callable[[], Any]) -> Any:
        """What `find` gives, found once for all questions. It must not rest on `before`."""
        if name not in self.found:
            self.found[name] = find()
        return self.found[name]


def read(
    db: Session,
    scenario: int,
    area: Any | None,
    wanted: Iterable[Indicator],
    assumed: dict[str, Assumed],
    *,
    before: Given | None = None,
    day: dt.date | None = None,
    sun_day: dt.date | None = None,
    year: bool = False,
) -> Given:
    """Reads each layer once for all the indicators. Layers that the city does not have are empty."""
    columns, margin = _wanted(wanted)
    bounds = EVERYWHERE if area is None else grown(area.bounds, margin)
    known = layers_of(db)
    rows = {
        name: rows_in(db, known[name], scenario, bounds, names) if name in known else _nothing(names)
        for name, names in columns.items()
    }
    if LAND_VALUES in rows:
        rows[LAND_VALUES] = _land_values(db, known, bounds)
    city, today = city_of(db), day or dt.date.today()
    return Given(
        scenario,
        area,
        rows,
        {name: inside(one.shapes, area) for name, one in rows.items()},
        assumed,
        city.state,
        today,
        sun_day or dt.date(today.year, 3, 21),
        (city.longitude, city.latitude) if area is None else _middle(area, transformer(city.srid, LONLAT)),
        lambda window, cell: ground.window(db, window, cell),
        min((cell_at(one.zoom_level) for one in levels_of(db)), default=None),
        {name: _own(db, known[name], scenario) for name in columns if name in known and scenario != TODAY},
        before,
        year,
        timetable=lambda: read_timetable(db, scenario),
    )


def buildings_in(db: Session, area: Any | None, margin: float) -> int:
    """How many of today's buildings lie in the area's box: what reading them would cost."""
    bounds = EVERYWHERE if area is None else grown(area.bounds, margin)
    asked = select(func.count()).select_from(Building).where(Building.scenario_id == TODAY)
    return db.scalar(asked.where(in_window(db, Building, bounds))) or 0


def with_before(given: Given, before: Given) -> Given:
    return replace(given, before=before)


def _wanted(indicators: Iterable[Indicator]) -> tuple[dict[str, tuple[str, ...]], float]:
    columns: dict[str, dict[str, None]] = {}
    margin = 0.0
    for one in indicators:
        margin = max(margin, one.margin)
        for layer, names in one.reads.items():
            columns.setdefault(layer, {}).update(dict.fromkeys(names))
    return {layer: tuple(names) for layer, names in columns.items()}, margin


def _own(db: Session, layer: Any, scenario: int) -> set[str]:
    return set(db.scalars(select(layer.uid).where(layer.scenario_id == scenario)))


def _land_values(db: Session, known: dict[str, Any], bounds: Bounds) -> Rows:
    """Bodenrichtwerte of the first layer that has some, in a column `value`."""
    for layer in known.values():
        column = next((one.name for one in layer.__table__.columns if one.name.lower() in VALUE_COLUMNS), None)
        if column is not None and layer.__table__.c[column].type.python_type in (int, float):
            found = rows_in(db, layer, TODAY, bounds, (column,))
            return Rows({**found.columns, "value": found[column]}, found.shapes)
    return _nothing(("value",))


def _nothing(names: tuple[str, ...]) -> Rows:
    empty = np.empty(0, object)
    return Rows(dict.fromkeys(("uid", "estimated", *names), empty), empty)


def inside(shapes: np.ndarray, area: Any | None) -> np.ndarray:
    if area is None or len(shapes) == 0:
        return np.ones(len(shapes), bool)
    shapely.prepare(area)
    points = shapely.get_coordinates(shapely.centroid(shapes))
    return shapely.intersects_xy(area, points[:, 0], points[:, 1])


def grown(bounds: Bounds, by: float) -> Bounds:
    return bounds[0] - by, bounds[1] - by, bounds[2] + by, bounds[3] + by


def _middle(area: Any, to_degrees: Transformer) -> tuple[float, float]:
    return to_degrees.transform(area.centroid.x, area.centroid.y)
