"""Which feature is meant, and which shape: by id, by name, by coordinates, or by what stands there."""

import json
import re
from typing import Any

import numpy as np
import shapely
from sqlalchemy import or_, select

import layers
from scenarios.planned import planned
from scenarios.verbs import There, find
from twin.errors import BadShape, NotFound
from twin.feature import Feature
from web.asked import db
from web.described import title_of
from web.edit_words import filled
from web.editing import shape_in_metres
from web.errors import BadQuestion
from web.verb_words import NO_PLACE, SEVERAL_SO_CALLED

CALLED = ("number", "name", "address")  # fields by which a feature is called
NUMBERS = re.compile(r"[-+\d.,;\s]+")
FEATURE = re.compile(r"([a-z_]+)/(\S.*)")
MOST = 500  # features whose outlines make one shape
OFFERED = 200
LONGEST = 400_000  # letters of a shape


def feature_meant(scenario: int, layer: str, text: str) -> There:
    """By its id, else by its only bearer of that name or number. Raises NotFound, BadQuestion."""
    text = text.strip()
    try:
        return find(db(), scenario, layer, text)
    except NotFound:
        so_called = _called(scenario, layers.BY_NAME[layer], text)
        if not so_called:
            raise
        if len(so_called) > 1:
            known = ", ".join(so_called[:5])
            raise BadQuestion(filled(SEVERAL_SO_CALLED, text=text[:60], known=known)) from None
        return find(db(), scenario, layer, so_called[0])


def offered(scenario: int, layer: type[Feature]) -> list[tuple[str, str]]:
    """(uid, title) of some that bear a name, to choose from while typing."""
    view = planned(layer)
    names = [view.c[name] for name in CALLED if name in view.c]
    asked = select(view.c.uid, *names).where(view.c.scenario_id == scenario)
    asked = asked.where(or_(*(name.is_not(None) for name in names))).limit(OFFERED)
    return [(row.uid, title_of(layer, dict(row._mapping))) for row in db().execute(asked)]


def shape_meant(scenario: int, text: str, kind: str) -> Any:
    """In the city's metres. kind: "Point", "LineString" or "Polygon", for bare coordinates. Raises BadShape."""
    text = text.strip()
    try:
        if len(text) > LONGEST:
            raise ValueError
        if text.startswith("{"):
            told = json.loads(text)
            return shape_in_metres(told.get("geometry") if told.get("type") == "Feature" else told)
        if NUMBERS.fullmatch(text):
            return _of_places(_places(text), kind)
        if FEATURE.match(text):
            return _united(scenario, text, kind)
        return shapely.from_wkt(text)
    except (shapely.errors.GEOSException, ValueError, RecursionError, AttributeError, TypeError):
        raise BadShape(filled(NO_PLACE, text=text[:40])) from None


def _called(scenario: int, layer: type[Feature], text: str) -> list[str]:
    view = planned(layer)
    names = [view.c[name] == text for name in CALLED if name in view.c]
    if not names or not text:
        return []
    asked = select(view.c.uid).where(view.c.scenario_id == scenario, or_(*names)).order_by(view.c.uid).limit(6)
    return list(db().scalars(asked))


def _places(text: str) -> np.ndarray:
    """Easting and northing, in pairs: a decimal comma stands between digits, other commas separate."""
    plain = re.sub(r"(?<=\d),(?=\d)", ".", text)
    numbers = np.array([float(part) for part in re.split(r"[,;\s]+", plain.strip(" ,;\n\r\t")) if part])
    return numbers.reshape(-1, 2)


def _of_places(places: np.ndarray, kind: str) -> Any:
    made = {"Point": shapely.Point, "LineString": shapely.LineString, "Polygon": shapely.Polygon}[kind]
    if kind == "Point" and len(places) != 1:
        raise ValueError
    return made(places[0] if kind == "Point" else places)


def _united(scenario: int, text: str, kind: str) -> Any:
    """The shapes of "layer/uid", one a line, as one: parcels are an area, a street's parts a line."""
    shapes = []
    for line in text.splitlines()[:MOST]:
        meant = FEATURE.fullmatch(line.strip())
        if not line.strip():
            continue
        if meant is None or meant[1] not in layers.BY_NAME:
            raise ValueError
        shapes.append(feature_meant(scenario, meant[1], meant[2])["geom"])
    whole = shapely.union_all(shapely.force_2d(np.array(shapes, object)))
    return shapely.line_merge(whole) if kind == "LineString" and whole.geom_type == "MultiLineString" else whole
