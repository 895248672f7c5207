"""Lines of public transport, and their timetable: which trip calls at which stop, when, on which days."""

import datetime as dt

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from layers.codes import LINE_KINDS
from twin.feature import Feature, Stored, Words, field


class Line(Feature):
    __tablename__ = "lines"
    title = Words("Linien", "Lines")
    lined = True
    look = {"color": [11, 110, 110]}

    number: Mapped[str | None] = field("Linie", "Line")
    name: Mapped[str | None] = field("Verlauf", "Route")
    kind: Mapped[str | None] = field("Verkehrsmittel", "Means of transport", codes=LINE_KINDS)
    operator: Mapped[str | None] = field("Betreiber", "Operator")
    color: Mapped[str | None] = field("Farbe", "Colour")  # "0b6e6e"
    trips: Mapped[int | None] = field("Fahrten am Werktag", "Trips on a weekday")
    # Of a line that a scenario draws; one that was loaded has its timetable. Both are read by layers/headways.py.
    headways: Mapped[str | None] = field("Takt", "Headways")  # "6-9:10;9-20:15"
    calls: Mapped[str | None] = field("Halte", "Calls")  # "stop-1@0;stop-2@4"


class Trip(Stored):
    """One run of a line. A trip by headway (GTFS frequencies) is one row that repeats every `headway` seconds."""

    __tablename__ = "trip"

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"), index=True)
    uid: Mapped[str] = mapped_column(index=True)
    line: Mapped[str] = mapped_column(index=True)  # uid
    service: Mapped[str] = mapped_column(index=True)
    headsign: Mapped[str | None]
    direction: Mapped[int | None]
    headway: Mapped[int | None]  # seconds
    first: Mapped[int | None]  # seconds after midnight of the service day: from when, until when the headway holds
    last: Mapped[int | None]


class StopTime(Stored):
    """A trip calls at a stop. Times are seconds after midnight of the service day and may pass 24:00."""

    __tablename__ = "stop_time"
    __table_args__ = (Index("ix_stop_time_trip", "trip", "place"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"), index=True)
    trip: Mapped[str]  # uid
    place: Mapped[int]  # 0, 1, 2 ... along the trip
    stop: Mapped[str] = mapped_column(index=True)  # uid
    arrival: Mapped[int]
    departure: Mapped[int]


class ServiceDay(Stored):
    """A day on which the trips of a service run."""

    __tablename__ = "service_day"

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"), index=True)
    service: Mapped[str]
    day: Mapped[dt.date] = mapped_column(index=True)


TIMETABLE = {table.__tablename__: table for table in (Trip, StopTime, ServiceDay)}
