"""The layer of the 3D scene that shows what an answer draws; its data come from web/figures3d.py."""

from flask import request, url_for
from pydeck import Layer

SHOWN = ("spacing", "law", "envelope")  # questions whose drawing lies on the ground


def overlay(scenario: int) -> list[Layer]:
    """The layer that ?figures= asks for, none otherwise."""
    name = request.args.get("figures", "")
    if name not in SHOWN:
        return []
    address = url_for("figures3d.drawn", id=scenario, question=name, area=request.args.get("area") or None)
    return [
        Layer(
            "GeoJsonLayer", id="figures", data=address, stroked=False, filled=True, extruded=name == "envelope",
            get_fill_color="properties.colour", get_elevation="properties.height", wireframe=True, pickable=False,
            get_line_color=[90, 60, 150],
        )
    ]  # fmt: skip
