"""The pages of what figures assume: of the city and of each project, with source, reason, who changed it and when."""

import math
from typing import Any

from flask import Blueprint, Flask, redirect, render_template, request, url_for

from scenarios import assumptions
from scenarios.assumptions import Assumed
from scenarios.permissions import may
from scenarios.project import AssumptionChange, Project
from twin.errors import BadValue, TwinError
from web.asked import city, db
from web.assumption_words import ASSUMPTIONS
from web.described import day
from web.edit_words import filled
from web.errors import STATUS, sentence_of
from web.language import language
from web.pasts import moment
from web.people import person, require
from web.projects import find_project

pages = Blueprint("assumptions", __name__)


@pages.get("/assumptions", defaults={"id": None})
@pages.get("/projects/<int:id>/assumptions")
def table(id: int | None):
    return _page(_project(id))


@pages.post("/assumptions", defaults={"id": None})
@pages.post("/projects/<int:id>/assumptions")
def change(id: int | None):
    """Sets one, with a reason; does=reset takes that back."""
    project = _project(id)
    who = require("manage" if project else "administer", project)
    name, reason = request.form.get("name", ""), request.form.get("reason", "")
    try:
        value = None if request.form.get("does") == "reset" else _number(request.form.get("value", ""))
        assumptions.override(db(), project, name, value, reason, who)
    except TwinError as error:
        db().rollback()
        return _page(_project(id), error)
    db().commit()
    return redirect(url_for("assumptions.table", id=id, lang=language(), _anchor=name), 303)


def link_to(project: int | None, name: str | None = None) -> str:
    """The page of what holds in a project, at one of its assumptions."""
    return url_for("assumptions.table", id=project, lang=language(), _anchor=name)


def init_app(app: Flask) -> None:
    app.register_blueprint(pages)
    app.jinja_env.globals.update(assumptions_at=link_to)


def _page(project: Project | None, error: TwinError | None = None):
    who = person()
    found = assumptions.in_force(db(), project.id if project else None)
    changes = assumptions.history(db(), project.id if project else None)
    page = render_template(
        "assumptions.html",
        city=city(),
        project=project,
        rows=[_told(one, changes[one.name]) for one in found.values()],
        own="project" if project else "city",
        may_change=may(who, "manage" if project else "administer", project),
        error=sentence_of(error) if error else None,
        sent=request.form,
    )
    return page, STATUS[type(error)] if error else 200


def _project(id: int | None) -> Project | None:
    return find_project(id) if id is not None else None


def _told(one: Assumed, changes: list[tuple[AssumptionChange, str | None]]) -> dict[str, Any]:
    """Names are for those who are named themselves."""
    named = person() is not None
    history = [
        {
            "by": by if named else None,
            "when": moment(change.made_at),
            "before": change.before,
            "after": change.after,
            "deed": "taken-back" if change.is_reset else "set",
            "of": "city" if change.project_id is None else "project",
            "reason": change.reason,
        }
        for change, by in changes
    ]
    when = day(one.at.date()) if one.at else None
    return {**one._asdict(), "by": one.by if named else None, "when": when, "history": history}


def _number(text: str) -> float:
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise BadValue(filled(ASSUMPTIONS["assumption-bad-number"], text=text.strip()[:20]))
    return value
