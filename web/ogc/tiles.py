"""OGC API - Tiles: the planned layers as vector tiles (MVT), one layer or all at once."""

from collections.abc import Callable
from typing import Any

import numpy as np
import shapely
from flask import Response, current_app, request, url_for
from sqlalchemy import Table, func, literal_column, select, text
from sqlalchemy.orm import Session

from scenarios.planned import planned
from scenarios.rows import Bounds, in_window
from twin.feature import Feature
from twin.projection import transformer
from twin.shape import from_stored
from twin.store import in_a_file
from web import ogc_words
from web.asked import city, db, find_layer, find_scenario, layers
from web.contract import contract
from web.edit_words import filled
from web.errors import BadQuestion
from web.filters import shown_fields
from web.ogc import mvt
from web.ogc.common import IN, LINK, answered, filled_layers, link, ogc
from web.ogc.matrices import MatrixSet, matrix_sets
from web.schemas import ANYTHING, TEXT, list_of, object_of
from web.tiles import tile_mark

MVT = "application/vnd.mapbox-vector-tile"
MOST = 50_000  # features of a tile
FEW_FIELDS = 13  # the level below which only the largest things are drawn, and none of the fields beside name and kind
SMALLEST = 2.0  # units of a tile across: what is less is not seen
LISTED = object_of({"tilesets": list_of(ANYTHING), "links": list_of(LINK)})
SETS = object_of({"tileMatrixSets": list_of(ANYTHING)})
NAMED = {"matrices": TEXT}
TILE = contract(MVT, path=NAMED, asks={"v": TEXT}, also=(304,))
_OF_ONE = "/scenarios/<int:id>/collections/<name>/tiles"
_OF_ALL = "/scenarios/<int:id>/tiles"


@ogc.get("/tileMatrixSets")
@contract(SETS, asks=IN, html=True)
def matrix_sets_told():
    """How the plane is cut: WebMercatorQuad, and in a German city the matrix of the AdV in metres."""
    listed = [
        {"id": one.id, "title": one.title, "links": [link("self", "ogc.matrix_set", matrices=one.id)]}
        for one in matrix_sets(city().srid).values()
    ]
    return answered({"tileMatrixSets": listed})


@ogc.get("/tileMatrixSets/<matrices>")
@contract(object_of({}, (), "TileMatrixSet") | {"additionalProperties": True}, path=NAMED, asks=IN, html=True)
def matrix_set(matrices: str):
    """One of them, level by level."""
    return answered(_matrices(matrices).told())


@ogc.get(_OF_ONE)
@contract(LISTED, asks=IN, html=True)
def tilesets(id: int, name: str):
    """The tiles of one layer."""
    find_scenario(id)
    find_layer(name)
    return answered(_listed("ogc.tile", id=id, name=name))


@ogc.get(_OF_ALL)
@contract(LISTED, asks=IN, html=True)
def all_tilesets(id: int):
    """The tiles of all layers together."""
    find_scenario(id)
    return answered(_listed("ogc.tile_of_all", id=id))


@ogc.get(f"{_OF_ONE}/<matrices>/<int:z>/<int:y>/<int:x>")
@TILE
def tile(id: int, name: str, matrices: str, z: int, y: int, x: int):
    """One layer in a tile: level, row, column."""
    layer = find_layer(name)
    return _tile(id, matrices, z, y, x, lambda: [layer])


@ogc.get(f"{_OF_ALL}/<matrices>/<int:z>/<int:y>/<int:x>")
@TILE
def tile_of_all(id: int, matrices: str, z: int, y: int, x: int):
    """All layers in a tile: level, row, column."""
    return _tile(id, matrices, z, y, x, lambda: list(filled_layers(find_scenario(id), layers()).values()))


def _listed(to: str, **values: Any) -> dict[str, Any]:
    found = []
    for one in matrix_sets(city().srid).values():
        template = url_for(to, _external=True, matrices=one.id, z=0, y=0, x=0, **values).removesuffix("0/0/0")
        links = [
            {"href": template + "{tileMatrix}/{tileRow}/{tileCol}", "rel": "item", "type": MVT, "templated": True},
            link("http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme", "ogc.matrix_set", matrices=one.id),
        ]
        crs = f"http://www.opengis.net/def/crs/EPSG/0/{one.epsg}"
        found.append({"title": one.title, "dataType": "vector", "crs": crs, "tileMatrixSetId": one.id, "links": links})
    return {"tilesets": found, "links": [{"href": request.url, "rel": "self"}]}


def _matrices(name: str) -> MatrixSet:
    known = matrix_sets(city().srid)
    if name not in known:
        raise BadQuestion(filled(ogc_words.NO_MATRIX, known=", ".join(known)))
    return known[name]


def _tile(id: int, name: str, z: int, y: int, x: int, chosen: Callable[[], list[type[Feature]]]) -> Response:
    scenario, matrices = find_scenario(id).id, _matrices(name)
    bounds = matrices.bounds(z, y, x)
    mark = tile_mark(scenario)
    answer = Response(mimetype=MVT)
    answer.set_etag(mark, weak=True)
    # With the mark in its address a tile never changes; without it the browser has to ask again each time.
    forever = request.args.get("v") == mark
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable" if forever else "no-cache"
    if request.if_none_match.contains_weak(mark):
        answer.status_code = 304
        return answer

    def draw() -> bytes:
        return b"".join(drawn(db(), layer, scenario, matrices.epsg, bounds, z) for layer in chosen())

    answer.set_data(current_app.extensions["twin_tiles"].get(f"{request.path} {mark}", draw))
    return answer


def drawn(db: Session, layer: type[Feature], scenario: int, epsg: int, bounds: Bounds, level: int) -> bytes:
    """One layer in a tile, empty where nothing is there. bounds: of the tile, in its projection's metres."""
    srid = db.get_bind().dialect.city_srid  # type: ignore[attr-defined]
    margin = (bounds[2] - bounds[0]) * mvt.BUFFER / mvt.EXTENT
    wide = (bounds[0] - margin, bounds[1] - margin, bounds[2] + margin, bounds[3] + margin)
    seen = transformer(epsg, srid).transform_bounds(*wide) if epsg != srid else wide
    if not np.isfinite(seen).all():
        return b""
    names = [column.name for column in shown_fields(layer)]
    if level < FEW_FIELDS:
        names = [name for name in names if name in ("name", "kind", "number")]
    view = planned(layer)
    where = [view.c.scenario_id == scenario, in_window(db, layer, seen)]
    return (_by_hand if in_a_file(db) else _by_server)(db, layer, view, where, names, epsg, srid, bounds)


def _by_server(
    db: Session, layer: type[Feature], view: Table, where: list, names: list[str], epsg: int, srid: int, bounds: Bounds
) -> bytes:
    """PostGIS packs it. What is smaller than is seen stays away."""
    frame = func.ST_MakeEnvelope(*bounds, epsg)
    moved = literal_column("geom") if epsg == srid else func.ST_Transform(literal_column("geom"), epsg)
    units = (bounds[2] - bounds[0]) / mvt.EXTENT
    shape = func.ST_AsMVTGeom(moved, frame, mvt.EXTENT, mvt.BUFFER, True)
    large: Any = literal_column(f"(ST_Dimension(geom) < 2 or ST_Area(geom) > {(SMALLEST * units) ** 2!r})")
    kept = select(shape.label("shape"), view.c.fid, view.c.uid, *(view.c[name] for name in names))
    rows = kept.where(*where, large).limit(MOST).subquery("rows")
    packed = select(func.ST_AsMVT(text("rows"), layer.__tablename__, mvt.EXTENT, "shape", "fid")).select_from(rows)
    return bytes(db.scalar(packed.where(rows.c.shape.is_not(None))) or b"")


def _by_hand(
    db: Session, layer: type[Feature], view: Table, where: list, names: list[str], epsg: int, srid: int, bounds: Bounds
) -> bytes:
    question = select(literal_column("geom"), view.c.fid, view.c.uid, *(view.c[name] for name in names))
    found = db.execute(question.where(*where).limit(MOST)).all()
    if not found:
        return b""
    shapes = shapely.force_2d(from_stored([row[0] for row in found], True))
    units = (bounds[2] - bounds[0]) / mvt.EXTENT
    change = transformer(srid, epsg)

    def placed(xy: np.ndarray) -> np.ndarray:
        x, y = change.transform(xy[:, 0], xy[:, 1]) if epsg != srid else xy.T
        return np.column_stack([(x - bounds[0]) / units, (bounds[3] - y) / units])

    moved = shapely.transform(shapes, placed)
    box = (-mvt.BUFFER, -mvt.BUFFER, mvt.EXTENT + mvt.BUFFER, mvt.EXTENT + mvt.BUFFER)
    cut = shapely.clip_by_rect(shapely.make_valid(moved), *box)
    large = (shapely.get_dimensions(moved) < 2) | (shapely.area(moved) > SMALLEST**2)
    seen = ~shapely.is_empty(cut) & large
    rows = [row for row, is_seen in zip(found, seen, strict=True) if is_seen]
    if not rows:
        return b""
    fields = {name: [row._mapping[name] for row in rows] for name in ("uid", *names)}
    return mvt.layer(layer.__tablename__, cut[seen], [row.fid for row in rows], fields)
