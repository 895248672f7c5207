"""A window of a large city is read by uid, and what scenarios changed without a look at the rest."""

from alembic import op
from sqlalchemy import text

from twin.store import feature_tables, in_a_file, index_planned

revision = "0005"
down_revision = "0004"


def upgrade():
    connection = op.get_bind()
    for table in feature_tables(connection):
        index_planned(connection, table)
        if not in_a_file(connection):  # a file looks up both scenarios of a window by the order that it has
            _turn_round(connection, table)


def _turn_round(connection, table: str) -> None:
    unique = text("select conname from pg_constraint where conrelid = cast(:table as regclass) and contype = 'u'")
    for name in connection.scalars(unique, {"table": f'"{table}"'}).all():
        op.execute(f'alter table "{table}" drop constraint "{name}"')
    op.execute(f'alter table "{table}" add unique (uid, scenario_id)')
