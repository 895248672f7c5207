"""Planning over HTTP: degrees outside, metres inside; what is refused is told with a sentence and its remedy."""

from collections.abc import Callable
from functools import partial
from typing import Any

import orjson
import shapely
from flask import Blueprint, Flask, g, jsonify, request
from sqlalchemy import select

from layers.buildings import Building
from scenarios import changes, diary, history
from scenarios.changes import Changed, Step
from scenarios.checks import checked_shape
from scenarios.forms import lowest_ground
from scenarios.forms.asked import build_asked, form_of
from scenarios.overlay import shape_of
from scenarios.planned import planned
from twin import projection
from twin.errors import BadField, BadShape, Overtaken, TwinError
from twin.feature import Feature, Scenario, Words
from twin.projection import to_lonlat, to_metres
from twin.store import begin_writing
from web import api_words, edit_words
from web.asked import city, db, find_layer, find_scenario
from web.contract import asked, body, contract
from web.edit_words import filled
from web.errors import BadQuestion, answer, is_for_programs
from web.language import said
from web.people import person, require
from web.schemas import ACTION, ONE_CHANGE, PAST, SEEN, SENT_CHANGE, SENT_FEATURE, STEP, list_of, object_of, whole

editing = Blueprint("editing", __name__, url_prefix="/api/scenarios/<int:id>")

MOST_CHANGES = 2_000  # in one step


@editing.put("/<name>/<path:uid>")
@contract(ONE_CHANGE, takes=SENT_FEATURE, also=(409, 422))
def put(id: int, name: str, uid: str):
    """Gives it another shape or other fields; where nothing stands, a new one is placed under this id."""
    sent = body()
    return _one(id, sent, lambda step: _place(step, find_layer(name), uid, sent))


@editing.post("/<name>")
@contract(ONE_CHANGE, status=201, takes=SENT_FEATURE, also=(409, 422))
def post(id: int, name: str):
    """Places a new one; the answer says which id it got."""
    sent = body()
    return _one(id, sent, lambda step: _place(step, find_layer(name), None, sent)), 201


@editing.delete("/<name>/<path:uid>")
@contract(ONE_CHANGE, asks={"seen": SEEN}, needs=("seen",), also=(409, 422))
def delete(id: int, name: str, uid: str):
    """Clears it: the building is gone in this scenario, and stands on in today's city."""
    seen = asked("seen")
    return _one(id, {"what": "clear"}, lambda step: changes.clear(step, find_layer(name), uid, seen=seen))


@editing.post("/<name>/<path:uid>/restore")
@contract(ONE_CHANGE, asks={"seen": SEEN}, needs=("seen",), also=(409, 422))
def restore(id: int, name: str, uid: str):
    """Gives back what stands there today."""
    seen = asked("seen")
    return _one(id, {"what": "restore"}, lambda step: changes.restore(step, find_layer(name), uid, seen=seen))


@editing.post("/steps")
@contract(
    STEP,
    takes=object_of({"changes": list_of(SENT_CHANGE, 1, MOST_CHANGES), "what": ACTION}, ("changes",)),
    also=(409, 422),
)
def steps(id: int):
    """Many features in one action: all of them or none."""
    sent = body()
    with changes.step(db(), writing(id), person(), _what(sent)) as step:
        for number, one in enumerate(sent["changes"], 1):
            _numbered(number, partial(_do, step, one))
    told = step_told(step)
    db().commit()
    return jsonify(told)


@editing.post("/undo")
@contract(STEP, also=(409,))
def undo(id: int):
    """Takes one's own last step back; 409 where somebody changed the same since."""
    return _taken_back(changes.undo(db(), writing(id), person()))


@editing.post("/redo")
@contract(STEP, also=(409,))
def redo(id: int):
    """Does again what one took back last."""
    return _taken_back(changes.redo(db(), writing(id), person()))


@editing.post("/return")
@contract(STEP, takes=object_of({"change": whole()}), also=(409,))
def return_to(id: int):
    """To how it was after a change; 0 is before the first."""
    return _taken_back(changes.return_to(db(), writing(id), person(), int(body()["change"])))


@editing.get("/history")
@contract(list_of(PAST), asks={"before": whole()})
def past(id: int):
    """What was done, the newest first; names are told to those who are logged in. before: a step, to read on from."""
    scenario = find_scenario(id)
    require("see", None, scenario)
    found = history.steps_of(db(), scenario.id, before=asked("before"))
    told = [{**one._asdict(), "at": one.at.isoformat() + "Z", "bounds": degrees(one.bounds)} for one in found]
    for one in told:
        one["by"] = one["by"] if person() else None  # names are for those who are named themselves
    return jsonify(told)


def feature_to_edit(scenario: int, layer: type[Feature], uid: str) -> dict[str, Any] | None:
    """GeoJSON in degrees with all fields and the version, None where nothing stands there."""
    view = planned(layer)
    row = db().execute(select(view).where(view.c.scenario_id == scenario, view.c.uid == uid)).mappings().first()
    if row is None:
        return None
    fields = [column.name for column in layer.fields() if not column.info.get("hidden")]
    shape = to_lonlat(row["geom"], city().srid)
    return {
        "type": "Feature",
        "id": uid,
        "layer": layer.__tablename__,
        "version": row["version"],
        "geometry": orjson.loads(shapely.to_geojson(shape)),
        "properties": {
            name: row[name].isoformat() if hasattr(row[name], "isoformat") else row[name] for name in fields
        },
        **({"form": form_of(dict(row))} if layer is Building else {}),
    }


def degrees(bounds: changes.Bounds | None) -> list[float] | None:
    """west, south, east, north."""
    if bounds is None:
        return None
    return projection.degrees(bounds, db().get_bind().dialect.city_srid)  # type: ignore[attr-defined]


def step_told(step: Step) -> dict[str, Any]:
    return {
        "step": step.number,
        "what": step.what,
        "undoes": step.undoes,
        "changes": [{**one._asdict(), "bounds": degrees(one.bounds)} for one in step.changes],
        "messages": _messages(),
    }


def shape_in_metres(geometry: Any) -> Any | None:
    """GeoJSON in degrees; None is none."""
    if geometry is None:
        return None
    try:
        shape = shapely.from_geojson(orjson.dumps(geometry))
    except shapely.errors.ShapelyError as error:
        why = str(error).partition(":")[2].strip().rstrip(".") or "unknown"
        raise BadShape(filled(edit_words.NO_GEOMETRY, why=why[:200])) from error
    if not shape.is_empty:
        west, south, east, north = shape.bounds
        if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            raise BadShape(edit_words.NO_DEGREES)
    return to_metres(shape, city().srid)


def init_app(app: Flask) -> None:
    app.register_error_handler(Overtaken, answer_overtaken)
    app.register_blueprint(editing)


def answer_overtaken(error: Overtaken):
    """Who came too late sees both: what they sent, and what stands there now."""
    told, status = answer(error)
    if not is_for_programs():
        return told, status
    db().rollback()
    id = (request.view_args or {})["id"]
    theirs = feature_to_edit(id, find_layer(error.layer), error.uid) if error.layer else None
    at = error.at.isoformat() + "Z" if error.at else None
    more = {"layer": error.layer, "uid": error.uid, "yours": g.get("sent"), "theirs": theirs, "by": error.by, "at": at}
    return jsonify({**told.json, **more}), status


def _messages() -> list[str]:
    """What a planner should know of a form, such as a roof that could only be flat."""
    return list(dict.fromkeys(said(message) for message in g.get("messages", [])))


def writing(id: int) -> Scenario:
    """The scenario to write to, and the city's file locked for that: nothing has been written in this request yet."""
    db().rollback()
    begin_writing(db())
    scenario = find_scenario(id)
    require("edit", None, scenario)
    return scenario


def _one(id: int, sent: dict[str, Any], do: Callable[[Step], Changed]):
    with changes.step(db(), writing(id), person(), _what(sent)) as step:
        done = do(step)
    told = {"step": step.number, "bounds": degrees(done.bounds), "messages": _messages()}
    db().commit()
    return jsonify({**done._asdict(), **told})


def _taken_back(step: Step):
    told = step_told(step)
    db().commit()
    return jsonify(told)


def _do(step: Step, one: dict[str, Any]) -> Changed:
    layer, uid = find_layer(one["layer"]), one.get("uid")
    if one["verb"] == "place":
        return _place(step, layer, uid, one)
    if uid is None or one.get("seen") is None:
        raise BadQuestion(filled(api_words.MISSING, names="uid, seen"))
    return {"clear": changes.clear, "restore": changes.restore}[one["verb"]](step, layer, uid, seen=_seen(one))


def _numbered(number: int, do: Callable[[], Changed]) -> None:
    """In a long list the sentence says which one it means."""
    try:
        do()
    except Overtaken:
        raise
    except TwinError as error:
        sentence, where = error.args[0], filled(edit_words.IN_CHANGE, number=number)
        both = sentence if isinstance(sentence, Words) else Words(str(sentence), str(sentence))
        raise type(error)(Words(where.de + both.de, where.en + both.en)) from error


def _place(step: Step, layer: type[Feature], uid: Any, sent: dict[str, Any]) -> Changed:
    fields = sent.get("properties") or {}
    hidden = {column.name for column in layer.__table__.columns if column.info.get("hidden")} & fields.keys()
    if hidden:
        raise BadField(filled(edit_words.COMPUTED, names=", ".join(sorted(hidden))))
    shape, fields = shape_in_metres(sent.get("geometry")), dict(fields)
    if layer is Building and fields.get("form") is not None:
        fields |= _formed(step, uid, shape, fields.pop("form"))
    return changes.place(step, layer, uid, shape, fields, seen=_seen(sent))


def _formed(step: Step, uid: str | None, shape: Any | None, asked: Any) -> dict[str, Any]:
    """The fields of a building that follow from its outline, its storeys and its roof."""
    if shape is None and uid is not None:
        today, own = step.find(Building, uid)
        there = own or today
        shape = shape_of(db(), there) if there else None
    if shape is not None:
        shape = checked_shape(Building, shape, step.middle)  # before the ground under 4 km of house is looked up
    form = build_asked(asked, shape, lowest_ground(db(), shape) if shape is not None else None)
    g.setdefault("messages", []).extend(form.messages)
    return form.fields()


def _what(sent: dict[str, Any]) -> str:
    what = sent.get("what", "edit")
    if what in diary.TAKING_BACK:
        raise BadQuestion(edit_words.NO_WHAT)
    return what


def _seen(sent: dict[str, Any]) -> int | None:
    seen = sent.get("seen")
    return None if seen is None else int(seen)  # 3.0 is a whole number, too
