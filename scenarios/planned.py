"""The planned city, one SQL view a layer: the 3D view, QGIS and the indicators all read the same rows."""

from functools import cache

from sqlalchemy import BigInteger, Column, Integer, MetaData, Table, Text

from twin.feature import Feature
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
