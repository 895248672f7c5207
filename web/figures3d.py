"""What an answer draws, in the 3D city: /scenarios/7?figures=spacing on the ground, ?figures=facades on the walls."""

import io
from typing import Any

import numpy as np
import shapely
from flask import Blueprint, Flask, Response, jsonify, request
from PIL import Image

from scenarios.indicators import indicator, indicators
from scenarios.indicators.figures import Drawn, Grid
from scenarios.indicators.sunlight import SHADES
from twin.errors import NotFound
from twin.projection import LONLAT, transformer
from web import figure_plans
from web.answers import asked_of_scenario
from web.asked import city, find_scenario, ground
from web.contract import contract
from web.drawn.figures import RASTER, SHOWN, address
from web.indicator_schemas import AREA, DRAWN
from web.language import said, words
from web.schemas import ACTION, DAY, TEXT

figures3d = Blueprint("figures3d", __name__)

MERCATOR, WORLD, DEEPEST = 3857, 20037508.342789244, 22
ABOVE = 0.4  # metres over the ground, so that it does not show through
FINE = 4.0  # metres between the corners of what lies on uneven ground
TILE = 512  # pixels of a picture of the raster
COLOURS = {
    "area": (11, 110, 110, 150), "overlap": (179, 38, 30, 230), "crossing": (199, 119, 0, 230),
    "above": (199, 119, 0, 90), "envelope": (122, 90, 181, 110),
    "roof-good": (227, 160, 8, 255), "roof-fair": (243, 211, 138, 255), "roof-poor": (123, 135, 148, 255),
}  # fmt: skip
KINDS = {
    "spacing": ("area", "overlap", "crossing"), "law": ("above", "crossing"), "envelope": ("envelope",),
    "solar": ("roof-good", "roof-fair", "roof-poor"),
}  # fmt: skip
MOST_HOURS = {False: 12.0, True: 3600.0}  # of the legend, on a day and in a year


@figures3d.get("/api/scenarios/<int:id>/indicators/<question>/drawn")
@contract(DRAWN, path={"question": ACTION}, asks={"area": AREA, "day": DAY, "year": TEXT}, also=(422,))
def drawn(id: int, question: str):
    """What an answer draws, as GeoJSON; heights are those of the scene, `height` that of what stands."""
    asked = asked_of_scenario(find_scenario(id))
    answer = asked.answers([indicator(question)])[id][question]
    features = [one for kind in answer.drawn if kind.kind in (*COLOURS, "hours") for one in _features(kind)]
    return jsonify(type="FeatureCollection", features=features)


@figures3d.get("/api/scenarios/<int:id>/indicators/<question>/raster/<int:z>/<int:x>/<int:y>")
@contract("image/png", path={"question": ACTION}, asks={"area": AREA, "day": DAY, "year": TEXT}, also=(422,))
def raster(id: int, question: str, z: int, x: int, y: int):
    """A tile of what an answer knows of each cell, in the colours of its legend; clear where it knows nothing."""
    if z > DEEPEST or max(x, y) >= 2**z:
        raise NotFound(words("no-tile"))
    asked = asked_of_scenario(find_scenario(id))
    answer = asked.answers([indicator(question)])[id][question]
    found = figure_plans.picture(_cut(answer.grid, z, x, y)) if answer.grid else Image.new("RGBA", (1, 1))
    file = io.BytesIO()
    found.save(file, "PNG")
    return Response(file.getvalue(), mimetype="image/png", headers={"Cache-Control": "no-cache"})


def shown_figures(scenario: int) -> dict[str, Any] | None:
    """What the page says about the layer: title, legend, the page that explains it."""
    name = request.args.get("figures", "")
    found = find_scenario(scenario)
    if name not in SHOWN or found.project_id is None:
        return None
    legend = [(words(f"kind-{kind}"), "rgb({} {} {})".format(*COLOURS[kind][:3])) for kind in KINDS.get(name, ())]
    if not legend:
        year = "year" in request.args
        scale = figure_plans.scale_legend(SHADES[year], MOST_HOURS[year], "h/a" if year else "h")
        legend = [(title, colour) for colour, title in scale]
    return {"name": name, "title": said(indicators()[name].title), "legend": legend, "project": found.project_id}


def raster_map(scenario: int) -> dict[str, Any] | None:
    """The raster that ?figures= asks for, as the page's own background on the land; None otherwise."""
    shown_there = shown_figures(scenario)
    if shown_there is None or shown_there["name"] != RASTER:
        return None
    tiles = address("figures3d.raster", scenario, RASTER, z=0, x=0, y=0).replace("/0/0/0", "/{z}/{x}/{y}")
    return {
        "title": shown_there["title"], "kind": "xyz", "address": tiles, "attribution": "", "min_zoom": 13,
        "max_zoom": 18, "own": True, "covers": ["surfaces", "streets", "water"],
    }  # fmt: skip


def init_app(app: Flask) -> None:
    app.register_blueprint(figures3d)
    app.jinja_env.globals.update(shown_figures=shown_figures, SHOWN_IN_3D=SHOWN)


def _features(one: Drawn) -> list[dict[str, Any]]:
    if len(one.shapes) and shapely.has_z(one.shapes).any():
        return _faces(one)
    parts, which = shapely.get_parts(shapely.force_2d(one.shapes), return_index=True)
    areas = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    tall = one.heights[which[areas]] if one.heights is not None else np.zeros(int(areas.sum()))
    fine = parts[areas] if one.heights is not None else shapely.segmentize(parts[areas], FINE)
    placed = shapely.transform(shapely.force_3d(fine), _in_scene, include_z=True)
    return [_feature(one.kind, COLOURS[one.kind], shape, height) for shape, height in zip(placed, tall, strict=True)]


def _faces(one: Drawn) -> list[dict[str, Any]]:
    """Faces of walls and roofs, where they stand."""
    parts, which = shapely.get_parts(one.shapes, return_index=True)
    placed = shapely.transform(parts, _in_the_air, include_z=True)
    last = len(figure_plans.SCALE) - 1
    colours = [
        COLOURS[one.kind] if one.classes is None else (*figure_plans.SCALE[min(int(one.classes[i]), last)], 255)
        for i in which
    ]
    return [_feature(one.kind, colour, shape, 0.0) for colour, shape in zip(colours, placed, strict=True)]


def _feature(kind: str, colour: tuple[int, ...], shape: Any, height: float) -> dict[str, Any]:
    told = {"kind": kind, "colour": colour, "height": float(height)}
    return {"type": "Feature", "geometry": shapely.geometry.mapping(shape), "properties": told}


def _cut(grid: Grid, z: int, x: int, y: int) -> Grid:
    """The grid's values at the middles of a tile's pixels."""
    across = 2 * WORLD / 2**z
    places = (np.arange(TILE) + 0.5) / TILE * across
    east, north = np.meshgrid(x * across - WORLD + places, WORLD - y * across - places)
    found_x, found_y = transformer(MERCATOR, city().srid).transform(east.ravel(), north.ravel())
    column = np.floor((np.asarray(found_x) - grid.bounds[0]) / grid.cell).astype(int)
    row = np.floor((grid.bounds[3] - np.asarray(found_y)) / grid.cell).astype(int)
    rows, columns = grid.values.shape
    within = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
    values = np.full(TILE * TILE, np.nan, np.float32)
    values[within] = grid.values[row[within], column[within]]
    return grid._replace(values=values.reshape(TILE, TILE))


def _in_the_air(points: np.ndarray) -> np.ndarray:
    """From metres above sea level."""
    longitude, latitude = transformer(city().srid, LONLAT).transform(points[:, 0], points[:, 1])
    return np.column_stack([np.round(longitude, 8), np.round(latitude, 8), np.round(points[:, 2] - ground().level, 2)])


def _in_scene(points: np.ndarray) -> np.ndarray:
    """Degrees, and metres over the scene's zero."""
    z = ground().heights(points[:, 0], points[:, 1]) + ABOVE
    longitude, latitude = transformer(city().srid, LONLAT).transform(points[:, 0], points[:, 1])
    return np.column_stack([np.round(longitude, 7), np.round(latitude, 7), np.round(z, 2)])
