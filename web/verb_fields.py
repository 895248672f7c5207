"""The verbs on several features, each described by what it asks: forms and the map's tools follow from this."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from layers.buildings import Building
from layers.lines import Line
from layers.stops import Stop
from layers.streets import Street
from layers.surfaces import Surface
from layers.trees import Tree
from layers.zones import Zone
from scenarios.verbs.planting import GROVE, SPECIES
from twin.feature import Words
from web import verb_words as said
from web.entering import kind_of

FEATURES = ("feature", "features")
SHAPES = ("Point", "LineString", "Polygon")


class Field(NamedTuple):
    """One thing that a verb asks for.

    kind: "feature" or "features" of `layer`; "Point", "LineString" or "Polygon"; "code", "number", "whole", "text",
    or "texts", which are separated by commas. usual: what the form begins with. A dot in the name stands for a part.
    """

    name: str
    kind: str
    title: Words
    needed: bool = False
    layer: str = ""
    unit: str = ""
    codes: Mapping[str, Words] = {}
    usual: Any = ""
    least: float | str = ""
    hint: Words | None = None


class Described(NamedTuple):
    """A verb as a person meets it. group: where it stands in lists and menus."""

    group: str
    title: Words
    does: Words
    fields: tuple[Field, ...]

    @property
    def needs(self) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if field.needed)

    @property
    def subject(self) -> Field | None:
        """The feature, or the features, with which it begins."""
        return next((field for field in self.needs if field.kind in FEATURES), None)


def _of(column: Any, name: str | None = None, **more: Any) -> Field:
    """A field of a layer: its title, unit and value list."""
    column = column.property.columns[0]
    info = column.info
    given = {"unit": info["unit"], "codes": info.get("codes") or {}, **more}
    return Field(name or column.name, kind_of(column), info["title"], **given)


def _one(name: str, layer: str, title: Words, **more: Any) -> Field:
    return Field(name, "feature", title, needed=True, layer=layer, **more)


_AREA = Field("area", "Polygon", said.AREA, needed=True)
_SPECIES = _of(Tree.species, usual=SPECIES)
_WAY = Field("way", "LineString", said.WAY, hint=said.WAY_HINT)
_HEADWAYS = _of(Line.headways, hint=said.HEADWAYS_HINT)

DESCRIBED = {
    "split-parcel": Described(
        "land", said.SPLIT, said.SPLIT_DOES,
        (_one("parcel", "parcels", said.PARCEL), Field("line", "LineString", said.CUT, needed=True)),
    ),
    "merge-parcels": Described(
        "land", said.MERGE, said.MERGE_DOES, (Field("parcels", "features", said.PARCELS, True, "parcels"),)
    ),
    "rezone": Described(
        "land", said.REZONE, said.REZONE_DOES,
        (_AREA, _of(Zone.kind, needed=True), *(_of(getattr(Zone, name), f"fields.{name}")
         for name in ("name", "grz", "gfz", "storeys"))),
    ),
    "resurface": Described("land", said.RESURFACE, said.RESURFACE_DOES, (_AREA, _of(Surface.kind, needed=True))),
    "row-of-trees": Described(
        "green", said.ROW, said.ROW_DOES,
        (Field("line", "LineString", said.LINE, True),
         Field("spacing", "number", said.SPACING, True, unit="m", usual=8, least=1), _SPECIES),
    ),
    "grove": Described(
        "green", said.GROVE, said.GROVE_DOES,
        (_AREA, Field("spacing", "number", said.SPACING, True, unit="m", usual=7, least=1),
         _SPECIES._replace(kind="texts", usual=", ".join(GROVE), hint=said.SPECIES_HINT)),
    ),
    "redesign-street": Described(
        "traffic", said.STREET, said.STREET_DOES,
        (_one("street", "streets", said.STREET_ONE), _of(Street.lanes, least=0), _of(Street.speed, least=0),
         _of(Street.cycling), _of(Street.width, least=0), _of(Street.kind),
         Field("trees_every", "number", said.TREES_EVERY, unit="m", least=1), _SPECIES._replace(usual="")),
    ),
    "new-stop": Described(
        "traffic", said.NEW_STOP, said.NEW_STOP_DOES,
        (Field("place", "Point", said.PLACE, True), _of(Stop.name, needed=True), _of(Stop.kind, usual="bus")),
    ),
    "move-stop": Described(
        "traffic", said.MOVE_STOP, said.MOVE_STOP_DOES,
        (_one("stop", "stops", said.STOP), Field("place", "Point", said.NEW_PLACE, True)),
    ),
    "new-line": Described(
        "traffic", said.NEW_LINE, said.NEW_LINE_DOES,
        (_of(Line.number, needed=True), Field("stops", "features", said.STOPS, True, "stops", hint=said.STOPS_HINT),
         _HEADWAYS._replace(needed=True, usual="6-9:10;9-20:15"), _of(Line.kind, usual="bus"), _WAY),
    ),
    "change-line": Described(
        "traffic", said.CHANGE_LINE, said.CHANGE_LINE_DOES,
        (_one("line", "lines", said.LINE_ONE), _HEADWAYS, _of(Line.number),
         Field("stops", "features", said.STOPS, False, "stops", hint=said.STOPS_ANEW_HINT), _WAY),
    ),
    "reuse": Described(
        "houses", said.REUSE, said.REUSE_DOES,
        (_one("building", "buildings", said.BUILDING), _of(Building.use, needed=True),
         _of(Building.dwellings, least=0)),
    ),
    "cut-courtyard": Described(
        "houses", said.COURTYARD, said.COURTYARD_DOES,
        (_one("building", "buildings", said.BUILDING), _AREA._replace(title=said.COURTYARD_AREA)),
    ),
    "add-part": Described(
        "houses", said.PART, said.PART_DOES,
        (_one("building", "buildings", said.BUILDING), _AREA._replace(title=said.PART_AREA)),
    ),
    "take-down": Described(
        "houses", said.TAKE_DOWN, said.TAKE_DOWN_DOES, (_one("building", "buildings", said.BUILDING),)
    ),
}  # fmt: skip
# Layers whose features are where one plants, rezones, paves: their shapes are taken over.
SHAPED = {"Polygon": ("parcels", "blocks", "zones", "surfaces"), "LineString": ("streets",)}
GROUPS = {"land": said.LAND, "green": said.GREEN, "traffic": said.TRAFFIC, "houses": said.HOUSES}


def begun_with(layer: str, uids: Sequence[str]) -> dict[str, dict[str, list[str]]]:
    """Verbs that these features of a layer begin: name -> field -> what stands in it."""
    found = {}
    for name, verb in DESCRIBED.items():
        first = verb.needs[0] if verb.subject is None else verb.subject
        if first.kind in FEATURES and first.layer == layer and (first.kind == "features" or len(uids) == 1):
            found[name] = {first.name: list(uids)}
        elif layer in SHAPED.get(first.kind, ()):
            found[name] = {first.name: [f"{layer}/{uid}" for uid in uids]}
    return found
