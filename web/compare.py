"""Two plans beside each other: as two cities with one camera, and as a list of what is new, changed and gone."""

from collections import Counter
from itertools import groupby
from typing import Any

import shapely
from flask import Blueprint, Flask, redirect, render_template, request, url_for

from layers.palette import DIFFERENCES
from scenarios import assumptions
from scenarios.comparing import Difference, differences
from scenarios.counting import FIGURES, planned_against_today
from scenarios.project import Project
from twin.feature import TODAY, Scenario
from web.asked import city, db, find_layer, find_scenario, layers
from web.compared import Beside, number_asked
from web.figures import told
from web.language import language, said
from web.pages import layer_list
from web.plans import camera
from web.projects import switch
from web.search import camera_link

compare = Blueprint("compare", __name__)

LISTED = 200  # of a layer at once; a design may plant a thousand trees
MODES = ("split", "swipe", "list")


@compare.get("/compare")
def chosen():
    """Leads from the form to the page of ?scenario=, compared with ?with=."""
    after, before = find_scenario(number_asked("scenario", TODAY)), find_scenario(number_asked("with", TODAY))
    return redirect(url_for("compare.page", id=after.id, lang=language(), **{"with": before.id}), 303)


@compare.get("/scenarios/<int:id>/differences")
def page(id: int):
    """From ?with=, or today, to this scenario; with ?layer= and ?from= the list of one layer goes on there."""
    before, after = find_scenario(number_asked("with", TODAY)), find_scenario(id)
    only = find_layer(request.args["layer"]).__tablename__ if "layer" in request.args else None
    differing = differences(db(), before.id, after.id)
    found = [told(one) for one in differing]
    groups = _groups(found, only, max(request.args.get("from", 0, type=int), 0))
    given = {"scenario": after, "other": before, "place_of": _place_of, "only": only}
    if only and "part" in request.args:
        return render_template("differences_part.html", group=groups[0] if groups else None, **given)
    return render_template(
        "differences.html", city=city(), comparable=_comparable(before, after), figures=_figures(before, after),
        groups=groups, kinds={kind: sum(one["kind"] == kind for one in found) for kind in DIFFERENCES},
        layers=_layers(before, after, Counter(one["layer"] for one in found)),
        modes=MODES, camera=_camera(before, after, differing), **given,
    )  # fmt: skip


def init_app(app: Flask) -> None:
    app.register_blueprint(compare)


def _groups(found: list[dict[str, Any]], only: str | None, start: int) -> list[dict[str, Any]]:
    """By layer, each with those of its differences that are listed at once, and how many there are."""
    groups = [(name, list(ones)) for name, ones in groupby(_foremost_first(found), lambda one: one["layer"])]
    return [
        {"title": said(layers()[name].title), "layer": name, "found": ones[start : start + LISTED], "start": start,
         "many": len(ones), "left": len(ones) - start - LISTED, "more": min(LISTED, len(ones) - start - LISTED)}
        for name, ones in groups
        if only in (None, name)
    ]  # fmt: skip


def _layers(before: Scenario, after: Scenario, differing: Counter) -> list[dict[str, Any]]:
    """What both cities can show; at first also what they would hide, where it differs."""
    return [
        {**one, "differing": differing[one["name"]], "shown": one["shown"] or differing[one["name"]] > 0}
        for one in layer_list(after.id, Beside(before.id, "after"))
    ]


def _foremost_first(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """By layer: buildings, then from the topmost down to the ground."""
    order = ["buildings", *reversed(layers())]
    return sorted(found, key=lambda one: order.index(one["layer"]))


def _comparable(before: Scenario, after: Scenario) -> list[Scenario]:
    """What can be compared: today, the two, and those of their projects."""
    found = {one.id: one for one in (find_scenario(TODAY), before, after)}
    for scenario in (before, after):
        found |= {one.id: one for one in (switch(scenario) or {"beside": []})["beside"]}
    return [found[id] for id in sorted(found)]


def _camera(before: Scenario, after: Scenario, differing: list[Difference]) -> str:
    """Over the project's area, else over all that differs."""
    project = db().get(Project, after.project_id or before.project_id or 0)
    if project is not None and project.area is not None:
        return camera(project.area)
    return (
        camera(shapely.box(*shapely.total_bounds([shapely.box(*one.bounds) for one in differing]))) if differing else ""
    )


def _figures(before: Scenario, after: Scenario) -> list[dict[str, Any]]:
    """What each plan adds to today."""
    assumed = assumptions.in_force(db(), after.project_id)
    sums = [planned_against_today(db(), one.id, assumed)["change"] for one in (before, after)]
    return [
        {"title": said(title), "unit": unit, "values": [round(getattr(one, name), 1) for one in sums],
         "rests_on": [f"{said(assumed[key].title)}: {assumed[key].value:g} {assumed[key].unit}" for key in rests_on]}
        for name, (title, unit, rests_on) in FIGURES.items()
    ]  # fmt: skip


def _place_of(one: dict[str, Any], before: Scenario, after: Scenario) -> str:
    """The city with it in the middle, in the plan where it stands."""
    west, south, east, north = one["bounds"]
    scenario = before if one["kind"] == "gone" else after
    place = round((west + east) / 2, 6), round((south + north) / 2, 6)
    return camera_link(scenario.id, one["layer"], one["uid"], place, lang=language())
