"""The terrain's tiles, and which of their levels were delivered."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade():
    op.create_table(
        "terrain",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("zoom_level", sa.Integer(), nullable=False),
        sa.Column("tile_column", sa.Integer(), nullable=False),
        sa.Column("tile_row", sa.Integer(), nullable=False),
        sa.Column("tile_data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("zoom_level", "tile_column", "tile_row"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "terrain_level",
        sa.Column("zoom_level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("min_x", sa.Double(), nullable=False),
        sa.Column("min_y", sa.Double(), nullable=False),
        sa.Column("max_x", sa.Double(), nullable=False),
        sa.Column("max_y", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("zoom_level"),
    )
