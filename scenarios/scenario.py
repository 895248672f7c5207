"""A scenario is a named future of the city. It holds only what differs from today, which is scenario 0."""

from sqlalchemy.orm import Mapped, mapped_column

from twin.feature import Stored


class Scenario(Stored):
    __tablename__ = "scenario"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
