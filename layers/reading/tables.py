"""Reads registers: CSV files and Excel workbooks as town halls keep them."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from pyproj import CRS

import layers
from layers.reading import filling, places
from layers.reading.batch import Batch, LeftOut, Survey, Wanted
from layers.reading.columns import FIELDS, Columns, columns_of, layer_of
from layers.reading.filling import Filled, with_partner
from layers.reading.identity import is_another, prefix_of
from layers.reading.joining import Joiner, Partner
from layers.reading.owncolumns import typed
from layers.reading.places import Places
from layers.reading.sheets import Sheet, is_workbook, looks_like_a_table, name_of, open_sheets
from layers.reading.values import fold, text
from twin.errors import BadFile
from twin.projection import LONLAT, transform

FIRST_LOOK = 2_000  # rows
AT_ONCE = 20_000  # features in a batch
IN_A_BUILDING = {"vacancies", "facilities", "trees", "stops"}  # they get a point in the shape that they name
SURE = 0.98  # of the rows have a number of their own: the column is an id
UPDATED = {"blocks", "buildings", "parcels"}  # a row adds to the feature that it names


@dataclass
class Register:
    """One table of a file, and what is known of it."""

    sheet: Sheet
    columns: Columns
    layer: str | None  # None: a layer that the town brings
    name: str  # of the layer
    file: str  # its name without the ending
    prefix: str = ""  # of the uids, where two sheets of a workbook are of one layer


def recognises(path: Path, head: bytes) -> bool:
    if is_workbook(path):
        return head[:2] == b"PK"
    endings = {suffix.lower() for suffix in path.suffixes[-2:]}
    return bool(endings & {".csv", ".tsv", ".txt"}) and looks_like_a_table(head)


def survey(path: Path, wanted: Wanted) -> Survey:
    seen = Survey(kind="XLSX" if is_workbook(path) else "CSV")
    for register in _registers(path, wanted, FIRST_LOOK):
        sheet = register.sheet
        if len(sheet.rows) < FIRST_LOOK:
            seen.layers[register.name] = (seen.layers.get(register.name) or 0) + len(sheet.rows)
        else:
            seen.layers[register.name] = None
        there = _first_places(register, wanted)
        if there is not None:
            seen.crs = seen.crs or there.crs
            seen.bounds = seen.bounds or places.bounds_of(there)
    return seen


def _first_places(register: Register, wanted: Wanted) -> Places | None:
    """What the coordinates mean may only be clear once the city is known; swapped they are in any case."""
    try:
        return places.places_of(register.sheet, register.columns, wanted)
    except BadFile as error:
        if "swapped" in str(error):
            raise
        return None


def read(path: Path, wanted: Wanted) -> Iterator[Batch]:
    registers = _registers(path, wanted)
    joiner = Joiner(wanted.db) if wanted.db is not None else None
    passed_over = []
    for register in registers:
        there = places.places_of(register.sheet, register.columns, wanted)
        places.join(register.sheet, register.columns, there, joiner, register.layer)
        told = there.missing or there.partners or register.sheet.left_out
        if shapely.is_missing(there.shapes).all() and not told:
            passed_over.append(register)
        else:
            yield from _batches(register, there, wanted)
    if len(passed_over) == len(registers):
        raise BadFile(_nowhere(registers[0].sheet))
    if passed_over:
        yield _told_only(passed_over, registers)


def _registers(path: Path, wanted: Wanted, most_rows: int | None = None) -> list[Register]:
    sheets = open_sheets(path, most_rows)
    file = name_of(path)
    registers = []
    for sheet in sheets:
        known = wanted.layer if wanted.layer in FIELDS else None
        layer = known if wanted.layer else layer_of(file, sheet.name, sheet.header)
        name = layer or wanted.layer or (file if len(sheets) == 1 else f"{file} {sheet.name}")
        registers.append(Register(sheet, columns_of(sheet.header, layer), layer, name, file))
    often = Counter(register.name for register in registers)
    for register in registers:
        if often[register.name] > 1:
            register.prefix = f"{fold(register.sheet.name)}:"
    return registers


def _nowhere(sheet: Sheet) -> str:
    return (
        "no column says where the rows lie. It needs coordinates (Rechtswert and Hochwert, lon and lat), an address"
        f" (Straße, Hausnummer), a Flurstück or a Blocknummer. Its columns are: {', '.join(sheet.header[:12])}."
    )


def _told_only(passed_over: list[Register], registers: list[Register]) -> Batch:
    """Sheets of a workbook that are no registers are told, and nothing more."""
    read = next(register for register in registers if register not in passed_over)
    notes = [f"sheet {register.sheet.name} was passed over: {_nowhere(register.sheet)}" for register in passed_over]
    return Batch(read.name, LONLAT, np.array([], object), {}, [], notes=notes)


def _batches(register: Register, there: Places, wanted: Wanted) -> Iterator[Batch]:
    """The rows with coordinates, then the joined ones, whose shapes are in the city's projection."""
    sheet = register.sheet
    if register.layer:
        said = f"{sheet.name} {register.name}"
        filled = filling.fill(sheet, register.columns, layers.BY_NAME[register.layer], said)
        titles = {}
        filled.notes += _unused(register, filled)
    else:
        skip = {register.columns.places["wkt"]} if "wkt" in register.columns.places else set()
        fields, notes = typed(sheet, register.columns, skip)
        filled = Filled(fields, [[] for _ in sheet.rows], notes)
        titles = {"": register.name, **{name: name for name in fields}}
    filled.notes += there.notes + sheet.notes
    batches = [_placed(register, there, filled), _joined(register, there, filled, wanted)]
    batches = [batch for batch in batches if len(batch)] or batches[-1:]
    batches[0].left_out += sheet.left_out + places.left_out(sheet, there)
    batches[0].notes += filled.notes
    for batch in batches:
        batch.titles = titles
        _tell_apart(register, batch, wanted)
        yield from _sliced(batch) if register.layer else [batch]


def _tell_apart(register: Register, batch: Batch, wanted: Wanted) -> None:
    """Two lists of trees that both count from 1 are not one list."""
    if register.layer not in IN_A_BUILDING or "id" not in register.columns.places or not batch.uids:
        return
    if wanted.db is None or wanted.srid is None or batch.crs is None:
        return
    layer = layers.BY_NAME[register.layer]
    if is_another(wanted.db, layer, batch.uids, batch.shapes, batch.crs, wanted.srid):
        prefix = prefix_of(register.file)
        batch.uids = [prefix + uid for uid in batch.uids]
        batch.notes.append(f"its numbers are those of another register, too; they are kept as {prefix}…")


def _unused(register: Register, filled: Filled) -> list[str]:
    """Columns that the layer has no field for stay in the file; the report names them."""
    columns = register.columns
    used = {*columns.fields.values(), *columns.places.values(), *columns.private, *columns.ages, columns.owner}
    names = [name for i, name in enumerate(register.sheet.header) if i not in used]
    return [f"columns that {register.layer} has no field for: {', '.join(names)}"] if names else []


def _placed(register: Register, there: Places, filled: Filled) -> Batch:
    rows = np.flatnonzero(~shapely.is_missing(there.shapes)).tolist()
    batch = _batch(register, filled, rows)
    batch.crs = there.crs or LONLAT
    batch.shapes = there.shapes[rows]
    batch.uids = _ids(register, rows)
    if batch.uids is None and rows and "id" in register.columns.places:
        name = register.sheet.header[register.columns.places["id"]]
        batch.notes.append(
            f"{name} does not tell the rows apart: it is empty or the same in many of them. They are told apart by"
            " their places, so that a row that moves is a new one at the next delivery. Give each row its own number."
        )
    return batch


def _joined(register: Register, there: Places, filled: Filled, wanted: Wanted) -> Batch:
    rows, doubles = _once_each(register, there.partners)
    batch = _batch(register, filled, rows)
    batch.left_out = doubles
    partners = [there.partners[i] for i in rows]
    shapes = np.array([partner.shape for partner in partners], object)
    batch.shapes = shapely.point_on_surface(shapes) if register.layer in IN_A_BUILDING else shapes
    batch.crs = CRS(wanted.srid) if wanted.srid else LONLAT
    if register.layer in UPDATED:
        batch.uids = [partner.uid for partner in partners]
        batch.estimated = with_partner(batch, partners)
    else:
        batch.uids = _ids(register, rows) or _numbered(register.prefix, [partner.uid for partner in partners])
    if register.layer == "vacancies":
        batch.fields["building"] = [one.uid if one.layer == "buildings" else None for one in partners]
    if wanted.crs is not None:  # the loader takes all shapes to be in it
        batch.shapes, batch.crs = transform(batch.shapes, batch.crs, wanted.crs), wanted.crs
    return batch


def _once_each(register: Register, partners: dict[int, Partner]) -> tuple[list[int], list[LeftOut]]:
    """Where a row stands for a block or a building, the second one of the same is left out."""
    if register.layer not in UPDATED and any(partner.layer != "blocks" for partner in partners.values()):
        return sorted(partners), []
    if register.layer in IN_A_BUILDING:
        return sorted(partners), []
    first: dict[str, int] = {}
    doubles = []
    sheet = register.sheet
    for i in sorted(partners):
        before = first.setdefault(partners[i].uid, i)
        if before != i:
            same = (
                "It says the same." if sheet.rows[before] == sheet.rows[i] else "Their values differ: correct the file."
            )
            named = f"{partners[i].layer[:-1]} {partners[i].fields.get('number') or partners[i].uid}"
            reason = f"{named} is already in {sheet.place(before)}, which was taken. {same}"
            doubles.append(LeftOut(sheet.place(i), reason))
    return sorted(first.values()), doubles


def _batch(register: Register, filled: Filled, rows: list[int]) -> Batch:
    fields = {name: [cells[i] for i in rows] for name, cells in filled.fields.items()}
    estimated = ["; ".join(filled.estimated[i]) or None for i in rows] if any(filled.estimated) else None
    where = [register.sheet.place(i) for i in rows]
    return Batch(register.name, None, np.array([], object), fields, where=where, estimated=estimated)


def _ids(register: Register, rows: list[int]) -> list[str] | None:
    """The register's own numbers, if nearly each row has one: a double is then a mistake, which the loader tells."""
    at = register.columns.places.get("id")
    if at is None:
        return None
    ids = [text(register.sheet.rows[i][at]) for i in rows]
    if None in ids or len(set(ids)) < SURE * len(ids):
        return None
    return [f"{register.prefix}{one}" for one in ids]


def _numbered(prefix: str, uids: list[str]) -> list[str]:
    """Several empty dwellings in one building: its first, its second."""
    seen: Counter = Counter()
    names = []
    for uid in uids:
        seen[uid] += 1
        names.append(f"{prefix}{uid}#{seen[uid]}")
    return names


def _sliced(batch: Batch) -> Iterator[Batch]:
    for start in range(0, max(len(batch), 1), AT_ONCE):
        part = slice(start, start + AT_ONCE)
        yield Batch(
            batch.layer,
            batch.crs,
            batch.shapes[part],
            {name: cells[part] for name, cells in batch.fields.items()},
            batch.uids and batch.uids[part],
            batch.where and batch.where[part],
            batch.estimated and batch.estimated[part],
            titles=batch.titles,
            left_out=batch.left_out if start == 0 else [],
            notes=batch.notes if start == 0 else [],
        )
