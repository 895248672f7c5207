"""What a plan adds up to and what differs from another one, with the assumptions beside each figure."""

from typing import Any

from flask import Blueprint, Flask, jsonify
from sqlalchemy import Boolean

from layers.buildings import Building
from scenarios import assumptions
from scenarios.assumptions import Assumed
from scenarios.checks import checked_fields, checked_shape, middle_of
from scenarios.comparing import Difference, differences
from scenarios.counting import FIGURES, Counted, count, planned_against_today
from scenarios.forms.asked import build_asked
from scenarios.project import Project
from twin.errors import NotFound
from web import edit_words
from web.asked import db, find_scenario
from web.contract import asked, body, contract
from web.described import title_of, value_in_words
from web.differing import SIDES, signs
from web.edit_words import filled
from web.editing import degrees, shape_in_metres
from web.language import said, words
from web.people import LARGEST, person, require
from web.schemas import (
    BOUNDS,
    DAY,
    MOMENT,
    NUMBER,
    SENT_FEATURE,
    TEXT,
    list_of,
    object_of,
    one_of,
    or_null,
    whole,
)  # fmt: skip

figures = Blueprint("figures", __name__, url_prefix="/api")

_VALUE = or_null(TEXT)
_PLACES = list_of(list_of(NUMBER, 3, 3))  # longitude, latitude, metres above the scene's zero
DIFFERENCE = object_of(
    {
        "layer": TEXT, "uid": TEXT, "kind": one_of(["new", "changed", "gone"]), "title": TEXT, "bounds": BOUNDS,
        "signs": object_of(dict.fromkeys(SIDES, _PLACES)),
        "fields": list_of(
            object_of(
                {"name": TEXT, "title": TEXT, "before": _VALUE, "after": _VALUE, "unit": TEXT},
                ("name", "title", "before", "after"),
            )
        ),
    },
    title="Difference",
)  # fmt: skip
_RESTS_ON = object_of({"name": TEXT, "title": TEXT, "value": NUMBER, "unit": TEXT})
COUNTER = object_of(
    {
        "name": TEXT, "title": TEXT, "unit": TEXT, "before": NUMBER, "change": NUMBER,
        "after": NUMBER, "assumptions": list_of(_RESTS_ON),
    },
    ("name", "title", "unit", "assumptions"), "Counter",
)  # fmt: skip
ASSUMED = object_of(
    {
        "name": TEXT, "title": TEXT, "unit": TEXT, "value": NUMBER, "default": NUMBER, "least": NUMBER, "most": NUMBER,
        "source": TEXT, "as_of": DAY, "set_for": one_of(["default", "city", "project"]), "reason": TEXT, "by": _VALUE,
        "at": or_null(MOMENT),
    },
    title="Assumption",
)  # fmt: skip


@figures.get("/scenarios/<int:id>/differences")
@contract(list_of(DIFFERENCE), asks={"with": whole()})
def compared(id: int):
    """From the scenario `with`, or today, to this one; `signs` are places for a sign in a picture of either."""
    before, after = find_scenario(asked("with", 0)), find_scenario(id)
    found = differences(db(), before.id, after.id)
    return jsonify([{**told(one), "signs": places} for one, places in zip(found, signs(found), strict=True)])


@figures.get("/scenarios/<int:id>/counters")
@contract(list_of(COUNTER))
def counters(id: int):
    """What the plan adds up to, what today does, and the change, with the assumptions that each figure rests on."""
    scenario = find_scenario(id)
    assumed = assumptions.in_force(db(), scenario.project_id)
    counted = planned_against_today(db(), scenario.id, assumed)
    return jsonify(_figures(assumed, **counted))


@figures.post("/scenarios/<int:id>/counters")
@contract(list_of(COUNTER), takes=SENT_FEATURE, also=(422,))
def counters_of_one(id: int):
    """What a building adds that is being drawn: nothing is written."""
    scenario, sent = find_scenario(id), body()
    fields = sent.get("properties") or {}
    assumed = assumptions.in_force(db(), scenario.project_id)
    shape = checked_shape(Building, shape_in_metres(sent.get("geometry")), middle_of(db()))
    form = fields.pop("form", None)
    row = checked_fields(Building, fields, {})
    exact: dict[str, float] = {}
    if form is not None:
        formed = build_asked(form, shape, None)
        row |= formed.fields()
        exact = {"floor_area": formed.floor_area, "volume": formed.volume}
    counted = count(row, shape.area, assumed)
    for name, figure in exact.items():
        setattr(counted, name, figure)
    return jsonify(_figures(assumed, after=counted))


@figures.get("/assumptions", defaults={"id": None})
@figures.get("/projects/<int:id>/assumptions")
@contract(list_of(ASSUMED), also=(401, 403))
def assumed(id: int | None):
    """The assumptions in force in a project, or without one in the city."""
    project = _project(id)
    if project is not None:  # the city's are for everyone to read
        require("see", project)
    return jsonify([_assumed(one) for one in assumptions.in_force(db(), id).values()])


@figures.put("/assumptions/<name>", defaults={"id": None})
@figures.put("/projects/<int:id>/assumptions/<name>")
@contract(
    ASSUMED,
    path={"name": one_of(assumptions.defaults())},
    takes=object_of({"value": or_null(NUMBER), "reason": TEXT}, ("value",)),
    also=(422,),
)
def assume(id: int | None, name: str):
    """Sets an assumption, with a reason; a value of null takes it back."""
    project, sent = _project(id), body()
    require("manage" if project else "administer", project)
    assumptions.override(db(), project, name, sent.get("value"), sent.get("reason", ""), person())
    db().commit()
    return jsonify(_assumed(assumptions.in_force(db(), id)[name]))


def init_app(app: Flask) -> None:
    app.register_blueprint(figures)


def _project(id: int | None) -> Project | None:
    project = db().get(Project, id) if id is not None and id < LARGEST else None
    if id is not None and project is None:
        raise NotFound(filled(edit_words.NO_PROJECT, id=id))
    return project


def told(one: Difference) -> dict[str, Any]:
    row = one.after or one.before or {}
    columns = {column.name: column for column in one.layer.fields()}
    return {
        "layer": one.layer.__tablename__,
        "uid": one.uid,
        "kind": one.kind,
        "title": title_of(one.layer, row),
        "fields": [_field(columns.get(name), name, one) for name in one.fields],
        "bounds": degrees(one.bounds),
    }


def _field(column: Any, name: str, one: Difference) -> dict[str, Any]:
    if column is None or column.info.get("hidden"):
        return {"name": name, "title": words(f"difference-{name}"), "before": None, "after": None}
    before, after = ((row or {}).get(name) for row in (one.before, one.after))
    if isinstance(column.type, Boolean):  # a file says 0 and 1
        before, after = (None if value is None else bool(value) for value in (before, after))
    return {
        "name": name,
        "title": said(column.info["title"]),
        "before": value_in_words(column, before),
        "after": value_in_words(column, after),
        "unit": column.info["unit"],
    }


def _figures(assumed: dict[str, Assumed], **counted: Counted) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "title": said(title),
            "unit": unit,
            **{when: round(getattr(one, name), 1) for when, one in counted.items()},
            "assumptions": [
                {"name": key, "title": said(assumed[key].title), "value": assumed[key].value, "unit": assumed[key].unit}
                for key in rests_on
            ],
        }
        for name, (title, unit, rests_on) in FIGURES.items()
    ]


def _assumed(one: Assumed) -> dict[str, Any]:
    told = {**one._asdict(), "title": said(one.title), "source": said(one.source), "as_of": one.as_of.isoformat()}
    return {**told, "at": one.at.isoformat() + "Z" if one.at else None, "by": one.by if person() else None}
