"""What is kept of a participation session. Personal data stand in one table alone, with the day on which they go."""

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from scenarios.project import now
from twin.feature import TODAY, Stored
from twin.shape import Shape


class Participation(Stored):
    """A session in which citizens say what they think of published scenarios of a project."""

    __tablename__ = "participation"

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    title: Mapped[str]
    text: Mapped[str] = mapped_column(default="")
    area: Mapped[Any | None] = mapped_column("geom", Shape("GEOMETRY"))  # polygons, in the city's metres
    state: Mapped[str] = mapped_column(default="draft")  # or "open": for everyone to see
    formal: Mapped[str] = mapped_column(default="informal")  # or "3-1", "3-2": BauGB section 3 (1), (2)
    moderation: Mapped[str] = mapped_column(default="before")  # or "after": what is said is seen at once
    code: Mapped[str] = mapped_column(default="")  # who takes part has to know it; nothing: everyone may
    contact: Mapped[str] = mapped_column(default="")
    privacy: Mapped[str] = mapped_column(default="")
    title_en: Mapped[str] = mapped_column(default="")
    text_en: Mapped[str] = mapped_column(default="")
    simple: Mapped[str] = mapped_column(default="")  # the text in Leichte Sprache
    invited: Mapped[bool] = mapped_column(default=False)  # who takes part needs a code of their own
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[dt.datetime] = mapped_column(default=now)


class Shown(Stored):
    """A scenario that a session is about."""

    __tablename__ = "participation_scenario"

    participation_id: Mapped[int] = mapped_column(ForeignKey("participation.id"), primary_key=True)
    scenario_id: Mapped[int] = mapped_column(ForeignKey("scenario.id"), primary_key=True)
    position: Mapped[int]


class Phase(Stored):
    """From when to when something may be done. Phases of one session may run at the same time."""

    __tablename__ = "phase"

    id: Mapped[int] = mapped_column(primary_key=True)
    participation_id: Mapped[int] = mapped_column(ForeignKey("participation.id"))
    kind: Mapped[str]  # of allowed.PHASES
    begins: Mapped[dt.date]
    ends: Mapped[dt.date]  # the last day


class Category(Stored):
    __tablename__ = "category"

    id: Mapped[int] = mapped_column(primary_key=True)
    participation_id: Mapped[int] = mapped_column(ForeignKey("participation.id"))
    title: Mapped[str]
    position: Mapped[int]


class Question(Stored):
    """What is asked beside the text: with choices, one to a line, it is a poll."""

    __tablename__ = "question"

    id: Mapped[int] = mapped_column(primary_key=True)
    participation_id: Mapped[int] = mapped_column(ForeignKey("participation.id"))
    title: Mapped[str]
    choices: Mapped[str] = mapped_column(default="")
    position: Mapped[int]


class Contribution(Stored):
    """What a citizen says, of a thing, of a place, or of the whole."""

    __tablename__ = "contribution"

    id: Mapped[int] = mapped_column(primary_key=True)
    participation_id: Mapped[int] = mapped_column(ForeignKey("participation.id"))
    number: Mapped[int]  # in its session, on the pin
    scenario: Mapped[int] = mapped_column(ForeignKey("scenario.id"), default=TODAY)  # that was seen
    category_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"))
    text: Mapped[str]
    shape: Mapped[Any | None] = mapped_column("geom", Shape("GEOMETRY"))  # where, in the city's metres
    layer: Mapped[str | None]  # the thing that was tapped
    uid: Mapped[str | None]
    place: Mapped[str] = mapped_column(default="")  # what it is called
    pseudonym: Mapped[str]  # of whoever wrote it, in this session alone
    ticket: Mapped[str] = mapped_column(unique=True)  # of the form: sent twice, it is stored once
    way: Mapped[str] = mapped_column(default="online")  # or "paper", "spoken": keyed in by the city
    state: Mapped[str]  # "waiting", "published", "asked" (back), "hidden", "merged" or "withdrawn"
    checked: Mapped[bool] = mapped_column(default=False)  # a moderator has seen this text and this photo
    status: Mapped[str] = mapped_column(default="new")  # of moderating.STATUS
    reason: Mapped[str] = mapped_column(default="")  # why it is hidden, or what was asked back
    office: Mapped[str] = mapped_column(default="")  # that it is assigned to
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("contribution.id"))
    change_step: Mapped[int | None]  # of the diary: what was changed in a scenario because of it
    made_at: Mapped[dt.datetime] = mapped_column(default=now)
    changed_at: Mapped[dt.datetime] = mapped_column(default=now)


class Reply(Stored):
    """What a contribution says to a question of the session."""

    __tablename__ = "reply"

    contribution_id: Mapped[int] = mapped_column(ForeignKey("contribution.id"), primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), primary_key=True)
    text: Mapped[str]


class Photo(Stored):
    __tablename__ = "photo"

    contribution_id: Mapped[int] = mapped_column(ForeignKey("contribution.id"), primary_key=True)
    jpeg: Mapped[bytes]  # made anew: without the camera's data and place


class Rating(Stored):
    __tablename__ = "rating"

    contribution_id: Mapped[int] = mapped_column(ForeignKey("contribution.id"), primary_key=True)
    pseudonym: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int]  # 1 or -1


class Comment(Stored):
    __tablename__ = "comment"

    id: Mapped[int] = mapped_column(primary_key=True)
    contribution_id: Mapped[int] = mapped_column(ForeignKey("contribution.id"))
    text: Mapped[str]
    pseudonym: Mapped[str]
    ticket: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str]  # "waiting", "published" or "hidden"
    reason: Mapped[str] = mapped_column(default="")
    made_at: Mapped[dt.datetime] = mapped_column(default=now)


class Answer(Stored):
    """What the city says to a contribution."""

    __tablename__ = "answer"

    id: Mapped[int] = mapped_column(primary_key=True)
    contribution_id: Mapped[int] = mapped_column(ForeignKey("contribution.id"))
    text: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[dt.datetime] = mapped_column(default=now)


class SessionPicture(Stored):
    """A picture that says what a session is about."""

    __tablename__ = "session_picture"

    id: Mapped[int] = mapped_column(primary_key=True)
    participation_id: Mapped[int] = mapped_column(ForeignKey("participation.id"))
    jpeg: Mapped[bytes]
    caption: Mapped[str]  # also for those who do not see it


class Invitation(Stored):
    """A code for one person."""

    __tablename__ = "invitation"

    code: Mapped[str] = mapped_column(primary_key=True)  # sha256, with the number of the session
    participation_id: Mapped[int] = mapped_column(ForeignKey("participation.id"))
    pseudonym: Mapped[str | None]  # of whoever used it


class Personal(Stored):
    """All that could lead to a person: the key of their secret link, and the address that they left.

    With a contribution: of its author. Without: of somebody who wants to hear of a session, or of a place in it.
    """

    __tablename__ = "personal"

    id: Mapped[int] = mapped_column(primary_key=True)
    participation_id: Mapped[int] = mapped_column(ForeignKey("participation.id"))
    contribution_id: Mapped[int | None] = mapped_column(ForeignKey("contribution.id"), unique=True)
    secret: Mapped[str] = mapped_column(unique=True)  # sha256
    address: Mapped[str | None]  # for an answer, or for news, and for nothing else
    confirmed_at: Mapped[dt.datetime | None]
    delete_on: Mapped[dt.date]
    x: Mapped[float | None]  # the place of a subscription, in the city's metres, and how far around it
    y: Mapped[float | None]
    metres: Mapped[float | None]
    site: Mapped[str | None]  # the address under which they know the city: where links lead
    told_at: Mapped[dt.datetime | None]  # until when they have heard all news
