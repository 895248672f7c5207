"""The verbs of citizens: contribute, amend, withdraw, rate, comment. Whoever calls them has asked `permit` first."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Any, NamedTuple

import shapely
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from scenarios.participation.sessions import KEPT, categories_of, last_day, questions_of, scenarios_of
from scenarios.participation.tables import Comment, Contribution, Participation, Personal, Photo, Rating, Reply
from scenarios.project import now
from twin.errors import BadShape, BadValue, Closed, NotFound, TooOften
from twin.feature import TODAY, Words
from twin.store import locking, note_extent

TEXT, COMMENT, REPLY = 3000, 1000, 500  # letters
CORNERS = 500  # of a line or an area
AN_HOUR, MOST_AN_HOUR = dt.timedelta(hours=1), 12  # contributions and comments of one participant
OPEN = ("published",)  # what everyone sees
OWN = ("waiting", "published", "asked", "hidden")  # what its author may still change


class Said(NamedTuple):
    """What a citizen says. shape: in the city's metres. photo: made anew. replies: question id -> text."""

    text: str
    scenario: int = TODAY
    category: int | None = None
    shape: Any | None = None
    layer: str | None = None
    uid: str | None = None
    place: str = ""
    photo: bytes | None = None
    replies: Mapping[int, str] = {}
    way: str = "online"


def contribute(
    db: Session, session: Participation, said: Said, *, pseudonym: str, ticket: str, secret: str, trusted: bool = True
) -> Contribution:
    """Stored once for each ticket, however often it is sent. trusted: False, where it has to be looked at first."""
    there = db.scalar(select(Contribution).where(Contribution.ticket == ticket))
    if there is not None:
        return there
    _check(db, session, said)
    _check_pace(db, session, pseudonym)
    db.execute(text("select id from participation where id = :id" + locking(db)), {"id": session.id})
    newest = db.scalar(select(func.max(Contribution.number)).where(Contribution.participation_id == session.id))
    made = Contribution(
        participation_id=session.id, number=(newest or 0) + 1, scenario=said.scenario, category_id=said.category,
        text=said.text.strip(), shape=said.shape, layer=said.layer, uid=said.uid, place=said.place[:200],
        pseudonym=pseudonym, ticket=ticket, way=said.way, state=first_state(session, trusted), checked=False,
    )  # fmt: skip
    db.add(made)
    db.flush()
    _keep_beside(db, made, said)
    db.add(
        Personal(
            participation_id=session.id, contribution_id=made.id, secret=hashed(secret),
            delete_on=last_day(db, session) + KEPT,
        )
    )  # fmt: skip
    db.flush()
    note_extent(db.connection(), "contribution")
    return made


def amend(db: Session, session: Participation, mine: Contribution, said: Said, *, trusted: bool = True) -> None:
    """Says it anew; a moderator looks at it anew, too."""
    _check_own(mine)
    _check(db, session, said)
    mine.text, mine.category_id, mine.scenario = said.text.strip(), said.category, said.scenario
    if said.shape is not None:
        mine.shape, mine.layer, mine.uid, mine.place = said.shape, said.layer, said.uid, said.place[:200]
    mine.state = "waiting" if mine.state == "hidden" else first_state(session, trusted)
    mine.checked, mine.changed_at = False, now()
    _keep_beside(db, mine, said)
    db.flush()
    note_extent(db.connection(), "contribution")


def withdraw(db: Session, mine: Contribution) -> None:
    """Text, photo, replies and address are gone; the number stays, so that nothing is numbered twice."""
    mine.state, mine.text, mine.place, mine.shape, mine.changed_at = "withdrawn", "", "", None, now()
    mine.layer, mine.uid, mine.reason = None, None, ""
    for table in (Photo, Reply, Rating, Personal):
        db.query(table).filter(table.contribution_id == mine.id).delete()
    for comment in db.scalars(select(Comment).where(Comment.contribution_id == mine.id)):
        comment.state = "hidden"


def rate(db: Session, on: Contribution, value: int, *, pseudonym: str) -> int:
    """One voice each: said again it is taken back. Returns what it is now: 1, -1 or 0."""
    if on.state not in OPEN:
        raise NotFound(_gone())
    there = db.get(Rating, (on.id, pseudonym))
    if there is None:
        db.add(Rating(contribution_id=on.id, pseudonym=pseudonym, value=1 if value > 0 else -1))
    elif there.value == value:
        db.delete(there)
        value = 0
    else:
        there.value = value
    on.changed_at = now()
    db.flush()
    return value


def comment(
    db: Session, session: Participation, on: Contribution, words: str, *, pseudonym: str, ticket: str, trusted: bool
) -> Comment:
    there = db.scalar(select(Comment).where(Comment.ticket == ticket))
    if there is not None:
        return there
    if on.state not in OPEN:
        raise NotFound(_gone())
    _check_pace(db, session, pseudonym)
    state = first_state(session, trusted)
    made = Comment(contribution_id=on.id, text=_fit(words, COMMENT), pseudonym=pseudonym, ticket=ticket, state=state)
    db.add(made)
    on.changed_at = now()
    db.flush()
    return made


def first_state(session: Participation, trusted: bool) -> str:
    return "published" if session.moderation == "after" and trusted else "waiting"


def personal_of(db: Session, of: Contribution) -> Personal | None:
    return db.scalar(select(Personal).where(Personal.contribution_id == of.id))


def hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def mine(db: Session, session: Participation, secret: str) -> Contribution:
    """The contribution to which a secret link leads."""
    found = db.scalar(
        select(Contribution).join(Personal, Personal.contribution_id == Contribution.id)
        .where(Personal.secret == hashed(secret), Contribution.participation_id == session.id)
    )  # fmt: skip
    if found is None:
        raise NotFound(
            Words(
                "Diesen Link gibt es nicht oder nicht mehr: Der Beitrag wurde zurückgezogen, oder der Link ist"
                " unvollständig.",
                "There is no such link, or no longer: the contribution was withdrawn, or the link is not complete.",
            )
        )
    return found


def _check(db: Session, session: Participation, said: Said) -> None:
    _fit(said.text, TEXT)
    categories = {one.id for one in categories_of(db, session)}
    if categories and said.category not in categories:
        raise BadValue(Words("Bitte wählen Sie ein Thema.", "Please choose a category."))
    if said.scenario != TODAY and said.scenario not in {one.id for one in scenarios_of(db, session)}:
        raise Closed(
            Words(
                "Die Variante, zu der Sie schreiben, wurde zurückgezogen. Wählen Sie eine andere oder „Heute“;"
                " Ihr Text steht noch im Formular.",
                "The scenario that you write about was withdrawn. Choose another one or “Today”; your text is still in"
                " the form.",
            )
        )
    _check_shape(session, said.shape)
    for question in questions_of(db, session):
        reply = said.replies.get(question.id, "")
        if len(reply) > REPLY or (reply and question.choices and reply not in question.choices.split("\n")):
            raise BadValue(
                Words(
                    f"„{question.title}“: Bitte wählen Sie eine der Antworten.",
                    f"“{question.title}”: please choose one of the replies.",
                )
            )


def _check_shape(session: Participation, shape: Any | None) -> None:
    if shape is None:
        return
    if shape.is_empty or not shape.is_valid or shapely.get_num_coordinates(shape) > CORNERS:
        raise BadShape(
            Words(
                "Was Sie gezeichnet haben, kreuzt sich oder hat zu viele Ecken. Bitte zeichnen Sie es einfacher.",
                "What you drew crosses itself or has too many corners. Please draw it more simply.",
            )
        )
    if session.area is not None and not session.area.intersects(shape):
        raise BadShape(
            Words(
                "Diese Stelle liegt außerhalb des Gebiets, um das es geht. Setzen Sie den Punkt neu, oder schreiben"
                " Sie ohne Ort.",
                "This place lies outside the area in question. Set the point anew, or write without a place.",
            )
        )


def _check_own(mine: Contribution) -> None:
    if mine.state not in OWN:
        raise Closed(
            Words(
                "Dieser Beitrag wurde zusammengelegt oder zurückgezogen und ist nicht mehr zu ändern.",
                "This contribution was merged with another one or withdrawn, and can no longer be changed.",
            )
        )


def _check_pace(db: Session, session: Participation, pseudonym: str) -> None:
    since = now() - AN_HOUR
    given = select(func.count()).where(Contribution.pseudonym == pseudonym, Contribution.made_at > since)
    commented = select(func.count()).where(Comment.pseudonym == pseudonym, Comment.made_at > since)
    if (db.scalar(given) or 0) + (db.scalar(commented) or 0) >= MOST_AN_HOUR:
        raise TooOften(
            Words(
                f"Mehr als {MOST_AN_HOUR} Beiträge in einer Stunde nehmen wir nicht an. Ihr Text steht noch im"
                " Formular: Bitte senden Sie ihn später.",
                f"We take no more than {MOST_AN_HOUR} contributions an hour. Your text is still in the form: please"
                " send it later.",
            )
        )


def _keep_beside(db: Session, made: Contribution, said: Said) -> None:
    if said.photo is not None:
        db.merge(Photo(contribution_id=made.id, jpeg=said.photo))
    asked = {question.id for question in questions_of(db, db.get_one(Participation, made.participation_id))}
    for id, reply in said.replies.items():
        if id in asked and reply.strip():
            db.merge(Reply(contribution_id=made.id, question_id=id, text=reply.strip()))


def _fit(words: str, most: int) -> str:
    words = words.replace("\r\n", "\n").strip()
    if not 1 <= len(words) <= most:
        raise BadValue(
            Words(
                f"Ein Text hat hier 1 bis {most} Zeichen, dieser {len(words)}.",
                f"A text has 1 to {most} letters here, this one {len(words)}.",
            )
        )
    return words


def _gone() -> Words:
    return Words("Diesen Beitrag gibt es hier nicht.", "There is no such contribution here.")
