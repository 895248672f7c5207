"""What would be allowed: on each parcel the room in which a plan's values let one build, as a draft."""

from typing import Any

import numpy as np

from scenarios.counting import READS
from scenarios.indicators.figures import Answer, Column, Drawn, Figure, Indicator, Parts, Place, sentence
from scenarios.indicators.given import Given
from scenarios.indicators.plots import Limits, built_on, limits_of, row_title, within_lines
from scenarios.indicators.spacing import rules_for
from scenarios.rules import rules, source_of
from twin.feature import Words

SMALLEST = 20.0  # m² of footprint: less is no house
COLUMNS = {
    "size": Column(Words("Fläche", "Area"), "m²", 0),
    "footprint": Column(Words("überbaubar", "footprint"), "m²", 0),
    "storeys": Column(Words("Geschosse", "Storeys"), "", 0),
    "height": Column(Words("Höhe", "Height"), "m", 1),
    "floor": Column(Words("Geschossfläche", "Floor area"), "m²", 0),
    "floor_left": Column(Words("davon noch frei", "of which still free"), "m²", 0),
}


def answer(given: Given) -> Answer:
    parcels = given.of("parcels")
    limits = limits_of(parcels.shapes, given.rows["zones"])
    built, lines = built_on(parcels.shapes, given), within_lines(given)
    places, shapes, heights = [], [], []
    for i, limit in enumerate(limits):
        found = _room(parcels.shapes[i], limit, given, lines)
        if found is None:
            continue
        room, values = found
        values["floor_left"] = max((values["floor"] or 0.0) - float(built.floor[i]), 0.0)
        told = sentence("{kind}: {zone}", "{kind}: {zone}", zone=limit.zone,
                        kind=Words("Festsetzung", "set by the plan") if limit.kind == "plan"
                        else Words("Orientierungswert", "orientation value"))  # fmt: skip
        uid = str(parcels["uid"][i])
        title = row_title(parcels, i, "number", "address")
        places.append(Place(f"envelope/{uid}", "parcels", uid, title, values, told, None, room))
        shapes.append(room)
        heights.append(values["height"])
    drawn = Drawn("envelope", np.array(shapes, object), np.array(heights, float))
    return Answer(_figures(given, places, limits), places, COLUMNS, [drawn])


def _room(plot: Any, limit: Limits, given: Given, lines: tuple[Any, Any]):
    """The plot within its Baugrenzen and Abstandsflächen, and what its values allow; None where none are set."""
    grz, gfz = limit.values.get("grz"), limit.values.get("gfz")
    if not grz or not gfz:
        return None
    storey = given.assume("storey_height")
    storeys = limit.values.get("storeys") or max(1.0, np.floor(gfz / grz + 1e-9))
    height = limit.values.get("height") or storeys * storey
    profile = rules_for(given.state).profile
    room = plot.buffer(-max(profile["least"], profile["factor"] * height), join_style="mitre")
    windows, bound = lines
    room = room.intersection(windows.union(plot.difference(bound)))
    footprint = min(room.area, grz * plot.area)
    if footprint < SMALLEST:
        return None
    floor = min(gfz * plot.area, footprint * storeys)
    return room, {"size": plot.area, "footprint": footprint, "storeys": storeys, "height": height, "floor": floor}


def _figures(given: Given, places: list[Place], limits: list[Limits]) -> list[Figure]:
    titles = {
        "allowed_floor": Words("Mögliche Geschossfläche", "Possible floor area"),
        "floor_left": Words("davon noch frei", "of which still free"),
    }
    if not places:
        missing = next((one.missing for one in limits if one.missing), None) or Words(
            "Auf keinem Flurstück des Gebiets gelten GRZ und GFZ. Laden Sie Kataster und Bauleitpläne.",
            "On no parcel of the area GRZ and GFZ are set. Load the cadastre and the plans.",
        )
        return [Figure(name, title, "m²", None, refused=missing) for name, title in titles.items()]
    uids = np.array([one.uid for one in places])
    found = []
    for (name, title), column in zip(titles.items(), ("floor", "floor_left"), strict=True):
        values = np.array([one.values[column] or 0.0 for one in places])
        by_hand = sentence(
            "{n} Flurstücke, je kleinerer Wert aus GFZ × Fläche und Geschosse × überbaubarer Fläche",
            "{n} parcels, each the lesser of GFZ × area and storeys × footprint",
            n=(len(places), 0),
        )
        found.append(Figure(name, title, "m²", float(values.sum()), by_hand=by_hand, assumed=("storey_height",),
                            sources=INDICATOR.sources[:1], parts=Parts("parcels", uids, values)))  # fmt: skip
    return found


INDICATOR = Indicator(
    "envelope", 35,
    Words("Was möglich wäre", "What would be allowed"),
    Words("Wie viel lassen Plan und Abstände auf jedem Flurstück zu?", "How much do plan and spacing allow?"),
    Words(
        "Auf jedem Flurstück: GRZ, GFZ, Geschosse und Höhe des Bebauungsplans, sonst Orientierungswerte. Ohne Höhe"
        " gelten Geschosse mal Geschosshöhe, ohne Geschosse GFZ durch GRZ. Der Raum liegt innerhalb der Baugrenzen"
        " und hält zum Rand 0,4 H, mindestens 3 m.",
        "On each parcel: GRZ, GFZ, storeys and height of the Bebauungsplan, else orientation values. Without a"
        " height storeys times storey height hold, without storeys GFZ through GRZ. The room lies within the building"
        " lines and keeps 0.4 H, at least 3 m, to the edge.",
    ),
    Words(
        "Ein Entwurf, keine Zusage: Straßen, an denen die Abstandsfläche bis zur Mitte liegen darf, Grenzbebauung,"
        " Bestand, Bäume und Leitungen sind nicht berücksichtigt.",
        "A draft, no promise: streets on which the area may lie up to the middle, building to the edge, what stands,"
        " trees and pipes are not considered.",
    ),
    (source_of(rules("baunvo")["source"]), source_of(rules("baunvo")["lines"])),
    {
        "buildings": READS, "parcels": ("number", "address"), "surfaces": ("kind",), "building_lines": (),
        "zones": ("kind", "plan_kind", "plan", "name", "state_of_law", "grz", "gfz", "bmz", "storeys", "height"),
    },
    answer,
    ("allowed_floor", "floor_left"),
    margin=5.0,
)  # fmt: skip
