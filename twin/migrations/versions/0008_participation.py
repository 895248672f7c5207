"""Participation: sessions with phases, categories and questions; contributions, and what is said to them."""

import sqlalchemy as sa
from alembic import op

from twin.feature import MOMENT
from twin.shape import Shape
from twin.store import register_layer

revision = "0008"
down_revision = "0005"


def upgrade():
    _sessions()
    _contributions()
    _beside_contributions()


def _sessions():
    op.create_table(
        "participation",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("project_id", sa.Integer(), sa.ForeignKey("project.id"), nullable=False, index=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False, server_default=""),
        sa.Column("geom", Shape("GEOMETRY")),
        sa.Column("state", sa.Text(), nullable=False, server_default="draft"),
        sa.Column("formal", sa.Text(), nullable=False, server_default="informal"),
        sa.Column("moderation", sa.Text(), nullable=False, server_default="before"),
        sa.Column("code", sa.Text(), nullable=False, server_default=""),
        sa.Column("contact", sa.Text(), nullable=False, server_default=""),
        sa.Column("privacy", sa.Text(), nullable=False, server_default=""),
        sa.Column("made_by", sa.Integer(), sa.ForeignKey("person.id")),
        sa.Column("made_at", MOMENT, nullable=False),
    )
    register_layer(op.get_bind(), "participation", "Beteiligungen", "GEOMETRY")
    op.create_table(
        "participation_scenario",
        sa.Column("participation_id", sa.Integer(), sa.ForeignKey("participation.id"), primary_key=True),
        sa.Column("scenario_id", sa.Integer(), sa.ForeignKey("scenario.id"), primary_key=True),
        sa.Column("position", sa.Integer(), nullable=False),
    )
    op.create_table(
        "phase",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("participation_id", sa.Integer(), sa.ForeignKey("participation.id"), nullable=False, index=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("begins", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.UniqueConstraint("participation_id", "kind"),
    )
    op.create_table(
        "category",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("participation_id", sa.Integer(), sa.ForeignKey("participation.id"), nullable=False, index=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
    )
    op.create_table(
        "question",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("participation_id", sa.Integer(), sa.ForeignKey("participation.id"), nullable=False, index=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("choices", sa.Text(), nullable=False, server_default=""),
        sa.Column("position", sa.Integer(), nullable=False),
    )


def _contributions():
    op.create_table(
        "contribution",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("participation_id", sa.Integer(), sa.ForeignKey("participation.id"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("scenario", sa.Integer(), sa.ForeignKey("scenario.id"), nullable=False),
        sa.Column("category_id", sa.Integer(), sa.ForeignKey("category.id")),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("geom", Shape("GEOMETRY")),
        sa.Column("layer", sa.Text()),
        sa.Column("uid", sa.Text()),
        sa.Column("place", sa.Text(), nullable=False, server_default=""),
        sa.Column("pseudonym", sa.Text(), nullable=False, index=True),
        sa.Column("ticket", sa.Text(), nullable=False, unique=True),
        sa.Column("way", sa.Text(), nullable=False, server_default="online"),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("checked", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("status", sa.Text(), nullable=False, server_default="new"),
        sa.Column("reason", sa.Text(), nullable=False, server_default=""),
        sa.Column("office", sa.Text(), nullable=False, server_default=""),
        sa.Column("merged_into", sa.Integer(), sa.ForeignKey("contribution.id")),
        sa.Column("change_step", sa.Integer()),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.UniqueConstraint("participation_id", "number"),
    )
    register_layer(op.get_bind(), "contribution", "Beiträge", "GEOMETRY")
    op.create_index("ix_contribution_feature", "contribution", ["layer", "uid"])
    op.create_index("ix_contribution_step", "contribution", ["change_step"])


def _beside_contributions():
    op.create_table(
        "reply",
        _contribution(primary_key=True),
        sa.Column("question_id", sa.Integer(), sa.ForeignKey("question.id"), primary_key=True),
        sa.Column("text", sa.Text(), nullable=False),
    )
    op.create_table(
        "photo",
        _contribution(primary_key=True),
        sa.Column("jpeg", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "rating",
        _contribution(primary_key=True),
        sa.Column("pseudonym", sa.Text(), primary_key=True),
        sa.Column("value", sa.Integer(), nullable=False),
    )
    op.create_table(
        "comment",
        sa.Column("id", sa.Integer(), primary_key=True),
        _contribution(nullable=False, index=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("pseudonym", sa.Text(), nullable=False),
        sa.Column("ticket", sa.Text(), nullable=False, unique=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False, server_default=""),
        sa.Column("made_at", MOMENT, nullable=False),
    )
    op.create_table(
        "answer",
        sa.Column("id", sa.Integer(), primary_key=True),
        _contribution(nullable=False, index=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id")),
        sa.Column("made_at", MOMENT, nullable=False),
    )
    op.create_table(
        "personal",
        _contribution(primary_key=True),
        sa.Column("secret", sa.Text(), nullable=False, unique=True),
        sa.Column("address", sa.Text()),
        sa.Column("confirmed_at", MOMENT),
        sa.Column("delete_on", sa.Date(), nullable=False),
    )


def _contribution(**more):
    return sa.Column("contribution_id", sa.Integer(), sa.ForeignKey("contribution.id"), **more)
