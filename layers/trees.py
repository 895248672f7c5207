"""Street and park trees, from the city's tree register."""

from sqlalchemy.orm import Mapped

from twin.feature import Feature, Words, field


class Tree(Feature):
    __tablename__ = "trees"
    title = Words("Bäume", "Trees")
    geometry = "POINT"
    look = {"color": [136, 170, 112]}

    species: Mapped[str | None] = field("Baumart", "Species")
    height: Mapped[float | None] = field("Höhe", "Height", "m")
    crown: Mapped[float | None] = field("Kronendurchmesser", "Crown diameter", "m")
    trunk: Mapped[float | None] = field("Stammumfang", "Trunk girth", "cm")
    year: Mapped[int | None] = field("Pflanzjahr", "Year of planting")
    place: Mapped[str | None] = field("Standort", "Place")
