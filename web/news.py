"""What happened lately: the diary's newest steps, in words, for those who may see them."""

import datetime as dt
from typing import Any

from flask import url_for
from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from scenarios.diary import Change
from scenarios.permissions import roles
from scenarios.project import Person, Project, now
from twin.feature import Scenario
from twin.projection import LONLAT, transformer
from web.asked import city, db, layers
from web.described import day
from web.language import language, number, said, words

MOST = 12  # lines


def news(who: Person, limit: int = MOST) -> list[dict[str, Any]]:
    """The newest steps and scenarios of the person's projects, newest first."""
    found = _steps(who, limit) + _made(who, limit)
    return sorted(found, key=lambda line: line["when"], reverse=True)[:limit]


def ago(moment: dt.datetime | None) -> str:
    """How long ago that was, as one says it; the day, where it was more than a week ago."""
    if moment is None:
        return words("never-changed")
    minutes = int((now() - moment).total_seconds() // 60)
    if minutes < 1:
        return words("just-now")
    if minutes < 60:
        return words("minutes-ago").format(n=minutes)
    if minutes < 24 * 60:
        return words("hours-ago").format(n=minutes // 60)
    days = minutes // (24 * 60)
    if days < 7:
        return words("yesterday") if days == 1 else words("days-ago").format(n=days)
    return day(moment.date()) or ""


def last_changes() -> dict[int, dt.datetime]:
    """When each scenario was changed last."""
    found = select(Change.scenario_id, func.max(Change.made_at)).group_by(Change.scenario_id)
    return dict(db().execute(found).all())


def _steps(who: Person, limit: int) -> list[dict[str, Any]]:
    bounds = (func.min(Change.min_x), func.min(Change.min_y), func.max(Change.max_x), func.max(Change.max_y))
    first = aliased(Change)
    steps = (
        select(
            Change.step, func.count().label("count"), func.max(Change.made_at).label("when"),
            func.count(func.distinct(Change.layer)).label("layers"),
            func.count(func.distinct(Change.verb)).label("verbs"),
            func.max(Change.undoes).label("undoes"), *(b.label(f"b{i}") for i, b in enumerate(bounds)),
        )
        .join(Scenario, Scenario.id == Change.scenario_id)
        .where(*_of(who)).group_by(Change.step).order_by(Change.step.desc()).limit(limit).subquery()
    )  # fmt: skip
    question = (
        select(steps, first.layer, first.verb, Scenario, Project.title, Person.name)
        .join(first, first.id == steps.c.step)
        .join(Scenario, Scenario.id == first.scenario_id)
        .join(Project, Project.id == Scenario.project_id)
        .outerjoin(Person, Person.id == first.person_id)
    )
    return [_step(row) for row in db().execute(question)]


def _step(row: Any) -> dict[str, Any]:
    layer = layers().get(row.layer)
    deed = words("undone") if row.undoes else words(f"verb-{row.verb}")
    what = f"× {said(layer.title) if layer else row.layer} {deed}"
    if row.layers > 1 or row.verbs > 1:
        what = f"{words('changes')} {words('undone') if row.undoes else ''}"
    return {
        **_line(row.Scenario, row.title, row.name, row.when),
        "what": f"{number(row.count)} {what}".rstrip(),
        "link": _link(row.Scenario, [row.b0, row.b1, row.b2, row.b3]),
    }


def _made(who: Person, limit: int) -> list[dict[str, Any]]:
    question = (
        select(Scenario, Project.title, Person.name)
        .join(Project, Project.id == Scenario.project_id)
        .outerjoin(Person, Person.id == Scenario.made_by)
        .where(*_of(who), Scenario.made_at.is_not(None))
        .order_by(Scenario.made_at.desc())
        .limit(limit)
    )
    found = []
    for scenario, title, name in db().execute(question):
        made = {**_line(scenario, title, name, scenario.made_at), "what": words("made-scenario")}
        found.append({**made, "link": _link(scenario)})
        if scenario.state == "published" and scenario.published_at:
            published = {**made, "who": None, "what": words("published-scenario"), "when": scenario.published_at}
            found.append({**published, "link": _link(scenario)})
    return found


def _line(scenario: Scenario, project: str, name: str | None, when: dt.datetime | None) -> dict[str, Any]:
    who = name or words("by-import")  # what a file planned, `twin plan`, was nobody's hand
    return {"scenario": scenario.title, "project": project, "who": who, "when": when}


def _of(who: Person) -> list[Any]:
    return [] if who.is_administrator else [Scenario.project_id.in_(list(roles(who)))]


def _link(scenario: Scenario, bounds: list[float | None] | None = None) -> str:
    link = url_for("pages.scenario", id=scenario.id, lang=language())
    if not bounds or None in bounds:
        return link
    west, south, east, north = (float(value) for value in bounds if value is not None)
    to_degrees = transformer(city().srid, LONLAT)
    longitude, latitude = to_degrees.transform((west + east) / 2, (south + north) / 2)
    return f"{link}#camera={longitude:.6f},{latitude:.6f},17,56,-24"
