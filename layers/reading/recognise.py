"""Says what each file of a delivery is, and which reader takes it."""

import gzip
import os
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from twin.errors import BadFile

# Which readers may take a file with this ending, the likeliest first. Imported only when one is met.
READERS = {
    ".gml": ("citygml", "xplan", "vector"),
    ".xml": ("citygml", "xplan", "osm", "vector"),
    ".json": ("cityjson", "vector"),
    ".jsonl": ("cityjson",),
    ".geojson": ("vector",),
    ".geojsonl": ("vector",),
    ".osm": ("osm",),
    ".pbf": ("osm",),
    ".csv": ("raster", "tables"),
    ".tsv": ("tables",),
    ".txt": ("raster", "tables"),
    ".xlsx": ("tables",),
    ".xlsm": ("tables",),
    ".gpkg": ("vector",),
    ".shp": ("vector",),
    ".fgb": ("vector",),
    ".kml": ("vector",),
    ".kmz": ("vector",),
    ".dxf": ("vector",),
    ".tif": ("raster",),
    ".tiff": ("raster",),
    ".asc": ("raster",),
    ".xyz": ("raster",),
    ".hgt": ("raster",),
    ".vrt": ("raster",),
    ".img": ("raster",),
}
# In this order: what others stand on or are joined to comes first.
ORDER = ("raster", "citygml", "cityjson", "vector", "wfs", "osm", "xplan", "gtfs", "tables")
DOCUMENTS = {
    ".md",
    ".txt",
    ".pdf",
    ".doc",
    ".docx",
    ".odt",
    ".html",
    ".htm",
    ".png",
    ".jpg",
    ".jpeg",
    ".rtf",
    ".log",
    ".twin",
    "",
}
SIDECARS = {
    ".dbf",
    ".shx",
    ".prj",
    ".cpg",
    ".qmd",
    ".qix",
    ".sbn",
    ".sbx",
    ".tfw",
    ".qml",
    ".sld",
    ".qgz",
    ".qgs",
    ".cfg",
}
SIDECARS |= {".wld", ".qlr", ".idx", ".gfs", ".xsd", ".ovr", ".lyr"}
HEAD = 65_536
MOST_UNPACKED = 20 << 30  # bytes that an archive may unpack to
MOST_RATIO = 300  # how many times larger than its archive a file may become, beyond the first 100 MB
MOST_FILES = 100_000


@dataclass
class Found:
    """A file of the delivery. reader: the module that reads it; None for what is passed over, with the reason."""

    path: Path | str  # an address for WFS and OGC API
    shown: str  # as the planner knows it: an archive's name stands before that of the file in it
    reader: Any = None
    reason: str = ""
    document: bool = False  # text for people: nothing to load, nothing wrong

    @property
    def name(self) -> str:
        return self.reader.__name__.rsplit(".", 1)[-1] if self.reader else ""


def find(paths: list[str], keep: ExitStack) -> list[Found]:
    """Everything at these paths, in the order in which it is to be read. keep: holds what archives are unpacked to."""
    found = [one for path in paths for one in _at(path, keep)]
    return sorted(found, key=lambda one: ORDER.index(one.name) if one.reader else len(ORDER))


def _at(path: str, keep: ExitStack) -> Iterator[Found]:
    if path.startswith(("http://", "https://")):
        yield Found(path, path, _reader("wfs"))
    elif os.path.isdir(path):  # noqa: PTH112  # pathlib fails for names that are too long
        yield from _in_folder(Path(path), _legible(path), keep)
    elif os.path.isfile(path):  # noqa: PTH113
        yield from _file(Path(path), _legible(path), keep, depth=0)
    elif os.path.exists(path):  # noqa: PTH110
        raise BadFile(f"{_legible(path)}: it is neither a file nor a folder. Copy what it gives into a file.")
    else:
        raise BadFile(f"{_legible(path)}: there is no such file or folder. Look at the spelling.")


def _legible(path: str) -> str:
    """A path as it can be printed and stored, whatever bytes its names are made of."""
    return os.fsencode(path).decode("utf-8", "replace")


def _in_folder(
    folder: Path, shown: str, keep: ExitStack, depth: int = 0, above: tuple[Path, ...] = ()
) -> Iterator[Found]:
    if folder.resolve() in above:
        return  # a link to a folder that it is in
    if not os.access(folder, os.R_OK | os.X_OK):
        yield Found(folder, shown, reason="the folder may not be opened. Ask its owner for the right to read it.")
        return
    above += (folder.resolve(),)
    names = {child.name.lower() for child in folder.iterdir()}
    if {"stops.txt", "routes.txt"} <= names or {"trips.txt", "stop_times.txt"} <= names:
        yield Found(folder, shown, _reader("gtfs"))
        return
    for child in sorted(folder.iterdir()):
        if child.name.startswith((".", "__MACOSX")):
            continue
        child_shown = f"{shown.rstrip('/')}/{_legible(child.name)}"
        if child.is_dir():
            yield from _in_folder(child, child_shown, keep, depth, above)
        elif child.is_file():
            yield from _file(child, child_shown, keep, depth)


def _file(path: Path, shown: str, keep: ExitStack, depth: int) -> Iterator[Found]:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    suffix = suffixes[-1] if suffixes else ""
    if any(unicodedata.category(letter) in ("Cc", "Cs") for letter in str(path)):
        yield Found(path, shown, reason="its path has a line break in it, or letters that are not UTF-8. Rename it.")
        return
    if suffix == ".zip":
        yield from _archive(path, shown, keep, depth)
        return
    if suffix == ".gz" and len(suffixes) > 1:
        suffix = suffixes[-2]
    if suffix in SIDECARS or path.name.endswith(".aux.xml"):
        return
    try:
        head = _head(path)
    except (OSError, EOFError, zlib.error) as error:
        yield Found(path, shown, reason=f"it cannot be opened ({error}). Ask for it again.")
        return
    for name in READERS.get(suffix, ()):
        reader = _reader(name)
        if reader.recognises(path, head):
            yield Found(path, shown, reader)
            return
    if suffix in DOCUMENTS:
        yield Found(path, shown, reason="a document: nothing to load", document=True)
    else:
        yield Found(path, shown, reason=_unknown(suffix, head))


def _unknown(suffix: str, head: bytes) -> str:
    if not head:
        return "the file is empty. Ask for it again."
    if suffix not in READERS:
        return f"Twin does not read {suffix} files. Export it as GeoPackage, GeoJSON, CityGML or CSV."
    begins = "".join(head[:40].decode("utf-8", "replace").strip().splitlines()[:1])
    begins = f"“{begins}”" if begins.isprintable() else "bytes that are no text"
    return (
        f"it is called {suffix} but begins with {begins}, which is none of the formats with that ending."
        " Look whether the right file was exported, or rename it to what it is."
    )


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        head = file.read(HEAD)
    if head[:2] == b"\x1f\x8b":
        with gzip.open(path) as file:
            head = file.read(HEAD)
    return head


def _archive(path: Path, shown: str, keep: ExitStack, depth: int) -> Iterator[Found]:
    try:
        with zipfile.ZipFile(path) as archive:
            _check_archive(archive, path)
            gtfs = _reader("gtfs")
            if gtfs.recognises(path, b"PK"):
                yield Found(path, shown, gtfs)
                return
            if depth > 1:
                yield Found(path, shown, reason="an archive in an archive in an archive. Unpack it first.")
                return
            folder = Path(keep.enter_context(TemporaryDirectory(prefix="twin-")))
            archive.extractall(folder)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error, EOFError, OSError) as error:
        yield Found(path, shown, reason=f"the archive cannot be unpacked ({error}). Ask for it again.")
        return
    except BadFile as error:
        yield Found(path, shown, reason=str(error))
        return
    yield from _in_folder(folder, shown, keep, depth + 1)


def _check_archive(archive: zipfile.ZipFile, path: Path) -> None:
    entries = archive.infolist()
    size, packed = sum(entry.file_size for entry in entries), max(path.stat().st_size, 1)
    if len(entries) > MOST_FILES:
        raise BadFile(f"the archive holds {len(entries):,} files, more than {MOST_FILES:,}. Unpack it and load a part.")
    if size > MOST_UNPACKED or (size > 100 << 20 and size / packed > MOST_RATIO):
        raise BadFile(
            f"the archive of {packed / 1e6:.1f} MB would unpack to {size / 1e9:.1f} GB: a zip bomb, or damaged."
            " If it is neither, unpack it yourself and load the folder."
        )


def _reader(name: str) -> Any:
    return import_module(f"layers.reading.{name}")
