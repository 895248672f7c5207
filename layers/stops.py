"""Stops of buses, trams and trains."""

from sqlalchemy.orm import Mapped

from layers.codes import LINE_KINDS
from twin.feature import Feature, Words, field


class Stop(Feature):
    __tablename__ = "stops"
    title = Words("Haltestellen", "Stops")
    geometry = "POINT"
    look = {"color": [11, 110, 110]}

    name: Mapped[str | None] = field("Name", "Name")
    code: Mapped[str | None] = field("Kennung", "Code")
    kind: Mapped[str | None] = field("Verkehrsmittel", "Means of transport", codes=LINE_KINDS)  # the highest that calls
    platform: Mapped[str | None] = field("Steig", "Platform")
    station: Mapped[str | None] = field("Bahnhof", "Station")  # uid of the stop that it is part of
    wheelchair: Mapped[bool | None] = field("Stufenlos", "Step-free")
    departures: Mapped[int | None] = field("Abfahrten am Werktag", "Departures on a weekday")
