"""The store: a city's tables and views, the same on a file and on a server."""

import sqlite3
import warnings

import pyogrio
import pytest
import shapely
from sqlalchemy import inspect, select, text
from sqlalchemy.orm import Session

import layers
from layers.brought import bring, layers_of
from layers.buildings import Building
from layers.trees import Tree
from scenarios.planned import planned
from tests.conftest import square
from twin.city import City, city_of
from twin.errors import BadStore, NotFound
from twin.feature import Scenario, Stored
from twin.store import create_store, engine_for, file_of, in_a_file, migrate, newest_version, open_store, upgrade


def planned_heights(db, scenario_id):
    view = planned(Building)
    return dict(db.execute(select(view.c.uid, view.c.height).where(view.c.scenario_id == scenario_id)).all())


def test_a_new_store_knows_its_city(store, where):
    store.dispose()
    with Session(open_store(where)) as db:
        assert (city_of(db).name, city_of(db).srid) == ("Kai", 25832)


def test_the_migrations_make_what_the_models_say(store):
    found = inspect(store)
    for name, table in Stored.metadata.tables.items():
        made = {column["name"]: column["nullable"] for column in found.get_columns(name)}
        assert made == {column.name: column.nullable for column in table.columns}, name


def _tables_of(connection):
    """All that a store knows of a city's tables: columns, constraints, indexes, triggers, views."""
    ours = "from pg_class t join pg_namespace s on s.oid = t.relnamespace and s.nspname = 'public'"
    questions = (
        "select t.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,"
        f" pg_get_expr(d.adbin, d.adrelid) {ours} join pg_attribute a on a.attrelid = t.oid and a.attnum > 0"
        " left join pg_attrdef d on (d.adrelid, d.adnum) = (a.attrelid, a.attnum)"
        " where t.relkind in ('r', 'v', 'S') order by t.relname, a.attnum",
        f"select t.relname, c.conname, pg_get_constraintdef(c.oid) {ours} join pg_constraint c on c.conrelid = t.oid"
        " order by 1, 2",
        "select indexname, indexdef from pg_indexes where schemaname = 'public' order by 1",
        "select viewname, definition from pg_views where schemaname = 'public' order by 1",
        "select version_num, null from alembic_version",
    )
    of_a_file = (
        "select type, name, replace(sql, ' ' || char(10), char(10)) from sqlite_master order by 1, 2",
        "select table_name, data_type, identifier, description, srs_id from gpkg_contents order by 1",
        "select * from gpkg_geometry_columns order by 1",
        "select * from gpkg_extensions order by 1",
        "select srs_name, srs_id from gpkg_spatial_ref_sys order by 1",
        "select version_num, null from alembic_version",
    )
    asked = of_a_file if in_a_file(connection) else questions
    return [tuple(row) for question in asked for row in connection.execute(text(question))]


def test_a_new_store_has_the_tables_that_the_migrations_make(where):
    engine = engine_for(where)
    found = []
    for begin in (lambda connection: None, upgrade):
        with engine.connect() as connection:
            connection.dialect.city_srid = 25833
            begin(connection)
            migrate(connection, 25833)
            found.append(_tables_of(connection))
            connection.rollback()
    engine.dispose()
    assert found[0] == found[1]
    column = ("buildings", "geom", "geometry(Geometry,25833)", True, None)
    assert {column, ("buildings", "geom", "GEOMETRY", 25833, 0, 0)} & set(found[0])


def test_shapes_come_back_as_they_went_in(db):
    courtyard = shapely.from_wkt("POLYGON ((0 0, 30 0, 30 30, 0 30, 0 0), (10 10, 20 10, 20 20, 10 20, 10 10))")
    db.add(Building(uid="block", shape=courtyard))
    db.add(Tree(uid="lime", shape=shapely.Point(500_000.125, 5_930_000.25)))
    db.commit()
    assert db.scalars(select(Building)).one().shape.equals_exact(courtyard)
    assert db.scalars(select(Tree)).one().shape.equals_exact(shapely.Point(500_000.125, 5_930_000.25))


def test_a_scenario_lies_over_today(db, quay):
    db.add(Building(uid="shed-1", scenario_id=1, height=30.0, shape=square(20)))
    db.add(Building(uid="shed-2", scenario_id=1, gone=True, shape=square(40)))
    db.commit()
    assert planned_heights(db, 0) == {f"shed-{i}": 9.0 for i in range(5)}
    assert planned_heights(db, 1) == {"shed-0": 9.0, "shed-1": 30.0, "shed-3": 9.0, "shed-4": 9.0}


def test_every_row_of_a_view_has_a_number_of_its_own(db, quay):
    view = planned(Building)
    numbers = db.scalars(select(view.c.fid)).all()
    assert len(numbers) == len(set(numbers)) == 10


def test_a_town_brings_a_layer_with_its_own_columns(db):
    layer = bring(db, "wells", "Brunnen", {"depth": ("Tiefe", "float"), "use_": ("Use", "text")})
    db.add(layer(uid="w1", shape=shapely.Point(500_000, 5_930_000), depth=12.5))
    db.commit()
    found = layers_of(db)["wells"]
    assert [column.name for column in found.fields()] == ["depth", "use_"]
    view = planned(found)
    assert db.execute(select(view.c.uid, view.c.depth)).all() == [("w1", 12.5)]


def test_a_newer_delivery_may_bring_more_columns(db):
    bring(db, "wells", "Brunnen", {"depth": ("Tiefe", "float")})
    layer = bring(db, "wells", "Brunnen", {"depth": ("Tiefe", "float"), "owner": ("Eigentümer", "text")})
    db.commit()
    assert [column.name for column in layer.fields()] == ["depth", "owner"]
    assert "owner" in {column["name"] for column in inspect(db.connection()).get_columns("planned_wells")}


def test_two_stores_may_bring_different_layers_by_one_name(db, tmp_path):
    bring(db, "wells", "Brunnen", {"depth": ("Tiefe", "float")})
    other = create_store(
        tmp_path / "other.gpkg", City(name="Au", srid=25833, longitude=13.0, latitude=51.0, state=None)
    )
    with Session(other) as second:
        bring(second, "wells", "Brunnen", {"colour": ("Farbe", "text")})
        second.commit()
        assert [column.name for column in layers_of(second)["wells"].fields()] == ["colour"]
    assert [column.name for column in layers_of(db)["wells"].fields()] == ["depth"]


def test_gdal_opens_the_file_without_a_warning(db, quay, where):
    if file_of(where) is None:
        pytest.skip("the server is read by tests/qgis")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        names = {name for name, _ in pyogrio.list_layers(where)}
        info, table = pyogrio.read_arrow(where, layer="buildings", bbox=(500_015, 5_930_000, 500_035, 5_930_005))
    assert set(layers.BY_NAME) <= names
    assert table["uid"].to_pylist() == ["shed-1"]
    assert info["crs"] == "EPSG:25832"
    assert str(table.schema.field("height").type) == "double"


def test_the_views_stay_out_of_the_list_of_layers(db, quay, where):
    if file_of(where) is None:
        pytest.skip("a server has no list of layers of its own")
    assert not [name for name, _ in pyogrio.list_layers(where) if name.startswith(("planned_", "trip", "alembic"))]


def test_a_store_of_a_newer_twin_is_left_alone(store, where):
    with store.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    store.dispose()
    with pytest.raises(BadStore, match=r"written by a newer Twin.*Update Twin"):
        open_store(where)


def test_a_store_of_an_older_twin_is_brought_up(store, where):
    store.dispose()
    with open_store(where).connect() as connection:
        assert connection.scalar(text("select version_num from alembic_version")) == newest_version()


def test_where_there_is_no_store_the_answer_says_how_to_make_one(tmp_path):
    with pytest.raises(NotFound, match="twin load FOLDER --into"):
        open_store(tmp_path / "none.gpkg")
    assert not (tmp_path / "none.gpkg").exists()


@pytest.mark.parametrize("content", [b"PK\x03\x04 no database", b"SQLite format 3\x00" + b"\xff" * 2000])
def test_a_file_that_is_no_store_is_left_alone(tmp_path, content):
    file = tmp_path / "city.gpkg"
    file.write_bytes(content)
    with pytest.raises(BadStore):
        open_store(file)
    assert file.read_bytes() == content


def test_a_geopackage_of_something_else_is_not_taken_for_a_store(tmp_path):
    file = tmp_path / "roads.gpkg"
    with sqlite3.connect(file) as connection:
        connection.execute("create table roads (id integer primary key)")
    with pytest.raises(BadStore, match="not a Twin store"):
        create_store(file, City(name="Kai", srid=25832, longitude=9.0, latitude=53.5, state=None))


def test_a_server_that_does_not_answer_is_named_without_its_password():
    with pytest.raises(BadStore, match="does not answer") as told:
        open_store("postgresql://ada:secret@127.0.0.1:1/city")
    assert "secret" not in str(told.value)


def test_scenario_zero_is_today(db):
    assert db.get(Scenario, 0).title == "Heute"
