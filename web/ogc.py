"""OGC API - Features, parts 1 and 2: the planned city for QGIS, GDAL and whatever else speaks it."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import orjson
import shapely
from flask import Blueprint, Flask, Response, jsonify, request, url_for
from pyproj import CRS
from pyproj.exceptions import ProjError
from sqlalchemy import Column as Field
from sqlalchemy import ColumnElement, Row, func, literal_column, select

from layers.contents import extent
from scenarios.permissions import may
from scenarios.planned import planned
from scenarios.project import Project
from scenarios.rows import Bounds, in_window
from twin.errors import NotFound
from twin.feature import TODAY, Feature, Scenario
from twin.projection import LONLAT, degrees, transform, transformer
from twin.shape import from_stored
from twin.store import in_a_file
from web import ogc_words
from web.asked import city, counts, db, find_layer, find_scenario, layers
from web.contract import asked, contract
from web.edit_words import filled
from web.errors import BadQuestion
from web.filters import kind_of, shown_fields
from web.language import said, words
from web.people import person
from web.schemas import ANYTHING, TEXT, list_of, object_of, whole
from web.tiles import tile_mark

ogc = Blueprint("ogc", __name__, url_prefix="/ogc")

FEW, MOST = 100, 10_000  # features of a page
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
CONFORMS = [
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
]
GEOJSON = "application/geo+json"
LINK = object_of({"href": TEXT, "rel": TEXT, "type": TEXT, "title": TEXT}, ("href", "rel"), "Link")
LINKS = {"title": TEXT, "description": TEXT, "links": list_of(LINK)}
COLLECTION = object_of(
    {
        "id": TEXT, "title": TEXT, "itemType": TEXT, "extent": ANYTHING, "crs": list_of(TEXT), "storageCrs": TEXT,
        "links": list_of(LINK),
    },
    ("id", "title", "itemType", "crs", "storageCrs", "links"), "Collection",
)  # fmt: skip
ASKS = {"limit": whole(1), "bbox": TEXT, "bbox-crs": TEXT, "crs": TEXT, "after": TEXT, "f": TEXT}


@ogc.get("")
@contract(object_of(LINKS, title="Landing"))
def scenarios():
    """Today's city and each scenario that whoever asks may see: each is a service of its own."""
    found = db().scalars(select(Scenario).where(Scenario.state != "archived").order_by(Scenario.id)).all()
    seen = [one for one in found if one.id == TODAY or may(person(), "see", _project(one), one)]
    links = [_link("child", "ogc.landing", title=one.title, id=one.id) for one in seen]
    return jsonify(title=city().name, description=words("ogc-note"), links=[_link("self", "ogc.scenarios"), *links])


@ogc.get("/scenarios/<int:id>/", strict_slashes=False)
@contract(object_of(LINKS))
def landing(id: int):
    """The service of one scenario."""
    scenario = find_scenario(id)
    title = f"{city().name}: {words('today') if id == TODAY else scenario.title}"
    links = [
        _link("self", "ogc.landing", id=id),
        _link("conformance", "ogc.conformance", id=id),
        _link("data", "ogc.collections", id=id),
        _link("service-desc", "openapi.document", "application/vnd.oai.openapi+json;version=3.1"),
        _link("service-doc", "openapi.page", "text/html"),
    ]
    return jsonify(title=title, description=scenario.description or words("ogc-note"), links=links)


@ogc.get("/scenarios/<int:id>/conformance")
@contract(object_of({"conformsTo": list_of(TEXT)}))
def conformance(id: int):
    """What of the standard is kept."""
    find_scenario(id)
    return jsonify(conformsTo=CONFORMS)


@ogc.get("/scenarios/<int:id>/collections")
@contract(object_of({"links": list_of(LINK), "crs": list_of(TEXT), "collections": list_of(COLLECTION)}))
def collections(id: int):
    """The layers that hold something."""
    count = counts(find_scenario(id).id)
    listed = [_collection(id, layer) for name, layer in layers().items() if count[name]]
    return jsonify(links=[_link("self", "ogc.collections", id=id)], crs=_known(), collections=listed)


@ogc.get("/scenarios/<int:id>/collections/<name>")
@contract(COLLECTION)
def collection(id: int, name: str):
    """One layer: where it lies, and in which projections it may be asked for."""
    find_scenario(id)
    return jsonify(_collection(id, find_layer(name)))


@ogc.get("/scenarios/<int:id>/collections/<name>/items")
@contract(GEOJSON, asks=ASKS, also=(304,))
def items(id: int, name: str):
    """The features, by id, page by page: in the window `bbox`, with the fields that are named: `?kind=lake`."""
    layer, crs = find_layer(name), _crs(asked("crs", CRS84))
    scenario, limit = find_scenario(id).id, min(asked("limit", FEW), MOST)
    window = _window()
    conditions = [*_fields_asked(layer), planned(layer).c.uid > asked("after", "")]
    rows = _rows(scenario, layer, crs, conditions, limit + 1, window)
    more = len(rows) > limit
    told = _features(layer, rows[:limit], crs, window)
    links = [{"href": request.url, "rel": "self", "type": GEOJSON}]
    if more:
        onward = {**request.args.to_dict(), "after": rows[limit - 1].uid}
        links.append(_link("next", "ogc.items", GEOJSON, id=id, name=name, **onward))
    answer = {"type": "FeatureCollection", "features": told, "numberReturned": len(told), "links": links}
    if window is None and not (set(request.args) & {*ASKS, *_names(layer)} - {"limit", "crs", "f"}):
        answer["numberMatched"] = counts(scenario)[name]
    return _answer(answer, id, crs)


@ogc.get("/scenarios/<int:id>/collections/<name>/items/<path:uid>")
@contract(GEOJSON, asks={"crs": TEXT, "f": TEXT}, also=(304,))
def item(id: int, name: str, uid: str):
    """One feature."""
    layer, crs = find_layer(name), _crs(asked("crs", CRS84))
    rows = _rows(find_scenario(id).id, layer, crs, [planned(layer).c.uid == uid], 1, None)
    if not rows:
        raise NotFound(words("no-feature").format(uid=uid, layer=said(layer.title)))
    (told,) = _features(layer, rows, crs, None)
    links = [
        {"href": request.url, "rel": "self", "type": GEOJSON},
        _link("collection", "ogc.collection", id=id, name=name),
    ]
    return _answer({**told, "links": links}, id, crs)


def init_app(app: Flask) -> None:
    app.register_blueprint(ogc)


def _project(scenario: Scenario) -> Project | None:
    return db().get(Project, scenario.project_id) if scenario.project_id else None


def _link(rel: str, to: str, kind: str = "application/json", title: str | None = None, **asked: Any) -> dict[str, str]:
    link = {"href": url_for(to, _external=True, **asked), "rel": rel, "type": kind}
    return {**link, "title": title} if title else link


def _collection(id: int, layer: type[Feature]) -> dict[str, Any]:
    name, bounds = layer.__tablename__, extent(db(), layer.__tablename__)
    told: dict[str, Any] = {"id": name, "title": said(layer.title), "itemType": "feature"}
    if bounds:
        west, south, east, north = bounds
        told["extent"] = {"spatial": {"bbox": [degrees((west, south, east, north), city().srid)], "crs": CRS84}}
    links = [_link("self", "ogc.collection", id=id, name=name), _link("items", "ogc.items", GEOJSON, id=id, name=name)]
    return {**told, "crs": _known(), "storageCrs": f"{EPSG}{city().srid}", "links": links}


def _known() -> list[str]:
    return [CRS84, *(f"{EPSG}{code}" for code in dict.fromkeys((city().srid, 3857, 4326)))]


def _crs(uri: str) -> CRS:
    if uri not in _known():
        raise BadQuestion(filled(ogc_words.NO_CRS, known=", ".join(_known())))
    return LONLAT if uri == CRS84 else CRS(int(uri.removeprefix(EPSG)))


def _is_north_first(crs: CRS) -> bool:
    """EPSG says in which order the numbers of a place stand; PROJ and the stores keep east first."""
    return crs.axis_info[0].direction == "north"


def _window() -> Bounds | None:
    """In the city's metres; heights are left out, for nothing is asked by them."""
    if asked("bbox") is None:
        return None
    crs = _crs(asked("bbox-crs", CRS84))
    try:
        numbers = [float(part) for part in asked("bbox").split(",")]
        west, south, *_ = numbers
        east, north = numbers[len(numbers) // 2 :][:2]
        if _is_north_first(crs):
            west, south, east, north = south, west, north, east
        if len(numbers) not in (4, 6) or not np.isfinite(numbers).all() or west > east or south > north:
            raise ValueError
        bounds = transformer(crs, CRS(city().srid)).transform_bounds(west, south, east, north)
    except (ValueError, ProjError):
        raise BadQuestion(ogc_words.NO_BBOX) from None
    if not np.isfinite(bounds).all():
        raise BadQuestion(ogc_words.NO_BBOX)
    return bounds


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
    """By id. `shape` is GeoJSON where the store can write it, else as it is stored."""
    view, file = planned(layer), in_a_file(db())
    shape: Any = literal_column("geom")
    if not file:
        code = 4326 if crs == LONLAT else crs.to_epsg()
        moved = shape if code == city().srid else func.ST_Transform(shape, code)
        shape = func.ST_AsGeoJSON(func.ST_FlipCoordinates(moved) if _is_north_first(crs) else moved, _digits(crs))
    question = select(view.c.uid, shape.label("shape"), *(view.c[name] for name in _names(layer)))
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
    names = list(_names(layer))
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
    order = [1, 0] if _is_north_first(crs) else [0, 1]
    told = shapely.to_geojson(shapely.transform(moved, lambda xy: np.round(xy[:, order], digits)))
    return told.tolist()


def _answer(told: Mapping[str, Any], id: int, crs: CRS) -> Response:
    answer = Response(mimetype=GEOJSON)
    answer.headers["Content-Crs"] = f"<{CRS84 if crs == LONLAT else EPSG + str(crs.to_epsg())}>"
    answer.headers["Cache-Control"] = "no-cache"
    answer.set_etag(tile_mark(id), weak=True)
    if request.if_none_match.contains_weak(tile_mark(id)):
        answer.status_code = 304
        return answer
    answer.set_data(orjson.dumps(told))
    return answer
