"""What became of a session: how many took part, what about, what was decided; and the contributions as plain rows."""

from collections import Counter
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scenarios.participation.moderating import DECIDED, STATUS, beside
from scenarios.participation.sessions import questions_of
from scenarios.participation.tables import Comment, Contribution, Participation, Rating, Reply
from twin.feature import TODAY, Scenario

COLUMNS = (
    "number", "made_on", "way", "scenario", "category", "text", "place", "layer", "uid", "status", "agree", "disagree",
    "comments", "answer", "kind", "length_m", "area_m2",
)  # of an export: nothing that leads to a person, no pseudonym, and the day without its hour  # fmt: skip


class Results(NamedTuple):
    """Counts. category and status: name -> how many, in the order in which they are shown."""

    contributions: int
    participants: int  # pseudonyms: one person with two browsers counts twice
    ratings: int
    comments: int
    answered: int
    decided: int
    hidden: int
    category: dict[str, int]
    status: dict[str, int]
    scenario: dict[str, int]
    placed: int
    polls: list[tuple[str, list[tuple[str, int]]]]


def results_of(db: Session, session: Participation) -> Results:
    rows = published(db, session)
    belongs = beside(db, session)
    ours = select(Contribution.id).where(Contribution.participation_id == session.id, Contribution.state == "published")
    rated = db.execute(select(Rating.pseudonym).where(Rating.contribution_id.in_(ours))).scalars().all()
    comments = db.scalars(
        select(Comment.pseudonym).where(Comment.contribution_id.in_(ours), Comment.state == "published")
    ).all()
    people = {one.pseudonym for one in rows} | set(rated) | set(comments)
    status, about = Counter(one.status for one in rows), Counter(one.category_id for one in rows)
    seen, titles = Counter(one.scenario for one in rows), _titles(db, rows)
    hidden = select(func.count()).where(Contribution.participation_id == session.id, Contribution.state == "hidden")
    return Results(
        contributions=len(rows), participants=len(people), ratings=len(rated), comments=len(comments),
        answered=sum(1 for one in rows if one.id in belongs.answers),
        decided=sum(status[name] for name in DECIDED), hidden=db.scalar(hidden) or 0,
        category={title: about[id] for id, title in belongs.categories.items() if about[id]},
        status={name: status[name] for name in STATUS if status[name]},
        scenario={titles.get(id, ""): count for id, count in seen.most_common()},
        placed=sum(1 for one in rows if one.shape is not None), polls=_polls(db, session),
    )  # fmt: skip


def published(db: Session, session: Participation) -> list[Contribution]:
    asked = select(Contribution).where(Contribution.participation_id == session.id, Contribution.state == "published")
    return list(db.scalars(asked.order_by(Contribution.number)))


def rows_of(db: Session, session: Participation) -> list[dict[str, Any]]:
    """The published contributions by the names of COLUMNS, and their `shape` in the city's metres."""
    belongs, found = beside(db, session), published(db, session)
    titles = _titles(db, found)
    return [
        {
            "number": one.number, "made_on": one.made_at.date().isoformat(), "way": one.way,
            "scenario": titles.get(one.scenario, ""), "category": belongs.categories.get(one.category_id or 0, ""),
            "text": one.text, "place": one.place, "layer": one.layer or "", "uid": one.uid or "",
            "status": one.status, "agree": belongs.agree.get(one.id, 0), "disagree": belongs.disagree.get(one.id, 0),
            "comments": belongs.comments.get(one.id, 0),
            "answer": "\n\n".join(answer.text for answer in belongs.answers.get(one.id, [])),
            "shape": one.shape, **_measured(one.shape),
        }
        for one in found
    ]  # fmt: skip


def _measured(shape: Any) -> dict[str, Any]:
    """What was drawn, and how large it is: metres of a line, square metres of an area, 0 of all else."""
    drawn = shape.geom_type if shape is not None else ""
    return {
        "kind": {"Point": "point", "LineString": "line", "Polygon": "area"}.get(drawn, ""),
        "length_m": round(shape.length, 1) if drawn == "LineString" else 0.0,
        "area_m2": round(shape.area, 1) if drawn == "Polygon" else 0.0,
    }


def _titles(db: Session, rows: list[Contribution]) -> dict[int, str]:
    found = select(Scenario.id, Scenario.title).where(Scenario.id.in_({one.scenario for one in rows} - {TODAY}))
    return dict(db.execute(found).all())


def _polls(db: Session, session: Participation) -> list[tuple[str, list[tuple[str, int]]]]:
    """Questions with choices: how many chose each, also none."""
    polls = []
    for question in questions_of(db, session):
        if not question.choices:
            continue
        counted = select(Reply.text, func.count()).join(Contribution, Contribution.id == Reply.contribution_id)
        counted = counted.where(Reply.question_id == question.id, Contribution.state == "published")
        counts = dict(db.execute(counted.group_by(Reply.text)).all())
        polls.append((question.title, [(choice, counts.get(choice, 0)) for choice in question.choices.split("\n")]))
    return polls
