"""The layer of the 3D scene that shows what an answer draws; its data come from web/figures3d.py."""

from flask import request, url_for
from pydeck import Layer

SHOWN = ("spacing", "law", "envelope", "sunlight", "facades", "solar")  # questions whose drawing the city shows
RASTER = "sunlight"  # lies on the ground as a picture, painted as a background is
UPRIGHT = ("facades", "solar")  # faces of walls and roofs


def overlay(scenario: int) -> list[Layer]:
    """The layer that ?figures= asks for, none otherwise."""
    name = request.args.get("figures", "")
    if name not in SHOWN or name == RASTER:
        return []
    faces = {"_sub_layer_props": {"polygons-fill": {"_full3d": True}}} if name in UPRIGHT else {}
    return [
        Layer(
            "GeoJsonLayer", id="figures", data=address("figures3d.drawn", scenario, name), stroked=False, filled=True,
            extruded=name == "envelope", get_fill_color="properties.colour", get_elevation="properties.height",
            wireframe=True, pickable=False, get_line_color=[90, 60, 150], **faces,
        )
    ]  # fmt: skip


def address(endpoint: str, scenario: int, name: str, **more: object) -> str:
    """With the area, the day or the year that the page was asked for."""
    told = {key: request.args.get(key) for key in ("area", "day", "year")}
    return url_for(endpoint, id=scenario, question=name, **told, **more)  # type: ignore[arg-type]
