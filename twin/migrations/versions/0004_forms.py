"""What planners say of a building's storeys, of a street's cycle track, and of a line's headways."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

COLUMNS: dict[str, tuple[tuple[str, sa.types.TypeEngine], ...]] = {
    "buildings": (("storey_height", sa.Double()), ("storey_uses", sa.Text()), ("condition", sa.Text())),
    "streets": (("cycling", sa.Text()),),
    "lines": (("headways", sa.Text()), ("calls", sa.Text())),
}


def upgrade():
    for table, columns in COLUMNS.items():
        for name, kind in columns:
            op.add_column(table, sa.Column(name, kind))
