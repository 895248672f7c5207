"""The page that asks across questions: which buildings have many people, little sun, a plot above a value."""

from dataclasses import replace

import numpy as np
from flask import Blueprint, Flask, Response, render_template, request

from layers.buildings import Building
from scenarios.indicators import indicator
from scenarios.indicators.figures import Answer, Drawn
from scenarios.indicators.given import EVERYWHERE, inside
from scenarios.indicators.plots import row_title
from scenarios.indicators.together import COLUMNS, Condition, Found, meeting, needed
from scenarios.rows import rows_in
from twin.feature import TODAY
from web import figure_plans
from web.answers import Asked, asked_of
from web.asked import city, db, find_scenario
from web.dashboard import onward, still_working
from web.errors import BadQuestion
from web.language import words
from web.projects import find_project

together = Blueprint("together", __name__)

LISTED = 200


@together.get("/projects/<int:id>/where")
def page(id: int):
    asked = asked_of(find_project(id))
    of, conditions = _scenario(asked), _conditions()
    asked_for = [indicator(name) for name in needed(conditions)]
    if (waiting := still_working(only_of(asked, of), asked_for)) is not None:
        return waiting
    found = _found(asked, of, conditions) if conditions else None
    return render_template(
        "together.html", city=city(), asked=asked, project=asked.project, scenarios=asked.scenarios, of=of,
        columns=COLUMNS, typed=request.args, found=found, LISTED=LISTED, row_title=row_title, onward=onward(asked),
        plan_asked={key: value for key, value in request.args.items() if value},
    )  # fmt: skip


@together.get("/projects/<int:id>/where.svg")
def plan(id: int):
    """The buildings that meet the conditions, on a plan."""
    asked = asked_of(find_project(id))
    of = _scenario(asked)
    found = _found(asked, of, _conditions())
    answer = Answer([], drawn=[Drawn("found", found.rows.shapes)])
    return Response(figure_plans.drawing(asked, of, answer), mimetype="image/svg+xml")


def init_app(app: Flask) -> None:
    app.register_blueprint(together)


def _found(asked: Asked, of: int, conditions: list[Condition]) -> Found:
    answers = only_of(asked, of).answers([indicator(name) for name in needed(conditions)])[of] if conditions else {}
    bounds = EVERYWHERE if asked.area is None else asked.area.bounds
    rows = rows_in(db(), Building, of, bounds, ("name", "address"))
    return meeting(rows.where(inside(rows.shapes, asked.area)), answers, conditions)


def only_of(asked: Asked, of: int) -> Asked:
    """The same of one scenario beside today."""
    return replace(asked, scenarios=[one for one in asked.scenarios if one.id in (TODAY, of)])


def _scenario(asked: Asked) -> int:
    """The one that ?of= names, else the first beside today."""
    told = request.args.get("of", "")
    known = [one.id for one in asked.scenarios]
    if told.isascii() and told.isdigit() and len(told) < 10:
        return find_scenario(int(told)).id if int(told) in known else find_scenario(-1).id
    return known[min(1, len(known) - 1)]


def _conditions() -> list[Condition]:
    found = []
    for name in COLUMNS:
        least, most = (_number(f"{name}.{end}") for end in ("from", "to"))
        if least is not None or most is not None:
            found.append(Condition(name, least, most))
    return found


def _number(name: str) -> float | None:
    told = request.args.get(name, "").strip().replace(",", ".")
    if not told:
        return None
    try:
        value = float(told)
    except ValueError:
        value = float("nan")
    if not np.isfinite(value):
        raise BadQuestion(words("no-such-number").format(told=told[:20]))
    return value
