"""What planners do to several features at once, over HTTP: one action, one step."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import shapely
from flask import Blueprint, Flask, jsonify

import layers
from scenarios import changes, verbs
from scenarios.forms.library import types
from scenarios.verbs import Deed, There, houses, land, planting, touching, traffic
from twin.errors import BadShape
from twin.feature import Scenario, Words
from web import verb_words
from web.asked import db, find_scenario
from web.edit_words import filled
from web.editing import editing_errors, sent_json, shape_in_metres, step_told, writing
from web.errors import BadQuestion
from web.language import LANGUAGES, said
from web.people import person, require
from web.pointing import feature_meant, shape_meant
from web.verb_fields import DESCRIBED

several = Blueprint("several", __name__, url_prefix="/api/scenarios/<int:id>")
NEXT_DOOR = 10.0  # metres around a building in which its trees and vacancies are looked for
FROM_WALL = 2.0  # metres between a wall and a tree
MOST_IDS = 200

Asked = dict[str, Any]


@several.post("/do/<name>")
def do(id: int, name: str):
    """One verb on several features."""
    asked = sent_json()
    if name not in VERBS:
        raise BadQuestion(filled(verb_words.NO_VERB, known=", ".join(VERBS)))
    scenario = writing(id)
    return jsonify(performed(scenario, name, deeds_asked(id, name, asked)))


@several.get("/building-types")
def building_types(id: int):
    """The library to draw from, with what is usual for each type."""
    require("see", None, find_scenario(id))
    return jsonify([{**asdict(kind), "name": name, "title": said(kind.title)} for name, kind in types().items()])


def deeds_asked(id: int, name: str, asked: Asked) -> list[Deed]:
    """What a verb does with what was asked. Raises TwinError; nothing is written."""
    lacking = [field for field in DESCRIBED[name].needs if asked.get(field.name) is None]
    if lacking:
        de, en = (", ".join(f"{getattr(one.title, t)} ({one.name})" for one in lacking) for t in LANGUAGES)
        raise BadQuestion(Words(verb_words.LACKING.de.format(names=de), verb_words.LACKING.en.format(names=en)))
    return VERBS[name](id, asked)


def performed(scenario: Scenario, what: str, deeds: list[Deed]) -> dict[str, Any]:
    with changes.step(db(), scenario, person(), what) as step:
        verbs.perform(step, deeds)
    db().commit()
    return step_told(step)


def _split(id: int, asked: Asked) -> list[Deed]:
    return land.split_parcel(_one(id, "parcels", asked["parcel"]), _shape(id, asked, "line", "LineString"))


def _merge(id: int, asked: Asked) -> list[Deed]:
    return land.merge_parcels([_one(id, "parcels", uid) for uid in _texts(asked["parcels"])])


def _rezone(id: int, asked: Asked) -> list[Deed]:
    area, fields = _area(id, asked), asked.get("fields", {})
    known = {column.name for column in layers.BY_NAME["zones"].fields()} - {"kind", "plan_kind"}
    if not isinstance(fields, dict) or not set(fields) <= known:
        raise BadQuestion(filled(verb_words.NO_FIELDS, known=", ".join(sorted(known))))
    return land.rezone(touching(db(), id, "zones", area), area, _text(asked["kind"]), **fields)


def _resurface(id: int, asked: Asked) -> list[Deed]:
    area = _area(id, asked)
    return land.resurface(touching(db(), id, "surfaces", area), area, _text(asked["kind"]))


def _row(id: int, asked: Asked) -> list[Deed]:
    line, species = _shape(id, asked, "line", "LineString"), _text(asked.get("species", planting.SPECIES))
    return planting.row_of_trees(line, _number(asked, "spacing"), species, avoid=_walls(id, line))


def _grove(id: int, asked: Asked) -> list[Deed]:
    area, species = _area(id, asked), _texts(asked.get("species", list(planting.GROVE)))
    seed = _whole(asked, "seed") if "seed" in asked else 1
    return planting.grove(area, _number(asked, "spacing"), species, seed=seed, avoid=_walls(id, area))


def _street(id: int, asked: Asked) -> list[Deed]:
    street = _one(id, "streets", asked["street"])
    told: Asked = {name: _number(asked, name) for name in ("speed", "width", "trees_every") if name in asked}
    told |= {name: _text(asked[name]) for name in ("cycling", "kind", "species") if name in asked}
    told |= {"lanes": _whole(asked, "lanes")} if "lanes" in asked else {}
    return traffic.redesign(street, avoid=_walls(id, street["geom"].buffer(20)), **told)


def _new_stop(id: int, asked: Asked) -> list[Deed]:
    return traffic.new_stop(_shape(id, asked, "place", "Point"), _text(asked["name"]), _text(asked.get("kind", "bus")))


def _move_stop(id: int, asked: Asked) -> list[Deed]:
    stop = _one(id, "stops", asked["stop"])
    lines = touching(db(), id, "lines", stop["geom"].buffer(1.0))
    return traffic.move_stop(stop, _shape(id, asked, "place", "Point"), lines)


def _line(id: int, asked: Asked) -> list[Deed]:
    stops = [_one(id, "stops", uid) for uid in _texts(asked["stops"])]
    way = _shape(id, asked, "way", "LineString") if asked.get("way") else None
    kind = _text(asked.get("kind", "bus"))
    return traffic.new_line(_text(asked["number"]), stops, _text(asked["headways"]), kind=kind, way=way)


def _change_line(id: int, asked: Asked) -> list[Deed]:
    line = _one(id, "lines", asked["line"])
    stops = [_one(id, "stops", uid) for uid in _texts(asked["stops"])] if asked.get("stops") else []
    way = _shape(id, asked, "way", "LineString") if asked.get("way") else None
    told = {name: _text(asked[name]) for name in ("number", "headways") if asked.get(name) is not None}
    return traffic.change_line(line, stops=stops, way=way, **told)


def _reuse(id: int, asked: Asked) -> list[Deed]:
    building = _one(id, "buildings", asked["building"])
    around = touching(db(), id, "vacancies", building["geom"].buffer(NEXT_DOOR))
    return houses.reuse(building, _text(asked["use"]), around, dwellings=asked.get("dwellings"))


def _take_down(id: int, asked: Asked) -> list[Deed]:
    building = _one(id, "buildings", asked["building"])
    near = building["geom"].buffer(NEXT_DOOR)
    return houses.take_down(building, {name: touching(db(), id, name, near) for name in houses.GO_WITH_IT})


VERBS: dict[str, Callable[[int, Asked], list[Deed]]] = {
    "split-parcel": _split,
    "merge-parcels": _merge,
    "rezone": _rezone,
    "resurface": _resurface,
    "row-of-trees": _row,
    "grove": _grove,
    "redesign-street": _street,
    "new-stop": _new_stop,
    "move-stop": _move_stop,
    "new-line": _line,
    "change-line": _change_line,
    "reuse": _reuse,
    "take-down": _take_down,
}


def _one(id: int, layer: str, uid: Any) -> There:
    return feature_meant(id, layer, _text(uid))


def _area(id: int, asked: Asked) -> Any:
    area = _shape(id, asked, "area", "Polygon", "MultiPolygon")
    if not area.is_valid:
        raise BadShape(verb_words.CROSSES)
    return area


def _shape(id: int, asked: Asked, name: str, *kinds: str) -> Any:
    told = asked[name]
    shape = shape_meant(id, told, kinds[0]) if isinstance(told, str) else shape_in_metres(told)
    if shape is None or shape.is_empty or shape.geom_type not in kinds:
        raise BadShape(filled(verb_words.NO_SHAPE, name=name, kinds=", ".join(kinds)))
    return shapely.force_2d(shape)


def _walls(id: int, shape: Any) -> Any:
    """Where no tree may stand."""
    found = touching(db(), id, "buildings", shape)
    return shapely.union_all([one["geom"] for one in found]).buffer(FROM_WALL) if found else None


def _texts(values: Any) -> list[str]:
    if not isinstance(values, list) or not 1 <= len(values) <= MOST_IDS:
        raise BadQuestion(filled(verb_words.NO_LIST, most=MOST_IDS))
    return [_text(value) for value in values]


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise BadQuestion(filled(verb_words.NO_TEXT, value=str(value)[:60]))
    return value


def _number(asked: Asked, name: str) -> float:
    value = asked[name]
    if isinstance(value, bool) or not isinstance(value, int | float) or not -1e9 < value < 1e9:
        raise BadQuestion(filled(verb_words.NO_NUMBER, name=name))
    return float(value)


def _whole(asked: Asked, name: str) -> int:
    number = _number(asked, name)
    if number != int(number) or number < 0:
        raise BadQuestion(filled(verb_words.NO_NUMBER, name=name))
    return int(number)


def init_app(app: Flask) -> None:
    app.register_blueprint(several)


editing_errors(several)
