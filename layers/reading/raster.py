"""Rasters: terrain as GeoTIFF, ASCII grid, XYZ or HGT goes to the ground; land cover becomes surfaces."""

import gzip
import re
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import rasterio
from pyproj import CRS
from pyproj.exceptions import CRSError, ProjError
from rasterio.enums import ColorInterp
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.windows import Window

from layers.reading import holes, landcover, xyz
from layers.reading.batch import Batch, LeftOut, Survey, Terrain, Wanted
from twin.errors import BadFile
from twin.projection import LONLAT, transformer

TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
KINDS = {"GTiff": "GeoTIFF", "AAIGrid": "ASCII grid", "SRTMHGT": "HGT", "XYZ": "XYZ"}
TERRAIN, LAND_COVER, SURFACE_MODEL = "terrain", "land cover", "surface model"
# In this order: "CDSM" is no DSM of the ground.
NAMES = {
    SURFACE_MODEL: r"n?dsm|[bn]?dom|cdsm|tdsm|chm|canopy",
    LAND_COVER: r"land_?cover|lulc|land_?use|bodenbedeckung|landnutzung|classes|klassen",
    TERRAIN: r"dgm|dem|dtm|dhm|hgt|srtm|elevation|altitude|gelaende|gelände|terrain|h(oe|ö)hen",
}
# dgm1_32_700_5650_2_st, dgm_33250-5886: zone and kilometres of the south-western corner.
TILE_NAME = re.compile(r"(?<!\d)(3[23])[_-]?(\d{3})[_-](\d{4})(?!\d)")

MOST_CELLS = 500_000_000  # 22 km x 22 km in cells of one metre
MOST_UNPACKED = 8 << 30  # bytes that a .gz may unpack to
AT_ONCE = 4_000_000  # cells
LOWEST, HIGHEST = -500.0, 9000.0  # metres: below the Dead Sea, above Mount Everest
VOIDS = (-32768, -32767, -9999, -99999, -999, 9999, 99999, 32767, 65535)  # what offices write for "no height"
METRES = {"m": 1.0, "metre": 1.0, "meter": 1.0, "metres": 1.0, "meters": 1.0, "cm": 0.01, "dm": 0.1, "mm": 0.001}
METRES |= {"ft": 0.3048, "foot": 0.3048, "feet": 0.3048, "us survey foot": 1200 / 3937, "ftus": 1200 / 3937}


def recognises(path: Path, head: bytes) -> bool:
    return head[:4] in TIFF or _is_hgt(path) or _is_ascii_grid(head) or xyz.recognises(head)


def survey(path: Path, wanted: Wanted) -> Survey:
    with _unpacked(path) as plain:
        if xyz.recognises(_head(plain)):
            return _survey_xyz(plain, wanted)
        with _opened(plain, wanted) as raster:
            what = _what(raster, wanted)
            layers: dict[str, int | None] = {TERRAIN: raster.source.width * raster.source.height}
            if what == LAND_COVER:
                layers = {"surfaces": None, "water": None}
            return Survey(
                kind=f"{raster.kind} {what}",
                crs=raster.crs,
                bounds=_degrees(*raster.corners, raster.crs),
                layers=layers if what != SURFACE_MODEL else {},
            )


def read(path: Path, wanted: Wanted) -> Iterator[Batch | Terrain]:
    """The raster of a Terrain is there until the next piece is asked for."""
    with _unpacked(path) as plain, TemporaryDirectory(prefix="twin-") as folder:
        notes = []
        if xyz.recognises(_head(plain)):
            gridded = Path(folder) / f"{plain.stem}.tif"
            notes = xyz.to_raster(plain, gridded)
            plain = gridded
        with _opened(plain, wanted) as raster, _said_plainly():
            raster.notes += notes
            what = _what(raster, wanted)
            if what == LAND_COVER:
                yield from landcover.features(raster.source, raster.crs)
            elif what == TERRAIN:
                yield _terrain(raster, Path(folder))
            else:
                yield _surface_model(raster)


@dataclass
class _Raster:
    source: Any  # that rasterio opened
    path: Path
    crs: CRS | None
    notes: list[str] = field(default_factory=list)

    @property
    def kind(self) -> str:
        return KINDS[self.source.driver]

    @property
    def corners(self) -> tuple[np.ndarray, np.ndarray]:
        columns = np.array([0, 0, self.source.width, self.source.width])
        rows = np.array([0, self.source.height, 0, self.source.height])
        return self.source.transform @ (columns, rows)

    @property
    def metres(self) -> float:
        """One unit of its values."""
        unit = (self.source.units[0] or "m").strip().lower()
        if unit not in METRES:
            raise BadFile(f"its heights are in “{unit}”, which Twin does not know. Deliver them in metres.")
        return METRES[unit]


@contextmanager
def _unpacked(path: Path) -> Iterator[Path]:
    """The file itself, or what is in a .gz."""
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    if not packed:
        yield path
        return
    with TemporaryDirectory(prefix="twin-") as folder:
        plain = Path(folder) / (path.stem if path.suffix.lower() == ".gz" else path.name)
        try:
            with gzip.open(path) as source, plain.open("wb") as target:
                while chunk := source.read(1 << 24):
                    target.write(chunk)
                    if target.tell() > MOST_UNPACKED:
                        raise BadFile(f"it unpacks to more than {MOST_UNPACKED >> 30} GB. Cut it into tiles.")
        except (OSError, EOFError, zlib.error) as error:
            raise BadFile(f"it cannot be unpacked ({error}). Ask for it again.") from error
        yield plain


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(1 << 16)


def _is_ascii_grid(head: bytes) -> bool:
    return head.lstrip().lower().startswith((b"ncols", b"nrows", b"xllc", b"yllc"))


@contextmanager
def _said_plainly() -> Iterator[None]:
    try:
        yield
    except RasterioError as error:
        reason = str(error.__cause__ or error).splitlines()[0].rstrip(".")
        raise BadFile(f"the raster is cut off or damaged ({reason}). Ask for it again.") from error


@contextmanager
def _opened(path: Path, wanted: Wanted) -> Iterator[_Raster]:
    with _said_plainly(), warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)  # we say it ourselves
        source = rasterio.open(path, driver=_driver(path))
    with source:
        if source.transform.is_identity and not source.crs:
            raise BadFile(
                "it does not say where it lies: it has neither the tags of a GeoTIFF nor a world file (.tfw)."
                " Export it as a GeoTIFF."
            )
        if source.width * source.height > MOST_CELLS:
            raise BadFile(
                f"it has {source.width * source.height:,} cells, more than {MOST_CELLS:,}. Cut it into tiles."
            )
        raster = _Raster(source, path, None)
        raster.crs = wanted.crs or _crs_of(source) or _crs_in_name(path, *raster.corners)
        yield raster


def _driver(path: Path) -> str:
    """Only this one is tried: GDAL has others, which would follow a file's words to other files and hosts."""
    if _is_hgt(path):
        if not re.match(r"[NS]\d\d[EW]\d{3}", path.name, re.IGNORECASE):
            raise BadFile("an .hgt file is placed by its name, such as N51E012.hgt. Give it back the name it had.")
        return "SRTMHGT"
    return "GTiff" if _head(path)[:4] in TIFF else "AAIGrid"


def _is_hgt(path: Path) -> bool:
    return path.name.lower().removesuffix(".gz").endswith(".hgt")


def _crs_of(source: Any) -> CRS | None:
    if not source.crs:
        return None
    try:
        crs = CRS.from_wkt(source.crs.to_wkt())
    except CRSError as error:
        raise BadFile(f"its projection is unknown ({error}). Say it: --crs 25832, for example.") from error
    horizontal = crs.sub_crs_list[0] if crs.is_compound else crs
    return horizontal if horizontal.is_projected or horizontal.is_geographic else None


def _crs_in_name(path: Path, x: np.ndarray, y: np.ndarray) -> CRS | None:
    """The survey offices name their tiles by UTM zone and kilometres: believed where the corner lies there, too."""
    found = TILE_NAME.search(path.stem)
    if found is None:
        zone, east, north = int(x.min() // 1_000_000), 0, 0
        return CRS(4647 if zone == 32 else 5650) if zone in (32, 33) and 4e6 < y.min() < 7e6 else None
    zone, east, north = (int(part) for part in found.groups())
    if abs(x.min() / 1000 - east) < 1 and abs(y.min() / 1000 - north) < 1:
        return CRS(25800 + zone)
    in_zone = x.min() / 1000 - zone * 1000
    return CRS(4647 if zone == 32 else 5650) if abs(in_zone - east) < 1 and abs(y.min() / 1000 - north) < 1 else None


def _degrees(x: np.ndarray, y: np.ndarray, crs: CRS | None) -> tuple[float, float, float, float] | None:
    if crs is None:
        return None
    try:
        bounds = transformer(crs, LONLAT).transform_bounds(x.min(), y.min(), x.max(), y.max())
    except ProjError:
        return None
    return bounds if np.isfinite(bounds).all() else None


def _survey_xyz(path: Path, wanted: Wanted) -> Survey:
    west, south, east, north = xyz.ends(path)
    x, y = np.array([west, east]), np.array([south, north])
    crs = wanted.crs or _crs_in_name(path, x, y)
    what = wanted.layer or _named(path) or TERRAIN
    return Survey(
        kind=f"XYZ {what}",
        crs=crs,
        bounds=_degrees(x, y, crs),
        layers={TERRAIN: None} if what == TERRAIN else {},
    )


def _named(path: Path) -> str | None:
    """What a raster's name says that it is."""
    for what, words in NAMES.items():
        if re.search(rf"(?<![a-zäöü])({words})(?![a-zäöü])", path.stem.lower()):
            return what
    return None


def _what(raster: _Raster, wanted: Wanted) -> str:
    source = raster.source
    if source.count >= 3 or ColorInterp.red in source.colorinterp:
        raise BadFile("a picture, not heights: it has colours. Terrain is a raster of one band with metres.")
    if source.count == 2 and source.colorinterp[1] != ColorInterp.alpha:
        raise BadFile("it has two bands. Terrain is a raster of one band with metres; export that band alone.")
    if wanted.layer in ("surfaces", "water"):
        return LAND_COVER
    if wanted.layer not in (None, TERRAIN):
        raise BadFile(f"a raster cannot be read as {wanted.layer}: say --as terrain, or --as surfaces for land cover.")
    if wanted.layer == TERRAIN or source.driver == "SRTMHGT":
        return TERRAIN
    with _said_plainly():
        return _named(raster.path) or (LAND_COVER if landcover.looks_like_classes(source) else TERRAIN)


def _surface_model(raster: _Raster) -> Terrain:
    reason = (
        "a surface model: buildings would stand on roofs; Twin takes the terrain from a DGM."
        " If it is terrain all the same, say --as terrain."
    )
    return Terrain("", raster.crs, read=0, holes=0, left_out=[LeftOut("the whole raster", reason)], notes=raster.notes)


def _terrain(raster: _Raster, folder: Path) -> Terrain:
    """The raster as it is, or a copy in which voids and holes are put right."""
    source = raster.source
    look = _Look(raster)
    if look.empty.all():
        raise BadFile("no cell of it has a height: there are only holes. Ask for the file again.")
    found = holes.find(look.empty, source.transform, bool(raster.crs and raster.crs.is_geographic))
    plain = str(raster.path)
    if look.unusual or look.empty.any() or source.count > 1 or raster.metres != 1:
        plain = str(folder / "terrain.tif")
        _copy(raster, look.empty, found.small, plain)
    filled = int(found.small.sum()) if found.small is not None else 0
    return Terrain(
        path=plain,
        crs=raster.crs,
        read=source.width * source.height,
        holes=int(look.empty.sum()) - filled,
        left_out=found.left_open,
        notes=[*raster.notes, *look.notes(), *found.notes],
    )


class _Look:
    """What is found in a raster when every cell is looked at once."""

    def __init__(self, raster: _Raster):
        self.source = raster.source
        self.empty = np.zeros((self.source.height, self.source.width), bool)
        self.second_voids: dict[float, int] = {}
        self.at_the_top = 0  # cells at the highest number that a byte can hold
        for window in _stripes(self.source):
            heights, second_voids = _heights(raster, window)
            self.empty[window.row_off : window.row_off + window.height] = np.isnan(heights)
            for void, count in zip(*np.unique(second_voids, return_counts=True), strict=True):
                self.second_voids[float(void)] = self.second_voids.get(float(void), 0) + int(count)
            if self.source.dtypes[0] == "uint8":
                self.at_the_top += int((heights == 255).sum())

    @property
    def unusual(self) -> bool:
        return bool(self.second_voids) or (self.source.scales[0], self.source.offsets[0]) != (1, 0)

    def notes(self) -> list[str]:
        notes = [f"cells of {void:g}, taken as cells without a height: {n:,}" for void, n in self.second_voids.items()]
        if self.at_the_top:
            notes.append(
                f"heights are whole metres up to 255; cells of 255, which may be higher in truth: {self.at_the_top:,}"
            )
        return notes


def _stripes(source: Any) -> Iterator[Window]:
    rows = max(AT_ONCE // source.width, 1)
    for top in range(0, source.height, rows):
        yield Window(0, top, source.width, min(rows, source.height - top))


def _heights(raster: _Raster, window: Window) -> tuple[np.ndarray, np.ndarray]:
    """Metres above sea level, float32, NaN where there is none; and the values that mean that without saying so."""
    source = raster.source
    values = source.read(1, window=window)
    heights = values.astype("float32") * np.float32(source.scales[0] * raster.metres)
    heights += np.float32(source.offsets[0] * raster.metres)
    heights[source.read_masks(1, window=window) == 0] = np.nan
    if source.count > 1:
        heights[source.read(2, window=window) == 0] = np.nan  # alpha, which GDAL passes over beside float heights
    with np.errstate(invalid="ignore"):
        outside = (heights < LOWEST) | (heights > HIGHEST)
        voids = outside & (np.isin(values, VOIDS) | (np.abs(values) > 1e30))
        heights[voids] = np.nan
        wrong = (heights < LOWEST) | (heights > HIGHEST)
    if wrong.any():
        row, column = np.unravel_index(int(np.argmax(wrong)), wrong.shape)
        where = holes.place(source.transform, column + 0.5, window.row_off + row + 0.5, False)
        raise BadFile(
            f"the height at {where} is {heights[row, column]:,.0f} m. Are they metres above sea level? If the value"
            " stands for “no height”, have it written as the raster's nodata value."
        )
    return heights, values[voids]


def _copy(raster: _Raster, empty: np.ndarray, small: np.ndarray | None, target: str) -> None:
    """Band 1: heights, small holes filled. Band 2: 1 where they are."""
    source = raster.source
    profile = {"width": source.width, "height": source.height, "transform": source.transform, "nodata": np.nan}
    with rasterio.open(target, "w", driver="GTiff", count=2, dtype="float32", bigtiff="if_safer", **profile) as copy:
        for window in _stripes(source):
            top, bottom = max(window.row_off - holes.REACH, 0), window.row_off + window.height + holes.REACH
            around = Window(0, top, source.width, min(bottom, source.height) - top)
            heights = _heights(raster, around)[0]
            filled = np.zeros(heights.shape, bool)
            if small is not None:
                filled = small[top : top + around.height]
                heights = holes.fill(heights, filled)
            own = slice(window.row_off - top, window.row_off - top + window.height)
            copy.write(heights[own], 1, window=window)
            copy.write(filled[own].astype("float32"), 2, window=window)
