"""The rows of a timetable into the store: a feed's new rows stand in for its earlier ones."""

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from layers.lines import TIMETABLE, ServiceDay, StopTime, Trip
from layers.reading.batch import Rows
from twin.feature import Source
from twin.store import encode, in_a_file, insert_rows

_AT_ONCE = 5_000


def replace(db: Session, rows: dict[str, list[Rows]], source: Source) -> bool:
    """Write a feed's trips, calls and service days. False where the store holds just these rows already."""
    new = {name: _tuples(db, name, pieces) for name, pieces in rows.items()}
    lines = sorted({line for piece in rows.get("trip", []) for line in piece.columns["line"]})
    old = _sources_of(db, lines)
    if old and all(_same(db, name, old, columns, tuples) for name, (columns, tuples) in new.items()):
        return False
    for earlier in (Trip, StopTime, ServiceDay):
        db.execute(delete(earlier).where(earlier.source_id.in_(old)))
    db.add(source)
    db.flush()
    for name, (columns, tuples) in new.items():
        table: Any = TIMETABLE[name].__table__
        insert_rows(db, table, ["source_id", *columns], ((source.id, *row) for row in tuples))
    return True


def _tuples(db: Session, name: str, pieces: list[Rows]) -> tuple[list[str], list[tuple]]:
    table: Any = TIMETABLE[name].__table__
    columns = list(pieces[0].columns)
    file = in_a_file(db)
    tuples: list[tuple] = []
    for piece in pieces:
        lists = []
        for column in columns:
            kind = table.c[column].type
            values = piece.columns[column]
            lists.append([encode(value, kind, 0, file) for value in values] if column == "day" else values)
        tuples += zip(*lists, strict=True)
    return columns, tuples


def _sources_of(db: Session, lines: list[str]) -> list[int]:
    """Which earlier deliveries brought trips of these lines."""
    found: set[int] = set()
    for start in range(0, len(lines), _AT_ONCE):
        found |= set(
            db.scalars(select(Trip.source_id).where(Trip.line.in_(lines[start : start + _AT_ONCE])).distinct())
        )
    return sorted(found)


def _same(db: Session, name: str, sources: list[int], columns: list[str], tuples: list[tuple]) -> bool:
    table: Any = TIMETABLE[name].__table__
    listed = select(*(table.c[column] for column in columns)).where(table.c.source_id.in_(sources)).order_by(table.c.id)
    file = in_a_file(db)
    return [tuple(encode(value, None, 0, file) for value in row) for row in db.execute(listed)] == tuples
