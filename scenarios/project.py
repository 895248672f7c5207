"""A project: an area of the city, a brief, its people and its scenarios."""

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from twin.feature import Stored
from twin.shape import Shape


def now() -> dt.datetime:
    """UTC, in whole seconds and without a zone, as the store keeps it."""
    return dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0)


class Person(Stored):
    """Someone who works with the city: a planner, a moderator, an administrator. Citizens need no account."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    email: Mapped[str | None]
    password: Mapped[str | None]  # argon2id; nobody's where they come by OpenID Connect
    subject: Mapped[str | None] = mapped_column(unique=True)  # OpenID Connect: issuer and subject
    is_administrator: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)
    must_change: Mapped[bool] = mapped_column(default=False)  # the password, which an administrator has set
    session: Mapped[str] = mapped_column(default="")  # changes with each logout everywhere: older cookies end
    made_at: Mapped[dt.datetime] = mapped_column(default=now)


class Attempt(Stored):
    """Failed logins in a row, under a name (whether or not there is one) or from an address."""

    __tablename__ = "attempt"

    key: Mapped[str] = mapped_column(primary_key=True)  # hashed: some type their password where the name belongs
    failures: Mapped[int]
    last: Mapped[dt.datetime]


class Project(Stored):
    __tablename__ = "project"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    brief: Mapped[str] = mapped_column(default="")
    area: Mapped[Any | None] = mapped_column("geom", Shape("GEOMETRY"))  # polygons, in the city's metres
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[dt.datetime] = mapped_column(default=now)
    archived_at: Mapped[dt.datetime | None]


class Membership(Stored):
    """What a person may do in a project."""

    __tablename__ = "membership"

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str]  # "planner", "moderator" or "viewer"


class Assumption(Stored):
    """A town's or a project's own value for an assumption of rules/assumptions.toml."""

    __tablename__ = "assumption"

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"))  # None: of the whole city
    name: Mapped[str]
    value: Mapped[float]
    reason: Mapped[str] = mapped_column(default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[dt.datetime] = mapped_column(default=now)


class AssumptionChange(Stored):
    """That an assumption was set or taken back. Rows are only added."""

    __tablename__ = "assumption_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"))  # None: of the whole city
    name: Mapped[str]
    before: Mapped[float]  # what held until then, whoever had set it
    after: Mapped[float]
    is_reset: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[dt.datetime] = mapped_column(default=now)


class Viewpoint(Stored):
    """A picture that is worth showing: one stop on the walk through a project."""

    __tablename__ = "viewpoint"

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    scenario_id: Mapped[int] = mapped_column(ForeignKey("scenario.id"))
    position: Mapped[int]  # on the walk, from 1
    title: Mapped[str]
    text: Mapped[str] = mapped_column(default="")
    view: Mapped[str]  # the page's address after the #
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[dt.datetime] = mapped_column(default=now)
