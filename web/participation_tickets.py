"""That a person fills in a form, without a foreign service: a signed ticket, time, an empty field, a little work.

Nothing of it is stored, and no address of anyone: who sends too often is known by a key that changes with each start.
"""

import hashlib
import secrets
import time
from collections import deque
from hmac import compare_digest, digest
from threading import Lock
from typing import NamedTuple

from flask import Response, current_app, g, request
from itsdangerous import BadData, URLSafeSerializer, URLSafeTimedSerializer

from scenarios.participation import invitations
from scenarios.participation.tables import Participation
from twin.errors import BadValue, TooOften
from twin.feature import Words
from web.asked import db

QUICKEST = 2.0  # seconds in which nobody writes a sentence
LONGEST = 24 * 3600  # seconds for which a form is good
BITS = 13  # that have to be zero: about 8,000 hashes, half a second of a phone
COOKIE_DAYS = 120
LIMITS = {"say": (20, 600), "rate": (120, 600), "code": (10, 600)}  # from one address in so many seconds
ADDRESSES = 20_000  # that are remembered at a time

_key = secrets.token_bytes(32)
_lock = Lock()
_seen: dict[bytes, deque[float]] = {}


class Ticket(NamedTuple):
    """nonce: of this form alone. trusted: the browser has worked for it, as programs that only send forms do not."""

    nonce: str
    trusted: bool


def new_ticket(session: Participation) -> str:
    return _timed().dumps([session.id, secrets.token_urlsafe(12)])


def ticket_for_again(session: Participation) -> str:
    """The one that came with the form where it is still good: who corrects a word need not wait anew."""
    sent = request.form.get("ticket", "")
    try:
        return sent if _timed().loads(sent, max_age=LONGEST)[0] == session.id else new_ticket(session)
    except BadData:
        return new_ticket(session)


def check_ticket(session: Participation, quickest: float | None = None) -> Ticket:
    """Raises BadValue; the caller shows the form again, with all that was typed. quickest: seconds."""
    sent = request.form.get("ticket", "")
    try:
        (id, nonce), made = _timed().loads(sent, max_age=LONGEST, return_timestamp=True)
    except BadData:
        raise BadValue(_old()) from None
    if id != session.id:
        raise BadValue(_old())
    if request.form.get("website") or time.time() - made.timestamp() < (QUICKEST if quickest is None else quickest):
        raise BadValue(
            Words(
                "Das ging schneller, als jemand schreiben kann. Bitte senden Sie es einfach noch einmal.",
                "That was faster than anybody writes. Please just send it once more.",
            )
        )
    return Ticket(nonce, _has_worked(sent, request.form.get("work", "")))


def secret_of(ticket: Ticket) -> str:
    """The same for the same form: who sends it twice gets the same link."""
    return digest(_signing(), f"secret:{ticket.nonce}".encode(), "sha256").hex()[:40]


def check_pace(kind: str) -> None:
    """Raises TooOften where one address sends more than people do; a whole school is behind one, too."""
    most, seconds = LIMITS[kind]
    who = digest(_key, f"{kind}:{request.remote_addr}".encode(), "sha256")
    moment = time.monotonic()
    with _lock:
        if len(_seen) > ADDRESSES:
            _seen.clear()
        times = _seen.setdefault(who, deque())
        while times and times[0] < moment - seconds:
            times.popleft()
        if len(times) >= most * current_app.config["PARTICIPATION_PACE"]:
            raise TooOften(
                Words(
                    "Von diesem Anschluss kam gerade sehr viel. Ihr Text steht noch im Formular: Bitte senden Sie ihn"
                    " in zehn Minuten.",
                    "Very much came from this connection just now. Your text is still in the form: please send it in"
                    " ten minutes.",
                )
            )
        times.append(moment)


def pseudonym(session: Participation) -> str:
    """Of whoever asks, in this session alone; one that is new where none is known."""
    if "pseudonym" not in g:
        g.pseudonym = known_pseudonym(session) or secrets.token_urlsafe(9)
    return g.pseudonym


def known_pseudonym(session: Participation) -> str | None:
    told = _told(session)
    return told[0] if told else None


def check_code(session: Participation) -> None:
    """Nothing, where this participant may take part; else BadValue. A code of an invitation is used up with it."""
    if not asks_code(session):
        return
    check_pace("code")
    typed = request.form.get("code", "").strip()
    if session.invited:
        return invitations.use(db(), session, typed, pseudonym(session))
    if not compare_digest(typed.encode(), session.code.encode()):
        raise BadValue(
            Words(
                "Dieser Zugangscode stimmt nicht. Er steht in Ihrer Einladung.",
                "This access code is wrong. It stands in your invitation.",
            )
        )
    g.knows_code = True


def asks_code(session: Participation) -> bool:
    """Is there a code that this participant has not told yet?"""
    if session.invited:
        known = known_pseudonym(session)
        return known is None or not invitations.has_used(db(), session, known)
    return bool(session.code) and not _knows_code(session)


def _knows_code(session: Participation) -> bool:
    told = _told(session)
    return g.get("knows_code", False) or bool(told and told[1] == session.code)


def remember(response: Response, session: Participation) -> Response:
    """The one cookie of a participant, set when they first say something: a signed pseudonym. None in a kiosk."""
    if "kiosk" in request.form:
        return response
    code = session.code if _knows_code(session) else ""
    value = _pseudonyms().dumps([session.id, pseudonym(session), code])
    response.set_cookie(
        _cookie(session), value, max_age=COOKIE_DAYS * 86400, path=f"/participation/{session.id}", httponly=True,
        secure=request.is_secure, samesite="Lax",
    )  # fmt: skip
    return response


def forget_cookie(response: Response, session: Participation) -> Response:
    response.delete_cookie(_cookie(session), path=f"/participation/{session.id}")
    return response


def _told(session: Participation) -> list[str] | None:
    try:
        id, name, code = _pseudonyms().loads(request.cookies.get(_cookie(session), ""))
    except (BadData, ValueError):
        return None
    return [name, code] if id == session.id else None


def _has_worked(ticket: str, work: str) -> bool:
    if not work.isascii() or not work.isdecimal() or len(work) > 12:
        return False
    found = int.from_bytes(hashlib.sha256(f"{ticket}:{work}".encode()).digest()[:4], "big")
    return found >> (32 - BITS) == 0


def _cookie(session: Participation) -> str:
    return f"twin-participation-{session.id}"


def _signing() -> bytes:
    key = current_app.secret_key or ""
    return key.encode() if isinstance(key, str) else key


def _timed() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(_signing(), salt="participation-form")


def _pseudonyms() -> URLSafeSerializer:
    return URLSafeSerializer(_signing(), salt="participation-pseudonym")


def _old() -> Words:
    return Words(
        "Das Formular war zu alt. Ihr Text ist noch da: Bitte senden Sie ihn noch einmal.",
        "The form was too old. Your text is still there: please send it once more.",
    )
