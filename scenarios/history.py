"""What was done in a scenario, step by step: who, when, where, and what became of it."""

import datetime as dt
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scenarios.diary import Change
from scenarios.project import Person

LISTED = 20  # changes of a step that are told one by one


class Past(NamedTuple):
    """One step. bounds: in the city's metres. undone: it has been taken back, and not been done again."""

    step: int
    what: str
    undoes: int | None
    undone: bool
    by: str | None
    at: dt.datetime
    things: int  # that it changed; `changes` has the first of them
    changes: list[dict[str, Any]]
    bounds: tuple[float, float, float, float] | None


def steps_of(db: Session, scenario: int, *, before: int | None = None, limit: int = 50) -> list[Past]:
    """The newest steps first. before: the number of a step; only earlier ones are told."""
    counted = (
        select(Change.step, func.count().label("things"))
        .add_columns(func.min(Change.min_x), func.min(Change.min_y), func.max(Change.max_x), func.max(Change.max_y))
        .where(Change.scenario_id == scenario, Change.step.in_(_steps(scenario, before, limit)))
        .group_by(Change.step)
    )
    counts = {step: (things, tuple(box)) for step, things, *box in db.execute(counted)}
    undone = _undone(db, scenario, min(counts, default=0))
    heads = (
        select(Change.step, Change.what, Change.undoes, Person.name, Change.made_at)
        .outerjoin(Person, Person.id == Change.person_id)
        .where(Change.id.in_(list(counts)))
        .order_by(Change.id.desc())
    )
    listed = _listed(db, list(counts))
    return [
        Past(step, what, undoes, step in undone, by, at, counts[step][0], listed[step], _bounds(counts[step][1]))
        for step, what, undoes, by, at in db.execute(heads)
    ]


def _steps(scenario: int, before: int | None, limit: int):
    steps = select(Change.step).where(Change.scenario_id == scenario, Change.id == Change.step)
    if before is not None:
        steps = steps.where(Change.id < before)
    return steps.order_by(Change.id.desc()).limit(limit)


def _undone(db: Session, scenario: int, since: int) -> set[int | None]:
    """The steps from `since` on that are taken back: by an undoing that is itself in force."""
    asked = select(Change.step, Change.undoes).where(
        Change.scenario_id == scenario, Change.id == Change.step, Change.id >= since, Change.undoes.is_not(None)
    )
    undone: set[int | None] = set()
    for step, undoes in db.execute(asked.order_by(Change.id.desc())):
        if step not in undone:
            undone.add(undoes)
    return undone


def _listed(db: Session, steps: list[int]) -> dict[int, list[dict[str, Any]]]:
    place = func.row_number().over(partition_by=Change.step, order_by=Change.id).label("place")
    numbered = select(
        Change.step, Change.id.label("change"), Change.verb, Change.layer, Change.uid, Change.version, place
    ).where(Change.step.in_(steps))
    found: dict[int, list[dict[str, Any]]] = {step: [] for step in steps}
    numbers = numbered.subquery()
    for step, *words, _ in db.execute(select(numbers).where(numbers.c.place <= LISTED).order_by(numbers.c.change)):
        found[step].append(dict(zip(("change", "verb", "layer", "uid", "version"), words, strict=True)))
    return found


def _bounds(box: tuple) -> tuple[float, float, float, float] | None:
    return None if box[0] is None else box
