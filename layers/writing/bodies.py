"""Buildings as bodies: the surveyed walls and roofs, or the outline drawn up to its height."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely

from layers.buildings import letters
from layers.writing.delivery import Delivery, Table

UNKNOWN_HEIGHT, STOREY = 4.0, 3.2  # metres, as on the page
DIGITS = 3  # millimetres

Ring = list[tuple[float, float, float]]


@dataclass
class Body:
    """One building. faces: (letter, rings), the outer ring first, closed; surveyed: as the office delivered it."""

    row: int
    faces: list[tuple[str, list[Ring]]]
    surveyed: bool

    def is_closed(self) -> bool:
        """Does each edge part two faces that run along it in opposite ways, as of a watertight shell?"""
        edges: set[tuple] = set()
        for _, rings in self.faces:
            for ring in rings:
                for edge in pairwise(ring):
                    if edge in edges:
                        return False
                    edges.add(edge)
        return all((there, here) in edges for here, there in edges)


def bodies(delivery: Delivery, table: Table) -> list[Body]:
    """Heights above sea level; where neither survey nor terrain knows the ground, it lies at 0."""
    solids = table.columns["surfaces"]
    feet, heights = _feet(delivery, table), tops(table)
    found = []
    for i, solid in enumerate(solids):
        if solid is not None:
            found.append(Body(i, _surveyed(bytes(solid), table.columns["surface_kinds"][i]), True))
        else:
            found.append(Body(i, _block(table.shapes[i], float(feet[i]), float(feet[i] + heights[i])), False))
    return found


def tops(table: Table) -> np.ndarray:
    """Metres from the ground to the highest point, by the storeys where the height is not known."""
    height, storeys = table.numbers("height"), table.numbers("storeys")
    height = np.where(height > 0, height, storeys * STOREY)
    return np.where(height > 0, height, UNKNOWN_HEIGHT)


def _feet(delivery: Delivery, table: Table) -> np.ndarray:
    """The survey's base, else the lowest ground under the outline's corners."""
    points, owner = shapely.get_coordinates(table.shapes, return_index=True)
    ground = np.full(len(table), np.inf)
    known = delivery.ground(points[:, 0], points[:, 1])
    np.minimum.at(ground, owner, np.where(np.isnan(known), np.inf, known))
    base = table.numbers("base_height")
    base = np.where(np.isnan(base), ground, base)
    return np.round(np.where(np.isfinite(base), base, 0.0), DIGITS)


def _surveyed(solid: bytes, kinds: str | None) -> list[tuple[str, list[Ring]]]:
    shape = shapely.from_wkb(solid)
    polygons = shapely.get_parts(shape)
    return [(kind, _rings(polygon)) for kind, polygon in zip(letters(kinds, shape), polygons, strict=True)]


def _rings(polygon: shapely.Polygon) -> list[Ring]:
    return [
        [tuple(point) for point in np.round(shapely.get_coordinates(ring, include_z=True), DIGITS).tolist()]
        for ring in (polygon.exterior, *polygon.interiors)
    ]


def _block(shape: shapely.Geometry, foot: float, top: float) -> list[tuple[str, list[Ring]]]:
    """Floor, walls and lid, each turned outward."""
    faces: list[tuple[str, list[Ring]]] = []
    top = round(top, DIGITS)
    for polygon in shapely.get_parts(shapely.orient_polygons(shapely.force_2d(shape))):
        flat = [
            np.round(shapely.get_coordinates(ring), DIGITS).tolist() for ring in (polygon.exterior, *polygon.interiors)
        ]
        faces.append(("G", [[(x, y, foot) for x, y in reversed(ring)] for ring in flat]))
        faces.append(("R", [[(x, y, top) for x, y in ring] for ring in flat]))
        for ring in flat:
            for (x, y), (u, v) in pairwise(ring):
                if (x, y) != (u, v):
                    faces.append(("W", [[(x, y, foot), (u, v, foot), (u, v, top), (x, y, top), (x, y, foot)]]))
    return faces
