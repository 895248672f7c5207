"""The pages of a project's viewpoints: the walk through them, presented; and keeping, changing and ordering them."""

from typing import Any

from flask import Blueprint, Flask, redirect, render_template, request, url_for

from scenarios import viewpoints
from scenarios.permissions import may
from scenarios.project import Project, Viewpoint
from twin.errors import NotFound, TwinError
from twin.feature import TODAY, Scenario
from web.asked import city, db, find_scenario
from web.errors import STATUS, sentence_of
from web.language import language, words
from web.people import LARGEST, person, require
from web.projects import find_project, scenarios_of

stories = Blueprint("stories", __name__)

STEPS = {"earlier": -1, "later": 1}


@stories.get("/projects/<int:id>/story")
def present(id: int):
    """One viewpoint after the other, beside its text; without 3D graphics, and on paper, all of them as a list."""
    project = find_project(id)
    return render_template("story.html", city=city(), project=project, walk=walk_of(project))


@stories.get("/projects/<int:id>/viewpoints")
def listed(id: int):
    project = find_project(id)
    require("edit", project)
    return render_template("viewpoints.html", city=city(), project=project, walk=walk_of(project))


@stories.route("/projects/<int:id>/viewpoints/new", methods=["GET", "POST"])
def new(id: int):
    project = find_project(id)
    who = require("edit", project)
    if request.method == "GET":
        return _form(project, None, {"scenario": request.args.get("scenario", str(TODAY))})
    try:
        viewpoints.keep(db(), who, project, *_typed())
    except TwinError as error:
        return _form(project, None, request.form, error), STATUS[type(error)]
    db().commit()
    return _to(project)


@stories.route("/viewpoints/<int:id>/edit", methods=["GET", "POST"])
def edit(id: int):
    viewpoint, project = _find(id)
    who = require("edit", project)
    if request.method == "GET":
        kept = {"title": viewpoint.title, "text": viewpoint.text, "view": viewpoint.view}
        return _form(project, viewpoint, {**kept, "scenario": str(viewpoint.scenario_id)})
    try:
        viewpoints.describe(db(), who, viewpoint, *_typed())
    except TwinError as error:
        return _form(project, viewpoint, request.form, error), STATUS[type(error)]
    db().commit()
    return _to(project)


@stories.post("/viewpoints/<int:id>/<any(earlier, later, delete):deed>")
def change(id: int, deed: str):
    viewpoint, project = _find(id)
    who = require("edit", project)
    if deed == "delete":
        viewpoints.take_out(db(), who, viewpoint)
    else:
        viewpoints.move(db(), who, viewpoint, STEPS[deed])
    db().commit()
    return _to(project)


def walk_of(project: Project) -> list[tuple[Viewpoint, Scenario]]:
    """As far as whoever asks may see it."""
    return viewpoints.viewpoints_of(db(), project, person())


def init_app(app: Flask) -> None:
    app.register_blueprint(stories)
    app.jinja_env.globals.update(walk_of=walk_of)


def _find(id: int) -> tuple[Viewpoint, Project]:
    found = db().get(Viewpoint, id) if id < LARGEST else None
    if found is None:
        raise NotFound(words("no-viewpoint-here"))
    return found, find_project(found.project_id)


def _typed() -> tuple[Scenario, str, str, str]:
    """The scenario that is shown, title, text, view."""
    asked = request.form.get("scenario", "")
    if not asked.isascii() or not asked.isdigit():
        raise NotFound(words("no-scenario").format(id=asked[:20]))
    return find_scenario(int(asked)), *(request.form.get(name, "") for name in ("title", "text", "view"))  # type: ignore[return-value]


def _form(project: Project, viewpoint: Viewpoint | None, typed: Any, error: TwinError | None = None) -> str:
    who = person()
    shown = [one for one in scenarios_of(project) if one.state != "archived" and may(who, "see", project, one)]
    return render_template(
        "viewpoint_form.html", project=project, viewpoint=viewpoint, typed=typed, scenarios=shown,
        said=sentence_of(error) if error else None,
    )  # fmt: skip


def _to(project: Project):
    return redirect(url_for("stories.listed", id=project.id, lang=language()), 303)
