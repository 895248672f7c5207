"""A session that comes with a project's file: run through the verbs that citizens and moderators have."""

import datetime as dt
import hashlib
from typing import Any

from shapely.geometry import shape
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from layers.buildings import Building
from scenarios.diary import Change
from scenarios.participation import contributing, moderating, sessions
from scenarios.participation.allowed import today
from scenarios.participation.contributing import Said
from scenarios.participation.tables import Contribution, Participation
from scenarios.project import Person, Project, now
from twin.feature import TODAY, Scenario

DAY = dt.timedelta(days=1)


def bring_session(db: Session, project: Project, person: Person | None, told: dict[str, Any]) -> Participation:
    """The session as it would stand today, had it begun when the file says. Phases are told in days from today."""
    designs = list(db.scalars(select(Scenario).where(Scenario.project_id == project.id).order_by(Scenario.id)))
    begun = today()
    made = sessions.make_session(
        db, None, project,
        sessions.Told(
            title=told["title"], text=told["text"], privacy=told["privacy"], contact=told["contact"],
            scenarios=[one.id for one in designs], categories=told["categories"], area=shape(told["area"]),
            phases={kind: (begun + first * DAY, begun + last * DAY) for kind, (first, last) in told["phases"].items()},
            questions=[(title, choices) for title, choices in told["questions"]], formal=told["formal"],
            moderation=told["moderation"],
            **{name: told.get(name, "") for name in ("title_en", "text_en", "simple")},
        ),
    )  # fmt: skip
    made.made_by = person.id if person else None
    sessions.open_session(db, made)
    categories = {one.title: one.id for one in sessions.categories_of(db, made)}
    question = sessions.questions_of(db, made)[0].id
    for i, voice in enumerate(told["voices"]):
        scenario = TODAY if voice["design"] is None else designs[voice["design"]].id
        said = _said(db, voice, scenario, categories[voice["category"]], question)
        one = contributing.contribute(
            db, made, said, pseudonym=_name(made, f"voice-{i}"), ticket=f"brought-{made.id}-{i}",
            secret=hashlib.sha256(f"{made.id}-{i}-{now()}".encode()).hexdigest(),
        )  # fmt: skip
        _became(db, made, one, person, voice)
    db.flush()
    return made


def _said(db: Session, voice: dict[str, Any], scenario: int, category: int, question: int) -> Said:
    thing, place = voice.get("thing"), voice.get("geometry")
    building = None
    if thing:
        building = db.scalar(select(Building).where(Building.scenario_id == TODAY, Building.name == thing).limit(1))
    return Said(
        voice["text"] or "–", scenario=scenario, category=category, way=voice.get("way", "online"),
        shape=building.shape.centroid if building else shape(place) if place else None,
        layer="buildings" if building else None, uid=building.uid if building else None, place=thing or "",
        replies={question: voice["reply"]} if voice["reply"] else {},
    )  # fmt: skip


def _became(db: Session, made: Participation, one: Contribution, person: Person | None, voice: dict[str, Any]) -> None:
    """What moderators did with it, and what others thought of it."""
    became = voice["became"]
    one.made_at = one.changed_at = now() - dt.timedelta(hours=voice["hours_ago"])
    if became in moderating.STATUS:
        moderating.publish(one)
        moderating.set_status(one, became)
    elif became == "asked":
        moderating.ask_back(one, voice["reason"])
    elif became == "hidden":
        moderating.hide(one, voice["reason"])
    elif became == "merged":
        moderating.merge(db, one, voice["into"])
    elif became == "withdrawn":
        contributing.withdraw(db, one)
    for value, count in ((1, voice["agree"]), (-1, voice["disagree"])):
        for i in range(count):
            contributing.rate(db, one, value, pseudonym=_name(made, f"{value}-{i}"))
    for i, words in enumerate(voice.get("comments", [])):
        said = contributing.comment(
            db, made, one, words, pseudonym=_name(made, f"comment-{one.id}-{i}"), ticket=f"brought-{one.id}-{i}",
            trusted=True,
        )  # fmt: skip
        said.state, said.made_at = "published", min(one.made_at + DAY, now())
    moderating.assign(one, voice.get("office", ""))
    if voice.get("answer"):
        moderating.answer(db, one, person, voice["answer"]).made_at = min(one.made_at + 5 * DAY, now())
    if voice.get("linked"):
        moderating.link(db, one, db.scalar(select(func.max(Change.step)).where(Change.scenario_id == one.scenario)))


def _name(made: Participation, who: str) -> str:
    """A pseudonym, the same for the same voice: of 83 who agree with one thing many agree with another."""
    return hashlib.sha256(f"{made.id}-{who}".encode()).hexdigest()[:12]
