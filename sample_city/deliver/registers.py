"""Lists as town halls keep them: empty property in Excel, trees in a CSV, facilities on a map."""

import datetime as dt
import io
import json
import zipfile
from pathlib import Path

import numpy as np
import shapely
from openpyxl import Workbook
from openpyxl.styles import Font

from layers.codes import FACILITY_KINDS, OWNER_KINDS
from sample_city import trees
from sample_city.houses import House
from sample_city.names import TOWN
from sample_city.plots import Plot
from sample_city.town import EAST, NORTH, SRID, Town
from twin.projection import to_lonlat

HEADERS = (
    "Lfd. Nr.",
    "Adresse",
    "Flurstück",
    "Objektart",
    "Bezeichnung",
    "Leer seit",
    "Fläche m²",
    "Wohnungen",
    "Letzte Nutzung",
    "Eigentümerart",
    "Zustand",
    "Breitband Mbit/s",
    "Preis",
    "Ansprechstelle",
    "Ostwert",
    "Nordwert",
    "Bemerkung",
)
CONTACTS = {
    "town": "Stadtverwaltung, Liegenschaften",
    "housing": "Wohnungsgesellschaft, Vermietung",
    "company": "Wirtschaftsförderung",
    "private": "Stadtverwaltung, Leerstandsmanagement",
    "public": "Landesverwaltung, Liegenschaften",
    "unknown": "Stadtverwaltung, Leerstandsmanagement",
}
_USES = {"1010": "Wohnen", "1000": "Wohnen", "1120": "Wohnen und Gewerbe"}
_HALL_USES = {"2143": "Lager", "2140": "Lager", "2020": "Büro", "2721": "Landwirtschaft", "2050": "Handel"}
_PACKED = dt.datetime(2026, 3, 31)  # an Excel file knows no time zones


def write_vacancies(town: Town, folder: Path):
    """The register of empty property: half of it found by address, half by coordinates."""
    folder.mkdir(parents=True, exist_ok=True)
    book = Workbook()
    sheet = book.active
    sheet.title = "Leerstand"
    sheet.append([f"Leerstandskataster der Stadt {TOWN}, Stand 31.03.2026"])
    sheet["A1"].font = Font(bold=True)
    sheet.append([])
    sheet.append(HEADERS)
    rng = np.random.default_rng((town.seed, 7))
    rows = [_house_row(house, rng) for house in town.houses if house.vacant]
    rows += [_dwelling_row(house, rng) for house in town.houses if _lets_a_dwelling(house)]
    rows += [_land_row(plot, rng) for plot in _gaps(town)]
    for number, row in enumerate(rows, 1):
        sheet.append([number, *row])
    for column, width in zip(
        "ABCDEFGHIJKLMNOPQ", (7, 28, 12, 12, 18, 12, 12, 10, 20, 22, 12, 16, 14, 32, 12, 12, 24), strict=True
    ):
        sheet.column_dimensions[column].width = width
    book.properties.creator = f"Stadt {TOWN}"
    book.properties.created = book.properties.modified = _PACKED
    _save_alike(book, folder / "Leerstandskataster.xlsx")


def _save_alike(book: Workbook, path: Path):
    """The same rows give the same file: without the time of saving, which openpyxl writes into it."""
    saved = io.BytesIO()
    book.save(saved)
    with zipfile.ZipFile(saved) as packed, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as again:
        for name in packed.namelist():
            text = packed.read(name)
            if name == "docProps/core.xml":
                start, end = text.index(b"<dcterms:modified"), text.index(b"</cp:coreProperties>")
                text = text[:start] + text[end:]
            again.writestr(zipfile.ZipInfo(name, (2026, 3, 31, 12, 0, 0)), text, zipfile.ZIP_DEFLATED)


def _lets_a_dwelling(house: House) -> bool:
    """Owners report only some of the single dwellings that are empty: every ninth."""
    return house.vacant is None and house.empty > 0 and house.address is not None and int(house.uid[-3:], 36) % 9 == 0


def _house_row(house: House, rng) -> list:
    ground = float(sum(shapely.Polygon(part.ring).area for part in house.parts))
    owner = "company" if house.quarter in ("factory", "commercial", "farm") else _owner(rng)
    if house.vacant == "shop":
        kind, area, use, homes = "Laden", ground * 0.55, "Handel und Dienstleistung", None
    elif house.vacant == "hall":
        kind, area, homes = "Halle", ground * house.storeys, None
        use = _HALL_USES.get(house.function, "Gewerbe und Industrie")
    else:
        kind, area, use, homes = (
            "Gebäude",
            ground * house.storeys * 0.78,
            _USES.get(house.function, "Wohnen"),
            house.dwellings,
        )
    since = int(rng.integers(1991, 1998)) if house.quarter == "factory" else int(rng.integers(1996, 2026))
    row = _common(house.address, kind, house.name, since, area, homes, use, owner, rng)
    return [*row, *_place(house, rng), "Denkmal" if house.year < 1830 and rng.random() < 0.5 else None]


def _dwelling_row(house: House, rng) -> list:
    area = house.empty * rng.uniform(52, 84)
    owner = "housing" if house.quarter == "estate" else _owner(rng)
    since = int(rng.integers(2012, 2026))
    row = _common(house.address, "Wohnung", None, since, area, house.empty, "Wohnen", owner, rng)
    return [*row, None, None, None]


def _land_row(plot: Plot, rng) -> list:
    shape = shapely.Polygon(plot.ring)
    at = shape.representative_point()
    since = int(rng.integers(1975, 2018))
    row = _common(None, "Fläche", "Baulücke", since, shape.area, None, "Wohnen", plot.owner, rng)
    return [*row, round(EAST + at.x, 1), round(NORTH + at.y, 1), "Haus abgebrochen"]


def _gaps(town: Town) -> list[Plot]:
    """Plots between houses where one is missing."""
    built = {house.plot for house in town.houses}
    quarter = {block.number: block.quarter for block in town.blocks}
    closed = ("core", "market", "lower", "founders")
    return [
        plot
        for number, plot in enumerate(town.plots)
        if quarter[plot.block] in closed and plot.depth and number not in built and plot.corner is None
        and plot.width > 6
    ]  # fmt: skip


def _common(address, kind, name, since, area, homes, use, owner, rng) -> list:
    """The columns from the address to the contact, each in one of the ways that clerks write it."""
    shares = [0.12, 0.38, 0.38, 0.12] if since > 2010 else [0.02, 0.2, 0.48, 0.3]
    state = str(rng.choice(["Gut", "Mittel", "Schlecht", "Ruinös"], p=shares))
    broadband = int(rng.choice([16, 50, 100, 250, 1000], p=[0.1, 0.25, 0.3, 0.25, 0.1]))
    price = area * rng.uniform(90, 480) * {"Gut": 1.6, "Mittel": 1, "Schlecht": 0.5, "Ruinös": 0.15}[state]
    size: int | str = round(area)
    if rng.random() < 0.12:
        size = f"ca. {_german(round(area, -1))}"
    cost = f"{_german(round(price, -3))} €" if rng.random() < 0.6 else None
    return [
        address,
        None,
        kind,
        name,
        _since(since, rng),
        size,
        homes,
        use,
        OWNER_KINDS[owner].de,
        state,
        broadband if rng.random() < 0.8 else None,
        cost,
        CONTACTS[owner],
    ]


def _german(number: float) -> str:
    return f"{number:,.0f}".replace(",", ".")


def _since(year: int, rng):
    month = int(rng.integers(1, 13))
    way = rng.random()
    if way < 0.5:
        return dt.date(year, month, 1)
    return f"{month:02d}/{year}" if way < 0.75 else str(year)


def _place(house: House, rng):
    if house.address is not None and rng.random() < 0.55:
        return [None, None]
    x, y = np.mean(house.parts[0].ring, axis=0)
    return [round(EAST + float(x), 1), round(NORTH + float(y), 1)]


def _owner(rng) -> str:
    return str(rng.choice(["private", "housing", "town", "company", "unknown"], p=[0.55, 0.16, 0.1, 0.07, 0.12]))


def write_trees(town: Town, folder: Path):
    """Semicolons, decimal commas and Windows letters, as the register's program exports them."""
    head = "BaumNr;Baumart;Standort;Pflanzjahr;Höhe;Kronendurchmesser;Stammumfang;Ostwert;Nordwert"
    lines = [head]
    for number, tree in enumerate(trees.plant(town), 1):
        height, crown, girth = trees.size(tree)
        row = (f"B{number:06d}", tree.species, tree.place, 2026 - tree.age, height, crown, girth,
               f"{EAST + tree.x:.2f}", f"{NORTH + tree.y:.2f}")  # fmt: skip
        lines.append(";".join(str(value).replace(".", ",") for value in row))
    (folder / "baumkataster.csv").write_bytes("\r\n".join([*lines, ""]).encode("cp1252"))


# ALKIS function: area of Daseinsvorsorge, OpenStreetMap's word, operator, places, opening hours.
PUBLIC = {
    "3012": ("administration", "townhall", f"Stadt {TOWN}", None, "Mo-Fr 09:00-12:00; Tu 13:00-18:00"),
    "3010": ("administration", "townhall", "Landkreis", None, "Mo-Fr 09:00-12:00"),
    "3021": ("education", "school", "Landkreis", 480, None),
    "3065": ("education", "kindergarten", f"Stadt {TOWN}", 96, "Mo-Fr 06:00-17:00"),
    "3051": ("health", "hospital", "Klinikgesellschaft", 310, "24/7"),
    "3063": ("care", "nursing_home", "Diakonie", 88, None),
    "3072": ("administration", "fire_station", f"Stadt {TOWN}", None, "24/7"),
    "3037": ("culture", "library", f"Stadt {TOWN}", None, "Tu-Fr 10:00-18:00"),
    "3034": ("culture", "museum", f"Stadt {TOWN}", None, "Tu-Su 10:00-17:00"),
    "3041": ("culture", "place_of_worship", "Kirchengemeinde", None, None),
    "3211": ("culture", "sports_centre", f"Stadt {TOWN}", None, None),
}
# What shops on the ground floor are: name, area, word, how many shops there are to one of it.
SHOPS = (
    ("Apotheke", "health", "pharmacy", 34),
    ("Hausarztpraxis", "health", "doctors", 21),
    ("Bäckerei", "food", "bakery", 15),
    ("Lebensmittel", "food", "convenience", 29),
    ("Pflegedienst", "care", "social_facility", 55),
    ("Sparkasse", "administration", "bank", 62),
    ("Zahnarztpraxis", "health", "dentist", 37),
)


def write_facilities(town: Town, folder: Path):
    found = []
    shops = 0
    for house in town.houses:
        if house.function in PUBLIC and house.name and house.name != "Bergfried":
            found.append(_facility(house, house.name, *PUBLIC[house.function]))
        elif house.name == "Supermarkt":
            found.append(_facility(house, house.name, "food", "supermarket", None, None, "Mo-Sa 07:00-21:00"))
        elif house.function == "1120" and house.vacant is None:
            shops += 1
            for name, kind, word, every in SHOPS:
                if shops % every == every // 2:
                    found.append(_facility(house, name, kind, word, None, None, "Mo-Fr 08:00-18:00"))
                    break
    collection = {"type": "FeatureCollection", "name": "einrichtungen", "features": found}
    (folder / "einrichtungen.geojson").write_text(json.dumps(collection, ensure_ascii=False, indent=1), "utf-8")


def _facility(house: House, name, kind, word, operator, places, hours) -> dict:
    x, y = np.mean(house.parts[0].ring, axis=0)
    point = to_lonlat(shapely.Point(EAST + x, NORTH + y), SRID)
    return {
        "type": "Feature",
        "id": f"einrichtung-{house.uid}",
        "properties": {
            "name": name,
            "bereich": FACILITY_KINDS[kind].de,
            "art": word,
            "traeger": operator,
            "adresse": house.address,
            "plaetze": places,
            "oeffnungszeiten": hours,
        },
        "geometry": {"type": "Point", "coordinates": [round(point.x, 7), round(point.y, 7)]},
    }
