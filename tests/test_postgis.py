"""A private PostGIS server, started and stopped for real."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.conftest import postgresql_is_missing
from twin import postgis
from twin.errors import TwinError


@pytest.fixture
def folder():
    postgresql_is_missing()
    folder = Path(tempfile.mkdtemp(prefix="twin-postgis-"))  # pytest's own folders let no other user in
    yield folder
    postgis.stop(folder)
    shutil.rmtree(folder)


def ask(url, question):
    engine = create_engine(url)
    with engine.connect() as db:
        answer = db.scalar(text(question))
    engine.dispose()
    return answer


def tell(url, statement):
    engine = create_engine(url)
    with engine.begin() as db:
        db.execute(text(statement))
    engine.dispose()


def test_a_started_server_knows_shapes_and_keeps_what_it_is_told(folder):
    url = postgis.start(folder, durable=False)
    assert ask(url, "select ST_Area('POLYGON((0 0, 2 0, 2 3, 0 0))')") == 3
    tell(url, "create table kept as select 7 as n")
    assert postgis.status(folder) == url
    postgis.stop(folder)
    assert postgis.status(folder) is None
    again = postgis.start(folder, durable=False)
    assert again == url  # the port too: a QGIS project finds it again
    assert ask(again, "select n from kept") == 7


def test_starting_a_running_server_changes_nothing(folder):
    url = postgis.start(folder, durable=False)
    began = ask(url, "select pg_postmaster_start_time()")
    assert postgis.start(folder) == url
    assert ask(url, "select pg_postmaster_start_time()") == began


def test_no_one_gets_in_without_the_password(folder):
    url = postgis.start(folder, durable=False)
    assert (folder / "pgpass").stat().st_mode & 0o077 == 0
    password = (folder / "pgpass").read_text().strip().split(":")[-1]
    assert password not in url
    with pytest.raises(Exception, match="password"):
        ask(url.split("?")[0] + "?passfile=/dev/null", "select 1")
    with pytest.raises(Exception, match="no pg_hba"):
        ask(url.replace("twin@", "postgres@"), "select 1")


def test_the_role_of_the_city_is_no_superuser(folder):
    url = postgis.start(folder, durable=False)
    assert ask(url, "select rolsuper from pg_roles where rolname = current_user") is False


def test_a_folder_made_by_a_version_that_is_gone_is_named(folder):
    (folder / "cluster").mkdir()
    (folder / "cluster/PG_VERSION").write_text("9\n")
    with pytest.raises(TwinError, match=r"PostgreSQL 9, which made .* is not installed"):
        postgis.start(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another user")
def test_a_folder_that_the_server_cannot_enter_is_named(tmp_path):
    tmp_path.chmod(0o700)
    with pytest.raises(TwinError, match=f"cannot enter {tmp_path}"):
        postgis.start(tmp_path / "postgis")
