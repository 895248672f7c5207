"""Facilities of Daseinsvorsorge: what people need within reach."""

from sqlalchemy.orm import Mapped

from layers.codes import FACILITY_KINDS
from twin.feature import Feature, Words, field


class Facility(Feature):
    __tablename__ = "facilities"
    title = Words("Einrichtungen", "Facilities")
    look = {"color": [178, 94, 0]}

    name: Mapped[str | None] = field("Name", "Name")
    kind: Mapped[str | None] = field("Bereich", "Kind", codes=FACILITY_KINDS)
    detail: Mapped[str | None] = field("Art", "Detail")  # "school", "pharmacy": OpenStreetMap's word where it has one
    operator: Mapped[str | None] = field("Träger", "Operator")
    address: Mapped[str | None] = field("Adresse", "Address")
    places: Mapped[int | None] = field("Plätze", "Places")
    opening_hours: Mapped[str | None] = field("Öffnungszeiten", "Opening hours")
