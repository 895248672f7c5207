"""What an answer draws, on the ground of the 3D city: /scenarios/7?figures=spacing."""

from typing import Any

import numpy as np
import shapely
from flask import Blueprint, Flask, jsonify, request

from scenarios.indicators import indicator, indicators
from scenarios.indicators.figures import Drawn
from twin.projection import LONLAT, transformer
from web.answers import asked_of_scenario
from web.asked import city, find_scenario, ground
from web.contract import contract
from web.drawn.figures import SHOWN
from web.indicator_schemas import AREA, DRAWN
from web.language import said, words
from web.schemas import ACTION, DAY

figures3d = Blueprint("figures3d", __name__)

ABOVE = 0.4  # metres over the ground, so that it does not show through
FINE = 4.0  # metres between the corners of what lies on uneven ground
COLOURS = {
    "area": (11, 110, 110, 150), "overlap": (179, 38, 30, 230), "crossing": (199, 119, 0, 230),
    "above": (199, 119, 0, 90), "envelope": (122, 90, 181, 110),
}  # fmt: skip


@figures3d.get("/api/scenarios/<int:id>/indicators/<question>/drawn")
@contract(DRAWN, path={"question": ACTION}, asks={"area": AREA, "day": DAY}, also=(422,))
def drawn(id: int, question: str):
    """What an answer draws on the ground, as GeoJSON; heights are those of the scene, `height` that of what stands."""
    asked = asked_of_scenario(find_scenario(id))
    answer = asked.answers([indicator(question)])[id][question]
    features = [one for kind in answer.drawn if kind.kind in COLOURS for one in _features(kind)]
    return jsonify(type="FeatureCollection", features=features)


def shown_figures(scenario: int) -> dict[str, Any] | None:
    """What the page says about the layer: title, legend, the page that explains it."""
    name = request.args.get("figures", "")
    found = find_scenario(scenario)
    if name not in SHOWN or found.project_id is None:
        return None
    kinds = {"spacing": ("area", "overlap", "crossing"), "law": ("above", "crossing"), "envelope": ("envelope",)}[name]
    legend = [(words(f"kind-{kind}"), "rgb({} {} {})".format(*COLOURS[kind][:3])) for kind in kinds]
    return {"name": name, "title": said(indicators()[name].title), "legend": legend, "project": found.project_id}


def init_app(app: Flask) -> None:
    app.register_blueprint(figures3d)
    app.jinja_env.globals.update(shown_figures=shown_figures, SHOWN_IN_3D=SHOWN)


def _features(one: Drawn) -> list[dict[str, Any]]:
    parts, which = shapely.get_parts(shapely.force_2d(one.shapes), return_index=True)
    areas = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    tall = one.heights[which[areas]] if one.heights is not None else np.zeros(int(areas.sum()))
    fine = parts[areas] if one.heights is not None else shapely.segmentize(parts[areas], FINE)
    placed = shapely.transform(shapely.force_3d(fine), _in_scene, include_z=True)
    return [
        {"type": "Feature", "geometry": shapely.geometry.mapping(shape),
         "properties": {"kind": one.kind, "colour": COLOURS[one.kind], "height": float(height)}}
        for shape, height in zip(placed, tall, strict=True)
    ]  # fmt: skip


def _in_scene(points: np.ndarray) -> np.ndarray:
    """Degrees, and metres over the scene's zero."""
    z = ground().heights(points[:, 0], points[:, 1]) + ABOVE
    longitude, latitude = transformer(city().srid, LONLAT).transform(points[:, 0], points[:, 1])
    return np.column_stack([np.round(longitude, 7), np.round(latitude, 7), np.round(z, 2)])
