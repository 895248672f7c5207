"""XYZ terrain: one point a line, as the survey offices deliver their DGM1, laid into a grid."""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import rasterio
from rasterio.transform import from_origin
from rasterio.windows import Window

from twin.errors import BadFile

CHUNK = 16 << 20  # bytes
SAMPLE = 1_000_000  # points that the grid's spacing is read from
OFF_GRID = 0.25  # of a cell
MOST_CELLS = 500_000_000
MOST_EMPTY = 50  # cells for each point: more is no grid
_NUMBER = re.compile(rb"[-+]?(\d+([.,]\d*)?|[.,]\d+)(e[-+]?\d+)?$", re.IGNORECASE)
_HEADER = re.compile(rb'["\s]*(x|e|east|easting|rechtswert|lon|longitude)["\s]*[\s,;]', re.IGNORECASE)
_BLANKS = bytes.maketrans(b";\t\r", b"   ")
_COMMAS = bytes.maketrans(b",;\t\r", b"    ")
_DECIMAL_COMMAS = bytes.maketrans(b",;\t\r", b".   ")


def recognises(head: bytes) -> bool:
    """Three numbers a line, and nothing else."""
    lines = [line for line in head.splitlines()[:30] if line.strip()]
    if len(lines) == 30:
        lines.pop()  # it may be cut off
    if lines and _HEADER.match(lines[0]):
        lines = lines[1:]
    return len(lines) >= 2 and all(_three_numbers(line) for line in lines)


def _three_numbers(line: bytes) -> bool:
    words = line.translate(_plain(line)).split()
    return len(words) == 3 and all(_NUMBER.match(word) for word in words)


def _plain(sample: bytes) -> bytes:
    """How to turn the line's separators into blanks: commas separate, unless something else does."""
    if b"," not in sample:
        return _BLANKS
    other = b";" in sample or len(sample.split()) >= 3
    return _DECIMAL_COMMAS if other else _COMMAS


def ends(path: Path) -> tuple[float, float, float, float]:
    """minx, miny, maxx, maxy of the first and the last points: sorted as they are, those of the whole file."""
    with path.open("rb") as file:
        head = file.read(1 << 16)
        file.seek(max(path.stat().st_size - (1 << 16), 0))
        tail = file.read()
    lines = [line for part in (head, tail) for line in part.splitlines()[1:-1] if line.strip()]
    points = [line.translate(_plain(line)).split()[:2] for line in lines or head.splitlines() if _three_numbers(line)]
    if not points:
        raise BadFile("its lines do not hold three numbers each. XYZ wants x, y and height.")
    x, y = np.array(points, float).T
    return float(x.min()), float(y.min()), float(x.max()), float(y.max())


def to_raster(path: Path, target: Path) -> list[str]:
    """Write the points as a GeoTIFF, NaN where there is none. Returns notes. Raises BadFile."""
    spilled = target.with_suffix(".points")
    with spilled.open("wb") as file:
        for points in _points(path):
            points.tofile(file)
    points = np.memmap(spilled, "float64", "r").reshape(-1, 3)
    grid = _Grid(points)
    heights = np.memmap(target.with_suffix(".heights"), "float32", "w+", shape=(grid.height, grid.width))
    heights[:] = np.nan
    for start in range(0, len(points), SAMPLE):
        columns, rows = grid.cells_of(points, start)
        heights[rows, columns] = points[start : start + SAMPLE, 2]
    known = _write(heights, grid, target)
    twice = len(points) - known - int(np.isnan(points[:, 2]).sum())
    return [f"points in a cell that had one already, of which the last one was taken: {twice:,}"] if twice else []


def _points(path: Path) -> Iterator[np.ndarray]:
    """(n, 3) float64, chunk by chunk."""
    line = 1
    with path.open("rb") as file:
        first = file.readline()
        if not _HEADER.match(first):
            file.seek(0)
            line = 0
        blanks = _plain(first if line == 0 else file.readline())
        file.seek(0 if line == 0 else len(first))
        rest = b""
        while chunk := file.read(CHUNK):
            whole, newline, rest = (rest + chunk).rpartition(b"\n")
            if not newline and len(rest) > CHUNK:
                raise BadFile(f"line {line + 1} is longer than any line of an XYZ file. Ask for the file again.")
            yield _numbers(whole, blanks, line)
            line += whole.count(b"\n") + bool(newline)
        yield _numbers(rest, blanks, line)


def _numbers(lines: bytes, blanks: bytes, before: int) -> np.ndarray:
    """before: how many lines of the file stand before these."""
    plain = lines.translate(blanks)
    try:
        numbers = np.fromstring(plain, sep=" ") if plain.strip() else np.empty(0)
        whole = len(numbers) == 3 * sum(1 for line in plain.split(b"\n") if line and not line.isspace())
    except ValueError:
        whole = False
    if whole:
        return numbers.reshape(-1, 3)
    for count, line in enumerate(lines.split(b"\n"), before + 1):
        words = line.translate(blanks).split()
        if words and (len(words) != 3 or not all(_NUMBER.match(word) for word in words)):
            shown = line.decode("utf-8", "replace").strip()[:60]
            raise BadFile(f"line {count}: “{shown}” is not x, y and height. Put the line right, or take it out.")
    raise BadFile(f"somewhere after line {before} a line is not x, y and height. Ask for the file again.")


class _Grid:
    """The regular grid that the points lie on."""

    def __init__(self, points: np.ndarray):
        if not len(points):
            raise BadFile("there is no point in it. Ask for it again.")
        self.west, self.south = points[:, 0].min(), points[:, 1].min()
        self.east, self.north = points[:, 0].max(), points[:, 1].max()
        if not np.isfinite([self.west, self.south, self.east, self.north]).all():
            raise BadFile("a coordinate is not a number. Ask for it again.")
        steps = [_spacing(points[:SAMPLE, axis]) for axis in (0, 1)]
        step = next((step for step in steps if step), 0)
        if not step:
            raise BadFile("all points lie in one place: that is no terrain. Ask for it again.")
        self.width, self.dx = _count(self.east - self.west, steps[0] or step)
        self.height, self.dy = _count(self.north - self.south, steps[1] or step)
        cells = self.width * self.height
        if cells > MOST_EMPTY * len(points) + 10_000:
            raise BadFile(
                "its points do not lie on a grid: a point cloud. Twin takes terrain as a regular grid, such as a DGM1."
            )
        if cells > MOST_CELLS:
            raise BadFile(f"it spans {cells:,} cells, more than {MOST_CELLS:,}. Cut it into tiles.")

    def cells_of(self, points: np.ndarray, start: int) -> tuple[np.ndarray, np.ndarray]:
        columns = (points[start : start + SAMPLE, 0] - self.west) / self.dx
        rows = (self.north - points[start : start + SAMPLE, 1]) / self.dy
        whole_columns, whole_rows = columns.round(), rows.round()
        off = (np.abs(columns - whole_columns) > OFF_GRID) | (np.abs(rows - whole_rows) > OFF_GRID)
        if off.any():
            x, y, _ = points[start + int(np.argmax(off))]
            raise BadFile(
                f"the point {x:g} / {y:g} lies off the grid of {self.dx:g} by {self.dy:g} that the others lie on."
                " Twin takes terrain as a regular grid, such as a DGM1, not as a point cloud."
            )
        return whole_columns.astype(int), whole_rows.astype(int)


def _spacing(values: np.ndarray) -> float:
    """0 where all are the same. Printed decimals make steps uneven: the mean of the usual ones is the spacing."""
    steps = np.diff(np.unique(values))
    if not len(steps):
        return 0.0
    usual = steps[(steps > 0.5 * np.median(steps)) & (steps < 1.5 * np.median(steps))]
    return float(usual.mean())


def _count(length: float, step: float) -> tuple[int, float]:
    """How many cells, and their exact size."""
    steps = round(length / step)
    return steps + 1, length / steps if steps else step


def _write(heights: np.ndarray, grid: _Grid, target: Path) -> int:
    """Returns how many cells have a height."""
    known = 0
    at_once = max(4_000_000 // grid.width, 1)
    with rasterio.open(
        target, "w", driver="GTiff", width=grid.width, height=grid.height, count=1, dtype="float32", nodata=np.nan,
        transform=from_origin(grid.west - grid.dx / 2, grid.north + grid.dy / 2, grid.dx, grid.dy), bigtiff="if_safer",
    ) as raster:  # fmt: skip
        for top in range(0, grid.height, at_once):
            rows = heights[top : top + at_once]
            known += int((~np.isnan(rows)).sum())
            raster.write(rows, 1, window=Window(0, top, grid.width, len(rows)))
    return known
