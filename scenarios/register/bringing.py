"""A new list is looked through before it is brought in: what is new in it, what differs, and what it no longer has."""

import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from layers.reading import tables
from layers.reading.batch import Batch, Wanted
from layers.reading.merge import Merger
from layers.reading.report import FileReport
from layers.vacancies import Vacancy
from scenarios.project import now
from twin.city import city_of
from twin.errors import BadFile
from twin.feature import TODAY, Source, Words

LARGEST = 20_000_000  # bytes
NAMES = tuple(column.name for column in Vacancy.fields())


class Differing(NamedTuple):
    uid: str
    title: str
    fields: list[tuple[str, Any, Any]]  # name, before, after


class Preview(NamedTuple):
    """left_out: rows of which nothing can be used, as (where, why). gone: entries that the list no longer has."""

    new: list[Differing]
    changed: list[Differing]
    gone: list[Differing]
    unchanged: int
    left_out: list[tuple[str, str]]


def preview(db: Session, name: str, data: bytes) -> Preview:
    """What bringing it in would do; nothing is kept. Raises BadFile."""
    inner = db.begin_nested()
    try:
        return bring(db, name, data)
    finally:
        inner.rollback()
        db.expire_all()


def bring(db: Session, name: str, data: bytes) -> Preview:
    """Merge the list into today's entries, as `twin load` does. The caller commits. Raises BadFile."""
    before = _entries(db)
    report, source, named = _merged(db, name, data)
    after = _entries(db)
    new = [_differing(uid, {}, after[uid]) for uid in after.keys() - before.keys()]
    changed = [_differing(uid, before[uid], after[uid]) for uid in after.keys() & before.keys()]
    changed = [one for one in changed if one.fields]
    absent = [uid for uid in before if uid not in named and before[uid]["source"] == source]
    left_out = [(one.where, str(one.reason)) for one in report.left_out]
    return Preview(_by_title(new), _by_title(changed), _by_title([_differing(uid, before[uid], {}) for uid in absent]),
                   len(named) - len(new) - len(changed), left_out)  # fmt: skip


def _merged(db: Session, name: str, data: bytes) -> tuple[FileReport, str, set[str]]:
    if len(data) > LARGEST:
        raise BadFile(Words("Die Liste hat mehr als 20 MB.", "The list has more than 20 MB."))
    city = city_of(db)
    wanted = Wanted(layer="vacancies", srid=city.srid, near=(city.longitude, city.latitude), db=db)
    named: set[str] = set()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / (Path(name).name[-100:] or "liste.xlsx")
        path.write_bytes(data)
        if not tables.recognises(path, data[:4096]):
            raise BadFile(Words("Das ist keine Liste. Gebraucht wird eine Excel- oder CSV-Datei mit Kopfzeile.",
                                "This is no list. It takes an Excel or CSV file with a line of headings."))  # fmt: skip
        report = FileReport(name, "XLSX", "vacancies", None)
        source = Source(path=name, kind="XLSX", layer="vacancies", crs=None, read_at=now())
        merger = None
        for batch in tables.read(path, wanted):
            if isinstance(batch, Batch) and batch.layer == "vacancies":
                merger = merger or Merger(db, batch, report, source, city, {})
                merger.merge(batch)
                named.update(batch.uids or ())
        if merger is not None:
            merger.close()
    if not named:
        first = report.left_out[0] if report.left_out else None
        why = f"{first.where}: {first.reason}" if first else "–"
        raise BadFile(Words(f"Keine Zeile der Liste ist ein Leerstand, der sich verorten lässt. {why}",
                            f"No row of the list is a vacancy that can be placed. {why}"))  # fmt: skip
    return report, Path(name).name, named


def _entries(db: Session) -> dict[str, dict[str, Any]]:
    db.flush()
    db.expire_all()
    found = select(Vacancy, Source.path).outerjoin(Source, Source.id == Vacancy.source_id)
    rows = db.execute(found.where(Vacancy.scenario_id == TODAY, Vacancy.gone.is_(False))).all()
    return {
        one.uid: {**{name: getattr(one, name) for name in NAMES}, "source": Path(path or "").name, "at": one.shape.wkt}
        for one, path in rows
    }


def _differing(uid: str, before: dict[str, Any], after: dict[str, Any]) -> Differing:
    row = after or before
    title = str(row.get("address") or row.get("name") or row.get("parcel") or uid)
    both = [(name, before.get(name), after.get(name)) for name in (*NAMES, "at")]
    return Differing(uid, title, [one for one in both if one[1] != one[2]])


def _by_title(found: list[Differing]) -> list[Differing]:
    return sorted(found, key=lambda one: (one.title, one.uid))
