"""What buildings add up to: footprint, floor area, volume, homes, people, parking, cost, and what each assumes."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import shapely
from sqlalchemy.orm import Session

from layers.buildings import Building
from layers.storey_uses import read_storey_uses
from scenarios import nhk
from scenarios.assumptions import Assumed
from scenarios.comparing import differences
from scenarios.overlay import shape_of
from scenarios.rows import Rows
from twin.feature import TODAY, Words

HOUSING = "residential"
MIXED = 0.5  # the share of housing in a building of mixed use whose storeys are not told
FLAT = "1000"
READS = (
    "use", "function", "storeys", "storeys_below", "height", "eaves_height", "roof_type", "dwellings", "storey_height",
    "storey_uses",
)  # fmt: skip  # what is read of a building

# name -> title, unit, and the assumptions that it may rest on
FIGURES: dict[str, tuple[Words, str, tuple[str, ...]]] = {
    "buildings": (Words("Gebäude", "Buildings"), "", ()),
    "footprint": (Words("Grundfläche", "Footprint"), "m²", ()),
    "floor_area": (Words("Geschossfläche", "Floor area"), "m²", ("storey_height",)),
    "volume": (Words("Rauminhalt", "Volume"), "m³", ("storey_height",)),
    "dwellings": (Words("Wohnungen", "Dwellings"), "", ("storey_height", "living_share", "dwelling_area")),
    "people": (
        Words("Menschen", "People"), "", ("storey_height", "living_share", "dwelling_area", "people_per_dwelling")
    ),
    "parking": (
        Words("Stellplätze", "Parking spaces"), "",
        ("storey_height", "living_share", "dwelling_area", "parking_per_dwelling"),
    ),
    "cost": (
        Words("Baukosten", "Cost of building"), "EUR",
        ("storey_height", "cost_standard", "cost_other", "price_index"),
    ),
}  # fmt: skip


@dataclass
class Counted:
    """Of one building or of several together: floats; of each of several: (n,) arrays."""

    buildings: Any = 0
    footprint: Any = 0.0
    floor_area: Any = 0.0
    volume: Any = 0.0
    dwellings: Any = 0.0
    people: Any = 0.0
    parking: Any = 0.0
    cost: Any = 0.0

    def __sub__(self, other: "Counted") -> "Counted":
        return Counted(*(getattr(self, one.name) - getattr(other, one.name) for one in fields(self)))

    def total(self) -> "Counted":
        return Counted(*(float(np.sum(getattr(self, one.name))) for one in fields(self)))


def count(row: Mapping[str, Any], area: float, assumed: dict[str, Assumed]) -> Counted:
    """One building. row: its fields; area: m² of its outline. Storeys and height stand in for one another."""
    return count_all(Rows.of([row], READS, np.array([None])), np.array([area]), assumed).total()


def count_all(rows: Rows, areas: np.ndarray, assumed: dict[str, Assumed]) -> Counted:
    """Each of the buildings: arrays (n,). rows: with the columns READS; areas: (n,) m² of the outlines."""
    assume = {name: one.value for name, one in assumed.items()}
    storeys, height, eaves = heights(rows, assume["storey_height"])
    pitched = np.array([roof not in (None, FLAT) for roof in rows["roof_type"]], bool)
    floor_area = areas * storeys
    housing = floor_area * housing_shares(rows, storeys)
    told = rows.numbers("dwellings")
    # As Python rounds and the page's own script does not need to: 0.5 goes to the even number.
    dwellings = np.where(np.isnan(told), np.rint(housing * assume["living_share"] / assume["dwelling_area"]), told)
    rates = nhk.rates(nhk.types_of(rows, dwellings), assume["cost_standard"], assume["cost_other"])
    return Counted(
        buildings=np.ones(len(rows)),
        footprint=areas,
        floor_area=floor_area,
        volume=areas * np.where(pitched, (eaves + height) / 2, height),
        dwellings=dwellings,
        people=dwellings * assume["people_per_dwelling"],
        parking=dwellings * assume["parking_per_dwelling"],
        cost=floor_area * rates[:, 0] * assume["price_index"],
    )


def heights(rows: Rows, usual: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """storeys, height, eaves: (n,) each. usual: metres of a storey where nothing is said."""
    storey, told = _known(rows.numbers("storey_height"), usual), rows.numbers("storeys")
    height = _known(rows.numbers("height"), _known(told, 1) * storey)
    eaves = _known(rows.numbers("eaves_height"), height)
    return _known(told, np.maximum(1, np.rint(eaves / storey))), height, eaves


def housing_shares(rows: Rows, storeys: np.ndarray) -> np.ndarray:
    """(n,) of the floor area: by the storeys where they are told, else by the building's use."""
    shares = np.array([_share_of(use) for use in rows["use"]], float)
    for i in np.flatnonzero([told is not None for told in rows["storey_uses"]]):
        told = read_storey_uses(rows["storey_uses"][i])
        above = [use for storey, use in told.items() if 0 <= storey < storeys[i]]
        if told:
            shares[i] = (sum(map(_share_of, above)) + (storeys[i] - len(above)) * shares[i]) / storeys[i]
    return shares


def planned_against_today(db: Session, scenario: int, assumed: dict[str, Assumed]) -> dict[str, Counted]:
    """What the scenario takes away, what it builds, and what remains of both. Reads only what the scenario changes."""
    found = [one for one in differences(db, TODAY, scenario) if one.layer is Building]
    before = _sum(db, [one.before for one in found if one.before], assumed)
    after = _sum(db, [one.after for one in found if one.after], assumed)
    return {"before": before, "after": after, "change": after - before}


def _sum(db: Session, rows: list[dict[str, Any]], assumed: dict[str, Assumed]) -> Counted:
    shapes = np.array([shape_of(db, row) for row in rows], object)
    return count_all(Rows.of(rows, READS, shapes), shapely.area(shapes), assumed).total()


def _share_of(use: str | None) -> float:
    return 1.0 if use == HOUSING else MIXED if use == "mixed" else 0.0


def _known(values: np.ndarray, otherwise: Any) -> np.ndarray:
    """Zero is not known either."""
    return np.where(values > 0, values, otherwise)
