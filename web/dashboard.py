"""A project's figures on the page: all scenarios beside today, each question opened to its method, and as tables."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Flask, jsonify, render_template, request

from scenarios.indicators import indicator, indicators
from scenarios.indicators.figures import Answer, Cause, Figure, Indicator, causes
from scenarios.indicators.telling import told_answer, told_indicator
from scenarios.rules import MARKS
from twin.feature import TODAY
from web import figure_plans, figure_tables
from web.answers import Asked, asked_of, asked_of_scenario, quick
from web.areas import choices_of
from web.asked import city, find_scenario
from web.contract import contract
from web.indicator_schemas import ANSWER, AREA, QUESTION
from web.language import language, said, words
from web.plans import camera
from web.projects import find_project
from web.schemas import ACTION, DAY, TEXT, list_of
from web.shown import shown, title_of
from web.working import DONE

dashboard = Blueprint("dashboard", __name__)

LISTED = 60  # places of an answer on the page


@dashboard.get("/projects/<int:id>/figures")
def overview(id: int):
    asked = asked_of(find_project(id))
    slow = [one for one in indicators().values() if one.slow]
    job = asked.begun(slow) if "sun" in request.args else None
    with_sun = "sun" in request.args and (job is None or job.state == DONE)
    wanted = list(indicators().values()) if with_sun else quick()
    answers = asked.answers(wanted)
    return render_template(
        "dashboard.html", city=city(), asked=asked, project=asked.project, scenarios=asked.scenarios,
        groups=[(one, rows_of(one, answers, asked, one.headline), _marks(one, answers)) for one in wanted],
        slow=[] if with_sun else slow, job=None if with_sun else job, address=here(),
        choices=choices_of(), onward=onward(asked),
    )  # fmt: skip


@dashboard.get("/projects/<int:id>/figures/<name>")
def question(id: int, name: str):
    """One indicator: figures, hand calculation, causes, places, sources, assumptions, limits."""
    one, asked = indicator(name), asked_of(find_project(id))
    if (waiting := still_working(asked, [one])) is not None:
        return waiting
    answers = asked.answers([one])
    return render_template(
        "question.html", city=city(), asked=asked, project=asked.project, scenarios=asked.scenarios, one=one,
        rows=rows_of(one, answers, asked), onward=onward(asked), marks=MARKS,
        details=[_details(scenario, answers[scenario.id][name]) for scenario in asked.scenarios],
        assumed=_assumed(asked, [answer[name] for answer in answers.values()]), camera=camera(asked.area) or None,
    )  # fmt: skip


@dashboard.get("/projects/<int:id>/figures/<name>/<int:of>.svg")
def plan(id: int, name: str, of: int):
    """What an answer draws, as a plan."""
    one, asked = indicator(name), asked_of(find_project(id))
    find_scenario(of)
    asked.scenarios = [each for each in asked.scenarios if each.id in (TODAY, of)]
    answer = asked.answers([one]).get(of, {}).get(name, Answer([]))
    return figure_plans.plan(asked, of, answer)


@dashboard.get("/projects/<int:id>/figures.<any(csv, xlsx, pdf):kind>")
def table(id: int, kind: str):
    """All figures of all questions; with ?sun those of the sun too."""
    asked = asked_of(find_project(id))
    wanted = list(indicators().values()) if "sun" in request.args or kind == "pdf" else quick()
    if (waiting := still_working(asked, wanted)) is not None:
        return waiting
    answers = asked.answers(wanted)
    groups = [(one, rows_of(one, answers, asked)) for one in wanted]
    if kind == "pdf":
        from web import report  # only here: its library takes a while to import

        return report.answer(asked, groups, answers)
    return (figure_tables.as_csv if kind == "csv" else figure_tables.as_xlsx)(asked, groups, answers)


@dashboard.get("/api/indicators")
@contract(list_of(QUESTION))
def known():
    """The questions that can be asked, with method, sources and limits."""
    return jsonify([told_indicator(one, said) for one in indicators().values()])


@dashboard.get("/api/scenarios/<int:id>/indicators/<question>")
@contract(ANSWER, path={"question": ACTION}, asks={"area": AREA, "day": DAY, "year": TEXT}, also=(422,))
def figures_of(id: int, question: str):
    """One answer, with the difference to today.

    `area`: project, city, block:UID, zone:UID, district:NAME, west,south,east,north, or a polygon in degrees as
    GeoJSON or WKT. `day`: on which the sun is looked at; with `year` it is looked at over the whole year.
    """
    one, asked = indicator(question), asked_of_scenario(find_scenario(id))
    answers = asked.answers([one])
    before = answers[TODAY][one.name] if id != TODAY else None
    told = told_answer(answers[id][one.name], asked.assumed, said, before)
    return jsonify(indicator=told_indicator(one, said), scenario=id, area=asked.area_told, **told)


def init_app(app: Flask) -> None:
    app.register_blueprint(dashboard)
    app.jinja_env.globals.update(shown=shown, title_of=title_of)


def still_working(asked: Asked, wanted: list[Indicator]) -> Any | None:
    """A page that shows how far these are, where they take longer than a moment; None where all is known."""
    job = asked.begun(wanted) if any(one.slow for one in wanted) else None
    if job is None or job.state == DONE:
        return None
    title = said(wanted[0].title) if len(wanted) == 1 else words("dashboard")
    page = render_template("working.html", city=city(), project=asked.project, job=job, address=here(), title=title,
                           onward=onward(asked))  # fmt: skip
    return page, 202


def here() -> str:
    """This address, without what would begin a cancelled work again."""
    told = [(key, value) for key, value in request.args.items(multi=True) if key != "again"]
    return f"{request.path}?{urlencode(told)}"


def _marks(one: Indicator, answers: dict[int, dict[str, Answer]]) -> list[Any]:
    """What holds for the whole of an answer, each once."""
    return list(dict.fromkeys(note for found in answers.values() for note in found[one.name].notes))


def rows_of(
    one: Indicator, answers: dict[int, dict[str, Answer]], asked: Asked, only: tuple[str, ...] | None = None
) -> list[dict[str, Any]]:
    """A row a figure, with a cell a scenario: value, difference to today, verdict, share of the row's largest."""
    names: dict[str, Figure] = {}
    by_scenario = {}
    for scenario in sorted(asked.scenarios, key=lambda each: each.id == TODAY):
        figures = {figure.name: figure for figure in answers[scenario.id][one.name].figures}
        by_scenario[scenario.id] = figures
        names |= {name: figure for name, figure in figures.items() if name not in names}
    touched = [answers[scenario.id][one.name].touched for scenario in asked.scenarios]
    return [
        _row(figure, [by_scenario[scenario.id].get(name) for scenario in asked.scenarios], touched)
        for name, figure in names.items()
        if only is None or name in only
    ]


def _row(figure: Figure, found: list[Figure | None], touched: list[tuple[Cause, ...]]) -> dict[str, Any]:
    most = max((abs(each.value) for each in found if each and each.value is not None), default=0.0)
    today = found[0]
    refused = [each.refused for each in found if each and each.refused]
    return {
        "figure": figure,
        "refused": refused[0] if refused else None,
        "cells": [_cell(each, today if i else None, most, touched[i]) for i, each in enumerate(found)],
    }


def _cell(figure: Figure | None, today: Figure | None, most: float, touched: tuple[Cause, ...]) -> dict[str, Any]:
    value = figure.value if figure else None
    base = today.value if today else None
    moved = value - base if value is not None and base is not None else None
    return {
        "figure": figure,
        "value": value,
        "difference": moved if figure and moved and round(moved, figure.digits) else None,
        "share": round(100 * abs(value) / most, 1) if value is not None and most else 0,
        "causes": causes(today, figure, touched) if figure and today else [],
    }


def _details(scenario: Any, answer: Answer) -> dict[str, Any]:
    used = {name for place in answer.places for name, value in place.values.items() if value is not None}
    places = sorted(answer.places, key=lambda place: not place.above)
    return {
        "scenario": scenario, "title": title_of(scenario), "answer": answer, "places": places[:LISTED],
        "more": len(places) - LISTED, "plan": bool(answer.grid or figure_plans.flat(answer)),
        "columns": {key: one for key, one in answer.columns.items() if key in used},
    }  # fmt: skip


def _assumed(asked: Asked, answers: list[Answer]) -> list[Any]:
    used = {name for answer in answers for figure in answer.figures for name in figure.assumed}
    return [one for name, one in asked.assumed.items() if name in used]


def onward(asked: Asked) -> dict[str, Any]:
    """What goes on with every link: area, day, sun, language."""
    told = {"area": asked.area_told if asked.area_told != "project" else None, "day": request.args.get("day") or None}
    chosen = request.args.getlist("scenario") or None
    told["year"] = "" if asked.year else None
    return {**told, "scenario": chosen, "sun": "" if "sun" in request.args else None, "lang": language()}
