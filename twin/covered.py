"""Which cells the rasters of one load have measured: of two rasters of one place the first counts.

Else they would take turns at each load, and no load would find the terrain as it left it.
"""

from itertools import product

import numpy as np

TILE = 256  # cells along a tile's side


class Covered:
    """Of each tile (level, column, row) a bit for each cell; None for all of them."""

    def __init__(self) -> None:
        self._tiles: dict[tuple[int, int, int], np.ndarray | None] = {}
        self._mine: dict[tuple[int, int, int], np.ndarray | None] = {}

    def begin(self) -> None:
        """A raster comes; what one has left that was given up is forgotten."""
        self._mine = {}

    def end(self) -> None:
        self._tiles.update(self._mine)

    def take_out(self, heights: np.ndarray, estimated: np.ndarray, level: int, column: int, row: int) -> None:
        """Set to NaN what an earlier raster has measured, note the rest. In place. column, row: of the first tile."""
        for down, right in product(range(heights.shape[0] // TILE), range(heights.shape[1] // TILE)):
            part = np.s_[down * TILE : (down + 1) * TILE, right * TILE : (right + 1) * TILE]
            key = (level, column + right, row + down)
            measured = ~np.isnan(heights[part]) & ~estimated[part]
            if key in self._tiles:
                before = self._known(key)
                heights[part][before] = np.nan
                measured |= before
            if measured.any():
                self._mine[key] = None if measured.all() else np.packbits(measured)

    def _known(self, key: tuple[int, int, int]) -> np.ndarray:
        bits = self._tiles[key]
        return np.ones((TILE, TILE), bool) if bits is None else np.unpackbits(bits).reshape(TILE, TILE) > 0
