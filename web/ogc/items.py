"""OGC API - Features, parts 1 to 3: the features of a layer, page by page, in a window and by a filter."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import numpy as np
import orjson
import shapely
from flask import request
from pyproj import CRS
from sqlalchemy import Column as Field
from sqlalchemy import ColumnElement, Row, Text, cast, func, literal, literal_column, select

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
    rows = _rows(scenario, layer, crs, conditions, limit + 1, seen)
    more = len(rows) > limit
    told = _features(layer, rows[:limit], crs, seen)
    links = [
        {"href": request.url, "rel": "self", "type": GEOJSON},
        link("collection", "ogc.collection", id=id, name=name),
        {"href": _here(f="html"), "rel": "alternate", "type": HTML},
    ]
    if more:
        links.append({"href": _here(after=rows[limit - 1].uid), "rel": "next", "type": GEOJSON})
    answer = {"type": "FeatureCollection", "features": told, "numberReturned": len(told), "links": links}
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


def _rows(
    scenario: int,
    layer: type[Feature],
    crs: CRS,
    conditions: list[ColumnElement[bool]],
    limit: int,
    window: Bounds | None,
) -> list[Row]:
    """By id. Where the store can write JSON, `shape` and `properties` are; else each column as it is stored."""
    view, file = planned(layer), in_a_file(db())
    shape: Any = literal_column("geom")
    if not file:
        code = 4326 if crs == LONLAT else crs.to_epsg()
        moved = shape if code == city().srid else func.ST_Transform(shape, code)
        shape = func.ST_AsGeoJSON(func.ST_FlipCoordinates(moved) if is_north_first(crs) else moved, _digits(crs))
    told: dict[str, Any] = {name: view.c[name] for name in (*_names(layer), *KEPT)}
    told[PLANNED] = what_was_planned(layer, scenario).label(PLANNED)
    columns = list(told.values())
    if not file and not wants_html() and len(told) <= MOST_PAIRS:
        pairs = [part for name, column in told.items() for part in (literal(name), column)]
        columns = [view.c.uid, view.c.version, cast(func.json_build_object(*pairs), Text).label("properties")]
    question = select(shape.label("shape"), *columns)
    question = question.where(view.c.scenario_id == scenario, *conditions).order_by(view.c.uid).limit(limit)
    if window is not None:
        question = question.where(in_window(db(), layer, window))
        if not file:
            box = func.ST_MakeEnvelope(*map(float, window), city().srid)
            question = question.where(func.ST_Intersects(literal_column("geom"), box))
    return list(db().execute(question))


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
    properties = _written if rows and "properties" in rows[0]._fields else _one_by_one(layer)
    return [
        {
            "type": "Feature",
            "id": row.uid,
            "geometry": orjson.Fragment(shape) if shape else None,
            "properties": properties(row),
        }
        for row, shape in zip(rows, shapes, strict=True)
    ]


def _written(row: Row) -> Any:
    return orjson.Fragment(row.properties)


def _one_by_one(layer: type[Feature]) -> Callable[[Row], dict[str, Any]]:
    names = [*_names(layer), *KEPT, PLANNED]
    return lambda row: {name: _plain(row._mapping[name]) for name in names}


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _as_geojson(shapes: np.ndarray, crs: CRS) -> list[str | None]:
    flat, digits = shapely.force_2d(shapes), _digits(crs)
    moved = transform(flat, CRS(city().srid), crs) if crs.to_epsg() != city().srid else flat
    order = [1, 0] if is_north_first(crs) else [0, 1]
    told = shapely.to_geojson(shapely.transform(moved, lambda xy: np.round(xy[:, order], digits)))
    return told.tolist()
