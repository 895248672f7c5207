"""What was assumed before: each change of an assumption, and each that was taken back."""

import sqlalchemy as sa
from alembic import op

from twin.feature import MOMENT

revision = "0009"
down_revision = "0008"


def upgrade():
    op.create_table(
        "assumption_change",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("project_id", sa.Integer(), sa.ForeignKey("project.id"), index=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("before", sa.Double(), nullable=False),
        sa.Column("after", sa.Double(), nullable=False),
        sa.Column("is_reset", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("reason", sa.Text(), nullable=False, server_default=""),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id")),
        sa.Column("made_at", MOMENT, nullable=False),
    )
