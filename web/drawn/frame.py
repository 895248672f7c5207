"""A tile of the web-mercator grid, seen from the city's metres."""

from functools import cached_property

import numpy as np

from twin.projection import LONLAT, transformer

UNIT = 16000  # the tile reaches from -UNIT to UNIT on both axes; int16 leaves room for what juts over its edge
STEPS = 25  # of height in a metre: int16 holds 1,300 m up and down
_SAMPLES = 5  # along each axis, to fit the cubic


class Frame:
    """Which piece of the earth tile z/x/y is, and how the city's metres become its units.

    Units run linearly in degrees. Between metres and units stands a cubic fitted to the tile: exact to a millimetre
    in tiles of a few kilometres, and a hundred times faster than to project each point.
    """

    def __init__(self, z: int, x: int, y: int, srid: int):
        self.z, self.x, self.y, self.srid = z, x, y, srid
        west, east = (360 * i / 2**z - 180 for i in (x, x + 1))
        north, south = (_latitude(j / 2**z) for j in (y, y + 1))
        self.west, self.south, self.east, self.north = west, south, east, north
        self.origin = ((west + east) / 2, (south + north) / 2)
        self.span = ((east - west) / 2, (north - south) / 2)  # degrees from the middle to the edge

    def grid(self, steps: int) -> tuple[np.ndarray, np.ndarray]:
        """x, y in metres of (steps + 1)² nodes over the tile, rows from north to south."""
        across = np.linspace(-1, 1, steps + 1)
        u, v = np.meshgrid(across, across[::-1])
        change = transformer(LONLAT, self.srid)
        return change.transform(self.origin[0] + u * self.span[0], self.origin[1] + v * self.span[1])

    def bounds(self, margin: float = 0.0) -> tuple[float, float, float, float]:
        """minx, miny, maxx, maxy in metres of what the tile covers, and `margin` metres around it."""
        x, y = self._samples
        return (x.min() - margin, y.min() - margin, x.max() + margin, y.max() + margin)

    def units(self, xy: np.ndarray) -> np.ndarray:
        """(n, 2) metres -> (n, 2) units of the tile."""
        return _cubic((xy - self._middle) / self._half) @ self._fit * UNIT

    def holds(self, xy: np.ndarray) -> np.ndarray:
        """Which of the (n, 2) points lie in this tile: each point of the city lies in exactly one of a zoom."""
        units = self.units(xy)
        return np.logical_and(units >= -UNIT, units < UNIT).min(axis=1, initial=True)

    @property
    def metres(self) -> float:
        """The tile's width."""
        return float(self._half[0] * 2)

    @cached_property
    def _samples(self) -> tuple[np.ndarray, np.ndarray]:
        return self.grid(_SAMPLES - 1)

    @cached_property
    def _middle(self) -> np.ndarray:
        return np.array([axis.mean() for axis in self._samples])

    @cached_property
    def _half(self) -> np.ndarray:
        return np.array([np.ptp(axis) / 2 for axis in self._samples])

    @cached_property
    def _fit(self) -> np.ndarray:
        across = np.linspace(-1, 1, _SAMPLES)
        u, v = np.meshgrid(across, across[::-1])
        metres = np.column_stack([axis.ravel() for axis in self._samples])
        there = np.column_stack([u.ravel(), v.ravel()])
        return np.linalg.lstsq(_cubic((metres - self._middle) / self._half), there, rcond=None)[0]


def _latitude(fraction: float) -> float:
    return float(np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * fraction)))))


def _cubic(xy: np.ndarray) -> np.ndarray:
    x, y = xy[:, 0], xy[:, 1]
    return np.column_stack([np.ones_like(x), x, y, x * x, x * y, y * y, x**3, x * x * y, x * y * y, y**3])
