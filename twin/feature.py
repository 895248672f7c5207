"""A feature is one thing in the city: a building, a tree, a stretch of road."""

import datetime as dt
from typing import Any, NamedTuple

from sqlalchemy import Column, DateTime, Double, ForeignKey, Text, UniqueConstraint, inspect
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from twin.shape import Shape

TODAY = 0  # the scenario that every other one is drawn upon


class Words(NamedTuple):
    """A word of the page in its two languages."""

    de: str
    en: str


# UTC, as GeoPackage writes it: 2026-03-21T14:20:00.000Z
_IN_A_FILE = sqlite.DATETIME(
    storage_format="%(year)04d-%(month)02d-%(day)02dT%(hour)02d:%(minute)02d:%(second)02d.000Z",
    regexp=r"(\d+)-(\d+)-(\d+)T(\d+):(\d+):(\d+)",
)
MOMENT = DateTime().with_variant(_IN_A_FILE, "sqlite")


class Stored(DeclarativeBase):
    """Everything the project keeps in its database."""

    type_annotation_map = {str: Text, float: Double, dt.datetime: MOMENT}  # the names and forms GeoPackage knows


class Source(Stored):
    """Where features came from: one file, read once, into one layer."""

    __tablename__ = "source"

    id: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[str]  # as the planner named it
    kind: Mapped[str]  # "CityGML", "GTFS" ...
    layer: Mapped[str]
    crs: Mapped[str | None]  # as the file has it: "EPSG:25832"
    delivered: Mapped[dt.date | None]  # the date that the file itself bears, else the file's own
    read_at: Mapped[dt.datetime]
    licence: Mapped[str | None]
    notes: Mapped[str | None]


class Scenario(Stored):
    """A named future of the city. It holds only what differs from today, which is scenario 0."""

    __tablename__ = "scenario"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="draft")  # "draft", "published" (for everyone to see) or "archived"
    project_id: Mapped[int | None]  # today has none; this and made_by are keys of tables on a floor above
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("scenario.id"))  # what it was forked from
    made_by: Mapped[int | None]
    made_at: Mapped[dt.datetime | None]
    published_at: Mapped[dt.datetime | None]


class Feature(Stored):
    """What all layers share. A row with the same `uid` in a scenario stands in for today's."""

    __abstract__ = True
    title: Words  # of the layer, on the page
    look: dict[str, Any] = {}  # how the layer is drawn: `color` [r, g, b], and what `web/view3d.py` knows of
    geometry = "GEOMETRY"  # the kind that GeoPackage and QGIS are told
    outlined = False  # only polygons are of this layer: a point is no building
    lined = False  # only lines are of this layer

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str]  # the cadastre's number where there is one: it outlives a re-import
    scenario_id: Mapped[int] = mapped_column(ForeignKey("scenario.id"), default=TODAY)
    gone: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=0)  # grows with each edit; what a late editor is told by
    source_id: Mapped[int | None] = mapped_column(ForeignKey("source.id"))
    estimated: Mapped[str | None]  # "storeys: height / 3.2 m; use: from the function", or nothing

    @declared_attr
    def shape(cls) -> Mapped[Any]:
        return mapped_column("geom", Shape(cls.geometry))

    @declared_attr.directive
    def __table_args__(cls):
        return (UniqueConstraint("uid", "scenario_id"),)  # in this order: a window asks by uid

    @classmethod
    def fields(cls) -> list[Column]:
        """The columns a planner fills in, each with its title and unit."""
        return [column for column in inspect(cls).columns if "title" in column.info]


def field(de: str, en: str, unit: str = "", *, codes: dict[str, Words] | None = None, hidden: bool = False) -> Any:
    """A column of a layer: its German and English title, its unit, its value list.

    hidden: not shown in tables and inspectors (geometry parts).
    """
    return mapped_column(info={"title": Words(de, en), "unit": unit, "codes": codes, "hidden": hidden})
