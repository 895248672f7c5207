"""The tables of a new store, as one script for a server and one for a file: what the migrations make, written down.

Alembic takes longer to make them than a town's buildings take to load. `python -m twin.fresh STORE` writes the script
anew, by means of an empty database or a file that is not there yet. Where it lags behind the migrations, the newer ones
run as they always do.
"""

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event, text

HERE = Path(__file__).parent
SCRIPTS = {"postgresql": HERE / "postgis_tables.sql", "sqlite": HERE / "geopackage_tables.sql"}  # by dialect
_SRID = 25832  # of the store in which it is written down; in the script stands a word in its place
_CHANGES = re.compile(r"\s*(create|insert|update|alter|drop|comment)\b", re.IGNORECASE)
_BETWEEN = ";\n\n"  # within a trigger no line is empty
_OF_THE_FILE = ("gpkg_contents", "gpkg_geometry_columns", "gpkg_extensions", "alembic_version")


def lay(connection: Connection, srid: int) -> None:
    """All tables of the script, in an empty database or file."""
    driver: Any = connection.connection.driver_connection
    script = _script(connection).read_text(encoding="utf-8").replace("{srid}", str(srid))
    for statement in script.split(_BETWEEN) if connection.dialect.name == "sqlite" else [script]:
        driver.execute(statement)


def tables() -> set[str]:
    """The names of the tables on a server."""
    script = SCRIPTS["postgresql"].read_text(encoding="utf-8")
    return set(re.findall(r"^create table (\w+)", script, re.IGNORECASE | re.MULTILINE))


def written_down(connection: Connection, upgrade: Callable[[Connection], None]) -> str:
    """What `upgrade` makes in the empty place, as a script; the caller rolls back."""
    connection.dialect.city_srid = _SRID  # type: ignore[attr-defined]
    write = _what_is_in_the_file if connection.dialect.name == "sqlite" else _what_the_server_hears
    script = _BETWEEN.join(write(connection, upgrade)).replace(str(_SRID), "{srid}")
    return re.sub(r"[ \t]+$", "", f"{script};\n", flags=re.MULTILINE)


def _what_the_server_hears(connection: Connection, upgrade: Callable[[Connection], None]) -> list[str]:
    from psycopg import ClientCursor

    driver: Any = connection.connection.driver_connection
    writer, statements = ClientCursor(driver), []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if _CHANGES.match(statement):
            statements.append(writer.mogrify(statement, parameters or None).strip())

    event.listen(connection, "before_cursor_execute", note)
    upgrade(connection)
    event.remove(connection, "before_cursor_execute", note)
    return statements


def _what_is_in_the_file(connection: Connection, upgrade: Callable[[Connection], None]) -> list[str]:
    """Tables, indexes and triggers as SQLite keeps them, and the rows by which the file knows its layers."""
    upgrade(connection)
    made = connection.execute(
        text(
            "select sql from sqlite_master where sql is not null and name not like 'gpkg_%' and name not like"
            " 'sqlite_%' and not (type = 'table'"
            " and name like 'rtree_%' and sql not like 'create virtual%') order by rowid"
        )
    )
    return [row[0] for row in made] + [line for table in _OF_THE_FILE for line in _rows_of(connection, table)]


def _rows_of(connection: Connection, table: str) -> list[str]:
    columns = [row[0] for row in connection.execute(text(f"select name from pragma_table_info('{table}')"))]
    columns = [name for name in columns if name != "last_change"]
    names, values = ", ".join(columns), " || ', ' || ".join(f"quote({name})" for name in columns)
    rows = connection.execute(text(f"select {values} from {table}"))
    return [f"insert into {table} ({names}) values ({row[0]})" for row in rows]


def _script(connection: Connection) -> Path:
    return SCRIPTS[connection.dialect.name]


if __name__ == "__main__":
    from twin.store import engine_for, upgrade

    with engine_for(sys.argv[1]).connect() as empty:
        _script(empty).write_text(written_down(empty, upgrade), encoding="utf-8")
