"""Which roofs are good for photovoltaics, and how much power they could give in a year."""

import datetime as dt
from typing import NamedTuple

import numpy as np
import shapely

from scenarios.indicators.figures import Answer, Column, Drawn, Figure, Indicator, Parts, Place, number, sentence
from scenarios.indicators.given import Given
from scenarios.indicators.plots import row_title
from scenarios.indicators.sunlight import MOST, SUN_READS, notes, too_large
from scenarios.rows import Rows
from scenarios.shade.relief import Roofs, cells_in, lifted, roofs_of
from scenarios.shade.scene import AROUND, Scene, area_bounds, positions, scene_of
from scenarios.shade.sweep import shaded
from twin import work
from twin.feature import Words

GOOD, FAIR = 950.0, 750.0  # kWh/m² and year on the roof's plane from which it is well suited, and suited
SMALLEST = 15.0  # m² of roof: less bears no plant
STEP = 30  # minutes between two positions of the sun
MID_MONTH = 15
PROUD = 0.12  # metres over the roof, for the 3D city
ASSUMED = ("pv_irradiation", "pv_diffuse", "pv_share", "pv_efficiency", "pv_ratio")
COLUMNS = {
    "roof": Column(Words("geeignetes Dach", "suitable roof"), "m²", 0),
    "irradiation": Column(Words("Einstrahlung", "Irradiation"), "kWh/m²·a", 0),
    "power": Column(Words("Ertrag", "Yield"), "kWh/a", 0),
}
TITLES = {
    "pv_roof": (Words("Geeignete Dachfläche", "Suitable roof"), "m²"),
    "pv_power": (Words("Möglicher Stromertrag", "Possible yield of power"), "MWh/a"),
}


class _Sun(NamedTuple):
    """Positions of the mean days of the twelve months, and what each brings in kWh/m² and year."""

    azimuth: np.ndarray
    altitude: np.ndarray
    beam: np.ndarray  # on a plane turned to the sun
    diffuse: float  # of the year, on level ground


def answer(given: Given) -> Answer:
    refused = too_large(area_bounds(given, AROUND))
    if refused is not None:
        return Answer([Figure(name, title, unit, None, refused=refused) for name, (title, unit) in TITLES.items()])
    scene = scene_of(given, area_bounds(given, AROUND))
    rows = given.rows["buildings"]
    roofs = roofs_of(rows, scene.ground, scene.bounds, scene.cell, given.assume("storey_height"))
    inside = given.inside["buildings"][roofs.owner]
    roofs = Roofs(*(part[inside] for part in roofs))
    gained = _gained(scene, roofs, _sun(given))
    size = shapely.area(roofs.shapes) * np.sqrt(1 + (roofs.planes[:, :2] ** 2).sum(axis=1))
    suited = (gained >= FAIR) & (size >= SMALLEST)
    area = size * suited
    each = given.assume("pv_share") * given.assume("pv_efficiency") * given.assume("pv_ratio")
    power = area * gained * each
    good = suited & (gained >= GOOD)
    kinds = {"roof-good": good, "roof-fair": suited & ~good, "roof-poor": ~suited}
    faces = lifted(roofs, PROUD)
    drawn = [Drawn(kind, faces[chosen]) for kind, chosen in kinds.items()]
    figures = _figures(rows, roofs, area, power, gained, each)
    return Answer(figures, _places(rows, roofs, area, power, gained), COLUMNS, drawn, notes=notes(given, scene))


def _sun(given: Given) -> _Sun:
    """The clear sky of each month's mean day, scaled to the irradiation that is assumed for the year."""
    found = [positions(dt.date(given.day.year, month, MID_MONTH), given.place, 0.0, STEP) for month in range(1, 13)]
    azimuth, altitude = (np.concatenate([one[i] for one in found]) for i in (0, 1))
    up = np.sin(np.radians(altitude))
    level = up * np.exp(-0.059 / up)  # Haurwitz 1945, as in pvlib.clearsky.haurwitz; the scale follows from the year
    level = level / level.sum() * given.assume("pv_irradiation")
    diffuse = given.assume("pv_diffuse")
    beam = level * (1 - diffuse) / np.maximum(up, np.sin(np.radians(3.0)))
    return _Sun(azimuth, altitude, beam, given.assume("pv_irradiation") * diffuse)


def _gained(scene: Scene, roofs: Roofs, sun: _Sun) -> np.ndarray:
    """(n,) kWh/m² and year on each roof's plane, less what others and its own building shade."""
    owner, row, column = cells_in(roofs.shapes, scene.heights.shape, scene.bounds, scene.cell)
    many = np.maximum(np.bincount(owner, minlength=len(roofs.shapes)), 1)
    normal = np.column_stack([-roofs.planes[:, :2], np.ones(len(roofs.shapes))])
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    gained = sun.diffuse * (1 + normal[:, 2]) / 2
    each = zip(sun.azimuth.tolist(), sun.altitude.tolist(), sun.beam.tolist(), strict=True)
    for i, (azimuth, altitude, beam) in enumerate(each):
        work.tell(i, len(sun.beam))
        across, up = np.cos(np.radians(altitude)), np.sin(np.radians(altitude))
        to_sun = across * np.sin(np.radians(azimuth)), across * np.cos(np.radians(azimuth)), up
        shade = np.bincount(owner, shaded(scene.leafy, azimuth, altitude)[row, column], len(roofs.shapes)) / many
        gained += beam * np.maximum(normal @ np.array(to_sun), 0.0) * (1 - shade)
    return gained


def _figures(rows: Rows, roofs: Roofs, area: np.ndarray, power: np.ndarray, gained: np.ndarray, each: float):
    uids, many = rows["uid"], len(rows)
    by_building = [np.bincount(roofs.owner, values, many) for values in (area, power / 1000)]
    whole = float(area.sum())
    mean = float((area * gained).sum()) / whole if whole else 0.0
    by_hand = sentence("{area} m² × {mean} kWh/m² × {each} (belegbar × Wirkungsgrad × Performance Ratio)",
                       "{area} m² × {mean} kWh/m² × {each} (share × efficiency × performance ratio)",
                       area=(whole, 0), mean=(mean, 0), each=(each, 3))  # fmt: skip
    (roof, m2), (yields, mwh) = TITLES.values()
    return [
        Figure("pv_roof", roof, m2, whole, parts=Parts("buildings", uids, by_building[0])),
        Figure("pv_power", yields, mwh, float(power.sum()) / 1000, by_hand=by_hand, assumed=ASSUMED,
               parts=Parts("buildings", uids, by_building[1])),
    ]  # fmt: skip


def _places(rows: Rows, roofs: Roofs, area: np.ndarray, power: np.ndarray, gained: np.ndarray) -> list[Place]:
    found = []
    for i in np.unique(roofs.owner[area > 0]).tolist():
        mine = roofs.owner == i
        size, yields = float(area[mine].sum()), float(power[mine].sum())
        mean = float((area[mine] * gained[mine]).sum()) / size
        suited = Words("gut geeignet", "well suited") if mean >= GOOD else Words("geeignet", "suited")
        told = Words(f"{suited.de}, {number(mean).de} kWh/m²", f"{suited.en}, {number(mean).en} kWh/m²")
        uid = str(rows["uid"][i])
        title = row_title(rows, i, "name", "address")
        values: dict[str, float | None] = {"roof": size, "irradiation": mean, "power": yields}
        found.append(Place(f"roof/{uid}", "buildings", uid, title, values, told, None, rows.shapes[i]))
    return sorted(found, key=lambda one: -(one.values["power"] or 0.0))


INDICATOR = Indicator(
    "solar", 80,
    Words("Photovoltaik auf Dächern", "Photovoltaics on roofs"),
    Words("Welche Dächer eignen sich für Solarstrom?", "Which roofs are good for solar power?"),
    Words(
        "Je Dachfläche aus LoD2: direkte Strahlung am mittleren Tag jedes Monats, alle 30 Minuten (Sonnenstand nach"
        " NREL, klarer Himmel nach Haurwitz, pvlib), auf die Neigung umgerechnet und um den Schatten von Gelände,"
        " Gebäuden und Bäumen gekürzt; dazu diffuse Strahlung. Beides wird auf die angenommene Globalstrahlung des"
        " Jahres gebracht. Geeignet ist ein Dach ab 750, gut geeignet ab 950 kWh/m² im Jahr und ab 15 m².",
        "For each roof plane of LoD2: direct irradiation on the mean day of each month, every 30 minutes (sun by"
        " NREL, clear sky by Haurwitz, pvlib), on its slope, less the shade of terrain, buildings and trees; with"
        " diffuse irradiation beside it. Both are scaled to the year's assumed irradiation. A roof is suited from"
        " 750, well suited from 950 kWh/m² and year, and from 15 m².",
    ),
    Words(
        "Kein Ertragsgutachten: Dachfenster, Statik, Denkmalschutz und das Wetter am Ort fehlen. Bäume gelten als"
        " dicht. Gebäude ohne LoD2 zählen als Flachdach.",
        "No yield report: skylights, statics, monument protection and the local weather are missing. Trees count as"
        " solid. Buildings without LoD2 count as flat roofs.",
    ),
    (),
    SUN_READS,
    answer,
    ("pv_roof", "pv_power"),
    margin=AROUND,
    slow=True,
    most=MOST,
)  # fmt: skip
