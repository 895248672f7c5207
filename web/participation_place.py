"""Where a contribution is: what was tapped, a point that was set, or what the form's words name."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import shapely
from flask import request
from sqlalchemy import select

from scenarios.participation.tables import Contribution
from scenarios.planned import planned
from twin.errors import BadShape, NotFound
from twin.feature import Words
from twin.projection import LONLAT, to_metres, transformer
from web.asked import city, db, find_layer, ground
from web.described import title_of
from web.language import number, words
from web.search import find

MOST_CORNERS = 200  # of a line or an area
MOST_AROUND = 2000  # metres


class Place(NamedTuple):
    """shape: in the city's metres. title: what it is called."""

    shape: Any | None = None
    layer: str | None = None
    uid: str | None = None
    title: str = ""


def asked_place(scenario: int, values: Any) -> Place:
    """From an address's questions or a form's fields; an empty place where they name none."""
    layer, uid, typed, far = (values.get(name, "").strip()[:200] for name in ("layer", "uid", "place", "to"))
    point, drawn = _point(values), _drawn(values.get("drawn", "").strip())
    if drawn is not None:
        return Place(drawn, title=typed)
    if layer and uid:
        return _thing(scenario, layer, uid, point)
    if point is not None:
        return Place(point, title=typed)
    if not typed:
        return Place()
    return _reaching(scenario, _called(scenario, typed), far, values.get("around", "").strip())


def places_of(rows: Sequence[Contribution]) -> dict[int, dict[str, Any]]:
    """Contribution -> where its pin stands, in degrees, with the height of the ground in the scene.

    Of a line or an area also `corners`, each with its height, and whether it is `closed`.
    """
    placed = [one for one in rows if one.shape is not None and not one.shape.is_empty]
    if not placed:
        return {}
    pins = shapely.get_coordinates([middle_of(one.shape) for one in placed])
    found = zip(placed, _in_the_scene(pins), strict=True)
    told: dict[int, dict[str, Any]] = {
        one.id: dict(zip(("longitude", "latitude", "height"), at, strict=True)) for one, at in found
    }
    for one in placed:
        drawn: Any = one.shape
        if drawn.geom_type in ("LineString", "Polygon"):
            is_area = drawn.geom_type == "Polygon"
            corners = shapely.get_coordinates(drawn.exterior if is_area else drawn)
            told[one.id] |= {"corners": _in_the_scene(corners), "closed": is_area}
    return told


def place_of(one: Contribution) -> dict[str, Any] | None:
    """Where its pin stands; nothing, where it has no place."""
    return places_of([one]).get(one.id)


def middle_of(shape: Any) -> shapely.Point:
    """A point of it: half the way of a line, in the midst of all else."""
    flat = shapely.force_2d(shape)
    is_line = flat.geom_type == "LineString"
    return flat.interpolate(0.5, normalized=True) if is_line else shapely.point_on_surface(flat)


def size_of(shape: Any | None) -> str:
    """How long a line is, or how large an area, for the reader; nothing of a point."""
    if shape is None or shape.geom_type not in ("LineString", "Polygon"):
        return ""
    if shape.geom_type == "Polygon":
        return f"{words('p-area')}, {number(round(shape.area))} m²"
    return f"{words('p-line')}, {number(round(shape.length))} m"


def _in_the_scene(xy: np.ndarray) -> list[list[float]]:
    """(n, 2) metres -> longitude, latitude, height of the ground in the scene."""
    longitude, latitude = transformer(city().srid, LONLAT).transform(xy[:, 0], xy[:, 1])
    heights = ground().heights(xy[:, 0], xy[:, 1])
    return np.column_stack([np.round(longitude, 6), np.round(latitude, 6), np.round(heights, 1)]).tolist()


def _drawn(sent: str) -> Any | None:
    """A line or an area by longitude and latitude, `9.1,53.5 9.2,53.5`; closed, where the last corner is the first."""
    if not sent:
        return None
    try:
        lonlat = np.array([[float(value) for value in pair.split(",")] for pair in sent.split()]).reshape(-1, 2)
        if not np.isfinite(lonlat).all():
            raise ValueError
        closed = len(lonlat) > 3 and bool((lonlat[0] == lonlat[-1]).all())
        shape = shapely.Polygon(lonlat) if closed else shapely.LineString(lonlat)
    except (ValueError, shapely.errors.GEOSException):
        lonlat = np.full((1, 2), np.nan)
    if len(lonlat) > MOST_CORNERS or not (np.abs(lonlat) <= (180, 85)).all():
        raise BadShape(
            Words(
                f"Die Zeichnung ist nicht zu lesen: Sie hat 2 bis {MOST_CORNERS} Ecken. Bitte zeichnen Sie sie neu.",
                f"The drawing cannot be read: it has 2 to {MOST_CORNERS} corners. Please draw it anew.",
            )
        )
    return to_metres(shape, city().srid)


def _reaching(scenario: int, place: Place, far: str, around: str) -> Place:
    """From the place in a line to another one, or as many metres around it: a line and an area without a map."""
    if not far and not around:
        return place
    other = _called(scenario, far) if far else place
    for one, typed in ((place, place.title), (other, far)):
        if one.shape is None:
            raise BadShape(
                Words(
                    f"„{typed}“ ist auf der Karte nicht zu finden. Eine Linie oder ein Umkreis braucht Straßen, Häuser"
                    " oder Haltestellen, die es gibt. Oder lassen Sie das Feld leer.",
                    f"“{typed}” is not found on the map. A line or a surrounding area needs streets, buildings or stops"
                    " that there are. Or leave the field empty.",
                )
            )
    if far:
        return Place(shapely.LineString([place.shape, other.shape]), title=f"{place.title} – {other.title}"[:200])
    metres = float(around) if around.isascii() and around.isdecimal() and len(around) < 6 else 0.0
    if not 1 <= metres <= MOST_AROUND:
        raise BadShape(
            Words(f"Ein Umkreis hat 1 bis {MOST_AROUND} Meter.", f"A surrounding area has 1 to {MOST_AROUND} metres.")
        )
    return Place(shapely.force_2d(place.shape).buffer(metres, quad_segs=6), title=place.title)


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
    return Place(point or middle_of(shape), layer, uid, title_of(kind, dict(row._mapping)))


def _called(scenario: int, typed: str) -> Place:
    """The thing of just this name, else the words alone."""
    for hit in find(scenario, typed, 5):
        if hit["title"].casefold() == typed.casefold():
            return _thing(scenario, hit["layer"], hit["uid"], None)
    return Place(title=typed)


def asked_scenario() -> int:
    sent = request.values.get("scenario", "")
    return int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 10 else 0
