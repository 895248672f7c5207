"""Codes for those who are invited: each for one person, kept as a checksum alone."""

import hashlib
import secrets

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from scenarios.participation.tables import Invitation, Participation
from twin.errors import BadValue
from twin.feature import Words

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is mistaken for another one
LENGTH = 8
MOST = 2000  # codes at a time


def make_codes(db: Session, session: Participation, count: int) -> list[str]:
    """New codes, such as 7KQM-2XHD; they can be read this once. Raises BadValue."""
    if not 1 <= count <= MOST:
        raise BadValue(Words(f"Auf einmal gibt es 1 bis {MOST} Codes.", f"At a time there are 1 to {MOST} codes."))
    made = ["".join(secrets.choice(LETTERS) for _ in range(LENGTH)) for _ in range(count)]
    db.add_all(Invitation(code=_sum(session, code), participation_id=session.id) for code in made)
    db.flush()
    return [f"{code[:4]}-{code[4:]}" for code in made]


def use(db: Session, session: Participation, typed: str, pseudonym: str) -> None:
    """From now on the code is this participant's. Raises BadValue where there is none, or somebody else's."""
    mine = select(Invitation).where(Invitation.code == _sum(session, typed))
    if db.scalar(mine) is None:
        raise BadValue(
            Words(
                "Diesen Code gibt es hier nicht. Er steht in Ihrer Einladung, zum Beispiel: 7KQM-2XHD.",
                "There is no such code here. It stands in your invitation, for example: 7KQM-2XHD.",
            )
        )
    free = update(Invitation).where(Invitation.code == _sum(session, typed), Invitation.pseudonym.is_(None))
    if db.execute(free.values(pseudonym=pseudonym)).rowcount == 0:  # type: ignore[attr-defined]
        raise BadValue(
            Words(
                "Dieser Code wurde schon benutzt. Er gilt nur einmal; wenden Sie sich an die Stadt, wenn Sie es nicht"
                " waren.",
                "This code has been used. It is good once; ask the city if it was not you.",
            )
        )


def has_used(db: Session, session: Participation, pseudonym: str) -> bool:
    """Has this participant come with a code of the session?"""
    mine = select(Invitation.code).where(Invitation.participation_id == session.id, Invitation.pseudonym == pseudonym)
    return db.scalar(mine.limit(1)) is not None


def counted(db: Session, session: Participation) -> tuple[int, int]:
    """How many codes there are, and how many of them are used."""
    ours = select(func.count(), func.count(Invitation.pseudonym)).where(Invitation.participation_id == session.id)
    every, used = db.execute(ours).one()
    return every, used


def _sum(session: Participation, code: str) -> str:
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return hashlib.sha256(f"{session.id}:{plain}".encode()).hexdigest()
