"""Opens the city's store: a PostGIS server, or a GeoPackage file that QGIS opens as it is.

The only place that knows which of the two it is.
"""

import contextlib
import datetime as dt
import os
import re
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import (
    BigInteger,
    Boolean,
    Connection,
    Date,
    Double,
    Engine,
    Integer,
    LargeBinary,
    Table,
    Text,
    create_engine,
    event,
    inspect,
    text,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError
from sqlalchemy.orm import Session

from twin import fresh, rtree
from twin.city import City
from twin.errors import BadStore, NotFound
from twin.shape import Shape, blob_bounds, blob_is_empty, blobs_relate, to_blob, to_ewkb

HERE = Path(__file__).parent
VERSIONS = HERE / "migrations" / "versions"
_SQLITE_MAGIC = b"SQLite format 3\x00"
RELATIONS = ("Intersects", "Within", "Contains", "Disjoint", "Equals", "Touches", "Crosses", "Overlaps")
_LONGEST_NAME = 240  # bytes: a journal with a longer ending stands beside it while it is written
_REMEDIES = {
    "locked": "Another program is writing to it, such as QGIS or another load. Close it there, then try again.",
    "readonly": "It may not be written to. Ask for the right to do so, or copy it.",
    "disk is full|No space left|disk I/O": "Make room on the disk, then try again.",
    "unable to open": "Is its folder there, and may you write in it?",
    "password|authentication|no pg_hba": "Put the right password into ~/.pgpass, or ask the database's administrator.",
    "role .* does not exist": "Ask the database's administrator for a role.",
    "database .* does not exist": "Make it first, as administrator: createdb, then in it: create extension postgis.",
    "permission denied": "Ask the database's administrator for the right to make tables in it.",
    "connection option": "Check the address: what stands behind the question mark.",
    "resolve|refused|timeout|No such file": "Check the address, and whether the server runs.",
}


def store_url(where: str | Path) -> str:
    """A path stands for a GeoPackage file, everything with :// for itself."""
    where = str(where)
    if "://" not in where:
        return f"sqlite:///{where}"
    return where.replace("postgresql://", "postgresql+psycopg://", 1).replace("postgres://", "postgresql+psycopg://", 1)


def file_of(where: str | Path) -> Path | None:
    """The GeoPackage file of a store, None where it is on a server."""
    url = store_url(where)
    return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None


def is_store(where: str | Path) -> bool:
    """Is there a city already? A file that is something else is a BadStore, not an empty place."""
    file = file_of(where)
    if file is not None and not os.path.exists(file):  # noqa: PTH110  # pathlib fails for names that are too long
        return False
    with _connecting(where) as engine, engine.connect() as connection:
        tables = _columns(connection)
        there = {"alembic_version", "city"} <= set(tables)
        if file is not None and not there and tables:
            raise BadStore(
                f"{file} is a GeoPackage or database of something else, not a Twin store. Name another file."
            )
        return there


def check_place(where: str | Path) -> None:
    """Can a new store be made there? Raises BadStore: better before a long reading than after it."""
    file = file_of(where)
    if file is not None:
        if not os.path.isdir(file.parent):  # noqa: PTH112
            raise BadStore(f"{file}: there is no folder {file.parent}. Make it, or name another place.")
        if not os.access(file.parent, os.W_OK | os.X_OK):
            raise BadStore(f"{file}: you may not write in {file.parent}. Name a file in a folder of your own.")
        if len(os.fsencode(file.name)) > _LONGEST_NAME:
            raise BadStore(f"{file}: the name is too long for a file. Take a shorter one.")
        return
    with _connecting(where) as engine, engine.connect() as connection:
        if not connection.scalar(text("select count(*) from pg_extension where extname = 'postgis'")):
            raise BadStore(
                f"{shown(where)} is a database without PostGIS. Let its administrator say in it:"
                " create extension postgis;"
            )
        taken = sorted(fresh.tables() & set(_columns(connection)))
        if taken:
            raise BadStore(
                f"{shown(where)} holds tables of another program that are called like Twin's: {', '.join(taken)}."
                " Name an empty database."
            )


def create_store(where: str | Path, city: City) -> Engine:
    """A new store for the city, with all tables and views, and scenario 0: today."""
    if is_store(where):
        raise BadStore(f"{shown(where)} holds a city already.")
    engine = engine_for(where)
    with engine.begin() as connection:
        establish(connection, city)
    return engine


def establish(connection: Connection, city: City) -> None:
    """Tables, views, the city's row and scenario 0 in an empty place; the caller commits or rolls back."""
    connection.dialect.city_srid = city.srid  # type: ignore[attr-defined]
    migrate(connection, city.srid)
    with Session(connection, join_transaction_mode="create_savepoint") as db:
        db.add(City(**{c.key: getattr(city, c.key) for c in inspect(City).columns if c.key != "id"}))
        db.execute(text("insert into scenario (id, title, state) values (0, 'Heute', 'published')"))
        db.commit()


def open_store(where: str | Path) -> Engine:
    """The store at a path or database URL, brought up to this version's tables. Raises NotFound, BadStore."""
    if not is_store(where):
        raise NotFound(f"There is no city at {shown(where)} yet. Load one: twin load FOLDER --into {shown(where)}")
    engine = engine_for(where)
    with engine.connect() as connection:
        version = _version_of(connection)
        srid = connection.scalar(text("select srid from city where id = 1"))
    if version is None or srid is None:
        engine.dispose()
        raise BadStore(f"{shown(where)} is damaged: it has the tables of a city, but no city. Take the last backup.")
    engine.dialect.city_srid = srid  # type: ignore[attr-defined]
    newest = newest_version()
    if version > newest:
        engine.dispose()
        raise BadStore(
            f"{shown(where)} was written by a newer Twin (its tables: {version}, this Twin's: {newest})."
            " Update Twin, then open it again."
        )
    if version < newest:
        with said_plainly(where), engine.begin() as connection:
            migrate(connection, srid)
    return engine


def newest_version() -> str:
    return max(path.stem.split("_")[0] for path in VERSIONS.glob("[0-9]*.py"))


def shown(where: str | Path) -> str:
    """The store's address without its password."""
    return str(where) if file_of(where) else make_url(store_url(where)).render_as_string(hide_password=True)


def migrate(connection: Connection, srid: int) -> None:
    """Bring the tables to this version's, then lay the views anew."""
    if "alembic_version" not in _columns(connection):
        _as_geopackage(connection)
        fresh.lay(connection, srid)
    for table in feature_tables(connection):
        connection.execute(text(f'drop view if exists "planned_{table}"'))
    if _version_of(connection) != newest_version():
        upgrade(connection)
    for table, columns in feature_tables(connection).items():
        create_view(connection, table, columns)


def upgrade(connection: Connection) -> None:
    """Run the migrations that the tables have not seen."""
    import geoalchemy2  # noqa: F401  # hooks itself into the making of tables: not in the middle of it
    from alembic import command  # only here: it takes a while to import
    from alembic.config import Config

    _as_geopackage(connection)
    config = Config()
    config.set_main_option("script_location", str(HERE / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _as_geopackage(connection: Connection) -> None:
    """Give a new file what makes it a GeoPackage."""
    if in_a_file(connection) and not inspect(connection).has_table("gpkg_contents"):
        _script(connection, "geopackage.sql")
        for code in {4326, connection.dialect.city_srid}:  # type: ignore[attr-defined]
            register_crs(connection, code)


def _version_of(connection: Connection) -> str | None:
    """The newest migration that the tables have seen; None where there are none yet."""
    if "alembic_version" not in _columns(connection):
        return None
    return connection.scalar(text("select version_num from alembic_version"))


def feature_tables(connection: Connection) -> dict[str, list[str]]:
    """The tables that hold features, those with a shape and a scenario, with their columns."""
    return {name: columns for name, columns in _columns(connection).items() if {"geom", "scenario_id"} <= set(columns)}


def create_view(connection: Connection, table: str, columns: list[str] | None = None) -> None:
    """`planned_<table>`: a scenario laid over today. The same text on both stores. columns: where they are known."""
    common = {"id", "uid", "scenario_id", "gone", "version", "source_id", "estimated", "geom"}
    fields = "".join(f', f."{name}"' for name in columns or _columns(connection)[table] if name not in common)
    _script(connection, "planned_view.sql", table=table, fields=fields)


def _columns(connection: Connection) -> dict[str, list[str]]:
    """Every table's columns, asked for at once: SQLAlchemy's inspector asks many times for each table."""
    rows = connection.execute(
        text(
            "select m.name, c.name from sqlite_master m, pragma_table_info(m.name) c where m.type = 'table'"
            " and m.name not like 'gpkg_%' and m.name not like 'rtree_%' order by m.name, c.cid"
            if in_a_file(connection)
            else "select c.relname, a.attname from pg_class c join pg_attribute a on a.attrelid = c.oid"
            " where c.relkind = 'r' and c.relnamespace = to_regnamespace(current_schema())"
            " and a.attnum > 0 and not a.attisdropped order by c.relname, a.attnum"
        )
    )
    found: dict[str, list[str]] = {}
    for table, column in rows:
        found.setdefault(table, []).append(column)
    return found


def register_layer(connection: Connection, table: str, title: str, geometry: str) -> None:
    """Give a feature table its spatial index, and a place in the file's own list of layers."""
    if not in_a_file(connection):
        connection.execute(text(f'create index "ix_{table}_geom" on "{table}" using gist (geom)'))
        return
    srid = connection.dialect.city_srid  # type: ignore[attr-defined]
    connection.execute(
        text("insert into gpkg_contents (table_name, data_type, identifier, description, srs_id)"
             " values (:table, 'features', :table, :title, :srid)"),
        {"table": table, "title": title, "srid": srid},
    )  # fmt: skip
    connection.execute(
        text("insert into gpkg_geometry_columns values (:table, 'geom', :kind, :srid, 0, 0)"),
        {"table": table, "kind": geometry, "srid": srid},
    )
    _script(connection, "geopackage_index.sql", table=table)


def index_planned(connection: Connection, table: str) -> None:
    """What scenarios changed is found without a look at today's rows, however many there are."""
    name = f"ix_{table}_planned"
    connection.execute(text(f'create index if not exists "{name}" on "{table}" (scenario_id) where scenario_id <> 0'))


def register_table(connection: Connection, table: str) -> None:
    """Let GDAL and QGIS list a table without shapes; the others stay out of their sight."""
    if in_a_file(connection):
        connection.execute(
            text("insert into gpkg_contents (table_name, data_type, identifier) values (:table, 'attributes', :table)"),
            {"table": table},
        )


def register_crs(connection: Connection, code: int) -> None:
    from pyproj import CRS

    crs = CRS(code)
    connection.execute(
        text("insert into gpkg_spatial_ref_sys values (:name, :code, 'EPSG', :code, :wkt, null)"),
        {"name": crs.name, "code": code, "wkt": crs.to_wkt("WKT1_GDAL")},
    )


def note_extent(connection: Connection, table: str) -> None:
    """Tell the file's list of layers how far the layer reaches now. A server finds out by itself."""
    if not in_a_file(connection):
        return
    connection.execute(
        text("update gpkg_contents set last_change = strftime('%Y-%m-%dT%H:%M:%fZ', 'now'),"
             " (min_x, min_y, max_x, max_y) ="
             f' (select min(minx), min(miny), max(maxx), max(maxy) from "rtree_{table}_geom")'
             " where table_name = :table"),
        {"table": table},
    )  # fmt: skip


def in_a_file(connection: Connection | Session) -> bool:
    dialect = connection.get_bind().dialect if isinstance(connection, Session) else connection.dialect
    return dialect.name == "sqlite"


def encode(value: Any, column_type: Any, srid: int, file: bool) -> Any:
    """A value as the driver takes it: shapes as bytes, dates of a file as text."""
    if value is None:
        return None
    if isinstance(column_type, Shape):
        return to_blob(value, srid) if file else to_ewkb(value, srid)
    if file and isinstance(value, dt.date):
        return value.isoformat()
    return value


def insert_rows(db: Session, table: Table, columns: list[str], rows: Iterable[tuple]) -> None:
    """Many rows at once: COPY into PostGIS, one prepared statement for a file.

    Values are as the driver takes them: a shape is a GeoPackage blob or EWKB, a date of a file is text (`encode`).
    """
    connection = db.connection()
    driver: Any = connection.connection.driver_connection
    names = ", ".join(f'"{name}"' for name in columns)
    if in_a_file(connection):
        marks = ", ".join("?" * len(columns))
        driver.executemany(f'insert into "{table.name}" ({names}) values ({marks})', rows)
        return
    with driver.cursor().copy(f'copy "{table.name}" ({names}) from stdin (format binary)') as copy:
        copy.set_types([_copy_type(table.c[name].type) for name in columns])
        for row in rows:
            copy.write_row(row)


def _copy_type(column_type: Any) -> str:
    for kind, name in (
        (Shape, "bytea"),  # geometry takes the same bytes
        (LargeBinary, "bytea"),
        (Text, "text"),
        (Double, "float8"),
        (BigInteger, "int8"),
        (Integer, "int4"),
        (Boolean, "bool"),
        (Date, "date"),
    ):
        if isinstance(column_type, kind):
            return name
    raise TypeError(f"no COPY type for {column_type!r}")


@contextlib.contextmanager
def quick_index(db: Session, table: str, rows: int) -> Iterator[None]:
    """For many new rows: the spatial index gets them all at the end, not row by row; a server's constraints, too.

    rows: that are there already.
    """
    connection = db.connection()
    if in_a_file(connection):
        trigger = f"rtree_{table}_geom_insert"
        made_by = connection.scalar(text("select sql from sqlite_master where name = :name"), {"name": trigger})
        last = connection.scalar(text(f'select coalesce(max(id), 0) from "{table}"'))
        connection.exec_driver_sql(f'drop trigger "{trigger}"')
        yield
        _index_since(connection, table, last)
        connection.exec_driver_sql(made_by)
    elif rows:
        yield
    else:
        constraints = _constraints(connection, table)
        index = f"ix_{table}_geom"
        drops = [f'drop constraint "{name}"' for name in constraints]
        adds = [f'add constraint "{name}" {definition}' for name, definition in constraints.items()]
        _say(connection, f'drop index "{index}"', f'alter table "{table}" {", ".join(drops)}')
        yield
        create = f'create index "{index}" on "{table}" using gist (geom)'
        _say(connection, create, f'alter table "{table}" {", ".join(adds)}')


def _say(connection: Connection, *statements: str) -> None:
    """PostGIS: all in one way to the server."""
    driver: Any = connection.connection.driver_connection
    driver.execute("; ".join(statements))


def _constraints(connection: Connection, table: str) -> dict[str, str]:
    """PostGIS: foreign keys and uniqueness, name -> definition. Row by row they take longer than the rows."""
    question = text(
        "select conname, pg_get_constraintdef(oid) from pg_constraint"
        " where conrelid = cast(:table as regclass) and contype in ('f', 'u') order by contype desc"
    )
    return {row[0]: row[1] for row in connection.execute(question, {"table": f'"{table}"'})}


def _index_since(connection: Connection, table: str, last: int) -> None:
    """The rows after `last` into the file's spatial index: packed where those are all, else one after the other."""
    driver: Any = connection.connection.driver_connection
    index = f"rtree_{table}_geom"
    if last == 0:
        driver.execute(f'delete from "{index}"')  # rows that were changed in the same load are in it already
        found = driver.execute(f'select id, substr(geom, 9, 32) from "{table}" where geom is not null').fetchall()
        if found:
            numbers, envelopes = zip(*found, strict=True)
            boxes = np.frombuffer(b"".join(envelopes), "<f8").reshape(-1, 4)
            filled = np.isfinite(boxes).all(axis=1)  # the envelope of an empty shape is no number
            rtree.fill(driver, index, np.array(numbers)[filled], boxes[filled])
        return
    driver.execute(
        f'insert or replace into "{index}" select id, ST_MinX(geom), ST_MaxX(geom), ST_MinY(geom), ST_MaxY(geom)'
        f' from "{table}" where id > {last} and geom is not null and not ST_IsEmpty(geom)'
    )


@contextlib.contextmanager
def _connecting(where: str | Path) -> Iterator[Engine]:
    file = file_of(where)
    if file is not None:
        _check_file(file)
    engine = engine_for(where)
    try:
        with said_plainly(where):
            yield engine
    except DatabaseError as error:
        raise BadStore(f"{shown(where)} is damaged: {error.orig}. Take the last backup.") from error
    finally:
        engine.dispose()


@contextlib.contextmanager
def said_plainly(where: str | Path) -> Iterator[None]:
    """What keeps a sound store from answering or from being written to, as a sentence with the remedy."""
    try:
        yield
    except Exception as error:
        told = [one for one in causes(error) if _is_of_a_database(one)]
        if not told:
            raise
        words, remedy = next(
            ((words, remedy) for words in map(_words_of, told) for pattern, remedy in _REMEDIES.items()
             if re.search(pattern, words)),
            (_words_of(error), None),
        )  # fmt: skip
        if remedy is None and (not isinstance(error, OperationalError) or file_of(where)):
            raise
        raise BadStore(f"{shown(where)} does not answer: {words}. {remedy or 'Try again later.'}") from error


def causes(error: BaseException | None) -> list[BaseException]:
    """The error, and those in whose wake it came: a full disk takes SQLite's savepoints with it."""
    return [] if error is None else [error, *causes(error.__cause__ or error.__context__)]


def _is_of_a_database(error: BaseException) -> bool:
    server = sys.modules.get("psycopg")  # not imported where the store is a file
    return isinstance(error, (DatabaseError, sqlite3.Error)) or (server is not None and isinstance(error, server.Error))


def _words_of(error: BaseException) -> str:
    return str(getattr(error, "orig", error)).strip().partition("\n")[0]


def _check_file(file: Path) -> None:
    if file.is_dir():
        raise BadStore(f"{file} is a folder. Name a file in it, such as {file / 'city.gpkg'}.")
    try:
        with file.open("rb") as opened:
            head = opened.read(16)
    except OSError as error:
        raise BadStore(f"{file} cannot be opened: {error.strerror}. Ask for the right to read it.") from error
    if head and head != _SQLITE_MAGIC:
        raise BadStore(f"{file} is not a GeoPackage. Name another file; this one stays as it is.")


def engine_for(where: str | Path) -> Engine:
    """An engine for an address, whether or not there is a city yet."""
    try:
        engine = create_engine(store_url(where))
        in_memory = engine.dialect.name == "sqlite" and str(file_of(where) or ".") == "."
        if in_memory and str(where) not in ("", "."):
            raise ArgumentError("it would be gone with the command")
    except (ArgumentError, ModuleNotFoundError, ValueError) as error:
        raise BadStore(
            f"{shown_or_raw(where)} is not a store. Name a file such as city.gpkg, or postgresql://user@host/database."
        ) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_geopackage)
        event.listen(engine, "begin", _begin)
    elif engine.dialect.name != "postgresql":
        raise BadStore(
            f"{shown(where)}: Twin keeps a city in a GeoPackage file or in PostGIS, not in {engine.dialect.name}."
        )
    return engine


def shown_or_raw(where: str | Path) -> str:
    try:
        return shown(where)
    except (ArgumentError, ValueError):
        return re.sub(r":[^/@]*@", ":***@", str(where))


def begin_writing(db: Session) -> None:
    """A file has one writer at a time, whose turn is waited for here: who has read before may no longer wait."""
    if in_a_file(db) and not db.in_transaction():
        db.connection(execution_options={"twin_writes": True})


def locking(db: Session) -> str:
    """SQL after a select: nobody else changes these rows until this one commits. A file is locked as a whole."""
    return "" if in_a_file(db) else " for no key update"


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("twin_writes")
    connection.exec_driver_sql("begin immediate" if writes else "begin")


def _prepare_geopackage(connection: Any, _: Any) -> None:
    """Ready for our statements: plain SQLite lacks what a GeoPackage's triggers call."""
    connection.isolation_level = None  # we say begin: Python's own way commits before a CREATE
    connection.execute("pragma foreign_keys = on")
    connection.execute("pragma busy_timeout = 10000")
    lend_functions(connection)


def lend_functions(connection: sqlite3.Connection) -> None:
    """What the triggers of a GeoPackage's index call, and what compares shapes as PostGIS does."""
    for i, name in enumerate(("ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY")):
        connection.create_function(name, 1, lambda blob, i=i: blob_bounds(blob)[i], deterministic=True)
    connection.create_function("ST_IsEmpty", 1, blob_is_empty, deterministic=True)
    for relation in RELATIONS:  # as PostGIS calls them
        connection.create_function(f"ST_{relation}", 2, partial(blobs_relate, relation.lower()), deterministic=True)


def _script(connection: Connection, file: str, **names: str) -> None:
    statements = (HERE / file).read_text(encoding="utf-8").format(**names).split(";\n\n")
    for statement in statements:
        connection.exec_driver_sql(statement.strip().removesuffix(";") + (";" if " end" in statement else ""))


def near(db: Session, table: str) -> str:
    """SQL for "the rows of `table` whose shape may touch the window :minx, :miny, :maxx, :maxy", by the index."""
    if in_a_file(db):
        return (
            f'id in (select id from "rtree_{table}_geom" where maxx >= :minx and minx <= :maxx'
            " and maxy >= :miny and miny <= :maxy)"
        )
    srid = db.get_bind().dialect.city_srid  # type: ignore[attr-defined]
    return f"geom && ST_MakeEnvelope(:minx, :miny, :maxx, :maxy, {srid})"
