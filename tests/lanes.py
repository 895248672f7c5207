"""A few streets that can be drawn on paper, as an indicator and the net of ways are given them."""

import numpy as np
import shapely
from shapely.geometry import LineString, Point

from scenarios.access.net import Net
from scenarios.access.speeds import mode_called
from scenarios.access.ways import READS, ways_of
from scenarios.rows import Rows


def street(*points, **fields):
    return LineString(points), {"kind": "residential", **fields}


def rows_of(told, names, letter="s"):
    shapes = np.empty(len(told), object)
    shapes[:] = [shape for shape, _ in told]
    listed = [{"uid": f"{letter}{i}", **fields} for i, (_, fields) in enumerate(told, 1)]
    return Rows.of(listed, ("uid", *names), shapes)


def net_of(*streets, mode="walk", heights=None, own=(), water=()):
    ways = ways_of(rows_of(streets, READS), heights, set(own), np.array(list(water), object))
    return Net.of(ways, mode_called(mode))


def points(*places):
    return shapely.points(np.array(places, float))


def shop(x, y, kind="food", detail="supermarket", **fields):
    return Point(x, y), {"kind": kind, "detail": detail, "name": detail, **fields}


def block(shape, inhabitants, **fields):
    return shape, {"number": "0101", "inhabitants": inhabitants, **fields}
