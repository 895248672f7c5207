"""Zones of the development plan (Bebauungsplan) and of the land-use plan (Flächennutzungsplan)."""

import datetime as dt

from sqlalchemy.orm import Mapped

from layers.codes import ROOF_TYPES, STATES_OF_LAW, ZONE_KINDS
from twin.feature import Feature, Words, field

PLAN_KINDS = {
    "bplan": Words("Bebauungsplan", "Development plan"),
    "fplan": Words("Flächennutzungsplan", "Land-use plan"),
}


class Zone(Feature):
    __tablename__ = "zones"
    title = Words("Bauleitpläne", "Zones")
    outlined = True
    look = {"color": [214, 168, 140], "by": "kind"}

    plan: Mapped[str | None] = field("Plan", "Plan")
    plan_kind: Mapped[str | None] = field("Planart", "Kind of plan", codes=PLAN_KINDS)
    name: Mapped[str | None] = field("Bezeichnung", "Name")
    kind: Mapped[str | None] = field("Gebietsart", "Kind of area", codes=ZONE_KINDS)
    grz: Mapped[float | None] = field("GRZ", "GRZ (site occupancy index)")
    gfz: Mapped[float | None] = field("GFZ", "GFZ (floor space index)")
    bmz: Mapped[float | None] = field("BMZ", "BMZ (cubic index)")
    storeys: Mapped[int | None] = field("Vollgeschosse", "Full storeys")
    height: Mapped[float | None] = field("Höhe baulicher Anlagen", "Height of buildings", "m")
    roof_type: Mapped[str | None] = field("Dachform", "Roof type", codes=ROOF_TYPES)
    building_method: Mapped[str | None] = field("Bauweise", "Building method")
    state_of_law: Mapped[str | None] = field("Rechtsstand", "State of law", codes=STATES_OF_LAW)
    in_force: Mapped[dt.date | None] = field("In Kraft seit", "In force since")
