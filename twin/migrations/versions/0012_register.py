"""The register of empty places: what becomes of an entry, who to ask, photos and papers, lists, enquiries."""

import sqlalchemy as sa
from alembic import op

from twin.feature import MOMENT

revision = "0012"
down_revision = "0010"


def upgrade():
    for column in (
        sa.Column("status", sa.Text()),
        sa.Column("checked_on", sa.Date()),
        sa.Column("storey", sa.Text()),
        sa.Column("step_free", sa.Boolean()),
        sa.Column("offer", sa.Text()),
    ):
        op.add_column("vacancies", column)
    op.create_table(
        "vacancy_private",
        sa.Column("uid", sa.Text(), primary_key=True),
        sa.Column("owner", sa.Text(), nullable=False, server_default=""),
        sa.Column("contact", sa.Text(), nullable=False, server_default=""),
        sa.Column("note", sa.Text(), nullable=False, server_default=""),
    )
    op.create_table(
        "vacancy_file",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("uid", sa.Text(), nullable=False, index=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id")),
        sa.Column("made_at", MOMENT, nullable=False),
    )
    op.create_table(
        "vacancy_list",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id")),
        sa.Column("made_at", MOMENT, nullable=False),
    )
    op.create_table(
        "enquiry",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("uid", sa.Text(), nullable=False, index=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("delete_on", sa.Date(), nullable=False),
    )
