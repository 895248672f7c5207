"""OGC API - Features, part 4: create, replace, update and delete, by the same rules as on our own pages."""

from collections.abc import Callable
from typing import Any

import orjson
import shapely
from flask import Response, jsonify, request, url_for
from pyproj import CRS
from sqlalchemy import select

from layers.writing.delivery import PLANNED
from scenarios import changes
from scenarios.changes import Changed, Step
from scenarios.planned import planned
from twin.errors import BadField, BadShape, NotFound
from twin.feature import Feature
from twin.projection import LONLAT, transform
from web import edit_words, ogc_words
from web.asked import city, db, find_layer
from web.contract import body, contract
from web.edit_words import filled
from web.editing import degrees, writing
from web.errors import BadQuestion
from web.language import said, words
from web.ogc.common import CRS84, crs_of, is_north_first, ogc
from web.ogc.items import KEPT, version_mark
from web.people import person
from web.schemas import ANYTHING, CHANGED, ONE_CHANGE, Schema, object_of, one_of

_MEMBERS: dict[str, Schema] = {
    "type": one_of(["Feature"]), "id": ANYTHING, "geometry": {"type": ["object", "null"]},
    "properties": {"type": ["object", "null"]}, "bbox": ANYTHING, "links": ANYTHING, "crs": ANYTHING,
}  # fmt: skip
WHOLE, PART = object_of(_MEMBERS, ("geometry", "properties")), object_of(_MEMBERS, ())
WHAT = "edit"
ITEMS = "/scenarios/<int:id>/collections/<name>/items"
REFUSED = (409, 422)


@ogc.post(ITEMS)
@contract(ONE_CHANGE, status=201, takes=WHOLE, also=REFUSED)
def create(id: int, name: str):
    """A new feature; its address is in Location."""
    sent, layer = body(), find_layer(name)
    uid = sent.get("id")
    done = _done(id, lambda step: changes.place(
        step, layer, str(uid) if uid is not None else None, _shape(sent), _fields(layer, sent, whole=False), seen=None
    ))  # fmt: skip
    done.status_code = 201
    made = orjson.loads(done.data)["uid"]
    done.headers["Location"] = url_for("ogc.item", id=id, name=name, uid=made, _external=True)
    return done


@ogc.put(f"{ITEMS}/<path:uid>")
@contract(ONE_CHANGE, takes=WHOLE, also=REFUSED)
def replace(id: int, name: str, uid: str):
    """The whole feature anew: a field that is not sent is empty then. If-Match: the ETag with which it was read."""
    return _changed(id, find_layer(name), uid, whole=True)


@ogc.patch(f"{ITEMS}/<path:uid>")
@contract(ONE_CHANGE, takes=PART, also=REFUSED)
def update(id: int, name: str, uid: str):
    """Some of its fields, or its geometry (RFC 7396). If-Match: the ETag with which it was read."""
    return _changed(id, find_layer(name), uid, whole=False)


@ogc.delete(f"{ITEMS}/<path:uid>")
@contract(ONE_CHANGE, also=REFUSED)
def remove(id: int, name: str, uid: str):
    """Clears it from the scenario; today's city keeps it. If-Match: the ETag with which it was read."""
    layer = find_layer(name)
    return _done(id, lambda step: changes.clear(step, layer, uid, seen=_seen(id, layer, uid, {})))


def _changed(id: int, layer: type[Feature], uid: str, *, whole: bool) -> Response:
    sent = body()

    def change(step: Step) -> Changed:
        seen = _seen(id, layer, uid, sent)
        return changes.place(step, layer, uid, _shape(sent), _fields(layer, sent, whole=whole), seen=seen)

    return _done(id, change)


def _done(id: int, do: Callable[[Step], Changed]) -> Response:
    with changes.step(db(), writing(id), person(), WHAT) as step:
        done = do(step)
    told = {**done._asdict(), "bounds": degrees(done.bounds), "step": step.number, "messages": []}
    db().commit()
    answer = jsonify({name: told[name] for name in (*CHANGED, "step", "messages")})
    answer.set_etag(version_mark(done.version), weak=True)
    return answer


def _seen(id: int, layer: type[Feature], uid: str, sent: dict[str, Any]) -> int:
    """By If-Match or the property `version`; who names none means what stands there now."""
    view = planned(layer)
    now = db().scalar(select(view.c.version).where(view.c.scenario_id == id, view.c.uid == uid))
    if now is None:
        raise NotFound(words("no-feature").format(uid=uid, layer=said(layer.title)))
    told = request.headers.get("If-Match", "").removeprefix("W/").strip('"')
    if told and told != "*":
        if not told.removeprefix("v").isdecimal() or len(told) > 10:
            raise BadQuestion(ogc_words.NO_LOCK)
        return int(told.removeprefix("v"))
    version = (sent.get("properties") or {}).get("version")
    return version if isinstance(version, int) and not isinstance(version, bool) else now


def _fields(layer: type[Feature], sent: dict[str, Any], *, whole: bool) -> dict[str, Any]:
    """whole: all fields of the layer, those that are not sent empty."""
    told = {name: value for name, value in (sent.get("properties") or {}).items() if name not in (*KEPT, PLANNED, "id")}
    hidden = {column.name for column in layer.__table__.columns if column.info.get("hidden")} & told.keys()
    if hidden:
        raise BadField(filled(edit_words.COMPUTED, names=", ".join(sorted(hidden))))
    blank = {column.name: None for column in layer.fields() if not column.info.get("hidden")} if whole else {}
    return {**blank, **told}


def _shape(sent: dict[str, Any]) -> Any | None:
    """In the city's metres; Content-Crs says in which projection it was sent, else degrees."""
    if sent.get("geometry") is None:
        return None
    crs = crs_of(request.headers.get("Content-Crs", CRS84).strip("<>"))
    try:
        shape = shapely.from_geojson(orjson.dumps(sent["geometry"]))
    except shapely.errors.ShapelyError as error:
        why = str(error).partition(":")[2].strip().rstrip(".") or "unknown"
        raise BadShape(filled(edit_words.NO_GEOMETRY, why=why[:200])) from error
    if crs != LONLAT and is_north_first(crs):
        shape = shapely.transform(shape, lambda xy: xy[:, ::-1])
    if crs.is_geographic and not shape.is_empty:
        west, south, east, north = shape.bounds
        if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            raise BadShape(edit_words.NO_DEGREES)
    return transform(shape, crs, CRS(city().srid))
