"""Parcels of the cadastre (Flurstücke)."""

from sqlalchemy.orm import Mapped

from layers.codes import OWNER_KINDS
from twin.feature import Feature, Words, field


class Parcel(Feature):
    __tablename__ = "parcels"
    title = Words("Flurstücke", "Parcels")
    outlined = True
    look = {"color": [120, 110, 95]}

    number: Mapped[str | None] = field("Flurstücksnummer", "Parcel number")  # 123/4
    key: Mapped[str | None] = field("Flurstückskennzeichen", "Parcel key")
    district: Mapped[str | None] = field("Gemarkung", "Cadastral district")
    section: Mapped[str | None] = field("Flur", "Section")
    area: Mapped[float | None] = field("Amtliche Fläche", "Official area", "m²")
    use: Mapped[str | None] = field("Tatsächliche Nutzung", "Actual use")
    address: Mapped[str | None] = field("Lage", "Address")
    owner_kind: Mapped[str | None] = field("Eigentümerart", "Kind of owner", codes=OWNER_KINDS)
