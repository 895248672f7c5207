"""The planned features of a scenario, put together for what is handed out."""

import math
from functools import partial
from typing import Any

import numpy as np
import shapely
from sqlalchemy import func, literal_column, select
from sqlalchemy.orm import Session

from layers.brought import layers_of
from layers.lines import TIMETABLE
from layers.writing.delivery import KEPT, PLANNED, CannotHold, Delivery, Table
from scenarios.planned import planned, what_was_planned
from scenarios.project import Project
from scenarios.rows import Bounds, in_window
from twin.city import city_of
from twin.errors import BadValue
from twin.feature import TODAY, Feature, Scenario, Source, Words
from twin.ground import heights_at
from twin.projection import to_metres
from twin.shape import from_stored
from twin.store import in_a_file
from web import export_words

MOST = 400_000  # features that the page hands out at once; the command knows no limit


def delivery(
    db: Session,
    scenario: Scenario,
    names: list[str],
    area: Any | None = None,
    *,
    language: str = "de",
    with_today: bool = False,
    most: int | None = None,
) -> Delivery:
    """names: of layers; those that have nothing there are left out. area: polygons in the city's metres.

    with_today: today's layers stand beside the scenario's.
    """
    city, known = city_of(db), layers_of(db)
    chosen = [layer for name, layer in known.items() if name in names]
    shown = [TODAY, scenario.id] if with_today and scenario.id != TODAY else [scenario.id]
    if most is not None:
        _check_size(db, chosen, [TODAY, *shown], most)
    tables = [table_of(db, layer, id, area) for id in shown for layer in chosen]
    title = Words("Heute", "Today")._asdict()[language] if scenario.id == TODAY else scenario.title
    return Delivery(
        city.name, city.srid, title, scenario.id, [table for table in tables if len(table)],
        partial(heights_at, db), language, lambda name: list(db.scalars(select(TIMETABLE[name]))),
    )  # fmt: skip


def table_of(db: Session, layer: type[Feature], scenario: int, area: Any | None = None) -> Table:
    """By uid. In the area lies what touches it."""
    view = planned(layer)
    names = [*KEPT, "source_id", *(column.name for column in columns_of(layer))]
    told: list[Any] = [*(view.c[name] for name in names), what_was_planned(layer, scenario)]
    question = select(literal_column("geom"), *told).where(view.c.scenario_id == scenario)
    if area is not None:
        question = question.where(in_window(db, layer, area.bounds))
    found = db.execute(question.order_by(view.c.uid)).all()
    stored, *values = zip(*found, strict=True) if found else [()] * (len(names) + 2)
    columns = {name: _objects(each) for name, each in zip([*names, PLANNED], values, strict=True)}
    used = sorted({id for id in columns.pop("source_id") if id is not None})
    shapes = from_stored(stored, in_a_file(db))
    table = Table(layer, scenario, columns, shapes, list(db.scalars(select(Source).where(Source.id.in_(used[:500])))))
    inside = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    if area is not None and len(shapes):
        shapely.prepare(area)
        inside &= shapely.intersects(area, shapes)
    return table if inside.all() else table.where(inside)


def columns_of(layer: type[Feature]) -> list[Any]:
    """All fields, and those that are not shown: walls and roofs."""
    return [column for column in layer.__table__.columns if "hidden" in column.info]


def area_of_project(db: Session, scenario: Scenario) -> Any | None:
    project = db.get(Project, scenario.project_id) if scenario.project_id else None
    return project.area if project is not None else None


def area_told(told: str, project: Any | None, srid: int) -> Any | None:
    """city, project or west,south,east,north in degrees: polygons in the city's metres, None for the whole city."""
    if told in ("", "city") or (told == "project" and project is None):
        return None
    if told == "project":
        return project
    no_area = Words(*(sentence.format(area=told[:60]) for sentence in export_words.NO_AREA))
    try:
        west, south, east, north = (float(part) for part in told.split(","))
    except ValueError:
        raise BadValue(no_area) from None
    box: Bounds = (west, south, east, north)
    if not (all(map(math.isfinite, box)) and -180 <= west < east <= 180 and -85 <= south < north <= 85):
        raise BadValue(no_area)
    return to_metres(shapely.box(*box), srid)


def _check_size(db: Session, chosen: list[type[Feature]], shown: list[int], most: int) -> None:
    count = sum(
        db.scalar(select(func.count()).select_from(layer).where(layer.scenario_id.in_(shown))) or 0 for layer in chosen
    )
    if count > most:
        raise CannotHold(
            Words(
                f"Das sind {count} Objekte, mehr als {most} auf einmal. Bitte weniger Ebenen wählen, oder auf dem"
                " Server `twin export` aufrufen.",
                f"These are {count:,} features, more than {most:,} at once. Choose fewer layers, or call `twin export`"
                " on the server.",
            )
        )


def _objects(values: Any) -> np.ndarray:
    array = np.empty(len(values), object)
    array[:] = values
    return array
