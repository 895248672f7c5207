"""An outline in exact numbers: where its middle lies, how wide and deep it is, and how it is turned."""

import math
from typing import Any, NamedTuple

import numpy as np
import shapely
from shapely.affinity import affine_transform
from shapely.geometry import Polygon


class Measures(NamedTuple):
    """Metres of the city; angle: degrees of the width from east, anticlockwise, from 0 to below 180."""

    east: float
    north: float
    width: float
    depth: float
    angle: float


def measured(shape: Any) -> Measures:
    """The rectangle around a shape that lies along its longest edge. A point has neither width nor depth."""
    points = shapely.get_coordinates(shape)
    angle = _direction(shape)
    lying = points @ _turn(-angle).T
    low, high = lying.min(axis=0), lying.max(axis=0)
    east, north = _turn(angle) @ ((low + high) / 2)
    width, depth = high - low
    return Measures(float(east), float(north), float(width), float(depth), math.degrees(angle) % 180)


def rectangle(wanted: Measures) -> Polygon:
    half = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * [wanted.width / 2, wanted.depth / 2]
    return Polygon(half @ _turn(math.radians(wanted.angle)).T + [wanted.east, wanted.north])


def remeasured(shape: Any, wanted: Measures) -> Any:
    """The shape moved, turned, and made as wide and as deep as wanted: its corners stay what they were."""
    now = measured(shape)
    stretch = np.diag([_part(wanted.width, now.width), _part(wanted.depth, now.depth)])
    plan = _turn(math.radians(wanted.angle)) @ stretch @ _turn(-math.radians(now.angle))
    shift = np.array([wanted.east, wanted.north]) - plan @ [now.east, now.north]
    return affine_transform(shape, [*plan.ravel(), *shift])


def _part(wanted: float, now: float) -> float:
    return wanted / now if now > 0 else 1.0


def _turn(angle: float) -> np.ndarray:
    c, s = math.cos(angle), math.sin(angle)
    return np.array([[c, -s], [s, c]])


def _direction(shape: Any) -> float:
    """Radians of the longest edge, the first of those that are equally long; 0 where there is none."""
    first = shapely.get_parts(shape)[0]
    line = first.exterior if first.geom_type == "Polygon" else first
    points = shapely.get_coordinates(line)
    edges = np.diff(points, axis=0)
    if len(edges) == 0:
        return 0.0
    lengths = np.hypot(edges[:, 0], edges[:, 1])
    east, north = edges[int(np.argmax(lengths > lengths.max() - 0.001))]
    return math.atan2(north, east) % math.pi
