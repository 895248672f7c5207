"""A folder of files goes in: what is loaded, what is left out and why, and that nothing is half written."""

import json
import shutil
import zipfile

import pytest
from click.testing import CliRunner
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from layers.brought import layers_of
from layers.buildings import Building
from layers.reading.load import Asked, load
from layers.vacancies import Vacancy
from twin.city import city_of
from twin.errors import BadFile, BadStore, TwinError
from twin.feature import Source
from twin.store import file_of, is_store, open_store
from web.cli import main


def outline(longitude, latitude, side=0.0002):
    ring = [(0, 0), (side, 0), (side, side), (0, side), (0, 0)]
    return {"type": "Polygon", "coordinates": [[[longitude + x, latitude + y] for x, y in ring]]}


def feature(uid, geometry, **properties):
    return {"type": "Feature", "id": uid, "geometry": geometry, "properties": properties}


def write(path, *features):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}), encoding="utf-8")
    return path


@pytest.fixture
def houses(tmp_path):
    """Three houses in Zeitz, as an office exports them."""
    rows = [feature(f"h{i}", outline(12.13 + i / 1000, 51.05), hoehe=9.5 + i, geschosse=3) for i in range(3)]
    return write(tmp_path / "delivery" / "gebaeude.geojson", *rows)


def bring_in(where, *paths, **said):
    return load(Asked([str(path) for path in paths], where, **said))


def only(report):
    [file] = report.files
    return file


def figures(file):
    return file.read, file.loaded, file.changed, file.unchanged, len(file.left_out)


def buildings(where):
    engine = open_store(where)
    with Session(engine) as db:
        found = {building.uid: building for building in db.scalars(select(Building))}
    engine.dispose()
    return found


def test_a_town_goes_in(where, houses):
    report = bring_in(where, houses.parent)
    assert figures(only(report)) == (3, 3, 0, 0, 0)
    assert report.city == {"name": "Delivery", "crs": "EPSG:25833"}
    assert {building.height for building in buildings(where).values()} == {9.5, 10.5, 11.5}


def test_the_city_takes_its_projection_from_where_it_lies(where, tmp_path):
    bring_in(where, write(tmp_path / "gebaeude.geojson", feature("a", outline(7.1, 50.7))))
    with Session(open_store(where)) as db:
        city = city_of(db)
        assert city.srid == 25832
        assert (city.longitude, city.latitude) == pytest.approx((7.1001, 50.7001))


def test_a_city_cfg_names_the_city(where, houses):
    config = "[city]\nname = Zeitz\nsrid = 25832\ncentre = 12.13, 51.05\nstate = Sachsen-Anhalt\n"
    (houses.parent / "city.cfg").write_text(config)
    assert bring_in(where, houses.parent).city == {"name": "Zeitz", "crs": "EPSG:25832"}


def test_loading_again_changes_nothing(where, houses):
    bring_in(where, houses)
    before = file_of(where).read_bytes() if file_of(where) else None
    assert figures(only(bring_in(where, houses))) == (3, 0, 0, 3, 0)
    if before:
        assert file_of(where).read_bytes() == before
    with Session(open_store(where)) as db:
        assert len(db.scalars(select(Source)).all()) == 1


def test_a_newer_delivery_updates_and_keeps_the_scenarios(where, houses):
    bring_in(where, houses)
    engine = open_store(where)
    with Session(engine) as db:
        db.execute(text("insert into scenario (id, title) values (1, 'Höher')"))
        old = db.scalars(select(Building).filter_by(uid="h1")).one()
        db.add(Building(uid="h1", scenario_id=1, height=30.0, shape=old.shape))
        db.commit()
    engine.dispose()
    newer = [feature(f"h{i}", outline(12.13 + i / 1000, 51.05), hoehe=9.5 + 2 * i, geschosse=3) for i in range(4)]
    assert figures(only(bring_in(where, write(houses, *newer)))) == (4, 1, 2, 1, 0)
    with Session(open_store(where)) as db:
        rows = db.execute(select(Building.scenario_id, Building.height, Building.version).filter_by(uid="h1")).all()
    assert sorted(rows) == [(0, 11.5, 1), (1, 30.0, 0)]


def test_every_feature_knows_its_source(where, houses):
    bring_in(where, houses)
    with Session(open_store(where)) as db:
        building = db.scalars(select(Building).filter_by(uid="h0")).one()
        source = db.get(Source, building.source_id)
        assert (source.kind, source.layer, source.crs) == ("GeoJSON", "buildings", "EPSG:4326")
        assert source.path == str(houses)


def test_a_missing_height_is_estimated_and_says_so(where, tmp_path):
    path = write(
        tmp_path / "gebaeude.geojson", feature("a", outline(12.1, 51.0), geschosse=4), feature("b", outline(12.2, 51.0))
    )
    assert only(bring_in(where, path)).estimated == 2
    found = buildings(where)
    assert (found["a"].height, found["a"].estimated) == (12.8, "height: storeys × 3.2 m")
    assert found["b"].estimated == "height, storeys: usual for its use and size"


def test_an_unknown_layer_gets_a_table_with_the_columns_of_its_file(where, tmp_path):
    point = {"type": "Point", "coordinates": [12.13, 51.05]}
    path = write(tmp_path / "brunnen.geojson", feature("a", point, Tiefe=12.5, Betreiber="Stadt", Nr=7))
    assert only(bring_in(where, path)).layer == "brunnen"
    with Session(open_store(where)) as db:
        layer = layers_of(db)["brunnen"]
        row = db.scalars(select(layer)).one()
        assert (row.tiefe, row.betreiber, row.nr) == (12.5, "Stadt", 7)


def test_a_crossing_outline_is_left_out_with_its_place(where, tmp_path):
    bowtie = {
        "type": "Polygon",
        "coordinates": [[[12.1, 51.0], [12.101, 51.001], [12.101, 51.0], [12.1, 51.001], [12.1, 51.0]]],
    }
    path = write(tmp_path / "gebaeude.geojson", feature("good", outline(12.1, 51.0)), feature("bow", bowtie))
    [left] = only(bring_in(where, path)).left_out
    assert "bow" in left.where
    assert "crosses itself (Self-intersection[" in left.reason
    assert list(buildings(where)) == ["good"]


def test_where_every_outline_crosses_the_file_is_refused(where, tmp_path):
    bowtie = {
        "type": "Polygon",
        "coordinates": [[[12.1, 51.0], [12.101, 51.001], [12.101, 51.0], [12.1, 51.001], [12.1, 51.0]]],
    }
    file = only(bring_in(where, write(tmp_path / "gebaeude.geojson", feature("bow", bowtie))))
    assert file.failed
    assert "Redraw it there" in file.left_out[0].reason
    assert not is_store(where)


def test_an_id_that_comes_twice_is_said(where, tmp_path):
    path = write(tmp_path / "gebaeude.geojson", *[feature("a", outline(x, 51.0), gml_id=f"g{x}") for x in (12.1, 12.2)])
    path.write_text(path.read_text().replace("g12.2", "g12.1"))
    file = only(bring_in(where, path))
    assert (file.read, file.loaded + len(file.left_out)) == (2, 2)


def test_swapped_coordinates_are_refused(where, tmp_path):
    path = write(tmp_path / "gebaeude.geojson", feature("a", outline(51.05, 12.13)))
    with pytest.raises(BadFile, match=r"gebaeude\.geojson: longitude and latitude are swapped"):
        bring_in(where, path)
    assert not is_store(where)


def test_a_file_from_elsewhere_is_refused(where, houses, tmp_path):
    bring_in(where, houses)
    file = only(bring_in(where, write(tmp_path / "gebaeude.geojson", feature("rio", outline(-51.2, -30.0)))))
    assert file.failed
    assert "km from the city" in file.left_out[0].reason
    assert len(buildings(where)) == 3


def test_one_bad_file_does_not_keep_the_others_out(where, houses):
    (houses.parent / "strassen.geojson").write_text('{"type": "FeatureCollection", "features": [')
    report = bring_in(where, houses.parent)
    assert [file.failed for file in report.files] == [False, True]
    assert len(buildings(where)) == 3


def test_documents_are_passed_over_and_named(where, houses):
    (houses.parent / "LIESMICH.md").write_text("Lieferung vom 1. März")
    documents = [file for file in bring_in(where, houses.parent).files if file.kind == "document"]
    assert [file.path for file in documents] == [f"{houses.parent}/LIESMICH.md"]


def test_an_archive_is_read_like_a_folder(where, houses, tmp_path):
    archive = tmp_path / "delivery.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.write(houses, "innen/gebaeude.geojson")
    file = only(bring_in(where, archive))
    assert (file.path, file.loaded) == (f"{archive}/innen/gebaeude.geojson", 3)


def test_a_zip_bomb_is_not_unpacked(where, houses, tmp_path):
    archive = tmp_path / "bomb.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("gebaeude.geojson", b"0" * (150 << 20))
    files = {file.path: file for file in bring_in(where, houses, archive).files}
    assert files[str(archive)].failed
    assert "zip bomb" in files[str(archive)].left_out[0].reason


def test_an_archive_cannot_write_outside_its_folder(where, houses, tmp_path):
    archive = tmp_path / "sly.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.write(houses, "../../../gebaeude.geojson")
    before = sorted(tmp_path.parent.rglob("*.geojson"))
    bring_in(where, archive)
    assert sorted(tmp_path.parent.rglob("*.geojson")) == before


def test_mixed_projections_end_up_in_the_citys(where, houses, tmp_path):
    bring_in(where, houses)
    shutil.copy(houses, tmp_path / "gebaeude.geojson")
    ring = [[298_800.0, 5_659_000.0], [298_810.0, 5_659_000.0], [298_810.0, 5_659_010.0], [298_800.0, 5_659_000.0]]
    metric = {"type": "Polygon", "coordinates": [ring]}
    collection = {"type": "FeatureCollection", "features": [feature("m", metric)]}
    path = tmp_path / "neu" / "gebaeude.geojson"
    path.parent.mkdir()
    path.write_text(json.dumps(collection))
    file = only(bring_in(where, path, crs="25833"))
    assert (file.crs, file.loaded) == ("EPSG:25833", 1)
    assert buildings(where)["m"].shape.bounds == pytest.approx((298_800, 5_659_000, 298_810, 5_659_010))


def test_an_unknown_projection_is_named(where, houses):
    with pytest.raises(TwinError, match="--crs 99999: no such projection"):
        bring_in(where, houses, crs="99999")


def test_what_is_not_there_is_said(where):
    with pytest.raises(BadFile, match="there is no such file or folder"):
        bring_in(where, "/nowhere/at/all")


def test_a_dry_run_writes_nothing(where, houses):
    shown = []
    bring_in(where, houses, dry_run=True, show=shown.append)
    assert [one.survey.layers for one in shown[0].files] == [{"buildings": 3}]
    assert not is_store(where)


def test_a_wrong_store_is_left_alone(houses, tmp_path):
    file = tmp_path / "notes.gpkg"
    file.write_text("no store")
    with pytest.raises(BadStore):
        bring_in(str(file), houses)
    assert file.read_text() == "no store"


def test_the_command_prints_the_plan_and_the_report(houses, tmp_path):
    answer = CliRunner().invoke(main, ["load", str(houses), "--into", str(tmp_path / "a.gpkg")])
    assert answer.exit_code == 0
    assert "GeoJSON: buildings 3" in answer.output
    assert "3 read, 3 loaded" in answer.output


def test_programs_get_json(houses, tmp_path):
    store = str(tmp_path / "a.gpkg")
    answer = json.loads(CliRunner().invoke(main, ["load", str(houses), "--into", store, "--json"]).stdout)
    assert answer["city"] == {"name": "Delivery", "crs": "EPSG:25833"}
    wanted = {"path", "kind", "layer", "crs", "read", "loaded", "changed", "unchanged", "estimated", "left_out"}
    assert wanted <= set(answer["files"][0])
    told = json.loads(CliRunner().invoke(main, ["info", store, "--json"]).stdout)
    [layer] = told["layers"]
    assert (layer["name"], layer["count"], layer["sources"][0]["path"]) == ("buildings", 3, str(houses))
    assert layer["extent"] == pytest.approx([layer["extent"][0], layer["extent"][1], *layer["extent"][2:]])


def test_a_mistake_is_a_sentence_and_exit_code_1(tmp_path):
    bad = tmp_path / "lod2.gml"
    bad.write_text("this is no GML")
    answer = CliRunner().invoke(main, ["load", str(bad), "--into", str(tmp_path / "a.gpkg")])
    assert answer.exit_code == 1
    assert "lod2.gml" in answer.output
    assert "Traceback" not in answer.output
    assert not (tmp_path / "a.gpkg").exists()


def test_an_empty_place_finds_the_building_it_is_in(where, houses):
    shop = {"type": "Point", "coordinates": [12.1311, 51.0501]}
    gap = {"type": "Point", "coordinates": [12.1350, 51.0501]}
    rows = [feature("v1", shop, kind="shop"), feature("v2", gap, kind="shop"), feature("v3", shop, kind="land")]
    write(houses.parent / "leerstand.geojson", *rows)
    bring_in(where, houses.parent)
    with Session(open_store(where)) as db:
        found = dict(db.execute(select(Vacancy.uid, Vacancy.building)).all())
    assert found == {"v1": "h1", "v2": None, "v3": None}


def test_what_one_file_brings_and_the_next_one_changes_is_found_by_its_place(where, houses):
    higher = [feature(f"h{i}", outline(12.13 + i / 1000, 51.0502), hoehe=20.0) for i in range(2)]
    write(houses.parent / "haeuser.geojson", *higher)
    report = bring_in(where, houses.parent)
    assert sorted(figures(file) for file in report.files) == [(2, 0, 2, 0, 0), (3, 3, 0, 0, 0)]
    engine = open_store(where)
    found = len(buildings(where))
    if file_of(where):
        with engine.connect() as connection:
            assert connection.scalar(text("select rtreecheck('rtree_buildings_geom')")) == "ok"
            assert connection.scalar(text("select count(*) from rtree_buildings_geom")) == found
    engine.dispose()


def sources(where):
    with Session(open_store(where)) as db:
        return {source.layer: (str(source.delivered), source.licence) for source in db.scalars(select(Source))}


def test_a_source_cfg_beside_the_files_tells_their_day_and_their_licence(tmp_path, where):
    write(tmp_path / "in" / "schulen" / "facilities.geojson", feature("f1", outline(9.0, 53.5), name="Schule"))
    (tmp_path / "in" / "source.cfg").write_text("[source]\ndelivered = 2025-06-30\nlicence = dl-de/by-2-0\n", "utf-8")
    load(Asked([str(tmp_path / "in")], where))
    assert list(sources(where).values()) == [("2025-06-30", "dl-de/by-2-0")]


def test_a_source_cfg_with_a_day_that_is_none_is_named_and_nothing_is_loaded(tmp_path, where):
    write(tmp_path / "in" / "facilities.geojson", feature("f1", outline(9.0, 53.5), name="Schule"))
    (tmp_path / "in" / "source.cfg").write_text("[source]\ndelivered = 30.6.2025\n", "utf-8")
    (file,) = load(Asked([str(tmp_path / "in")], where)).files
    assert file.failed
    for words in ("source.cfg", "30.6.2025", "delivered = 2026-03-31"):
        assert words in file.left_out[0].reason
