"""What our own page asks for: a feature with all its fields, and what lies at a place."""

import numpy as np
import shapely
from flask import Blueprint, Flask, jsonify
from shapely.geometry import Point

from scenarios.rows import rows_in
from twin.feature import Feature, Source
from twin.projection import to_metres
from web.asked import city, counts, db, find_feature, find_layer, find_scenario, layers
from web.contract import asked, contract
from web.described import described, title_of
from web.editing import feature_to_edit
from web.language import said
from web.schemas import FEATURE, PLACE, TEXT, VALUE, WHOLE, YES_NO, list_of, object_of, or_null

api = Blueprint("api", __name__, url_prefix="/api")

WIDE = 200_000.0  # m², from which on a shape lies behind others, whatever its layer
REACH = 6.0  # metres around a click in which a line or a point is meant
TITLED_BY = ("name", "number", "address", "kind", "width")
SOURCE = object_of(
    {"file": TEXT, "kind": TEXT, **dict.fromkeys(("delivered", "licence", "crs", "notes"), or_null(TEXT))},
    title="Source",
)
_FIELD = object_of(
    {
        "name": TEXT, "title": TEXT, "value": VALUE, "text": or_null(TEXT), "unit": TEXT, "estimated": or_null(TEXT),
    },
    title="Field",
)  # fmt: skip
DESCRIBED = object_of(
    {
        "layer": TEXT, "layer_title": TEXT, "uid": TEXT, "title": TEXT, "version": WHOLE, "fields": list_of(_FIELD),
        "estimated": or_null(TEXT), "source": or_null(SOURCE),
    },
    title="FeatureInWords",
)  # fmt: skip


@api.get("/scenarios/<int:id>/layers")
@contract(list_of(object_of({"name": TEXT, "title": TEXT, "count": WHOLE}, title="Layer")))
def layer_list(id: int):
    """The layers, the ground first, and how many features each has in this scenario."""
    count = counts(find_scenario(id).id)
    return jsonify(
        [{"name": name, "title": said(layer.title), "count": count[name]} for name, layer in layers().items()]
    )


@api.get("/scenarios/<int:id>/<name>/<path:uid>")
@contract({"anyOf": [DESCRIBED, FEATURE]}, asks={"geojson": TEXT})
def feature(id: int, name: str, uid: str):
    """A feature in words, with its source; with `geojson` as GeoJSON in degrees, with all fields and its version."""
    layer = find_layer(name)
    row = find_feature(find_scenario(id).id, layer, uid)
    if asked("geojson") is not None:
        return jsonify(feature_to_edit(id, layer, uid))
    source = db().get(Source, row["source_id"]) if row["source_id"] else None
    return jsonify(described(layer, row, source))


@api.get("/scenarios/<int:id>/at")
@contract(
    list_of(object_of({"layer": TEXT, "uid": TEXT, "title": TEXT, "wide": YES_NO})),
    asks={**PLACE, "layers": TEXT},
    needs=tuple(PLACE),
)
def at(id: int):
    """What lies at a place, the topmost first. layers: their names, with commas between them."""
    scenario = find_scenario(id).id
    place = to_metres(Point(asked("longitude"), asked("latitude")), city().srid)
    wanted = [find_layer(name) for name in asked("layers", "").split(",") if name]
    found = []
    for layer in reversed([layer for layer in layers().values() if layer in wanted]):
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
