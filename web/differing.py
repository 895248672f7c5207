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
from twin.feature import Feature
from twin.projection import LONLAT, transformer
from web.asked import changed, city, db, ground, kept
from web.drawn.land import STANDING, Differing

SIDES = ("before", "after")
SEAM = 0.05  # metres: what is thinner is no ground that is left
APART = 250.0  # metres between the signs along a street or a line


def pair(id: int, other: int, side: str) -> tuple[int, int]:
    """The scenario on this side of a comparison and the other one, as (before, after)."""
    return (id, other) if side == "before" else (other, id)


def differing(before: int, after: int, side: str) -> list[Differing]:
    """What lies flat on the land and differs, one for each layer, in the shape that this side shows."""
    return kept(("differing", before, after, side), lambda: _flat(before, after, side), _state(before, after))


def shown_on(side: str, one: Difference) -> Row | None:
    """The row that a side shows: what is gone is seen on both, what is new only where it is new."""
    return one.before if side == "before" else one.after or one.before


def shapes_on(side: str, found: Iterable[Difference]) -> dict[str, Any]:
    """uid -> shape, of what of one layer a side shows; where something new lies, gone ground is seen no more."""
    rows = [(one, row) for one in found if (row := shown_on(side, one)) and row["geom"] is not None]
    shapes = {one.uid: shapely.force_2d(shape_of(db(), row)) for one, row in rows}
    gone = [one.uid for one, _ in rows if one.kind == "gone" and shapes[one.uid].area > 0]
    if side == "after" and gone and rows[0][0].layer not in STANDING:
        there = shapely.union_all(shapely.make_valid([shapes[one.uid] for one, _ in rows if one.kind != "gone"]))
        for uid in gone:
            shapes[uid] = shapely.make_valid(shapes[uid]).difference(there.buffer(SEAM))
    return {uid: shape for uid, shape in shapes.items() if not shape.is_empty}


def signs(found: list[Difference]) -> list[dict[str, list[list[float]]]]:
    """For each difference where its sign stands on either side: longitude, latitude, height in the scene.

    None of buildings: their signs stand above their roofs.
    """
    told: dict[tuple[str, str], dict[str, list[list[float]]]]
    told = {_key(one): {side: [] for side in SIDES} for one in found}
    places: list[Any] = []
    up: list[float] = []
    owners: list[tuple[tuple[str, str], str]] = []
    for layer, group in groupby(found, lambda one: one.layer):
        those = {one.uid: one for one in group} if layer is not Building else {}
        for side in SIDES if those else ():
            for uid, shape in shapes_on(side, those.values()).items():
                spots = places_of(shape).tolist()
                places += spots
                up += [_height(those[uid], side)] * len(spots)
                owners += [(_key(those[uid]), side)] * len(spots)
    for (key, side), place in zip(owners, _in_the_scene(places, up), strict=True):
        told[key][side].append(place)
    return [told[_key(one)] for one in found]


def _in_the_scene(places: list[Any], up: list[float]) -> list[list[float]]:
    if not places:
        return []
    xy = np.array(places)
    heights = ground().heights(xy[:, 0], xy[:, 1]) + np.array(up)
    longitudes, latitudes = transformer(city().srid, LONLAT).transform(xy[:, 0], xy[:, 1])
    return np.column_stack([longitudes.round(7), latitudes.round(7), heights.round(2)]).tolist()


def _key(one: Difference) -> tuple[str, str]:
    return one.layer.__tablename__, one.uid


def _height(one: Difference, side: str) -> float:
    """Metres above the ground at which its sign stands: above the crown of a tree."""
    row = shown_on(side, one) or {}
    return float(row.get("height") or 0.0) if one.layer is Tree else 0.0


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
    return [_of_layer(layer, list(those), side) for layer, those in groupby(found, lambda one: one.layer)]


def _of_layer(layer: type[Feature], found: list[Difference], side: str) -> Differing:
    shown = shapes_on(side, found)
    rows = [(one, shown_on(side, one) or {}) for one in found if one.uid in shown]
    shapes = np.empty(len(rows), object)
    shapes[:] = [shown[one.uid] for one, _ in rows]
    return Differing(
        layer.__tablename__,
        shapes,
        np.array([one.kind for one, _ in rows], object),
        np.array([row.get("kind") for _, row in rows], object),
        np.array([row.get("width") or 0.0 for _, row in rows], float),
    )
