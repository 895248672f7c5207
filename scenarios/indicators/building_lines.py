"""Baulinien: what stands on a plot with one has to stand on it, neither behind nor before."""

from typing import Any

import numpy as np
import shapely
from shapely.ops import split

from scenarios.indicators.figures import Figure, Place, sentence
from scenarios.indicators.given import Given
from scenarios.indicators.plots import SLIVER, is_ancillary, row_title
from scenarios.rows import Rows
from scenarios.rules import rules, source_of
from twin.feature import Words

LINE = "Baulinie"
SHORTEST = 1.0  # metres of a line on a plot: less is drawing
TITLE = Words("Gebäude abseits der Baulinie", "Buildings off the Baulinie")


def off_the_line(given: Given) -> list[Place]:
    """On each plot with a Baulinie the main building nearest to it, where it stands off the line."""
    lines, parcels, found = _lines(given), given.of("parcels"), []
    buildings = given.rows["buildings"]
    buildings = buildings.where(~is_ancillary(buildings))
    own = given.own.get("zones", ())
    if lines is None or own or len(buildings) == 0:
        return []  # where the scenario changes the plan, its old lines hold no longer
    tree = shapely.STRtree(buildings.shapes)
    for plot in parcels.shapes:
        line = plot.intersection(lines)
        if line.length < SHORTEST:
            continue
        on_plot = [i for i in tree.query(plot, predicate="intersects")
                   if buildings.shapes[i].intersection(plot).area > SLIVER]  # fmt: skip
        if on_plot:
            away = shapely.distance(buildings.shapes[on_plot], line)
            found += _judged(buildings, on_plot[int(np.argmin(away))], line)
    return found


def counted(given: Given, off: list[Place]) -> Figure:
    if _lines(given) is None:
        missing = Words(
            "Im Gebiet ist keine Baulinie bekannt. Laden Sie den Bebauungsplan als XPlanung.",
            "No Baulinie is known in the area. Load the Bebauungsplan as XPlanung.",
        )
        return Figure("off_the_line", TITLE, "", None, refused=missing)
    return Figure("off_the_line", TITLE, "", float(len(off)), sources=(source_of(rules("baunvo")["line"]),))


def _lines(given: Given) -> Any | None:
    rows = given.rows["building_lines"]
    shapes = shapely.force_2d(rows.shapes[np.array([kind == LINE for kind in rows["kind"]], bool)])
    if len(shapes) == 0:
        return None
    return shapely.union_all(np.where(shapely.get_dimensions(shapes) == 2, shapely.boundary(shapes), shapes))


def _judged(rows: Rows, i: int, line: Any) -> list[Place]:
    behind, before = float(rows.shapes[i].distance(line)), _before(rows.shapes[i], line)
    most = rules("baunvo")["line"]["off"]
    if max(behind, before) <= most:
        return []
    told = (
        sentence("bleibt um {m} m hinter der Baulinie zurück (BauNVO § 23 Abs. 2)",
                 "stays {m} m behind the Baulinie (BauNVO section 23 (2))", m=(behind, 2)) if behind > most
        else sentence("tritt um {m} m über die Baulinie vor (BauNVO § 23 Abs. 2)",
                      "stands {m} m before the Baulinie (BauNVO section 23 (2))", m=(before, 2))
    )  # fmt: skip
    uid, title = str(rows["uid"][i]), row_title(rows, i, "name", "address")
    return [Place(f"line/{uid}", "buildings", uid, title, {"off": max(behind, before)}, told, True, rows.shapes[i])]


def _before(shape: Any, line: Any) -> float:
    """Metres by which the smaller part of what the line divides lies beyond it."""
    parts = [shape]
    for each in shapely.get_parts(line):
        parts = [piece for part in parts for piece in split(part, each).geoms]
    if len(parts) < 2:
        return 0.0
    beyond = sorted(parts, key=lambda part: part.area)[:-1]
    return max(float(shapely.distance(shapely.points(shapely.get_coordinates(one)), line).max()) for one in beyond)
