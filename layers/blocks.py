"""Statistical blocks, with the people who live there."""

from sqlalchemy.orm import Mapped

from twin.feature import Feature, Words, field


class Block(Feature):
    __tablename__ = "blocks"
    title = Words("Blöcke", "Blocks")
    outlined = True
    look = {"color": [226, 224, 208]}

    number: Mapped[str | None] = field("Blocknummer", "Block number")  # text: leading zeros count
    name: Mapped[str | None] = field("Name", "Name")
    inhabitants: Mapped[int | None] = field("Einwohner", "Inhabitants")
    inhabitants_0_5: Mapped[int | None] = field("Einwohner 0–5", "Inhabitants 0–5")
    inhabitants_6_17: Mapped[int | None] = field("Einwohner 6–17", "Inhabitants 6–17")
    inhabitants_18_64: Mapped[int | None] = field("Einwohner 18–64", "Inhabitants 18–64")
    inhabitants_65_79: Mapped[int | None] = field("Einwohner 65–79", "Inhabitants 65–79")
    inhabitants_80: Mapped[int | None] = field("Einwohner ab 80", "Inhabitants 80 and over")
    households: Mapped[int | None] = field("Haushalte", "Households")
    dwellings: Mapped[int | None] = field("Wohnungen", "Dwellings")
    empty_dwellings: Mapped[int | None] = field("Leere Wohnungen", "Empty dwellings")
