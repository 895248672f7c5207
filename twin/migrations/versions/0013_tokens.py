"""Tokens by which programs act for a person."""

import sqlalchemy as sa
from alembic import op

from twin.feature import MOMENT

revision = "0013"
down_revision = "0012"


def upgrade():
    op.create_table(
        "token",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False, index=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False, unique=True),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
    )
