"""Layers that a town brings: a table with the columns of its file."""

import datetime as dt
import json
import re
from itertools import count
from typing import Any

from sqlalchemy import BigInteger, Boolean, Date, Double, Integer, Text, text
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.schema import CreateTable

import layers
from twin.feature import Feature, Stored, Words
from twin.store import create_view, index_planned, register_layer

_WHOLE = BigInteger().with_variant(Integer, "sqlite")  # an INTEGER of a GeoPackage has 64 bits
_TYPES: dict[str, Any] = {"text": Text, "int": lambda: _WHOLE, "float": Double, "bool": Boolean, "date": Date}
_OF_PYTHON = {bool: "bool", int: "int", float: "float", dt.date: "date", str: "text"}
_OWN = {
    "id",
    "uid",
    "geom",
    "shape",
    "scenario_id",
    "scenario",
    "gone",
    "version",
    "source_id",
    "estimated",
    "fid",
    "title",
}
_OWN |= {"look", "geometry", "metadata", "registry", "fields"}
_RESERVED = {"alembic_version", "spatial_ref_sys", "geometry_columns", "geography_columns"}  # besides our tables
# What stands in addresses where a layer's name may stand, too: /api/scenarios/7/undo
_RESERVED |= {"steps", "undo", "redo", "return", "history", "differences", "counters", "designs", "layers", "at"}
_PLAIN_LETTERS = {ord(letter): plain for letter, plain in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"))}
_number = count()


class BroughtLayer(Stored):
    """One layer that is not among `layers.DRAWN`: its words and its columns."""

    __tablename__ = "brought_layer"

    name: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    columns: Mapped[str]  # JSON: [[name, title, type]]


def layers_of(db: Session) -> dict[str, type[Feature]]:
    """Every layer of the store by its name: the known ones, then those that the town brought."""
    brought = {
        row.name: _layer_class(row.name, row.title, row.columns) for row in db.query(BroughtLayer).order_by("name")
    }
    return {**layers.BY_NAME, **brought}


def bring(db: Session, name: str, title: str, columns: dict[str, tuple[str, str]]) -> type[Feature]:
    """Make a layer, or give the one that is there what columns it lacks. columns: name -> (title, type)."""
    row = db.get(BroughtLayer, name)
    before = {column[0] for column in json.loads(row.columns)} if row else set()
    new = [[key, *words] for key, words in columns.items() if key not in before]
    if row is None:
        row = BroughtLayer(name=name, title=title, columns=json.dumps(new, ensure_ascii=False))
        db.add(row)
        layer = _layer_class(name, title, row.columns)
        connection = db.connection()
        connection.execute(CreateTable(layer.__table__))  # type: ignore[arg-type]
        register_layer(connection, name, title, "GEOMETRY")
        index_planned(connection, name)
        create_view(connection, name)
    elif new:
        _widen(db, row, new)
    db.flush()
    return _layer_class(name, row.title, row.columns)


def safe_name(words: str) -> str:
    """A name for a table or column: `Straßen (neu)` becomes `strassen_neu`. Never one of our own columns."""
    plain = words.strip().lower().translate(_PLAIN_LETTERS)
    plain = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:50] or "unnamed"
    plain = f"_{plain}" if plain[0].isdigit() else plain
    plain = f"_{plain}" if plain.startswith(("gpkg_", "rtree_", "planned_", "sqlite_")) else plain
    return f"{plain}_" if plain in _OWN else plain


def layer_name(words: str) -> str:
    """A name for a layer's table: never that of a table of the store's own, such as `city`."""
    import twin.terrain  # noqa: F401  # its tables are among those

    name = safe_name(words)
    ours = (set(Stored.metadata.tables) | _RESERVED) - set(layers.BY_NAME)
    return f"{name}_" if name in ours else name


def columns_of(db: Session, name: str) -> dict[str, str]:
    """The columns of a layer that was brought before, with their types; none where it is new."""
    row = db.get(BroughtLayer, name)
    return {column: kind for column, _, kind in json.loads(row.columns)} if row else {}


def holds(column: str, kind: str) -> bool:
    """Can a column of this type hold values of that one, with nothing lost?"""
    return column in (kind, "text") or (column, kind) == ("float", "int")


def type_of(values: list) -> str:
    """The narrowest of text, int, float, bool and date that holds all values."""
    kinds = {_OF_PYTHON.get(type(value), "text") for value in values if value is not None}
    if kinds == {"int"} and any(abs(value) >= 2**63 for value in values if value is not None):
        return "text"
    if len(kinds) == 1:
        return kinds.pop()
    return "float" if kinds == {"int", "float"} else "text"


def _widen(db: Session, row: BroughtLayer, new: list) -> None:
    connection = db.connection()
    connection.execute(text(f'drop view "planned_{row.name}"'))
    for name, _, kind in new:
        kind_of = _TYPES[kind]().compile(connection.dialect)
        connection.execute(text(f'alter table "{row.name}" add column "{name}" {kind_of}'))
    row.columns = json.dumps([*json.loads(row.columns), *new], ensure_ascii=False)
    create_view(connection, row.name)


_classes: dict[tuple[str, str, str], type[Feature]] = {}


def _layer_class(name: str, title: str, columns: str) -> type[Feature]:
    key = (name, title, columns)
    if key not in _classes:
        metadata = type(Stored.metadata)()  # its own: another store may have another table by that name
        for known in ("scenario", "source"):
            Stored.metadata.tables[known].to_metadata(metadata)
        body: dict[str, Any] = {
            "__tablename__": name,
            "metadata": metadata,
            "title": Words(title, title),
            "look": {"color": [150, 150, 140]},
            "__module__": __name__,
        }
        for column, words, kind in json.loads(columns):
            info = {"title": Words(words, words), "unit": "", "codes": None, "hidden": False}
            body[column] = mapped_column(_TYPES[kind](), nullable=True, info=info)
        _classes[key] = type(f"Brought{next(_number)}", (Feature,), body)
    return _classes[key]
