"""Which column of a register is which field, by its name in German or English."""

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from layers.reading.ages import age_of
from layers.reading.values import fold

_NAMES = tomllib.loads((Path(__file__).parent / "columns.toml").read_text(encoding="utf-8"))
PLACES: dict[str, list[str]] = _NAMES.pop("places")
FIELDS: dict[str, dict[str, list[str]]] = _NAMES  # layer -> field -> names of columns

# A person's name, address or number: never stored, whatever the layer.
_PRIVATE = re.compile(
    r"telefon|mobil(nr|nummer|funk|tel)|^mobil$|handy|^tel(nr|nummer)?$|^fon$|phone|e?mail|^fax|faxn|vorname|nachname|"
    r"familienname|firstname|lastname|surname|ansprechpartner(in)?(name)?$|ansprechperson|kontaktperson|kontaktdaten|"
    r"^kontakt(name|adresse)?$|^contact(name|person|details)?$|(eigentuemer|besitzer|owner|vermieter|verwalter|mieter|makler|"
    r"bewohner|erbe|paechter)\w*(name|anschrift|adresse|address|kontakt|contact|strasse|ort|plz|tel|wohnhaft)|"
    r"name\w*(eigentuemer|besitzer|owner|vermieter|verwalter|mieter|makler|bewohner|kontakt)|geburt|birth|"
    r"^(mieter|vermieter|bewohner|paechter|makler|tenant|erben|erbengemeinschaft)(in)?$|iban|kontonummer"
)
_OWNER = re.compile(r"^(der|die|the)?(grundstuecks|haus)?(eigentuemer|besitzer|owner|inhaber)(in|innen|s)?$")
_UNITS = "m²|m2|qm|ha|m|cm|mm|km|t€|teur|euro|€|eur|mbit/s|gbit/s|prozent|%|jahr|jjjj|datum"
_UNIT = re.compile(rf"[\[(]\s*({_UNITS})\s*[\])]|[\s_]+(?:in\s+)?({_UNITS})\s*$", re.IGNORECASE)

# A file or sheet of this name is of this layer.
_NAMED = {
    "vacancies": r"leerst|leerweg|leere?(wohn|haeu|geb|laed)|vacan|brownfield|brachfl|brachen|bauluecke|derelict",
    "trees": r"baum(?!arkt|ate|ass|wol|ater)|baeume|gehoelz|\btrees?\b|tree(s|register)",
    "facilities": r"einricht|facilit|points ?of ?interest|\bpois?\b|schule|kita|kinderg|apothek|aerzte|daseinsvorsorge",
    "stops": r"haltestell|^stops|busstop|bahnhoefe",
    "blocks": r"einwohner|inhabitants|bevoelkerung",
    "parcels": r"flurst|liegenschaft|parcels",
    "buildings": r"gebaeudeliste|gebaeuderegister|gebaeudedaten|^gebaeude$|^buildings",
}
# Fields that one layer has and the others have not: what a table is about.
_TELLING = {
    "vacancies": {"since", "until", "owner_kind", "condition", "broadband", "price", "contact_role"},
    "trees": {"species", "crown", "trunk"},
    "facilities": {"places", "opening_hours", "operator"},
    "stops": {"name", "platform", "wheelchair", "departures", "code"},
    "parcels": {"key", "section", "district", "area", "use", "owner_kind"},
    "buildings": {"year", "storeys", "roof_type", "function", "dwellings", "eaves_height", "height"},
    "blocks": {"inhabitants", "households", "dwellings", "empty_dwellings"},
}


@dataclass
class Columns:
    """The columns of one table, by their place from the left."""

    names: list[str]
    fields: dict[str, int]  # field of the layer -> column
    places: dict[str, int]  # role in PLACES -> column
    private: list[int]
    owner: int | None  # names of owners: only their kind is taken
    ages: dict[int, tuple[int, int | None]] = field(default_factory=dict)  # column -> from, below

    def unit(self, column: int) -> str:
        found = _UNIT.search(self.names[column])
        if not found:
            return "ha" if fold(self.names[column]) in ("hectares", "hektar") else ""
        return (found[1] or found[2] or "").strip()


def columns_of(names: list[str], layer: str | None) -> Columns:
    """What each column of a table is, seen as the layer; without one only places and private columns are told."""
    private = [i for i, name in enumerate(names) if _PRIVATE.search(_whole(name))]
    owner = next((i for i, name in enumerate(names) if _OWNER.search(_whole(name))), None)
    public = {i: _spellings(name) for i, name in enumerate(names) if i not in private and i != owner}
    fields = _find(FIELDS.get(layer or "", {}), public)
    places = _find(PLACES, public)
    _tell_house_from_id(names, places)
    ages = {i: age for i, name in enumerate(names) if (age := age_of(name))} if layer == "blocks" else {}
    return Columns(names, fields, places, private, owner, ages)


def layer_of(file: str, sheet: str, names: list[str]) -> str | None:
    """The layer that a table is of, by the name of its file or sheet and by its columns; None for any other."""
    if _is_of_blocks(file, sheet, names):
        return "blocks"
    for said in (sheet, file):
        for layer, pattern in _NAMED.items():
            if layer != "blocks" and re.search(pattern, _spoken(said)) and _could_be(layer, names):
                return layer
    found = {
        layer: len(_TELLING[layer] & set(columns_of(names, layer).fields)) for layer in _TELLING if layer != "blocks"
    }
    best = max(found, key=lambda layer: found[layer])
    return best if found[best] >= 2 and _could_be(best, names) else None


def _is_of_blocks(file: str, sheet: str, names: list[str]) -> bool:
    """People by block; a table with other things by block is a layer of its own."""
    columns = columns_of(names, "blocks")
    people = len(_TELLING["blocks"] & set(columns.fields)) + len(columns.ages)
    named = re.search(_NAMED["blocks"], _spoken(f"{file} {sheet}"))
    return "number" in columns.fields and (people >= 2 or bool(people and named))


def _could_be(layer: str, names: list[str]) -> bool:
    columns = columns_of(names, layer)
    if "block" in columns.places and not {"address", "street", "east", "longitude", "wkt"} & set(columns.places):
        return False  # one row a block
    if layer in ("buildings", "parcels"):
        outlined = "wkt" in columns.places
        joined = {"address", "street"} if layer == "buildings" else {"parcel", "parcel_key"}
        return outlined or bool(joined & set(columns.places))
    return True


def _spoken(name: str) -> str:
    """A file's name as words: `Baumkataster_2024` is `baumkataster`."""
    words = (fold(word) for word in re.split(r"[\s_.\-]+", name))
    return " ".join(re.sub(r"\d+", "", word) for word in words).strip()


def _find(known: dict[str, list[str]], columns: dict[int, tuple[str, ...]]) -> dict[str, int]:
    """Each field's column: the one whose name stands first in its list; else the one that only says more."""
    found: dict[str, int] = {}
    for name, synonyms in known.items():
        ranks = {synonym: rank for rank, synonym in enumerate(map(fold, synonyms))}
        fitting = [(ranks[word], i) for i, words in columns.items() for word in words if word in ranks]
        fitting = [one for one in fitting if one[1] not in found.values()]
        if fitting:
            found[name] = min(fitting)[1]
    for name, synonyms in known.items():
        if name not in found:
            long = tuple(synonym for synonym in map(fold, synonyms) if len(synonym) >= 8)
            free = [i for i, words in columns.items() if words[0].startswith(long) and i not in found.values()]
            if len(free) == 1:
                found[name] = free[0]
    return found


def _whole(name: str) -> str:
    return fold(_UNIT.sub("", name)) or fold(name)


def _spellings(name: str) -> tuple[str, ...]:
    """The name, the name without what stands in brackets, and without the year at its end: `EW 2022` is `EW`."""
    whole = _whole(name)
    return whole, fold(re.sub(r"[\[(].*", "", name)) or whole, re.sub(r"(?<=\D)(19|20)\d\d$", "", whole)


def _tell_house_from_id(names: list[str], places: dict[str, int]) -> None:
    """`Nr.` to the right of the street is the house's, elsewhere the row's."""
    street = places.get("street")
    if street is None or "house" in places or street + 1 >= len(names):
        return
    if _whole(names[street + 1]) in ("nr", "nummer", "no", "number"):
        places["house"] = street + 1
        if places.get("id") == street + 1:
            del places["id"]
