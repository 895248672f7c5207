"""People, projects, scenarios with a history, the diary of changes, assumptions and viewpoints."""

import sqlalchemy as sa
from alembic import op

from twin.feature import MOMENT
from twin.shape import Shape
from twin.store import register_layer

revision = "0003"
down_revision = "0002"


def upgrade():
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("login", sa.Text(), nullable=False, unique=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text()),
        sa.Column("password", sa.Text()),
        sa.Column("subject", sa.Text(), unique=True),
        sa.Column("is_administrator", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("is_active", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column("must_change", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("failures", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("locked_until", MOMENT),
        sa.Column("session", sa.Text(), nullable=False, server_default=""),
        sa.Column("made_at", MOMENT, nullable=False),
    )
    op.create_table(
        "project",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("brief", sa.Text(), nullable=False, server_default=""),
        sa.Column("geom", Shape("GEOMETRY")),
        sa.Column("made_by", sa.Integer(), sa.ForeignKey("person.id")),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("archived_at", MOMENT),
    )
    register_layer(op.get_bind(), "project", "Projekte", "GEOMETRY")
    op.create_table(
        "membership",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("project_id", sa.Integer(), sa.ForeignKey("project.id"), nullable=False),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False, index=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.UniqueConstraint("project_id", "person_id"),
    )
    for column in (
        "description text not null default ''",
        "state text not null default 'draft'",
        "project_id integer references project (id)",
        "parent_id integer references scenario (id)",
        "made_by integer references person (id)",
        f"made_at {MOMENT.compile(op.get_bind().dialect)}",
        f"published_at {MOMENT.compile(op.get_bind().dialect)}",
    ):
        op.execute(f"alter table scenario add column {column}")
    op.execute("update scenario set state = 'published' where id = 0")
    op.create_index("ix_scenario_project_id", "scenario", ["project_id"])
    op.create_table(
        "change",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("scenario_id", sa.Integer(), sa.ForeignKey("scenario.id"), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("undoes", sa.Integer()),
        sa.Column("layer", sa.Text(), nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("row_id", sa.Integer()),
        sa.Column("before", sa.Text()),
        sa.Column("after", sa.Text()),
        *(sa.Column(name, sa.Double()) for name in ("min_x", "min_y", "max_x", "max_y")),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id")),
        sa.Column("made_at", MOMENT, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_change_scenario_id", "change", ["scenario_id", "id"])
    op.create_index("ix_change_step", "change", ["step"])
    op.create_index("ix_change_row", "change", ["layer", "row_id"])
    op.create_index("ix_change_feature", "change", ["scenario_id", "layer", "uid", "id"])
    op.create_table(
        "assumption",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("project_id", sa.Integer(), sa.ForeignKey("project.id")),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False, server_default=""),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id")),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.UniqueConstraint("project_id", "name"),
    )
    op.create_table(
        "viewpoint",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("project_id", sa.Integer(), sa.ForeignKey("project.id"), nullable=False, index=True),
        sa.Column("scenario_id", sa.Integer(), sa.ForeignKey("scenario.id"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False, server_default=""),
        sa.Column("view", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id")),
        sa.Column("made_at", MOMENT, nullable=False),
    )
