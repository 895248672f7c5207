"""The register of what stands empty: buildings, dwellings, shops, halls and land. Never a private name."""

import datetime as dt

from sqlalchemy.orm import Mapped

from layers.codes import CONDITIONS, OWNER_KINDS, USES, VACANCY_KINDS, VACANCY_STATES
from twin.feature import Feature, Words, field


class Vacancy(Feature):
    __tablename__ = "vacancies"
    title = Words("Leerstand", "Vacancies")
    look = {"color": [122, 90, 181]}

    kind: Mapped[str | None] = field("Art", "Kind", codes=VACANCY_KINDS)
    name: Mapped[str | None] = field("Bezeichnung", "Name")
    address: Mapped[str | None] = field("Adresse", "Address")
    parcel: Mapped[str | None] = field("Flurstück", "Parcel")
    building: Mapped[str | None] = field("Gebäude", "Building")  # uid of the building that it is in
    since: Mapped[dt.date | None] = field("Leer seit", "Empty since")
    until: Mapped[dt.date | None] = field("Beendet am", "Ended on")
    area: Mapped[float | None] = field("Fläche", "Area", "m²")
    use: Mapped[str | None] = field("Letzte Nutzung", "Last use", codes=USES)
    dwellings: Mapped[int | None] = field("Wohnungen", "Dwellings")
    owner_kind: Mapped[str | None] = field("Eigentümerart", "Kind of owner", codes=OWNER_KINDS)
    condition: Mapped[str | None] = field("Zustand", "Condition", codes=CONDITIONS)
    broadband: Mapped[float | None] = field("Breitband", "Broadband", "Mbit/s")
    price: Mapped[float | None] = field("Preis", "Price", "EUR")
    contact_role: Mapped[str | None] = field("Ansprechstelle", "Contact (role)")
    remark: Mapped[str | None] = field("Bemerkung", "Remark")
    status: Mapped[str | None] = field("Stand", "Status", codes=VACANCY_STATES)
    checked_on: Mapped[dt.date | None] = field("Zuletzt geprüft", "Last checked")
    storey: Mapped[str | None] = field("Geschoss", "Storey")
    step_free: Mapped[bool | None] = field("Stufenlos", "Step-free")
    offer: Mapped[str | None] = field("Angebotstext", "Offer")  # for everyone to read while it is offered
