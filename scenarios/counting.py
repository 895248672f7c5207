"""What buildings add up to: footprint, floor area, volume, homes, people, parking, cost, and what each assumes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy.orm import Session

from layers.buildings import Building
from layers.storey_uses import read_storey_uses
from scenarios.assumptions import Assumed
from scenarios.comparing import differences
from scenarios.overlay import shape_of
from twin.feature import TODAY, Words

HOUSING = "residential"
MIXED = 0.5  # the share of housing in a building of mixed use whose storeys are not told
OFFICES = {"office", "administration", "education", "health", "care", "culture"}
FLAT = "1000"

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
        ("storey_height", "cost_residential", "cost_office", "cost_other", "price_index"),
    ),
}  # fmt: skip


@dataclass
class Counted:
    buildings: float = 0
    footprint: float = 0.0
    floor_area: float = 0.0
    volume: float = 0.0
    dwellings: float = 0.0
    people: float = 0.0
    parking: float = 0.0
    cost: float = 0.0

    def __add__(self, other: "Counted") -> "Counted":
        return Counted(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

    def __sub__(self, other: "Counted") -> "Counted":
        return Counted(*(getattr(self, one.name) - getattr(other, one.name) for one in fields(self)))


def count(row: Mapping[str, Any], area: float, assumed: dict[str, Assumed]) -> Counted:
    """One building. row: its fields; area: m² of its outline. Storeys and height stand in for one another."""
    storey = row.get("storey_height") or assumed["storey_height"].value
    height = row.get("height") or (row.get("storeys") or 1) * storey
    pitched = row.get("roof_type") not in (None, FLAT)
    eaves = row.get("eaves_height") or height
    storeys = row.get("storeys") or max(1, round(eaves / storey))
    floor_area = area * storeys
    housing = floor_area * housing_share(row, storeys)
    dwellings = row.get("dwellings")
    if dwellings is None:
        dwellings = round(housing * assumed["living_share"].value / assumed["dwelling_area"].value)
    return Counted(
        buildings=1,
        footprint=area,
        floor_area=floor_area,
        volume=area * ((eaves + height) / 2 if pitched else height),
        dwellings=dwellings,
        people=dwellings * assumed["people_per_dwelling"].value,
        parking=dwellings * assumed["parking_per_dwelling"].value,
        cost=_cost(row, floor_area, housing, assumed),
    )


def housing_share(row: Mapping[str, Any], storeys: int) -> float:
    """Of the floor area: by the storeys where they are told, else by the building's use."""
    told = read_storey_uses(row.get("storey_uses"))
    if told:
        above = [use for storey, use in told.items() if 0 <= storey < storeys]
        housed = sum(1.0 if use == HOUSING else MIXED if use == "mixed" else 0.0 for use in above)
        rest = storeys - len(above)
        return (housed + rest * _share_of(row.get("use"))) / storeys
    return _share_of(row.get("use"))


def planned_against_today(db: Session, scenario: int, assumed: dict[str, Assumed]) -> dict[str, Counted]:
    """What the scenario takes away, what it builds, and what remains of both. Reads only what the scenario changes."""
    before, after = Counted(), Counted()
    for one in differences(db, TODAY, scenario):
        if one.layer is Building:
            before += _sum(db, [one.before], assumed)
            after += _sum(db, [one.after], assumed)
    return {"before": before, "after": after, "change": after - before}


def _sum(db: Session, rows: Iterable[Mapping[str, Any] | None], assumed: dict[str, Assumed]) -> Counted:
    counted = (count(row, shape_of(db, dict(row)).area, assumed) for row in rows if row)
    return sum(counted, Counted())


def _share_of(use: str | None) -> float:
    return 1.0 if use == HOUSING else MIXED if use == "mixed" else 0.0


def _cost(row: Mapping[str, Any], floor_area: float, housing: float, assumed: dict[str, Assumed]) -> float:
    other = "cost_office" if row.get("use") in OFFICES else "cost_other"
    at_2010 = housing * assumed["cost_residential"].value + (floor_area - housing) * assumed[other].value
    return at_2010 * assumed["price_index"].value
