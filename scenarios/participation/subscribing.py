"""Hearing of a session, or of a place in it: an address that is confirmed, used for nothing else, and deleted."""

import datetime as dt
import secrets

import shapely
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from scenarios.participation.allowed import today
from scenarios.participation.contributing import hashed
from scenarios.participation.sessions import KEPT, last_day
from scenarios.participation.tables import Answer, Contribution, Participation, Personal
from scenarios.project import now
from twin.errors import BadShape, BadValue
from twin.feature import Words

METRES = (10, 2000)  # around a place
UNCONFIRMED = dt.timedelta(days=7)  # that an address is kept which nobody confirms
A_DAY = dt.timedelta(hours=23)  # between two messages
MOST = 5  # subscriptions of one address in a session


def subscribe(
    db: Session, session: Participation, address: str, site: str, place: shapely.Point | None, metres: float
) -> Personal:
    """Asks to hear of it; nothing is sent before `confirm`. place: in the city's metres, None for the whole session."""
    if place is not None and not METRES[0] <= metres <= METRES[1]:
        raise BadShape(
            Words(
                f"Ein Umkreis hat hier {METRES[0]} bis {METRES[1]} Meter.",
                f"A surrounding area has {METRES[0]} to {METRES[1]} metres here.",
            )
        )
    same = select(func.count()).where(Personal.participation_id == session.id, Personal.address == address)
    if (db.scalar(same.where(Personal.contribution_id.is_(None))) or 0) >= MOST:
        raise BadValue(
            Words(
                f"Mehr als {MOST} Abonnements hat eine Adresse hier nicht.",
                f"An address has no more than {MOST} subscriptions here.",
            )
        )
    made = Personal(
        participation_id=session.id, secret=hashed(secrets.token_urlsafe(24)), address=address, site=site,
        delete_on=today() + UNCONFIRMED, x=place.x if place else None, y=place.y if place else None,
        metres=metres if place else None,
    )  # fmt: skip
    db.add(made)
    db.flush()
    return made


def confirm(db: Session, kept: Personal) -> None:
    session = db.get_one(Participation, kept.participation_id)
    kept.confirmed_at = kept.told_at = now()
    kept.delete_on = last_day(db, session) + KEPT


def due(db: Session) -> list[Personal]:
    """Those who are confirmed and have heard nothing for a day, of sessions that are open."""
    waiting = select(Personal).join(Participation, Participation.id == Personal.participation_id)
    waiting = waiting.where(Personal.contribution_id.is_(None), Personal.confirmed_at.is_not(None))
    return list(db.scalars(waiting.where(Participation.state == "open", Personal.told_at < now() - A_DAY)))


def claim(db: Session, kept: Personal) -> dt.datetime | None:
    """Since when there may be news for them; None where another process tells them already. The caller commits."""
    since, moment = kept.told_at, now()
    mine = update(Personal).where(Personal.id == kept.id, Personal.told_at == since).values(told_at=moment)
    return since if db.execute(mine).rowcount else None  # type: ignore[attr-defined]


def news_for(db: Session, kept: Personal, since: dt.datetime) -> list[Contribution]:
    """What became public, was changed or answered since then, where they want to hear of it."""
    answered = select(Answer.contribution_id).where(Answer.made_at > since)
    found = select(Contribution).where(
        Contribution.participation_id == kept.participation_id, Contribution.state == "published",
        (Contribution.changed_at > since) | Contribution.id.in_(answered),
    )  # fmt: skip
    around = shapely.Point(kept.x, kept.y) if kept.x is not None else None
    return [
        one
        for one in db.scalars(found.order_by(Contribution.number))
        if around is None or (one.shape is not None and one.shape.distance(around) <= (kept.metres or 0))
    ]
