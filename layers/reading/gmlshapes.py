"""Shapes of GML 3.2, arcs included, as shapely shapes."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import shapely

from layers.reading.citygml_walk import local
from twin.errors import BadShape

SAGITTA = 0.01  # m: how far a straight piece may lie from its arc
_STEPS = 720  # pieces of one arc at the most
_BESIDE = {"metaDataProperty", "description", "descriptionReference", "name", "identifier", "boundedBy"}


def shape_of(element: Any, straight: Callable[[np.ndarray], np.ndarray]) -> shapely.Geometry:
    """A gml:Polygon, Curve, MultiSurface, … straight: puts points into east, north. Raises BadShape."""
    kind = local(element)
    make = _MAKERS.get(kind)
    if make is None:
        raise BadShape(f"its shape is a gml:{kind}, which is not read. Export it as polygons and lines.")
    return make(element, straight)


def _children(element: Any) -> list:
    return [child for child in element if isinstance(child.tag, str) and local(child) not in _BESIDE]


def _polygon(element: Any, straight: Callable) -> shapely.Geometry:
    shell, holes = None, []
    for boundary in _children(element):
        ring = _ring(next(iter(_children(boundary)), None), straight)
        if local(boundary) == "exterior":
            shell = ring
        else:
            holes.append(ring)
    if shell is None:
        raise BadShape("its polygon has no outer ring. Export it again.")
    return shapely.Polygon(shell, holes)


def _ring(element: Any, straight: Callable) -> np.ndarray:
    """A LinearRing, or a Ring of curves end to end."""
    if element is None:
        raise BadShape("its polygon has an empty ring. Export it again.")
    points = _points(element, straight) if local(element) == "LinearRing" else _along(element, straight)
    if len(points) and (points[0] != points[-1]).any():
        points = np.concatenate([points, points[:1]])
    if len(points) < 4:
        raise BadShape(f"its ring has {len(points)} points, and needs four. Draw it again.")
    return points


def _along(element: Any, straight: Callable) -> np.ndarray:
    """The points of a curve, or of curves that follow each other."""
    kind = local(element)
    if kind == "LineString":
        return _points(element, straight)
    if kind == "Curve":
        segments = next((child for child in _children(element) if local(child) == "segments"), element)
        return _chained([_segment(child, straight) for child in _children(segments)])
    if kind == "OrientableCurve":
        points = _chained([_along(one, straight) for base in _children(element) for one in _children(base)])
        return points[::-1] if element.get("orientation") == "-" else points
    if kind in ("Ring", "CompositeCurve"):
        return _chained([_along(one, straight) for member in _children(element) for one in _children(member)])
    raise BadShape(f"its outline has a gml:{kind}, which is not read. Export it as lines and arcs.")


def _chained(pieces: list[np.ndarray]) -> np.ndarray:
    if not pieces:
        raise BadShape("its outline is empty, or lies elsewhere in the file. Export it with its coordinates.")
    points = pieces[0]
    for piece in pieces[1:]:
        same = len(points) and len(piece) and np.allclose(points[-1], piece[0], rtol=0, atol=1e-6)
        points = np.concatenate([points, piece[1:] if same else piece])
    return points


def _segment(element: Any, straight: Callable) -> np.ndarray:
    kind = local(element)
    points = _points(element, straight)
    if kind == "LineStringSegment":
        return points
    if kind in ("Arc", "ArcString") and len(points) >= 3 and len(points) % 2 == 1:
        return _chained([arc(*points[i : i + 3]) for i in range(0, len(points) - 2, 2)])
    if kind == "Circle" and len(points) == 3:
        return _circle(*points)
    raise BadShape(f"its outline has a gml:{kind} of {len(points)} points, which is not read. Export it as lines.")


def arc(start: np.ndarray, between: np.ndarray, end: np.ndarray) -> np.ndarray:
    """The arc through three points, as straight pieces within a centimetre. Returns (n, 2)."""
    centre = _centre(start, between, end)
    if centre is None:
        return np.array([start, between, end])
    first, middle, last = (math.atan2(*(point - centre)[::-1]) for point in (start, between, end))
    turn = (last - first) % (2 * math.pi)
    if (middle - first) % (2 * math.pi) > turn:
        turn -= 2 * math.pi  # clockwise
    points = _turned(centre, start, first, turn)
    points[0], points[-1] = start, end
    return points


def _circle(start: np.ndarray, second: np.ndarray, third: np.ndarray) -> np.ndarray:
    centre = _centre(start, second, third)
    if centre is None:
        raise BadShape("its circle is given by three points in a row. Draw it again.")
    points = _turned(centre, start, math.atan2(*(start - centre)[::-1]), 2 * math.pi)
    points[0] = points[-1] = start
    return points


def _turned(centre: np.ndarray, start: np.ndarray, first: float, turn: float) -> np.ndarray:
    radius = float(np.hypot(*(start - centre)))
    step = 2 * math.acos(max(1 - SAGITTA / radius, 0.0)) if radius > SAGITTA else math.pi / 2
    pieces = min(max(math.ceil(abs(turn) / step), 2), _STEPS)
    angles = first + np.linspace(0, turn, pieces + 1)
    return centre + radius * np.column_stack([np.cos(angles), np.sin(angles)])


def _centre(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> np.ndarray | None:
    """Of the circle through three points; None where they lie in a row."""
    (bx, by), (cx, cy) = b - a, c - a
    twice = 2 * (bx * cy - by * cx)
    if abs(twice) < 1e-9:
        return None
    b2, c2 = bx * bx + by * by, cx * cx + cy * cy
    return a + np.array([cy * b2 - by * c2, bx * c2 - cx * b2]) / twice


def _points(element: Any, straight: Callable) -> np.ndarray:
    """(n, 2) east and north, from gml:posList, gml:pos or gml:coordinates."""
    lists = list(element.iter("{*}posList", "{*}pos", "{*}coordinates"))
    if not lists:
        raise BadShape("its outline is empty, or lies elsewhere in the file. Export it with its coordinates.")
    numbers = []
    for one in lists:
        words = (one.text or "").replace(",", " ") if local(one) == "coordinates" else one.text or ""
        try:
            numbers.append(np.array(words.split(), float))
        except ValueError:
            raise BadShape(
                f"line {one.sourceline}: “{words.strip()[:40]}” are no coordinates. Export it again."
            ) from None
    dimension = _dimension(lists[0], numbers[0])
    joined = np.concatenate(numbers)
    if len(joined) % dimension or not np.isfinite(joined).all():
        raise BadShape(f"line {lists[0].sourceline}: {len(joined)} numbers are no points. Export it again.")
    return straight(joined.reshape(-1, dimension)[:, :2].copy())


def _dimension(element: Any, numbers: np.ndarray) -> int:
    if local(element) == "pos" and len(numbers) in (2, 3):
        return len(numbers)
    for one in (element, *element.iterancestors()):
        if one.get("srsDimension") in ("2", "3"):
            return int(one.get("srsDimension"))
    return 2


def _parts(element: Any, straight: Callable) -> list[shapely.Geometry]:
    """The shapes in a collection: its members, and what is in `…Members`."""
    found = []
    for member in _children(element):
        within = _children(member)
        if not within:
            raise BadShape("a part of its shape lies elsewhere in the file. Export it with its coordinates.")
        found += [shape_of(one, straight) for one in within]
    return found


def _surfaces(element: Any, straight: Callable) -> shapely.Geometry:
    polygons = [polygon for part in _parts(element, straight) for polygon in shapely.get_parts(part)]
    return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)


def _patches(element: Any, straight: Callable) -> shapely.Geometry:
    """The patches of one surface touch: together they are its area."""
    patches = [_polygon(patch, straight) for patch in element.iter("{*}PolygonPatch", "{*}Rectangle", "{*}Triangle")]
    return shapely.union_all(patches) if len(patches) != 1 else patches[0]


def _curves(element: Any, straight: Callable) -> shapely.Geometry:
    return shapely.MultiLineString(_parts(element, straight))


def _line(element: Any, straight: Callable) -> shapely.Geometry:
    points = _along(element, straight)
    if len(points) < 2:
        raise BadShape("its line has one point only. Draw it again.")
    return shapely.LineString(points)


def _point(element: Any, straight: Callable) -> shapely.Geometry:
    return shapely.Point(_points(element, straight)[0])


def _point_set(element: Any, straight: Callable) -> shapely.Geometry:
    return shapely.MultiPoint(_parts(element, straight))


_MAKERS: dict[str, Callable[[Any, Callable], shapely.Geometry]] = {
    "Polygon": _polygon,
    "Surface": _patches,
    "MultiSurface": _surfaces,
    "CompositeSurface": _surfaces,
    "MultiPolygon": _surfaces,
    "LineString": _line,
    "Curve": _line,
    "OrientableCurve": _line,
    "CompositeCurve": _line,
    "MultiCurve": _curves,
    "MultiLineString": _curves,
    "Point": _point,
    "MultiPoint": _point_set,
}
