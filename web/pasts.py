"""The history as the page tells it: who did what, when, with a small picture of the spot."""

import datetime as dt
from typing import Any

import numpy as np
import shapely
from sqlalchemy import select
from sqlalchemy.orm import Session

from scenarios import overlay
from scenarios.diary import Change, read
from scenarios.history import Past, steps_of
from scenarios.participation.moderating import led_to
from twin.city import City
from twin.feature import TODAY, Feature, Scenario
from twin.projection import LONLAT, transformer
from web.asked import layers
from web.described import title_of
from web.language import language, said, words
from web.planner_words import DEEDS

AT_ONCE = 20  # steps
WIDE, HIGH, ROOM = 72.0, 54.0, 6.0  # of a picture, in its own units
LEAST = 24.0  # metres across a picture


def steps_told(db: Session, scenario: Scenario, city: City, before: int | None) -> list[dict[str, Any]]:
    """The newest first. before: a step; only earlier ones are told."""
    found = steps_of(db, scenario.id, before=before, limit=AT_ONCE)
    drawn = [change["change"] for past in found for change in past.changes]
    by_step: dict[int, list[Change]] = {past.step: [] for past in found}
    for row in db.scalars(select(Change).where(Change.id.in_(drawn)).order_by(Change.id)):
        by_step[row.step].append(row)
    because = led_to(db, [past.step for past in found])
    return [
        {**_told(db, scenario, city, past, by_step[past.step]), "because": because.get(past.step, [])} for past in found
    ]


def _told(db: Session, scenario: Scenario, city: City, past: Past, rows: list[Change]) -> dict[str, Any]:
    place = _place(city, past)
    return {
        "step": past.step,
        "title": _title(past, rows),
        "who": past.by or words("by-import"),
        "when": moment(past.at),
        "at": past.at.isoformat() + "Z",
        "undone": past.undone,
        "place": place,
        "link": f"/scenarios/{scenario.id}?plan&lang={language()}" + (f"#camera={place},50,0" if place else ""),
        "box": f"0 0 {WIDE:g} {HIGH:g}",
        "paths": _paths(db, rows),
    }


def _title(past: Past, rows: list[Change]) -> str:
    deed = said(DEEDS.get(past.what, DEEDS["fields"]))
    layer = layers().get(rows[0].layer)
    if layer is None:
        return deed
    kept = read(rows[0].after) or read(rows[0].before) or {}
    name = title_of(layer, {column.name: kept.get(column.name) for column in layer.fields()})
    what = f"{past.things} {said(layer.title)}" if past.things > 1 else name
    return f"{what}: {deed}"


def moment(at: dt.datetime) -> str:
    """UTC, as it is kept; the clock of the place is the reader's business."""
    return at.strftime("%d.%m.%Y, %H:%M" if language() == "de" else "%Y-%m-%d, %H:%M") + " UTC"


def _place(city: City, past: Past) -> str:
    """longitude,latitude,zoom for the camera."""
    if past.bounds is None:
        return ""
    west, south, east, north = past.bounds
    longitude, latitude = transformer(city.srid, LONLAT).transform((west + east) / 2, (south + north) / 2)
    across = max(east - west, north - south, LEAST)
    return f"{longitude:.6f},{latitude:.6f},{float(np.clip(17.6 - np.log2(across / 60), 12, 18.6)):.2f}"


def _paths(db: Session, rows: list[Change]) -> list[tuple[str, str]]:
    """ "before" and "after" with what SVG takes as a path, north up, all in one scale."""
    shapes = []
    for row in rows:
        layer = layers().get(row.layer)
        if layer is None:
            continue
        before = _shape(db, layer, row.before) or (_of_today(db, layer, row.uid) if row.before is None else None)
        shapes += [("before", before), ("after", _shape(db, layer, row.after))]
    drawn = [(kind, shape) for kind, shape in shapes if shape is not None]
    if not drawn:
        return []
    west, south, east, north = shapely.total_bounds([shape for _, shape in drawn])
    fit = min((WIDE - 2 * ROOM) / max(east - west, LEAST), (HIGH - 2 * ROOM) / max(north - south, LEAST))
    middle = np.array([(west + east) / 2, (south + north) / 2])
    return [(kind, _path(shape, middle, fit)) for kind, shape in drawn]


def _path(shape: Any, middle: np.ndarray, fit: float) -> str:
    if shape.geom_type in ("Point", "MultiPoint"):
        shape = shape.buffer(1.5 / fit)
    parts = []
    for part in shapely.get_parts(shape):
        lines = [part.exterior, *part.interiors] if part.geom_type == "Polygon" else [part]
        for line in lines:
            points = (shapely.get_coordinates(line) - middle) * [fit, -fit] + [WIDE / 2, HIGH / 2]
            parts.append("M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in points))
    return "".join(parts)


def _shape(db: Session, layer: type[Feature], kept: str | None) -> Any | None:
    row = read(kept)
    if row is None or row.get("gone") or row.get("geom") is None:
        return None
    return overlay.shape_of(db, overlay.from_kept(db, layer, row))


def _of_today(db: Session, layer: type[Feature], uid: str) -> Any | None:
    return db.scalar(select(layer.shape).where(layer.scenario_id == TODAY, layer.uid == uid))
