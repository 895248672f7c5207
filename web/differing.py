"""What differs between two scenarios as each side of a comparison shows it; found once for each state of the two."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

import numpy as np
import shapely

from layers.buildings import Building
from layers.trees import Tree
from scenarios.comparing import Difference, differences
from scenarios.overlay import Row, shape_of
from twin.feature import Scenario
from twin.projection import to_lonlat
from web.asked import changed, city, db, find_scenario, ground, kept
from web.drawn.land import STANDING, Differing

SIDES = ("before", "after")
APART = 250.0  # metres between the signs along a street or a line


def pair(id: int, other: int, side: str) -> tuple[Scenario, Scenario]:
    """The scenario on this side of a comparison and the other one, as (before, after)."""
    here, there = find_scenario(id), find_scenario(other)
    return (here, there) if side == "before" else (there, here)


def differing(before: int, after: int, side: str) -> list[Differing]:
    """What lies flat on the land and differs, one for each layer, in the shape that this side shows."""
    return kept(("differing", before, after, side), lambda: _flat(before, after, side), _state(before, after))


def shown_on(side: str, one: Difference) -> Row | None:
    """The row that a side shows: what is gone is seen on both, what is new only where it is new."""
    return one.before if side == "before" else one.after or one.before


def signs(found: list[Difference]) -> list[dict[str, list[list[float]]]]:
    """For each difference where its sign stands on either side: longitude, latitude, height in the scene.

    None of buildings: their signs stand above their roofs.
    """
    told: list[dict[str, list[list[float]]]] = [{side: [] for side in SIDES} for _ in found]
    places, owners, up = [], [], []
    for i, one in enumerate(found):
        for side in SIDES if one.layer is not Building else ():
            row = shown_on(side, one)
            for x, y in places_of(shape_of(db(), row)) if row else ():
                places.append((x, y))
                owners.append((i, side))
                up.append((row.get("height") or 0.0) if one.layer is Tree else 0.0)
    if places:
        xy = np.array(places)
        heights = ground().heights(xy[:, 0], xy[:, 1]) + np.array(up)
        degrees = shapely.get_coordinates([to_lonlat(shapely.Point(*place), city().srid) for place in places])
        for (i, side), (longitude, latitude), z in zip(owners, degrees.tolist(), heights.tolist(), strict=True):
            told[i][side].append([round(longitude, 7), round(latitude, 7), round(z, 2)])
    return told


def places_of(shape: Any) -> np.ndarray:
    """(n, 2): one place within an area, at a point, and every 250 m along a line."""
    parts = shapely.get_parts(shape)
    if len(parts) == 0:
        return np.empty((0, 2))
    kind = shapely.get_dimensions(shape)
    if kind != 1:
        largest = parts[np.argmax(shapely.area(parts))]
        return shapely.get_coordinates(shapely.point_on_surface(largest))
    longest = parts[np.argmax(shapely.length(parts))]
    count = max(1, round(longest.length / APART))
    return shapely.get_coordinates(longest.interpolate((np.arange(count) + 0.5) / count, normalized=True))


def _state(before: int, after: int) -> str:
    return f"{changed(before)}-{changed(after)}"


def _flat(before: int, after: int, side: str) -> list[Differing]:
    found = (one for one in differences(db(), before, after) if one.layer not in STANDING)
    return [_of_layer(list(those), side) for _, those in groupby(found, lambda one: one.layer)]


def _of_layer(found: Iterable[Difference], side: str) -> Differing:
    seen = [(one, row) for one in found if (row := shown_on(side, one)) and row["geom"] is not None]
    shapes = np.empty(len(seen), object)
    shapes[:] = [shapely.force_2d(shape_of(db(), row)) for _, row in seen]
    layer = seen[0][0].layer.__tablename__ if seen else ""
    return Differing(
        layer,
        shapes,
        np.array([one.kind for one, _ in seen], object),
        np.array([row.get("kind") for _, row in seen], object),
        np.array([row.get("width") or 0.0 for _, row in seen], float),
    )
