"""The verbs of planning: place a thing, clear it away, restore what stands there today; and taking them back."""

import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any, NamedTuple, NoReturn

import shapely
from sqlalchemy import insert, text, update
from sqlalchemy.orm import Session

from layers.brought import layers_of
from scenarios import checks, diary, overlay
from scenarios.diary import Change
from scenarios.following import follow
from scenarios.overlay import Row
from scenarios.permissions import PUBLISHED
from scenarios.project import Person, now
from twin.errors import BadShape, Closed, NotFound
from twin.feature import TODAY, Feature, Scenario, Words
from twin.store import begin_writing, encode, in_a_file, locking

Bounds = tuple[float, float, float, float]


class Changed(NamedTuple):
    """One feature, as a verb left it. bounds: where it happened, in the city's metres, before and after together."""

    change: int
    layer: str
    uid: str
    version: int
    bounds: Bounds | None


class Step:
    """One action of a person: its changes stand together in the history, and are taken back together."""

    def __init__(self, db: Session, scenario: Scenario, person: Person | None, what: str, undoes: int | None = None):
        self.db = db
        self.scenario: int = scenario.id
        self.person = person.id if person else None
        self.what, self.undoes = what, undoes
        self.number: int | None = None  # the id of its first change
        self.changes: list[Changed] = []
        self.made_at = now()

    @cached_property
    def middle(self) -> tuple[float, float]:
        """Of the city, in its metres."""
        return checks.middle_of(self.db)

    @cached_property
    def layers(self) -> dict[str, type[Feature]]:
        return layers_of(self.db)

    def find(self, layer: type[Feature], uid: str) -> tuple[Row | None, Row | None]:
        return overlay.find(self.db, layer, self.scenario, uid)

    def put(self, layer: type[Feature], uid: str, verb: str, own: Row | None, after: Row | None, there: Row) -> Changed:
        """Write or remove the scenario's own row, and note it in the diary. there: what was seen until now."""
        if after is not None:
            after = overlay.write(self.db, layer, after, own)
        elif own is not None:
            overlay.remove(self.db, layer, own)
        version = after["version"] if after else there["version"]
        bounds = self._bounds(there, after)
        change = self._note(layer, uid, verb, version, own, after, bounds)
        self.changes.append(Changed(change, layer.__tablename__, uid, version, bounds))
        return self.changes[-1]

    def next_version(self, layer: type[Feature], uid: str, *rows: Row | None) -> int:
        used = diary.newest_version(self.db, self.scenario, layer.__tablename__, uid)
        return 1 + max([used, *(row["version"] for row in rows if row)])

    def _note(self, layer, uid, verb, version, own, after, bounds) -> int:
        box = dict(zip(("min_x", "min_y", "max_x", "max_y"), bounds or (None,) * 4, strict=True))
        values = {
            "scenario_id": self.scenario, "step": self.number or 0, "verb": verb, "what": self.what,
            "undoes": self.undoes, "layer": layer.__tablename__, "uid": uid, "version": version,
            "row_id": (after or own or {}).get("id"), "before": diary.written(layer, own),
            "after": diary.written(layer, after), **box, "person_id": self.person, "made_at": self.made_at,
        }  # fmt: skip
        connection = self.db.connection()
        change = connection.execute(insert(Change).returning(Change.id), values).scalar_one()
        if self.number is None:
            self.number = change
            connection.execute(update(Change).where(Change.id == change).values(step=change))
        return change

    def _bounds(self, *rows: Row | None) -> Bounds | None:
        shapes = [overlay.shape_of(self.db, row) for row in rows if row]
        boxes = shapely.total_bounds(shapes).tolist()
        return tuple(boxes) if boxes[0] == boxes[0] else None


@contextmanager
def step(
    db: Session, scenario: Scenario, person: Person | None, what: str, undoes: int | None = None
) -> Iterator[Step]:
    """Group verbs into one action: all of them or, where one is refused, none. The caller commits."""
    begin_writing(db)
    _lock(db, scenario)
    with db.connection().begin_nested():
        yield Step(db, scenario, person, what, undoes)


def place(
    step: Step, layer: type[Feature], uid: str | None, shape: Any | None, fields: dict[str, Any], *, seen: int | None
) -> Changed:
    """Put a new thing on the map, or the new form of one that stands there.

    uid: None for a new thing, which gets one. shape: in the city's metres; None keeps the one that is there.
    fields: those that change. seen: the version that the planner saw, None where there was nothing.
    """
    if uid is None:
        uid = secrets.token_hex(6)
    checks.check_uid(uid)
    today, own = step.find(layer, uid)
    there = _standing(today, own)
    if there is None:
        _check_new(step, layer, uid, own, seen)
    elif there["version"] != seen:
        _overtaken(step, layer, uid)
    values = checks.checked_fields(layer, fields, there or {})
    if shape is not None:
        shape = checks.checked_shape(layer, shape, step.middle)
    elif there is None:
        raise BadShape(Words("Etwas Neues braucht einen Umriss.", "A new thing needs a shape. Please draw it."))
    after = _merged(step, layer, there, values, shape)
    after |= {
        "uid": uid,
        "scenario_id": step.scenario,
        "gone": False,
        "version": step.next_version(layer, uid, today, own),
        "id": None,
    }
    return step.put(layer, uid, "place", own, after, there or after)


def clear(step: Step, layer: type[Feature], uid: str, *, seen: int | None) -> Changed:
    """Take a thing away: a felled tree. What only the scenario had is gone from it, what stands today bears `gone`."""
    today, own = step.find(layer, uid)
    there = _standing(today, own)
    if there is None:
        _check_new(step, layer, uid, own, seen)
        raise NotFound(_nothing(layer, uid))
    if seen is not None and there["version"] != seen:
        _overtaken(step, layer, uid)
    version = step.next_version(layer, uid, today, own)
    if today is None:
        return step.put(layer, uid, "clear", own, None, {**there, "version": version})
    after = {**there, "id": None, "scenario_id": step.scenario, "gone": True, "version": version}
    return step.put(layer, uid, "clear", own, after, there)


def restore(step: Step, layer: type[Feature], uid: str, *, seen: int | None) -> Changed:
    """Give back what stands there today, whatever the scenario made of it."""
    today, own = step.find(layer, uid)
    if own is not None and seen is not None and own["version"] != seen:
        _overtaken(step, layer, uid)
    if today is None or own is None:
        raise NotFound(
            Words(f"{uid} steht heute nicht da. Es lässt sich entfernen, aber nicht wiederherstellen.",
                  f"{uid} does not stand there today. It can be cleared, but not restored.")
            if own else
            Words(f"{uid} ist schon wie heute.", f"{uid} is as it is today already. There is nothing to restore.")
        )  # fmt: skip
    return step.put(layer, uid, "restore", own, None, today)


def undo(db: Session, scenario: Scenario, person: Person | None) -> Step:
    """Take the person's own last step back. Overtaken where someone has changed the same things since."""
    with step(db, scenario, person, "undo") as taking:
        taking.undoes = diary.last_done(db, scenario.id, taking.person)
        if taking.undoes is None:
            raise NotFound(Words("Hier ist nichts rückgängig zu machen.", "There is nothing to undo here."))
        _take_back(taking)
    return taking


def redo(db: Session, scenario: Scenario, person: Person | None) -> Step:
    """Do again what the person took back last, unless they have done something else since."""
    with step(db, scenario, person, "redo") as taking:
        taking.undoes = diary.last_undone(db, scenario.id, taking.person)
        if taking.undoes is None:
            raise NotFound(Words("Hier ist nichts zu wiederholen.", "There is nothing to redo here."))
        _take_back(taking)
    return taking


def return_to(db: Session, scenario: Scenario, person: Person | None, change: int) -> Step:
    """The scenario as it was right after the step of that change; 0 for its beginning. Itself a step like any other."""
    with step(db, scenario, person, "return") as taking:
        for first in diary.first_after(db, scenario.id, change):
            layer = taking.layers[first.layer]
            today, own = taking.find(layer, first.uid)
            if not overlay.alike(overlay.as_kept(layer, own) if own else None, diary.read(first.before)):
                _put_back(taking, layer, first.uid, today, own, first.before)
        if not taking.changes:
            raise NotFound(Words("Seitdem hat sich nichts geändert.", "Nothing has changed since then."))
    return taking


def _lock(db: Session, scenario: Scenario) -> None:
    """Changes of one project come one after the other: their numbers then grow in the order in which they are seen."""
    rows = "scenario s" if scenario.project_id is None else "scenario s join project p on p.id = s.project_id"
    archived = "null" if scenario.project_id is None else "p.archived_at"
    asked = text(f"select s.state, {archived} from {rows} where s.id = :id{locking(db)}")
    state, archived_at = db.execute(asked, {"id": scenario.id}).one()
    if scenario.id == TODAY:
        raise Closed(
            Words("Der heutige Bestand wird nicht geplant, sondern eingelesen. Legen Sie eine Variante an.",
                  "Today's city is loaded, not planned. Make a scenario, and plan there.")
        )  # fmt: skip
    if state == "published":
        raise Closed(PUBLISHED)
    if state != "draft" or archived_at:
        raise Closed(
            Words("Diese Variante ist abgelegt. Holen Sie sie zuerst aus der Ablage.",
                  "This scenario is archived. Take it out of the archive first.")
        )  # fmt: skip


def _standing(today: Row | None, own: Row | None) -> Row | None:
    row = own or today
    return row if row and not row["gone"] else None


def _check_new(step: Step, layer: type[Feature], uid: str, own: Row | None, seen: int | None) -> None:
    """Nothing stands there: has it been there before?"""
    if own is not None or diary.newest_version(step.db, step.scenario, layer.__tablename__, uid):
        _overtaken(step, layer, uid)
    if seen:
        raise NotFound(_nothing(layer, uid))


def _nothing(layer: type[Feature], uid: str) -> Words:
    return Words(f"{layer.title.de}: {uid} gibt es hier nicht.", f"{layer.title.en}: there is no {uid} here.")


def _overtaken(step: Step, layer: type[Feature], uid: str) -> NoReturn:
    last = diary.last_change(step.db, step.scenario, layer.__tablename__, uid)
    raise diary.overtaken(layer, uid, last)


def _merged(step: Step, layer: type[Feature], there: Row | None, values: dict[str, Any], shape: Any | None) -> Row:
    """The row that stands there with what changes laid over it."""
    file = in_a_file(step.db)
    blank = {column.name: None for column in layer.__table__.columns}
    before = there or blank
    types = {column.name: column.type for column in layer.__table__.columns}
    values = {name: encode(value, types[name], 0, file) for name, value in values.items()}
    values = {name: value for name, value in values.items() if value != before[name]}
    stored = before["geom"] if shape is None else overlay.stored_shape(step.db, shape)
    row = {**before, **values, "geom": stored}
    if there is None:
        return row
    row["estimated"] = _still_estimated(before["estimated"], values)
    return row if stored == before["geom"] and not values else follow(step.db, layer, before, row, values)


def _still_estimated(estimated: str | None, said: Iterable[str]) -> str | None:
    """What a planner has said is no longer estimated."""
    kept = [part for part in (estimated or "").split("; ") if part.partition(":")[0] not in said]
    return "; ".join(kept) or None


def _take_back(taking: Step) -> None:
    """The inverse of a step: each row as it was before, unless it is no longer as the step left it."""
    for change in diary.changes_of(taking.db, taking.undoes or 0):
        layer = taking.layers[change.layer]
        today, own = taking.find(layer, change.uid)
        if not overlay.alike(overlay.as_kept(layer, own) if own else None, diary.read(change.after)):
            last = diary.last_change(taking.db, taking.scenario, change.layer, change.uid)
            raise diary.overtaken(layer, change.uid, last)
        _put_back(taking, layer, change.uid, today, own, change.before)


def _put_back(taking: Step, layer: type[Feature], uid: str, today: Row | None, own: Row | None, kept: str | None):
    row = diary.read(kept)
    after = overlay.from_kept(taking.db, layer, row) if row else None
    if after is not None:
        verb = "clear" if after["gone"] else "place"
        return taking.put(layer, uid, verb, own, after, own or today or after)
    if today is not None:
        return taking.put(
            layer, uid, "restore", own, None, today if own is None else {**own, "version": today["version"]}
        )
    version = taking.next_version(layer, uid, own)
    return taking.put(layer, uid, "clear", own, None, {**(own or {}), "version": version})
