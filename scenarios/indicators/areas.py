"""How much is there: plots, floor area by use, homes, people, jobs, parking, green and sealed ground."""

import numpy as np
import shapely

from layers.codes import SEALED_PERCENT, USES
from layers.storey_uses import read_storey_uses
from scenarios.counting import READS, Counted, count_all, heights
from scenarios.indicators.figures import Answer, Figure, Indicator, Parts, sentence, some_estimated
from scenarios.indicators.given import Given
from scenarios.indicators.storeys import full_storeys, rule_of
from scenarios.rows import Rows
from twin.feature import Words

GREEN = {
    "grass", "garden", "allotments", "park", "playground", "cemetery", "forest", "scrub", "orchard", "wetland",
    "farmland",
}  # fmt: skip
NO_JOBS = {"residential", "garage"}
STOREY, HOMES = ("storey_height",), ("storey_height", "living_share", "dwelling_area")


def answer(given: Given) -> Answer:
    rows = given.of("buildings")
    footprints = shapely.area(rows.shapes)
    counted = count_all(rows, footprints, given.assumed)
    return Answer([*_plots(given), *_built(rows, counted, given), *_people(rows, counted, given), *_ground(given)])


def floor_by_use(rows: Rows, storeys: np.ndarray, floor_area: np.ndarray) -> dict[str, np.ndarray]:
    """use -> (n,) m² of floor area: by storey where that is told, else all of it by the building's use."""
    found = {use: np.zeros(len(rows)) for use in USES}
    for i, (use, told) in enumerate(zip(rows["use"], rows["storey_uses"], strict=True)):
        rest, each = storeys[i], floor_area[i] / max(storeys[i], 1)
        for storey, own in read_storey_uses(told).items() if told else ():
            if 0 <= storey < storeys[i]:
                found[own][i] += each
                rest -= 1
        found[use if use in USES else "other"][i] += each * rest
    return found


def _plots(given: Given) -> list[Figure]:
    parcels = given.of("parcels")
    measured = shapely.area(parcels.shapes)
    size = measured.sum() if given.area is None else given.area.area
    if len(parcels) == 0:
        missing = Words(
            "Im Gebiet liegt kein Flurstück. Laden Sie das Liegenschaftskataster (ALKIS): twin load ORDNER.",
            "There is no parcel in the area. Load the cadastre (ALKIS): twin load FOLDER.",
        )
        plots = Figure("plots", Words("Grundstücke", "Plots"), "m²", None, refused=missing)
    else:
        plots = Figure(
            "plots", Words("Grundstücke", "Plots"), "m²", float(measured.sum()),
            parts=Parts("parcels", parcels["uid"], measured),
            by_hand=sentence("{n} Flurstücke, gemessen an ihren Umrissen", "{n} parcels, measured by their outlines",
                             n=(len(parcels), 0)),
        )  # fmt: skip
    if given.area is None:
        return [plots]
    return [Figure("area", Words("Gebiet", "Area"), "m²", float(size)), plots]


def _built(rows: Rows, counted: Counted, given: Given) -> list[Figure]:
    storeys, _, _ = heights(rows, given.assume("storey_height"))
    guessed = some_estimated("Geschosse oder Höhe", "storeys or height", _guessed(rows), len(rows))

    def added(name: str, title: Words, unit: str, values: np.ndarray, assumed: tuple[str, ...] = (), **more):
        parts = Parts("buildings", rows["uid"], values)
        return Figure(name, title, unit, float(values.sum()), parts=parts, assumed=assumed, **more)

    total, floor = float(counted.footprint.sum()), float(counted.floor_area.sum())
    figures = [
        added("buildings", Words("Gebäude", "Buildings"), "", np.ones(len(rows))),
        added("footprint", Words("Grundfläche der Gebäude", "Footprint"), "m²", counted.footprint),
        added("floor_area", Words("Geschossfläche (BGF)", "Floor area (BGF)"), "m²", counted.floor_area, STOREY,
              estimated=guessed, by_hand=sentence(
                  "Umriss × Geschosse: {footprint} m² Grundfläche, im Mittel {storeys} Geschosse = {floor} m²",
                  "Outline × storeys: {footprint} m² of footprint, {storeys} storeys on average = {floor} m²",
                  footprint=(total, 0), storeys=(floor / total if total else 0, 2), floor=(floor, 0))),
    ]  # fmt: skip
    for use, values in floor_by_use(rows, storeys, counted.floor_area).items():
        if values.any() or (given.before and use in set(given.before.of("buildings")["use"])):
            title = Words(f"davon {USES[use].de}", f"of which {USES[use].en}")
            figures.append(added(f"floor_area_{use}", title, "m²", values, STOREY))
    full = given.once("full storeys", lambda: full_storeys(given.rows["buildings"], given)).full
    highest = float(full[given.inside["buildings"]].max(initial=0.0))
    return [
        *figures,
        added("volume", Words("Rauminhalt", "Volume"), "m³", counted.volume, STOREY, estimated=guessed),
        Figure(
            "storeys",
            Words("Vollgeschosse, höchstens", "Full storeys, at most"),
            "",
            highest,
            assumed=STOREY,
            sources=(rule_of(given.state)[1],),
        ),
    ]


def _people(rows: Rows, counted: Counted, given: Given) -> list[Figure]:
    storeys, _, _ = heights(rows, given.assume("storey_height"))
    by_use = floor_by_use(rows, storeys, counted.floor_area)
    working = sum((values * (0.5 if use == "mixed" else 1) for use, values in by_use.items() if use not in NO_JOBS))
    jobs = np.asarray(working, float) / given.assume("floor_area_per_job")
    homes, people = float(counted.dwellings.sum()), float(counted.people.sum())
    parking = counted.parking + jobs * given.assume("parking_per_job")
    uids = rows["uid"]
    told = int(np.isfinite(rows.numbers("dwellings")).sum())
    guess = some_estimated("Wohnungszahl aus der Geschossfläche", "dwellings from the floor area",
                           int((counted.dwellings > 0).sum()) - told if told < len(rows) else 0, len(rows))  # fmt: skip
    return [
        Figure("dwellings", Words("Wohnungen", "Dwellings"), "", homes, assumed=HOMES,
               parts=Parts("buildings", uids, counted.dwellings), estimated=guess if guess and homes else None),
        Figure("people", Words("Menschen", "People"), "", people, assumed=(*HOMES, "people_per_dwelling"),
               parts=Parts("buildings", uids, counted.people),
               by_hand=sentence("{homes} Wohnungen × {each} Personen = {people}", "{homes} homes × {each} = {people}",
                                homes=(homes, 0), each=(given.assume("people_per_dwelling"), 2), people=(people, 0))),
        Figure("jobs", Words("Arbeitsplätze", "Jobs"), "", float(jobs.sum()), assumed=("floor_area_per_job",),
               parts=Parts("buildings", uids, jobs)),
        Figure("parking", Words("Stellplätze, nötig", "Parking spaces needed"), "", float(parking.sum()),
               assumed=(*HOMES, "parking_per_dwelling", "floor_area_per_job", "parking_per_job"),
               parts=Parts("buildings", uids, parking)),
    ]  # fmt: skip


NO_TREES = Words(
    "hier und in der Umgebung ist kein Baum bekannt: Ist das Baumkataster geladen?",
    "no tree is known here or around: is the register of trees loaded?",
)


def _ground(given: Given) -> list[Figure]:
    trees, rows = given.of("trees"), given.rows["surfaces"]
    planted = Figure("trees", Words("Bäume", "Trees"), "", float(len(trees)),
                     estimated=None if len(given.rows["trees"]) else NO_TREES,
                     parts=Parts("trees", trees["uid"], np.ones(len(trees))))  # fmt: skip
    shapes = rows.shapes if given.area is None else shapely.intersection(shapely.make_valid(rows.shapes), given.area)
    pieces = shapely.area(shapes)
    titles = (
        Words("Grünfläche", "Green space"),
        Words("Versiegelt", "Sealed"),
        Words("Anteil versiegelt", "Share sealed"),
    )
    names, units = ("green", "sealed", "sealed_share"), ("m²", "m²", "%")
    if pieces.sum() == 0:
        missing = Words(
            "Im Gebiet ist keine Bodenbedeckung bekannt. Laden Sie eine Ebene der Bodenbedeckung: twin load DATEI"
            " --as surfaces.",
            "No land cover is known in the area. Load a layer of land cover: twin load FILE --as surfaces.",
        )
        refused = zip(names, titles, units, strict=True)
        return [*(Figure(name, title, unit, None, refused=missing) for name, title, unit in refused), planted]
    told = rows.numbers("sealed_percent")
    usual = np.array([SEALED_PERCENT.get(kind, 0.0) for kind in rows["kind"]], float)
    sealed = pieces * np.where(np.isnan(told), usual, told) / 100
    green = pieces * np.array([kind in GREEN for kind in rows["kind"]], bool)
    guess = some_estimated("Versiegelung aus der Art der Fläche", "sealing from the kind of ground",
                           int((np.isnan(told) & (pieces > 0)).sum()), int((pieces > 0).sum()))  # fmt: skip
    share = 100 * sealed.sum() / pieces.sum()
    by_hand = sentence("{sealed} von {all} m² bekannter Bodenbedeckung", "{sealed} of {all} m² of known land cover",
                       sealed=(sealed.sum(), 0), all=(pieces.sum(), 0))  # fmt: skip
    return [
        Figure(names[0], titles[0], "m²", float(green.sum()), parts=Parts("surfaces", rows["uid"], green)),
        Figure(names[1], titles[1], "m²", float(sealed.sum()), parts=Parts("surfaces", rows["uid"], sealed),
               estimated=guess),
        Figure(names[2], titles[2], "%", float(share), digits=1, estimated=guess, by_hand=by_hand),
        planted,
    ]  # fmt: skip


def _guessed(rows: Rows) -> int:
    return sum(how is not None and ("storeys" in how or "height" in how) for how in rows["estimated"])


INDICATOR = Indicator(
    "areas", 10,
    Words("Flächen und Menschen", "Areas and people"),
    Words("Wie viel wird gebaut, und für wie viele?", "How much is built, and for how many?"),
    Words(
        "Gebäude zählen zum Gebiet, wenn ihr Schwerpunkt darin liegt. Grundfläche: der Umriss. Geschossfläche: Umriss"
        " mal Geschosse. Rauminhalt: Umriss mal Höhe, bei geneigten Dächern bis zur Mitte zwischen Traufe und First."
        " Wohnungen: wie eingetragen, sonst Geschossfläche für Wohnen mal Wohnflächenanteil durch Wohnungsgröße."
        " Bodenbedeckung: was im Gebiet liegt, abgeschnitten an seinem Rand.",
        "Buildings belong to the area if their centroid lies in it. Footprint: the outline. Floor area: outline"
        " times storeys. Volume: outline times height, under pitched roofs to the middle between eaves and ridge."
        " Dwellings: as entered, else residential floor area times share of living area through size of a dwelling."
        " Land cover: what lies in the area, cut at its edge.",
    ),
    Words(
        "Keine Berechnung nach DIN 277 oder der Wohnflächenverordnung: Dachgeschosse, Keller, Balkone und Vorsprünge"
        " fehlen. Menschen, Arbeitsplätze und Stellplätze sind Annahmen mal Fläche, keine Prognose.",
        "No calculation after DIN 277 or the living-space ordinance: attics, cellars, balconies and recesses are"
        " missing. People, jobs and parking are assumptions times area, no forecast.",
    ),
    (),
    {"buildings": READS, "parcels": (), "surfaces": ("kind", "sealed_percent"), "trees": ()},
    answer,
    ("floor_area", "dwellings", "people", "jobs", "parking", "green", "sealed_share", "trees"),
)  # fmt: skip
