"""The diary: every change of every scenario, with what was there before and after. Rows are only ever added."""

import datetime as dt

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from scenarios.project import now
from twin.feature import Stored


class Change(Stored):
    """One feature, changed once. Changes of one action share a `step`, which is the id of the first of them."""

    __tablename__ = "change"
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[int] = mapped_column(primary_key=True)
    scenario_id: Mapped[int] = mapped_column(ForeignKey("scenario.id"))
    step: Mapped[int]
    verb: Mapped[str]  # "place", "clear" or "restore"
    what: Mapped[str]  # the action, as the history names it: a key of the page's words ("draw", "height", "undo" ...)
    undoes: Mapped[int | None]  # the step that this one takes back
    layer: Mapped[str]
    uid: Mapped[str]
    version: Mapped[int]  # of the feature afterwards; never used twice for one feature of a scenario
    before: Mapped[str | None]  # the scenario's own row as JSON, or nothing: it had none
    after: Mapped[str | None]
    min_x: Mapped[float | None]  # where it happened, in the city's metres: before and after together
    min_y: Mapped[float | None]
    max_x: Mapped[float | None]
    max_y: Mapped[float | None]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[dt.datetime] = mapped_column(default=now)
