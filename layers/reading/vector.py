"""GeoPackage, Shapefile, GeoJSON, FlatGeobuf, KML, DXF and plain GML: each layer of a file becomes one of the city."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import shapely

import layers
from layers.codes import SEALED_PERCENT
from layers.reading import drawing, gdal, meaning
from layers.reading.batch import Batch, LeftOut, Survey, Wanted
from layers.reading.columns import columns_of
from layers.reading.gdal import KINDS, Part, Table
from layers.reading.values import text
from layers.uses import function_to_use
from twin.errors import BadFile
from twin.projection import LONLAT, transformer

IN_A_THREAD = True  # it may read on while what it gave is written: it asks nothing of the store
_IN_MEMORY = 250_000  # features: up to here a file is read once, beyond it twice
_IDS = (
    "gmlid uuid guid globalid oid objid identifier lokalid localid flstkennz flurstueckskennzeichen uid id fid objectid"
)
_IDS_OF = {"blocks": "blknr blocknummer blocknr", "stops": "stopid"}
_RANDOM = re.compile(r".*fid-+[0-9a-f_-]{12,}.*")  # GeoServer makes new ones at each start
_GENERIC = re.compile(
    r"ogrgeojson|layer_?\d*|export|unnamed|untitled|features?|featurecollection|entities|data|daten|doc"
)
_OF_KML = {
    "timestamp",
    "begin",
    "end",
    "altitudeMode",
    "tessellate",
    "extrude",
    "visibility",
    "drawOrder",
    "icon",
    "snippet",
}
_TITLES = {"boundary": "Grenze", "addresses": "Adressen"}
_HIGHEST, _LOWEST = 5000.0, -500.0  # m: what a ground height can be

# What the survey found in a file, until it is read: GDAL walks through a whole GeoJSON to say what is in it.
_surveyed: dict[tuple[Path, int, int], list["Meant"]] = {}


@dataclass
class Meant:
    """A part of a file, and what it means in the city."""

    part: Part
    layer: str
    title: str | None = None  # of a layer that the town brings
    stem: str = ""  # what qualifies bare numbers: two files both count from 1
    place: str = ""  # which layer of the source a row is in, where it has several
    problems: dict[str, Any] = field(default_factory=dict)
    said: set[str] = field(default_factory=set)

    @property
    def known(self) -> bool:
        return self.layer in layers.BY_NAME


def recognises(path: Path, head: bytes) -> bool:
    kind = KINDS.get(path.suffix.lower())
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if kind == "GeoPackage":
        return head.startswith(b"SQLite format 3\0")
    if kind == "Shapefile":
        return head.startswith(b"\x00\x00\x27\x0a")
    if kind == "FlatGeobuf":
        return head.startswith(b"fgb")
    if kind == "GeoJSON":
        return _is_geojson(path, start)
    if kind == "KML":
        return head.startswith(b"PK") or (start.startswith(b"<") and b"<kml" in head)
    if kind == "DXF":
        return b"SECTION" in head[:4096]
    if kind == "GML":
        return b"opengis.net/gml" in head and b"opengis.net/citygml" not in head and b"xplanung.de" not in head
    return False


def _is_geojson(path: Path, start: bytes) -> bool:
    if not start.startswith((b"{", b"\x1e")) or re.search(rb'"type"\s*:\s*"CityJSON', start):
        return False
    return (
        path.suffix.lower() != ".json"
        or re.search(rb'"(Feature(Collection)?|features|coordinates)"', start) is not None
    )


def survey(path: Path, wanted: Wanted) -> Survey:
    kind = KINDS[path.suffix.lower()]
    counts: dict[str, int | None] = {}
    bounds, crs = [], None
    meanings = _surveyed[_state_of(path)] = _meanings(path, wanted)
    for meant in meanings:
        counts[meant.layer] = _sum(counts.get(meant.layer, 0), meant.part.count)
        crs = crs or meant.part.crs
        bounds.append(_degrees(meant.part, wanted))
    known = [one for one in bounds if one is not None]
    together = None
    if known:
        west, south, east, north = zip(*known, strict=True)
        together = (min(west), min(south), max(east), max(north))
    return Survey(kind=kind, crs=wanted.crs or crs, bounds=together, layers=counts)


def _sum(before: int | None, more: int | None) -> int | None:
    return None if before is None or more is None else before + more


def _degrees(part: Part, wanted: Wanted) -> tuple[float, float, float, float] | None:
    crs = wanted.crs or part.crs
    if crs is None or part.bounds is None:
        return None
    found = transformer(crs, LONLAT).transform_bounds(*part.bounds)
    return found if np.isfinite(found).all() else None


def read(path: Path, wanted: Wanted) -> Iterator[Batch]:
    for meant in _surveyed.pop(_state_of(path), None) or _meanings(path, wanted):
        yield from batches(meant, wanted)


def _state_of(path: Path) -> tuple[Path, int, int]:
    stat = path.stat()
    return path, stat.st_size, stat.st_mtime_ns


def _meanings(path: Path, wanted: Wanted) -> list[Meant]:
    kind = KINDS[path.suffix.lower()]
    parts = gdal.parts_of(path, kind)
    if not parts:
        raise BadFile("it has no layer with shapes. Export the layer that is meant, with its geometry.")
    unknown = next((part.unknown for part in parts if part.unknown), "")
    if unknown and wanted.crs is None:
        raise BadFile(f"its projection, “{unknown[:60]}”, is not known. Say which it is: --crs 25832, for example.")
    if kind == "DXF":
        parts = drawing.parts_of(parts[0])
    found = [what_is(part, path.stem, alone=len(parts) == 1, wanted=wanted) for part in parts]
    asked = [meant for meant in found if _asked_for(meant, wanted)]
    if asked and len(asked) < len(found):
        others = ", ".join(meant.part.name for meant in found if meant not in asked)
        asked[0].part.notes += (f"only what is known as {wanted.layer} was read; not read: {others}",)
    return asked or found


def _asked_for(meant: Meant, wanted: Wanted) -> bool:
    """Of a file with many layers, --as takes the one that it names, where there is such a one."""
    part = meant.part
    return wanted.layer is None or meaning.layer_of([part.name], part.columns, part.dimension) == wanted.layer


def what_is(part: Part, stem: str, *, alone: bool, wanted: Wanted) -> Meant:
    """Which layer of the city a part of a file is. stem: the file's name, or the collection's."""
    generic = _GENERIC.fullmatch(meaning.plain(part.name)) is not None
    own = stem if generic else part.name
    names = [own, stem] if alone else [own]
    layer = wanted.layer or meaning.layer_of(names, part.columns, _dimension(part))
    meant = Meant(part, layer or "", stem=stem)
    if not alone:
        meant.stem, meant.place = f"{stem}/{part.name}", part.name
    elif stem != part.path.stem:
        meant.place = stem
    if not meant.known:
        meant.layer = layer or _own_name(own)
        meant.title = _TITLES.get(meant.layer, own)
    return meant


def _dimension(part: Part) -> int | None:
    """What most of the first shapes are, where the file does not declare it."""
    if part.dimension is not None or part.count == 0:
        return part.dimension
    for _, shapes, _ in part.tables():
        found = shapely.get_dimensions(shapes)
        found = found[found >= 0]
        return int(np.bincount(found).argmax()) if len(found) else None
    return None


def _own_name(name: str) -> str:
    from layers.brought import layer_name

    return layer_name(name)


def batches(meant: Meant, wanted: Wanted, start: int = 0) -> Iterator[Batch]:
    """A part's features as batches of its layer. start: how many came before this part, from the same source."""
    part = meant.part
    small = part.count is not None and part.count <= _IN_MEMORY
    pieces: Any = list(part.tables()) if small else part.tables()
    identity = _identity(meant, pieces if small else None)
    crs = wanted.crs or part.crs
    for table, shapes, fids in pieces:
        batch = _batch(meant, table, shapes, fids, identity, start)
        batch.crs = crs
        if crs is not None and crs.is_geographic:
            _check_degrees(batch, part)
        start += len(shapes)
        yield batch


def _batch(meant: Meant, table: dict, shapes: np.ndarray, fids: Any, identity: str | None, start: int) -> Batch:
    uids = _uids(meant, table, fids, identity)
    batch = Batch(meant.layer, None, shapes, {}, uids=uids, where=_places(meant, fids, uids, start))
    people = _without_people(table)
    for note in meant.part.notes:
        _say(meant, batch, note)
    if meant.known:
        _known_fields(meant, batch, table, identity)
    else:
        _own_fields(meant, batch, table)
    if people:
        _say(meant, batch, f"columns not kept, because they tell of persons: {', '.join(people)}")
    _sound(batch)
    _flat(batch)
    return batch


def _places(meant: Meant, fids: Any, uids: list[str] | None, start: int) -> list[str]:
    """How the report names the rows: as the planner finds them in a GIS."""
    where = [f"feature {i}" for i in range(start + 1, start + len(fids) + 1)]
    if meant.part.kind == "GeoPackage":
        where = [f"row {fid}" for fid in fids.to_pylist()]
    if meant.place:
        where = [f"{meant.place}, {row}" for row in where]
    if uids and not uids[0].startswith(f"{meant.stem}:"):
        where = [f"{row} ({uid})" for row, uid in zip(where, uids, strict=True)]
    return where


def _without_people(table: dict) -> list[str]:
    """Take out names, addresses and numbers of persons, whatever the layer. Returns the columns' names."""
    names = list(table)
    told = columns_of(names, None)
    people = [names[i] for i in (*told.private, *([] if told.owner is None else [told.owner]))]
    for name in people:
        del table[name]
    return people


def _identity(meant: Meant, pieces: list[Table] | None) -> str | None:
    """The column that tells features apart, now and in the next delivery; "" for the row ids of the file itself."""
    part = meant.part
    by_plain = {meaning.plain(name).replace("_", ""): name for name in reversed(part.columns)}
    words = f"{_IDS} {_IDS_OF.get(meant.layer, '')}".split()
    for name in (by_plain[word] for word in words if word in by_plain):
        tables = pieces if pieces is not None else part.tables([name])
        if _tells_apart([value for table, _, _ in tables for value in table[name].to_pylist()]):
            return name
    if part.keeps_ids:
        return ""
    if part.kind == "GeoJSON":  # numbers that the features bear, or GDAL's count from 0
        numbers = [fid for _, _, fids in pieces or part.tables([]) for fid in fids.to_pylist()]
        return "" if numbers != list(range(len(numbers))) and len(set(numbers)) == len(numbers) else None
    return None


def _tells_apart(values: list) -> bool:
    if not values or not all(_is_id(value) for value in values):
        return False
    return len(set(values)) == len(values) and not (isinstance(values[0], str) and _RANDOM.fullmatch(values[0]))


def _is_id(value: Any) -> bool:
    if isinstance(value, float):
        return value.is_integer()
    return isinstance(value, int) or (isinstance(value, str) and bool(value.strip()))


def _uids(meant: Meant, table: dict, fids: Any, identity: str | None) -> list[str] | None:
    if identity is None:
        return None
    values = (table[identity] if identity else fids).to_pylist()
    official = meaning.plain(identity).replace("_", "") in _IDS_OF.get(meant.layer, "").split()
    if official or all(isinstance(value, str) and not value.isdigit() for value in values):
        return [str(value).strip() for value in values]
    # Bare numbers: without the file's name those of two files would overwrite each other.
    return [f"{meant.stem}:{text(value)}" for value in values]


def _known_fields(meant: Meant, batch: Batch, table: dict, identity: str | None) -> None:
    columns = meaning.columns_of(meant.layer, list(table))
    estimated: list[str | None] = [None] * len(batch)
    together = meaning.parts_of(meant.layer, list(table))
    for name, column in columns.items():
        cells = _python(table[column])
        batch.fields[name] = meaning.values_of(meant.layer, name, cells, meant.problems, estimated)
    for name, pieces in together.items():
        if len(pieces) > 1 or name not in batch.fields:
            batch.fields[name] = meaning.joined(name, [_python(table[column]) for column in pieces])
    if "function" in batch.fields and "use" not in batch.fields:
        batch.fields["use"] = [function_to_use(function) for function in batch.fields["function"]]
    if "kind" in batch.fields and meant.layer == "surfaces" and "sealed_percent" not in batch.fields:
        _seal(batch, estimated)
    batch.estimated = estimated
    used = {identity, *columns.values(), *(column for pieces in together.values() for column in pieces)}
    rest = [column for column in table if column not in used and not (meant.part.kind == "KML" and column in _OF_KML)]
    if rest:
        _say(meant, batch, f"columns not kept: {', '.join(rest)}")
    for name, value in meant.problems.items():
        column = columns[name]
        if f"{name}:" not in meant.said:
            meant.said.add(f"{name}:")
            batch.notes.append(f"{column}: “{value}” and the like are not understood as {name}, and were left empty")


def _seal(batch: Batch, estimated: list[str | None]) -> None:
    shares = [SEALED_PERCENT.get(kind) for kind in batch.fields["kind"]]
    batch.fields["sealed_percent"] = shares
    for i, share in enumerate(shares):
        if share is not None:
            estimated[i] = "; ".join(filter(None, (estimated[i], "sealed_percent: usual share of land of this kind")))


def _say(meant: Meant, batch: Batch, words: str) -> None:
    """Once a file, whatever batch it comes up in."""
    if words not in meant.said:
        meant.said.add(words)
        batch.notes.append(words)


def _own_fields(meant: Meant, batch: Batch, table: dict) -> None:
    skipped = []
    for name, column in table.items():
        if meant.part.kind == "KML" and name in _OF_KML:
            continue
        values = _python(column)
        if values is None:
            skipped.append(name)
        else:
            batch.fields[name] = values
            batch.titles[name] = name
    batch.titles[""] = meant.title or meant.layer
    if skipped:
        _say(meant, batch, f"columns not kept, because they hold pictures or the like: {', '.join(skipped)}")


def _python(column: Any) -> Any:
    """An arrow column as the values that a Batch holds; None for binary ones."""
    import pyarrow.types as kinds

    if kinds.is_binary(column.type) or kinds.is_large_binary(column.type):
        return None
    values = column.to_pylist()
    if kinds.is_timestamp(column.type):
        return [None if value is None else value.isoformat() for value in values]
    if kinds.is_nested(column.type):
        return [None if value is None else json.dumps(value, ensure_ascii=False, default=str) for value in values]
    if kinds.is_time(column.type) or kinds.is_decimal(column.type):
        return [None if value is None else str(value) for value in values]
    if kinds.is_int64(column.type) and any(abs(value) >= 2**31 for value in values if value is not None):
        return [None if value is None else str(value) for value in values]  # numbers that are names
    return values


def _sound(batch: Batch) -> None:
    """Leave out what is no shape; make one of a collection that holds one kind, and areas of closed lines."""
    kinds = shapely.get_type_id(batch.shapes)
    for i in np.flatnonzero(kinds == 7).tolist():
        batch.shapes[i] = _uncollected(batch.shapes[i])
    layer = layers.BY_NAME.get(batch.layer)
    if layer is not None and layer.outlined:
        for i in np.flatnonzero(kinds == 1).tolist():
            ring = batch.shapes[i]
            if shapely.is_closed(ring) and shapely.get_num_points(ring) >= 4:
                batch.shapes[i] = shapely.Polygon(ring)
    mixed = shapely.get_type_id(batch.shapes) == 7
    mixed &= ~shapely.is_empty(batch.shapes)
    if mixed.any():
        _leave_out(batch, mixed, "it mixes points, lines and areas in one shape. Export each as its own.")


def _uncollected(collection: Any) -> Any:
    parts = shapely.get_parts(collection)
    while (shapely.get_type_id(parts) == 7).any():
        parts = shapely.get_parts(parts)
    found = {int(dimension) for dimension in shapely.get_dimensions(parts)}
    if len(found) != 1:
        return collection
    flat = shapely.get_parts(parts)
    if len(flat) == 1:
        return flat[0]
    return (shapely.multipoints, shapely.multilinestrings, shapely.multipolygons)[found.pop()](flat)


def _leave_out(batch: Batch, which: np.ndarray, reason: str) -> None:
    from layers.reading.shapes import select, where_is

    batch.left_out += [LeftOut(where_is(batch, i), reason) for i in np.flatnonzero(which).tolist()]
    select(batch, ~which)


def _flat(batch: Batch) -> None:
    """Heights in shapes: a building's lowest is the ground it stands on; the map itself is flat."""
    deep = shapely.has_z(batch.shapes)
    if not deep.any():
        return
    if batch.layer == "buildings" and "base_height" not in batch.fields:
        coordinates, index = shapely.get_coordinates(batch.shapes, include_z=True, return_index=True)
        lowest = np.full(len(batch), np.inf)
        np.minimum.at(lowest, index, coordinates[:, 2])
        real = np.isfinite(lowest) & (lowest != 0) & (lowest > _LOWEST) & (lowest < _HIGHEST)
        if real.any():
            batch.fields["base_height"] = [round(z, 2) if ok else None for z, ok in zip(lowest, real, strict=True)]
    batch.shapes = shapely.force_2d(batch.shapes)


def _check_degrees(batch: Batch, part: Part) -> None:
    """Metres that are said to be degrees are the commonest mistake in a GeoJSON."""
    bounds = shapely.bounds(batch.shapes)
    away = (np.abs(bounds[:, [0, 2]]) > 180.001).any(axis=1) | (np.abs(bounds[:, [1, 3]]) > 90.001).any(axis=1)
    if away.sum() * 2 > len(batch):
        x, y = bounds[away][0, :2]
        raise BadFile(
            f"{part.name}: {x:.0f}, {y:.0f} is no longitude and latitude, so it must be in a projection that the file"
            " does not name. Name it: --crs 25832, for example."
        )
    if away.any():
        _leave_out(batch, away, "its coordinates are no longitude and latitude. Check them.")
