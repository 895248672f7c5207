"""What stands beside an entry of the register: who to ask, photos and papers, lists to bring in, enquiries."""

import datetime as dt

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from scenarios.project import now
from twin.feature import Stored


class VacancyPrivate(Stored):
    """Personal data, apart from the layer: no table, tile, export or service ever reads them."""

    __tablename__ = "vacancy_private"

    uid: Mapped[str] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(default="")
    contact: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")


class VacancyFile(Stored):
    """A photo (JPEG, made anew) or a paper (PDF). Photos of what is offered are public, papers never."""

    __tablename__ = "vacancy_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]  # "photo" or "paper"
    name: Mapped[str]
    content: Mapped[bytes]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[dt.datetime] = mapped_column(default=now)


class VacancyList(Stored):
    """A list that somebody looks through before it is brought in; it is gone afterwards."""

    __tablename__ = "vacancy_list"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    content: Mapped[bytes]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[dt.datetime] = mapped_column(default=now)


class Enquiry(Stored):
    """What somebody asks about an offer. Deleted on its day."""

    __tablename__ = "enquiry"

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    contact: Mapped[str]
    text: Mapped[str]
    made_at: Mapped[dt.datetime] = mapped_column(default=now)
    delete_on: Mapped[dt.date]
