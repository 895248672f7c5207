"""The area of a project, as a form tells it: the whole city, blocks, zones, a box, an outline, or a GeoJSON file."""

import json
from typing import Any

import numpy as np
import shapely
from flask import request
from sqlalchemy import select

from layers.blocks import Block
from layers.zones import Zone
from scenarios.indicators.whereabouts import districts
from scenarios.planned import planned
from twin.errors import BadFile, BadValue
from twin.feature import TODAY, Feature, Words
from twin.projection import to_metres
from web.asked import city, db
from web.described import title_of
from web.pointing import shape_meant

LARGEST_FILE = 2_000_000  # bytes
MOST = 400  # blocks or zones to choose from
_KINDS: dict[str, type[Feature]] = {"blocks": Block, "zones": Zone}
_DEGREES = (("west", 180), ("south", 90), ("east", 180), ("north", 90))


def chosen_area() -> Any | None:
    """Polygons in the city's metres; None for the whole city."""
    how = request.form.get("area", "")
    if how == "whole":
        return None
    if how in _KINDS:
        return _joined(_KINDS[how], request.form.getlist(how))
    if how == "box":
        return to_metres(shapely.box(*(_degree(name, most) for name, most in _DEGREES)), city().srid)
    if how == "outline":
        return shape_meant(TODAY, request.form.get("outline", ""), "Polygon")
    if how == "file":
        return to_metres(_polygons(_uploaded()), city().srid)
    raise BadValue(
        Words(
            "Wählen Sie, woher das Gebiet kommt: ganze Stadt, Blöcke, Bauleitpläne, Rechteck, Umriss oder Datei.",
            "Choose where the area comes from: the whole city, blocks, zones, a box, an outline or a file.",
        )
    )


def choices_of() -> dict[str, list[tuple[str, str]]]:
    """What figures can be asked of beside the project and the city: kind -> what stands behind its colon, and title."""
    named = [(name, name) for name in districts(db())]
    return {"district": named, "block": choices("blocks"), "zone": choices("zones")}


def choices(kind: str) -> list[tuple[str, str]]:
    """(uid, title) of the blocks or zones that may be an area, by title."""
    layer = _KINDS[kind]
    view = planned(layer)
    found = db().execute(select(view).where(view.c.scenario_id == TODAY, view.c.geom.is_not(None)).limit(MOST))
    titled = [(row.uid, _title(layer, row._mapping)) for row in found]
    return sorted(titled, key=lambda pair: pair[1])


def _title(layer: type[Feature], row: Any) -> str:
    number = row.get("number") or row.get("plan")
    title = title_of(layer, row)
    return f"{number} · {title}" if number and str(number) != title else title


def _joined(layer: type[Feature], uids: list[str]) -> Any:
    if not uids:
        raise BadValue(Words("Wählen Sie mindestens einen Eintrag der Liste.", "Choose at least one of the list."))
    view = planned(layer)
    shapes = db().scalars(select(view.c.geom).where(view.c.scenario_id == TODAY, view.c.uid.in_(uids[:MOST]))).all()
    return shapely.union_all(shapely.make_valid(shapely.force_2d(np.array(shapes, object))))


def _degree(name: str, most: int) -> float:
    typed = request.form.get(name, "").strip().replace(",", ".")
    try:
        value = float(typed)
    except ValueError:
        value = float("nan")
    if not -most <= value <= most:
        raise BadValue(
            Words(
                f"„{typed[:20]}“ ist keine Gradzahl zwischen −{most} und {most}. Ein Beispiel: 12,14.",
                f"“{typed[:20]}” is no number of degrees between −{most} and {most}. An example: 12.14.",
            )
        )
    return value


def _uploaded() -> Any:
    file = request.files.get("file")
    data = file.stream.read(LARGEST_FILE + 1) if file else b""
    if not data or len(data) > LARGEST_FILE:
        raise BadFile(
            Words(
                "Wählen Sie eine GeoJSON-Datei von bis zu 2 MB.",
                "Choose a GeoJSON file of up to 2 MB.",
            )
        )
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        raise BadFile(
            Words(
                "Die Datei ist kein GeoJSON: sie ist kein gültiges JSON.",
                "The file is no GeoJSON: it is no valid JSON.",
            )
        ) from None


def _polygons(told: Any) -> Any:
    """The union of the polygons of a GeoJSON object, in degrees."""
    try:
        shapes = shapely.get_parts(np.array([shapely.from_geojson(json.dumps(told))]))
        flat = shapely.force_2d(shapely.get_parts(shapes))
        surfaces = flat[shapely.get_dimensions(flat) == 2]
        west, south, east, north = shapely.total_bounds(surfaces)
    except (shapely.GEOSException, TypeError, ValueError):
        surfaces = np.array([])
    if len(surfaces) == 0:
        raise BadFile(
            Words("In der Datei sind keine Flächen (Polygon, MultiPolygon).", "There are no polygons in the file.")
        )
    if not (max(-west, east) <= 180 and max(-south, north) <= 90):
        raise BadFile(
            Words(
                "Die Datei hat keine Längen- und Breitengrade. Speichern Sie sie in WGS 84 (EPSG:4326).",
                "The file is not in degrees of longitude and latitude. Save it in WGS 84 (EPSG:4326).",
            )
        )
    return shapely.union_all(shapely.make_valid(surfaces))
