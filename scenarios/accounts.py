"""Who may come in: names, passwords and their locks, and what stays of a person who leaves."""

import datetime as dt
import hashlib
import re
import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import bindparam, delete, func, select, text, update
from sqlalchemy.orm import Session

from scenarios.project import Attempt, Membership, Person, now
from twin.errors import BadValue, NotFound, TooOften
from twin.feature import MOMENT, Words

LOGIN = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,59}")
NAME_LENGTH = 80
SHORTEST, LONGEST = 12, 200  # letters of a password
FAILURES, FROM_ONE_ADDRESS = 10, 100  # in a row; behind one address sits a whole town hall
LOCK = dt.timedelta(minutes=15)
KEPT = dt.timedelta(days=1)  # how long failures are remembered
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is mistaken for another

# One more failure, unless it is locked: then no row comes back, and nothing is counted.
_COUNT = text(
    "insert into attempt (key, failures, last) values (:key, 1, :now) on conflict (key) do update set"
    " failures = case when attempt.failures >= :most then 1 else attempt.failures + 1 end, last = excluded.last"
    " where attempt.failures < :most or attempt.last < :ended returning failures"
).bindparams(bindparam("now", type_=MOMENT), bindparam("ended", type_=MOMENT))

_hasher = PasswordHasher()


def add_person(db: Session, login: str, name: str, *, administrator: bool = False) -> tuple[Person, str]:
    """A new person and the one-time password that they change when they first come."""
    login = _fit_login(login)
    if db.scalar(select(Person.id).where(Person.login == login)):
        raise BadValue(
            Words(
                f"Den Anmeldenamen {login} gibt es schon. Nehmen Sie einen anderen.",
                f"There is already a login {login}. Take another one.",
            )
        )
    person = Person(login=login, name=fit_name(name), is_administrator=administrator)
    db.add(person)
    return person, reset(person)


def find_person(db: Session, login: str) -> Person:
    found = db.scalar(select(Person).where(Person.login == login.strip().lower()))
    if found is None:
        raise NotFound(f"There is nobody with the login {login}. `twin person list` names everybody.")
    return found


def reset(person: Person) -> str:
    """A one-time password instead of the old one, which is good no more; all logins end."""
    password = "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
    person.password, person.must_change = _hasher.hash(password), True
    log_out_everywhere(person)
    return password


def count_attempt(db: Session, login: str, address: str) -> None:
    """Counts a login as failed before it is tried, so that nobody gains by trying many at once. Then commit."""
    moment = now()
    db.execute(delete(Attempt).where(Attempt.last < moment - KEPT))
    for key, most in ((_key("login", login), FAILURES), (_key("address", address), FROM_ONE_ADDRESS)):
        asked = {"key": key, "now": moment, "ended": moment - LOCK, "most": most}
        if db.scalar(_COUNT, asked) is None:
            db.rollback()
            raise TooOften(_locked())


def person_of(db: Session, login: str, password: str) -> Person | None:
    """Whose login and password these are. Takes the same time for names that nobody has."""
    person = db.scalar(select(Person).where(Person.login == login.strip().lower()))
    stored = person.password if person and person.password else _nobodys()
    try:
        _hasher.verify(stored, password if len(password) <= LONGEST else "")
    except (VerificationError, InvalidHashError):
        return None
    if person is None or not person.password or not person.is_active:
        return None
    if _hasher.check_needs_rehash(stored):
        person.password = _hasher.hash(password)
    return person


def forget_attempts(db: Session, login: str, address: str) -> None:
    """The password was right: this attempt was no failure, and those before it were slips."""
    db.execute(delete(Attempt).where(Attempt.key == _key("login", login)))
    here = update(Attempt).where(Attempt.key == _key("address", address))
    db.execute(here.values(failures=Attempt.failures - 1))


def change_password(person: Person, old: str, new: str) -> None:
    """Raises BadValue with what is wrong; afterwards all other logins have ended."""
    try:
        _hasher.verify(person.password or _nobodys(), old[:LONGEST])
    except (VerificationError, InvalidHashError):
        raise BadValue(Words("Das bisherige Passwort stimmt nicht.", "The present password is wrong.")) from None
    _check_password(person, old, new)
    person.password, person.must_change = _hasher.hash(new), False
    log_out_everywhere(person)


def log_out_everywhere(person: Person) -> None:
    person.session = secrets.token_urlsafe(16)


def deactivate(db: Session, person: Person) -> None:
    """They come in no more; what they did keeps their name."""
    _keep_one_administrator(db, person)
    person.is_active = False
    log_out_everywhere(person)


def pseudonymise(db: Session, person: Person) -> None:
    """On request: the diary says that it was somebody, and no longer who."""
    deactivate(db, person)
    person.login, person.name = f"former-{person.id}", f"Ehemalige Person {person.id}"
    person.email = person.password = person.subject = None
    person.is_administrator = False
    db.execute(delete(Membership).where(Membership.person_id == person.id))


def set_administrator(db: Session, person: Person, is_one: bool) -> None:
    if not is_one:
        _keep_one_administrator(db, person)
    person.is_administrator = is_one


def person_of_subject(db: Session, subject: str, login: str, name: str, email: str | None) -> Person | None:
    """Whom the town's own login service names: found by its subject, else made anew, without rights.

    None for somebody who was deactivated here.
    """
    person = db.scalar(select(Person).where(Person.subject == subject))
    if person is None:
        name = fit_name((name or login)[:NAME_LENGTH])
        person = Person(login=_free_login(db, login), name=name, email=email, subject=subject, is_active=True)
        log_out_everywhere(person)
        db.add(person)
    return person if person.is_active else None


def fit_name(name: str) -> str:
    name = " ".join(name.split())
    if not 1 <= len(name) <= NAME_LENGTH:
        raise BadValue(
            Words(
                f"Ein Name hat 1 bis {NAME_LENGTH} Zeichen, dieser {len(name)}.",
                f"A name has 1 to {NAME_LENGTH} letters, this one {len(name)}.",
            )
        )
    return name


def _fit_login(login: str) -> str:
    login = login.strip().lower()
    if not LOGIN.fullmatch(login) or login.startswith("former-"):
        raise BadValue(
            Words(
                "Ein Anmeldename hat bis zu 60 kleine Buchstaben, Ziffern und . _ @ + - und beginnt mit Buchstabe oder"
                " Ziffer.",
                "A login has up to 60 small letters, digits and . _ @ + - and begins with a letter or a digit.",
            )
        )
    return login


def _free_login(db: Session, wanted: str) -> str:
    """Never a login that is there: whoever is called so elsewhere is not the one who is called so here."""
    plain = re.sub(r"[^a-z0-9._@+-]+", "-", wanted.lower()).strip("._@+-")[:50] or "person"
    taken = set(db.scalars(select(Person.login).where(Person.login.startswith(plain, autoescape=True))))
    names = (plain, *(f"{plain}-{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)


def _check_password(person: Person, old: str, new: str) -> None:
    if not SHORTEST <= len(new) <= LONGEST:
        raise BadValue(
            Words(
                f"Das neue Passwort braucht {SHORTEST} bis {LONGEST} Zeichen. Drei Wörter hintereinander sind gut.",
                f"The new password needs {SHORTEST} to {LONGEST} letters. Three words in a row do well.",
            )
        )
    plain = new.lower()
    if new == old or person.login in plain or len(set(plain)) < 5:
        raise BadValue(
            Words(
                "Das neue Passwort ist zu leicht zu erraten: Es darf weder das alte sein noch den Anmeldenamen"
                " enthalten und braucht fünf verschiedene Zeichen.",
                "The new password is too easily guessed: it may neither be the old one nor contain the login, and needs"
                " five different letters.",
            )
        )


def _keep_one_administrator(db: Session, person: Person) -> None:
    if not (person.is_administrator and person.is_active):
        return
    others = select(func.count()).where(
        Person.is_administrator.is_(True), Person.is_active.is_(True), Person.id != person.id
    )
    if not db.scalar(others):
        raise BadValue(
            Words(
                "Das ist die letzte Person mit Administrationsrechten. Geben Sie sie zuerst jemand anderem.",
                "This is the last administrator. Make somebody else one first.",
            )
        )


def _locked() -> Words:
    minutes = LOCK.seconds // 60
    return Words(
        f"Zu viele Fehlversuche. Für {minutes} Minuten ist hier keine Anmeldung möglich; danach versuchen Sie es bitte"
        " noch einmal. Ein neues Passwort gibt Ihnen die Administration.",
        f"Too many failed attempts. There is no logging in here for {minutes} minutes; please try again then."
        " Administrators can give you a new password.",
    )


def _key(kind: str, words: str) -> str:
    return hashlib.sha256(f"{kind}:{words.strip().lower()}".encode()).hexdigest()


@cache
def _nobodys() -> str:
    return _hasher.hash(secrets.token_urlsafe(16))
