"""The terrain's tiles: a pyramid of heights in the store, which GDAL and QGIS open as a raster.

Every store has the same grid: a square of 134,217,728 metres around the origin of the city's projection, cut into cells
of 256 m (level 0), 128 m ... 1 m (level 8) and half a metre (level 9). So a later delivery falls into the cells of the
earlier one. A raster goes to the level nearest its own resolution (finer than half a metre: averaged); the coarser
levels hold the mean of the finer one where there is one, else what a coarser raster gave.
"""

from collections import OrderedDict
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from pyproj import CRS
from sqlalchemy import Connection, Engine, UniqueConstraint, delete, event, insert, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from twin.covered import TILE, Covered
from twin.errors import BadFile
from twin.feature import Stored
from twin.projection import transformer

COARSEST = 256.0  # metres a cell at level 0
FINEST_LEVEL = 9  # half a metre
EDGE = 2.0**26  # metres from the origin: holds eastings with the zone in front (32,500,000), too
BLOCK = 8  # tiles that are warped at once: 2,048 x 2,048 cells, 16 MB
TOO_COARSE = 500.0  # metres a cell
TOO_WIDE = 1e6  # metres: beyond that a projection for cities no longer holds
STEP = 1 / 256  # metres: finer digits are noise, and would triple the store
VOID = -9999.0
CACHED_TILES = 1700  # 10 km x 10 km at one metre: 220 MB

Key = tuple[int, int]  # column, row of a tile


class TerrainTile(Stored):
    """256 x 256 heights as a TIFF. A tile that changes gets a new id: what is kept in memory is never out of date."""

    __tablename__ = "terrain"
    __table_args__ = (UniqueConstraint("zoom_level", "tile_column", "tile_row"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    zoom_level: Mapped[int]
    tile_column: Mapped[int]
    tile_row: Mapped[int]
    tile_data: Mapped[bytes]


class TerrainLevel(Stored):
    """A level that was delivered, not only computed from a finer one, and how far it reaches."""

    __tablename__ = "terrain_level"

    zoom_level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    min_x: Mapped[float]
    min_y: Mapped[float]
    max_x: Mapped[float]
    max_y: Mapped[float]


@dataclass
class Written:
    """What a raster did to the store's cells, at the level that it was written to."""

    cells: int = 0  # that have another height than before, or have one for the first time
    changed: int = 0  # those of them that had another one


TILES: Any = TerrainTile.__table__


def cell_at(level: int) -> float:
    return COARSEST / 2**level


def level_for(cell: float) -> int:
    """The level whose cells are nearest to this size in metres."""
    return int(np.clip(round(np.log2(COARSEST / cell)), 0, FINEST_LEVEL))


def write_terrain(db: Session, srid: int, path: str, crs: CRS, covered: Covered | None = None) -> Written:
    """Warp a height raster into the city's grid; what is there stays where the raster has no height.

    path: that rasterio opens; band 1 holds metres above sea level, band 2, where there is one, is 1 where the height is
    an estimate: that only fills what is empty. covered: what earlier rasters of the same load have measured; that
    stays, and this raster's cells are added. Nothing is committed. Raises BadFile.
    """
    import rasterio  # here and below only where a raster is met: it takes a quarter of a second

    with rasterio.open(path) as raster:
        grid = _grid(raster, crs, srid)
        db.connection().info["terrain_written"] = True
        written, touched, reached = Written(), set(), []
        covered = covered or Covered()
        covered.begin()
        with _warped(raster, crs, srid, grid) as warped:
            for first_column, first_row in product(
                range(grid.columns.start, grid.columns.stop, BLOCK), range(grid.rows.start, grid.rows.stop, BLOCK)
            ):
                heights, estimated = _block(warped, grid, first_column, first_row)
                covered.take_out(heights, estimated, grid.level, first_column, first_row)
                if not np.isnan(heights).all():
                    reached.append(_reach(heights, grid.level, first_column, first_row))
                    touched |= _write_block(db, grid, (first_column, first_row), heights, estimated, written)
    for level in range(grid.level - 1, -1, -1):
        touched = _write_overviews(db, level, {(column // 2, row // 2) for column, row in touched})
    if reached:
        _note_level(db, grid.level, np.array(reached))
    if written.cells and db.get_bind().dialect.name == "sqlite":
        _register(db, srid)
    covered.end()
    return written


@dataclass
class _Grid:
    level: int
    columns: range  # of tiles
    rows: range
    clip: tuple[float, float, float, float] | None  # degrees west, south, east, north, where edge samples are shared
    averaged: bool


def _grid(raster: Any, crs: CRS, srid: int) -> _Grid:
    """The tiles that the raster reaches, at the level nearest its own resolution."""
    to_city = transformer(crs, CRS(srid))
    steps = np.linspace(0, 1, 33)
    rim = [(s, t) for s in steps for t in (0, 1)] + [(t, s) for s in steps for t in (0, 1)]
    columns, rows = np.array(rim).T * [[raster.width], [raster.height]]
    middle = np.array([[0, 1, 0], [0, 0, 1]]) + np.array([[raster.width], [raster.height]]) / 2
    x, y = to_city.transform(*(raster.transform @ (columns, rows)))
    (x0, x1, x2), (y0, y1, y2) = to_city.transform(*(raster.transform @ tuple(middle)))
    cell = float(np.sqrt(abs((x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0))))
    if not np.isfinite([*x, *y, cell]).all() or cell == 0 or max(np.abs(x).max(), np.abs(y).max()) > EDGE:
        raise BadFile(
            f"it lies where the city's projection EPSG:{srid} does not hold. Look whether its own projection is right,"
            " or cut out the city."
        )
    if max(np.ptp(x), np.ptp(y)) > TOO_WIDE:
        raise BadFile(f"it is more than {TOO_WIDE / 1000:,.0f} km wide. Cut out the city and some land around it.")
    if cell > TOO_COARSE:
        raise BadFile(f"its cells are {cell:,.0f} m wide: too coarse for a city. Ask for terrain of 90 m or finer.")
    level = level_for(cell)
    side = cell_at(level) * TILE
    columns = range(int((x.min() + EDGE) // side), int((x.max() + EDGE) // side) + 1)
    rows = range(int((EDGE - y.max()) // side), int((EDGE - y.min()) // side) + 1)
    return _Grid(level, columns, rows, _shared_edge(raster, crs), averaged=cell_at(level) > 1.5 * cell)


def _shared_edge(raster: Any, crs: CRS) -> tuple[float, float, float, float] | None:
    """The outermost samples of an SRTM tile lie on whole degrees and belong to its neighbour, too.

    Beyond them a tile would only be guessed, where the neighbour knows: the seam would show.
    """
    west, north = raster.transform @ (0.5, 0.5)
    east, south = raster.transform @ (raster.width - 0.5, raster.height - 0.5)
    corners = np.array([west, south, east, north])
    whole = np.abs(corners - corners.round()).max() < 1e-6 and east > west and north > south
    return (west, south, east, north) if crs.is_geographic and whole else None


def _warped(raster: Any, crs: CRS, srid: int, grid: _Grid) -> Any:
    from rasterio.enums import Resampling
    from rasterio.vrt import WarpedVRT

    return WarpedVRT(
        raster,
        src_crs=crs.to_wkt(),
        crs=CRS(srid).to_wkt(),
        src_nodata=raster.nodata,
        nodata=np.nan,
        dtype="float32",
        resampling=Resampling.average if grid.averaged else Resampling.bilinear,
        transform=_transform(grid.level, grid.columns.start, grid.rows.start),
        width=len(grid.columns) * TILE,
        height=len(grid.rows) * TILE,
    )


def _transform(level: int, column: int, row: int) -> Any:
    """Of a raster whose north-western corner is that of this tile."""
    from rasterio.transform import from_origin

    cell = cell_at(level)
    return from_origin(column * TILE * cell - EDGE, EDGE - row * TILE * cell, cell, cell)


def _block(warped: Any, grid: _Grid, first_column: int, first_row: int) -> tuple[np.ndarray, np.ndarray]:
    """Heights of up to BLOCK x BLOCK tiles, NaN where unknown, and where they are estimates."""
    from rasterio.windows import Window

    width = min(BLOCK, grid.columns.stop - first_column) * TILE
    height = min(BLOCK, grid.rows.stop - first_row) * TILE
    left, top = (first_column - grid.columns.start) * TILE, (first_row - grid.rows.start) * TILE
    bands = warped.read(window=Window(left, top, width, height))
    heights = np.round(bands[0] / np.float32(STEP)) * np.float32(STEP)
    if grid.clip is not None:
        _clip(heights, grid, first_column, first_row, warped.crs)
    return heights, bands[1] > 0.5 if len(bands) > 1 else np.zeros(heights.shape, bool)


def _clip(heights: np.ndarray, grid: _Grid, first_column: int, first_row: int, crs: Any) -> None:
    assert grid.clip is not None
    west, south, east, north = grid.clip
    rows, columns = np.indices(heights.shape, dtype="float32")
    x, y = _transform(grid.level, first_column, first_row) @ (columns + 0.5, rows + 0.5)
    longitude, latitude = transformer(CRS(crs.to_wkt()), CRS("OGC:CRS84")).transform(x, y)
    tiny = 1e-9
    inside = (longitude >= west - tiny) & (longitude <= east + tiny)
    inside &= (latitude >= south - tiny) & (latitude <= north + tiny)
    heights[~inside] = np.nan


def _reach(heights: np.ndarray, level: int, first_column: int, first_row: int) -> tuple[float, ...]:
    """minx, miny, maxx, maxy of the cells that have a height."""
    known = ~np.isnan(heights)
    columns, rows = np.flatnonzero(known.any(axis=0)), np.flatnonzero(known.any(axis=1))
    transform = _transform(level, first_column, first_row)
    return (*(transform @ (columns[0], rows[-1] + 1)), *(transform @ (columns[-1] + 1, rows[0])))


def _write_block(
    db: Session, grid: _Grid, first: Key, heights: np.ndarray, estimated: np.ndarray, written: Written
) -> set[Key]:
    """The tiles that are others now."""
    last = (first[0] + heights.shape[1] // TILE - 1, first[1] + heights.shape[0] // TILE - 1)
    there = _tiles_between(db, grid.level, first, last)
    finer = _tiles_between(db, grid.level + 1, (first[0] * 2, first[1] * 2), (last[0] * 2 + 1, last[1] * 2 + 1))
    touched = set()
    for column, row in product(range(first[0], last[0] + 1), range(first[1], last[1] + 1)):
        part = np.s_[(row - first[1]) * TILE :, (column - first[0]) * TILE :]
        mine = heights[part][:TILE, :TILE]
        old_id, old = there.get((column, row), (None, _unknown()))
        takes = ~np.isnan(mine) & (~estimated[part][:TILE, :TILE] | np.isnan(old))
        new = _with_finer(np.where(takes, mine, old), (column, row), finer)
        differs = _differs(old, new)
        if differs.any():
            _put(db, grid.level, (column, row), new, old_id)
            touched.add((column, row))
            written.cells += int(differs.sum())
            written.changed += int((differs & ~np.isnan(old)).sum())
    return touched


def _write_overviews(db: Session, level: int, keys: set[Key]) -> set[Key]:
    """Lay the means of the level below over these tiles; returns those that are others now."""
    touched = set()
    for key in sorted(keys):
        finer = _tiles_between(db, level + 1, (key[0] * 2, key[1] * 2), (key[0] * 2 + 1, key[1] * 2 + 1))
        old_id, old = _tiles_between(db, level, key, key).get(key, (None, _unknown()))
        new = _with_finer(old, key, finer)
        if _differs(old, new).any():
            _put(db, level, key, new, old_id)
            touched.add(key)
    return touched


def _with_finer(tile: np.ndarray, key: Key, finer: dict[Key, tuple[int, np.ndarray]]) -> np.ndarray:
    """The tile with the mean of each 2 x 2 finer cells, as far as they are known."""
    tile = tile.copy()
    half = TILE // 2
    for right, down in product((0, 1), (0, 1)):
        found = finer.get((key[0] * 2 + right, key[1] * 2 + down))
        if found is None:
            continue
        fours = found[1].reshape(half, 2, half, 2).swapaxes(1, 2).reshape(half, half, 4)
        known = (~np.isnan(fours)).sum(axis=2)
        means = np.nansum(fours, axis=2) / np.maximum(known, 1)
        quarter = tile[down * half : (down + 1) * half, right * half : (right + 1) * half]
        np.copyto(quarter, np.round(means / STEP) * STEP, where=known > 0, casting="same_kind")
    return tile


def _unknown() -> np.ndarray:
    return np.full((TILE, TILE), np.nan, "float32")


def _differs(old: np.ndarray, new: np.ndarray) -> np.ndarray:
    return (old != new) & ~(np.isnan(old) & np.isnan(new))


def _tiles_between(db: Session, level: int, first: Key, last: Key) -> dict[Key, tuple[int, np.ndarray]]:
    """(column, row) -> id and heights, straight from the store."""
    found = select(TILES).where(
        TILES.c.zoom_level == level,
        TILES.c.tile_column.between(first[0], last[0]),
        TILES.c.tile_row.between(first[1], last[1]),
    )
    return {(tile.tile_column, tile.tile_row): (tile.id, decode(tile.tile_data)) for tile in db.execute(found)}


def _put(db: Session, level: int, key: Key, heights: np.ndarray, old_id: int | None) -> None:
    if old_id is not None:
        db.execute(delete(TILES).where(TILES.c.id == old_id))
    values = {"zoom_level": level, "tile_column": key[0], "tile_row": key[1], "tile_data": encode(heights)}
    db.execute(insert(TILES).inline(), values)


def encode(heights: np.ndarray) -> bytes:
    """As OGC 17-066 wants it: one band of 32-bit floats in a TIFF, LZW."""
    from rasterio.io import MemoryFile
    from rasterio.transform import from_origin

    with MemoryFile() as memory:
        with memory.open(
            driver="GTiff", width=TILE, height=TILE, count=1, dtype="float32", compress="lzw", predictor=3,
            blockysize=TILE, transform=from_origin(0, TILE, 1, 1),
        ) as tiff:  # fmt: skip
            tiff.write(np.nan_to_num(heights, nan=VOID), 1)
        return memory.read()


def decode(tile_data: bytes) -> np.ndarray:
    from rasterio.io import MemoryFile

    with MemoryFile(tile_data) as memory, memory.open(driver="GTiff") as tiff:
        heights = tiff.read(1)
    heights[heights == VOID] = np.nan
    return heights


def _note_level(db: Session, level: int, reached: np.ndarray) -> None:
    min_x, min_y = reached[:, :2].min(axis=0).tolist()
    max_x, max_y = reached[:, 2:].max(axis=0).tolist()
    there = db.get(TerrainLevel, level)
    if there is None:
        db.add(TerrainLevel(zoom_level=level, min_x=min_x, min_y=min_y, max_x=max_x, max_y=max_y))
    else:
        there.min_x, there.min_y = min(there.min_x, min_x), min(there.min_y, min_y)
        there.max_x, there.max_y = max(there.max_x, max_x), max(there.max_y, max_y)
    db.flush()


def levels_of(db: Session) -> list[TerrainLevel]:
    """The delivered levels, the finest first."""
    return list(db.scalars(select(TerrainLevel).order_by(TerrainLevel.zoom_level.desc())))


def bounds_of(db: Session) -> tuple[float, float, float, float] | None:
    """minx, miny, maxx, maxy of what is known, in the city's metres; None in a city without terrain."""
    levels = levels_of(db)
    if not levels:
        return None
    return (
        min(level.min_x for level in levels),
        min(level.min_y for level in levels),
        max(level.max_x for level in levels),
        max(level.max_y for level in levels),
    )


def _register(db: Session, srid: int) -> None:
    """Tell the GeoPackage that `terrain` is a gridded coverage (OGC 12-128r18 with 17-066r1)."""
    bounds = dict(zip(("min_x", "min_y", "max_x", "max_y"), bounds_of(db) or (), strict=True))
    known = {"wgs84_3d": CRS(4979).to_wkt("WKT2_2015"), "srid": srid, "edge": EDGE, "tile": TILE, "coarsest": COARSEST}
    known |= {"zoom": levels_of(db)[0].zoom_level, "precision": STEP, "void": VOID, **bounds}
    for statement in (Path(__file__).parent / "terrain.sql").read_text(encoding="utf-8").split(";\n\n"):
        asked = text(statement)
        db.execute(asked, {name: known[name] for name in asked._bindparams})


class Tile:
    """Heights in half the memory: whole steps above the tile's lowest, where its relief allows it."""

    def __init__(self, heights: np.ndarray):
        self.lowest = np.nanmin(heights)
        self.heights = heights
        if np.nanmax(heights) - self.lowest < _UNKNOWN_STEP * STEP:
            steps = np.nan_to_num((heights - self.lowest) / np.float32(STEP), nan=_UNKNOWN_STEP)
            self.heights = steps.round().astype("uint16")

    def __getitem__(self, cells: Any) -> np.ndarray:
        """float32, NaN where unknown."""
        found = self.heights[cells]
        if found.dtype == np.float32:
            return found
        return np.where(found == _UNKNOWN_STEP, np.float32(np.nan), self.lowest + found * np.float32(STEP))


_UNKNOWN_STEP = 65535
_caches: WeakKeyDictionary[Engine, OrderedDict[int, "Tile"]] = WeakKeyDictionary()  # by the tile's id


def tiles_at(db: Session, level: int, keys: set[Key]) -> dict[Key, "Tile"]:
    """These tiles, as far as the store has them; those used last are kept in memory."""
    cache = _caches.setdefault(db.get_bind().engine, OrderedDict())
    columns, rows = zip(*keys, strict=True)
    listed = select(TILES.c.id, TILES.c.tile_column, TILES.c.tile_row).where(
        TILES.c.zoom_level == level,
        TILES.c.tile_column.between(min(columns), max(columns)),
        TILES.c.tile_row.between(min(rows), max(rows)),
    )
    ids = {tile.id: (tile.tile_column, tile.tile_row) for tile in db.execute(listed)}
    ids = {number: key for number, key in ids.items() if key in keys}
    found = {key: cache[number] for number, key in ids.items() if number in cache}
    missing = [number for number, key in ids.items() if key not in found]
    for start in range(0, len(missing), 100):
        asked = select(TILES.c.id, TILES.c.tile_data).where(TILES.c.id.in_(missing[start : start + 100]))
        for number, tile_data in db.execute(asked):
            found[ids[number]] = cache[number] = Tile(decode(tile_data))
    for number in ids:
        cache.move_to_end(number)
    while len(cache) > CACHED_TILES:
        cache.popitem(last=False)
    return found


@event.listens_for(Engine, "rollback")
@event.listens_for(Engine, "rollback_savepoint")
def _forget_tiles(connection: Connection, *_: Any) -> None:
    """A number that was given to a tile and taken back may be given again, to another one."""
    if connection.info.get("terrain_written"):
        _caches.pop(connection.engine, None)


@event.listens_for(Engine, "commit")
def _keep_tiles(connection: Connection) -> None:
    connection.info.pop("terrain_written", None)
