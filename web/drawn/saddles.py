"""Saddle roofs for small rectangular houses of which only the footprint is delivered.

A guess, and the page says so: a row of boxes reads as a car park, a row of gables as a village.
"""

import numpy as np
import shapely

LARGEST = 320.0  # m²: larger ones mostly have flat or joined roofs
SMALLEST = 25.0  # m²: garages and sheds
RECTANGULAR = 0.86  # share of its smallest rectangle that the footprint fills
FLAT_ROOFS = ("1000", "2100", "3500", "3600", "3700", "3800", "3900", "4000")
STEEPEST = 0.75  # the rise over half the width, 37 degrees
RISE = 0.42  # of the height, at the most: the rest is wall


def rectangles(shapes: np.ndarray, roof_types: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which footprints may bear a saddle (n,), and the corners (m, 4, 2) of those, the long sides first and third."""
    areas = shapely.area(shapes)
    boxes = shapely.oriented_envelope(shapes)
    filled = areas / np.maximum(shapely.area(boxes), 1e-9)
    chosen = (areas >= SMALLEST) & (areas <= LARGEST) & (filled >= RECTANGULAR)
    chosen &= ~np.isin(roof_types.astype(str), FLAT_ROOFS)
    corners = shapely.get_coordinates(shapely.orient_polygons(boxes[chosen])).reshape(-1, 5, 2)[:, :4]
    sides = np.linalg.norm(np.roll(corners, -1, axis=1) - corners, axis=2)
    short_first = sides[:, 0] < sides[:, 1]
    corners[short_first] = np.roll(corners[short_first], -1, axis=1)
    return chosen, corners


def saddles(corners: np.ndarray, heights: np.ndarray, foot: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Triangles (n, 12, 3, 3), whether each is roof (12,), and normals (n, 12, 3).

    corners: (n, 4, 2) counter-clockwise, long side first. heights: (n,) metres to the ridge. foot: height of the walls'
    lower edge.
    """
    half = np.linalg.norm(corners[:, 2] - corners[:, 1], axis=1) / 2
    rise = np.minimum(half * STEEPEST, heights * RISE)
    eaves = heights - rise
    low = [_at(corners[:, i], np.full(len(heights), foot)) for i in range(4)]
    high = [_at(corners[:, i], eaves) for i in range(4)]
    ridge = [_at((corners[:, i] + corners[:, j]) / 2, heights) for i, j in ((3, 0), (1, 2))]  # at the gables
    roof = [(high[0], high[1], ridge[1]), (high[0], ridge[1], ridge[0])]
    roof += [(high[2], high[3], ridge[0]), (high[2], ridge[0], ridge[1])]
    gables = [(high[1], high[2], ridge[1]), (high[3], high[0], ridge[0])]
    walls = []
    for i, j in ((0, 1), (1, 2), (2, 3), (3, 0)):
        walls += [(low[i], low[j], high[j]), (low[i], high[j], high[i])]
    triangles = np.stack([np.stack(one, axis=1) for one in (*roof, *gables, *walls)], axis=1)
    normals = np.cross(triangles[:, :, 1] - triangles[:, :, 0], triangles[:, :, 2] - triangles[:, :, 0])
    length = np.maximum(np.linalg.norm(normals, axis=2, keepdims=True), 1e-9)
    return triangles, np.arange(triangles.shape[1]) < len(roof), normals / length


def _at(places: np.ndarray, heights: np.ndarray) -> np.ndarray:
    return np.column_stack([places, heights])
