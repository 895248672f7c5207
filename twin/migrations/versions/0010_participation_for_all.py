"""Participation: other languages, pictures, invitations; and one table for all personal data, subscriptions too."""

import sqlalchemy as sa
from alembic import op

from twin.feature import MOMENT

revision = "0010"
down_revision = "0009"


def upgrade():
    for name in ("title_en", "text_en", "simple"):
        op.add_column("participation", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.add_column("participation", sa.Column("invited", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_contribution_changed", "contribution", ["participation_id", "changed_at"])
    op.create_table(
        "session_picture",
        sa.Column("id", sa.Integer(), primary_key=True),
        _session(),
        sa.Column("jpeg", sa.LargeBinary(), nullable=False),
        sa.Column("caption", sa.Text(), nullable=False),
    )
    op.create_table(
        "invitation",
        sa.Column("code", sa.Text(), primary_key=True),
        _session(),
        sa.Column("pseudonym", sa.Text()),
    )
    _personal()


def _personal():
    """What is known of those who contribute, and of those who only want to hear: in one table."""
    op.execute("create table personal_before as select * from personal")
    op.drop_table("personal")
    op.create_table(
        "personal",
        sa.Column("id", sa.Integer(), primary_key=True),
        _session(),
        sa.Column("contribution_id", sa.Integer(), sa.ForeignKey("contribution.id"), unique=True),
        sa.Column("secret", sa.Text(), nullable=False, unique=True),
        sa.Column("address", sa.Text()),
        sa.Column("confirmed_at", MOMENT),
        sa.Column("delete_on", sa.Date(), nullable=False),
        sa.Column("x", sa.Double()),
        sa.Column("y", sa.Double()),
        sa.Column("metres", sa.Double()),
        sa.Column("site", sa.Text()),
        sa.Column("told_at", MOMENT),
    )
    op.execute(
        "insert into personal (participation_id, contribution_id, secret, address, confirmed_at, delete_on)"
        " select c.participation_id, p.contribution_id, p.secret, p.address, p.confirmed_at, p.delete_on"
        " from personal_before p join contribution c on c.id = p.contribution_id"
    )
    op.drop_table("personal_before")


def _session():
    return sa.Column("participation_id", sa.Integer(), sa.ForeignKey("participation.id"), nullable=False, index=True)
