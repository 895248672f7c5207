"""Where a contribution is: what was tapped, a point that was set, or what the form's words name."""

from typing import Any, NamedTuple

import numpy as np
import shapely
from flask import request
from sqlalchemy import select

from scenarios.participation.tables import Contribution
from scenarios.planned import planned
from twin.errors import BadShape, NotFound
from twin.feature import Words
from twin.projection import to_lonlat, to_metres
from web.asked import city, db, find_layer, ground
from web.described import title_of
from web.search import find


class Place(NamedTuple):
    """shape: in the city's metres. title: what it is called."""

    shape: Any | None = None
    layer: str | None = None
    uid: str | None = None
    title: str = ""


def asked_place(scenario: int, values: Any) -> Place:
    """From an address's questions or a form's fields; an empty place where they name none."""
    layer, uid, typed = (values.get(name, "").strip()[:200] for name in ("layer", "uid", "place"))
    point = _point(values)
    if layer and uid:
        return _thing(scenario, layer, uid, point)
    if point is not None:
        return Place(point, title=typed)
    return _called(scenario, typed) if typed else Place()


def place_of(one: Contribution) -> dict[str, Any] | None:
    """In degrees, with the height of the ground in the scene: where its pin stands."""
    if one.shape is None or one.shape.is_empty:
        return None
    point = shapely.point_on_surface(one.shape)
    told = to_lonlat(shapely.Point(point.x, point.y), city().srid)
    height = float(ground().heights(np.array([point.x]), np.array([point.y]))[0])
    return {"longitude": round(told.x, 6), "latitude": round(told.y, 6), "height": round(height, 1)}


def _point(values: Any) -> Any | None:
    typed = [values.get(name, "").strip().replace(",", ".") for name in ("longitude", "latitude")]
    if not all(typed):
        return None
    try:
        longitude, latitude = map(float, typed)
    except ValueError:
        longitude = latitude = float("nan")
    if not (abs(longitude) <= 180 and abs(latitude) <= 85):
        raise BadShape(
            Words(
                "Der Punkt hat keine Längen- und Breitengrade. Setzen Sie ihn neu.",
                "The point is not in degrees of longitude and latitude. Set it anew.",
            )
        )
    return to_metres(shapely.Point(longitude, latitude), city().srid)


def _thing(scenario: int, layer: str, uid: str, point: Any | None) -> Place:
    try:
        kind = find_layer(layer)
    except NotFound:
        return Place(point)
    view = planned(kind)
    row = db().execute(select(view).where(view.c.scenario_id == scenario, view.c.uid == uid)).first()
    if row is None or row.geom is None:
        return Place(point)
    shape = shapely.force_2d(row.geom)
    return Place(point or shapely.point_on_surface(shape), layer, uid, title_of(kind, dict(row._mapping)))


def _called(scenario: int, typed: str) -> Place:
    """The thing of just this name, else the words alone."""
    for hit in find(scenario, typed, 5):
        if hit["title"].casefold() == typed.casefold():
            return _thing(scenario, hit["layer"], hit["uid"], None)
    return Place(title=typed)


def asked_scenario() -> int:
    sent = request.values.get("scenario", "")
    return int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 10 else 0
