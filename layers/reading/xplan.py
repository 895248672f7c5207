"""Reads Bebauungspläne and Flächennutzungspläne as XPlanGML: their areas, their building lines and their outlines."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from lxml import etree
from pyproj import CRS

from layers.codes import ROOF_TYPES, STATES_OF_LAW
from layers.reading.batch import Batch, LeftOut, Survey, Wanted
from layers.reading.citygml import forget, refuse_entities, told_of
from layers.reading.citygml_walk import gml_id, local
from layers.reading.crs_names import crs_of_name, straight
from layers.reading.gmlshapes import shape_of
from layers.reading.unpacking import opened
from twin.errors import BadFile, BadShape
from twin.projection import LONLAT, transformer

OLDEST = 4  # the version whose words are read; before, the codes were others
_NAMESPACE = re.compile(rb"xplanung\.de/xplangml/(\d)/(\d)")

# XPlanung 6.1, XP_BesondereArtDerBaulNutzung and XP_AllgArtDerBaulNutzung, as BauNVO has them.
SPECIAL_USES = {
    "1000": "WS", "1100": "WR", "1200": "WA", "1300": "WB", "1400": "MD", "1450": "MDW", "1500": "MI", "1550": "MU",
    "1600": "MK", "1700": "GE", "1800": "GI", "2000": "SO", "2100": "SO", "3000": "SO", "4000": "SO", "9999": "other",
}  # fmt: skip
GENERAL_USES = {"1000": "W", "2000": "M", "3000": "G", "4000": "S", "9999": "other"}
BUILDING_METHODS = {"1000": "offen", "2000": "geschlossen", "3000": "abweichend"}
# What an element without a use of its own is; its name without the prefix of the plan's kind.
AREAS = {
    "BaugebietsTeilFlaeche": "other",
    "BebauungsFlaeche": "other",
    "WohngebaeudeFlaeche": "W",
    "GruenFlaeche": "green",
    "Gruen": "green",
    "FreiFlaeche": "green",
    "StrassenVerkehrsFlaeche": "traffic",
    "StrassenVerkehr": "traffic",
    "Strassenverkehr": "traffic",
    "VerkehrsflaecheBesondererZweckbestimmung": "traffic",
    "VerkehrsFlaecheBesondererZweckbestimmung": "traffic",
    "Schienenverkehr": "traffic",
    "Luftverkehr": "traffic",
    "GemeinbedarfsFlaeche": "public",
    "Gemeinbedarf": "public",
    "SpielSportanlagenFlaeche": "public",
    "SpielSportanlage": "public",
    "Landwirtschaft": "farm",
    "LandwirtschaftsFlaeche": "farm",
    "WaldFlaeche": "forest",
    "GewaesserFlaeche": "water",
    "Gewaesser": "water",
    "VerEntsorgung": "other",
}
LINES = {
    "BauGrenze": "Baugrenze",
    "BauLinie": "Baulinie",
    "UeberbaubareGrundstuecksFlaeche": "überbaubare Grundstücksfläche",
}
# XP_Hoehenangabe: what the height is of (ridge, top, building, structure), and from where it is measured.
_TOPS = {"2000", "3000", "5000", "6000", None}
_ABOVE_SEA = {"1000", "1100", "1200"}
_TITLES = {
    "plans": {"": "Pläne", "name": "Name", "number": "Nummer", "plan_kind": "Planart", "municipality": "Gemeinde",
              "state_of_law": "Rechtsstand", "in_force": "In Kraft seit"},
    "building_lines": {"": "Baugrenzen und Baulinien", "plan": "Plan", "kind": "Art", "storeys": "Vollgeschosse",
                       "height": "Höhe baulicher Anlagen (m)"},
}  # fmt: skip
_FIELDS = {
    "zones": (
        "plan", "plan_kind", "name", "kind", "grz", "gfz", "bmz", "storeys", "height", "roof_type", "building_method",
        "state_of_law", "in_force",
    ),
    "building_lines": ("plan", "kind", "storeys", "height"),
    "plans": ("name", "number", "plan_kind", "municipality", "state_of_law", "in_force"),
}  # fmt: skip


@dataclass
class Thing:
    """One object of a plan, before it is known to which plan it belongs."""

    element: str  # "BP_BaugebietsTeilFlaeche"
    uid: str
    line: int
    shape: shapely.Geometry | None
    crs: str
    fields: dict[str, Any]
    belongs_to: list[str]  # ids of plans and of their parts


@dataclass
class Auszug:
    """What is in a file."""

    version: str
    crs: str = ""
    corners: list[np.ndarray] = field(default_factory=list)
    things: list[Thing] = field(default_factory=list)
    plans: dict[str, dict[str, Any]] = field(default_factory=dict)  # id -> fields of the layer `plans`
    parts: dict[str, list[str]] = field(default_factory=dict)  # BP_Bereich: id -> ids of its plans
    held: dict[str, str] = field(default_factory=dict)  # id of an object -> id of the part that lists it
    others: Counter = field(default_factory=Counter)
    left_out: list[LeftOut] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def recognises(path: Path, head: bytes) -> bool:
    return b"XPlanAuszug" in head or (_NAMESPACE.search(head) is not None and b"_Plan" in head)


def survey(path: Path, wanted: Wanted) -> Survey:
    auszug = _auszug(path, wanted)
    layers: dict[str, int | None] = dict(Counter(_layer_of(thing) for thing in auszug.things))
    place = next((plan["municipality"] for plan in auszug.plans.values() if plan["municipality"]), None)
    shapes = [thing.shape for thing in auszug.things]
    crs = wanted.crs or crs_of_name(auszug.crs or next((thing.crs for thing in auszug.things), None))
    bounds = None
    if crs is not None and shapes:
        bounds = transformer(crs, LONLAT).transform_bounds(*shapely.total_bounds(shapes).tolist())
    return Survey(kind=f"XPlanGML {auszug.version}", crs=crs, bounds=bounds, layers=layers, place=place)


def read(path: Path, wanted: Wanted) -> Iterator[Batch]:
    auszug = _auszug(path, wanted)
    if not auszug.things and not auszug.left_out:
        raise BadFile("there is no plan with an outline in it. Export the plan with its contents.")
    notes = [*auszug.notes]
    if auszug.others:
        listed = ", ".join(f"{name} ({count})" for name, count in sorted(auszug.others.items()))
        notes.append(f"objects that no layer has: {listed}")
    first = True
    for layer in _FIELDS:
        for name in dict.fromkeys(thing.crs for thing in auszug.things if _layer_of(thing) == layer):
            things = [thing for thing in auszug.things if _layer_of(thing) == layer and thing.crs == name]
            batch = _batch(layer, things, wanted.crs or crs_of_name(name))
            if first:
                batch.left_out, batch.notes, first = auszug.left_out, notes, False
            yield batch
    if first:
        raise BadFile(f"nothing of it can be used: {auszug.left_out[0].where}: {auszug.left_out[0].reason}")


def _layer_of(thing: Thing) -> str:
    name = thing.element.partition("_")[2]
    if name == "Plan":
        return "plans"
    return "building_lines" if name in LINES else "zones"


def _batch(layer: str, things: list[Thing], crs: CRS | None) -> Batch:
    return Batch(
        layer,
        crs,
        np.array([thing.shape for thing in things], object),
        {name: [thing.fields.get(name) for thing in things] for name in _FIELDS[layer]},
        [thing.uid for thing in things],
        [f"line {thing.line}, {thing.element} {thing.uid}" for thing in things],
        titles=_TITLES.get(layer, {}),
    )


def _auszug(path: Path, wanted: Wanted) -> Auszug:
    """All of a file: a plan is small, and an object may stand before the plan that it belongs to."""
    with opened(path) as file:
        head = file.read(65_536)
    auszug = Auszug(_version(head))
    with opened(path) as file:
        elements = etree.iterparse(
            file, tag=("{*}Envelope", "{*}featureMember", "{*}member"), resolve_entities=False, no_network=True
        )
        try:
            for number, (_, element) in enumerate(elements):
                if number == 0:
                    refuse_entities(element)
                if len(list(element.iterancestors())) == 1 and local(element) != "Envelope":
                    for found in element.iterchildren("{*}*"):
                        _note(auszug, found, wanted)
                    forget(element)
                elif local(element) == "Envelope" and not auszug.crs:
                    auszug.crs = element.get("srsName", "")
        except etree.XMLSyntaxError as error:
            raise BadFile(told_of(error, path, (b"XPlanAuszug", b"FeatureCollection"))) from error
    _settle(auszug)
    return auszug


def _version(head: bytes) -> str:
    found = _NAMESPACE.search(head)
    if found is None:
        raise BadFile("it does not say which version of XPlanGML it is. Export it as XPlanGML 5.4 or 6.")
    version = f"{int(found[1])}.{int(found[2])}"
    if int(found[1]) < OLDEST:
        raise BadFile(f"it is XPlanGML {version}, whose codes are others. Export it as XPlanGML 5.4 or 6.")
    return version


def _note(auszug: Auszug, element: Any, wanted: Wanted) -> None:
    """One object of the file: a plan, a part of it, an area, a line, or something for which there is no layer."""
    kind = local(element)
    uid = gml_id(element) or f"line-{element.sourceline}"
    prefix, _, name = kind.partition("_")
    if name == "Bereich":
        auszug.parts[uid] = _links(element, "gehoertZuPlan")
        auszug.held.update(dict.fromkeys(_links(element, "planinhalt"), uid))
    elif name == "Plan" and prefix in ("BP", "FP"):
        auszug.plans[uid] = fields = _plan(element, prefix)
        for part in _links(element, "bereich"):
            auszug.parts.setdefault(part, []).append(uid)
        _keep(auszug, element, uid, fields, "raeumlicherGeltungsbereich", wanted)
    elif name in AREAS or (name in LINES and prefix == "BP"):
        fields = _line(element, name) if name in LINES else _zone(auszug, element, name)
        _keep(auszug, element, uid, fields, "position", wanted)
    else:
        auszug.others[kind] += 1


def _keep(auszug: Auszug, element: Any, uid: str, fields: dict, position: str, wanted: Wanted) -> None:
    where = f"line {element.sourceline}, {local(element)} {uid}"
    place = next(element.iterchildren(f"{{*}}{position}"), None)
    drawn = next(place.iterchildren("{*}*"), None) if place is not None else None
    if drawn is None:
        auszug.left_out.append(LeftOut(where, f"it has no {position}. Draw it, or take it out of the plan."))
        return
    name = next((one.get("srsName") for one in (drawn, *drawn.iter()) if one.get("srsName")), auszug.crs)
    crs = wanted.crs or crs_of_name(name)
    try:
        shape = shape_of(drawn, lambda points: straight(points, crs, name) if crs is not None else points)
    except BadShape as error:
        auszug.left_out.append(LeftOut(where, str(error)))
        return
    belongs_to = _links(element, "gehoertZuBereich")
    auszug.things.append(Thing(local(element), uid, element.sourceline, shape, name, fields, belongs_to))


def _settle(auszug: Auszug) -> None:
    """Give each object the name and the state of its plan."""
    only = next(iter(auszug.plans.values())) if len(auszug.plans) == 1 else {}
    for thing in auszug.things:
        if thing.uid in auszug.plans:
            continue
        parts = thing.belongs_to or [auszug.held.get(thing.uid, "")]
        plans = [
            auszug.plans[uid] for part in parts for uid in (part, *auszug.parts.get(part, ())) if uid in auszug.plans
        ]
        plan = plans[0] if plans else only
        thing.fields["plan"] = _title(plan)
        for name in ("plan_kind", "state_of_law", "in_force"):
            thing.fields[name] = plan.get(name)
        if not plan.get("plan_kind"):
            thing.fields["plan_kind"] = {"BP": "bplan", "FP": "fplan"}.get(thing.element[:2])


def _title(plan: dict[str, Any]) -> str | None:
    name, number = plan.get("name"), plan.get("number")
    if name and number and number not in name:
        return f"{number} {name}"
    return name or number


def _plan(element: Any, prefix: str) -> dict[str, Any]:
    state = _text(element, "rechtsstand")
    state = {"45000": "4500", "50000": "5000", "50001": "5000"}.get(state or "", state)  # 6.0 counts in more digits
    return {
        "name": _text(element, "name"),
        "number": _text(element, "nummer"),
        "plan_kind": "bplan" if prefix == "BP" else "fplan",
        "municipality": _text(element, "gemeindeName"),
        "state_of_law": state if state in STATES_OF_LAW else None,
        "in_force": _date(_text(element, "inkrafttretensDatum") or _text(element, "wirksamkeitsDatum")),
    }


def _zone(auszug: Auszug, element: Any, name: str) -> dict[str, Any]:
    special, general = _code(element, "besondereArtDerBaulNutzung"), _code(element, "allgArtDerBaulNutzung")
    roof = {"3000": "9999", "4100": "3900"}.get(_code(element, "dachform") or "", _code(element, "dachform"))
    names = (_text(element, "gliederung1"), _text(element, "gliederung2"))
    return {
        "name": " ".join(filter(None, names)) or _text(element, "aufschrift") or _text(element, "nutzungText"),
        "kind": SPECIAL_USES.get(special or "") or GENERAL_USES.get(general or "") or AREAS[name],
        "grz": _number(element, "GRZ", "GRZmax"),
        "gfz": _number(element, "GFZ", "GFZmax"),
        "bmz": _number(element, "BMZ", "BMZmax"),
        "storeys": _storeys(element),
        "height": _height(auszug, element),
        "roof_type": roof if roof in ROOF_TYPES else None,
        "building_method": BUILDING_METHODS.get(_code(element, "bauweise") or ""),
    }


def _line(element: Any, name: str) -> dict[str, Any]:
    return {"kind": LINES[name], "storeys": _storeys(element), "height": _height(None, element)}


def _storeys(element: Any) -> int | None:
    number = _number(element, "Z", "Zzwingend", "Zmax")
    return None if number is None else round(number)


def _height(auszug: Auszug | None, element: Any) -> float | None:
    """The highest that buildings may be, above the ground; heights above the sea are told and not kept."""
    found = []
    for one in element.iter("{*}XP_Hoehenangabe"):
        height = _number(one, "h", "hZwingend", "hMax")
        if height is None or _text(one, "bezugspunkt") not in _TOPS:
            continue
        if _text(one, "hoehenbezug") in _ABOVE_SEA:
            note = "heights that are given above the sea, not above the ground, were not kept"
            if auszug is not None and note not in auszug.notes:
                auszug.notes.append(note)
        else:
            found.append(height)
    return max(found, default=None)


def _text(element: Any, name: str) -> str | None:
    found = next(element.iter(f"{{*}}{name}"), None)
    return " ".join((found.text or "").split()) or None if found is not None else None


def _code(element: Any, name: str) -> str | None:
    """A code stands as it is, or behind the name of its list."""
    words = _text(element, name)
    return re.split(r"[:/#]", words)[-1] if words else None


def _number(element: Any, *names: str) -> float | None:
    for name in names:
        words = _text(element, name)
        try:
            number = float(words.replace(",", ".")) if words else None
        except ValueError:
            number = None
        if number is not None:
            return number
    return None


def _date(words: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(words[:10]) if words else None
    except ValueError:
        return None


def _links(element: Any, name: str) -> list[str]:
    """The ids that the xlinks under this name point to."""
    href = "{http://www.w3.org/1999/xlink}href"
    return [one.get(href, "").rpartition("#")[2] for one in element.iterchildren(f"{{*}}{name}") if one.get(href)]
