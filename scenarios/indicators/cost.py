"""What the plan costs: building by NHK 2010, conversion, demolition, unsealing, streets and trees, and embodied CO2."""

import numpy as np
import shapely

from layers.codes import SEALED_PERCENT
from scenarios import nhk
from scenarios.counting import READS, count_all
from scenarios.indicators import land
from scenarios.indicators.figures import Answer, Column, Figure, Indicator, Parts, Place, sentence, some_estimated
from scenarios.indicators.given import LAND_VALUES, Given
from scenarios.indicators.plots import row_title
from scenarios.indicators.walls import BEHIND
from scenarios.rows import Rows
from scenarios.rules import Source
from twin.feature import Words

DIN_276 = Source("DIN 276", "2018-12", "Kostengruppen", mark="g")
GROUPS = {
    "kg100": Words("KG 100 Grundstück", "KG 100 land"),
    "kg200": Words("KG 200 Vorbereitende Maßnahmen (Abbruch)", "KG 200 preparation (demolition)"),
    "kg300": Words("KG 300 Bauwerk – Baukonstruktionen", "KG 300 building – construction"),
    "kg400": Words("KG 400 Bauwerk – Technische Anlagen", "KG 400 building – technical systems"),
    "kg500": Words("KG 500 Außenanlagen und Freiflächen", "KG 500 outdoor facilities"),
    "kg600": Words("KG 600 Ausstattung und Kunstwerke", "KG 600 furnishings and art"),
    "kg700": Words("KG 700 Baunebenkosten", "KG 700 incidental cost"),
    "kg800": Words("KG 800 Finanzierung", "KG 800 financing"),
}
NOT_HERE = Words(
    "Das berechnet Twin nicht: Es hängt vom einzelnen Vorhaben ab. Setzen Sie Ihren eigenen Wert dazu.",
    "Twin does not compute this: it depends on the single project. Add a value of your own.",
)
USUAL_WIDTH = 5.0  # metres of a street
RATES = ("cost_standard", "cost_other", "price_index")
COLUMNS = {
    "floor": Column(Words("Geschossfläche", "Floor area"), "m²", 0),
    "rate": Column(Words("Kennwert 2010", "Rate of 2010"), "EUR/m²", 0),
    "cost": Column(Words("Kosten", "Cost"), "EUR", 0),
    "low": Column(Words("von", "from"), "EUR", 0),
    "high": Column(Words("bis", "to"), "EUR", 0),
}


class _Work:
    """What is built, converted and taken down between today and the plan. Arrays go with `rows` or `gone`."""

    def __init__(self, given: Given, today: Given):
        self.rows, before = given.of("buildings"), today.of("buildings")
        stood = {uid: i for i, uid in enumerate(before["uid"])}
        at = np.array([stood.get(uid, -1) for uid in self.rows["uid"]], int)
        counted = count_all(self.rows, shapely.area(self.rows.shapes), given.assumed)
        old = count_all(before, shapely.area(before.shapes), given.assumed)
        old_floor = np.where(at >= 0, np.append(old.floor_area, 0.0)[at], 0.0)
        old_use = [before["use"][i] if i >= 0 else None for i in at]
        self.new_floor = np.maximum(counted.floor_area - old_floor, 0.0)
        self.new_floor[(at >= 0) & (self.new_floor < 0.5)] = 0.0
        other_use = np.array([a != b for a, b in zip(old_use, self.rows["use"], strict=True)], bool)
        self.converted = np.where((at >= 0) & other_use, np.minimum(counted.floor_area, old_floor), 0.0)
        planned = set(self.rows["uid"])
        self.gone = before.where(np.array([uid not in planned for uid in before["uid"]], bool))
        self.gone_volume = old.volume[[uid not in planned for uid in before["uid"]]]
        self.codes = nhk.types_of(self.rows, counted.dwellings, touching(self.rows))
        self.dwellings = counted.dwellings - np.where(at >= 0, np.append(old.dwellings, 0.0)[at], 0.0)


def answer(given: Given) -> Answer:
    if given.before is None:
        return Answer([Figure("cost", Words("Kosten", "Cost"), "EUR", 0.0, by_hand=Words(
            "Heute ist der Vergleichsstand: Es wird nichts gebaut.", "Today is what is compared with: nothing is"
            " built."
        ))], columns=COLUMNS)  # fmt: skip
    work, index = _Work(given, given.before), given.assume("price_index")
    rates = nhk.rates(work.codes, given.assume("cost_standard"), given.assume("cost_other")) * index
    building = work.new_floor[:, None] * rates
    converting = work.converted * given.assume("cost_conversion")
    demolition = work.gone_volume * given.assume("cost_demolition")
    outside = _outside(given, given.before)
    figures = [
        _total(building, converting, demolition, outside), *_buildings(work, building, given),
        _converted(work, converting, given), _demolished(work, demolition, given), *outside,
        *land.figures(given, work.new_floor), *_groups(building, converting, demolition, outside, given),
        *_each(work, building, converting, given),
        *_payers(given, work, building[:, 0] + converting, demolition, outside), *_carbon(work, given),
    ]  # fmt: skip
    return Answer(figures, _places(work, rates, index), COLUMNS)


def touching(rows: Rows) -> np.ndarray:
    """(n,) how many buildings stand wall to wall with each."""
    if len(rows) == 0:
        return np.zeros(0, int)
    one, other = shapely.STRtree(rows.shapes).query(rows.shapes, predicate="dwithin", distance=BEHIND)
    return np.bincount(one[one != other], minlength=len(rows))


def _total(building: np.ndarray, converting: np.ndarray, demolition: np.ndarray, outside: list[Figure]) -> Figure:
    rest = float(converting.sum() + demolition.sum() + sum(one.value or 0 for one in outside))
    value, low, high = (float(building[:, i].sum()) + rest for i in range(3))
    by_hand = sentence("{new} EUR Neubau + {converted} Umbau + {gone} Abbruch + {outside} Außenanlagen",
                       "{new} EUR new building + {converted} conversion + {gone} demolition + {outside} outdoors",
                       new=(float(building[:, 0].sum()), 0), converted=(float(converting.sum()), 0),
                       gone=(demolition.sum(), 0), outside=(sum(one.value or 0 for one in outside), 0))  # fmt: skip
    return Figure("cost", Words("Kosten zusammen", "Cost in all"), "EUR", value, low=low, high=high, by_hand=by_hand)


def _buildings(work: _Work, building: np.ndarray, given: Given) -> list[Figure]:
    floor, cost = float(work.new_floor.sum()), float(building[:, 0].sum())
    by_hand = sentence("{floor} m² BGF × im Mittel {rate} EUR/m² = {cost} EUR; Standard {standard}, Index {index}",
                       "{floor} m² of BGF × {rate} EUR/m² on average = {cost} EUR; standard {standard}, index {index}",
                       floor=(floor, 0), rate=(cost / floor if floor else 0, 0), cost=(cost, 0),
                       standard=(given.assume("cost_standard"), 1), index=(given.assume("price_index"), 2))  # fmt: skip
    without = int(((work.codes == nhk.NONE) & (work.new_floor > 0)).sum())
    guess = Words(f"{without} Gebäude ohne NHK-Typ mit dem Satz der Annahme gerechnet",
                  f"{without} buildings of no NHK type, by the assumed rate") if without else None  # fmt: skip
    return [
        Figure("cost_building", Words("Neubau", "New building"), "EUR", cost, low=float(building[:, 1].sum()),
               high=float(building[:, 2].sum()), by_hand=by_hand, sources=(nhk.source(),),
               assumed=("storey_height", *RATES), estimated=guess,
               parts=Parts("buildings", work.rows["uid"], building[:, 0])),
        Figure("floor_new", Words("Neu gebaute Geschossfläche", "Floor area newly built"), "m²", floor,
               parts=Parts("buildings", work.rows["uid"], work.new_floor)),
    ]  # fmt: skip


def _converted(work: _Work, cost: np.ndarray, given: Given) -> Figure:
    by_hand = sentence("{floor} m² BGF × {rate} EUR/m²", "{floor} m² of BGF × {rate} EUR/m²",
                       floor=(float(work.converted.sum()), 0), rate=(given.assume("cost_conversion"), 0))  # fmt: skip
    return Figure("cost_conversion", Words("Umbau bestehender Gebäude", "Conversion of buildings"), "EUR",
                  float(cost.sum()), by_hand=by_hand, assumed=("cost_conversion",),
                  parts=Parts("buildings", work.rows["uid"], cost))  # fmt: skip


def _demolished(work: _Work, cost: np.ndarray, given: Given) -> Figure:
    by_hand = sentence("{volume} m³ × {rate} EUR/m³", "{volume} m³ × {rate} EUR/m³",
                       volume=(work.gone_volume.sum(), 0), rate=(given.assume("cost_demolition"), 0))  # fmt: skip
    return Figure("cost_demolition", Words("Abbruch", "Demolition"), "EUR", float(cost.sum()), by_hand=by_hand,
                  assumed=("cost_demolition",), parts=Parts("buildings", work.gone["uid"], cost))  # fmt: skip


def _outside(given: Given, today: Given) -> list[Figure]:
    """Unsealing, new streets, new trees."""
    unsealed = max(_sealed(today) - _sealed(given), 0.0)
    stood = set(today.of("streets")["uid"])
    streets = given.of("streets")
    streets = streets.where(np.array([uid not in stood for uid in streets["uid"]], bool))
    widths = streets.numbers("width")
    paved = shapely.length(streets.shapes) * np.nan_to_num(widths, nan=USUAL_WIDTH)
    guess = some_estimated("Breite von 5 m", "a width of 5 m", int(np.isnan(widths).sum()), len(streets))
    grown = set(today.of("trees")["uid"])
    planted = sum(uid not in grown for uid in given.of("trees")["uid"])

    def figure(name: str, de: str, en: str, amount: float, unit: str, guess: Words | None = None) -> Figure:
        rate = given.assume(name)
        told = f"{{amount}}{unit} × {{rate}} EUR"
        by_hand = sentence(told, told, amount=(amount, 0), rate=(rate, 0))
        return Figure(name, Words(de, en), "EUR", amount * rate, by_hand=by_hand, assumed=(name,), estimated=guess)

    return [
        figure("cost_unsealing", "Entsiegelung", "Unsealing", unsealed, " m²"),
        figure("cost_street", "Straßen und Wege", "Streets and ways", float(paved.sum()), " m²", guess),
        figure("cost_tree", "Bäume", "Trees", float(planted), ""),
    ]


def _sealed(given: Given) -> float:
    rows = given.rows["surfaces"]
    shapes = rows.shapes if given.area is None else shapely.intersection(shapely.make_valid(rows.shapes), given.area)
    told = rows.numbers("sealed_percent")
    usual = np.array([SEALED_PERCENT.get(kind, 0.0) for kind in rows["kind"]], float)
    return float((shapely.area(shapes) * np.where(np.isnan(told), usual, told) / 100).sum())


def _groups(building: np.ndarray, converting: np.ndarray, demolition: np.ndarray, outside: list[Figure],
            given: Given) -> list[Figure]:  # fmt: skip
    """DIN 276: NHK hold the building and its incidental cost together; the shares are assumptions."""
    whole = float(building[:, 0].sum() + converting.sum())
    incidental = whole * given.assume("share_kg700")
    technical = (whole - incidental) * given.assume("share_kg400")
    values = {
        "kg200": float(demolition.sum()), "kg300": whole - incidental - technical, "kg400": technical,
        "kg500": sum(one.value or 0.0 for one in outside), "kg700": incidental,
    }  # fmt: skip
    shares = {"kg300": ("share_kg400", "share_kg700"), "kg400": ("share_kg400",), "kg700": ("share_kg700",)}
    return [
        Figure(name, GROUPS[name], "EUR", value, sources=(DIN_276,), assumed=shares.get(name, ()))
        for name, value in values.items()
    ] + [Figure(name, GROUPS[name], "EUR", None, refused=NOT_HERE, sources=(DIN_276,)) for name in ("kg600", "kg800")]


def _each(work: _Work, building: np.ndarray, converting: np.ndarray, given: Given) -> list[Figure]:
    floor, homes = float(work.new_floor.sum() + work.converted.sum()), float(work.dwellings.sum())
    cost = float(building[:, 0].sum() + converting.sum())
    area = Words("je m² Geschossfläche", "per m² of floor area")
    home = Words("je neuer Wohnung", "per new dwelling")
    none = Words("Der Plan schafft keine Wohnungen.", "The plan makes no dwellings.")
    nothing = Words("Der Plan baut nichts und baut nichts um.", "The plan builds and converts nothing.")
    return [
        Figure("cost_per_area", area, "EUR/m²", cost / floor) if floor
        else Figure("cost_per_area", area, "EUR/m²", None, refused=nothing),
        Figure("cost_per_dwelling", home, "EUR", cost / homes) if homes > 0
        else Figure("cost_per_dwelling", home, "EUR", None, refused=none),
    ]  # fmt: skip


def _payers(
    given: Given, work: _Work, built: np.ndarray, demolition: np.ndarray, outside: list[Figure]
) -> list[Figure]:
    """The town pays on its own parcels and for streets and trees; all else others pay."""
    titles = (Words("davon die Stadt", "of which the town"), Words("davon andere", "of which others"))
    parcels = given.rows["parcels"]
    if not any(kind is not None for kind in parcels["owner_kind"]):
        missing = Words(
            "Die Eigentümerart der Flurstücke ist nicht bekannt. Tragen Sie sie bei den Flurstücken ein.",
            "The kind of owner of the parcels is not known. Enter it with the parcels.",
        )
        return [Figure(name, title, "EUR", None, refused=missing)
                for name, title in zip(("cost_town", "cost_others"), titles, strict=True)]  # fmt: skip
    towns = parcels.shapes[np.array([kind == "town" for kind in parcels["owner_kind"]], bool)]
    ours = float(built[_on(work.rows, towns)].sum() + demolition[_on(work.gone, towns)].sum())
    public = sum(one.value or 0.0 for one in outside)
    whole = float(built.sum() + demolition.sum()) + public
    return [
        Figure("cost_town", titles[0], "EUR", ours + public, by_hand=sentence(
            "{ours} EUR auf städtischen Flurstücken + {public} EUR Außenanlagen",
            "{ours} EUR on the town's parcels + {public} EUR outdoors", ours=(ours, 0), public=(public, 0))),
        Figure("cost_others", titles[1], "EUR", whole - ours - public, by_hand=sentence(
            "{whole} EUR zusammen − {ours} EUR der Stadt", "{whole} EUR in all − {ours} EUR of the town",
            whole=(whole, 0), ours=(ours + public, 0))),
    ]  # fmt: skip


def _on(rows: Rows, parcels: np.ndarray) -> np.ndarray:
    """(n,) bool: those whose middle lies on one of the parcels."""
    found = np.zeros(len(rows), bool)
    if len(parcels) and len(rows):
        found[np.unique(shapely.STRtree(parcels).query(shapely.centroid(rows.shapes), predicate="within")[0])] = True
    return found


def _carbon(work: _Work, given: Given) -> list[Figure]:
    """Embodied emissions and energy of new building and of reuse, and what reuse saves against building it new."""
    new, reused = float(work.new_floor.sum()), float(work.converted.sum())
    titles = {
        "co2": (Words("Graue Emissionen", "Embodied emissions"), "t CO₂e", Words("erspart durch Umbau statt Neubau",
                "saved by reuse instead of new building")),
        "energy": (Words("Graue Energie", "Embodied energy"), "MWh", Words("graue Energie erspart durch Umbau",
                   "embodied energy saved by reuse")),
    }  # fmt: skip
    found = []
    for name, (title, unit, saved) in titles.items():
        factors = (f"{name}_new", f"{name}_conversion")
        f, g = (given.assume(factor) for factor in factors)
        by_hand = sentence("({new} m² neu × {f} + {reused} m² umgebaut × {g}) / 1.000",
                           "({new} m² new × {f} + {reused} m² converted × {g}) / 1,000",
                           new=(new, 0), f=(f, 0), reused=(reused, 0), g=(g, 0))  # fmt: skip
        less = sentence("{reused} m² umgebaut × ({f} − {g}) / 1.000", "{reused} m² converted × ({f} − {g}) / 1,000",
                        reused=(reused, 0), f=(f, 0), g=(g, 0))  # fmt: skip
        each = (work.new_floor * f + work.converted * g) / 1000
        found += [
            Figure(name, title, unit, float(each.sum()), by_hand=by_hand, assumed=factors,
                   parts=Parts("buildings", work.rows["uid"], each)),
            Figure(f"{name}_saved", saved, unit, reused * (f - g) / 1000, by_hand=less, assumed=factors),
        ]  # fmt: skip
    return found


def _places(work: _Work, rates: np.ndarray, index: float) -> list[Place]:
    found = []
    for i in np.flatnonzero(work.new_floor > 0).tolist():
        uid, floor = str(work.rows["uid"][i]), float(work.new_floor[i])
        rate, low, high = rates[i].tolist()
        values = {"floor": floor, "rate": rate / index, "cost": floor * rate, "low": floor * low, "high": floor * high}
        title = row_title(work.rows, i, "name", "address")
        shape = work.rows.shapes[i]
        found.append(Place(f"cost/{uid}", "buildings", uid, title, values, nhk.title(str(work.codes[i])), None, shape))
    return sorted(found, key=lambda one: -(one.values["cost"] or 0))


INDICATOR = Indicator(
    "cost", 50,
    Words("Kosten", "Cost"),
    Words("Was kostet der Plan, und wer zahlt?", "What does the plan cost, and who pays?"),
    Words(
        "Neubau: hinzukommende Geschossfläche mal Kennwert der NHK 2010 (ImmoWertV Anlage 4) zum Gebäudetyp und"
        " Standard, mal Baupreisindex; die Spanne reicht vom niedrigsten zum höchsten Standard. Der Typ folgt aus"
        " Nutzung, Wohnungszahl und Nachbargebäuden. Umbau: Geschossfläche, deren Nutzung sich ändert. Abbruch:"
        " Rauminhalt der Gebäude, die entfallen. Außenanlagen: Entsiegelung, neue Straßen, neue Bäume. Kostengruppen"
        " nach DIN 276.",
        "New building: added floor area times the rate of NHK 2010 (ImmoWertV annex 4) for type and standard, times"
        " the price index; the range runs from the lowest to the highest standard. The type follows from use,"
        " dwellings and neighbours. Conversion: floor area whose use changes. Demolition: volume of the buildings"
        " that go. Outdoors: unsealing, new streets, new trees. Cost groups after DIN 276.",
    ),
    Words(
        "Keine Kostenschätzung nach DIN 276: NHK sind Werte der Wertermittlung, keine Angebote. Altlasten,"
        " Tiefgaragen, Leitungen und Finanzierung fehlen. Graue Emissionen sind Richtwerte je m²; genauer mit"
        " Bauteilen der Ökobaudat.",
        "No cost estimate after DIN 276: NHK are figures of valuation, not bids. Contamination, underground"
        " garages, pipes and financing are missing. Embodied emissions are guide values per m²; more exact with"
        " components from Ökobaudat.",
    ),
    (nhk.source(), DIN_276),
    {
        "buildings": (*READS, "name", "address"), "parcels": ("owner_kind",), "surfaces": ("kind", "sealed_percent"),
        "trees": (), "streets": ("width",), LAND_VALUES: ("value",),
    },
    answer,
    ("cost", "cost_per_area", "cost_per_dwelling", "cost_town", "co2"),
)  # fmt: skip
