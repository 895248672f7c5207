"""Section 34 BauGB: the range of heights, footprints and GFZ around, and where what is planned stands in it."""

import numpy as np
import shapely

from scenarios.counting import READS, heights
from scenarios.indicators.figures import Answer, Column, Figure, Indicator, Place, number, sentence
from scenarios.indicators.given import Given
from scenarios.indicators.plots import built_on, is_ancillary, row_title
from scenarios.rows import Rows
from scenarios.rules import rules, source_of
from twin.feature import Words

MEASURES = {
    "height": (Words("Höhe", "Height"), "m", 1),
    "storeys": (Words("Geschosse", "Storeys"), "", 0),
    "footprint": (Words("Grundfläche", "Footprint"), "m²", 0),
    "gfz": (Words("GFZ des Grundstücks", "GFZ of the plot"), "", 2),
}
Measured = tuple[Rows, dict[str, np.ndarray]]
COLUMNS = {name: Column(title, unit, digits) for name, (title, unit, digits) in MEASURES.items()}


def answer(given: Given) -> Answer:
    """What stands around is today's; what is judged are the buildings that the plan makes or changes."""
    today = given.before or given
    rows = given.rows["buildings"]
    formed = _formed(today, given)
    mine = np.array([uid in formed for uid in rows["uid"]], bool) & given.inside["buildings"] & ~is_ancillary(rows)
    around, planned = _measured(today, _around(today, given, formed)), _measured(given, rows.where(mine))
    return Answer([*_ranges(around), _beyond(around, planned)], _places(around, planned), COLUMNS)


def _formed(today: Given, given: Given) -> set[str]:
    """Buildings that the plan makes, clears, or gives another form; a new use alone does not count."""
    forms = [
        dict(zip(one.rows["buildings"]["uid"], zip(*_form(one), strict=True), strict=True)) for one in (today, given)
    ]
    return {uid for uid in given.own.get("buildings", ()) if forms[0].get(uid) != forms[1].get(uid)}


def _form(given: Given) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rows = given.rows["buildings"]
    storeys, height, _ = heights(rows, given.assume("storey_height"))
    return storeys, height.round(1), shapely.area(rows.shapes).round()


def _around(today: Given, given: Given, formed: set[str]) -> Rows:
    """Main buildings of today within the distance, without those that the plan makes, clears or forms anew."""
    rows = today.rows["buildings"]
    within = rules("baunvo")["surroundings"]["within"]
    near = np.ones(len(rows), bool) if given.area is None else shapely.dwithin(rows.shapes, given.area, within)
    own = np.array([uid in formed for uid in rows["uid"]], bool)
    return rows.where(near & ~own & ~is_ancillary(rows))


def _measured(given: Given, rows: Rows) -> Measured:
    storeys, height, _ = heights(rows, given.assume("storey_height"))
    values = {"height": height, "storeys": storeys, "footprint": shapely.area(rows.shapes)}
    return rows, {**values, "gfz": _gfz(given, rows)}


def _gfz(given: Given, rows: Rows) -> np.ndarray:
    """(n,) of the parcel in which each building's middle lies, NaN where none does."""
    parcels, found = given.rows["parcels"], np.full(len(rows), np.nan)
    if len(parcels) == 0 or len(rows) == 0:
        return found
    built = built_on(parcels.shapes, given).ratios["gfz"]
    which, parcel = shapely.STRtree(parcels.shapes).query(shapely.centroid(rows.shapes), predicate="within")
    found[which] = built[parcel]
    return found


def _ranges(around: Measured) -> list[Figure]:
    source, found = source_of(rules("baunvo")["surroundings"]), []
    for name, (title, unit, digits) in MEASURES.items():
        both = Words(f"{title.de}, Mitte der Umgebung", f"{title.en}, median around")
        known = around[1][name][np.isfinite(around[1][name])]
        if len(known) == 0:
            missing = Words(
                "In der Umgebung steht kein Gebäude auf einem bekannten Flurstück. Laden Sie Gebäude (LoD2) und"
                " Kataster.",
                "No building stands on a known parcel around. Load buildings (LoD2) and the cadastre.",
            )
            found.append(Figure(f"around_{name}", both, unit, None, digits, refused=missing))
            continue
        low, median, high = np.percentile(known, (0, 50, 100))
        by_hand = sentence("{n} Gebäude, von {low} bis {high} {unit}", "{n} buildings, from {low} to {high} {unit}",
                           n=(len(known), 0), low=(low, digits), high=(high, digits), unit=unit)  # fmt: skip
        found.append(Figure(f"around_{name}", both, unit, float(median), digits, float(low), float(high),
                            by_hand=by_hand, sources=(source,)))  # fmt: skip
    return found


def _beyond(around: Measured, planned: Measured) -> Figure:
    beyond = np.zeros(len(planned[0]), bool)
    for name in MEASURES:
        beyond |= planned[1][name] > _most(around, name)
    return Figure("beyond", Words("Geplante Gebäude über dem Rahmen", "Planned buildings beyond the range"), "",
                  float(beyond.sum()), sources=(source_of(rules("baunvo")["surroundings"]),),
                  by_hand=sentence("{n} von {all} geplanten Gebäuden", "{n} of {all} planned buildings",
                                   n=(int(beyond.sum()), 0), all=(len(beyond), 0)))  # fmt: skip


def _most(around: Measured, name: str) -> float:
    known = around[1][name][np.isfinite(around[1][name])]
    return float(known.max()) if len(known) else np.inf


def _places(around: Measured, planned: Measured) -> list[Place]:
    rows, values = planned
    found = []
    for i in range(len(rows)):
        mine = {name: float(values[name][i]) if np.isfinite(values[name][i]) else None for name in MEASURES}
        over = [name for name in MEASURES if (mine[name] or 0) > _most(around, name)]
        told = _told(mine, over, around)
        title = row_title(rows, i, "name", "address")
        uid = str(rows["uid"][i])
        found.append(Place(f"around/{uid}", "buildings", uid, title, mine, told, bool(over), rows.shapes[i]))
    return found


def _told(mine: dict[str, float | None], over: list[str], around: Measured) -> Words:
    if not over:
        return Words("im Rahmen der Umgebung", "within the range around")
    pieces = [
        (MEASURES[name][0], number(mine[name] or 0, MEASURES[name][2]), number(_most(around, name), MEASURES[name][2]))
        for name in over
    ]
    return Words(
        "; ".join(f"{title.de} {value.de} über {most.de}" for title, value, most in pieces),
        "; ".join(f"{title.en} {value.en} above {most.en}" for title, value, most in pieces),
    )


INDICATOR = Indicator(
    "surroundings", 40,
    Words("Einfügen in die Umgebung (§ 34 BauGB)", "Fitting in (section 34 BauGB)"),
    Words("Fügt sich der Plan in seine Umgebung ein?", "Does the plan fit into its surroundings?"),
    Words(
        "Höhe, Geschosse, Grundfläche und GFZ der Hauptgebäude, die heute im Gebiet und bis 150 m darum stehen; ohne"
        " Garagen und Nebenanlagen. Daneben die Gebäude, die der Plan neu baut oder ändert, und ob sie über dem"
        " höchsten Wert der Umgebung liegen.",
        "Height, storeys, footprint and GFZ of the main buildings that stand in the area and up to 150 m around it"
        " today; without garages and ancillary buildings. Beside them what the plan builds or changes, and whether it"
        " is above the highest value around.",
    ),
    Words(
        "Welche Bebauung prägt, entscheidet die Baugenehmigungsbehörde im Einzelfall: Der Kreis von 150 m ist eine"
        " Annahme, Ausreißer prägen oft nicht, und Art der Nutzung, Bauweise und Erschließung gehören dazu.",
        "Which buildings shape a place the authority decides case by case: the 150 m are an assumption, single"
        " outliers often do not count, and kind of use, building method and access belong to it.",
    ),
    (source_of(rules("baunvo")["surroundings"]),),
    {"buildings": (*READS, "name", "address"), "parcels": ("number",), "surfaces": ("kind",)},
    answer,
    ("beyond",),
    margin=rules("baunvo")["surroundings"]["within"],
)  # fmt: skip
