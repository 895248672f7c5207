"""A QGIS project of a scenario beside today, over the store or over this server's OGC API."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from sqlalchemy import func, literal_column, select
from sqlalchemy.orm import Session

from layers.brought import layers_of
from layers.contents import extent
from layers.writing.delivery import AREA, LINE, POINT
from layers.writing.qgis import places
from layers.writing.qgis.project import Entry, Project
from scenarios.planned import planned
from twin.city import city_of
from twin.feature import TODAY, Feature, Scenario, Source, Words
from twin.shape import from_stored
from twin.store import file_of, in_a_file

WGS84 = 4326  # what QGIS before 3.38 asks of an OGC API
_KINDS = {0: POINT, 1: LINE, 2: AREA}
_BY_NAME = {"POINT": POINT, "LINESTRING": LINE, "POLYGON": AREA}
Find = Callable[[type[Feature], str, int], tuple[str, str]]


def over_store(db: Session, where: str, scenario: Scenario, out: Path, language: str = "de") -> Project:
    """out: where the project will lie: a file is named relative to it."""
    file, url, srid = file_of(where), db.get_bind().engine.url, city_of(db).srid

    def find(layer: type[Feature], kind: str, id: int) -> tuple[str, str]:
        if file is not None:
            return places.in_the_file(file, out, layer, kind, id)
        return places.on_the_server(url, layer, kind, id, srid)

    return _project(db, scenario, find, srid, language, state=places.PLANNED_IN_A_FILE if file else '"planned"')


def over_service(db: Session, root: str, scenario: Scenario, language: str = "de") -> Project:
    """root: this server's address. An OGC API gives one kind of shape a layer: the commonest."""
    return _project(
        db, scenario, lambda layer, kind, id: places.at_the_service(root, layer, id), WGS84, language, single=True
    )


def _project(
    db: Session,
    scenario: Scenario,
    find: Find,
    epsg: int,
    language: str,
    *,
    single: bool = False,
    state: str = '"planned"',
) -> Project:
    city, title = city_of(db), scenario.title
    if scenario.id == TODAY:
        title = Words("Heute", "Today")._asdict()[language]
    project = Project(f"{city.name}: {title}", city.srid, _bounds(db), title, scenario.id, language=language)
    for id in dict.fromkeys((TODAY, scenario.id)):
        for layer in layers_of(db).values():
            kinds = kinds_of(db, layer, id)
            told, licences = _sources(db, layer) if kinds else ((), ())
            for kind in list(kinds)[: 1 if single else None]:
                provider, address = find(layer, kind, id)
                project.entries.append(Entry(layer, kind, id, provider, address, epsg, told, licences, planned=state))
    return project


def kinds_of(db: Session, layer: type[Feature], scenario: int) -> dict[str, int]:
    """Which kinds of shapes a layer has in a scenario, and how many of each, the commonest first."""
    view = planned(layer)
    of: Any = select(literal_column("geom")).where(view.c.scenario_id == scenario, literal_column("geom is not null"))
    found: dict[str, int] = {}
    always = POINT if layer.geometry == "POINT" else LINE if layer.lined else AREA if layer.outlined else None
    if always is not None:
        count = db.scalar(select(func.count()).select_from(view).where(view.c.scenario_id == scenario)) or 0
        return {always: count} if count else {}
    if in_a_file(db):
        shapes = from_stored(list(db.scalars(of.select_from(view))), True)
        for dimension, count in zip(*np.unique(shapely.get_dimensions(shapes), return_counts=True), strict=True):
            found[_KINDS[int(dimension)]] = int(count)
    else:
        kind = func.replace(func.GeometryType(literal_column("geom")), "MULTI", "")
        counted = select(kind, func.count()).select_from(view).where(view.c.scenario_id == scenario).group_by(kind)
        found = {_BY_NAME[name]: count for name, count in db.execute(counted) if name in _BY_NAME}
    return dict(sorted(found.items(), key=lambda pair: -pair[1]))


def _sources(db: Session, layer: type[Feature]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(kind and date of each source, licences)."""
    used = select(layer.source_id).where(layer.scenario_id == TODAY).distinct()
    found = list(db.scalars(select(Source).where(Source.id.in_(used))))
    told = {f"{one.kind} {one.delivered.isoformat() if one.delivered else ''}".strip() for one in found}
    return tuple(sorted(told)), tuple(sorted({one.licence for one in found if one.licence}))


def _bounds(db: Session) -> Any:
    """Of the buildings where there are any, else of all layers, in the city's metres."""
    boxes = [box for box in (extent(db, "buildings"), *(extent(db, name) for name in layers_of(db))) if box]
    return tuple(boxes[0]) if boxes else (0.0, 0.0, 1.0, 1.0)
