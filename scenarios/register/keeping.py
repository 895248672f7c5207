"""The register's verbs: record an entry, keep it up, add photos and papers, and see who is to be asked again."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from layers.vacancies import Vacancy
from scenarios import changes
from scenarios.changes import Changed, Step
from scenarios.participation.photos import made_anew
from scenarios.permissions import may
from scenarios.project import Person, now
from scenarios.register.tables import Enquiry, VacancyFile, VacancyPrivate
from twin.errors import BadFile, BadValue, NotAllowed
from twin.feature import TODAY, Scenario, Words
from twin.store import begin_writing

A_YEAR = 365  # days without a look, after which an entry is due
LARGEST_PAPER = 10_000_000  # bytes
MOST_FILES = 30  # of one entry
LONGEST = 4_000  # letters
KEPT = 180  # days that an enquiry is kept
PRIVATE = ("owner", "contact", "note")


def permit(person: Person | None) -> None:
    """Those who plan keep the register up. Raises NotAllowed."""
    if not may(person, "manage"):
        raise NotAllowed(Words("Das Register führt, wer in einem Projekt plant oder verwaltet.",
                               "The register is kept by those who plan in a project, or administer."))  # fmt: skip


@contextmanager
def writing(db: Session, person: Person | None, what: str = "register") -> Iterator[Step]:
    """Today's vacancies change here, unlike all else that stands today; each change is a line of the diary."""
    permit(person)
    begin_writing(db)
    with db.connection().begin_nested():
        yield Step(db, db.get_one(Scenario, TODAY), person, what)


def keep(step: Step, uid: str | None, shape: Any | None, fields: dict[str, Any], *, seen: int | None) -> Changed:
    """Record or change an entry. Whoever writes has looked: `checked_on` is today where nothing else is said."""
    told = {"checked_on": dt.date.today().isoformat(), **fields} if uid is None else fields
    if told.get("status") == "ended" and not told.get("until"):
        told["until"] = dt.date.today().isoformat()
    return changes.place(step, Vacancy, uid, shape, told, seen=seen)


def tell_private(db: Session, uid: str, told: dict[str, str]) -> None:
    """Who owns it and how to reach them; empty words take it back. Raises BadValue."""
    if any(len(told.get(name, "")) > LONGEST for name in PRIVATE):
        raise BadValue(Words(f"Bis zu {LONGEST} Zeichen sind möglich.", f"Up to {LONGEST} characters are possible."))
    one = db.get(VacancyPrivate, uid) or VacancyPrivate(uid=uid)
    for name in PRIVATE:
        setattr(one, name, told.get(name, "").strip())
    if any(getattr(one, name) for name in PRIVATE):
        db.add(one)
    elif one in db:
        db.delete(one)


def add_file(db: Session, uid: str, name: str, data: bytes, person: Person | None) -> VacancyFile:
    """A photo is made anew without place and camera; a paper is a PDF, kept as it is. Raises BadFile."""
    known = db.scalars(select(VacancyFile.id).where(VacancyFile.uid == uid)).all()
    if len(known) >= MOST_FILES:
        raise BadFile(Words(f"Ein Eintrag hat bis zu {MOST_FILES} Dateien.", f"An entry has up to {MOST_FILES} files."))
    is_paper = data[:5] == b"%PDF-"
    if is_paper and len(data) > LARGEST_PAPER:
        raise BadFile(Words("Das Dokument hat mehr als 10 MB.", "The document has more than 10 MB. Make it smaller."))
    content = data if is_paper else made_anew(data)
    one = VacancyFile(uid=uid, kind="paper" if is_paper else "photo", name=name[-120:] or "foto", content=content,
                      person_id=person.id if person else None)  # fmt: skip
    db.add(one)
    return one


def is_due(checked_on: dt.date | None, day: dt.date) -> bool:
    """Has nobody looked for a year?"""
    return checked_on is None or (day - checked_on).days > A_YEAR


def enquire(db: Session, uid: str, name: str, contact: str, text: str) -> Enquiry:
    """Somebody asks about an offer. Raises BadValue."""
    name, contact, text = (each.strip() for each in (name, contact, text))
    if not (2 <= len(name) <= 120 and 5 <= len(contact) <= 200 and 10 <= len(text) <= LONGEST):
        raise BadValue(Words(
            "Bitte nennen Sie Ihren Namen, wie man Sie erreicht, und Ihre Frage (10 bis 4000 Zeichen).",
            "Please give your name, how to reach you, and your question (10 to 4,000 characters).",
        ))  # fmt: skip
    db.execute(delete(Enquiry).where(Enquiry.delete_on < now().date()))
    one = Enquiry(uid=uid, name=name, contact=contact, text=text, delete_on=now().date() + dt.timedelta(days=KEPT))
    db.add(one)
    return one
