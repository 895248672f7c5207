"""What a user can get wrong: a sentence that names the place and the remedy, and a store that is as it was."""

import json
import os
import shutil
import socket
import sqlite3

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.orm import Session

from layers.brought import layers_of
from tests.test_load import bring_in, feature, figures, only, write
from twin.city import read_city
from twin.errors import BadFile, BadStore, TwinError
from twin.store import is_store, open_store
from web.cli import main


def well(uid, x=12.13, y=51.05, **fields):
    return feature(uid, {"type": "Point", "coordinates": [x, y]}, **fields)


@pytest.fixture
def wells(tmp_path):
    return write(tmp_path / "brunnen.geojson", well("w1", tiefe=5), well("w2", 12.14, tiefe=6))


def rows_of(where, layer, *names):
    engine = open_store(where)
    with Session(engine) as db:
        kind = layers_of(db)[layer]
        found = db.query(*(getattr(kind, name) for name in names)).order_by(kind.uid).all()
    engine.dispose()
    return [tuple(row) for row in found]


def told(*words):
    answer = CliRunner().invoke(main, [str(word) for word in words])
    assert answer.exit_code == 1
    assert isinstance(answer.exception, SystemExit)
    return " ".join(answer.output.split())


@pytest.mark.parametrize("name", ["city", "terrain", "trip", "alembic_version", "sqlite_x", "gpkg_contents"])
def test_a_layer_named_like_a_table_of_the_store_gets_another_name(where, tmp_path, name):
    report = bring_in(where, write(tmp_path / f"{name}.geojson", well("w1")))
    assert rows_of(where, only(report).layer, "uid") == [("w1",)]


@pytest.mark.parametrize("name", ["source", "terrain", "alembic_version", "building", "Gebäudes"])
def test_a_layer_that_is_none_is_not_made_by_a_slip(where, wells, name):
    with pytest.raises(TwinError, match=f"--as {name}: there is no such layer"):
        bring_in(where, wells, layer=name)
    assert not is_store(where)


def test_a_layer_may_be_named_by_its_title(where, wells):
    assert only(bring_in(where, wells, layer="Bäume")).layer == "trees"


def test_columns_that_differ_by_a_sign_are_two(where, tmp_path):
    path = write(tmp_path / "brunnen.geojson", well("w1", **{"a b": "1", "a-b": "2", "x" * 60: "3", "x" * 61: "4"}))
    bring_in(where, path)
    assert rows_of(where, "brunnen", "a_b", "a_b_2", "x" * 50, "x" * 46 + "_2") == [("1", "2", "3", "4")]


@pytest.mark.parametrize("now, kind", [("ca. 5", "text"), (5.5, "float")])
def test_a_column_of_another_type_is_kept_beside_the_old_one(where, wells, now, kind):
    bring_in(where, wells)
    newer = only(bring_in(where, write(wells, well("w1", tiefe=now), well("w2", 12.14, tiefe=now))))
    assert figures(newer) == (2, 0, 2, 0, 0)
    assert newer.notes == [f"tiefe: was int and is {kind} now, so it has a new column: tiefe_{kind}"]
    assert rows_of(where, "brunnen", "tiefe", f"tiefe_{kind}") == [(None, now)] * 2
    assert figures(only(bring_in(where, wells))) == (2, 0, 0, 2, 0)


def test_the_same_numbers_of_another_place_do_not_overwrite(where, tmp_path):
    west = write(tmp_path / "west" / "brunnen.geojson", *(well(i, 12.13 + i / 1000) for i in range(1, 4)))
    east = write(tmp_path / "east" / "brunnen.geojson", *(well(i, 12.23 + i / 1000) for i in range(1, 4)))
    bring_in(where, west)
    before = rows_of(where, "brunnen", "uid", "version")
    file = only(bring_in(where, east))
    assert file.failed
    assert "its id brunnen:1 is that of a feature 7.0 km away" in file.left_out[0].reason
    assert rows_of(where, "brunnen", "uid", "version") == before


def test_a_feature_that_moved_within_its_own_file_is_updated(where, wells):
    bring_in(where, wells)
    assert figures(only(bring_in(where, write(wells, well("w1", 12.3), well("w2", 12.14, tiefe=6))))) == (2, 0, 1, 1, 0)


def test_what_a_newer_delivery_has_no_more_stays_and_is_named(where, wells):
    bring_in(where, wells)
    [note] = only(bring_in(where, write(wells, well("w1", tiefe=5)))).notes
    assert "stay in the city: w2" in note
    assert rows_of(where, "brunnen", "uid") == [("w1",), ("w2",)]


def test_a_link_to_its_own_folder_is_not_followed(where, wells):
    (wells.parent / "again").symlink_to(wells.parent)
    (wells.parent / "nowhere").symlink_to(wells.parent / "nowhere")
    files = bring_in(where, wells.parent).files
    assert [file.path for file in files if file.layer] == [str(wells)]


@pytest.mark.parametrize("path", ["/" + "x" * 300 + ".gml", "/x" * 3000, "", "a\0b"])
def test_a_path_that_cannot_be_is_not_there(tmp_path, path):
    with pytest.raises(BadFile, match="there is no such file or folder"):
        bring_in(str(tmp_path / "city.gpkg"), path)


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "a.gml")
    with pytest.raises(BadFile, match="neither a file nor a folder"):
        bring_in(str(tmp_path / "city.gpkg"), tmp_path / "a.gml")


@pytest.mark.parametrize("name", [b"zwei\nZeilen.geojson", b"B\xe4ume.geojson"])
def test_a_name_that_gdal_cannot_open_is_to_be_changed(wells, name):
    shutil.copy(wells, os.fsencode(wells.parent) + b"/" + name)
    assert "Rename it" in told("load", wells.parent, "--into", wells.parent / "city.gpkg", "--json")


def test_metres_that_are_swapped_are_refused(where, tmp_path):
    path = write(tmp_path / "brunnen.geojson", well("w1", 5_659_100, 298_100))
    named = {"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25833"}}}
    path.write_text(json.dumps({**named, **json.loads(path.read_text())}))
    with pytest.raises(BadFile, match=r"East and\s+north are swapped"):
        bring_in(where, path)
    assert not is_store(where)


def test_a_projection_that_no_one_knows_is_named(where, wells):
    named = {"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::99999"}}}
    wells.write_text(json.dumps({**named, **json.loads(wells.read_text())}))
    with pytest.raises(BadFile, match=r"EPSG::99999”, is not known.*--crs"):
        bring_in(where, wells)
    assert only(bring_in(where, wells, crs="4326")).loaded == 2


@pytest.mark.parametrize("crs", ["5783", "4978", "", "nonsense", "-1"])
def test_a_projection_must_be_one_for_places(tmp_path, wells, crs):
    with pytest.raises(TwinError, match="no such projection"):
        bring_in(str(tmp_path / "city.gpkg"), wells, crs=crs)


def test_a_file_without_features_says_so(where, tmp_path):
    with pytest.raises(BadFile, match="there is nothing in it"):
        bring_in(where, write(tmp_path / "leer.geojson"))


@pytest.mark.parametrize(
    "config",
    [
        "name = Zeitz",
        "[city]\nname = 100 %\nsrid = 99999\ncentre = 1, 2",
        "[city]\nname = a",
        "[city]\n[city]",
        "[city]\nname = a\nsrid = 25833\ncentre = 300, 51",
    ],
)
def test_a_wrong_city_cfg_says_what_it_needs(tmp_path, config):
    (tmp_path / "city.cfg").write_text(config)
    with pytest.raises(BadFile, match=r"city.cfg: .*It needs a section \[city\]"):
        read_city(tmp_path / "city.cfg")


def test_a_store_in_a_folder_that_is_not_there(wells, tmp_path):
    assert "there is no folder" in told("load", wells, "--into", tmp_path / "neu" / "city.gpkg")
    assert "name is too long" in told("load", wells, "--into", tmp_path / ("x" * 300))


def test_a_store_that_another_program_writes_to(wells, tmp_path):
    store = tmp_path / "city.gpkg"
    bring_in(str(store), wells)
    write(wells, well("w3"))
    other = sqlite3.connect(store, isolation_level=None)
    other.execute("begin immediate")
    assert "Close it there, then try again" in told("load", wells, "--into", store)
    other.execute("rollback")
    assert rows_of(str(store), "brunnen", "uid") == [("w1",), ("w2",)]


@pytest.mark.parametrize("statement", ["delete from city", "delete from alembic_version"])
def test_a_store_without_its_city_is_damaged(where, wells, statement):
    bring_in(where, wells)
    engine = open_store(where)
    with engine.begin() as db:
        db.execute(text(statement))
    engine.dispose()
    with pytest.raises(BadStore, match="Take the last backup"):
        open_store(where)


@pytest.mark.parametrize("address", ["sqlite://", "mysql://a@b/c", "postgresql://ada:secret@host:port/city"])
def test_an_address_of_no_store_is_told_without_its_password(address):
    with pytest.raises(BadStore, match="is not a store") as error:
        open_store(address)
    assert "secret" not in str(error.value)


def test_a_database_without_postgis_says_what_is_missing(server, wells):
    administrator = create_engine(server, isolation_level="AUTOCOMMIT")
    with administrator.connect() as db:
        db.execute(text("create database twin_test_plain template template0"))
    try:
        url = make_url(server).set(database="twin_test_plain").render_as_string(hide_password=False)
        assert "create extension postgis" in told("load", wells, "--into", url)
        assert "Make it first" in told("load", wells, "--into", url.replace("twin_test_plain", "twin_test_none"))
    finally:
        with administrator.connect() as db:
            db.execute(text("drop database twin_test_plain with (force)"))
        administrator.dispose()


def test_a_city_that_is_not_there_is_not_served(wells, tmp_path):
    assert "There is no city" in told("serve", tmp_path / "none.gpkg")
    bring_in(str(tmp_path / "city.gpkg"), wells)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"127.0.0.1:{port} cannot be used" in told("serve", tmp_path / "city.gpkg", "--port", port)


def test_a_sample_town_is_not_mixed_into_files_of_the_planner(wells):
    assert "is not empty" in told("sample", wells.parent, "--buildings", 50)
    assert "cannot be made" in told("sample", wells, "--buildings", 50)
    assert [path.name for path in wells.parent.iterdir()] == ["brunnen.geojson"]


def test_a_binary_file_is_not_printed_to_the_screen(tmp_path):
    (tmp_path / "a.csv").write_bytes(bytes(range(256)) * 50)
    assert "begins with bytes that are no text" in told("load", tmp_path, "--into", tmp_path / "city.gpkg")


def test_a_database_with_tables_of_others_is_refused_and_stays_as_it_is(database, wells):
    engine = create_engine(database)
    with engine.begin() as connection:
        connection.execute(text("create table buildings (id integer); insert into buildings values (7)"))
    said = told("load", wells, "--into", database)
    assert "holds tables of another program that are called like Twin's: buildings. Name an empty database." in said
    with engine.connect() as connection:
        assert connection.scalar(text("select id from buildings")) == 7
        assert connection.scalar(text("select to_regclass('city')")) is None
    engine.dispose()
