"""The layer of the 3D scene that shows how far one comes from a tapped place; static/reached.js gives it its data."""

from pydeck import Layer


def reached_streets() -> Layer:
    return Layer(
        "GeoJsonLayer", id="reach", data=[], stroked=True, filled=False, pickable=False, get_line_width=8,
        line_width_min_pixels=3, line_width_max_pixels=12, line_cap_rounded=True, line_joint_rounded=True,
        get_line_color="properties.colour",
    )  # fmt: skip
