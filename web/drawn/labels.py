"""The names of a tile: of streets along their axes, of stops, facilities and places at their middle."""

import json
from typing import Any

import numpy as np
import shapely
from sqlalchemy.orm import Session

from layers import BY_NAME
from layers.blocks import Block
from layers.facilities import Facility
from layers.stops import Stop
from layers.streets import Street
from layers.water import Water
from scenarios.rows import middles, rows_in
from twin.feature import Feature
from twin.projection import LONLAT, transformer
from web.drawn.frame import Frame
from web.drawn.ground import Ground

ALONG = 15.0  # metres to each side of a street's middle, to tell which way its name runs
SHORTEST = 25.0  # metres of a street that bears its name
NAMED = (Block, Water, Stop, Facility)  # and whatever a town brings that has names
NO_PLACES = ("plans", "building_lines")  # a plan has a name, but nobody lives in it
MAIN = ("motorway", "trunk", "primary", "secondary", "tertiary")


def label_tile(db: Session, scenario: int, frame: Frame, ground: Ground, layers: list[type[Feature]]) -> bytes:
    """JSON: [{layer, text, rank, place: [longitude, latitude, height], along: [longitude, latitude]?}, …]."""
    labels: list[dict[str, Any]] = []
    for layer in layers:
        if layer is Street:
            labels += _streets(db, scenario, frame, ground)
        elif layer in NAMED or _is_brought(layer):
            labels += _places(db, layer, scenario, frame, ground)
    return json.dumps(labels, ensure_ascii=False, separators=(",", ":")).encode()


def _is_brought(layer: type[Feature]) -> bool:
    name = layer.__tablename__
    return name not in BY_NAME and name not in NO_PLACES and "name" in layer.__table__.columns


def _streets(db: Session, scenario: int, frame: Frame, ground: Ground) -> list[dict[str, Any]]:
    rows = rows_in(db, Street, scenario, frame.bounds(), ("name", "kind"))
    parts: dict[str, list] = {}
    kinds: dict[str, str | None] = {}
    for name, kind, shape in zip(rows["name"], rows["kind"], rows.shapes, strict=True):
        if name:
            parts.setdefault(name, []).append(shape)
            kinds[name] = kind
    found = []
    for name, shapes in parts.items():
        line = _longest(shapely.clip_by_rect(shapely.union_all(shapely.force_2d(shapes)), *frame.bounds()))
        if line is None:
            continue
        middle = line.length / 2
        steps = [line.interpolate(middle + step) for step in (0, -ALONG, ALONG)]
        place, one, other = (shapely.get_coordinates(point)[0] for point in steps)
        along = _degrees(frame, np.array([place + (other - one) / 2]))[0]
        rank = 1 if kinds[name] in MAIN else 3
        found.append({"layer": "streets", "text": name, "rank": rank, "place": _spots(frame, ground, place[None])[0],
                      "along": along})  # fmt: skip
    return found


def _longest(shape):
    merged = shapely.line_merge(shape)
    lines = [line for line in shapely.get_parts(merged) if line.geom_type in ("LineString", "LinearRing")]
    longest = max(lines, key=lambda line: line.length, default=None)
    return longest if longest is not None and longest.length >= SHORTEST else None


def _places(db: Session, layer: type[Feature], scenario: int, frame: Frame, ground: Ground) -> list[dict[str, Any]]:
    rows = rows_in(db, layer, scenario, frame.bounds(), ("name",))
    rows = rows.where(np.array([bool(name) for name in rows["name"]], bool) & frame.holds(middles(rows.shapes)))
    if len(rows) == 0:
        return []
    _, first = np.unique(rows["name"].astype(str), return_index=True)  # a stop has two sides and one name
    rows = rows.where(np.isin(np.arange(len(rows)), first))
    points = shapely.get_coordinates(shapely.point_on_surface(rows.shapes))
    rank = {"stops": 2, "facilities": 4, "water": 2}.get(layer.__tablename__, 0)
    return [
        {"layer": layer.__tablename__, "text": str(name), "rank": rank, "place": spot}
        for name, spot in zip(rows["name"], _spots(frame, ground, points), strict=True)
    ]


def _spots(frame: Frame, ground: Ground, points: np.ndarray) -> list[list[float]]:
    heights = ground.heights(points[:, 0], points[:, 1])
    return [[*place, round(float(z), 1)] for place, z in zip(_degrees(frame, points), heights, strict=True)]


def _degrees(frame: Frame, points: np.ndarray) -> list[list[float]]:
    longitude, latitude = transformer(frame.srid, LONLAT).transform(points[:, 0], points[:, 1])
    return np.column_stack([longitude, latitude]).round(6).tolist()
