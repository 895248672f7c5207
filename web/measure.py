"""How high the ground lies at a place, and the roof above it."""

from dataclasses import dataclass

import numpy as np
import shapely
from flask import Blueprint, Flask, jsonify
from shapely.geometry import Point
from sqlalchemy.orm import Session

from layers.buildings import Building
from scenarios.rows import rows_in
from twin.ground import heights_at
from twin.projection import to_metres
from web.asked import city, db, find_scenario
from web.contract import asked, contract
from web.described import title_of
from web.drawn.buildings import COLUMNS, tops
from web.schemas import NUMBER, PLACE, TEXT, YES_NO, object_of, or_null, whole

measure = Blueprint("measure", __name__, url_prefix="/api")

LEVEL = 1e-6  # of a face's normal: what is steeper is a wall, and has no height over a point
NAMES = ("name", "address", "function", "use")
ROOF = object_of(
    {
        "uid": TEXT, "title": TEXT, "height": or_null(NUMBER), "above": NUMBER, "surveyed": YES_NO,
        "estimated": or_null(TEXT),
    },
    title="Roof",
)  # fmt: skip


@dataclass
class Roof:
    """height: metres above sea level, None where only `above` is known; above: metres above the ground."""

    uid: str
    title: str
    height: float | None
    above: float
    surveyed: bool
    estimated: str | None


@measure.get("/height")
@contract(
    object_of({"ground": or_null(NUMBER), "roof": or_null(ROOF)}),
    asks={**PLACE, "scenario": whole()},
    needs=tuple(PLACE),
    also=(401, 404),
)
def height():
    """Ground and roof at a place, metres above sea level, null where they are not known."""
    scenario = find_scenario(asked("scenario", 0)).id
    place = to_metres(Point(asked("longitude"), asked("latitude")), city().srid)
    ground = ground_at(db(), place)
    roof = roof_at(db(), scenario, place, ground)
    return jsonify(ground=_rounded(ground), roof=roof and {**vars(roof), "height": _rounded(roof.height),
                                                           "above": _rounded(roof.above)})  # fmt: skip


def ground_at(db: Session, place: Point) -> float | None:
    """Metres above sea level by the terrain."""
    found = float(heights_at(db, np.array([place.x]), np.array([place.y]))[0])
    return found if np.isfinite(found) else None


def roof_at(db: Session, scenario: int, place: Point, ground: float | None) -> Roof | None:
    """The highest roof over a place: the survey's surface there, else the building's highest point."""
    rows = rows_in(db, Building, scenario, place.bounds, (*COLUMNS, *NAMES))
    rows = rows.where(shapely.intersects(rows.shapes, place))
    found = []
    for i in range(len(rows)):
        row = {name: values[i] for name, values in rows.columns.items()}
        base = row["base_height"] if row["base_height"] is not None else ground
        surface = surface_at(row["surfaces"], place)
        top = surface if surface is not None else (None if base is None else base + float(tops(rows)[i]))
        foot = ground if ground is not None else base
        above = float(tops(rows)[i]) if top is None or foot is None else top - foot
        found.append(Roof(str(row["uid"]), title_of(Building, row), top, above, surface is not None, row["estimated"]))
    return max(found, key=lambda roof: roof.above, default=None)


def surface_at(surfaces: bytes | None, place: Point) -> float | None:
    """Metres above sea level of the highest face of LoD2 over a place."""
    if surfaces is None:
        return None
    faces = shapely.get_parts(shapely.from_wkb(surfaces))
    over = faces[shapely.intersects(shapely.make_valid(shapely.force_2d(faces)), place)]
    found = [plane for face in over if (plane := _height_on(face, place)) is not None]
    return max(found, default=None)


def init_app(app: Flask) -> None:
    app.register_blueprint(measure)


def _height_on(face, place: Point) -> float | None:
    """Of the plane through the face's outer ring (Newell's normal), under or over the place."""
    points = shapely.get_coordinates(face.exterior, include_z=True)
    middle = points[:-1].mean(axis=0)
    here, there = points[:-1] - middle, points[1:] - middle
    normal = np.cross(here, there).sum(axis=0)
    if abs(normal[2]) <= LEVEL * np.linalg.norm(normal):
        return None
    dx, dy = place.x - middle[0], place.y - middle[1]
    return float(middle[2] - (normal[0] * dx + normal[1] * dy) / normal[2])


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
