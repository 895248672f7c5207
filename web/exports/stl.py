"""A square of the city for a 3D printer: one closed body with a base plate, in tiles that fit the print bed (STL)."""

import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sqlalchemy.orm import Session

from layers.buildings import Building
from scenarios.rows import Bounds, rows_in
from scenarios.shade.relief import READS, relief
from twin.errors import BadValue
from twin.feature import Words
from twin.ground import window

NOZZLE = 0.4  # mm: finer than that is not printed
MOST_CELLS = 1500  # along a side
STOREY = 3.2  # metres, where nothing is said
SIDES, SCALES, BEDS = (20.0, 5000.0), (100, 20_000), (50.0, 1000.0)  # the least and the most
_TRIANGLE = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])


@dataclass(frozen=True)
class Print:
    """middle: x, y in the city's metres; side: metres; scale: 1000 for 1:1000; bed and base in millimetres."""

    middle: tuple[float, float]
    side: float
    scale: int = 1000
    bed: float = 200.0
    base: float = 3.0

    def check(self) -> None:
        for value, (least, most), de, en in (
            (self.side, SIDES, "Seitenlänge (m)", "length of the side (m)"),
            (self.scale, SCALES, "Maßstab 1:n", "scale 1:n"),
            (self.bed, BEDS, "Druckbett (mm)", "print bed (mm)"),
            (self.base, (0.8, 50.0), "Bodenplatte (mm)", "base plate (mm)"),
        ):
            if not least <= value <= most:
                raise BadValue(
                    Words(f"{de}: {value:g} geht nicht. Erlaubt: {least:g} bis {most:g}.",
                          f"{en}: {value:g} cannot be. Allowed: {least:g} to {most:g}.")
                )  # fmt: skip

    @property
    def size(self) -> float:
        """Of the whole model's side, in millimetres."""
        return self.side * 1000 / self.scale

    @property
    def tiles(self) -> int:
        """Along a side."""
        return int(np.ceil(self.size / self.bed - 1e-9))

    @property
    def cell(self) -> float:
        """Metres of a cell: as fine as the nozzle, and a whole number of them along a tile's side."""
        finest = max(NOZZLE * self.scale / 1000, self.side / MOST_CELLS)
        return self.side / (self.tiles * max(round(self.side / self.tiles / finest), 1))


def stl(db: Session, scenario: int, asked: Print, path: Path) -> None:
    """One .stl, or a .zip with one for each tile: row 1 is the north."""
    asked.check()
    heights = heights_of(db, scenario, asked)
    count = asked.tiles
    if count == 1 and path.suffix != ".zip":
        path.write_bytes(body(heights, asked))
        return
    each = (len(heights) - 1) // count
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        for row in range(count):
            for column in range(count):
                part = heights[row * each : (row + 1) * each + 1, column * each : (column + 1) * each + 1]
                archive.writestr(f"{row + 1}-{column + 1}.stl", body(part, asked))


def heights_of(db: Session, scenario: int, asked: Print) -> np.ndarray:
    """(n + 1, n + 1) millimetres above the print bed, north up: the higher of ground and roofs at each corner."""
    half, cell = asked.side / 2, asked.cell
    x, y = asked.middle
    count = round(asked.side / cell) + 1
    west, north = x - half - cell / 2, y + half + cell / 2  # the middles of the cells are the corners of the model
    bounds: Bounds = (west, north - count * cell, west + count * cell, north)
    ground = window(db, bounds, cell)
    known = ground[np.isfinite(ground)]
    ground = np.where(np.isfinite(ground), ground, known.min() if len(known) else np.nan).astype("float32")
    rows = rows_in(db, Building, scenario, bounds, READS)
    if len(known) == 0:  # no terrain: all stand on one plane
        ground[:] = 0.0
        rows.columns["base_height"] = np.zeros(len(rows), object)
    raised = relief(ground, bounds, cell, rows, STOREY)
    return asked.base + (raised - raised.min()) * 1000 / asked.scale


def body(heights: np.ndarray, asked: Print) -> bytes:
    """A closed body below a grid of heights. heights: (n, n) millimetres, north up."""
    rows, columns = heights.shape
    step = asked.cell * 1000 / asked.scale
    x, y = np.meshgrid(np.arange(columns) * step, np.arange(rows)[::-1] * step)
    top = np.stack([x, y, heights], axis=-1)
    a, b, c, d = (
        top[:-1, :-1],
        top[:-1, 1:],
        top[1:, 1:],
        top[1:, :-1],
    )  # north-west, north-east, south-east, south-west
    faces = [np.stack([a, d, c], axis=2).reshape(-1, 3, 3), np.stack([a, c, b], axis=2).reshape(-1, 3, 3)]
    rim = np.concatenate([top[:-1, 0], top[-1, :-1], top[:0:-1, -1], top[0, :0:-1]])  # counter-clockwise from above
    following, foot = np.roll(rim, -1, axis=0), rim * [1, 1, 0]
    next_foot = following * [1, 1, 0]
    middle = np.broadcast_to([(columns - 1) * step / 2, (rows - 1) * step / 2, 0.0], rim.shape)
    faces += [
        np.stack(one, axis=1)
        for one in ((rim, foot, following), (foot, next_foot, following), (middle, next_foot, foot))
    ]
    return packed(np.concatenate(faces))


def packed(faces: np.ndarray) -> bytes:
    """faces: (n, 3, 3) corners in millimetres, counter-clockwise seen from outside."""
    made = np.zeros(len(faces), _TRIANGLE)
    across = np.cross(faces[:, 1] - faces[:, 0], faces[:, 2] - faces[:, 0])
    made["normal"] = across / np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-12)
    made["corners"] = faces
    return b"Twin".ljust(80) + np.uint32(len(faces)).tobytes() + made.tobytes()
