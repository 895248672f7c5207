"""Which area is meant: a project's, the whole city, a district, a block, a zone, or what somebody drew."""

import json
from typing import Any

import numpy as np
import shapely
from sqlalchemy import select
from sqlalchemy.orm import Session

from layers.blocks import Block
from layers.parcels import Parcel
from layers.zones import Zone
from scenarios.planned import planned
from scenarios.project import Project
from scenarios.projects import fit_area
from twin.city import city_of
from twin.errors import BadValue, NotFound
from twin.feature import TODAY, Feature, Words
from twin.projection import to_metres

LONGEST = 200_000  # letters of a drawn area
MOST_DISTRICTS = 400
KINDS: dict[str, type[Feature]] = {"block": Block, "zone": Zone}


def area_of(db: Session, project: Project | None, text: str) -> Any | None:
    """Polygons in the city's metres, None for the whole city.

    text: "" or "project", "city", "block:UID", "zone:UID", "district:NAME" (a Gemarkung of the cadastre),
    "west,south,east,north" in degrees, or a polygon in degrees as GeoJSON or WKT. Raises BadValue, NotFound.
    """
    text = text.strip()
    if text in ("", "project"):
        return project.area if project is not None else None
    if text == "city":
        return None
    kind, _, uid = text.partition(":")
    if kind in KINDS:
        return fit_area(_feature(db, KINDS[kind], uid))
    if kind == "district":
        return fit_area(_district(db, uid))
    return fit_area(to_metres(_drawn(text), city_of(db).srid))


def _feature(db: Session, layer: type[Feature], uid: str) -> Any:
    view = planned(layer)
    shape = db.scalar(select(view.c.geom).where(view.c.scenario_id == TODAY, view.c.uid == uid))
    if shape is None:
        raise NotFound(
            Words(f"{layer.title.de}: „{uid[:60]}“ gibt es nicht.", f"{layer.title.en}: there is no “{uid[:60]}”.")
        )
    return shape


def districts(db: Session) -> list[str]:
    """The Gemarkungen of the parcels, by name."""
    asked = select(Parcel.district).where(Parcel.scenario_id == TODAY, Parcel.district.is_not(None)).distinct()
    return sorted(db.scalars(asked.limit(MOST_DISTRICTS)))


def _district(db: Session, name: str) -> Any:
    view = planned(Parcel)
    shapes = db.scalars(select(view.c.geom).where(view.c.scenario_id == TODAY, view.c.district == name)).all()
    if not shapes:
        short = name[:60]
        raise NotFound(Words(f"Kein Flurstück liegt in der Gemarkung „{short}“.", f"No parcel is in “{short}”."))
    return shapely.union_all(shapely.make_valid(shapely.force_2d(np.array(shapes, object))))


def _drawn(text: str) -> Any:
    """In degrees."""
    try:
        if len(text) > LONGEST:
            raise ValueError(text[:20])
        if text.startswith("{"):
            told = json.loads(text)
            shape = shapely.from_geojson(json.dumps(told.get("geometry", told)))
        elif text[:1].isalpha():
            shape = shapely.from_wkt(text)
        else:
            shape = shapely.box(*(float(part) for part in text.split(",")))
        west, south, east, north = shape.bounds
        if shape.area > 0 and max(-west, east) <= 180 and max(-south, north) <= 90:
            return shapely.make_valid(shapely.force_2d(shape))
    except (ValueError, TypeError, AttributeError, RecursionError, shapely.errors.ShapelyError):
        pass
    raise BadValue(
        Words(
            f"„{text[:40]}“ ist kein Gebiet. So geht es: project, city, block:NUMMER, zone:NUMMER,"
            " district:NAME, West,Süd,Ost,Nord in Grad, oder ein Polygon in Grad als GeoJSON oder WKT.",
            f"“{text[:40]}” is no area. Write project, city, block:UID, zone:UID, district:NAME, west,south,east,north"
            " in degrees, or a polygon in degrees as GeoJSON or WKT.",
        )
    )
