"""Buildings: footprint, heights, use, and the walls and roofs of LoD2 where the survey office delivers them."""

from typing import Any

import shapely
from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from layers.codes import BUILDING_FUNCTIONS, RENOVATION, ROOF_TYPES, USES
from twin.feature import Feature, Words, field


class Building(Feature):
    __tablename__ = "buildings"
    title = Words("Gebäude", "Buildings")
    geometry = "GEOMETRY"  # polygons, some with courtyards, some in several parts
    outlined = True
    look = {"color": [240, 233, 220], "roof": [197, 138, 108]}

    name: Mapped[str | None] = field("Name", "Name")
    address: Mapped[str | None] = field("Adresse", "Address")  # several are joined by "; "
    function: Mapped[str | None] = field("Funktion", "Function", codes=BUILDING_FUNCTIONS)
    use: Mapped[str | None] = field("Nutzung", "Use", codes=USES)
    storeys: Mapped[int | None] = field("Geschosse", "Storeys")
    storeys_below: Mapped[int | None] = field("Untergeschosse", "Storeys below ground")
    height: Mapped[float | None] = field("Höhe", "Height", "m")  # ground to the highest point
    eaves_height: Mapped[float | None] = field("Traufhöhe", "Eaves height", "m")  # ground to the lowest roof edge
    base_height: Mapped[float | None] = field("Geländehöhe", "Base height", "m ü. NHN")
    roof_type: Mapped[str | None] = field("Dachform", "Roof type", codes=ROOF_TYPES)
    roof_pitch: Mapped[float | None] = field("Dachneigung", "Roof pitch", "°")
    year: Mapped[int | None] = field("Baujahr", "Year of construction")
    dwellings: Mapped[int | None] = field("Wohnungen", "Dwellings")
    parts: Mapped[int | None] = field("Gebäudeteile", "Building parts")
    storey_height: Mapped[float | None] = field("Geschosshöhe", "Storey height", "m")
    storey_uses: Mapped[str | None] = field("Nutzung je Geschoss", "Use of each storey")  # layers/storey_uses.py
    condition: Mapped[str | None] = field("Sanierungsstand", "Renovation", codes=RENOVATION)
    # LoD2: ISO WKB of a MultiPolygon Z in the city's metres, heights above sea level; one letter a polygon says what it
    # is: G ground, W wall, R roof, C closure, F floor, L ceiling, I installation.
    surfaces: Mapped[bytes | None] = mapped_column(LargeBinary, info={"hidden": True})
    surface_kinds: Mapped[str | None] = mapped_column(info={"hidden": True})


def letters(kinds: str | None, solid: Any) -> str:
    """What each of a solid's polygons is, "?" where that is not told of all of them."""
    count = shapely.get_num_geometries(solid)
    return kinds if kinds is not None and len(kinds) == count else "?" * count
