"""Tokens by which a program acts for a person: QGIS, a script, another town hall's server."""

import datetime as dt
import hashlib
import secrets

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from scenarios.project import Person, now
from twin.errors import BadValue
from twin.feature import Stored, Words

PREFIX = "twin_"
MOST = 50  # of a person
LONGEST = 120  # letters of a name


class Token(Stored):
    """The secret itself is shown once and not kept."""

    __tablename__ = "token"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str]  # what it is for, in its owner's words
    digest: Mapped[str] = mapped_column(unique=True)  # SHA-256: the secret has 256 bits of its own, no salt is needed
    mark: Mapped[str]  # of the person's logins: what ends them all ends the tokens, too
    made_at: Mapped[dt.datetime] = mapped_column(default=now)


def make_token(db: Session, person: Person, name: str) -> str:
    """The secret, which is told this once. The caller commits."""
    name = name.strip()
    if not name or len(name) > LONGEST:
        raise BadValue(Words("Sagen Sie, wofür der Schlüssel ist: 1 bis 120 Zeichen.",
                             "Say what the token is for: 1 to 120 letters."))  # fmt: skip
    if len(tokens_of(db, person)) >= MOST:
        raise BadValue(Words(f"Mehr als {MOST} Schlüssel hat niemand. Löschen Sie einen.",
                             f"Nobody has more than {MOST} tokens. Delete one."))  # fmt: skip
    secret = PREFIX + secrets.token_urlsafe(32)
    person.session = person.session or secrets.token_hex(8)
    db.add(Token(person_id=person.id, name=name, digest=_digest(secret), mark=person.session))
    db.flush()
    return secret


def person_of_token(db: Session, secret: str) -> Person | None:
    """Whose token it is; nobody's where it was deleted, or its person logged out everywhere since."""
    found = db.scalar(select(Token).where(Token.digest == _digest(secret)))
    person = db.get(Person, found.person_id) if found is not None else None
    if found is None or person is None or not person.is_active or person.must_change:
        return None
    return person if found.mark == person.session else None


def tokens_of(db: Session, person: Person) -> list[Token]:
    """Those that still hold."""
    own = select(Token).where(Token.person_id == person.id, Token.mark == person.session)
    return list(db.scalars(own.order_by(Token.id)))


def delete_token(db: Session, person: Person, id: int) -> None:
    """One's own; another's is left alone."""
    found = db.get(Token, id)
    if found is not None and found.person_id == person.id:
        db.delete(found)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
