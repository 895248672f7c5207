"""What planners do to several features at once, over HTTP: one action, one step."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any, NamedTuple

import shapely
from flask import Blueprint, Flask, jsonify

from layers.zones import Zone
from scenarios import changes, verbs
from scenarios.forms import lowest_ground
from scenarios.forms.library import types
from scenarios.verbs import Deed, There, houses, land, planting, touching, traffic
from scenarios.verbs.along import around
from twin.errors import BadShape
from twin.feature import Scenario, Words
from web import verb_words
from web.asked import db, find_scenario
from web.contract import Checked, body, contract
from web.edit_words import filled
from web.editing import shape_in_metres, step_told, writing
from web.errors import BadQuestion
from web.language import LANGUAGES, said
from web.people import person, require
from web.pointing import feature_meant, shape_meant
from web.schemas import (
    ANYTHING,
    DEED,
    GEOMETRY,
    NUMBER,
    STEP,
    TEXT,
    UID,
    WHOLE,
    Schema,
    list_of,
    number,
    object_of,
    one_of,
    or_null,
    text,
    whole,
)  # fmt: skip
from web.verb_fields import DESCRIBED

several = Blueprint("several", __name__, url_prefix="/api/scenarios/<int:id>")
NEXT_DOOR = 10.0  # metres around a building in which its trees and vacancies are looked for
FROM_WALL = 2.0  # metres between a wall and a tree
MOST_IDS = 200

Asked = dict[str, Any]


class Verb(NamedTuple):
    deeds: Callable[[int, Asked], list[Deed]]
    takes: Checked


TYPE = object_of(
    {
        "name": TEXT, "title": TEXT, "width": NUMBER, "depth": NUMBER, "storeys": WHOLE, "storey_height": NUMBER,
        "roof": TEXT, "pitch": NUMBER, "use": TEXT, "function": TEXT, "storey_uses": or_null(TEXT),
        "block_depth": or_null(NUMBER), "dwellings": or_null(WHOLE), "houses": or_null(NUMBER),
    },
    title="BuildingType",
)  # fmt: skip
NAMES = (
    "split-parcel", "merge-parcels", "rezone", "resurface", "row-of-trees", "grove", "redesign-street", "new-stop",
    "move-stop", "new-line", "change-line", "reuse", "cut-courtyard", "add-part", "take-down",
)  # fmt: skip


@several.post("/do/<name>")
@contract(STEP, takes=DEED, path={"name": one_of(NAMES)}, also=(409, 422))
def do(id: int, name: str):
    """One verb on several features. What it takes follows from the verb."""
    asked = {key: value for key, value in body().items() if value is not None}
    if name not in VERBS:
        raise BadQuestion(filled(verb_words.NO_VERB, known=", ".join(VERBS)))
    VERBS[name].takes.check(asked)
    scenario = writing(id)
    return jsonify(performed(scenario, name, VERBS[name].deeds(id, asked)))


@several.get("/building-types")
@contract(list_of(TYPE))
def building_types(id: int):
    """The library to draw from, with what is usual for each type."""
    require("see", None, find_scenario(id))
    return jsonify([{**asdict(kind), "name": name, "title": said(kind.title)} for name, kind in types().items()])


def deeds_asked(id: int, name: str, asked: Asked) -> list[Deed]:
    """What a verb does with what a form asks. Raises TwinError; nothing is written."""
    lacking = [field for field in DESCRIBED[name].needs if asked.get(field.name) is None]
    if lacking:
        de, en = (", ".join(getattr(one.title, tongue) for one in lacking) for tongue in LANGUAGES)
        raise BadQuestion(Words(verb_words.LACKING.de.format(names=de), verb_words.LACKING.en.format(names=en)))
    VERBS[name].takes.check(asked)
    return VERBS[name].deeds(id, asked)


def performed(scenario: Scenario, what: str, deeds: list[Deed]) -> dict[str, Any]:
    with changes.step(db(), scenario, person(), what) as step:
        verbs.perform(step, deeds)
    db().commit()
    return step_told(step)


def _split(id: int, asked: Asked) -> list[Deed]:
    return land.split_parcel(_one(id, "parcels", asked["parcel"]), _shape(id, asked, "line", "LineString"))


def _merge(id: int, asked: Asked) -> list[Deed]:
    return land.merge_parcels([_one(id, "parcels", uid) for uid in asked["parcels"]])


def _rezone(id: int, asked: Asked) -> list[Deed]:
    area = _area(id, asked)
    return land.rezone(touching(db(), id, "zones", area), area, asked["kind"], **asked.get("fields", {}))


def _resurface(id: int, asked: Asked) -> list[Deed]:
    area = _area(id, asked)
    return land.resurface(touching(db(), id, "surfaces", area), area, asked["kind"])


def _row(id: int, asked: Asked) -> list[Deed]:
    line, species = _shape(id, asked, "line", "LineString"), asked.get("species", planting.SPECIES)
    return planting.row_of_trees(line, asked["spacing"], species, avoid=_walls(id, line))


def _grove(id: int, asked: Asked) -> list[Deed]:
    area, species = _area(id, asked), asked.get("species", list(planting.GROVE))
    seed = int(asked.get("seed", 1))
    return planting.grove(area, asked["spacing"], species, seed=seed, avoid=_walls(id, area))


def _street(id: int, asked: Asked) -> list[Deed]:
    street = _one(id, "streets", asked["street"])
    told = {name: value for name, value in asked.items() if name != "street"}
    return traffic.redesign(street, avoid=_walls(id, street["geom"].buffer(20)), **told)


def _new_stop(id: int, asked: Asked) -> list[Deed]:
    return traffic.new_stop(_shape(id, asked, "place", "Point"), asked["name"], asked.get("kind", "bus"))


def _move_stop(id: int, asked: Asked) -> list[Deed]:
    stop = _one(id, "stops", asked["stop"])
    lines = touching(db(), id, "lines", stop["geom"].buffer(1.0))
    return traffic.move_stop(stop, _shape(id, asked, "place", "Point"), lines)


def _line(id: int, asked: Asked) -> list[Deed]:
    stops = [_one(id, "stops", uid) for uid in asked["stops"]]
    way = _shape(id, asked, "way", "LineString") if "way" in asked else None
    kind = asked.get("kind", "bus")
    return traffic.new_line(asked["number"], stops, asked["headways"], kind=kind, way=way, streets=_streets(id, stops))


def _change_line(id: int, asked: Asked) -> list[Deed]:
    line = _one(id, "lines", asked["line"])
    stops = [_one(id, "stops", uid) for uid in asked.get("stops", [])]
    way = _shape(id, asked, "way", "LineString") if "way" in asked else None
    told = {name: asked[name] for name in ("number", "headways") if name in asked}
    return traffic.change_line(line, stops=stops, way=way, streets=_streets(id, stops), **told)


def _streets(id: int, stops: list[There]) -> list[There]:
    """Those that a line through these stops may follow."""
    return touching(db(), id, "streets", around([stop["geom"] for stop in stops])) if stops else []


def _reuse(id: int, asked: Asked) -> list[Deed]:
    building = _one(id, "buildings", asked["building"])
    around = touching(db(), id, "vacancies", building["geom"].buffer(NEXT_DOOR))
    return houses.reuse(building, asked["use"], around, dwellings=asked.get("dwellings"))


def _courtyard(id: int, asked: Asked) -> list[Deed]:
    building, area = _one(id, "buildings", asked["building"]), _area(id, asked)
    return houses.cut_courtyard(building, area, lowest_ground(db(), building["geom"]))


def _part(id: int, asked: Asked) -> list[Deed]:
    building, area = _one(id, "buildings", asked["building"]), _area(id, asked)
    return houses.add_part(building, area, lowest_ground(db(), building["geom"].union(area)))


def _take_down(id: int, asked: Asked) -> list[Deed]:
    building = _one(id, "buildings", asked["building"])
    near = building["geom"].buffer(NEXT_DOOR)
    return houses.take_down(building, {name: touching(db(), id, name, near) for name in houses.GO_WITH_IT})


def _takes(needed: dict[str, Schema], **optional: Schema) -> Checked:
    return Checked(object_of({**needed, **optional}, needed))


# GeoJSON, or text as a form takes it: coordinates, WKT, or what is there.
_SHAPE: Schema = {"anyOf": [GEOMETRY, text(400_000, 1)]}
_WORD, _METRES, _IDS = text(200, 1), number(0, 1e6), list_of(UID, 1, MOST_IDS)
_ZONE_FIELDS = [column.name for column in Zone.fields() if column.name not in ("kind", "plan_kind")]
VERBS = {
    "split-parcel": Verb(_split, _takes({"parcel": UID, "line": _SHAPE})),
    "merge-parcels": Verb(_merge, _takes({"parcels": _IDS})),
    "rezone": Verb(
        _rezone,
        _takes({"area": _SHAPE, "kind": _WORD}, fields=object_of(dict.fromkeys(_ZONE_FIELDS, ANYTHING), ())),
    ),
    "resurface": Verb(_resurface, _takes({"area": _SHAPE, "kind": _WORD})),
    "row-of-trees": Verb(_row, _takes({"line": _SHAPE, "spacing": _METRES}, species=_WORD)),
    "grove": Verb(
        _grove, _takes({"area": _SHAPE, "spacing": _METRES}, species=list_of(_WORD, 1, MOST_IDS), seed=whole())
    ),
    "redesign-street": Verb(
        _street,
        _takes(
            {"street": UID}, lanes=whole(), speed=_METRES, width=_METRES, trees_every=_METRES, cycling=_WORD,
            kind=_WORD, species=_WORD,
        ),
    ),
    "new-stop": Verb(_new_stop, _takes({"place": _SHAPE, "name": _WORD}, kind=_WORD)),
    "move-stop": Verb(_move_stop, _takes({"stop": UID, "place": _SHAPE})),
    "new-line": Verb(
        _line, _takes({"number": _WORD, "stops": _IDS, "headways": text(4000, 1)}, kind=_WORD, way=_SHAPE)
    ),
    "change-line": Verb(
        _change_line, _takes({"line": UID}, headways=text(4000, 1), number=_WORD, stops=_IDS, way=_SHAPE)
    ),
    "reuse": Verb(_reuse, _takes({"building": UID, "use": _WORD}, dwellings=ANYTHING)),
    "cut-courtyard": Verb(_courtyard, _takes({"building": UID, "area": _SHAPE})),
    "add-part": Verb(_part, _takes({"building": UID, "area": _SHAPE})),
    "take-down": Verb(_take_down, _takes({"building": UID})),
}  # fmt: skip


def _one(id: int, layer: str, uid: str) -> There:
    return feature_meant(id, layer, uid)


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


def init_app(app: Flask) -> None:
    app.register_blueprint(several)
