"""What OpenStreetMap's tags mean in the words of our layers."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from layers.codes import SEALED_PERCENT
from layers.reading.osm_tags import (
    BUILDINGS,
    BUILDINGS_BY_TAG,
    FACILITY_KEYS,
    FACILITY_OF,
    FORMER,
    FORMER_KEYS,
    LAST_AMENITIES,
    LAST_USES,
    NAMED_BY_KEY,
    NAMED_BY_VALUE,
    NOT_BUILT,
    NOT_STANDING,
    NOT_STREETS,
    PAVINGS,
    RAILS,
    ROOFS,
    SPEED_WORDS,
    SPEEDS,
    STOP_KINDS,
    STREETS,
    SURFACES,
    WATER_AREAS,
    WATER_LINES,
    WATERS,
    WIDTHS,
)

Tags = Mapping[str, str]


class Meaning(NamedTuple):
    """One row of one layer, still without its shape."""

    layer: str
    fields: dict[str, Any]
    estimated: str | None = None


def of_point(tags: Tags) -> list[Meaning]:
    """What a node stands for."""
    meanings = [_facility(tags), _vacancy(tags, None), _stop(tags)]
    if tags.get("natural") == "tree":
        meanings.append(_tree(tags))
    return [meaning for meaning in meanings if meaning]


def of_line(tags: Tags) -> list[Meaning]:
    """What a way stands for where it is an axis, not an outline."""
    meanings = []
    if _is_street(tags) or tags.get("railway") in RAILS:
        meanings.append(_street(tags))
    if tags.get("waterway") in WATER_LINES:
        width = metres(tags.get("width"))
        meanings.append(
            Meaning("water", {"name": tags.get("name"), "kind": WATER_LINES[tags["waterway"]], "width": width})
        )
    return meanings


def of_area(tags: Tags, uid: str) -> list[Meaning]:
    """What a closed way or a multipolygon stands for."""
    built = is_building(tags)
    ground = None if built else _water_area(tags) or _surface(tags)
    meanings = [
        _building(tags) if built else ground,
        _facility(tags),
        _vacancy(tags, uid if built else None),
        _stop(tags),
    ]
    return [meaning for meaning in meanings if meaning]


def is_building(tags: Tags) -> bool:
    return "building" in tags and tags["building"] not in NOT_STANDING


def is_building_site(tags: Tags) -> bool:
    """A building that is planned, under construction or gone."""
    return tags.get("building", "no") in NOT_STANDING - {"no"}


def is_platform(tags: Tags) -> bool:
    """A platform is a stop only where no stop stands beside it."""
    return "platform" in (tags.get("public_transport"), tags.get("highway"), tags.get("railway"))


def platform(tags: Tags) -> Meaning:
    kind = next((word for word in ("train", "subway", "tram", "bus", "ferry") if tags.get(word) == "yes"), None)
    kinds = {"train": "rail", "subway": "metro", "tram": "tram", "bus": "bus", "ferry": "ferry"}
    return Meaning("stops", _stop_fields(tags, kinds[kind] if kind else "rail" if "railway" in tags else None))


def is_not_built(tags: Tags) -> bool:
    """A street that is planned, under construction or gone."""
    return tags.get("highway") in NOT_BUILT


def main_tag(tags: Tags) -> str:
    """The word by which the report counts what has no layer here."""
    for key in NAMED_BY_VALUE:
        if key in tags:
            return f"{key}={tags[key]}"
    for key in NAMED_BY_KEY:
        if key in tags:
            return key
    if "type" in tags:
        return f"type={tags['type']}"
    return "addr:*" if any(key.startswith("addr:") for key in tags) else "other"


def metres(text: str | None) -> float | None:
    """ "12 m", "12,5", "40'", "40 ft" -> metres."""
    found = re.fullmatch(r"\s*~?\s*(\d+(?:[.,]\d+)?)\s*(m|cm|km|ft|feet|'|')?\s*(?:(\d+)\s*(?:\"|''))?\s*", text or "")
    if not found:
        return None
    value, unit = float(found[1].replace(",", ".")), found[2] or "m"
    factor = {"m": 1.0, "cm": 0.01, "km": 1000.0}.get(unit, 0.3048)
    return round(value * factor + float(found[3] or 0) * 0.0254, 2)


def speed(text: str | None) -> float | None:
    """ "50", "30 mph", "DE:urban", "walk" -> km/h; "none" is no number."""
    if not text:
        return None
    word = text.split(";")[0].strip()
    if word.split(":")[-1] in SPEED_WORDS:
        return SPEED_WORDS[word.split(":")[-1]]
    found = re.fullmatch(r"(?:[A-Z]{2}:)?(?:zone:?)?(\d+)\s*(mph|km/h|kmh)?", word)
    if not found:
        return None
    return float(found[1]) if found[2] != "mph" else round(float(found[1]) * 1.609344, 1)


def whole(text: str | None, most: int = 1_000_000) -> int | None:
    """The largest whole number in "2;3" or "2.5"."""
    numbers = [int(number) for number in re.findall(r"(?<![\d.,-])\d{1,9}", text or "")]
    return max(numbers) if numbers and max(numbers) <= most else None


def year(text: str | None) -> int | None:
    """ "1923-1924", "~1850", "1970s" -> the first year."""
    found = re.search(r"(?<!\d)(1\d{3}|20\d{2})(?!\d)", text or "")
    return int(found[1]) if found else None


def address(tags: Tags) -> str | None:
    street = tags.get("addr:street") or tags.get("addr:place")
    if not street:
        return None
    return f"{street} {tags['addr:housenumber']}" if "addr:housenumber" in tags else street


def _building(tags: Tags) -> Meaning:
    function, use, said = _function(tags)
    height, roof = metres(tags.get("height") or tags.get("building:height")), metres(tags.get("roof:height"))
    fields = {
        "name": tags.get("name"),
        "address": address(tags),
        "function": function,
        "use": use,
        "storeys": whole(tags.get("building:levels"), 200),
        "storeys_below": whole(tags.get("building:levels:underground"), 20),
        "height": height,
        "eaves_height": round(height - roof, 2) if height and roof and roof < height else None,
        "roof_type": ROOFS.get(tags.get("roof:shape", "")),
        "roof_pitch": _pitch(tags.get("roof:angle")),
        "year": year(tags.get("start_date") or tags.get("year_of_construction")),
        "dwellings": whole(tags.get("building:flats"), 10_000),
    }
    guessed = [f"{name}: from {said}" for name in ("function", "use") if fields[name]]
    return Meaning("buildings", fields, "; ".join(guessed) or None)


def _function(tags: Tags) -> tuple[str | None, str | None, str]:
    """ALKIS function, use, and the tag that they are taken from."""
    if tags["building"] in BUILDINGS:
        return *BUILDINGS[tags["building"]], f"building={tags['building']}"
    for key in ("amenity", "tourism", "leisure", "power", "man_made", "railway"):
        if (key, tags.get(key, "")) in BUILDINGS_BY_TAG:
            return *BUILDINGS_BY_TAG[key, tags[key]], f"{key}={tags[key]}"
    if tags.get("shop", "vacant") not in ("vacant", "no"):
        return "31001_2054", "trade", f"shop={tags['shop']}"
    if tags.get("office", "no") != "no":
        return "31001_2020", "office", f"office={tags['office']}"
    return None, None, ""


def _pitch(text: str | None) -> float | None:
    found = re.fullmatch(r"\s*(\d{1,2}(?:[.,]\d+)?)\s*°?\s*", text or "")
    return float(found[1].replace(",", ".")) if found else None


def _is_street(tags: Tags) -> bool:
    kind = tags.get("highway")
    return kind is not None and kind not in NOT_STREETS and tags.get("area") != "yes"


def _street(tags: Tags) -> Meaning:
    kind = STREETS.get(tags.get("highway", ""), "other") if "highway" in tags else RAILS[tags["railway"]]
    if tags.get("highway") == "path" and tags.get("bicycle") == "designated":
        kind = "cycleway"
    said = tags.get("maxspeed") or tags.get("maxspeed:type") or tags.get("source:maxspeed")
    lanes = whole(tags.get("lanes"), 20)
    fields = {
        "name": tags.get("name") or tags.get("ref"),
        "kind": kind,
        "speed": speed(said),
        "width": metres(tags.get("width")),
        "lanes": lanes,
        "oneway": _oneway(tags, kind),
        "surface": tags.get("surface"),
    }
    guessed = []
    if fields["speed"] is None and said != "none" and kind in SPEEDS:
        fields["speed"] = SPEEDS[kind]
        guessed.append(f"speed: usual for class {kind}")
    if fields["width"] is None:
        fields["width"], how = _usual_width(kind, lanes)
        guessed.append(f"width: {how}")
    return Meaning("streets", fields, "; ".join(guessed) or None)


def _oneway(tags: Tags, kind: str) -> bool | None:
    said = tags.get("oneway")
    if said in ("yes", "true", "1", "-1", "reverse"):
        return True
    if said is None and (tags.get("junction") == "roundabout" or kind == "motorway"):
        return True
    return None if kind in ("rail", "tram") else False


def _usual_width(kind: str, lanes: int | None) -> tuple[float, str]:
    if lanes and kind in SPEEDS:
        lane = 3.5 if kind in ("motorway", "trunk") else 3.0
        return lanes * lane, f"{lanes} lanes of {lane} m"
    return WIDTHS[kind], f"usual for class {kind}"


def _surface(tags: Tags) -> Meaning | None:
    kind = next(
        (
            SURFACES[key, tags[key]]
            for key in ("amenity", "leisure", "natural", "landuse")
            if (key, tags.get(key)) in SURFACES
        ),
        None,
    )
    paving = PAVINGS.get(tags.get("surface", ""))
    if kind is None and ("highway" in tags or "area:highway" in tags):
        kind = _street_ground(tags, paving)
    elif kind in ("asphalt", "paving") and paving:
        kind = paving
    if kind is None and "landuse" in tags:
        kind = "other"
    if kind is None:
        return None
    sealed = SEALED_PERCENT.get(kind)
    guess = "sealed_percent: usual share of land of this kind" if sealed is not None else None
    return Meaning("surfaces", {"kind": kind, "name": tags.get("name"), "sealed_percent": sealed}, guess)


def _street_ground(tags: Tags, paving: str | None) -> str | None:
    kind = tags.get("area:highway") or tags["highway"]
    outlined = tags.get("area") == "yes" or tags.get("type") == "multipolygon" or "area:highway" in tags
    if kind in NOT_BUILT or kind in ("platform", "bus_stop", "elevator") or not (outlined or kind in NOT_STREETS):
        return None
    return paving or ("paving" if kind in ("pedestrian", "footway", "path", "living_street") else "asphalt")


def _water_area(tags: Tags) -> Meaning | None:
    kind = next(
        (WATER_AREAS[key, tags[key]] for key in ("waterway", "landuse") if (key, tags.get(key)) in WATER_AREAS), None
    )
    if tags.get("natural") == "water" or tags.get("landuse") == "water":
        said = tags.get("water") or tags.get("reservoir_type") or ""
        kind = WATERS.get(said, kind or ("other" if said else "lake"))
    if kind is None:
        return None
    return Meaning("water", {"name": tags.get("name"), "kind": kind, "width": None})


def _tree(tags: Tags) -> Meaning:
    species = tags.get("species") or tags.get("taxon") or tags.get("species:de") or tags.get("genus")
    girth = metres(tags.get("circumference"))
    fields = {
        "species": species,
        "height": metres(tags.get("height")),
        "crown": metres(tags.get("diameter_crown")),
        "trunk": girth and round(girth * 100, 1),
        "year": year(tags.get("start_date")),
    }
    return Meaning("trees", fields)


def _facility(tags: Tags) -> Meaning | None:
    for key in FACILITY_KEYS:
        value = tags.get(key)
        if value is None or value in ("no", "vacant"):
            continue
        kind = FACILITY_OF.get((key, value)) or FACILITY_OF.get((key, "*"))
        if kind:
            fields = {
                "name": tags.get("name"),
                "kind": kind,
                "detail": value,
                "operator": tags.get("operator"),
                "address": address(tags),
                "places": whole(tags.get("capacity") or tags.get("beds")),
                "opening_hours": tags.get("opening_hours"),
            }
            return Meaning("facilities", fields)
    return None


def _vacancy(tags: Tags, building: str | None) -> Meaning | None:
    said = _sign_of_vacancy(tags)
    if not said:
        return None
    key = said.partition("=")[0].partition(":")[2] or said.partition("=")[0]
    what = said.partition("=")[2]
    use = LAST_USES.get(key) or LAST_AMENITIES.get(FACILITY_OF.get((key, what), ""))
    use = use or ("trade" if key == "amenity" else None)
    use = use or BUILDINGS.get(what if key == "building" else tags.get("building", ""), (None, None))[1]
    fields = {
        "kind": _vacancy_kind(key, use, tags),
        "name": tags.get("name") or tags.get("disused:name") or tags.get("old_name"),
        "address": address(tags),
        "building": building,
        "use": use,
        "condition": "ruin" if "ruin" in said else None,
        "remark": f"OpenStreetMap: {said}",
    }
    return Meaning("vacancies", fields)


def _sign_of_vacancy(tags: Tags) -> str | None:
    if tags.get("shop") == "vacant":
        return "shop=vacant"
    if tags.get("vacant") == "yes":
        return "vacant=yes"
    for key, value in tags.items():
        if key.startswith(FORMER) and key.partition(":")[2] in FORMER_KEYS and value != "no":
            return f"{key}={value}"
    if "building" in tags:
        if tags["building"] == "ruins":
            return "building=ruins"
        return next((f"{key}=yes" for key in ("abandoned", "disused", "ruins") if tags.get(key) == "yes"), None)
    return None


def _vacancy_kind(key: str, use: str | None, tags: Tags) -> str:
    if key in ("shop", "amenity", "office", "craft", "healthcare", "tourism"):
        return "shop"
    if "building" in tags or key == "building":
        return "hall" if use in ("industry", "storage", "farm") else "building"
    return "land" if key in ("landuse", "leisure") else "building"


def _stop(tags: Tags) -> Meaning | None:
    kind = next(
        (STOP_KINDS[f"{key}={tags[key]}"] for key in ("highway", "amenity") if f"{key}={tags.get(key)}" in STOP_KINDS),
        None,
    )
    railway = tags.get("railway")
    if railway == "tram_stop":
        kind = "tram"
    elif railway in ("station", "halt"):
        kind = {"subway": "metro", "light_rail": "metro", "funicular": "other"}.get(tags.get("station", ""), "rail")
    return Meaning("stops", _stop_fields(tags, kind)) if kind else None


def _stop_fields(tags: Tags, kind: str | None) -> dict[str, Any]:
    return {
        "name": tags.get("name"),
        "code": tags.get("ref:IFOPT") or tags.get("ref"),
        "kind": kind,
        "platform": tags.get("local_ref"),
        "wheelchair": {"yes": True, "no": False}.get(tags.get("wheelchair", "")),
    }
