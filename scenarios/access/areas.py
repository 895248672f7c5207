"""How far one comes from a place in 5, 10, 15 and 30 minutes: as areas, as streets, and who lives there."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
import shapely
from contourpy import FillType, contour_generator

from scenarios.access.net import Joined, Net, Onto, join, within
from twin.errors import BadValue
from twin.feature import Words

MINUTES = (5, 10, 15, 30)
BESIDE = 70.0  # metres from a street that still belong to it
FINEST, CELLS = 12.0, 220  # metres; the most cells of the longer side


class Area(NamedTuple):
    """What is reached in so many minutes. streets: the pieces of it that no shorter time reaches, as one shape."""

    minutes: int
    shape: shapely.Geometry
    streets: shapely.Geometry


class Outing(NamedTuple):
    """From one place. seconds: at each node of the net that the place was joined to."""

    joined: Joined
    seconds: np.ndarray

    def at(self, onto: Onto) -> np.ndarray:
        """(p,) seconds to other places."""
        return self.joined.times(self.seconds, onto, towards=False)


def set_out(net: Net, place: shapely.Point, minutes: float = MINUTES[-1]) -> Outing:
    """Raises BadValue where no way is near: a place in the river."""
    onto = net.onto(np.array([place], object))
    check_onto(net, onto)
    joined = join(net, onto)
    return Outing(joined, within(joined, 0, 60 * minutes))


def check_onto(net: Net, onto: Onto) -> None:
    """Raises BadValue where the first of the places is on no way."""
    if onto.piece[0] < 0:
        raise BadValue(
            Words(
                f"Dort beginnt kein Weg ({net.mode.title.de}): Im Umkreis von 300 m liegt keine Straße, die sich so"
                " nutzen lässt und mit den anderen verbunden ist. Wählen Sie einen Ort an einer Straße.",
                f"No way begins there ({net.mode.title.en}): within 300 m there is no street that can be used so and"
                " is connected with the others. Choose a place beside a street.",
            )
        )


def areas(outing: Outing, minutes: tuple[int, ...] = MINUTES) -> list[Area]:
    """Outlines in the city's metres, each with the shorter ones in it, and the streets band by band."""
    net = outing.joined.net
    corners = net.corners
    seconds = outing.joined.times(outing.seconds, corners.onto, towards=False)
    bands = _streets(net, seconds, minutes)
    grid = _grid(net, seconds, 60.0 * minutes[-1])
    if grid is None:
        return [Area(one, shapely.Polygon(), bands[one]) for one in minutes]
    x, y, values = grid
    lines = contour_generator(x, y, values, fill_type=FillType.OuterOffset)
    return [Area(one, _filled(*lines.filled(-1.0, 60.0 * one)), bands[one]) for one in minutes]


def _grid(net: Net, seconds: np.ndarray, limit: float) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    """Seconds over a raster: those of the nearest street's corner and the way from there. x, y: of the cells."""
    near = net.corners.xy[seconds <= limit]
    if len(near) == 0:
        return None
    (west, south), (east, north) = near.min(axis=0) - 2 * BESIDE, near.max(axis=0) + 2 * BESIDE
    cell = max(FINEST, max(east - west, north - south) / CELLS)
    x, y = np.arange(west, east + cell, cell), np.arange(south, north + cell, cell)
    away, which = net.corners.tree.query(
        np.column_stack([part.ravel() for part in np.meshgrid(x, y)]), distance_upper_bound=BESIDE + cell
    )
    found = np.append(seconds, np.inf)[which] + np.where(np.isfinite(away), away, 0) / net.mode.off
    return x, y, np.where(np.isfinite(found), np.minimum(found, 3 * limit), 3 * limit).reshape(len(y), len(x))


def _filled(points: list[np.ndarray], offsets: list[np.ndarray]) -> shapely.Geometry:
    shapes = [
        shapely.polygons(
            shapely.linearrings(xy[at[0] : at[1]]),
            [shapely.linearrings(xy[a:b]) for a, b in pairwise(at[1:].tolist())] or None,
        )
        for xy, at in zip(points, offsets, strict=True)
    ]
    return shapely.union_all(shapely.make_valid(np.array(shapes, object)))


def _streets(net: Net, seconds: np.ndarray, minutes: tuple[int, ...]) -> dict[int, shapely.Geometry]:
    """minutes -> the stretches between two corners whose later one is reached in this band."""
    corners = net.corners
    later = np.maximum(seconds[:-1], seconds[1:])
    same = corners.onto.piece[:-1] == corners.onto.piece[1:]
    found: dict[int, shapely.Geometry] = {}
    before = -1.0
    for one in minutes:
        mine = np.flatnonzero(same & (later > before) & (later <= 60.0 * one))
        before, found[one] = 60.0 * one, shapely.MultiLineString()
        if len(mine):
            first = np.append(True, np.diff(mine) > 1)
            run = np.cumsum(first) - 1
            final = np.append(first[1:], True)
            index, owner = np.append(mine, mine[final] + 1), np.append(run, run[final])
            order = np.lexsort((index, owner))
            found[one] = shapely.multilinestrings(shapely.linestrings(corners.xy[index[order]], indices=owner[order]))
    return found
