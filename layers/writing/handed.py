"""What a GeoPackage was handed out with, kept within it: so that what was edited since is known when it comes back."""

import hashlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely

from layers.writing.delivery import Delivery, kind_of
from twin.errors import BadFile
from twin.feature import Feature, Words
from twin.store import lend_functions

TABLE = "twin_handed_out"
REFUSED = "refused"  # the column in which QGIS shows why an edit was not taken
DIGITS = 3  # millimetres: what is moved by less was not edited
_MADE = f"""
create table {TABLE} (id INTEGER primary key, scenario INTEGER not null, name TEXT not null, layer TEXT not null,
    uid TEXT not null, version INTEGER not null, digest TEXT not null);
insert into gpkg_contents (table_name, data_type, identifier) values ('{TABLE}', 'attributes', '{TABLE}');
"""
_NOT_OURS = Words(
    "In dieser Datei steht nicht, was herausgegeben wurde. Laden Sie das Projekt mit Daten (.gpkg) neu herunter.",
    "This file does not say what was handed out. Download the scenario's project with data (.gpkg) anew.",
)


@dataclass
class Row:
    """One feature of the file as it is now. fid: its number in the table."""

    table: str
    fid: int
    uid: str | None
    version: int | None
    fields: dict[str, Any]
    shape: Any
    digest: str


@dataclass(frozen=True)
class Kept:
    """One feature as it was handed out."""

    table: str
    layer: str
    uid: str
    version: int
    digest: str


def note(delivery: Delivery, path: Path) -> None:
    """Into a GeoPackage that has just been written: the scenario's features, each with a digest of what it says."""
    noted: list[tuple] = []
    for table in delivery.tables:
        if table.scenario != delivery.scenario:
            continue
        for kind in table.kinds:
            name = delivery.name_of(table, kind)
            for row in rows_of(path, name, table.layer):
                noted.append((delivery.scenario, name, table.name, row.uid, row.version, row.digest))
            _add_column(path, name)
    with sqlite3.connect(path) as db:
        db.executescript(_MADE)
        db.executemany(f"insert into {TABLE} values (null, ?, ?, ?, ?, ?, ?)", noted)
    db.close()


def noted_in(path: Path) -> tuple[int, list[Kept]]:
    """The number of the scenario, and what was handed out. Raises BadFile."""
    try:
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
            found = db.execute(f"select scenario, name, layer, uid, version, digest from {TABLE}").fetchall()
    except (sqlite3.Error, TypeError, ValueError) as error:
        raise BadFile(_NOT_OURS) from error
    if len({row[0] for row in found}) != 1:
        raise BadFile(_NOT_OURS)
    return found[0][0], [Kept(*row[1:]) for row in found]


def rows_of(path: Path, table: str, layer: type[Feature]) -> Iterator[Row]:
    """The features of a table, with what its layer's fields can hold. Raises BadFile."""
    columns = {column.name: kind_of(column) for column in layer.fields() if not column.info.get("hidden")}
    try:
        about, fids, shapes, values = pyogrio.raw.read(path, layer=table, return_fids=True)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise BadFile(_NOT_OURS) from error
    found = dict(zip(about["fields"], values, strict=True))
    drawn = shapely.from_wkb(shapes, on_invalid="ignore")
    for i, fid in enumerate(fids.tolist()):
        fields = {name: _plain(found[name][i], kind) for name, kind in columns.items() if name in found}
        uid = _plain(found["uid"][i], "text") if "uid" in found else None
        version = _plain(found["version"][i], "int") if "version" in found else None
        yield Row(table, fid, uid or None, version, fields, drawn[i], _digest(fields, drawn[i]))


def tell(path: Path, refused: list[tuple[str, int, str]]) -> None:
    """Write why into the column that QGIS shows. refused: (table, fid, sentence)."""
    with sqlite3.connect(path) as db:
        lend_functions(db)
        for table, fid, why in refused:
            key = next(row[1] for row in db.execute(f'pragma table_info("{table}")') if row[5])
            db.execute(f'update "{table}" set {REFUSED} = ? where "{key}" = ?', (why, fid))
    db.close()


def _add_column(path: Path, table: str) -> None:
    with sqlite3.connect(path) as db:
        db.execute(f'alter table "{table}" add column {REFUSED} TEXT')
    db.close()


def _plain(value: Any, kind: str) -> Any:
    """As the verbs of planning take it; GDAL gives whole numbers with gaps as fractions."""
    if value is None or value != value or (isinstance(value, np.datetime64) and np.isnat(value)):
        return None
    if kind == "text":
        return str(value) or None
    if kind == "date":
        return str(np.datetime64(value, "D"))
    if kind == "bool":
        return bool(value)
    return float(value) if kind == "float" or float(value) != int(value) else int(value)


def _digest(fields: dict[str, Any], shape: Any) -> str:
    told = repr(sorted(fields.items())).encode()
    drawn = (
        b""
        if shape is None
        else shapely.to_wkb(shapely.normalize(shapely.set_precision(shape, 10.0**-DIGITS, mode="pointwise")))
    )
    return hashlib.blake2b(told + drawn, digest_size=16).hexdigest()
