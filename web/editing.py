"""Planning over HTTP: degrees outside, metres inside; what is refused is told with a sentence and its remedy."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import orjson
import shapely
from flask import Blueprint, Flask, g, jsonify, request
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

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
from web import edit_words
from web.asked import city, db, find_layer, find_scenario
from web.edit_words import filled
from web.errors import STATUS, BadQuestion, sentence_of
from web.language import said
from web.people import person, require

editing = Blueprint("editing", __name__, url_prefix="/api/scenarios/<int:id>")

MOST_BYTES = 8_000_000
MOST_CHANGES = 2_000  # in one step
_ACTION = re.compile(r"[a-z][a-z0-9-]{0,39}")


@editing.put("/<name>/<path:uid>")
def put(id: int, name: str, uid: str):
    sent = sent_json()
    return _one(id, sent, lambda step: _place(step, find_layer(name), uid, sent))


@editing.post("/<name>")
def post(id: int, name: str):
    sent = sent_json()
    answer = _one(id, sent, lambda step: _place(step, find_layer(name), None, sent))
    return answer, 201


@editing.delete("/<name>/<path:uid>")
def delete(id: int, name: str, uid: str):
    seen = _seen_asked()
    return _one(id, {"what": "clear"}, lambda step: changes.clear(step, find_layer(name), uid, seen=seen))


@editing.post("/<name>/<path:uid>/restore")
def restore(id: int, name: str, uid: str):
    seen = _seen_asked()
    return _one(id, {"what": "restore"}, lambda step: changes.restore(step, find_layer(name), uid, seen=seen))


@editing.post("/steps")
def steps(id: int):
    """Many features in one action: all of them or none."""
    sent = sent_json()
    listed = sent.get("changes")
    if not isinstance(listed, list) or not 1 <= len(listed) <= MOST_CHANGES:
        raise BadQuestion(filled(edit_words.NO_CHANGES, most=MOST_CHANGES))
    with changes.step(db(), _writing(id), person(), _what(sent)) as step:
        for number, one in enumerate(listed, 1):
            _numbered(number, partial(_do, step, one))
    told = step_told(step)
    db().commit()
    return jsonify(told)


@editing.post("/undo")
def undo(id: int):
    return _taken_back(changes.undo(db(), _writing(id), person()))


@editing.post("/redo")
def redo(id: int):
    return _taken_back(changes.redo(db(), _writing(id), person()))


@editing.post("/return")
def return_to(id: int):
    change = sent_json().get("change")
    if not isinstance(change, int) or isinstance(change, bool) or not 0 <= change < 2**31:
        raise _wrong("change", "die Nummer einer Änderung, oder 0", "the number of a change, or 0")
    return _taken_back(changes.return_to(db(), _writing(id), person(), change))


@editing.get("/history")
def past(id: int):
    scenario = find_scenario(id)
    require("see", None, scenario)
    before = _number_asked("before")
    found = history.steps_of(db(), scenario.id, before=before)
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


def sent_json() -> dict[str, Any]:
    """The request's body, a JSON object."""
    request.max_content_length = MOST_BYTES
    try:
        sent = orjson.loads(request.get_data() or b"{}")
    except orjson.JSONDecodeError as error:
        raise BadQuestion(filled(edit_words.NO_JSON, why=str(error))) from error
    if not isinstance(sent, dict):
        raise BadQuestion(edit_words.NO_OBJECT)
    return sent


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
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
    app.register_blueprint(editing)


def editing_errors(part: Blueprint) -> None:
    """The errors of a blueprint as JSON with the sentence in `error`."""
    part.register_error_handler(TwinError, _refused)
    part.register_error_handler(HTTPException, _refused_by_http)
    part.register_error_handler(OperationalError, _busy)


def _refused(error: TwinError):
    told: dict[str, Any] = {"error": sentence_of(error), "kind": type(error).__name__}
    if isinstance(error, Overtaken):
        db().rollback()
        id = (request.view_args or {})["id"]
        theirs = feature_to_edit(id, find_layer(error.layer), error.uid) if error.layer else None
        at = error.at.isoformat() + "Z" if error.at else None
        told |= {"layer": error.layer, "uid": error.uid, "yours": _yours(), "theirs": theirs, "by": error.by, "at": at}
    return jsonify(told), STATUS[type(error)]


def _refused_by_http(error: HTTPException):
    sentence = str(error.description)
    if isinstance(error, RequestEntityTooLarge):
        sentence = said(filled(edit_words.TOO_LARGE, most=(request.max_content_length or 0) // 1_000_000))
    return jsonify(error=sentence, kind=error.name), error.code or 500


def _busy(error: OperationalError):
    if "locked" not in str(error.orig):
        raise error
    return jsonify(error=said(edit_words.BUSY), kind="Busy"), 503


def _yours() -> Any:
    try:
        return orjson.loads(request.get_data())
    except orjson.JSONDecodeError:
        return None


def _messages() -> list[str]:
    """What a planner should know of a form, such as a roof that could only be flat."""
    return list(dict.fromkeys(said(message) for message in g.get("messages", [])))


def _writing(id: int) -> Scenario:
    """The scenario to write to, and the city's file locked for that: nothing has been written in this request yet."""
    db().rollback()
    begin_writing(db())
    scenario = find_scenario(id)
    require("edit", None, scenario)
    return scenario


def _one(id: int, sent: dict[str, Any], do: Callable[[Step], Changed]):
    with changes.step(db(), _writing(id), person(), _what(sent)) as step:
        done = do(step)
    told = {"step": step.number, "bounds": degrees(done.bounds), "messages": _messages()}
    db().commit()
    return jsonify({**done._asdict(), **told})


def _taken_back(step: Step):
    told = step_told(step)
    db().commit()
    return jsonify(told)


def _do(step: Step, one: Any) -> Changed:
    if not isinstance(one, dict):
        raise BadQuestion(edit_words.NO_OBJECT)
    name, uid, verb = one.get("layer"), one.get("uid"), one.get("verb")
    if not isinstance(name, str):
        raise _wrong("layer", "der Name einer Ebene", "the name of a layer")
    if verb == "place":
        return _place(step, find_layer(name), uid, one)
    if not isinstance(uid, str):
        raise _wrong("uid", "eine Kennung", "an id")
    if verb == "clear":
        return changes.clear(step, find_layer(name), uid, seen=_seen(one, needed=True))
    if verb == "restore":
        return changes.restore(step, find_layer(name), uid, seen=_seen(one, needed=True))
    raise BadQuestion(edit_words.NO_VERB)


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
    if not isinstance(fields, dict):
        raise _wrong("properties", "ein Objekt aus Feldern und Werten", "an object of fields and values")
    if uid is not None and not isinstance(uid, str):
        raise _wrong("uid", "eine Kennung", "an id")
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
    if not isinstance(what, str) or not _ACTION.fullmatch(what) or what in diary.TAKING_BACK:
        raise BadQuestion(edit_words.NO_WHAT)
    return what


def _seen(sent: dict[str, Any], needed: bool = False) -> int | None:
    seen = sent.get("seen")
    if seen is None and needed:
        raise BadQuestion(edit_words.NO_SEEN)
    if seen is not None and (not isinstance(seen, int) or isinstance(seen, bool)):
        raise BadQuestion(edit_words.NO_SEEN)
    return seen


def _seen_asked() -> int:
    seen = _number_asked("seen")
    if seen is None:
        raise BadQuestion(edit_words.NO_SEEN)
    return seen


def _number_asked(name: str) -> int | None:
    asked = request.args.get(name)
    if asked is None:
        return None
    if not asked.isascii() or not asked.isdigit() or len(asked) > 9:
        raise _wrong(name, "eine ganze Zahl", "a whole number")
    return int(asked)


def _wrong(name: str, de: str, en: str) -> BadQuestion:
    return BadQuestion(filled(edit_words.WRONG_TYPE, name=name, de=de, en=en))


editing_errors(editing)
