"""The planned city, one SQL view a layer: the 3D view, QGIS and the indicators all read the same rows."""

from functools import cache

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Integer,
    MetaData,
    Table,
    Text,
    case,
    exists,
    literal_column,
    null,
)
from sqlalchemy.orm import aliased

from twin.feature import TODAY, Feature
from twin.shape import Shape


@cache
def planned(layer: type[Feature]) -> Table:
    """The layer's view, to select from. Its text is twin/planned_view.sql; `fid` numbers the rows of all scenarios."""
    own = {"id", "uid", "scenario_id", "gone", "version", "source_id", "estimated", "geom"}
    fields = [column for column in layer.__table__.columns if column.name not in own]
    return Table(
        f"planned_{layer.__tablename__}",
        MetaData(),
        Column("fid", BigInteger),
        Column("scenario_id", Integer),
        Column("scenario", Text),
        Column("uid", Text),
        Column("version", Integer),
        Column("source_id", Integer),
        Column("estimated", Text),
        *(Column(column.name, column.type) for column in fields),
        Column("geom", Shape(layer.geometry)),
    )


def what_was_planned(layer: type[Feature], scenario: int) -> ColumnElement:
    """Of each row of the view: "new" or "changed" by the scenario, nothing where it stands as today."""
    if scenario == TODAY:
        return null()
    view, own, before = planned(layer), aliased(layer), aliased(layer)
    is_own = exists().where(own.uid == view.c.uid, own.scenario_id == scenario)
    was_there = exists().where(before.uid == view.c.uid, before.scenario_id == TODAY, before.gone.is_(False))
    return case((is_own & was_there, literal_column("'changed'")), (is_own, literal_column("'new'")))
