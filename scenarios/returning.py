"""Edits that were made in QGIS, in a file that was handed out: they come back as one step, by the rules of planning."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import shapely
from sqlalchemy.orm import Session

from layers.writing.handed import Kept, Row, noted_in, rows_of
from scenarios.changes import Changed, Step, clear, place, step
from scenarios.project import Person
from twin.errors import BadFile, NotFound, TwinError
from twin.feature import Feature, Scenario, Words

WHAT = "qgis"
MOST = 5_000  # edits in one step


@dataclass
class Refusal:
    """table, fid: where it stands in the file; nothing where it was deleted there."""

    table: str
    fid: int | None
    uid: str
    why: Words


@dataclass
class Returned:
    """step: None where nothing was edited, or something was refused: then nothing is written."""

    step: Step | None = None
    refused: list[Refusal] = field(default_factory=list)


class _Refused(Exception):
    """Takes the whole step back."""


def bring_back(db: Session, scenario: Scenario, person: Person | None, file: Path) -> Returned:
    """All edits or none: where one is refused, each refusal is told. The caller commits."""
    number, kept = noted_in(file)
    if number != scenario.id:
        raise BadFile(Words(f"Diese Datei gehört zur Variante {number}, nicht zu {scenario.id}.",
                            f"This file is of scenario {number}, not of {scenario.id}."))  # fmt: skip
    found = Returned()
    try:
        with step(db, scenario, person, WHAT) as returning:
            for table, fid, uid, deed in _deeds(returning, file, kept):
                _try(returning, found, partial(Refusal, table, fid, uid), deed)
            if found.refused:
                raise _Refused
            found.step = returning if returning.changes else None
    except _Refused:
        pass
    return found


def _try(returning: Step, found: Returned, refusal: Callable[[Words], Refusal], deed: Callable[[], Changed]) -> None:
    if len(returning.changes) + len(found.refused) >= MOST:
        raise BadFile(Words(f"Das sind mehr als {MOST} Änderungen auf einmal. Bitte in kleineren Schritten.",
                            f"These are more than {MOST:,} edits at once. Bring them in smaller steps."))  # fmt: skip
    try:
        with returning.db.connection().begin_nested():
            deed()
    except TwinError as error:
        sentence = error.args[0] if error.args else ""
        found.refused.append(refusal(sentence if isinstance(sentence, Words) else Words(str(error), str(error))))


def _deeds(returning: Step, file: Path, kept: list[Kept]):
    """(table, fid, uid, what to do) of each edit."""
    for name, layer_name in dict.fromkeys((one.table, one.layer) for one in kept):
        layer = returning.layers.get(layer_name)
        if layer is None:
            raise NotFound(
                Words(f"Die Ebene {layer_name} gibt es hier nicht.", f"There is no layer {layer_name} here.")
            )
        before = {one.uid: one for one in kept if one.table == name}
        for row in rows_of(file, name, layer):
            there = before.pop(row.uid, None) if row.uid is not None else None
            if there is None or row.digest != there.digest:
                yield row.table, row.fid, row.uid or "", partial(_placed, returning, layer, row, there)
        for uid, one in before.items():
            yield name, None, uid, partial(clear, returning, layer, uid, seen=one.version)


def _placed(returning: Step, layer: type[Feature], row: Row, there: Kept | None) -> Changed:
    """there: None for what is new, also where its id was copied along."""
    shape = None if row.shape is None else shapely.force_2d(row.shape)
    if shape is not None and shapely.get_num_geometries(shape) == 1 and shape.geom_type.startswith("Multi"):
        shape = shapely.get_geometry(shape, 0)  # a file has one kind for all of a table
    if there is None:
        fields = {name: value for name, value in row.fields.items() if value is not None}
        return place(returning, layer, None, shape, fields, seen=None)
    return place(returning, layer, there.uid, shape, row.fields, seen=there.version)
