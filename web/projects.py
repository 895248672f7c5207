"""The pages of projects: what is planned where, by whom, and what is new; and all that planners do with scenarios."""

from typing import Any

import shapely
from flask import Blueprint, Flask, g, redirect, render_template, request, url_for
from shapely.geometry import mapping
from sqlalchemy import select

from scenarios import projects
from scenarios.permissions import MEMBERS, PUBLISHED, may, role_of
from scenarios.project import Person, Project
from twin.errors import LoginNeeded, NotFound, TwinError
from twin.feature import TODAY, Scenario, Words
from twin.projection import to_lonlat
from web.areas import choices, chosen_area
from web.asked import city, db, find_scenario
from web.errors import STATUS, sentence_of
from web.language import language
from web.news import ago, last_changes, news
from web.people import LARGEST, find_person, login_words, person, ran_out, require, require_login
from web.plans import camera, plan

pages = Blueprint("projects", __name__)

ORDER = {"published": 0, "draft": 1, "archived": 2}


@pages.get("/projects")
def overview():
    """All projects that whoever asks may see; for those who are logged in also what is new."""
    who = person()
    cards = [card(project) for project in _seen()]
    return render_template(
        "projects.html",
        city=city(),
        cards=[one for one in cards if not one["project"].archived_at],
        archived=[one for one in cards if one["project"].archived_at],
        news=news(who) if who else [],
        may_make=may(who, "manage"),
    )


@pages.route("/projects/new", methods=["GET", "POST"])
def new():
    who = require("manage")
    if request.method == "GET":
        return render_template("project_form.html", project=None, said=None, typed={})
    try:
        project = projects.make_project(db(), who, _typed("title"), _typed("brief"))
    except TwinError as error:
        return _again("project_form.html", error, project=None)
    db().commit()
    return _to(project)


@pages.get("/projects/<int:id>")
def project(id: int):
    found, who = find_project(id), person()
    seen = [one for one in scenarios_of(found) if may(who, "see", found, one)]
    changed = last_changes()
    return render_template(
        "project.html",
        city=city(),
        project=found,
        scenarios=[one for one in seen if one.state != "archived"],
        archived=[one for one in seen if one.state == "archived"],
        titles={one.id: one.title for one in seen},
        makers=_names(seen),
        last={one.id: changed.get(one.id) or one.made_at for one in seen},
        members=projects.members(db(), found) if _belongs(who, found) else [],
        people=_others(found) if may(who, "manage", found) else [],
        roles=MEMBERS,
        camera=camera(found.area) or None,
    )


@pages.route("/projects/<int:id>/edit", methods=["GET", "POST"])
def edit(id: int):
    found = find_project(id)
    who = require("manage", found)
    if request.method == "GET":
        return render_template(
            "project_form.html", project=found, said=None, typed={}, lists=_lists(), crs=f"EPSG:{city().srid}"
        )
    try:
        with db().begin_nested():
            projects.describe(who, found, _typed("title"), _typed("brief"))
            if request.form.get("area", "keep") != "keep":
                projects.set_area(who, found, chosen_area())
    except TwinError as error:
        return _again("project_form.html", error, project=found, lists=_lists())
    db().commit()
    return _to(found)


@pages.post("/projects/<int:id>/area")
def set_area(id: int):
    """The area alone, as it is drawn on the map."""
    found = find_project(id)
    who = require("manage", found)
    try:
        projects.set_area(who, found, chosen_area())
    except TwinError as error:
        db().rollback()
        return _again("project_form.html", error, project=found, lists=_lists())
    db().commit()
    return _to(found)


def area_to_draw() -> dict[str, Any] | None:
    """What the city shows while ?area= is drawn: the project, and its area in degrees; None where none is asked for."""
    asked = request.args.get("area", "")
    if not asked.isascii() or not asked.isdigit() or len(asked) > 9:
        return None
    found = find_project(int(asked))
    require("manage", found)
    area = None if found.area is None else shapely.set_precision(to_lonlat(found.area, city().srid), 1e-8, "pointwise")
    return {"project": found, "crs": f"EPSG:{city().srid}", "geometry": area and mapping(area)}


@pages.post("/projects/<int:id>/<any(archive, reopen):deed>")
def fold(id: int, deed: str):
    found = find_project(id)
    who = require("manage", found)
    (projects.archive_project if deed == "archive" else projects.reopen_project)(who, found)
    db().commit()
    return _to(found)


@pages.post("/projects/<int:id>/members")
def member(id: int):
    """Takes a person into the project, gives another role, or with the role "none" lets them go."""
    found = find_project(id)
    who = require("manage", found)
    other = find_person(request.form.get("person", 0, type=int))
    role = _typed("role")
    projects.set_member(db(), who, found, other, None if role == "none" else role)
    db().commit()
    return _to(found, "members")


@pages.post("/projects/<int:id>/scenarios")
def new_scenario(id: int):
    found = find_project(id)
    made = projects.make_scenario(db(), require("manage", found), found, _typed("title"), _typed("description"))
    db().commit()
    return _to(found, f"scenario-{made.id}")


@pages.post("/scenarios/<int:id>/<any(publish, withdraw, archive, unarchive, rename, fork):deed>")
def change_scenario(id: int, deed: str):
    found, who = find_scenario(id), require_login()
    shown = found.id
    if deed == "fork":
        shown = projects.fork(db(), who, found, _typed("title")).id
    elif deed == "rename":
        projects.rename(who, found, _typed("title"), _typed("description"))
    else:
        getattr(projects, deed)(who, found)
    db().commit()
    if "back" in request.form:
        return redirect(url_for("pages.scenario", id=found.id, lang=language()), 303)
    return redirect(url_for("projects.project", id=found.project_id, lang=language(), _anchor=f"scenario-{shown}"), 303)


@pages.get("/projects/<int:id>/plan.svg")
def project_plan(id: int):
    return plan(find_project(id).area)


@pages.get("/scenarios/<int:id>/plan.svg")
def scenario_plan(id: int):
    scenario = find_scenario(id)
    found = db().get(Project, scenario.project_id) if scenario.project_id else None
    return plan(found.area if found else None, scenario)


def find_project(id: int) -> Project:
    """The project, for those who may see it; for all others there is none."""
    found = db().get(Project, id) if id < LARGEST else None
    if found is not None and may(person(), "see", found):
        return found
    g.members_only = True
    if ran_out():
        raise LoginNeeded(login_words())
    raise NotFound(Words(f"Hier gibt es kein Projekt {id}.", f"There is no project {id}."))


def scenarios_of(project: Project) -> list[Scenario]:
    """Published ones first, then drafts, then archived ones; each in the order they were made."""
    found = db().scalars(select(Scenario).where(Scenario.project_id == project.id).order_by(Scenario.id)).all()
    return sorted(found, key=lambda one: ORDER[one.state])


def card(project: Project) -> dict[str, Any]:
    """What the list of projects shows of one."""
    who, changed = person(), last_changes()
    seen = [one for one in scenarios_of(project) if one.state != "archived" and may(who, "see", project, one)]
    moments = [changed.get(one.id) or one.made_at for one in seen]
    return {
        "project": project,
        "count": len(seen),
        "last": max((moment for moment in moments if moment), default=project.made_at),
        "role": role_of(who, project) if who else "everyone",
    }


def switch(scenario: Scenario) -> dict[str, Any] | None:
    """What the city's header says of a scenario: its project, its state, and those beside it."""
    found = db().get(Project, scenario.project_id) if scenario.project_id else None
    if found is None:
        return None
    who = person()
    beside = [one for one in scenarios_of(found) if one.state != "archived" and may(who, "see", found, one)]
    return {"project": found, "beside": beside, "may_publish": may(who, "publish", found, scenario)}


def init_app(app: Flask) -> None:
    app.register_blueprint(pages)
    app.jinja_env.globals.update(ago=ago, switch=switch, TODAY=TODAY, published_said=PUBLISHED)


def _seen() -> list[Project]:
    who = person()
    return [one for one in db().scalars(select(Project).order_by(Project.id.desc())) if may(who, "see", one)]


def _belongs(who: Person | None, project: Project) -> bool:
    return who is not None and role_of(who, project) != "everyone"


def _names(scenarios: list[Scenario]) -> dict[int, str]:
    ids = {one.made_by for one in scenarios if one.made_by}
    found = db().execute(select(Person.id, Person.name).where(Person.id.in_(ids)))
    return dict(found.all())


def _others(project: Project) -> list[Person]:
    """Who could be taken into the project."""
    inside = {person.id for person, _ in projects.members(db(), project)}
    active = db().scalars(select(Person).where(Person.is_active.is_(True)).order_by(Person.name))
    return [person for person in active if person.id not in inside]


def _lists() -> dict[str, list[tuple[str, str]]]:
    return {kind: choices(kind) for kind in ("blocks", "zones")}


def _typed(name: str) -> str:
    return request.form.get(name, "")


def _again(template: str, error: TwinError, **given: Any):
    """The form once more, with what was typed and the sentence that says what is wrong."""
    told = {"said": sentence_of(error), "typed": request.form, "crs": f"EPSG:{city().srid}", **given}
    return render_template(template, **told), STATUS[type(error)]


def _to(project: Project, anchor: str | None = None):
    return redirect(url_for("projects.project", id=project.id, lang=language(), _anchor=anchor), 303)
