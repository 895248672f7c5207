"""A scenario's own rows, as the store keeps them and as the diary writes them down."""

from base64 import b64decode, b64encode
from collections.abc import Callable
from functools import cache
from typing import Any

from sqlalchemy import LargeBinary, TextClause, text
from sqlalchemy.orm import Session

from twin.feature import TODAY, Feature
from twin.shape import Shape, from_stored, to_blob, to_ewkb
from twin.store import in_a_file

Row = dict[str, Any]  # column -> value, as the driver gives and takes it
SCENARIOS_OWN = ("id", "scenario_id", "gone", "version")  # what a row says of itself, not of the feature


def find(db: Session, layer: type[Feature], scenario: int, uid: str) -> tuple[Row | None, Row | None]:
    """Today's row and the scenario's own row of a feature, None where there is none."""
    found = db.execute(_select(layer), {"scenario": scenario, "uid": uid}).mappings()
    rows = {row["scenario_id"]: dict(row) for row in found}
    return rows.get(TODAY), rows.get(scenario)


def write(db: Session, layer: type[Feature], row: Row, there: Row | None) -> Row:
    """Put the row where the scenario's own one is, or make it. Returns it with its id."""
    if there is not None:
        row = {**row, "id": there["id"]}
        db.execute(_update(layer), row)
        return row
    if row.get("id") is None or _taken(db, layer, row["id"]):
        row = {**row, "id": _free_id(db, layer)}
    db.execute(_insert(layer), row)
    return row


def remove(db: Session, layer: type[Feature], row: Row) -> None:
    db.execute(_delete(layer), {"id": row["id"]})


def shape_of(db: Session, row: Row) -> Any:
    """The row's shape, in the city's metres."""
    return from_stored([row["geom"]], in_a_file(db))[0]


def stored_shape(db: Session, shape: Any) -> Any:
    """A shape as a row holds it."""
    srid = db.get_bind().dialect.city_srid  # type: ignore[attr-defined]
    return to_blob(shape, srid) if in_a_file(db) else to_ewkb(shape, srid).hex().upper()


def as_kept(layer: type[Feature], row: Row) -> Row:
    """The row in what JSON knows, to the last bit."""
    return {name: keep(row[name]) for name, keep in _keepers(layer).items() if name in row}


def from_kept(db: Session, layer: type[Feature], kept: Row) -> Row:
    """Columns that the layer got since then are empty."""
    file = in_a_file(db)
    return {column.name: _given_back(kept.get(column.name), column.type, file) for column in layer.__table__.columns}


def alike(one: Row | None, other: Row | None) -> bool:
    """Do two kept rows say the same? The number of the row does not count, nor columns that one has not heard of."""
    if one is None or other is None:
        return one is other
    names = (one.keys() | other.keys()) - {"id"}
    return all(one.get(name) == other.get(name) for name in names)


def _given_back(value: Any, column_type: Any, file: bool) -> Any:
    in_bytes = isinstance(column_type, LargeBinary) or (file and isinstance(column_type, Shape))
    return b64decode(value) if in_bytes and value is not None else value


def _keep(value: Any) -> Any:
    """Bytes and dates as text; the rest is JSON already."""
    if isinstance(value, bytes | memoryview):
        return b64encode(bytes(value)).decode()
    return value.isoformat() if hasattr(value, "isoformat") else value


@cache
def _keepers(layer: type[Feature]) -> dict[str, Callable[[Any], Any]]:
    return {name: bool if name == "gone" else _keep for name in _columns(layer)}


def _columns(layer: type[Feature]) -> list[str]:
    return [column.name for column in layer.__table__.columns]


@cache
def _select(layer: type[Feature]) -> TextClause:
    names = ", ".join(f'"{name}"' for name in _columns(layer))
    return text(f'select {names} from "{layer.__tablename__}" where scenario_id in ({TODAY}, :scenario) and uid = :uid')


@cache
def _insert(layer: type[Feature]) -> TextClause:
    names = _columns(layer)
    listed, values = ", ".join(f'"{name}"' for name in names), ", ".join(f":{name}" for name in names)
    return text(f'insert into "{layer.__tablename__}" ({listed}) values ({values})')


@cache
def _update(layer: type[Feature]) -> TextClause:
    values = ", ".join(f'"{name}" = :{name}' for name in _columns(layer) if name != "id")
    return text(f'update "{layer.__tablename__}" set {values} where id = :id')


@cache
def _delete(layer: type[Feature]) -> TextClause:
    return text(f'delete from "{layer.__tablename__}" where id = :id')


def _taken(db: Session, layer: type[Feature], id: int) -> bool:
    """Rows that were loaded since then may have got the number of one that was taken away."""
    return db.scalar(text(f'select 1 from "{layer.__tablename__}" where id = :id'), {"id": id}) is not None


def _free_id(db: Session, layer: type[Feature]) -> int:
    """A number that no row of the layer has or had: one that is taken back gets its own again."""
    table = layer.__tablename__
    if not in_a_file(db):
        return db.scalar(text("select nextval(pg_get_serial_sequence(:table, 'id'))"), {"table": f'"{table}"'}) or 1
    highest = text(
        f'select max(coalesce((select max(id) from "{table}"), 0),'
        " coalesce((select max(row_id) from change where layer = :table), 0))"
    )
    return (db.scalar(highest, {"table": table}) or 0) + 1
