"""A place from above, as a small plan: what stands there, and what a scenario makes new, changes or clears."""

import hashlib
from typing import Any

import numpy as np
import shapely
from flask import Response, render_template, request
from sqlalchemy import func, select

from layers.buildings import Building
from layers.streets import Street
from layers.surfaces import Surface
from layers.trees import Tree
from layers.water import Water
from scenarios.diary import Change
from scenarios.rows import Bounds, rows_in
from scenarios.viewpoints import camera_over
from twin.feature import TODAY, Feature, Scenario
from twin.projection import to_metres
from web.asked import city, db, kept, layers
from web.tiles import tile_mark
from web.view3d import first_view

WIDTH, HEIGHT = 1600, 1000  # of the drawing, in its own units
HEART = 420.0  # metres east and west of the town's middle, where a project has no area
MARGIN = 0.16  # of the area's size, around it
SMALLEST = 1.5  # units: what is smaller is not seen
MOST = 4000  # buildings and trees of a plan: of more the largest
GREEN = {"grass", "garden", "allotments", "park", "playground", "sports", "cemetery", "forest", "scrub", "orchard"}
GREAT = {"motorway", "trunk", "primary", "secondary"}


def plan(area: Any | None, scenario: Scenario | None = None) -> Response:
    """An SVG of the area, or of the town's heart; drawn anew when something changes."""
    id = scenario.id if scenario is not None else TODAY
    newest = db().scalar(select(func.max(Change.id)).where(Change.scenario_id == id)) or 0
    outline = shapely.to_wkb(area) if area is not None else b""
    mark = hashlib.sha256(f"{tile_mark(id)}-{newest}-".encode() + outline).hexdigest()[:20]
    answer = Response(mimetype="image/svg+xml")
    answer.set_etag(mark)
    answer.headers["Cache-Control"] = "no-cache"
    if request.if_none_match.contains(mark):
        answer.status_code = 304
        return answer
    drawn = kept("plans", dict)  # the last one of each scenario and area
    if drawn.get((id, outline), ("", ""))[0] != mark:
        drawn[id, outline] = (mark, _drawing(area, id))
    answer.set_data(drawn[id, outline][1])
    return answer


def camera(area: Any | None) -> str:
    """What stands behind the # of an address, so that the area fills the picture; nothing for the whole city."""
    return "" if area is None else f"camera={camera_over(area, city().srid)}"


def _drawing(area: Any | None, scenario: int) -> str:
    window = window_of(area, scenario)
    scale = WIDTH / (window[2] - window[0])
    today = rows_in(db(), Building, TODAY, window, ())
    planned = today if scenario == TODAY else rows_in(db(), Building, scenario, window, ())
    own = _own_rows(Building, scenario)
    was, new = np.isin(today["uid"], list(own)), np.isin(planned["uid"], list(own))
    known = np.isin(planned["uid"], today["uid"])
    gone = was & ~np.isin(today["uid"], planned["uid"])
    surfaces = rows_in(db(), Surface, scenario, window, ("kind",))
    streets = rows_in(db(), Street, scenario, window, ("kind",))
    great = np.isin(streets["kind"].astype(str), list(GREAT))
    trees = rows_in(db(), Tree, scenario, window, ()).shapes[:MOST]
    frame = shapely.box(*window)

    def path(shapes: Any) -> str:
        return path_of(shapes, window, scale)

    return render_template(
        "plan.svg",
        width=WIDTH,
        height=HEIGHT,
        green=path(surfaces.shapes[np.isin(surfaces["kind"].astype(str), list(GREEN))]),
        water=path(rows_in(db(), Water, scenario, window, ()).shapes),
        great=path(streets.shapes[great]),
        streets=path(streets.shapes[~great]),
        great_width=round(max(9 * scale, 5), 1),
        street_width=round(max(5.5 * scale, 2.5), 1),
        trees=_places(trees, window, scale),
        crown=round(max(2.6 * scale, 2), 1),
        buildings=path(_largest(planned.shapes[~new])),
        changed=path(planned.shapes[new & known]),
        new=path(planned.shapes[new & ~known]),
        gone=path(today.shapes[gone]),
        outside=path(np.array([frame.difference(area)])) if area is not None else "",
        area=path(np.array([area])) if area is not None else "",
    )


def _own_rows(layer: type[Feature], scenario: int) -> set[str]:
    if scenario == TODAY:
        return set()
    return set(db().scalars(select(layer.uid).where(layer.scenario_id == scenario)))


def window_of(area: Any | None, scenario: int = TODAY) -> Bounds:
    """The area with some of what lies around it, in the plan's proportions."""
    if area is not None:
        west, south, east, north = area.bounds
        half = max((east - west) / 2, (north - south) / 2 * WIDTH / HEIGHT, 40.0) * (1 + 2 * MARGIN)
        x, y = (west + east) / 2, (south + north) / 2
    else:
        here = city()
        longitude, latitude, _ = kept(("heart", scenario), lambda: _heart(scenario))
        middle = to_metres(shapely.Point(longitude, latitude), here.srid)
        x, y, half = middle.x, middle.y, HEART
    down = half * HEIGHT / WIDTH
    return x - half, y - down, x + half, y + down


def _heart(scenario: int) -> tuple[float, float, float]:
    here = city()
    has_any = any(db().scalar(select(layer.id).limit(1)) for layer in layers().values())
    return first_view(scenario, here) if has_any else (here.longitude, here.latitude, 14.0)


def _largest(shapes: np.ndarray) -> np.ndarray:
    return shapes[np.argsort(-shapely.area(shapes))[:MOST]]


def path_of(shapes: np.ndarray, window: Bounds, scale: float) -> str:
    """The outlines or lines as one SVG path, north up, in whole units."""
    if len(shapes) == 0:
        return ""
    span = shapely.bounds(shapes)
    seen = np.maximum(span[:, 2] - span[:, 0], span[:, 3] - span[:, 1]) * scale > SMALLEST
    clipped = shapely.clip_by_rect(shapely.make_valid(shapely.force_2d(shapes[seen])), *window)
    parts = shapely.get_parts(shapely.get_parts(shapely.simplify(clipped, SMALLEST / 2 / scale)))
    surfaces = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    lines = parts[shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING]
    rings = shapely.get_rings(parts[surfaces])
    return _strokes(rings, window, scale, "z") + _strokes(lines, window, scale, "")


def _strokes(lines: np.ndarray, window: Bounds, scale: float, end: str) -> str:
    xy, owners = shapely.get_coordinates(lines, return_index=True)
    if len(xy) == 0:
        return ""
    units = _units(xy, window, scale).astype(int)
    pieces = np.split(units, np.flatnonzero(np.diff(owners)) + 1)
    return "".join("M" + " ".join(f"{x},{y}" for x, y in piece.tolist()) + end for piece in pieces)


def _places(points: np.ndarray, window: Bounds, scale: float) -> list[tuple[int, int]]:
    return [(x, y) for x, y in _units(shapely.get_coordinates(shapely.centroid(points)), window, scale).astype(int)]


def _units(xy: np.ndarray, window: Bounds, scale: float) -> np.ndarray:
    return np.column_stack([(xy[:, 0] - window[0]) * scale, (window[3] - xy[:, 1]) * scale]).round()
