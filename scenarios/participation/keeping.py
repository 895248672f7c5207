"""What is kept of a participant: shown to them, deleted when they ask, and on the day that was promised."""

import datetime as dt
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from scenarios.participation.contributing import withdraw
from scenarios.participation.moderating import touched
from scenarios.participation.sessions import KEPT
from scenarios.participation.tables import (
    Comment,
    Contribution,
    Invitation,
    Participation,
    Personal,
    Phase,
    Photo,
    Rating,
    Reply,
)


def forget(db: Session, day: dt.date) -> int:
    """Deletes the personal data whose day has come; how many. What was said stays, and leads to nobody."""
    ended = select(Phase.participation_id).group_by(Phase.participation_id).having(func.max(Phase.ends) <= day - KEPT)
    used = update(Invitation).where(Invitation.participation_id.in_(ended), Invitation.pseudonym.is_not(None))
    db.execute(used.values(pseudonym=""))
    return db.query(Personal).filter(Personal.delete_on <= day).delete()


def kept_of(db: Session, session: Participation, pseudonym: str) -> dict[str, Any]:
    """All that is stored under the pseudonym in this session, in plain values."""
    mine = _contributions(db, session, pseudonym)
    comments = _of(select(Comment, Contribution.number), Comment, session, pseudonym)
    rated = _of(select(Rating, Contribution.number), Rating, session, pseudonym)
    return {
        "pseudonym": pseudonym,
        "contributions": [_told(db, one) for one in mine],
        "comments": [
            {"on": number, "text": one.text, "state": one.state, "made_at": one.made_at.isoformat()}
            for one, number in db.execute(comments.order_by(Comment.id))
        ],
        "ratings": [
            {"on": number, "value": one.value} for one, number in db.execute(rated.order_by(Contribution.number))
        ],
    }


def delete_all(db: Session, session: Participation, pseudonym: str) -> None:
    """Contributions are withdrawn; comments, ratings and the link to an invitation are gone."""
    for one in _contributions(db, session, pseudonym):
        withdraw(db, one)
        one.pseudonym = ""
    for table in (Comment, Rating):
        for one, of in db.execute(_of(select(table, Contribution), table, session, pseudonym)).all():
            touched(of)
            db.delete(one)
    used = Invitation.participation_id == session.id, Invitation.pseudonym == pseudonym
    db.execute(update(Invitation).where(*used).values(pseudonym=""))
    db.flush()


def _contributions(db: Session, session: Participation, pseudonym: str) -> list[Contribution]:
    asked = select(Contribution).where(
        Contribution.participation_id == session.id, Contribution.pseudonym == pseudonym,
        Contribution.state != "withdrawn",
    )  # fmt: skip
    return list(db.scalars(asked.order_by(Contribution.number)))


def _of(asked: Any, table: Any, session: Participation, pseudonym: str) -> Any:
    return asked.join(Contribution, Contribution.id == table.contribution_id).where(
        Contribution.participation_id == session.id, table.pseudonym == pseudonym
    )


def _told(db: Session, one: Contribution) -> dict[str, Any]:
    personal = db.scalar(select(Personal).where(Personal.contribution_id == one.id))
    replies = db.execute(select(Reply.question_id, Reply.text).where(Reply.contribution_id == one.id)).all()
    return {
        "number": one.number, "text": one.text, "place": one.place, "shape": one.shape.wkt if one.shape else None,
        "scenario": one.scenario, "category": one.category_id, "state": one.state, "status": one.status,
        "photo": db.get(Photo, one.id) is not None, "replies": {str(id): text for id, text in replies},
        "made_at": one.made_at.isoformat(), "changed_at": one.changed_at.isoformat(),
        "address": personal.address if personal else None,
        "delete_on": personal.delete_on.isoformat() if personal else None,
    }  # fmt: skip
