"""The terrain model: tiles of heights, one metre a cell for a town, coarser for a county."""

from pathlib import Path

import numpy as np
import rasterio
from rasterio.transform import from_origin

from sample_city.town import EAST, NORTH, SRID, Town

CELLS = 1000  # along each side of a tile
SPAN = 4  # cells from one computed height to the next; between them the ground is taken as even


def write(town: Town, folder: Path):
    folder.mkdir(parents=True, exist_ok=True)
    west, south, east, north = town.bounds()
    cell = 1 if max(east - west, north - south) < 8000 else 5
    size = CELLS * cell
    for east_km in range(int((EAST + west) // size), int((EAST + east - 1) // size) + 1):
        for north_km in range(int((NORTH + south) // size), int((NORTH + north - 1) // size) + 1):
            _write_tile(town, folder, east_km * size, north_km * size, cell)


def _write_tile(town: Town, folder: Path, east: int, north: int, cell: int):
    steps = (np.arange(-1, CELLS // SPAN + 2) * SPAN + 0.5) * cell
    x, y = np.meshgrid(east - EAST + steps, north - NORTH + steps)
    between = _weights(len(steps))
    heights = between @ town.terrain.heights(x, y) @ between.T
    name = f"dgm{cell}_32_{east // 1000}_{north // 1000}_{CELLS * cell // 1000}_st.tif"
    with rasterio.open(
        folder / name,
        "w",
        driver="GTiff",
        width=CELLS,
        height=CELLS,
        count=1,
        dtype="float32",
        crs=f"EPSG:{SRID}",
        transform=from_origin(east, north + CELLS * cell, cell, cell),
        nodata=-9999.0,
        compress="deflate",
        predictor=3,
        zlevel=4,
        tiled=True,
    ) as tile:
        tile.write(np.round(heights[::-1], 2).astype("float32"), 1)


def _weights(count: int) -> np.ndarray:
    """(CELLS, count): how much of each computed height is in each cell's."""
    at = np.arange(CELLS) / SPAN + 1
    below = at.astype(int)
    weights = np.zeros((CELLS, count))
    weights[np.arange(CELLS), below] = 1 - (at - below)
    weights[np.arange(CELLS), below + 1] = at - below
    return weights
