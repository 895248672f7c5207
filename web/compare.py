"""Two plans beside each other as a page: what is new, changed and gone, and what each adds to today."""

from itertools import groupby
from typing import Any

from flask import Blueprint, Flask, render_template, request

from scenarios import assumptions
from scenarios.comparing import differences
from scenarios.counting import FIGURES, planned_against_today
from twin.feature import TODAY, Scenario
from web.asked import city, db, find_scenario, layers
from web.errors import BadQuestion
from web.figures import told
from web.language import language, said, words
from web.projects import switch
from web.search import camera_link

compare = Blueprint("compare", __name__)

LISTED = 200  # of a layer; a design may plant a thousand trees


@compare.get("/scenarios/<int:id>/differences")
def page(id: int):
    """From ?with=, or today, to this scenario."""
    asked = request.args.get("with", str(TODAY))
    if not asked.isascii() or not asked.isdigit() or len(asked) > 9:
        raise BadQuestion(words("no-scenario").format(id=asked[:20]))
    before, after = find_scenario(int(asked)), find_scenario(id)
    found = [told(one) for one in differences(db(), before.id, after.id)]
    return render_template(
        "differences.html", city=city(), scenario=after, other=before, others=_others(after),
        figures=_figures(before, after),
        groups=[
            {"title": said(layers()[name].title), "found": ones[:LISTED], "more": len(ones) - LISTED}
            for name, grouped in groupby(found, lambda one: one["layer"]) for ones in [list(grouped)]
        ],
        kinds={kind: sum(one["kind"] == kind for one in found) for kind in ("new", "changed", "gone")},
        place_of=_place_of,
    )  # fmt: skip


def init_app(app: Flask) -> None:
    app.register_blueprint(compare)


def _others(scenario: Scenario) -> list[Scenario]:
    """What the scenario can be compared with: today, and those of its project."""
    found = switch(scenario)
    beside = found["beside"] if found else []
    return [find_scenario(TODAY), *(one for one in beside if one.id != scenario.id)]


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
