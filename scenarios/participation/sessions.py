"""A session: opened on published scenarios of a project, described, and given its phases, categories and questions."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from scenarios.participation.allowed import PHASES
from scenarios.participation.tables import Category, Contribution, Participation, Phase, Question, Reply, Shown
from scenarios.permissions import allow
from scenarios.project import Person, Project
from scenarios.projects import fit_area, fit_text, fit_title
from twin.errors import BadValue
from twin.feature import Scenario, Words

FORMAL = ("informal", "3-1", "3-2")
MODERATION = ("before", "after")
ACCESS = ("anyone", "code", "invited")
MOST = 20  # categories, questions, choices of one
TITLE = 120  # letters of each of them
KEPT = dt.timedelta(days=365)  # personal data, after the last phase


class Told(NamedTuple):
    """All that a planner says of a session. phases: kind -> first and last day. questions: title, choices by lines."""

    title: str
    text: str
    scenarios: Sequence[int]
    phases: dict[str, tuple[dt.date, dt.date]]
    categories: Sequence[str]
    questions: Sequence[tuple[str, str]] = ()
    formal: str = "informal"
    moderation: str = "before"
    code: str = ""
    contact: str = ""
    privacy: str = ""
    area: Any | None = None
    title_en: str = ""
    text_en: str = ""
    simple: str = ""
    access: str = ""  # of ACCESS; empty: by the code, where there is one


def make_session(db: Session, person: Person | None, project: Project, told: Told) -> Participation:
    """A draft, which the project's people alone see. Raises BadValue; the caller commits. person: None for a file."""
    if person is not None:
        allow(person, "manage", project)
    session = Participation(project_id=project.id, title=fit_title(told.title), made_by=person.id if person else None)
    db.add(session)
    db.flush()
    _describe(db, session, told)
    return session


def describe_session(db: Session, session: Participation, told: Told) -> None:
    """Says it anew. What citizens have said stays, with the categories and questions that it bears."""
    _describe(db, session, told)


def open_session(db: Session, session: Participation) -> None:
    """For everyone to see, from now on."""
    if not scenarios_of(db, session):
        raise BadValue(
            Words(
                "Keine der gewählten Varianten ist veröffentlicht. Veröffentlichen Sie zuerst eine.",
                "None of the chosen scenarios is published. Publish one first.",
            )
        )
    session.state = "open"


def close_session(session: Participation) -> None:
    """A draft again: everyone else sees nothing more of it; nothing is lost."""
    session.state = "draft"


def scenarios_of(db: Session, session: Participation) -> list[Scenario]:
    """Those that everyone may see: a scenario that was withdrawn is not among them."""
    found = select(Scenario).join(Shown, Shown.scenario_id == Scenario.id)
    found = found.where(Shown.participation_id == session.id, Scenario.state == "published")
    return list(db.scalars(found.order_by(Shown.position)))


def chosen(db: Session, session: Participation) -> list[int]:
    return list(db.scalars(select(Shown.scenario_id).where(Shown.participation_id == session.id)))


def categories_of(db: Session, session: Participation) -> list[Category]:
    found = select(Category).where(Category.participation_id == session.id).order_by(Category.position, Category.id)
    return list(db.scalars(found))


def questions_of(db: Session, session: Participation) -> list[Question]:
    found = select(Question).where(Question.participation_id == session.id).order_by(Question.position, Question.id)
    return list(db.scalars(found))


def access_of(session: Participation) -> str:
    return "invited" if session.invited else "code" if session.code else "anyone"


def last_day(db: Session, session: Participation) -> dt.date:
    return db.scalar(select(func.max(Phase.ends)).where(Phase.participation_id == session.id)) or dt.date.today()


def _describe(db: Session, session: Participation, told: Told) -> None:
    session.title, session.text = fit_title(told.title), fit_text(told.text)
    session.contact, session.privacy = fit_text(told.contact), fit_text(told.privacy)
    session.area = None if told.area is None else fit_area(told.area)
    session.formal = _one_of(FORMAL, told.formal)
    session.moderation = _one_of(MODERATION, told.moderation)
    session.title_en = fit_title(told.title_en) if told.title_en.strip() else ""
    session.text_en, session.simple = fit_text(told.text_en), fit_text(told.simple)
    _set_access(session, told.access, " ".join(told.code.split())[:40])
    _set_scenarios(db, session, told.scenarios)
    _set_phases(db, session, told.phases)
    _set_categories(db, session, told.categories)
    _set_questions(db, session, told.questions)
    db.flush()


def _set_access(session: Participation, access: str, code: str) -> None:
    access = _one_of(ACCESS, access or ("code" if code else "anyone"))
    if access == "code" and not code:
        raise BadValue(
            Words("Nennen Sie den Zugangscode, oder lassen Sie alle mitmachen.", "Give the code, or let everyone in.")
        )
    session.code, session.invited = code if access == "code" else "", access == "invited"


def _one_of(known: tuple[str, ...], value: str) -> str:
    if value not in known:
        raise BadValue(
            Words(f"„{value[:20]}“ gibt es hier nicht: {', '.join(known)}.", f"Choose one of {', '.join(known)}.")
        )
    return value


def _set_scenarios(db: Session, session: Participation, ids: Sequence[int]) -> None:
    ours = select(Scenario.id).where(Scenario.project_id == session.project_id, Scenario.id.in_(ids))
    known = set(db.scalars(ours))
    if not ids or set(ids) - known:
        raise BadValue(
            Words("Wählen Sie mindestens eine Variante des Projekts.", "Choose at least one scenario of the project.")
        )
    db.execute(delete(Shown).where(Shown.participation_id == session.id))
    db.add_all(Shown(participation_id=session.id, scenario_id=id, position=i) for i, id in enumerate(ids))


def _set_phases(db: Session, session: Participation, phases: dict[str, tuple[dt.date, dt.date]]) -> None:
    if not phases:
        raise BadValue(Words("Geben Sie mindestens einer Phase Tage.", "Give at least one phase its days."))
    for kind, (begins, ends) in phases.items():
        if kind not in PHASES or begins > ends:
            raise BadValue(
                Words(
                    f"Eine Phase endet vor ihrem Anfang ({begins:%d.%m.%Y}). Bitte ändern Sie die Tage.",
                    f"A phase ends before it begins ({begins:%Y-%m-%d}). Please change its days.",
                )
            )
    db.execute(delete(Phase).where(Phase.participation_id == session.id))
    for kind, (begins, ends) in phases.items():
        db.add(Phase(participation_id=session.id, kind=kind, begins=begins, ends=ends))


def _set_categories(db: Session, session: Participation, titles: Sequence[str]) -> None:
    titles = _few([fit_title(title) for title in titles if title.strip()])
    there = {one.title: one for one in categories_of(db, session)}
    used = set(db.scalars(select(Contribution.category_id).where(Contribution.participation_id == session.id)))
    for title, one in there.items():
        if title not in titles and one.id not in used:
            db.delete(one)
    for position, title in enumerate(titles):
        if title in there:
            there[title].position = position
        else:
            db.add(Category(participation_id=session.id, title=title, position=position))


def _set_questions(db: Session, session: Participation, questions: Sequence[tuple[str, str]]) -> None:
    asked = _few([(fit_title(title), _choices(choices)) for title, choices in questions if title.strip()])
    there = {one.title: one for one in questions_of(db, session)}
    for title, one in there.items():
        if title not in dict(asked) and not db.scalar(select(Reply.text).where(Reply.question_id == one.id).limit(1)):
            db.delete(one)
    for position, (title, choices) in enumerate(asked):
        if title in there:
            there[title].choices, there[title].position = choices, position
        else:
            db.add(Question(participation_id=session.id, title=title, choices=choices, position=position))


def _choices(text: str) -> str:
    return "\n".join(_few([" ".join(line.split())[:TITLE] for line in text.splitlines() if line.strip()]))


def _few(values: list) -> list:
    if len(values) > MOST:
        raise BadValue(Words(f"Mehr als {MOST} sind zu viele.", f"More than {MOST} are too many."))
    return list(dict.fromkeys(values))
