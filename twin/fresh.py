"""The tables of a new store on a server, as one script: what the migrations make, written down.

Alembic takes longer to make them than a town's buildings take to load. `python -m twin.fresh DATABASE` writes the
script anew, by means of an empty database. Where it lags behind the migrations, the newer ones run as they always do.
"""

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event

SCRIPT = Path(__file__).parent / "postgis_tables.sql"
_SRID = 25832  # of the store in which it is written down; in the script stands a word in its place
_CHANGES = re.compile(r"\s*(create|insert|update|alter|drop|comment)\b", re.IGNORECASE)


def lay(connection: Connection, srid: int) -> None:
    """All tables of the script, in an empty database."""
    driver: Any = connection.connection.driver_connection
    driver.execute(SCRIPT.read_text(encoding="utf-8").replace("{srid}", str(srid)))


def tables() -> set[str]:
    """The names of the script's tables."""
    return set(re.findall(r"^create table (\w+)", SCRIPT.read_text(encoding="utf-8"), re.IGNORECASE | re.MULTILINE))


def written_down(connection: Connection, upgrade: Callable[[Connection], None]) -> str:
    """What `upgrade` says to the empty database, as a script; the caller rolls back."""
    from psycopg import ClientCursor

    driver: Any = connection.connection.driver_connection
    writer, statements = ClientCursor(driver), []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if _CHANGES.match(statement):
            statements.append(writer.mogrify(statement, parameters or None).strip())

    connection.dialect.city_srid = _SRID  # type: ignore[attr-defined]
    event.listen(connection, "before_cursor_execute", note)
    upgrade(connection)
    event.remove(connection, "before_cursor_execute", note)
    return re.sub(r"[ \t]+$", "", ";\n\n".join(statements).replace(str(_SRID), "{srid}") + ";\n", flags=re.MULTILINE)


if __name__ == "__main__":
    from twin.store import engine_for, upgrade

    with engine_for(sys.argv[1]).connect() as empty:
        SCRIPT.write_text(written_down(empty, upgrade), encoding="utf-8")
