"""What the figures of a plan assume, with unit and source: of the whole city, or a project's own."""

import datetime as dt
import tomllib
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from scenarios.project import Assumption, AssumptionChange, Person, Project, now
from twin.errors import BadField, NotFound
from twin.feature import Words

RULES = Path(__file__).parent / "rules" / "assumptions.toml"
LONGEST_REASON = 1_000  # letters


class Assumed(NamedTuple):
    """One assumption as it holds. set_for: "default", "city" or "project"; by whom and why, where it was set."""

    name: str
    title: Words
    unit: str
    value: float
    default: float
    least: float
    most: float
    source: Words
    as_of: dt.date
    set_for: str = "default"
    reason: str = ""
    by: str | None = None
    at: dt.datetime | None = None


@cache
def defaults() -> dict[str, Assumed]:
    with RULES.open("rb") as file:
        return {name: _read(name, told) for name, told in tomllib.load(file).items()}


def in_force(db: Session, project: int | None) -> dict[str, Assumed]:
    """All assumptions: the project's own, else the city's, else the defaults."""
    found = defaults().copy()
    asked = select(Assumption, Person.name).outerjoin(Person, Person.id == Assumption.person_id)
    asked = asked.where(Assumption.project_id.is_(None) | (Assumption.project_id == project))
    rows = db.execute(asked).all()
    for own, by in sorted(rows, key=lambda row: row[0].project_id is not None):
        if own.name in found:
            set_for = "city" if own.project_id is None else "project"
            found[own.name] = found[own.name]._replace(
                value=own.value, set_for=set_for, reason=own.reason, by=by, at=own.made_at
            )
    return found


def value(db: Session, project: int | None, name: str) -> float:
    return in_force(db, project)[name].value


def override(
    db: Session, project: Project | None, name: str, value: float | None, reason: str, person: Person | None
) -> None:
    """Set an assumption for a project, or for the city; None takes it back. The caller commits."""
    if name not in defaults():
        known = ", ".join(defaults())
        raise NotFound(
            Words(f"Es gibt keine Annahme {name}. Es gibt: {known}.", f"No assumption {name}. Known: {known}.")
        )
    its = project.id if project else None
    own = db.scalar(select(Assumption).where(Assumption.name == name, Assumption.project_id == its))
    if value is None and own is None:
        return
    change = AssumptionChange(project_id=its, name=name, person_id=person.id if person else None, made_at=now())
    change.before, change.is_reset = in_force(db, its)[name].value, value is None
    if value is None:
        db.delete(own)
    else:
        _check(defaults()[name], value, reason)
        change.reason = reason.strip()
        _set(db, own, change, float(value))
    db.flush()
    change.after = in_force(db, its)[name].value
    db.add(change)
    db.flush()


def history(db: Session, project: int | None) -> dict[str, list[tuple[AssumptionChange, str | None]]]:
    """Of each assumption what was changed, the newest first, and by whom: in the project, and in the city."""
    asked = select(AssumptionChange, Person.name).outerjoin(Person, Person.id == AssumptionChange.person_id)
    its = AssumptionChange.project_id
    found: dict[str, list[tuple[AssumptionChange, str | None]]] = defaultdict(list)
    for change, by in db.execute(
        asked.where(its.is_(None) | (its == project)).order_by(AssumptionChange.id.desc())
    ).all():
        found[change.name].append((change, by))
    return found


def _set(db: Session, own: Assumption | None, change: AssumptionChange, value: float) -> None:
    if own is None:
        own = Assumption(project_id=change.project_id, name=change.name)
        db.add(own)
    own.value, own.reason, own.made_at, own.person_id = value, change.reason, change.made_at, change.person_id


def _check(assumed: Assumed, value: Any, reason: Any) -> None:
    title, unit = assumed.title, assumed.unit
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not assumed.least <= value <= assumed.most:
        between = f"{assumed.least:g} – {assumed.most:g} {unit}"
        raise BadField(Words(f"{title.de}: erlaubt ist {between}.", f"{title.en}: it may be {between}."))
    if not isinstance(reason, str) or not 3 <= len(reason.strip()) <= LONGEST_REASON:
        raise BadField(
            Words(
                f"{title.de}: Bitte begründen, warum von {assumed.value:g} {unit} abgewichen wird (bis"
                f" {LONGEST_REASON} Zeichen).",
                f"{title.en}: please give a reason for another value than {assumed.value:g} {unit} (up to"
                f" {LONGEST_REASON} characters).",
            )
        )


def _read(name: str, told: dict[str, Any]) -> Assumed:
    return Assumed(
        name,
        Words(told["de"], told["en"]),
        told["unit"],
        told["value"],
        told["value"],
        told["least"],
        told["most"],
        Words(told["source_de"], told["source_en"]),
        told["as_of"],
    )
