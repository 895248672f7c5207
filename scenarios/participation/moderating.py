"""The verbs of moderators: publish, ask back, hide, merge, assign, set a status, answer, link to what was changed."""

from typing import Any, NamedTuple

from sqlalchemy import Select, String, cast, func, or_, select
from sqlalchemy.orm import Session

from scenarios.diary import Change
from scenarios.participation.tables import (
    Answer,
    Category,
    Comment,
    Contribution,
    Participation,
    Photo,
    Rating,
    Shown,
)
from scenarios.project import Person, now
from twin.errors import BadValue, NotFound
from twin.feature import Scenario, Words

STATUS = ("new", "considering", "adopted", "partly", "refused")
STATES = ("waiting", "published", "asked", "hidden", "merged", "withdrawn")
DECIDED = ("adopted", "partly", "refused")
REASON, ANSWER, OFFICE = 500, 4000, 80  # letters


def publish(of: Contribution) -> None:
    """For everyone to see, with its photo, and with links that can be followed."""
    _still_there(of)
    of.state, of.reason, of.checked = "published", "", True


def ask_back(of: Contribution, question: str) -> None:
    """The author reads the question behind the secret link and can amend what they wrote; nobody else sees it."""
    _still_there(of)
    of.state, of.reason = "asked", _needed(question, "Was möchten Sie fragen?", "What do you want to ask?")


def hide(of: Contribution, reason: str) -> None:
    """Nobody sees it any more; that there was one, and why it is not to be seen, everyone does."""
    _still_there(of)
    of.state, of.checked = "hidden", True
    of.reason = _needed(
        reason, "Nennen Sie den Grund: Er steht auf der Seite.", "Give the reason: it is shown on the page."
    )


def merge(db: Session, of: Contribution, number: int) -> Contribution:
    """Two that say the same: the ratings and comments of this one go over to the other."""
    _still_there(of)
    other = by_number(db, of.participation_id, number)
    if other.id == of.id or other.state != "published":
        raise BadValue(
            Words(
                f"Mit Nr. {number} lässt sich dieser Beitrag nicht zusammenlegen: Wählen Sie einen anderen, der"
                " veröffentlicht ist.",
                f"This cannot be merged into no. {number}: choose another one that is published.",
            )
        )
    of.state, of.merged_into, of.checked = "merged", other.id, True
    voices = set(db.scalars(select(Rating.pseudonym).where(Rating.contribution_id == other.id)))
    for rating in db.scalars(select(Rating).where(Rating.contribution_id == of.id)).all():
        if rating.pseudonym not in voices:
            db.add(Rating(contribution_id=other.id, pseudonym=rating.pseudonym, value=rating.value))
        db.delete(rating)
    for comment in db.scalars(select(Comment).where(Comment.contribution_id == of.id)):
        comment.contribution_id = other.id
    touched(other)
    db.flush()
    return other


def assign(of: Contribution, office: str) -> None:
    of.office = " ".join(office.split())[:OFFICE]


def set_status(of: Contribution, status: str) -> None:
    if status not in STATUS:
        raise BadValue(Words("Diesen Stand gibt es nicht.", "There is no such status."))
    of.status = status


def answer(db: Session, of: Contribution, person: Person | None, text: str) -> Answer:
    _still_there(of)
    text = text.replace("\r\n", "\n").strip()
    if not 1 <= len(text) <= ANSWER:
        raise BadValue(Words(f"Eine Antwort hat 1 bis {ANSWER} Zeichen.", f"An answer has 1 to {ANSWER} letters."))
    made = Answer(contribution_id=of.id, text=text, person_id=person.id if person else None)
    db.add(made)
    db.flush()
    return made


def moderate_comment(db: Session, of: Contribution, id: int, state: str, reason: str) -> None:
    found = db.get(Comment, id)
    if found is None or found.contribution_id != of.id:
        raise NotFound(Words("Diesen Kommentar gibt es hier nicht.", "There is no such comment here."))
    if state == "hidden":
        reason = _needed(reason, "Nennen Sie den Grund: Er steht auf der Seite.", "Give the reason: it is shown.")
    found.state, found.reason = state, reason if state == "hidden" else ""
    touched(of)


def link(db: Session, of: Contribution, step: int | None) -> None:
    """To a step of the diary of one of the session's scenarios; None takes the link away."""
    if step is not None:
        ours = select(Change.id).join(Shown, Shown.scenario_id == Change.scenario_id)
        known = db.scalar(ours.where(Change.step == step, Shown.participation_id == of.participation_id).limit(1))
        if known is None:
            raise NotFound(
                Words(
                    "Diese Änderung gibt es in den Varianten der Beteiligung nicht.",
                    "There is no such change in the scenarios of this participation.",
                )
            )
    of.change_step = step


def followed(db: Session, of: Contribution) -> tuple[Scenario, Change] | None:
    """The scenario and the first change of the step to which a contribution led."""
    if of.change_step is None:
        return None
    change = db.scalar(select(Change).where(Change.step == of.change_step).order_by(Change.id).limit(1))
    scenario = db.get(Scenario, change.scenario_id) if change is not None else None
    return (scenario, change) if scenario is not None and change is not None else None


def led_to(db: Session, steps: list[int]) -> dict[int, list[Contribution]]:
    """Step -> the contributions that led to it, of those that everyone may see."""
    found: dict[int, list[Contribution]] = {}
    asked = select(Contribution).where(Contribution.change_step.in_(steps), Contribution.state == "published")
    for one in db.scalars(asked.order_by(Contribution.number)):
        found.setdefault(one.change_step or 0, []).append(one)
    return found


def by_number(db: Session, session: int, number: int) -> Contribution:
    found = None
    if abs(number) < 2**31:
        found = db.scalar(
            select(Contribution).where(Contribution.participation_id == session, Contribution.number == number)
        )
    if found is None:
        raise NotFound(
            Words(f"Einen Beitrag Nr. {number} gibt es hier nicht.", f"There is no contribution no. {number} here.")
        )
    return found


class Filter(NamedTuple):
    """What a list is asked for. words: looked for in the text, the place and the number."""

    words: str = ""
    state: str = ""
    status: str = ""
    category: int | None = None


def asked_for(session: Participation, wanted: Filter) -> Select[Any]:
    """The contributions of a session that fit; those that wait come first, then the newest."""
    found = select(Contribution).where(Contribution.participation_id == session.id)
    for word in wanted.words.lower().split()[:8]:
        found = found.where(
            or_(
                func.lower(Contribution.text).contains(word, autoescape=True),
                func.lower(Contribution.place).contains(word, autoescape=True),
                cast(Contribution.number, String) == word.lstrip("#"),
            )
        )
    for name, value in (("state", wanted.state), ("status", wanted.status), ("category_id", wanted.category)):
        if value:
            found = found.where(getattr(Contribution, name) == value)
    return found.order_by((Contribution.state != "waiting"), Contribution.number.desc())


class Beside(NamedTuple):
    """What belongs to contributions, by their id."""

    agree: dict[int, int]
    disagree: dict[int, int]
    comments: dict[int, int]  # that everyone sees
    photos: set[int]
    answers: dict[int, list[Answer]]
    categories: dict[int, str]


def beside(db: Session, session: Participation) -> Beside:
    ours = select(Contribution.id).where(Contribution.participation_id == session.id)
    rated = select(Rating.contribution_id, Rating.value, func.count()).where(Rating.contribution_id.in_(ours))
    voices = db.execute(rated.group_by(Rating.contribution_id, Rating.value)).all()
    commented = select(Comment.contribution_id, func.count()).where(Comment.state == "published")
    answers: dict[int, list[Answer]] = {}
    for one in db.scalars(select(Answer).where(Answer.contribution_id.in_(ours)).order_by(Answer.id)):
        answers.setdefault(one.contribution_id, []).append(one)
    titles = db.execute(select(Category.id, Category.title).where(Category.participation_id == session.id))
    return Beside(
        agree={id: count for id, value, count in voices if value > 0},
        disagree={id: count for id, value, count in voices if value < 0},
        comments=dict(db.execute(commented.group_by(Comment.contribution_id)).all()),
        photos=set(db.scalars(select(Photo.contribution_id).where(Photo.contribution_id.in_(ours)))),
        answers=answers,
        categories=dict(titles.all()),
    )


def touched(of: Contribution) -> None:
    of.changed_at = now()


def _still_there(of: Contribution) -> None:
    if of.state in ("withdrawn", "merged"):
        raise BadValue(
            Words(
                "Dieser Beitrag wurde zurückgezogen oder zusammengelegt.", "This contribution was withdrawn or merged."
            )
        )


def _needed(text: str, de: str, en: str) -> str:
    text = " ".join(text.split())[:REASON]
    if not text:
        raise BadValue(Words(de, en))
    return text
