"""How QGIS draws a layer: as our page does, from the same table of colours."""

from collections.abc import Iterable
from typing import Any

from layers.palette import (
    BUILDING_LOOKS,
    BUILDINGS,
    COLORS,
    EDGE,
    KERB,
    KERB_WIDTH,
    LINE_STRENGTH,
    LINE_WIDTH,
    NO_KERB,
    ONLY_PLANNED,
    PLAIN_WIDTH,
    RGB,
    STREET_WIDTHS,
    area_of,
    class_column,
    color_of,
)
from layers.writing.qgis.markup import Element, option, properties, quoted, tag
from twin.feature import Feature, Words

POINT, LINE, AREA = "Point", "LineString", "Polygon"
KINDS = (POINT, LINE, AREA)
HEIGHT = 'coalesce(nullif("height", 0), "storeys" * 3.2, 4)'  # metres, as web/drawn/buildings.py has it
CROWN = 'coalesce(nullif("crown", 0), coalesce(nullif("height", 0), 9) * 0.55)'
LIGHT, SHADE = 115, 88  # percent of brightness of a wall that is turned to the light, or away from it
DIRECTION = 70  # degrees in which buildings rise in 2.5D


def renderer(layer: type[Feature], kind: str, beside: dict[str, str], language: str) -> Element:
    """beside: what the looks of a building hang on, where it is known.

    planned: an expression for "new" or "changed"; vacancies: the id of that layer.
    """
    classes, by = _classes(layer, beside, language)
    symbols = [_symbol(layer, kind, str(i), value, color) for i, (value, _, color) in enumerate(classes)]
    if by is None:
        return tag("renderer-v2", {"type": "singleSymbol", "enableorderby": 0}, tag("symbols", {}, *symbols))
    categories = [
        tag("category", {"symbol": i, "value": value, "label": label, "render": True, "type": "string"})
        for i, (value, label, _) in enumerate(classes)
    ]
    return tag(
        "renderer-v2", {"type": "categorizedSymbol", "attr": by, "enableorderby": 0},
        tag("categories", {}, *categories), tag("symbols", {}, *symbols),
    )  # fmt: skip


def raised(layer: type[Feature], beside: dict[str, str], language: str) -> Element:
    """Buildings in 2.5D: roofs lifted by their height, walls between; nearer ones cover those behind."""
    classes, by = _classes(layer, beside, language)
    symbols = [_block(str(i), value) for i, (value, _, _) in enumerate(classes)]
    categories = [
        tag("category", {"symbol": i, "value": value, "label": label, "render": True, "type": "string"})
        for i, (value, label, _) in enumerate(classes)
    ]
    far_first = tag("orderBy", {}, tag("orderByClause", {"asc": 0, "nullsFirst": 0}, "y(centroid($geometry))"))
    return tag(
        "renderer-v2", {"type": "categorizedSymbol", "attr": by, "enableorderby": 1},
        tag("categories", {}, *categories), tag("symbols", {}, *symbols), far_first,
    )  # fmt: skip


def in_space(layer: type[Feature], id: str) -> Element | None:
    """What QGIS's 3D map shows: buildings as high as they are, trees as balls."""
    if layer.__tablename__ != "buildings":
        return None
    roof = BUILDINGS["existing"]["flat"]
    material = {"ambient": _color([part // 3 for part in roof]), "diffuse": _color(roof), "specular": "0,0,0,255"}
    data = {
        "alt-clamping": "terrain", "alt-binding": "centroid", "height": "0", "extrusion-height": "0",
        "culling-mode": "no-culling", "add-back-faces": "0", "invert-normals": "0", "rendered-facade": "3",
    }  # fmt: skip
    symbol = tag(
        "symbol", {"type": "polygon", "material_type": "phong"},
        tag("data", data), tag("material", {**material, "shininess": "0"}),
        properties({"extrusionHeight": HEIGHT}, "data-defined-properties"),
        tag("edges", {"enabled": "0", "width": "1", "color": "0,0,0,255"}),
    )  # fmt: skip
    return tag("renderer-3d", {"type": "vector", "layer": id}, symbol)


def labels(layer: type[Feature], kind: str) -> Element | None:
    """Names where the page has them: along streets, beside places."""
    name = "name" if "name" in layer.__table__.columns else "number" if layer.__tablename__ == "parcels" else None
    if name is None or layer.__tablename__ in ("buildings", "surfaces", "facilities", "lines"):
        return None
    placement = {POINT: 6, LINE: 3, AREA: 1}[kind]  # around a point, curved along a line, over an area
    text = {"fieldName": name, "fontSize": "8", "fontSizeUnit": "Point", "textColor": "74,72,66,255", "namedStyle": ""}
    text |= {"isExpression": "0", "fontFamily": "Source Sans 3", "textOpacity": "1"}
    buffer = tag("text-buffer", {"bufferDraw": "1", "bufferSize": "0.8", "bufferSizeUnits": "MM",
                                 "bufferColor": "250,249,246,255", "bufferOpacity": "1"})  # fmt: skip
    settings = tag(
        "settings", {"calloutType": "simple"},
        tag("text-style", text, buffer),
        tag("placement", {"placement": placement, "mergeLines": kind == LINE, "repeatDistance": "0"}),
        tag("rendering", {"scaleVisibility": "1", "scaleMin": "0", "scaleMax": "10000", "obstacle": "0"}),
    )  # fmt: skip
    return tag("labeling", {"type": "simple"}, settings)


def _classes(
    layer: type[Feature], beside: dict[str, str], language: str
) -> tuple[list[tuple[str, str, RGB]], str | None]:
    """(value, its words, its colour), the rest last, and the field or expression by which a thing is of a class."""
    title = getattr(layer.title, language)
    if layer.__tablename__ == "buildings":
        looks = {key: words for key, words in BUILDING_LOOKS.items() if "planned" in beside or key not in ONLY_PLANNED}
        listed = [(key, getattr(words, language), BUILDINGS[key]["roof"]) for key, words in looks.items()]
        return listed, _standing(beside)
    column = class_column(layer)
    if column is None:
        return [("", title, color_of(layer))], None
    codes = layer.__table__.columns[column].info.get("codes") or {}
    colors = COLORS[layer.__tablename__]
    listed = [(kind, getattr(codes.get(kind, Words(kind, kind)), language), color) for kind, color in colors.items()]
    return [*listed, ("", Words("sonstige", "others")._asdict()[language], color_of(layer))], column


def _standing(beside: dict[str, str]) -> str:
    """What a building is, in the order of web/drawn/buildings.py."""
    parts = []
    if "planned" in beside:
        parts.append(f"WHEN {beside['planned']} = 'new' THEN 'new' WHEN {beside['planned']} = 'changed' THEN 'changed'")
    if "vacancies" in beside:
        empty = f'array_agg(expression:="building", filter:="until" IS NULL, layer:={quoted(beside["vacancies"])})'
        empty = empty.replace("array_agg(", "aggregate(aggregate:='array_agg', ")
        parts.append(f"WHEN coalesce(array_contains({empty}, \"uid\"), false) THEN 'empty'")
    parts.append("WHEN \"estimated\" LIKE 'height:%' OR \"estimated\" LIKE '%; height:%' THEN 'estimated'")
    return f"CASE {' '.join(parts)} ELSE 'existing' END"


def _symbol(layer: type[Feature], kind: str, name: str, value: str, color: RGB) -> Element:
    if kind == POINT:
        return tag("symbol", {"type": "marker", "name": name, "alpha": 1}, *_marker(layer, color))
    if kind == LINE:
        alpha = LINE_STRENGTH if layer.__tablename__ == "lines" else 1
        return tag("symbol", {"type": "line", "name": name, "alpha": alpha}, *_lines(layer, value, color))
    return tag("symbol", {"type": "fill", "name": name, "alpha": 1}, *_fill(layer, color))


def _marker(layer: type[Feature], color: RGB) -> Iterable[Element]:
    told = {"name": "circle", "color": _color(color), "outline_color": "255,255,255,255", "size": "2.6",
            "outline_width": "0.3", "outline_width_unit": "MM", "size_unit": "MM"}  # fmt: skip
    if layer.__tablename__ == "trees":
        told |= {"size_unit": "MapUnit", "outline_style": "no", "size": "5"}
        yield _symbol_layer("SimpleMarker", told, {"size": CROWN})
    else:
        yield _symbol_layer("SimpleMarker", told)


def _lines(layer: type[Feature], value: str, color: RGB) -> Iterable[Element]:
    usual = LINE_WIDTH if layer.__tablename__ == "lines" else PLAIN_WIDTH
    decided = {}
    if layer.__tablename__ == "streets":
        usual = STREET_WIDTHS.get(value, 4.0)
    if "width" in layer.__table__.columns:
        decided = {"outlineWidth": f'coalesce(nullif("width", 0), {usual})'}
    if layer.__tablename__ == "streets" and value not in NO_KERB:
        wider = {"outlineWidth": f"{decided['outlineWidth']} + {2 * KERB_WIDTH}"}
        yield _line(KERB, usual + 2 * KERB_WIDTH, wider, 0)
    yield _line(color, usual, decided, 1)


def _line(color: RGB, width: float, decided: dict[str, str], level: int) -> Element:
    told = {"line_color": _color(color), "line_width": str(width), "line_width_unit": "MapUnit", "capstyle": "round",
            "joinstyle": "round", "line_style": "solid"}  # fmt: skip
    return _symbol_layer("SimpleLine", told, decided, level)


def _fill(layer: type[Feature], color: RGB) -> Iterable[Element]:
    fill, edge, width = (1.0, 0.9, 0.3) if layer.__tablename__ == "buildings" else area_of(layer)
    told = {
        "color": _color(color, fill), "style": "solid" if fill else "no", "outline_style": "solid" if edge else "no",
        "outline_color": _color([round(part * EDGE) for part in color], edge), "outline_width": str(width),
        "outline_width_unit": "MapUnit", "joinstyle": "bevel",
    }  # fmt: skip
    yield _symbol_layer("SimpleFill", told)


def _block(name: str, value: str) -> Element:
    """Walls and a lifted roof, drawn by expressions: QGIS's own 2.5D knows one colour only."""
    lift = f"cos(radians({DIRECTION})) * ({HEIGHT}), sin(radians({DIRECTION})) * ({HEIGHT})"
    walls = f"order_parts(extrude(segments_to_lines($geometry), {lift}), 'distance($geometry, translate(@map_extent_center, 0, @map_extent_height / -2))', False)"  # noqa: E501
    colors = BUILDINGS[value]
    azimuth = "azimuth(point_n(geometry_n($geometry, @geometry_part_num), 1), point_n(geometry_n($geometry, @geometry_part_num), 2))"  # noqa: E501
    shade = f"darker({quoted(_color(colors['wall']))}, {LIGHT} + (100 - {SHADE}) * abs(sin({azimuth})))"
    parts = [(walls, colors["wall"], {"fillColor": shade}), (f"translate($geometry, {lift})", colors["roof"], {})]
    return tag("symbol", {"type": "fill", "name": name, "alpha": 1}, *(_generated(*part) for part in parts))


def _generated(expression: str, color: RGB, decided: dict[str, str]) -> Element:
    darker = _color([round(part * EDGE) for part in color])
    inner = {"color": _color(color), "style": "solid", "outline_color": darker, "outline_style": "solid"}
    inner |= {"outline_width": "0.1", "outline_width_unit": "MM", "joinstyle": "bevel"}
    symbol = tag("symbol", {"type": "fill", "name": "@0@0", "alpha": 1}, _symbol_layer("SimpleFill", inner, decided))
    made = _symbol_layer(
        "GeometryGenerator", {"geometryModifier": expression, "SymbolType": "Fill", "units": "MapUnit"}
    )
    made.append(symbol)
    return made


def _symbol_layer(kind: str, told: dict[str, Any], decided: dict[str, str] | None = None, level: int = 0) -> Element:
    return tag(
        "layer", {"class": kind, "enabled": 1, "locked": 0, "pass": level}, option(told), properties(decided or {})
    )


def _color(color: RGB, opacity: float = 1.0) -> str:
    return ",".join(str(round(part)) for part in (*color, 255 * opacity))
