"""What goes out comes in again: each format, written and read, holds what it says it holds."""

import csv
import io
import json
import re
import sqlite3
import struct
import zipfile
from collections import Counter

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from click.testing import CliRunner
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from layers.reading import citygml as citygml_reader
from layers.reading import cityjson as cityjson_reader
from layers.reading import gtfs as gtfs_reader
from layers.reading.batch import Wanted
from layers.writing.delivery import CannotHold
from layers.writing.vector import short_names
from scenarios import changes
from tests.hamlet import EAST, NORTH, TOKEN, as_planner, at, change, planner, settle
from twin.errors import BadValue
from twin.feature import Scenario
from twin.store import lend_functions
from web import create_app
from web.cli import main as twin
from web.exports.formats import FORMATS
from web.exports.gather import delivery
from web.exports.stl import Print, stl
from web.exports.triangles import cut

in_a_file = pytest.mark.parametrize(
    "where", ["geopackage"], indirect=True
)  # what is written does not hang on the store


@pytest.fixture
def hamlet(store, where):
    with Session(store) as db:
        settle(db)
        db.add(planner())
        db.add(Scenario(id=1, title="Kai 2040"))
        db.commit()
    change(store, "place", "shed-0", height=6.5)
    change(store, "clear", "shed-4")
    with Session(store) as db:
        yield db


@pytest.fixture
def made(hamlet, tmp_path):
    """Writes some layers of the scenario in a format, and says where."""

    def write(name, *layers, ending=None, **more):
        path = tmp_path / f"out{ending or FORMATS[name].ending}"
        scenario = hamlet.get_one(Scenario, 1)
        FORMATS[name].write(delivery(hamlet, scenario, list(layers), **more), path)
        return path

    return write


def read(path, layer=None):
    about, _, shapes, fields = pyogrio.raw.read(path, layer=layer)
    return dict(zip(about["fields"], fields, strict=True)), shapely.from_wkb(shapes), about["crs"]


def sheds(fields):
    return dict(zip(fields["uid"], fields["height"], strict=True))


EXPECTED = {"house": 9.5, "shed-0": 6.5, "shed-1": 4.0, "shed-2": 4.0, "shed-3": 4.0}


def test_a_geopackage_holds_all_layers_as_planned_with_their_styles(made):
    path = made("gpkg", "buildings", "trees", "streets", with_today=True)
    fields, shapes, crs = read(path, "buildings")
    assert sheds(fields) == EXPECTED and crs == "EPSG:25832"
    assert shapes[list(fields["uid"]).index("house")].bounds == (EAST, NORTH + 30, EAST + 12, NORTH + 40)
    today, _, _ = read(path, "today_buildings")
    assert sheds(today) == {**EXPECTED, "shed-0": 4.0, "shed-4": 4.0}
    styles, _, _ = read(path, "layer_styles")
    assert set(styles["f_table_name"]) >= {"buildings", "today_buildings", "trees", "streets"}
    assert "categorizedSymbol" in styles["styleQML"][list(styles["f_table_name"]).index("streets")]


@in_a_file
@pytest.mark.parametrize("name", ["geojson", "fgb"])
def test_one_layer_is_one_file_and_several_are_packed(made, name):
    path = made(name, "buildings")
    fields, shapes, crs = read(path)
    assert sheds(fields) == EXPECTED
    degrees = {"geojson": "EPSG:4326", "fgb": "EPSG:25832"}
    assert crs == degrees[name]
    west = min(shape.bounds[0] for shape in shapes)
    assert west == pytest.approx(9.0 if name == "geojson" else EAST, abs=1e-5)
    packed = made(name, "buildings", "trees", ending=".zip")
    assert set(zipfile.ZipFile(packed).namelist()) == {f"buildings.{name}", f"trees.{name}"}


@in_a_file
def test_a_shapefile_holds_what_it_can_and_says_what_it_cannot(made, tmp_path):
    path = made("shp", "buildings", "vacancies")
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path / "shp")
    fields, _, crs = read(tmp_path / "shp/buildings.shp")
    assert sheds(fields) == EXPECTED and crs == "EPSG:25832"
    told = (tmp_path / "shp/LIESMICH.txt").read_text()
    assert "storeys_be = storeys_below" in told and "10 Zeichen" in told
    assert short_names(["storey_heights", "storey_height"]) == {
        "storey_heights": "storey_hei",
        "storey_height": "storey_he1",
    }


@in_a_file
def test_a_spreadsheet_opens_the_rows_and_reckons_with_none_of_them(made, hamlet):
    scenario = hamlet.get_one(Scenario, 1)
    with changes.step(hamlet, scenario, None, "fields") as step:
        layer = step.layers["buildings"]
        changes.place(step, layer, "shed-1", None, {"name": "=1+1"}, seen=0)
    path = made("csv", "buildings")
    rows = {row["uid"]: row for row in csv.DictReader(io.StringIO(path.read_text("utf-8-sig")), delimiter=";")}
    assert {uid: float(row["height"]) for uid, row in rows.items()} == EXPECTED
    assert shapely.from_wkt(rows["house"]["wkt"]).bounds == (EAST, NORTH + 30, EAST + 12, NORTH + 40)
    assert rows["shed-1"]["name"] == "'=1+1"
    sheet = load_workbook(made("xlsx", "buildings", "trees"))["Gebäude"]
    head, *lines = sheet.iter_rows(values_only=True)
    column = head.index("Höhe (m)")
    assert {line[0]: line[column] for line in lines} == EXPECTED
    assert "Satteldach" in {line[head.index("Dachform")] for line in lines}


@in_a_file
def test_a_drawing_has_the_buildings_as_bodies_and_all_else_flat(made):
    import ezdxf

    drawing = ezdxf.readfile(made("dxf", "buildings", "streets", "trees", "water"))
    assert drawing.audit().errors == [] and drawing.units == 6
    space = drawing.modelspace()
    assert Counter((one.dxftype(), one.dxf.layer) for one in space) == {
        ("MESH", "buildings"): 5, ("LWPOLYLINE", "streets"): 1, ("POINT", "trees"): 1, ("LWPOLYLINE", "water"): 1,
    }  # fmt: skip
    house = next(one for one in space.query("MESH") if one.get_xdata("TWIN")[0].value == "house")
    heights = [point[2] for point in house.vertices]
    assert (min(heights), max(heights)) == (12.5, 22.0)


@in_a_file
@pytest.mark.parametrize(("name", "reader"), [("citygml", citygml_reader), ("cityjson", cityjson_reader)])
def test_a_city_model_comes_back_with_the_same_buildings_heights_and_roofs(made, name, reader):
    path = made(name, "buildings")
    [batch] = reader.read(path, Wanted())
    assert batch.left_out == [] and batch.crs.to_epsg() == 25832
    found = dict(zip(batch.uids, batch.fields["height"], strict=True))
    assert found == EXPECTED
    house = list(batch.uids).index("house")
    assert (batch.fields["roof_type"][house], batch.fields["storeys"][house]) == ("3100", 2)
    assert (batch.fields["base_height"][house], batch.fields["eaves_height"][house]) == (12.5, 6.0)
    solid = shapely.from_wkb(batch.surfaces[house])
    assert Counter(batch.fields["surface_kinds"][house]) == {"W": 4, "R": 2, "G": 1}
    assert shapely.get_coordinates(solid, include_z=True)[:, 2].max() == 22.0


@in_a_file
def test_an_id_that_is_no_name_of_xml_comes_back_as_it_was(made, hamlet):
    scenario = hamlet.get_one(Scenario, 1)
    with changes.step(hamlet, scenario, None, "draw") as step:
        changes.place(step, step.layers["buildings"], "way/7 <&>", at(120, 0), {"height": 5.0}, seen=None)
    [batch] = citygml_reader.read(made("citygml", "buildings"), Wanted())
    assert "way/7 <&>" in batch.uids


@in_a_file
def test_a_city_json_is_as_its_schema_wants_it(made):
    told = json.loads(made("cityjson", "buildings").read_text())
    house = told["CityObjects"]["house"]["geometry"][0]
    assert (house["type"], house["lod"]) == ("Solid", "2")
    assert told["CityObjects"]["shed-1"]["geometry"][0]["lod"] == "1"
    used = {corner for thing in told["CityObjects"].values() for shell in thing["geometry"][0]["boundaries"]
            for face in shell for ring in face for corner in ring}  # fmt: skip
    assert used == set(range(len(told["vertices"])))  # none twice, none unused
    assert len({tuple(vertex) for vertex in told["vertices"]}) == len(told["vertices"])


@in_a_file
def test_a_model_for_viewers_has_the_walls_and_roofs_in_metres(made):
    data = made("gltf", "buildings").read_bytes()
    magic, version, length, size = struct.unpack_from("<4sIII", data)
    assert (magic, version, length) == (b"glTF", 2, len(data))
    told = json.loads(data[20 : 20 + size])
    places = [told["accessors"][one["attributes"]["POSITION"]] for one in told["meshes"][0]["primitives"]]
    low, high = (np.array([one[edge] for one in places]) for edge in ("min", "max"))
    across = high.max(axis=0) - low.min(axis=0)
    assert across == pytest.approx([70.0, 22.0, 40.0], abs=0.01)
    assert told["asset"]["extras"]["crs"] == "EPSG:25832"


@in_a_file
def test_a_page_to_take_along_holds_all_that_it_shows(made, hamlet):
    scenario = hamlet.get_one(Scenario, 1)
    with changes.step(hamlet, scenario, None, "draw") as step:
        layer = step.layers["buildings"]
        changes.place(step, layer, "tower", at(110, 50), {"height": 30.0, "name": "</script><b>Turm"}, seen=None)
    told = made("html", "buildings", "trees", "streets", with_today=True).read_text()
    assert "&lt;/script&gt;&lt;b&gt;Turm" in told and "</script><b>Turm" not in told
    assert [state in told for state in ('class="badge new"', 'class="badge changed"', 'class="badge gone"')] == [
        True
    ] * 3
    outside = re.findall(r'<(?:script|link|img|iframe)[^>]*(?:src|href)="([^"]+)"', told[: told.index("<script>")])
    assert outside == [] and "import " not in told[told.rindex("<script type=") :].partition("\n")[0]


@in_a_file
def test_a_timetable_has_the_line_that_the_scenario_draws(made, hamlet):
    scenario = hamlet.get_one(Scenario, 1)
    with changes.step(hamlet, scenario, None, "line") as step:
        stop, line = step.layers["stops"], step.layers["lines"]
        changes.place(step, stop, "kai-2", shapely.Point(EAST + 140, NORTH + 24), {"name": "Kai, Ende"}, seen=None)
        way = shapely.LineString([(EAST + 20, NORTH + 20), (EAST + 140, NORTH + 20)])
        told = {"number": "7", "kind": "bus", "headways": "6-9:10;9-20:30", "calls": "stop@0;kai-2@3"}
        changes.place(step, line, "line-7", way, told, seen=None)
    path = made("gtfs", "stops", "lines")
    stops, lines, *rows = gtfs_reader.read(path, Wanted())
    assert dict(zip(lines.fields["number"], lines.fields["kind"], strict=True)) == {"7": "bus"}
    assert set(stops.fields["name"]) == {"Kai, Zollhaus", "Kai, Ende"}
    assert lines.shapes[0].length == pytest.approx(0.0018, abs=0.0002)
    trips = next(one for one in rows if one.table == "trip")
    assert sorted(zip(trips.columns["first"], trips.columns["headway"], strict=True))[:2] == [
        (21600, 600),
        (21600, 600),
    ]


def edges_pair_up(data):
    """Does each edge of a binary STL part two triangles that run along it in opposite ways?"""
    count = int(np.frombuffer(data[80:84], "<u4")[0])
    kind = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])
    corners = np.frombuffer(data[84:], kind, count)["corners"].astype(float)
    numbers = np.unique(np.round(corners.reshape(-1, 3), 4), axis=0, return_inverse=True)[1].reshape(-1, 3)
    there = Counter(map(tuple, np.concatenate([numbers[:, [0, 1]], numbers[:, [1, 2]], numbers[:, [2, 0]]]).tolist()))
    volume = np.einsum("ij,ij->i", corners[:, 0], np.cross(corners[:, 1], corners[:, 2])).sum() / 6
    return all(number == 1 and there.get((b, a)) == 1 for (a, b), number in there.items()), corners, volume


@in_a_file
def test_the_map_of_an_indicator_is_a_raster_in_its_place(hamlet, where, tmp_path):
    hamlet.close()
    asked = ["export", where, str(tmp_path / "sun.tif"), "--indicator", "sunlight", "--scenario", "1"]
    done = CliRunner().invoke(twin, [*asked, "--area", "8.9995,53.5190,9.0010,53.5206"])
    assert done.exit_code == 0, done.output
    with rasterio.open(tmp_path / "sun.tif") as file:
        hours, beside_the_house = file.read(1), next(file.sample([(EAST + 6, NORTH + 41)]))[0]
        assert (file.crs.to_epsg(), file.tags()["unit"], np.isfinite(hours).any()) == (25832, "h", True)
    assert beside_the_house < np.nanmax(hours)  # it lies in the shadow of the house, to its north
    assert CliRunner().invoke(twin, ["export", where, str(tmp_path / "x.tif"), "--indicator", "cost"]).exit_code == 1


@in_a_file
def test_a_square_is_printed_as_one_closed_body(hamlet, tmp_path):
    asked = Print((EAST + 6, NORTH + 35), 40.0, scale=500, bed=200, base=3.0)
    stl(hamlet, 1, asked, tmp_path / "model.stl")
    closed, corners, volume = edges_pair_up((tmp_path / "model.stl").read_bytes())
    assert closed and volume > 80 * 80 * 3.0
    low, high = corners.reshape(-1, 3).min(axis=0), corners.reshape(-1, 3).max(axis=0)
    assert (high - low)[:2] == pytest.approx([80.0, 80.0], abs=0.001)
    ridge = 9.5 * 1000 / 500
    assert 3.0 + ridge - 1.0 < high[2] <= 3.0 + ridge
    tiles = Print((EAST + 6, NORTH + 35), 40.0, scale=500, bed=50)
    stl(hamlet, 1, tiles, tmp_path / "tiles.zip")
    with zipfile.ZipFile(tmp_path / "tiles.zip") as archive:
        assert archive.namelist() == ["1-1.stl", "1-2.stl", "2-1.stl", "2-2.stl"]
        assert all(edges_pair_up(archive.read(name))[0] for name in archive.namelist())
    with pytest.raises(BadValue):
        stl(hamlet, 1, Print((EAST, NORTH), 1e9), tmp_path / "moon.stl")


def test_a_part_of_the_city_and_what_a_format_cannot_hold(made, hamlet):
    part = shapely.box(EAST - 1, NORTH - 1, EAST + 15, NORTH + 5)
    assert sheds(read(made("gpkg", "buildings", area=part), "buildings")[0]) == {"shed-0": 6.5}
    with pytest.raises(CannotHold):
        made("gtfs", "stops", "lines")
    with pytest.raises(CannotHold):
        made("geojson", "buildings", area=shapely.box(0, 0, 1, 1))
    with pytest.raises(CannotHold):
        delivery(hamlet, hamlet.get_one(Scenario, 1), ["buildings"], most=2)


def test_the_page_hands_out_what_may_be_seen_and_refuses_with_a_sentence(hamlet, where):
    hamlet.get_one(Scenario, 1).state = "published"
    hamlet.add(Scenario(id=2, title="Entwurf"))
    hamlet.commit()
    page = create_app(DATABASE=where).test_client()
    assert "Herunterladen" in page.get("/scenarios/1/export").text
    answer = page.get("/scenarios/1/export/file?format=geojson&layers=buildings&area=box&box=8.9,53.4,9.1,53.6")
    assert answer.headers["Content-Disposition"] == "attachment; filename=Kai_Kai_2040.geojson"
    assert len(answer.json["features"]) == 5
    assert page.get("/scenarios/1/export/qgis").data[:2] == b"PK"
    model = page.get("/scenarios/1/export/print?longitude=9.0001&latitude=53.5202&side=40&scale=500")
    assert edges_pair_up(model.data)[0]
    for asked, status in (
        ("file?format=doc", 400), ("file?format=citygml&layers=trees", 422), ("file?layers=moats", 404),
        ("file?area=moon", 422), ("file?area=box&box=1,2,3", 422), ("file?area=box&box=9,53,8,54", 422),
        ("file?format=gtfs", 422), ("print?side=x", 400), ("print?side=90000", 422),
    ):  # fmt: skip
        refused = page.get(f"/scenarios/1/export/{asked}")
        assert refused.status_code == status, asked
    assert {page.get(f"/scenarios/2/export{more}").status_code for more in ("", "/file", "/qgis", "/print")} == {404}


@in_a_file
def test_the_city_is_shown_in_a_frame_on_the_sites_that_are_named(hamlet, where):
    plain = create_app(DATABASE=where).test_client().get("/scenarios/0/export")
    assert "<code>&lt;iframe" not in plain.text
    page = create_app(DATABASE=where, EMBEDDED_IN=["https://www.town.example"]).test_client()
    answer = page.get("/scenarios/0/export")
    assert "<code>&lt;iframe" in answer.text
    policy = page.get("/scenarios/0?embedded").headers["Content-Security-Policy"]
    assert "frame-ancestors 'self' https://www.town.example" in policy


@in_a_file
def test_what_is_cut_for_viewers_is_what_was_drawn(hamlet):
    from layers.writing.bodies import bodies

    given = delivery(hamlet, hamlet.get_one(Scenario, 1), ["buildings"])
    found = bodies(given, given.tables[0])
    assert all(body.is_closed() for body in found)
    corners, _, body, letters = cut(found)
    assert len(corners) == 3 * len(body) == 3 * len(letters)
    assert set(letters) == {"G", "W", "R"}


def test_edits_come_back_through_the_page_all_or_none(hamlet, where, made):
    app = create_app(DATABASE=where)
    page = as_planner(app)
    file = made("gpkg", "buildings", "trees")
    hamlet.commit()

    def sent(path):
        data = {"file": (io.BytesIO(path.read_bytes()), "kai.gpkg"), "token": TOKEN}
        return page.post("/scenarios/1/export/back?lang=en", data=data)

    assert "Nothing is edited" in sent(file).text
    change_in(file, "update buildings set height = 7000 where uid = 'shed-1'")
    refused = sent(file)
    assert (refused.status_code, "Allowed: 0 to 1000 m" in refused.text) == (422, True)
    change_in(file, "update buildings set height = 7 where uid = 'shed-1'", "delete from trees")
    assert "2 edits are taken" in sent(file).text
    assert "2 edits" not in sent(file).text  # somebody was there before: these very edits
    text_file = file.with_name("no.gpkg")
    text_file.write_text("no database")
    assert sent(text_file).status_code == 422
    stranger = app.test_client().post("/scenarios/1/export/back", data={})
    assert stranger.status_code in (404, 422)


def change_in(file, *statements):
    with sqlite3.connect(file) as db:
        lend_functions(db)
        for statement in statements:
            db.execute(statement)
    db.close()
