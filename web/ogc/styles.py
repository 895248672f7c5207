"""OGC API - Styles: how each layer looks, for vector tiles (Mapbox style) and for QGIS (QML)."""

from typing import Any

from flask import Response, jsonify, url_for

from layers.palette import (
    BUILDINGS,
    COLORS,
    EDGE,
    LINE_WIDTH,
    PAPER,
    PLAIN_WIDTH,
    RGB,
    STREET_WIDTHS,
    area_of,
    class_column,
    color_of,
)
from layers.writing.delivery import AREA, LINE, POINT
from layers.writing.qgis.project import style as as_qml
from twin.errors import NotFound
from twin.feature import Feature
from web import ogc_words
from web.asked import city, find_layer, find_scenario, layers
from web.contract import contract
from web.edit_words import filled
from web.language import language, said
from web.ogc.common import IN, LINK, answered, filled_layers, link, ogc
from web.ogc.matrices import WEB
from web.schemas import TEXT, list_of, object_of, one_of
from web.tiles import tile_mark

MAPBOX, QML = "application/vnd.mapbox.style+json", "application/vnd.qgis.qml"
CITY = "city"  # the style of all layers
LISTED = object_of({"styles": list_of(object_of({"id": TEXT, "title": TEXT, "links": list_of(LINK)}))})
METRES = 78_271.517  # a pixel of 512-pixel tiles at zoom 0 on the equator


@ogc.get("/scenarios/<int:id>/styles")
@contract(LISTED, asks=IN, html=True)
def styles(id: int):
    """A style for all layers as vector tiles, and one for each layer in QGIS."""
    listed = [{"id": CITY, "title": city().name, "links": [link("stylesheet", "ogc.style", MAPBOX, id=id, style=CITY)]}]
    for name, layer in filled_layers(find_scenario(id), layers()).items():
        links = [link("stylesheet", "ogc.style", QML, id=id, style=name)]
        listed.append({"id": name, "title": said(layer.title), "links": links})
    return answered({"styles": listed})


@ogc.get("/scenarios/<int:id>/styles/<style>")
@contract(MAPBOX, asks={"kind": one_of([POINT, LINE, AREA])}, also=(200,))
def style(id: int, style: str):
    """`city` is a Mapbox style over the vector tiles; a layer's name gives its QML, for one kind of shape."""
    from web.contract import asked

    find_scenario(id)
    if style == CITY:
        answer: Response = jsonify(_mapbox(id))
        answer.mimetype = MAPBOX
        return answer
    if style not in layers():
        raise NotFound(filled(ogc_words.NO_STYLE, known=", ".join([CITY, *layers()])))
    layer = find_layer(style)
    usual = POINT if layer.geometry == "POINT" else LINE if layer.lined else AREA
    return Response(as_qml(layer, asked("kind", usual), language()), mimetype=QML)


def _mapbox(id: int) -> dict[str, Any]:
    template = url_for("ogc.tile_of_all", _external=True, id=id, matrices=WEB.id, z=0, y=0, x=0).removesuffix("0/0/0")
    source = {"type": "vector", "tiles": [f"{template}{{z}}/{{y}}/{{x}}?v={tile_mark(id)}"], "maxzoom": 18}
    drawn = [part for layer in filled_layers(find_scenario(id), layers()).values() for part in _parts(layer)]
    paper = {"id": "paper", "type": "background", "paint": {"background-color": _rgb(PAPER)}}
    return {"version": 8, "name": city().name, "sources": {"twin": source}, "layers": [paper, *drawn]}


def _parts(layer: type[Feature]) -> list[dict[str, Any]]:
    """Areas, lines and points of a layer; each is drawn where it is of that kind."""
    name = layer.__tablename__
    color = _color(layer)
    fill, edge, _ = (1.0, 0.9, 0.3) if name == "buildings" else area_of(layer)
    kinds: dict[str, tuple[str, dict[str, Any]]] = {
        "Polygon": ("fill", {"fill-color": color, "fill-opacity": fill}),
        "LineString": ("line", {"line-color": color, "line-width": _width(layer)}),
        "Point": ("circle", {"circle-color": color, "circle-radius": 4, "circle-stroke-color": "#fff",
                             "circle-stroke-width": 1}),
    }  # fmt: skip
    found = [
        {"id": f"{name}-{kind}", "type": how, "source": "twin", "source-layer": name, "paint": paint,
         "filter": ["==", ["geometry-type"], kind]}
        for kind, (how, paint) in kinds.items()
    ]  # fmt: skip
    if edge:
        darker = _rgb([round(part * EDGE) for part in color_of(layer)])
        found.insert(1, {"id": f"{name}-edge", "type": "line", "source": "twin", "source-layer": name, "minzoom": 14,
                         "filter": ["==", ["geometry-type"], "Polygon"],
                         "paint": {"line-color": darker, "line-opacity": edge, "line-width": 0.6}})  # fmt: skip
    return found


def _color(layer: type[Feature]) -> Any:
    if layer.__tablename__ == "buildings":
        return _rgb(BUILDINGS["existing"]["roof"])
    column = class_column(layer)
    if column is None:
        return _rgb(color_of(layer))
    pairs = [part for kind, color in COLORS[layer.__tablename__].items() for part in (kind, _rgb(color))]
    return ["match", ["get", column], *pairs, _rgb(color_of(layer))]


def _width(layer: type[Feature]) -> Any:
    """As wide as it is in truth, from zoom 14 on."""
    metres: Any = LINE_WIDTH if layer.__tablename__ == "lines" else PLAIN_WIDTH
    if layer.__tablename__ == "streets":
        pairs = [part for pair in STREET_WIDTHS.items() for part in pair]
        metres = ["coalesce", ["get", "width"], ["match", ["get", "kind"], *pairs, 4.0]]
    wide = [["*", metres, 2**zoom / METRES / 0.62] for zoom in (14, 20)]
    return ["interpolate", ["exponential", 2], ["zoom"], 14, wide[0], 20, wide[1]]


def _rgb(color: RGB) -> str:
    return f"rgb({', '.join(map(str, color))})"
