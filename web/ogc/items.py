"""OGC API - Features, parts 1 to 3: the features of a layer, page by page, in a window and by a filter."""

from typing import Any
from urllib.parse import urlencode

import numpy as np
import orjson
import shapely
from flask import request
from pyproj import CRS
from sqlalchemy import JSON, ColumnElement, Row, Select, Text, cast, func, literal, literal_column, select
from sqlalchemy import Column as Field
from sqlalchemy.exc import DataError

from layers.writing.delivery import PLANNED
from scenarios.planned import planned, what_was_planned
from scenarios.rows import Bounds, in_window
from twin.errors import NotFound
from twin.feature import Feature
from twin.projection import LONLAT, transform
from twin.shape import from_stored
from twin.store import in_a_file
from web import ogc_words
from web.asked import city, counts, db, find_layer, find_scenario
from web.contract import asked, contract
from web.edit_words import filled
from web.errors import BadQuestion
from web.filters import kind_of, shown_fields
from web.language import said, words
from web.ogc.common import CRS84, GEOJSON, HTML, IN, answered, crs_of, is_north_first, link, ogc, wants_html, window
from web.ogc.cql import FORMS, condition
from web.schemas import TEXT, one_of, whole
from web.tiles import tile_mark

FEW, MOST = 100, 10_000  # features of a page
MOST_PAIRS = 45  # of a JSON object that PostgreSQL makes at once
KEPT = ("uid", "version", "estimated")  # properties beside the layer's fields
ASKS = {
    **IN, "limit": whole(1), "bbox": TEXT, "bbox-crs": TEXT, "crs": TEXT, "after": TEXT, "filter": TEXT,
    "filter-lang": one_of(FORMS), "filter-crs": TEXT,
}  # fmt: skip


@ogc.get("/scenarios/<int:id>/collections/<name>/items")
@contract(GEOJSON, asks=ASKS, also=(304,), html=True)
def items(id: int, name: str):
    """The features, by id, page by page: in the window `bbox`, by fields (`?kind=lake`) and by a filter in CQL2."""
    layer, crs = find_layer(name), crs_of(asked("crs", CRS84))
    scenario, limit = find_scenario(id).id, min(asked("limit", FEW), MOST)
    seen = window()
    conditions = [*_fields_asked(layer), *_filtered(layer), planned(layer).c.uid > asked("after", "")]
    try:
        told, count, last = _page(scenario, layer, crs, conditions, limit, seen)
    except DataError as error:  # what a filter reckons is seen by the store alone: 1e15 * 1e15 * ...
        raise BadQuestion(ogc_words.CQL_NO_FIGURE) from error
    links = [
        {"href": request.url, "rel": "self", "type": GEOJSON},
        link("collection", "ogc.collection", id=id, name=name),
        {"href": _here(f="html"), "rel": "alternate", "type": HTML},
    ]
    if last is not None:
        links.append({"href": _here(after=last), "rel": "next", "type": GEOJSON})
    answer = {"type": "FeatureCollection", "features": told, "numberReturned": count, "links": links}
    if seen is None and not (set(request.args) & {*ASKS, *_names(layer)} - {"limit", "crs", "f"}):
        answer["numberMatched"] = counts(scenario)[name]
    return answered(answer, kind=GEOJSON, crs=crs, mark=tile_mark(id))


@ogc.get("/scenarios/<int:id>/collections/<name>/items/<path:uid>")
@contract(GEOJSON, asks={"crs": TEXT, **IN}, also=(304,), html=True)
def item(id: int, name: str, uid: str):
    """One feature."""
    layer, crs = find_layer(name), crs_of(asked("crs", CRS84))
    rows = _rows(find_scenario(id).id, layer, crs, [planned(layer).c.uid == uid], 1, None)
    if not rows:
        raise NotFound(words("no-feature").format(uid=uid, layer=said(layer.title)))
    (told,) = _features(layer, rows, crs, None)
    links = [
        {"href": request.url, "rel": "self", "type": GEOJSON},
        link("collection", "ogc.collection", id=id, name=name),
    ]
    return answered({**told, "links": links}, kind=GEOJSON, crs=crs, mark=version_mark(rows[0].version))


def _here(**changed: str) -> str:
    """This address with other questions."""
    return f"{request.base_url}?{urlencode({**request.args.to_dict(), **changed})}"


def version_mark(version: int) -> str:
    """What a feature's ETag says: one version always means one content."""
    return f"v{version}"


def _names(layer: type[Feature]) -> dict[str, Field]:
    return {column.name: column for column in shown_fields(layer)}


def _fields_asked(layer: type[Feature]) -> list[ColumnElement[bool]]:
    """?kind=lake&depth=3. The standard wants an unknown question refused."""
    names, view = _names(layer), planned(layer)
    unknown = set(request.args) - {*ASKS, *names, "lang"}
    if unknown:
        known = ", ".join([*ASKS, *names])
        raise BadQuestion(filled(ogc_words.UNKNOWN, name=min(unknown)[:60], known=known))
    return [
        view.c[name] == _value(column, request.args[name]) for name, column in names.items() if name in request.args
    ]


def _filtered(layer: type[Feature]) -> list[ColumnElement[bool]]:
    told = asked("filter")
    if not told:
        return []
    return [condition(layer, told, asked("filter-lang", FORMS[0]), crs_of(asked("filter-crs", CRS84)))]


def _value(column: Field, sent: str) -> Any:
    kind = kind_of(column)
    try:
        if kind == "number":
            return float(sent)
        return {"true": True, "false": False}[sent] if kind == "choice" else column.type.python_type(sent)
    except (KeyError, TypeError, ValueError):
        raise BadQuestion(words("no-number").format(name=column.name, value=sent[:60])) from None


def _page(
    scenario: int,
    layer: type[Feature],
    crs: CRS,
    conditions: list[ColumnElement[bool]],
    limit: int,
    window: Bounds | None,
) -> tuple[Any, int, str | None]:
    """The features, how many they are, and the last one's id where more follow. A server writes them all at once."""
    if in_a_file(db()) or wants_html() or len(_told(layer, scenario)) > MOST_PAIRS:
        rows = _rows(scenario, layer, crs, conditions, limit + 1, window)
        features = _features(layer, rows[:limit], crs, window)
        return features, len(features), rows[limit - 1].uid if len(rows) > limit else None
    pairs = [part for name, column in _told(layer, scenario).items() for part in (literal(name), column)]
    uid = planned(layer).c.uid
    one = func.json_build_object(
        "type", "Feature", "id", uid, "geometry", cast(_shape(crs), JSON), "properties", func.json_build_object(*pairs)
    )
    listed = select(uid, cast(one, Text).label("feature"), func.row_number().over(order_by=uid).label("number"))
    some = _asked_for(listed, scenario, layer, conditions, limit + 1, window).subquery("some")
    fits = some.c.number <= limit
    written = func.string_agg(some.c.feature, literal(",")).filter(fits)
    text, count, last = db().execute(select(written, func.count(), func.max(some.c.uid).filter(fits))).one()
    return orjson.Fragment(f"[{text or ''}]"), min(count, limit), last if count > limit else None


def _told(layer: type[Feature], scenario: int) -> dict[str, Any]:
    """The properties of a feature: name -> column."""
    view = planned(layer)
    names = {name: view.c[name] for name in (*_names(layer), *KEPT)}
    return {**names, PLANNED: what_was_planned(layer, scenario)}


def _shape(crs: CRS) -> ColumnElement:
    """As a server writes it: GeoJSON in the projection."""
    geom: Any = literal_column("geom")
    code = 4326 if crs == LONLAT else crs.to_epsg()
    moved = geom if code == city().srid else func.ST_Transform(geom, code)
    return func.ST_AsGeoJSON(func.ST_FlipCoordinates(moved) if is_north_first(crs) else moved, _digits(crs))


def _rows(
    scenario: int,
    layer: type[Feature],
    crs: CRS,
    conditions: list[ColumnElement[bool]],
    limit: int,
    window: Bounds | None,
) -> list[Row]:
    """By id. `shape` is GeoJSON where the store can write it, else as it is stored."""
    shape: Any = literal_column("geom") if in_a_file(db()) else _shape(crs)
    columns = [column.label(name) for name, column in _told(layer, scenario).items()]
    return list(
        db().execute(_asked_for(select(shape.label("shape"), *columns), scenario, layer, conditions, limit, window))
    )


def _asked_for(
    question: Select, scenario: int, layer: type[Feature], conditions: list, limit: int, window: Bounds | None
) -> Select:
    """Of the scenario's features those that fit, by id."""
    view = planned(layer)
    question = question.where(view.c.scenario_id == scenario, *conditions).order_by(view.c.uid).limit(limit)
    if window is not None:
        question = question.where(in_window(db(), layer, window))
        if not in_a_file(db()):
            box = func.ST_MakeEnvelope(*map(float, window), city().srid)
            question = question.where(func.ST_Intersects(literal_column("geom"), box))
    return question


def _digits(crs: CRS) -> int:
    """Decimals: a centimetre of a degree, a millimetre of a metre."""
    return 7 if crs.is_geographic else 3


def _features(layer: type[Feature], rows: list[Row], crs: CRS, window: Bounds | None) -> list[dict[str, Any]]:
    shapes = [row.shape for row in rows]
    if in_a_file(db()) and rows:
        there = from_stored(shapes, True)
        inside = np.full(len(rows), True) if window is None else shapely.intersects(there, shapely.box(*window))
        rows = [row for row, is_in in zip(rows, inside, strict=True) if is_in]
        shapes = _as_geojson(there[inside], crs)
    names = list(_told(layer, 0))
    return [
        {
            "type": "Feature",
            "id": row.uid,
            "geometry": orjson.Fragment(shape) if shape else None,
            "properties": {name: _plain(row._mapping[name]) for name in names},
        }
        for row, shape in zip(rows, shapes, strict=True)
    ]


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _as_geojson(shapes: np.ndarray, crs: CRS) -> list[str | None]:
    flat, digits = shapely.force_2d(shapes), _digits(crs)
    moved = transform(flat, CRS(city().srid), crs) if crs.to_epsg() != city().srid else flat
    order = [1, 0] if is_north_first(crs) else [0, 1]
    told = shapely.to_geojson(shapely.transform(moved, lambda xy: np.round(xy[:, order], digits)))
    return told.tolist()
