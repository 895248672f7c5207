"""What planners do to several features at once, over HTTP: one action, one step."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any, NamedTuple

import shapely
from flask import Blueprint, Flask, jsonify

import layers
from scenarios import changes, verbs
from scenarios.forms.library import types
from scenarios.verbs import Deed, There, find, houses, land, planting, touching, traffic
from twin.errors import BadShape
from twin.feature import Scenario
from web import verb_words
from web.asked import db, find_scenario
from web.edit_words import filled
from web.editing import editing_errors, sent_json, shape_in_metres, step_told, writing
from web.errors import BadQuestion
from web.language import said
from web.people import person, require

several = Blueprint("several", __name__, url_prefix="/api/scenarios/<int:id>")
NEXT_DOOR = 10.0  # metres around a building in which its trees and vacancies are looked for
FROM_WALL = 2.0  # metres between a wall and a tree
MOST_IDS = 200

Asked = dict[str, Any]


class Verb(NamedTuple):
    deeds: Callable[[int, Asked], list[Deed]]
    needs: tuple[str, ...]


@several.post("/do/<name>")
def do(id: int, name: str):
    """One verb on several features."""
    asked = sent_json()
    if name not in VERBS:
        raise BadQuestion(filled(verb_words.NO_VERB, known=", ".join(VERBS)))
    lacking = [key for key in VERBS[name].needs if asked.get(key) is None]
    if lacking:
        raise BadQuestion(filled(verb_words.LACKING, names=", ".join(lacking)))
    scenario = writing(id)
    return jsonify(performed(scenario, name, VERBS[name].deeds(id, asked)))


@several.get("/building-types")
def building_types(id: int):
    """The library to draw from, with what is usual for each type."""
    require("see", None, find_scenario(id))
    return jsonify([{**asdict(kind), "name": name, "title": said(kind.title)} for name, kind in types().items()])


def performed(scenario: Scenario, what: str, deeds: list[Deed]) -> dict[str, Any]:
    with changes.step(db(), scenario, person(), what) as step:
        verbs.perform(step, deeds)
    db().commit()
    return step_told(step)


def _split(id: int, asked: Asked) -> list[Deed]:
    return land.split_parcel(_one(id, "parcels", asked["parcel"]), _shape(asked, "line", "LineString"))


def _merge(id: int, asked: Asked) -> list[Deed]:
    return land.merge_parcels([_one(id, "parcels", uid) for uid in _texts(asked["parcels"])])


def _rezone(id: int, asked: Asked) -> list[Deed]:
    area, fields = _area(asked), asked.get("fields", {})
    known = {column.name for column in layers.BY_NAME["zones"].fields()} - {"kind", "plan_kind"}
    if not isinstance(fields, dict) or not set(fields) <= known:
        raise BadQuestion(filled(verb_words.NO_FIELDS, known=", ".join(sorted(known))))
    return land.rezone(touching(db(), id, "zones", area), area, _text(asked["kind"]), **fields)


def _resurface(id: int, asked: Asked) -> list[Deed]:
    area = _area(asked)
    return land.resurface(touching(db(), id, "surfaces", area), area, _text(asked["kind"]))


def _row(id: int, asked: Asked) -> list[Deed]:
    line, species = _shape(asked, "line", "LineString"), _text(asked.get("species", planting.SPECIES))
    return planting.row_of_trees(line, _number(asked, "spacing"), species, avoid=_walls(id, line))


def _grove(id: int, asked: Asked) -> list[Deed]:
    area, species = _area(asked), _texts(asked.get("species", list(planting.GROVE)))
    seed = _whole(asked, "seed") if "seed" in asked else 1
    return planting.grove(area, _number(asked, "spacing"), species, seed=seed, avoid=_walls(id, area))


def _street(id: int, asked: Asked) -> list[Deed]:
    street = _one(id, "streets", asked["street"])
    told: Asked = {name: _number(asked, name) for name in ("speed", "width", "trees_every") if name in asked}
    told |= {name: _text(asked[name]) for name in ("cycling", "kind", "species") if name in asked}
    told |= {"lanes": _whole(asked, "lanes")} if "lanes" in asked else {}
    return traffic.redesign(street, avoid=_walls(id, street["geom"].buffer(20)), **told)


def _stop(id: int, asked: Asked) -> list[Deed]:
    stop = _one(id, "stops", asked["stop"])
    lines = touching(db(), id, "lines", stop["geom"].buffer(1.0))
    return traffic.move_stop(stop, _shape(asked, "place", "Point"), lines)


def _line(id: int, asked: Asked) -> list[Deed]:
    stops = [_one(id, "stops", uid) for uid in _texts(asked["stops"])]
    way = _shape(asked, "way", "LineString") if asked.get("way") else None
    kind = _text(asked.get("kind", "bus"))
    return traffic.new_line(_text(asked["number"]), stops, _text(asked["headways"]), kind=kind, way=way)


def _reuse(id: int, asked: Asked) -> list[Deed]:
    building = _one(id, "buildings", asked["building"])
    around = touching(db(), id, "vacancies", building["geom"].buffer(NEXT_DOOR))
    return houses.reuse(building, _text(asked["use"]), around, dwellings=asked.get("dwellings"))


def _take_down(id: int, asked: Asked) -> list[Deed]:
    building = _one(id, "buildings", asked["building"])
    near = building["geom"].buffer(NEXT_DOOR)
    return houses.take_down(building, {name: touching(db(), id, name, near) for name in houses.GO_WITH_IT})


VERBS = {
    "split-parcel": Verb(_split, ("parcel", "line")),
    "merge-parcels": Verb(_merge, ("parcels",)),
    "rezone": Verb(_rezone, ("area", "kind")),
    "resurface": Verb(_resurface, ("area", "kind")),
    "row-of-trees": Verb(_row, ("line", "spacing")),
    "grove": Verb(_grove, ("area", "spacing")),
    "redesign-street": Verb(_street, ("street",)),
    "move-stop": Verb(_stop, ("stop", "place")),
    "new-line": Verb(_line, ("number", "stops", "headways")),
    "reuse": Verb(_reuse, ("building", "use")),
    "take-down": Verb(_take_down, ("building",)),
}


def _one(id: int, layer: str, uid: Any) -> There:
    return find(db(), id, layer, _text(uid))


def _area(asked: Asked) -> Any:
    area = _shape(asked, "area", "Polygon", "MultiPolygon")
    if not area.is_valid:
        raise BadShape(verb_words.CROSSES)
    return area


def _shape(asked: Asked, name: str, *kinds: str) -> Any:
    shape = shape_in_metres(asked[name])
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
