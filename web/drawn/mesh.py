"""Polygons in space, as triangles."""

import mapbox_earcut
import numpy as np
import shapely

MOST_FANNED = 8  # corners of convex polygons that need no ear cutting: walls, gables, most roofs


def triangles(polygons: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """polygons: (n,) shapely Polygon Z. Returns the corners of the triangles (3 m, 3), the polygon that each corner
    belongs to (3 m,), and each polygon's normal (n, 3) of length 1, outward where the ring runs as CityGML asks.
    """
    if len(polygons) == 0:
        return np.empty((0, 3)), np.empty(0, int), np.empty((0, 3))
    _, points, (ring_ends, polygon_ends) = shapely.to_ragged_array(polygons, include_z=True)
    outer = ring_ends[polygon_ends[:-1]]  # where each polygon's outer ring begins
    corners = ring_ends[polygon_ends[:-1] + 1] - outer - 1  # the last point repeats the first
    normals = _normals(points, ring_ends, polygon_ends)
    single = np.diff(polygon_ends) == 1
    fanned, parts = np.zeros(len(polygons), bool), []
    for count in range(3, MOST_FANNED + 1):
        chosen = np.flatnonzero(single & (corners == count))
        chosen = chosen[_convex(points, outer[chosen], count, normals[chosen])]
        parts.append(_fan(outer, chosen, count))
        fanned[chosen] = True
    rest = np.flatnonzero(~fanned & (corners >= 3))
    parts += [_ear_cut(points, ring_ends, polygon_ends, i, normals[i]) for i in rest.tolist()]
    index = np.concatenate([part[0] for part in parts])
    owner = np.concatenate([part[1] for part in parts])
    in_turn = np.argsort(owner[::3], kind="stable")
    return (
        points[index.reshape(-1, 3)[in_turn].ravel()],
        np.repeat(owner[::3][in_turn], 3),
        normals,
    )


def _normals(points: np.ndarray, ring_ends: np.ndarray, polygon_ends: np.ndarray) -> np.ndarray:
    """Newell's normal of each outer ring: it holds for bent and concave ones too."""
    here, there = points[:-1] - points[0], points[1:] - points[0]  # near the origin, or the products lose digits
    twice = np.cross(here, there)
    twice[ring_ends[1:-1] - 1] = 0  # from the end of one ring to the start of the next is no edge
    sums = np.add.reduceat(twice, np.minimum(ring_ends[:-1], len(twice) - 1))[polygon_ends[:-1]]
    length = np.linalg.norm(sums, axis=1, keepdims=True)
    return np.where(length > 0, sums / np.where(length > 0, length, 1), [0.0, 0.0, 1.0])


def _convex(points: np.ndarray, starts: np.ndarray, count: int, normals: np.ndarray) -> np.ndarray:
    """Which of the rings of so many corners turn one way throughout."""
    ring = points[starts[:, None] + np.arange(count)]
    edges = np.roll(ring, -1, axis=1) - ring
    turns = np.cross(np.roll(edges, 1, axis=1), edges) @ normals[:, :, None]
    return (turns[:, :, 0] >= -1e-6).all(axis=1)


def _fan(outer: np.ndarray, chosen: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    order = np.array([(0, i, i + 1) for i in range(1, count - 1)]).ravel()
    return (outer[chosen, None] + order).ravel(), np.repeat(chosen, len(order))


def _ear_cut(points, ring_ends, polygon_ends, i: int, normal: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Concave polygons and those with courtyards, cut in the plane that shows them largest."""
    first, last = polygon_ends[i], polygon_ends[i + 1]
    start, ends = ring_ends[first], ring_ends[first + 1 : last + 1]
    plane = [axis for axis in range(3) if axis != np.argmax(np.abs(normal))]
    flat = points[start : ends[-1], plane] - points[start, plane]
    index = mapbox_earcut.triangulate_float64(np.ascontiguousarray(flat), (ends - start).astype(np.uint32))
    return index.astype(np.int64) + start, np.full(len(index), i)
