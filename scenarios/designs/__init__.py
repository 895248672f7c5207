"""Designs that were drawn elsewhere: put on the map, turned and scaled, and then planned like anything else."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np
import shapely
from shapely import affinity
from shapely.geometry import mapping

from scenarios.forms.asked import build_asked, form_of
from scenarios.verbs import Deed, new, refuse
from twin.feature import Words
from twin.projection import to_lonlat

SCALES = (1e-4, 1e4)  # an architect's model in millimetres is 1000 times too large
IN_METRES = ("height", "eaves_height", "storey_height", "width", "crown")


class Piece(NamedTuple):
    """One thing of a design. shape: flat, in metres; surfaces: a building's MultiPolygon Z with a letter each."""

    layer: str
    shape: Any
    fields: dict[str, Any]
    surfaces: Any = None
    kinds: str | None = None


@dataclass
class Design:
    """placed: whether it lies where it belongs, in the city's metres; else it has metres of its own around 0, 0."""

    pieces: list[Piece]
    placed: bool
    messages: list[Words] = field(default_factory=list)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        west, south, east, north = shapely.total_bounds([piece.shape for piece in self.pieces]).tolist()
        return west, south, east, north


def fit(design: Design, middle: tuple[float, float] | None = None, angle: float = 0.0, scale: float = 1.0) -> Design:
    """The design scaled and turned about its middle, which is moved to `middle`, in the city's metres.

    angle: degrees counter-clockwise. Raises BadShape.
    """
    if not SCALES[0] <= scale <= SCALES[1] or not np.isfinite([angle, *(middle or ())]).all():
        refuse(
            f"Der Maßstab liegt zwischen {SCALES[0]:g} und {SCALES[1]:g}; Winkel und Ort sind Zahlen.",
            f"A scale lies between {SCALES[0]:g} and {SCALES[1]:g}; angle and place are numbers.",
        )
    west, south, east, north = design.bounds
    about = np.array([(west + east) / 2, (south + north) / 2])
    to = about if middle is None else np.array(middle, float)
    cos, sin = np.cos(np.radians(angle)) * scale, np.sin(np.radians(angle)) * scale
    turned = np.array([[cos, sin], [-sin, cos]])

    def moved(points: np.ndarray) -> np.ndarray:
        flat = (points[:, :2] - about) @ turned + to
        return np.column_stack([flat, points[:, 2:] * scale])

    pieces = []
    for piece in design.pieces:
        fields = {name: _scaled(name, value, scale) for name, value in piece.fields.items()}
        surfaces = None if piece.surfaces is None else shapely.transform(piece.surfaces, moved, include_z=True)
        pieces.append(piece._replace(shape=shapely.transform(piece.shape, moved), fields=fields, surfaces=surfaces))
    return replace(design, pieces=pieces, placed=design.placed or middle is not None)


def changes_of(design: Design, ground: Callable[[Any], float | None] = lambda shape: None) -> list[Deed]:
    """The deeds of one step that put the design into a scenario. ground: the lowest terrain under a shape.

    Buildings without walls and roofs of their own get them from their storeys. Raises BadShape.
    """
    if not design.placed:
        refuse(
            "Dieser Entwurf hat keinen Ort. Bitte erst auf der Karte ablegen.",
            "This design has no place yet. Put it on the map first.",
        )
    return [_deed(piece, ground) for piece in design.pieces]


def preview(design: Design, srid: int) -> dict[str, Any]:
    """What the page draws before the design is placed: degrees where it has a place, else metres of its own."""
    shapes = [to_lonlat(piece.shape, srid) if design.placed else piece.shape for piece in design.pieces]
    features = [
        {
            "type": "Feature",
            "geometry": mapping(shape),
            "properties": {"layer": piece.layer, "solid": piece.surfaces is not None, **piece.fields},
        }
        for piece, shape in zip(design.pieces, shapes, strict=True)
    ]
    bounds = shapely.total_bounds(shapes).tolist()
    return {"placed": design.placed, "bounds": bounds, "type": "FeatureCollection", "features": features}


def _scaled(name: str, value: Any, scale: float) -> Any:
    return value * scale if name in IN_METRES and isinstance(value, int | float) else value


def _deed(piece: Piece, ground: Callable[[Any], float | None]) -> Deed:
    if piece.layer != "buildings":
        return new(piece.layer, piece.shape, **piece.fields)
    base = ground(piece.shape)
    if piece.surfaces is None:
        formed = build_asked(form_of(piece.fields), piece.shape, base).fields()
        return new(piece.layer, piece.shape, **{"condition": "new", **piece.fields, **formed})
    heights = shapely.get_coordinates(piece.surfaces, include_z=True)[:, 2]
    standing = affinity.translate(piece.surfaces, zoff=(base or 0.0) - float(heights.min()))
    drawn = {"surfaces": shapely.to_wkb(standing, flavor="iso"), "surface_kinds": piece.kinds, "base_height": base}
    height = {"height": round(float(np.ptp(heights)), 3), "condition": "new"}
    return new(piece.layer, piece.shape, **{**height, **piece.fields, **drawn})
