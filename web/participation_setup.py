"""How planners open a session: a form for all that is said of it, its phases, categories and questions."""

import datetime as dt
from typing import Any

from flask import Blueprint, Flask, redirect, render_template, request, url_for

from scenarios.participation import sessions
from scenarios.participation.allowed import PHASES, permit, permitted, phases_of
from scenarios.participation.sessions import Told
from scenarios.participation.tables import Participation
from scenarios.permissions import allow
from scenarios.project import Project
from twin.errors import BadValue, TwinError
from twin.feature import Words
from web.asked import db
from web.errors import STATUS, sentence_of
from web.language import language, words
from web.participation import find_session
from web.people import person, require
from web.projects import find_project, scenarios_of

setup = Blueprint("participation_setup", __name__)

QUESTIONS = 4  # empty ones that the form offers


@setup.route("/projects/<int:id>/participation", methods=["GET", "POST"])
def new(id: int):
    project = find_project(id)
    who = require("manage", project)
    if request.method == "GET":
        return _form(project, None, _first(project))
    try:
        with db().begin_nested():
            made = sessions.make_session(db(), who, project, _told(project, None))
    except TwinError as error:
        return _form(project, None, request.form, error)
    db().commit()
    return redirect(url_for("participation_setup.edit", id=made.id, saved="", lang=language()), 303)


@setup.route("/participation/<int:id>/edit", methods=["GET", "POST"])
def edit(id: int):
    session = find_session(id)
    permit(person(), "manage", session)
    project = db().get_one(Project, session.project_id)
    allow(person(), "manage", project)
    if request.method == "GET":
        return _form(project, session, _as_typed(session))
    try:
        with db().begin_nested():
            sessions.describe_session(db(), session, _told(project, session.area))
    except TwinError as error:
        return _form(project, session, request.form, error)
    db().commit()
    return redirect(url_for("participation_setup.edit", id=id, saved="", lang=language()), 303)


@setup.post("/participation/<int:id>/<any(open, close):deed>")
def turn(id: int, deed: str):
    session = find_session(id)
    permit(person(), "manage", session)
    if deed == "open":
        sessions.open_session(db(), session)
    else:
        sessions.close_session(session)
    db().commit()
    return redirect(url_for("participation_setup.edit", id=id, lang=language()), 303)


def init_app(app: Flask) -> None:
    app.register_blueprint(setup)
    app.jinja_env.globals.update(sessions_of=sessions_of)


def sessions_of(project: Project) -> list[Participation]:
    """Those that whoever asks may see."""
    found = db().query(Participation).filter(Participation.project_id == project.id).order_by(Participation.id)
    return [one for one in found if permitted(person(), "see", one)]


def _told(project: Project, area: Any | None) -> Told:
    """area: that the session has now, which "keep" means."""
    fields = request.form
    ids = [int(id) for id in fields.getlist("scenarios") if id.isascii() and id.isdecimal() and len(id) < 10]
    area = {"project": project.area, "keep": area}.get(fields.get("area", ""))
    phases = {kind: (_day(f"{kind}-begins"), _day(f"{kind}-ends")) for kind in PHASES if _is_filled(kind)}
    asked = zip(fields.getlist("question"), fields.getlist("choices"), strict=False)
    return Told(
        title=fields.get("title", ""), text=fields.get("text", ""), scenarios=ids, phases=phases,
        categories=fields.get("categories", "").splitlines(), questions=list(asked),
        formal=fields.get("formal", "informal"), moderation=fields.get("moderation", "before"),
        code=fields.get("code", ""), contact=fields.get("contact", ""), privacy=fields.get("privacy", ""), area=area,
        access=fields.get("access", ""),
        **{name: fields.get(name, "") for name in ("title_en", "text_en", "simple")},
    )  # fmt: skip


def _is_filled(kind: str) -> bool:
    return bool(request.form.get(f"{kind}-begins") or request.form.get(f"{kind}-ends"))


def _day(name: str) -> dt.date:
    typed = request.form.get(name, "").strip()
    try:
        return dt.date.fromisoformat(typed)
    except ValueError:
        raise BadValue(
            Words(
                f"„{typed[:20]}“ ist kein Tag. Ein Beispiel: 2027-03-01. Jede Phase braucht zwei.",
                f"“{typed[:20]}” is no day. An example: 2027-03-01. Each phase needs two.",
            )
        ) from None


def _first(project: Project) -> dict[str, Any]:
    """What a new form proposes: two months from today, and the privacy text that most towns need."""
    today = dt.date.today()
    spans = {"collect": (0, 42), "rate": (0, 56), "discuss": (0, 56), "results": (57, 365)}
    days = {f"{kind}-{end}": (today + dt.timedelta(days=span[i])).isoformat()
            for kind, span in spans.items() for i, end in enumerate(("begins", "ends"))}  # fmt: skip
    published = [str(one.id) for one in scenarios_of(project) if one.state == "published"]
    return {"title": "", "privacy": words("p-privacy-usual"), "categories": words("p-categories-usual"),
            "scenarios": published, "area": "project", "questions": [], **days}  # fmt: skip


def _as_typed(session: Participation) -> dict[str, Any]:
    days = {f"{phase.kind}-{end}": getattr(phase, end).isoformat()
            for phase in phases_of(session) for end in ("begins", "ends")}  # fmt: skip
    return {
        "title": session.title, "text": session.text, "formal": session.formal, "moderation": session.moderation,
        "title_en": session.title_en, "text_en": session.text_en, "simple": session.simple,
        "access": sessions.access_of(session),
        "code": session.code, "contact": session.contact, "privacy": session.privacy,
        "area": "whole" if session.area is None else "keep",
        "categories": "\n".join(one.title for one in sessions.categories_of(db(), session)),
        "questions": [(one.title, one.choices) for one in sessions.questions_of(db(), session)],
        "scenarios": [str(id) for id in sessions.chosen(db(), session)], **days,
    }  # fmt: skip


def _form(project: Project, session: Participation | None, typed: Any, error: TwinError | None = None):
    if error:
        chosen = typed.getlist("scenarios")
        questions = list(zip(typed.getlist("question"), typed.getlist("choices"), strict=False))
        typed = {**typed.to_dict(), "scenarios": chosen, "questions": [one for one in questions if one[0]]}
    offered = [one for one in scenarios_of(project) if one.state == "published" or str(one.id) in typed["scenarios"]]
    empty = max(QUESTIONS - len(typed["questions"]), 1)
    page = render_template(
        "participation_setup.html", project=project, session=session, typed=typed, offered=offered, kinds=list(PHASES),
        asked=[*typed["questions"], *[("", "")] * empty], said=sentence_of(error) if error else None,
        camera=None,
    )  # fmt: skip
    return (page, STATUS[type(error)]) if error else page
