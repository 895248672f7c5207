"""The diary: every change of every scenario, with what was there before and after. Rows are only ever added."""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import ForeignKey, func, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from scenarios.overlay import Row, as_kept
from scenarios.project import Person, now
from twin.errors import NotFound, Overtaken
from twin.feature import Feature, Stored, Words

TAKING_BACK = ("undo", "redo", "return")  # what no planner's own action may be called
_AT_ONCE = 200  # steps read at a time
_NEWEST_VERSION = text(
    "select max(version) from change where scenario_id = :scenario and layer = :layer and uid = :uid"
)
_NEWEST_CHANGE = text("select max(id) from change where scenario_id = :scenario")
_DONE = {
    "place": Words("geändert", "changed"),
    "clear": Words("entfernt", "cleared"),
    "restore": Words("wieder wie heute gemacht", "restored"),
}


class Change(Stored):
    """One feature, changed once. Changes of one action share a `step`, which is the id of the first of them."""

    __tablename__ = "change"
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[int] = mapped_column(primary_key=True)
    scenario_id: Mapped[int] = mapped_column(ForeignKey("scenario.id"))
    step: Mapped[int]
    verb: Mapped[str]  # "place", "clear" or "restore"
    what: Mapped[str]  # the action, as the history names it: a key of the page's words ("draw", "height", "undo" ...)
    undoes: Mapped[int | None]  # the step that this one takes back
    layer: Mapped[str]
    uid: Mapped[str]
    version: Mapped[int]  # of the feature afterwards; one number always means one content
    row_id: Mapped[int | None]  # of the scenario's own row, so that none is ever given to another
    before: Mapped[str | None]  # the scenario's own row as JSON, or nothing: it had none
    after: Mapped[str | None]
    min_x: Mapped[float | None]  # where it happened, in the city's metres: before and after together
    min_y: Mapped[float | None]
    max_x: Mapped[float | None]
    max_y: Mapped[float | None]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[dt.datetime] = mapped_column(default=now)


class Last(NamedTuple):
    """The newest change of a feature, and who made it."""

    verb: str
    by: str | None
    at: dt.datetime


def written(layer: type[Feature], row: Row | None) -> str | None:
    return None if row is None else json.dumps(as_kept(layer, row), ensure_ascii=False)


def read(kept: str | None) -> Row | None:
    return None if kept is None else json.loads(kept)


def newest_version(db: Session, scenario: int, layer: str, uid: str) -> int:
    return db.execute(_NEWEST_VERSION, {"scenario": scenario, "layer": layer, "uid": uid}).scalar() or 0


def newest_change(db: Session, scenario: int) -> int:
    """The scenario's mark: it grows with each change. 0 where nothing was ever changed."""
    return db.execute(_NEWEST_CHANGE, {"scenario": scenario}).scalar() or 0


def last_change(db: Session, scenario: int, layer: str, uid: str) -> Last | None:
    found = select(Change.verb, Person.name, Change.made_at).outerjoin(Person, Person.id == Change.person_id)
    found = found.where(Change.scenario_id == scenario, Change.layer == layer, Change.uid == uid)
    row = db.execute(found.order_by(Change.id.desc()).limit(1)).first()
    return Last(*row) if row else None


def overtaken(layer: type[Feature], uid: str, last: Last | None) -> Overtaken:
    """What the later one is told."""
    title = layer.title
    if last is None:
        return Overtaken(
            Words(f"{title.de}: {uid} wurde inzwischen neu eingelesen. Sehen Sie es noch einmal an.",
                  f"{title.en}: {uid} was loaded anew in the meantime. Look again, then decide."),
            layer.__tablename__, uid,
        )  # fmt: skip
    verb = _DONE[last.verb]
    sentence = Words(
        f"{title.de}: {last.by or 'Jemand'} hat das inzwischen {verb.de}. Sehen Sie es an und entscheiden Sie dann.",
        f"{title.en}: {last.by or 'Someone'} {verb.en} this in the meantime. Look again, then decide.",
    )
    return Overtaken(sentence, layer.__tablename__, uid, last.by, last.at)


def changes_of(db: Session, step: int) -> list[Change]:
    """The changes of a step, the last one first: so they are taken back."""
    return list(db.scalars(select(Change).where(Change.step == step).order_by(Change.id.desc())))


def first_after(db: Session, scenario: int, change: int) -> list[Change]:
    """Of each feature that was changed after the step of that change, the first such change."""
    since = 0
    if change:
        step = db.scalar(select(Change.step).where(Change.scenario_id == scenario, Change.id == change))
        if step is None:
            raise NotFound(
                Words(f"In dieser Variante gibt es keine Änderung {change}.", f"There is no change {change} here.")
            )
        since = db.scalar(select(func.max(Change.id)).where(Change.step == step)) or 0
    later = select(func.min(Change.id)).where(Change.scenario_id == scenario, Change.id > since)
    firsts = later.group_by(Change.layer, Change.uid)
    return list(db.scalars(select(Change).where(Change.id.in_(firsts)).order_by(Change.id.desc())))


def last_done(db: Session, scenario: int, person: int | None) -> int | None:
    """The person's last step that is in force, to be undone."""
    taken_back: set[int] = set()
    for step, what, undoes in _steps_of(db, scenario, person):
        if step in taken_back:
            continue
        if what != "undo":
            return step
        taken_back.add(undoes)
    return None


def last_undone(db: Session, scenario: int, person: int | None) -> int | None:
    """The person's last undoing that is in force, with nothing new done since, to be taken back itself."""
    taken_back: set[int] = set()
    for step, what, undoes in _steps_of(db, scenario, person):
        if step in taken_back:
            continue
        if what == "undo":
            return step
        if what != "redo":
            return None
        taken_back.add(undoes)
    return None


def _steps_of(db: Session, scenario: int, person: int | None) -> Iterator[tuple[int, str, Any]]:
    """The person's steps, newest first, read as far as they are asked for."""
    before: int | None = None
    while True:
        asked = select(Change.step, Change.what, Change.undoes).where(
            Change.scenario_id == scenario, Change.person_id == person, Change.id == Change.step
        )
        if before is not None:
            asked = asked.where(Change.id < before)
        rows = db.execute(asked.order_by(Change.id.desc()).limit(_AT_ONCE)).all()
        yield from map(tuple, rows)
        if len(rows) < _AT_ONCE:
            return
        before = rows[-1][0]
