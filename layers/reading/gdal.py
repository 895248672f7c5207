"""Vector files through GDAL, and what GDAL has to say about them in sentences."""

import codecs
import importlib
import re
import sqlite3
import struct
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from twin.errors import BadFile

if "pandas" not in sys.modules:  # pyogrio imports it where it is, which takes as long as a small town; we need none
    sys.modules["pandas"] = None  # type: ignore[assignment]
    importlib.import_module("pyogrio.raw")
    del sys.modules["pandas"]
import pyogrio.raw

KINDS = {
    ".gpkg": "GeoPackage",
    ".shp": "Shapefile",
    ".geojson": "GeoJSON",
    ".geojsonl": "GeoJSON",
    ".json": "GeoJSON",
    ".fgb": "FlatGeobuf",
    ".kml": "KML",
    ".kmz": "KML",
    ".dxf": "DXF",
    ".gml": "GML",
    ".xml": "GML",
}
AT_ONCE = 20_000  # features in a batch
_DIMENSIONS = {"Point": 0, "LineString": 1, "Curve": 1, "Polygon": 2, "Surface": 2}
LARGEST_KML = 1 << 30  # bytes, unpacked
_PROLOG = 1 << 20  # bytes within which an XML file must have begun
_ANSI = (0, 0x57)  # the language byte of a .dbf that tells nothing
_CHUNK = 1 << 20  # bytes
_NOT_UTF8 = "some of its text is not UTF-8, as it should be: that was read as CP1252 (Windows)"

Table = tuple[dict[str, Any], Any, Any]  # column -> pyarrow array; (n,) shapes; pyarrow array of the rows' ids


@dataclass
class Part:
    """One layer of a vector file, as GDAL sees it."""

    path: Path
    name: str
    kind: str
    crs: CRS | None
    dimension: int | None  # 0 points, 1 lines, 2 areas, None mixed or not known
    columns: list[str]
    count: int | None
    bounds: tuple[float, float, float, float] | None
    encoding: str | None = None
    notes: tuple[str, ...] = ()
    unknown: str = ""  # the projection that the file names, where no one knows it

    @property
    def address(self) -> str:
        return _address(self.path, self.kind)

    @property
    def keeps_ids(self) -> bool:
        """Does the file number its rows so that the numbers outlive an edit? In others they are mere places."""
        return self.kind == "GeoPackage"

    def tables(self, columns: list[str] | None = None) -> Iterator[Table]:
        """The features, some at a time. columns: only these, without shapes. Raises BadFile."""
        return _tables(self, columns)


def parts_of(path: Path, kind: str) -> list[Part]:
    """The layers of a file that have shapes. Raises BadFile."""
    check(path, kind)
    encoding, notes = _encoding(path) if kind == "Shapefile" else (None, ())
    found = []
    with spoken():
        names = [path.stem] if kind in ("Shapefile", "FlatGeobuf") else None
        if names is None and kind != "GeoJSON":
            names = [name for name, shape in pyogrio.list_layers(_address(path, kind)) if shape is not None]
        for name in names if names is not None else [None]:
            info = pyogrio.read_info(
                _address(path, kind), layer=name, encoding=encoding, force_feature_count=True, force_total_bounds=True
            )
            found.append(_part(path, kind, info, encoding, notes))
    return found


def _part(path: Path, kind: str, info: dict[str, Any], encoding: str | None, notes: tuple[str, ...]) -> Part:
    bounds = info["total_bounds"]
    crs, unknown = _crs(_named_in(path) or info["crs"] if kind == "GeoJSON" else info["crs"])
    return Part(
        path=path,
        name=info["layer_name"],
        kind=kind,
        crs=crs,
        unknown=unknown,
        dimension=_dimension(info["geometry_type"]),
        columns=list(info["fields"]),
        count=info["features"] if info["features"] >= 0 else None,
        bounds=tuple(bounds) if bounds is not None and np.isfinite(bounds).all() else None,
        encoding=encoding,
        notes=notes,
    )


def _crs(words: str | None) -> tuple[CRS | None, str]:
    """The projection, or what the file calls it where that is none."""
    try:
        return (CRS.from_user_input(words) if words else None), ""
    except CRSError:
        return None, words or ""


def _named_in(path: Path) -> str | None:
    """A GeoJSON's own name of its projection, where GDAL would take an unknown one for degrees in silence."""
    with path.open("rb") as file:
        head = file.read(4096)
    named = re.search(rb'"crs"\s*:\s*\{[^{}]*\{[^{}]*"name"\s*:\s*"([^"]+)"', head)
    name = named[1].decode("utf-8", "replace") if named else None
    return name if _crs(name)[1] else None


def _dimension(shape: str | None) -> int | None:
    plain = (shape or "").replace("Multi", "").replace("2.5D ", "").replace("Measured ", "").replace("3D ", "")
    plain = plain.replace(" ", "").removesuffix("ZM").removesuffix("Z").removesuffix("M")
    return {"CompoundCurve": 1, "CircularString": 1, "CurvePolygon": 2}.get(plain, _DIMENSIONS.get(plain))


def _tables(part: Part, columns: list[str] | None) -> Iterator[Table]:
    with spoken():
        reading = pyogrio.raw.open_arrow(
            part.address,
            layer=part.name,
            encoding=part.encoding,
            columns=columns,
            read_geometry=columns is None,
            return_fids=True,
            batch_size=AT_ONCE,
            use_pyarrow=True,
        )
        stack = reading.__enter__()
    start = 0
    try:
        meta, stream = stack
        while True:
            with spoken():
                batch = next(stream, None)
                if batch is None:
                    break
                shape_name, fid_name = meta["geometry_name"] or "wkb_geometry", meta["fid_column"] or "OGC_FID"
                columns_read = (_in_utf8(part, column) for column in batch.columns)
                table = dict(zip(batch.schema.names, columns_read, strict=True))
                wkb = table.pop(shape_name, None)
                shapes = None if wkb is None else _shapes(part, wkb, start)
                fids = table[fid_name] if fid_name in part.columns else table.pop(fid_name)
            yield table, shapes, fids
            start += batch.num_rows
    finally:
        with spoken():
            reading.__exit__(None, None, None)
    if part.kind == "FlatGeobuf" and start < (part.count or 0):
        raise BadFile(f"the file is cut off: {start:,} of {part.count:,} features are there. Copy or export it again.")


def _in_utf8(part: Part, column: Any) -> Any:
    """GDAL hands on text as it finds it, and offices write CP1252 into files that have to be UTF-8."""
    import pyarrow as pa

    if not pa.types.is_string(column.type):
        return column
    try:
        column.validate(full=True)
        return column
    except pa.ArrowInvalid:
        if _NOT_UTF8 not in part.notes:
            part.notes += (_NOT_UTF8,)
        return pa.array([None if text is None else _decoded(text) for text in column.cast(pa.binary()).to_pylist()])


def _decoded(text: bytes) -> str:
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError:
        return text.decode("cp1252", "replace")


def _shapes(part: Part, wkb: Any, start: int) -> np.ndarray:
    """(n,) shapely geometries; None where there is none that can be understood. Arcs become short lines."""
    values = np.array(wkb.to_pylist(), object)  # Arrow's own way to numpy would import pandas
    try:
        return shapely.from_wkb(values, on_invalid="ignore")
    except NotImplementedError:
        some = {"skip_features": start, "max_features": len(values)}
        _, _, values, _ = pyogrio.raw.read(part.address, layer=part.name, columns=[], **some)
        return shapely.from_wkb(values, on_invalid="ignore")


@contextmanager
def spoken() -> Iterator[None]:
    """GDAL's errors as BadFile, its warnings unprinted."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except UnicodeDecodeError as error:
            raise BadFile(
                "its text is not in the encoding that it says. Put a .cpg beside it that names the right one (UTF-8 or"
                " CP1252), or export it as GeoPackage."
            ) from error
        except (RuntimeError, OSError, ValueError, NotImplementedError) as error:
            raise BadFile(_sentence(str(error))) from error


def _sentence(gdal: str) -> str:
    for words, sentence in (
        ("malformed", "the file is damaged or cut off. Copy or export it again."),
        (".shx", "the .shx beside it is missing or damaged. Copy all files of the shapefile: .shp, .shx, .dbf, .prj."),
        ("nest", "its brackets are nested too deeply to be a map. Export it again."),
        ("not recognized", "its content is not what its name says. Look whether the right file was exported."),
    ):
        if words in gdal:
            return sentence
    place = re.search(r"[Aa]t line \d+(, character \d+)?|line \d+(, column \d+)?", gdal)
    where = f" ({place[0][0].lower()}{place[0][1:]})" if place else ""
    return f"the file is damaged or cut off{where}: {gdal.strip().splitlines()[0][:200].rstrip('.')}. Export it again."


def _address(path: Path, kind: str) -> str:
    if kind == "GML":
        return f"/vsisubfile/0,{path}"  # a window: beside the file itself GDAL would write one of its own
    if path.suffix.lower() == ".geojsonl":
        return f"GeoJSONSeq:{path}"  # else the first line is taken for the whole
    return str(path)


def check(path: Path, kind: str) -> None:
    """Is the file whole and harmless? GDAL reads some that are cut off without a word. Raises BadFile."""
    checks: dict[str, Callable[[Path], None]] = {
        "GeoPackage": _check_geopackage,
        "Shapefile": _check_shapefile,
        "KML": _check_kml,
        "GML": _check_xml,
        "DXF": _check_dxf,
    }
    if kind in checks:
        checks[kind](path)


def _check_geopackage(path: Path) -> None:
    with path.open("rb") as file:
        head = file.read(100)
    if len(head) < 100:
        raise BadFile("the GeoPackage is cut off. Copy or export it again.")
    page = struct.unpack(">H", head[16:18])[0]
    version, pages, valid_for = (struct.unpack(">I", head[place : place + 4])[0] for place in (24, 28, 92))
    expected = pages * (65_536 if page == 1 else page)
    size = path.stat().st_size
    if version == valid_for and size < expected:
        raise BadFile(f"the GeoPackage is cut off: {size:,} of {expected:,} bytes are there. Copy or export it again.")
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
            names = {name for (name,) in database.execute("select name from sqlite_master")}
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        raise BadFile(f"the GeoPackage is damaged ({error}). Copy or export it again.") from error
    if {"city", "scenario"} <= names:
        raise BadFile("this is a store of Twin, not a delivery: open it with twin serve.")
    if "gpkg_contents" not in names:
        raise BadFile("it is a SQLite database, but no GeoPackage. Export it as GeoPackage.")


def _check_shapefile(path: Path) -> None:
    for suffix in (".shx", ".dbf"):
        if beside(path, suffix) is None:
            raise BadFile(
                f"the {suffix} beside it is missing. Copy all files of the shapefile: .shp, .shx, .dbf, and .prj."
            )
    with path.open("rb") as file:
        head = file.read(100)
    if len(head) < 100 or path.stat().st_size < 2 * struct.unpack(">I", head[24:28])[0]:
        raise BadFile("the .shp is cut off. Copy or export it again.")
    table = beside(path, ".dbf") or path
    with table.open("rb") as file:
        head = file.read(32)
    if len(head) < 32:
        raise BadFile("the .dbf beside it is cut off. Copy or export it again.")
    rows, header, width = struct.unpack("<IHH", head[4:12])
    if table.stat().st_size < header + rows * width:
        raise BadFile(f"the .dbf beside it is cut off: it should hold {rows:,} rows. Copy or export it again.")


def beside(path: Path, suffix: str) -> Path | None:
    """The file of the same name with another ending, in small or in capital letters."""
    for ending in (suffix, suffix.upper()):
        if path.with_suffix(ending).is_file():
            return path.with_suffix(ending)
    return None


def _encoding(path: Path) -> tuple[str | None, tuple[str, ...]]:
    """The encoding of a shapefile's text, where neither a .cpg nor the .dbf itself tells it."""
    table = beside(path, ".dbf")
    if table is None or beside(path, ".cpg") is not None:
        return None, ()
    with table.open("rb") as file:
        head = file.read(32)
        if head[29] not in _ANSI:
            return None, ()
        names = file.read(struct.unpack("<H", head[8:10])[0] - 32)
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            b"".join(names[start : start + 11] for start in range(0, len(names) - 1, 32)).decode("utf-8")
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
            return "UTF-8", ()
        except UnicodeDecodeError:
            return "CP1252", ("there is no .cpg, and its text is not UTF-8: it was read as CP1252 (Windows)",)


def _check_kml(path: Path) -> None:
    if path.suffix.lower() != ".kmz":
        _check_xml(path)
        return
    import zipfile

    try:
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                if entry.file_size > LARGEST_KML:
                    raise BadFile(f"{entry.filename} in it would unpack to {entry.file_size / 1e9:.1f} GB: a zip bomb?")
                if entry.filename.lower().endswith(".kml"):
                    with archive.open(entry) as file:
                        xml_root(file.read(_PROLOG))
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        raise BadFile(f"the .kmz cannot be unpacked ({error}). Export it again.") from error


def _check_xml(path: Path) -> None:
    """GDAL keeps silent about XML that breaks off, so it is walked through once before."""
    from lxml import etree

    class Nothing:
        def close(self) -> None: ...

    silent: Any = Nothing()
    parser = etree.XMLParser(target=silent, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    with path.open("rb") as file:
        chunk = file.read(_PROLOG)
        xml_root(chunk)
        try:
            while chunk:
                parser.feed(chunk)
                chunk = file.read(_CHUNK)
            parser.close()
        except etree.XMLSyntaxError as error:
            raise BadFile(f"the XML is broken or cut off in line {error.lineno}. Export it again.") from error


def xml_root(head: bytes) -> str:
    """The local name of the root element. Raises BadFile for a DOCTYPE: entities are how XML harms its reader."""
    encoding = "utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    text = head.decode(encoding, "replace")
    while True:
        text = text.lstrip("\ufeff \t\r\n")
        if text.startswith("<!--"):
            text = text.partition("-->")[2]
        elif text.startswith("<?"):
            text = text.partition("?>")[2]
        else:
            break
    if text[:9].upper() == "<!DOCTYPE":
        raise BadFile("it has a DOCTYPE, by which a file can reach for others. Export it without one.")
    match = re.match(r"<(?:[\w.-]+:)?([\w.-]+)", text)
    if match is None:
        raise BadFile(
            "it is not XML, or begins with too much beside the map. Look whether the right file was exported."
        )
    return match[1]


def _check_dxf(path: Path) -> None:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 4096))
        tail = file.read()
    if b"EOF" not in tail:
        raise BadFile("the drawing is cut off: it has no EOF. Copy or export it again.")
