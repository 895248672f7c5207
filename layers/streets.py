"""Streets, ways and rails, as axes."""

from sqlalchemy.orm import Mapped

from layers.codes import CYCLING, STREET_CLASSES
from twin.feature import Feature, Words, field


class Street(Feature):
    __tablename__ = "streets"
    title = Words("Straßen und Wege", "Streets")
    lined = True
    look = {"color": [250, 249, 246]}

    name: Mapped[str | None] = field("Name", "Name")
    kind: Mapped[str | None] = field("Klasse", "Class", codes=STREET_CLASSES)
    speed: Mapped[float | None] = field("Tempo", "Speed limit", "km/h")
    width: Mapped[float | None] = field("Breite", "Width", "m")
    lanes: Mapped[int | None] = field("Fahrstreifen", "Lanes")
    oneway: Mapped[bool | None] = field("Einbahnstraße", "One-way")
    surface: Mapped[str | None] = field("Belag", "Paving")
    daily_traffic: Mapped[float | None] = field("Verkehrsstärke (DTV)", "Daily traffic (AADT)", "Kfz/24 h")
    slope_percent: Mapped[float | None] = field("Längsneigung", "Slope", "%")
    cycling: Mapped[str | None] = field("Radverkehr", "Cycling", codes=CYCLING)
