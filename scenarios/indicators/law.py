"""Measure of building use: GRZ I and II, GFZ, BMZ, storeys, heights, building lines and open Bauweise, plot by plot."""

import numpy as np
import shapely

from layers.codes import ZONE_KINDS
from scenarios.counting import READS
from scenarios.indicators import building_lines
from scenarios.indicators.figures import (
    ORIENTATION,
    Answer,
    Column,
    Drawn,
    Figure,
    Indicator,
    Parts,
    Place,
    joined,
    sentence,
)
from scenarios.indicators.given import Given
from scenarios.indicators.plots import (
    Built,
    Limits,
    allowed_with_ancillary,
    built_on,
    is_ancillary,
    limits_of,
    row_title,
    within_lines,
    zone_limits,
)
from scenarios.indicators.storeys import full_storeys, rule_of
from scenarios.rows import Rows
from scenarios.rules import rules, source_of
from twin.feature import Words

TOUCHING = 0.1  # metres between walls that stand together
CROSSED = 0.5  # m² beyond a building line that are more than drawing
TITLES = {
    "grz_1": Words("GRZ I (Hauptanlagen)", "GRZ I (main buildings)"),
    "grz_2": Words("GRZ II (mit § 19 Abs. 4)", "GRZ II (with section 19 (4))"),
    "gfz": Words("GFZ", "GFZ"),
    "bmz": Words("BMZ", "BMZ"),
    "storeys": Words("Vollgeschosse", "Full storeys"),
    "height": Words("Höhe", "Height"),
}
COLUMNS = {
    "size": Column(Words("Fläche", "Area"), "m²", 0),
    **{name: Column(title, "m" if name == "height" else "", 0 if name == "storeys" else 2)
       for name, title in TITLES.items()},
    "length": Column(Words("Länge", "Length"), "m", 1),
    "off": Column(Words("Abstand zur Baulinie", "Off the Baulinie"), "m", 2),
    "floor_left": Column(Words("Noch frei (GFZ)", "Still free (GFZ)"), "m²", 0),
}  # fmt: skip


def answer(given: Given) -> Answer:
    parcels, zones = given.of("parcels"), given.rows["zones"]
    built = built_on(parcels.shapes, given)
    limits = limits_of(parcels.shapes, zones)
    places = [_place("parcels", parcels["uid"][i], row_title(parcels, i, "number", "address"), parcels.shapes[i], built,
                     limits[i], i) for i in np.flatnonzero(built.count).tolist()]  # fmt: skip
    crossing, off = _lines_crossed(given), building_lines.off_the_line(given)
    rows_of_houses = _open_rows(given)
    figures = [
        *_ratios(given, built, limits), *_counts(places), _full(given), _crossed(given, crossing),
        building_lines.counted(given, off), _longest(rows_of_houses),
    ]  # fmt: skip
    over = np.array([one.shape for one in places if one.above], object)
    return Answer(
        figures, [*_zones(given), *places, *crossing, *off, *[one for one in rows_of_houses if one.above]], COLUMNS,
        [Drawn("above", over), Drawn("crossing", np.array([one.shape for one in crossing], object))],
        notes=_dated(given),
    )  # fmt: skip


def _ratios(given: Given, built: Built, limits: list[Limits]) -> list[Figure]:
    """Of the whole area: all plots together. A limit only where one and the same holds on all built plots."""
    law, size = rules("baunvo"), float(built.size.sum())
    sources = {
        "grz_1": law["source"] | {"paragraph": "§ 19"},
        "grz_2": law["excess"],
        "gfz": law["gfz"],
        "bmz": law["bmz"],
    }
    sums = {"grz_1": built.main, "grz_2": built.all, "gfz": built.floor, "bmz": built.volume}
    if not size:
        missing = Words(
            "Ohne Flurstücke gibt es keine Grundstücksfläche. Laden Sie das Liegenschaftskataster (ALKIS).",
            "Without parcels there is no plot area. Load the cadastre (ALKIS).",
        )
        return [Figure(name, TITLES[name], "", None, digits=2, refused=missing) for name in sums]
    found = []
    for name, values in sums.items():
        total = float(values.sum())
        limit, kind = _common(limits, built, name)
        by_hand = sentence(
            "{total} {unit} / {size} m² Grundstück = {value}",
            "{total} {unit} / {size} m² of plot = {value}",
            total=(total, 0),
            unit="m³" if name == "bmz" else "m²",
            size=(size, 0),
            value=(total / size, 2),
        )
        assumed = ("storey_height",) if name in ("gfz", "bmz") else ()
        shares = built.shares.get(name)
        parts = None if shares is None else Parts("buildings", given.rows["buildings"]["uid"], shares / size)
        found.append(Figure(name, TITLES[name], "", total / size, 2, limit=limit, limit_kind=kind, by_hand=by_hand,
                            sources=(source_of(sources[name]), source_of(law["source"])), assumed=assumed,
                            parts=parts))  # fmt: skip
    return found


def _full(given: Given) -> Figure:
    """The most Vollgeschosse of a building of the area, and how roofs and cellars were judged."""
    rows, inside = given.rows["buildings"], given.inside["buildings"]
    found = given.once("full storeys", lambda: full_storeys(rows, given))
    rule, source = rule_of(given.state)
    attics, cellars = found.attic[inside], found.out[inside]
    with np.errstate(invalid="ignore"):
        counts = int((attics >= rule["share"] - 1e-9).sum()), int((cellars > rule["out"] + 1e-9).sum())
    by_hand = sentence(
        "{attics} von {roofs} Dachgeschossen haben über zwei Dritteln ihrer Fläche {clear} m lichte Höhe; {cellars}"
        " Keller ragen mehr als {out} m über das Gelände",
        "{attics} of {roofs} attics have {clear} m of clear height over two thirds of their floor; {cellars} cellars"
        " stand out by more than {out} m",
        attics=(counts[0], 0), roofs=(int(np.isfinite(attics).sum()), 0), clear=(rule["clear"], 2),
        cellars=(counts[1], 0), out=(rule["out"], 2),
    )  # fmt: skip
    most = float(found.full[inside].max()) if inside.any() else 0.0
    return Figure("full_storeys", TITLES["storeys"], "", most, by_hand=by_hand, sources=(source,),
                  assumed=("storey_height",))  # fmt: skip


def _common(limits: list[Limits], built: Built, name: str) -> tuple[float | None, str]:
    found = {(_limit(one, name), one.kind) for one, many in zip(limits, built.count, strict=True) if many}
    return found.pop() if len(found) == 1 else (None, "")


def _limit(limits: Limits, name: str) -> float | None:
    if name == "grz_2":
        grz = limits.values.get("grz")
        return None if grz is None else allowed_with_ancillary(grz)
    return limits.values.get(name.removesuffix("_1"))


def _place(layer: str, uid: str, title: Words, shape, built: Built, limits: Limits, i: int) -> Place:
    values = {name: float(many[i]) for name, many in built.ratios.items()}
    values |= {"size": float(built.size[i]), "storeys": float(built.storeys[i]), "height": float(built.height[i])}
    gfz = limits.values.get("gfz")
    left = {"floor_left": None if gfz is None else gfz * values["size"] - float(built.floor[i])}
    over = {
        name: limit for name in TITLES if (limit := _limit(limits, name)) and round(values[name], 3) > round(limit, 3)
    }
    above = bool(over) if limits.values else None
    return Place(f"{layer}/{uid}", layer, uid, title, {**values, **left}, _told(values, over, limits), above, shape)


def _told(values: dict[str, float], over: dict[str, float], limits: Limits) -> Words:
    """What is above what; never that it is illegal: an orientation value is none, and a plan may allow exceptions."""
    if limits.missing is not None:
        return limits.missing
    by = (
        Words(f"Orientierungswert {limits.source.told} für {limits.zone}", f"orientation value, {limits.source.told},"
              f" {limits.zone}") if limits.kind == ORIENTATION and limits.source
        else Words(f"Festsetzung {limits.zone}", f"set by {limits.zone}")
    )  # fmt: skip
    if not over:
        return Words(f"innerhalb: {by.de}", f"within: {by.en}")
    return joined(
        sentence("{title} {value} über {limit} ({by})", "{title} {value} above {limit} ({by})", title=TITLES[name],
                 value=(values[name], COLUMNS[name].digits), limit=(limit, COLUMNS[name].digits), by=by)
        for name, limit in over.items()
    )  # fmt: skip


def _zones(given: Given) -> list[Place]:
    """The zones of Bebauungspläne in the area, each as a whole."""
    zones = given.of("zones")
    plans = zones.where(np.array([kind == "bplan" for kind in zones["plan_kind"]], bool))
    built = built_on(plans.shapes, given)
    return [
        _place("zones", plans["uid"][i], _zone_title(plans, i),
               plans.shapes[i], built, zone_limits(plans, i), i)
        for i in range(len(plans))
    ]  # fmt: skip


def _zone_title(zones: Rows, i: int) -> Words:
    kind = zones["kind"][i] or "?"
    title, name = ZONE_KINDS.get(kind, Words(kind, kind)), row_title(zones, i, "name", "plan")
    return Words(f"{title.de} ({name.de})", f"{title.en} ({name.en})")


def _counts(places: list[Place]) -> list[Figure]:
    judged = [one for one in places if one.above is not None]
    unknown = len(places) - len(judged)
    note = Words(f"{unknown} bebaute Grundstücke ohne Gebietsart sind nicht beurteilt",
                 f"{unknown} built plots without a kind of area are not judged") if unknown else None  # fmt: skip
    title = Words("Grundstücke über einem Wert", "Plots above a value")
    if places and not judged:
        return [Figure("plots_above", title, "", None, refused=places[0].told)]
    above = sum(one.above or False for one in judged)
    by_hand = sentence("{above} von {all} bebauten Grundstücken", "{above} of {all} built plots", above=(above, 0),
                       all=(len(judged), 0))  # fmt: skip
    return [Figure("plots_above", title, "", float(above), by_hand=by_hand, estimated=note,
                   sources=(source_of(rules("baunvo")["source"]),))]  # fmt: skip


def _lines_crossed(given: Given) -> list[Place]:
    """Main buildings that reach beyond the überbaubare Fläche of the Bebauungsplan in which they stand."""
    rows, (whole, bound), found = given.of("buildings"), within_lines(given), []
    for i in np.flatnonzero(~is_ancillary(rows)).tolist():
        beyond = rows.shapes[i].intersection(bound).difference(whole)
        if beyond.area > CROSSED:
            far = float(shapely.distance(shapely.points(shapely.get_coordinates(beyond)), whole).max())
            told = sentence("überschreitet die Baugrenze um bis zu {far} m auf {size} m² (BauNVO § 23 Abs. 3)",
                            "crosses the building line by up to {far} m on {size} m² (BauNVO section 23 (3))",
                            far=(far, 2), size=(beyond.area, 1))  # fmt: skip
            title = row_title(rows, i, "name", "address")
            uid = rows["uid"][i]
            found.append(Place(f"lines/{uid}", "buildings", uid, title, {"size": beyond.area}, told, True, beyond))
    return found


def _crossed(given: Given, crossing: list[Place]) -> Figure:
    title = Words("Gebäude über der Baugrenze", "Buildings beyond the building line")
    if len(given.rows["building_lines"]) == 0:
        missing = Words(
            "Im Gebiet sind keine Baugrenzen bekannt. Laden Sie den Bebauungsplan als XPlanung.",
            "No building lines are known in the area. Load the Bebauungsplan as XPlanung.",
        )
        return Figure("lines_crossed", title, "", None, refused=missing)
    return Figure("lines_crossed", title, "", float(len(crossing)), sources=(source_of(rules("baunvo")["lines"]),))


def _open_rows(given: Given) -> list[Place]:
    """Buildings that stand together in open Bauweise, with the length of each row."""
    zones, rows = given.rows["zones"], given.of("buildings")
    is_open = np.array([(way or "").lower().startswith("offen") for way in zones["building_method"]], bool)
    rows = rows.where(~is_ancillary(rows))
    if not is_open.any() or len(rows) == 0:
        return []
    region = shapely.union_all(zones.shapes[is_open])
    rows = rows.where(shapely.intersects(shapely.centroid(rows.shapes), region))
    longest, found = rules("baunvo")["open"]["longest"], []
    for group in _together(rows.shapes):
        corners = shapely.get_coordinates(shapely.oriented_envelope(shapely.union_all(rows.shapes[group])))
        length = float(np.hypot(*np.diff(corners[:3], axis=0).T).max()) if len(corners) > 3 else 0.0
        told = sentence("{length} m lang, in offener Bauweise bis {most} m (BauNVO § 22 Abs. 2)",
                        "{length} m long, up to {most} m in open Bauweise (BauNVO section 22 (2))",
                        length=(length, 1), most=(longest, 0))  # fmt: skip
        uid = rows["uid"][group[0]]
        title = row_title(rows, group[0], "name", "address")
        shape = shapely.union_all(rows.shapes[group])
        found.append(Place(f"row/{uid}", "buildings", uid, title, {"length": length}, told, length > longest, shape))
    return found


def _together(shapes: np.ndarray) -> list[list[int]]:
    """Groups of shapes that touch, each by its numbers."""
    one, other = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=TOUCHING)
    label = np.arange(len(shapes))
    while True:
        lower = label.copy()
        np.minimum.at(lower, one, label[other])
        if (lower == label).all():
            return [np.flatnonzero(label == first).tolist() for first in np.unique(label)]
        label = lower


def _longest(rows_of_houses: list[Place]) -> Figure:
    told = rules("baunvo")["open"]
    lengths = [one.values["length"] or 0.0 for one in rows_of_houses]
    title = Words("Längste Hausgruppe in offener Bauweise", "Longest row in open Bauweise")
    if not lengths:
        none = Words("Im Gebiet ist keine offene Bauweise festgesetzt.", "No open Bauweise is set in the area.")
        return Figure("open_length", title, "m", None, refused=none)
    return Figure("open_length", title, "m", max(lengths), digits=1, limit=told["longest"], limit_kind="plan",
                  sources=(source_of(told),))  # fmt: skip


def _dated(given: Given) -> tuple[Words, ...]:
    source = source_of(rules("baunvo")["source"])
    if not source.out_of_date(given.day):
        return ()
    return (Words(
        f"{source.told} gilt am {given.day:%d.%m.%Y} nicht. Hinterlegen Sie die geltende Fassung in baunvo.toml.",
        f"{source.told} does not hold on {given.day}. Put the edition in force into baunvo.toml.",
    ),)  # fmt: skip


INDICATOR = Indicator(
    "law", 20,
    Words("Maß der baulichen Nutzung", "Measure of building use"),
    Words("Hält der Plan, was der Bebauungsplan oder § 17 BauNVO vorgibt?", "Does the plan keep to what is set?"),
    Words(
        "GRZ I: Grundfläche der Hauptgebäude durch Grundstücksfläche (§ 19 Abs. 1–3 BauNVO). GRZ II zählt Garagen,"
        " Nebenanlagen und befestigte Flächen mit (§ 19 Abs. 4) und darf die GRZ um die Hälfte überschreiten,"
        " höchstens bis 0,8. GFZ: Geschossfläche der Vollgeschosse durch Grundstücksfläche (§ 20). BMZ: Baumasse"
        " durch Grundstücksfläche (§ 21). Ein Gebäude zählt auf jedem Flurstück mit dem Teil seines Umrisses, der"
        " dort liegt. Es gelten die Werte des Bebauungsplans; wo keiner liegt, die Orientierungswerte des § 17 BauNVO"
        " zur Gebietsart des Flächennutzungsplans.",
        "GRZ I: footprint of the main buildings through plot area (section 19 (1)-(3) BauNVO). GRZ II also counts"
        " garages, ancillary buildings and paving (section 19 (4)); it may be half as much again, at most 0.8. GFZ:"
        " floor area of full storeys through plot area (section 20). BMZ: volume through plot area (section 21). A"
        " building counts on each parcel by the part of its outline that lies there. The Bebauungsplan's values hold;"
        " where there is none, the orientation values of section 17 for the kind of area in the land-use plan.",
    ),
    Words(
        "Kein Bauvorbescheid. Ob ein Dachgeschoss ein Vollgeschoss ist, wird aus Traufe, First und Dachform berechnet,"
        " Gauben fehlen; ein Keller zählt nur unter Flachdächern, deren Wandhöhe sein Herausragen zeigt. Das"
        " Flurstück steht für das Grundstück. Straßen auf ungeteilten Flurstücken zählen zur GRZ II."
        " Über einem Orientierungswert zu liegen ist zulässig, wenn der Plan es begründet.",
        "No preliminary decision. Whether an attic is a full storey is computed from eaves, ridge and form of roof,"
        " without dormers; a cellar counts only below flat roofs whose wall shows how far it stands out. The"
        " parcel stands for the plot. Streets on undivided parcels count to GRZ II. To be"
        " above an orientation value is allowed where the plan gives reasons.",
    ),
    (source_of(rules("baunvo")["source"]), source_of(rules("baunvo")["excess"]), source_of(rules("baunvo")["gfz"]),
     source_of(rules("baunvo")["bmz"]), source_of(rules("baunvo")["open"]), source_of(rules("baunvo")["lines"]),
     source_of(rules("baunvo")["line"]), *(source_of(one) for one in rules("storeys").values())),
    {
        "buildings": (*READS, "name", "address"), "parcels": ("number", "address"), "surfaces": ("kind",),
        "zones": ("kind", "plan_kind", "plan", "name", "state_of_law", "grz", "gfz", "bmz", "storeys", "height",
                  "building_method"),
        "building_lines": ("kind",),
    },
    answer,
    ("grz_1", "grz_2", "gfz", "bmz", "plots_above", "lines_crossed"),
    margin=5.0,
)  # fmt: skip
