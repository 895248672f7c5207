"""What our own page asks for: a feature with all its fields, and what lies at a place."""

import numpy as np
import shapely
from flask import Blueprint, Flask, jsonify, request
from shapely.geometry import Point

from scenarios.rows import rows_in
from twin.feature import Feature, Source
from twin.projection import to_metres
from web.asked import city, counts, db, find_feature, find_layer, find_scenario, layers
from web.described import described, title_of
from web.editing import feature_to_edit
from web.errors import BadQuestion
from web.language import said

api = Blueprint("api", __name__, url_prefix="/api")

WIDE = 200_000.0  # m², from which on a shape lies behind others, whatever its layer
REACH = 6.0  # metres around a click in which a line or a point is meant
TITLED_BY = ("name", "number", "address", "kind", "width")


@api.get("/scenarios/<int:id>/layers")
def layer_list(id: int):
    count = counts(find_scenario(id).id)
    return jsonify(
        [{"name": name, "title": said(layer.title), "count": count[name]} for name, layer in layers().items()]
    )


@api.get("/scenarios/<int:id>/<name>/<path:uid>")
def feature(id: int, name: str, uid: str):
    layer = find_layer(name)
    row = find_feature(find_scenario(id).id, layer, uid)
    if "geojson" in request.args:
        return jsonify(feature_to_edit(id, layer, uid))
    source = db().get(Source, row["source_id"]) if row["source_id"] else None
    return jsonify(described(layer, row, source))


@api.get("/scenarios/<int:id>/at")
def at(id: int):
    """What lies at ?longitude=&latitude= in the ?layers=, the topmost first."""
    longitude, latitude = degree("longitude", 180), degree("latitude", 90)
    scenario = find_scenario(id).id
    place = to_metres(Point(longitude, latitude), city().srid)
    asked = [find_layer(name) for name in request.args.get("layers", "").split(",") if name]
    found = []
    for layer in reversed([layer for layer in layers().values() if layer in asked]):
        found += _at_place(scenario, layer, place)
    found.sort(key=lambda one: one["wide"])  # a plan of the whole town lies behind what is in it
    return jsonify(found)


def init_app(app: Flask) -> None:
    from web import asked

    asked.init_app(app)
    app.register_blueprint(api)


def _at_place(scenario: int, layer: type[Feature], place: Point) -> list[dict]:
    names = tuple(column.name for column in layer.fields() if column.name in TITLED_BY)
    rows = rows_in(db(), layer, scenario, place.buffer(REACH * 2).bounds, names)
    reach = np.full(len(rows), REACH)
    if "width" in names:
        reach = np.fmax(rows.numbers("width") / 2, REACH / 2)
    reach[shapely.area(rows.shapes) > 0] = 0  # an outline is meant only from within
    hits = rows.where(shapely.distance(rows.shapes, place) <= reach)
    areas = shapely.area(hits.shapes)
    order = areas.argsort(kind="stable")  # the smaller lies on the larger
    return [
        {
            "layer": layer.__tablename__,
            "uid": str(hits["uid"][i]),
            "title": title_of(layer, {name: hits[name][i] for name in names}),
            "wide": bool(areas[i] > WIDE),
        }
        for i in order
    ]


def degree(name: str, most: float) -> float:
    try:
        value = float(request.args[name])
    except (KeyError, ValueError):
        value = float("nan")
    if not -most <= value <= most:
        raise BadQuestion(f"{name} has to be a number of degrees between {-most:.0f} and {most:.0f}.")
    return value
