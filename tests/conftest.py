"""Every test that touches a store runs twice: on a GeoPackage file, and on a PostGIS server."""

import os
import shutil
import tempfile
import uuid
from contextlib import contextmanager
from pathlib import Path

import pytest
from shapely.geometry import box
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.orm import Session
from xdist.scheduler import LoadScopeScheduling

from layers.buildings import Building
from twin import postgis
from twin.city import City
from twin.errors import TwinError
from twin.feature import Scenario
from twin.store import create_store, open_store

DRAWN, LAST = "tests/browser/", "tests/browser/test_accessible.py"


def square(x, side=10):
    return box(500_000 + x, 5_930_000, 500_000 + x + side, 5_930_000 + side)


def missing(what):
    """Skip the test for want of a program; fail where all programs are promised to be there."""
    (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(what)


def postgresql_is_missing():
    try:
        postgis._programs(postgis.default_folder())
    except TwinError as error:
        missing(str(error))


class OneDraws(LoadScopeScheduling):
    """One core tests in the browser, which draws with all that it finds; the others take the rest, file by file."""

    def _split_scope(self, nodeid):
        path = nodeid.split("::")[0]
        return "browser" if DRAWN in path and path != LAST else path


def pytest_xdist_make_scheduler(config, log):
    return OneDraws(config, log)


def pytest_collection_modifyitems(items):
    """What takes long comes first; last, for whoever is free, the pages that hardly draw."""
    order = (LAST, DRAWN, "tests/real/", "")
    items.sort(key=lambda item: next(i for i, part in enumerate(order) if part in item.nodeid) or len(order))


@pytest.fixture(scope="session")
def server():
    """The URL of a PostGIS server on which databases may be made: the one of TWIN_TEST_POSTGIS, else a private one."""
    named = os.environ.get("TWIN_TEST_POSTGIS")
    if named:
        yield named
        return
    postgresql_is_missing()
    folder = Path(tempfile.mkdtemp(prefix="twin-postgis-"))
    try:
        yield postgis.start(folder, durable=False)
    finally:
        postgis.stop(folder)
        shutil.rmtree(folder)


def drop_database(db, name):
    """`drop … with (force)` would fail while an autovacuum, which is not ours to end, looks at it."""
    ours = "select pg_terminate_backend(pid) from pg_stat_activity where datname = :name and usename = current_user"
    db.execute(text(ours), {"name": name})
    db.execute(text(f'drop database if exists "{name}"'))


def kai():
    return City(name="Kai", srid=25832, longitude=9.0, latitude=53.5, state=None)


@pytest.fixture(scope="session")
def empty_city_file(tmp_path_factory):
    """The empty city of Kai, to be copied: that takes a tenth of the time in which one is made."""
    path = tmp_path_factory.mktemp("kai") / "city.gpkg"
    create_store(str(path), kai()).dispose()
    return path


@pytest.fixture(scope="session")
def empty_database(server):
    """The name of a database with PostGIS and nothing else, to be copied: PostGIS takes half a second to set up."""
    with new_database(server, "template1") as url:
        engine = create_engine(url)
        with engine.begin() as db:
            db.execute(text("create extension if not exists postgis"))
        engine.dispose()
        yield url.database


@pytest.fixture(scope="session")
def empty_city_database(server, empty_database):
    """The same with the empty city of Kai."""
    with new_database(server, empty_database) as url:
        create_store(url.render_as_string(hide_password=False), kai()).dispose()
        yield url.database


@contextmanager
def new_database(server, template):
    """The URL of a database of its own, a copy of the template."""
    name = f"twin_test_{uuid.uuid4().hex}"
    administrator = create_engine(server, isolation_level="AUTOCOMMIT")
    with administrator.connect() as db:
        db.execute(text(f'create database {name} template "{template}"'))
    yield make_url(server).set(database=name)
    with administrator.connect() as db:
        drop_database(db, name)
    administrator.dispose()


@pytest.fixture
def database(server, request):
    """The URL of a database of its own, gone after the test: empty, or with the city that `store` opens."""
    template = "empty_city_database" if "store" in request.fixturenames else "empty_database"
    with new_database(server, request.getfixturevalue(template)) as url:
        yield url.render_as_string(hide_password=False)


@pytest.fixture(params=["geopackage", "postgis"])
def where(request, tmp_path):
    """Where a store may be made, or has been for `store`: the path of a file, or the URL of a database."""
    if request.param == "postgis":
        return request.getfixturevalue("database")
    path = tmp_path / "city.gpkg"
    if "store" in request.fixturenames:
        shutil.copy(request.getfixturevalue("empty_city_file"), path)
    return str(path)


@pytest.fixture
def store(where):
    """The empty city of Kai."""
    engine = open_store(where)
    yield engine
    engine.dispose()


@pytest.fixture
def db(store):
    with Session(store) as db:
        yield db
        db.rollback()


@pytest.fixture
def quay(db):
    """Five sheds in a row on a quay, and a scenario to plan with."""
    scenario = Scenario(id=1, title="Taller quay")
    db.add(scenario)
    db.add_all(Building(uid=f"shed-{i}", height=9.0, storeys=3, use="storage", shape=square(20 * i)) for i in range(5))
    db.commit()
    return scenario
