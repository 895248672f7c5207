"""Which use fits which empty place, with reasons and what is missing; one click puts it into a scenario."""

from collections import OrderedDict
from dataclasses import replace
from typing import Any, NamedTuple

import shapely
from flask import Blueprint, Flask, jsonify, redirect, render_template, request, url_for

from layers.vacancies import Vacancy
from scenarios.access.asked import people_given
from scenarios.assumptions import in_force
from scenarios.indicators import indicator
from scenarios.indicators.given import EVERYWHERE, read, with_before
from scenarios.permissions import may
from scenarios.places.matching import Match, Use, fitting, ranked, surroundings, use_called, uses, values_of
from scenarios.rows import Rows, rows_in
from scenarios.verbs import Deed, changed, cleared, find, new, touching
from scenarios.verbs.houses import reuse
from twin.errors import NotFound
from twin.feature import TODAY, Scenario
from twin.projection import to_lonlat
from web import asked
from web.asked import city, db, find_scenario
from web.contract import contract
from web.described import title_of
from web.editing import writing
from web.land import camera_on
from web.language import language, said, words
from web.people import person
from web.schemas import ACTION, NUMBER, TEXT, YES_NO, list_of, object_of, or_null
from web.verbs import performed

fits = Blueprint("uses", __name__)

LISTED = 60
MOST_KEPT = 4  # scenarios whose places are kept
COLUMNS = tuple(column.name for column in Vacancy.fields())
_REASON = object_of({"value": TEXT, "mark": or_null(NUMBER), "told": TEXT, "weight": NUMBER})
MATCHES = list_of(object_of({
    "uid": TEXT, "title": TEXT, "mark": NUMBER, "refused": YES_NO, "longitude": NUMBER, "latitude": NUMBER,
    "reasons": list_of(_REASON),
}, title="Match"))  # fmt: skip


class Places(NamedTuple):
    """The empty places of a scenario, and what is known of each."""

    rows: Rows
    values: list[dict[str, Any]]


@fits.get("/scenarios/<int:id>/uses")
def page(id: int):
    """All places for one use, or with ?place= all uses for one place."""
    scenario = find_scenario(id)
    places = places_of(scenario)
    told: dict[str, Any] = {"found": None, "use": None, "place": None}
    if request.args.get("place"):
        row = _row(places, request.args["place"])
        told = {"found": fitting(places.values[row]), "use": None, "place": row}
    elif request.args.get("use") or len(places.rows):
        use = use_called(request.args.get("use") or next(iter(uses())))
        told = {"found": ranked(use, places.values)[:LISTED], "use": use, "place": None}
    return render_template(
        "uses.html", city=city(), scenario=scenario, uses=uses(), places=places.rows, all=len(places.rows),
        title=lambda row: _title(places, row), camera=camera_on,
        may_put=scenario.id != TODAY and may(person(), "edit", None, scenario), **told,
    )  # fmt: skip


@fits.get("/api/scenarios/<int:id>/uses/<use>")
@contract(MATCHES, path={"use": ACTION}, also=(422,))
def matches(id: int, use: str):
    """The empty places for one use, the best first, with reasons."""
    places = places_of(find_scenario(id))
    return jsonify([_told(places, one) for one in ranked(use_called(use), places.values)])


@fits.post("/scenarios/<int:id>/uses/<use>/<path:uid>")
def put(id: int, use: str, uid: str):
    """The use moves in: the building gets it, the vacancy is over, and its facility opens."""
    scenario = writing(id)
    vacancy = find(db(), id, "vacancies", uid)
    performed(scenario, "reuse", moving_in(scenario, use_called(use), vacancy))
    return redirect(url_for("planner.history", id=id, lang=language()), 303)


def moving_in(scenario: Scenario, use: Use, vacancy: Any) -> list[Deed]:
    place = shapely.point_on_surface(vacancy["geom"])
    around = touching(db(), scenario.id, "buildings", place)
    named = vacancy.get("building")
    building = next((one for one in around if not named or one["uid"] == named), None)
    opens = [new("facilities", place, name=said(use.title), address=vacancy.get("address"), **use.opens)]
    if building is None:
        return [cleared("vacancies", vacancy), *(opens if use.opens else [])]
    if vacancy.get("kind") in ("shop", "dwelling"):  # one part of the house: the others live on as they do
        deeds = [changed("buildings", building, condition="partly"), cleared("vacancies", vacancy)]
    else:
        deeds = reuse(building, use.becomes, [vacancy], dwellings=use.dwellings)
    return [*deeds, *(opens if use.opens else [])]


def places_of(scenario: Scenario) -> Places:
    """Kept until something changes in the scenario."""
    store: OrderedDict[int, tuple[str, Places]] = asked.kept("empty places", OrderedDict)
    state = asked.changed(scenario.id)
    if scenario.id not in store or store[scenario.id][0] != state:
        store[scenario.id] = (state, _places(scenario))
    store.move_to_end(scenario.id)
    while len(store) > MOST_KEPT:
        store.popitem(last=False)
    return store[scenario.id][1]


def init_app(app: Flask) -> None:
    app.register_blueprint(fits)


def _places(scenario: Scenario) -> Places:
    rows = rows_in(db(), Vacancy, scenario.id, EVERYWHERE, COLUMNS)
    rows = rows.where(rows["until"] == None)  # noqa: E711  # a column of objects
    if len(rows) == 0:
        return Places(rows, [])
    assumed = in_force(db(), scenario.project_id)
    wanted = [replace(indicator("walking"), margin=0.0)]
    given = read(db(), scenario.id, None, wanted, assumed)
    if scenario.id != TODAY:
        given = with_before(given, read(db(), TODAY, None, wanted, assumed))
    return Places(rows, values_of(rows, surroundings(given, rows, people_given(given))))


def _row(places: Places, uid: str) -> int:
    found = [row for row, each in enumerate(places.rows["uid"]) if each == uid]
    if not found:
        raise NotFound(words("no-feature").format(uid=uid[:60], layer=said(Vacancy.title)))
    return found[0]


def _title(places: Places, row: int) -> str:
    return title_of(Vacancy, {name: places.rows[name][row] for name in ("uid", *COLUMNS)})


def _told(places: Places, one: Match) -> dict[str, Any]:
    at = to_lonlat(shapely.point_on_surface(places.rows.shapes[one.row]), city().srid)
    return {
        "uid": str(places.rows["uid"][one.row]), "title": _title(places, one.row), "mark": round(one.mark, 1),
        "refused": one.refused, "longitude": round(at.x, 7), "latitude": round(at.y, 7),
        "reasons": [
            {"value": reason.wish.value, "mark": None if reason.mark is None else round(reason.mark, 3),
             "told": said(reason.told), "weight": float(reason.wish.weight)}
            for reason in one.reasons
        ],
    }  # fmt: skip
