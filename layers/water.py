"""Rivers, streams, lakes and ponds."""

from sqlalchemy.orm import Mapped

from twin.feature import Feature, Words, field

WATER_KINDS = {
    "river": Words("Fluss", "River"),
    "stream": Words("Bach", "Stream"),
    "canal": Words("Kanal", "Canal"),
    "ditch": Words("Graben", "Ditch"),
    "lake": Words("See, Teich", "Lake"),
    "basin": Words("Becken", "Basin"),
    "other": Words("Sonstiges", "Other"),
}


class Water(Feature):
    __tablename__ = "water"
    title = Words("Gewässer", "Water")
    look = {"color": [172, 205, 219]}

    name: Mapped[str | None] = field("Name", "Name")
    kind: Mapped[str | None] = field("Art", "Kind", codes=WATER_KINDS)
    width: Mapped[float | None] = field("Breite", "Width", "m")
