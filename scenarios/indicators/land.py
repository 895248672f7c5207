"""What the land is worth on which a plan builds, where a layer of Bodenrichtwerte gives it."""

import numpy as np
import shapely

from scenarios.indicators.figures import Figure, Parts, sentence
from scenarios.indicators.given import LAND_VALUES, Given
from scenarios.indicators.plots import SLIVER
from scenarios.rules import Source
from twin.feature import Words

TITLES = {
    "kg100": Words("KG 100 Grundstück (Bodenwert)", "KG 100 land (by land value)"),
    "kg100_town": Words("davon Grundstücke der Stadt", "of which the town's own plots"),
}
SOURCE = Source("ImmoWertV", "Fassung 2021", "§§ 40, 41 (Bodenwert aus Bodenrichtwerten)", mark="g")
MISSING = Words(
    "Es ist kein Bodenrichtwert bekannt. Laden Sie die Bodenrichtwertzonen (BORIS) mit einer Spalte brw in EUR/m²:"
    " twin load DATEI.",
    "No land value is known. Load the zones of land values (BORIS) with a column brw in EUR/m²: twin load FILE.",
)


def figures(given: Given, new_floor: np.ndarray) -> list[Figure]:
    """Of the plots on which the plan builds: area x land value. new_floor: (n,) m² of the area's buildings."""
    zones, parcels = given.rows[LAND_VALUES], given.rows["parcels"]
    values = zones.numbers("value")
    if not np.isfinite(values).any() or len(parcels) == 0:
        return [Figure(name, title, "EUR", None, refused=MISSING) for name, title in TITLES.items()]
    building = given.of("buildings").shapes[new_floor > 0]
    built, worth, unknown = _built_on(parcels.shapes, building), _worth(parcels.shapes, zones.shapes, values), 0.0
    unknown = float(np.isnan(worth[built]).sum())
    each = np.where(built, np.nan_to_num(worth), 0.0)
    ours = np.array([kind == "town" for kind in parcels["owner_kind"]], bool)
    size = float(shapely.area(parcels.shapes[built]).sum())
    by_hand = sentence("{n} bebaute Flurstücke, {size} m² × Bodenrichtwert, im Mittel {rate} EUR/m²",
                       "{n} plots built on, {size} m² × land value, {rate} EUR/m² on average",
                       n=(int(built.sum()), 0), size=(size, 0), rate=(each.sum() / size if size else 0, 0))  # fmt: skip
    guess = Words(f"{unknown:.0f} Flurstücke ohne Bodenrichtwert fehlen darin",
                  f"{unknown:.0f} plots without a land value are missing") if unknown else None  # fmt: skip
    return [
        Figure(name, TITLES[name], "EUR", float(those.sum()), sources=(SOURCE,), by_hand=told, estimated=guess,
               parts=Parts("parcels", parcels["uid"], those))
        for name, those, told in (("kg100", each, by_hand), ("kg100_town", np.where(ours, each, 0.0), None))
    ]  # fmt: skip


def _built_on(parcels: np.ndarray, buildings: np.ndarray) -> np.ndarray:
    found = np.zeros(len(parcels), bool)
    if len(buildings):
        one, plot = shapely.STRtree(parcels).query(buildings, predicate="intersects")
        meets = shapely.area(shapely.intersection(buildings[one], parcels[plot])) > SLIVER
        found[plot[meets]] = True
    return found


def _worth(parcels: np.ndarray, zones: np.ndarray, values: np.ndarray) -> np.ndarray:
    """(n,) EUR of each parcel: its area by the zone in which its middle lies, NaN where none does."""
    found = np.full(len(parcels), np.nan)
    plot, zone = shapely.STRtree(zones).query(shapely.point_on_surface(parcels), predicate="within")
    found[plot] = shapely.area(parcels[plot]) * values[zone]
    return found
