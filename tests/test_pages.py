"""What the browser is told: pages, tiles and words, of a hamlet on both kinds of store."""

import json
import math
import re
import struct
from datetime import datetime
from pathlib import Path

import brotli
import numpy as np
import pytest
import rasterio
from pyproj import CRS
from rasterio.transform import from_origin
from sqlalchemy.orm import Session

from layers.buildings import Building
from tests.hamlet import CITY, EAST, NORTH, settle
from twin import ground
from twin.city import City
from twin.feature import Source
from twin.projection import LONLAT, transformer
from twin.store import create_store
from web import create_app, language
from web.api_words import API
from web.assumption_words import ASSUMPTIONS
from web.compare_words import COMPARING
from web.drawn.frame import STEPS, UNIT, Frame
from web.edit_words import EDITING
from web.export_words import EXPORTING
from web.find_words import FIND
from web.indicator_words import INDICATORS
from web.map_words import ON_THE_MAP
from web.ogc_words import OGC
from web.participation_words import PARTICIPATION
from web.people_words import PEOPLE
from web.place_words import PLACES
from web.planner_words import PLANNER
from web.reach_words import REACH
from web.register_words import REGISTER
from web.state_words import STATES
from web.story_words import STORIES
from web.tool_words import TOOLS
from web.verb_words import SEVERAL


@pytest.fixture
def hamlet(store):
    with Session(store) as db:
        settle(db)


@pytest.fixture
def page(hamlet, where):
    return create_app(DATABASE=where).test_client()


def numbers_of(z, x=EAST, y=NORTH):
    """The tile of a zoom in which a place lies."""
    longitude, latitude = transformer(25832, LONLAT).transform(x, y)
    across = 2**z
    north = math.asinh(math.tan(math.radians(latitude)))
    return int((longitude + 180) / 360 * across), int((1 - north / math.pi) / 2 * across)


def unpacked(answer):
    (length,) = struct.unpack_from("<I", answer.data)
    head = json.loads(answer.data[4 : 4 + length])
    for name, place in head["arrays"].items():
        kind = np.dtype(place["type"].removesuffix("Array").lower())
        head[name] = np.frombuffer(answer.data, kind, place["length"], 4 + length + place["offset"])
    return head


def tile(page, group, z=14, x=None, y=None):
    across, down = numbers_of(z) if x is None else (x, y)
    answer = page.get(f"/tiles/0/{group}/{z}/{across}/{down}")
    assert answer.status_code == 200, answer.text
    return unpacked(answer)


def around(page, group, z):
    """The tile of the hamlet and its eight neighbours."""
    x, y = numbers_of(z)
    return [tile(page, group, z, x + i, y + j) for i in (-1, 0, 1) for j in (-1, 0, 1)]


def heights_of(found, uid):
    owner = found["uids"].index(uid)
    return found["places"].reshape(-1, 3)[found["owners"] == owner, 2] / STEPS


def test_the_page_names_the_city_and_counts_its_layers(page):
    text = page.get("/").text
    assert "<title>Kai" in text
    for title, count in (("Gebäude", 6), ("Straßen und Wege", 1), ("Leerstand", 1)):
        assert re.search(rf"<span>{title}</span><b>{count}</b>", text)
    assert "Bauleitpläne" not in text  # there are none


def test_the_scene_holds_no_features_only_where_to_fetch_them(page):
    scene = json.loads(re.search(r'id="scene">(.*?)</script>', page.get("/").text, re.S)[1])
    deck = json.loads(scene["deck"])
    assert [layer["@@type"] for layer in deck["layers"]] == [
        *("LandTiles", "TreeTiles", "BuildingTiles", "MarkerTiles"),
        "GeoJsonLayer",  # of reached streets, empty
    ]
    assert all(layer["data"].startswith(f"/tiles/0/{layer['id']}/{{z}}/{{x}}/{{y}}?v=") for layer in deck["layers"][:4])
    longitude, latitude = transformer(25832, LONLAT).transform(EAST + 50, NORTH)
    assert deck["initialViewState"]["longitude"] == pytest.approx(longitude, abs=0.002)
    assert deck["initialViewState"]["latitude"] == pytest.approx(latitude, abs=0.002)


def test_without_a_city_the_page_says_how_to_load_one(tmp_path):
    page = create_app(DATABASE=str(tmp_path / "city.gpkg")).test_client()
    answer = page.get("/")
    assert answer.status_code == 200
    assert "Noch keine Daten" in answer.text
    assert "twin load" in answer.text
    assert not (tmp_path / "city.gpkg").exists()


def test_a_city_that_is_loaded_while_the_server_runs_appears(tmp_path):
    place = str(tmp_path / "city.gpkg")
    page = create_app(DATABASE=place).test_client()
    page.get("/")
    with Session(create_store(place, City(**CITY))) as db:
        settle(db)
    assert "<title>Kai" in page.get("/").text


def test_a_surveyed_house_stands_on_the_ground_with_its_roof(page):
    found = tile(page, "buildings", 16)
    heights = heights_of(found, "house")
    assert heights.max() == pytest.approx(9.5, abs=0.03)
    assert heights.min() == pytest.approx(-2, abs=0.03)  # its walls reach into the ground
    roof = found["places"].reshape(-1, 3)[(found["owners"] == found["uids"].index("house")) & (found["kinds"] == 1), 2]
    assert roof.min() / STEPS == pytest.approx(6.0, abs=0.03)
    assert set(found["kinds"][found["owners"] == found["uids"].index("house")]) == {0, 1}  # no floor is drawn


def test_from_afar_the_house_is_a_block_of_the_same_height(page):
    heights = heights_of(tile(page, "buildings", 14), "house")
    assert set(np.round(heights, 1)) == {-2.0, 9.5}


@pytest.mark.parametrize("zoom", [14, 16])
def test_each_building_is_in_one_tile_of_a_zoom(page, zoom):
    uids = [uid for found in around(page, "buildings", zoom) for uid in found["uids"]]
    assert sorted(uids) == ["house", *(f"shed-{i}" for i in range(5))]


def test_a_building_lies_where_it_was_measured(page):
    found = tile(page, "buildings", 16)
    corners = found["places"].reshape(-1, 3)[found["owners"] == found["uids"].index("house"), :2]
    degrees = np.array(found["origin"]) + corners * np.array(found["span"]) / UNIT
    x, y = transformer(LONLAT, 25832).transform(degrees[:, 0], degrees[:, 1])
    assert (x.min(), x.max()) == pytest.approx((EAST, EAST + 12), abs=0.03)
    assert (y.min(), y.max()) == pytest.approx((NORTH + 30, NORTH + 40), abs=0.03)


@pytest.mark.parametrize("zoom", [11, 14, 17])
def test_the_units_of_a_tile_agree_with_the_projection(zoom):
    frame = Frame(zoom, *numbers_of(zoom), 25832)
    x, y = frame.grid(7)
    units = frame.units(np.column_stack([x.ravel(), y.ravel()])).reshape(8, 8, 2)
    across = np.linspace(-UNIT, UNIT, 8)
    assert np.abs(units[:, :, 0] - across).max() < 0.1
    assert np.abs(units[:, :, 1] - across[::-1, None]).max() < 0.1


def test_a_building_of_the_vacancy_register_is_marked_as_empty(page):
    found = tile(page, "buildings", 14)
    empty = {uid for uid, flags in zip(found["uids"], found["flags"], strict=True) if flags & 2}
    assert empty == {"shed-3"}


def test_the_land_bears_the_lane_the_pond_and_the_shadows_of_what_stands(page):
    groups = {(group["layer"], group["geometry"]): group["parts"] for group in tile(page, "land", 16)["groups"]}
    assert groups[("streets", "line")] == 1
    assert groups[("water", "area")] == 1
    assert groups[("shadows", "area")] == 6
    assert groups[("tree-shadows", "area")] == 1


def test_trees_and_stops_stand_where_they_were_counted(page):
    trees = [found for found in around(page, "trees", 15) if found["uids"]]
    assert [found["uids"] for found in trees] == [["lime"]]
    assert trees[0]["sizes"].tolist() == [150, 90]
    marks = [group for group in tile(page, "markers", 13)["groups"] if group["uids"]]
    assert {group["layer"]: group["uids"] for group in marks} == {"stops": ["stop"], "vacancies": ["V1"]}


def test_a_tile_is_sent_again_only_when_the_store_has_changed(page, store):
    address = "/tiles/0/buildings/14/{}/{}".format(*numbers_of(14))
    first = page.get(address)
    again = page.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    with Session(store) as db:
        db.add(Source(path="new.gml", kind="CityGML", layer="buildings", read_at=datetime(2026, 3, 1)))
        db.add(Building(uid="shed-9", height=5.0, shape=db.query(Building).filter_by(uid="shed-0").one().shape))
        db.commit()
    changed = page.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert "shed-9" in unpacked(changed)["uids"]


@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("/tiles/0/land/14/99999/1", 400, "outside the world"),
        ("/tiles/0/land/3/1/1", 400, "zoom 9 to 19"),
        ("/tiles/7/land/14/8600/5300", 404, "keine Variante 7"),
        ("/tiles/0/gold/14/8600/5300", 404, "gibt es nicht"),
        ("/api/scenarios/0/gold/1", 404, "keine Ebene namens gold"),
        ("/api/scenarios/0/buildings/shed-77", 404, "gibt es shed-77 nicht"),
        ("/api/scenarios/0/at?longitude=abc&latitude=3", 400, "„longitude“ muss eine Zahl von -180 bis 180 sein"),
        ("/api/scenarios/0/at?longitude=9&latitude=nan", 400, "„latitude“ muss eine Zahl von -90 bis 90 sein"),
    ],
)
def test_a_wrong_address_is_answered_with_a_sentence(page, address, status, sentence):
    answer = page.get(address)
    assert answer.status_code == status
    assert sentence in answer.json["error"]


def test_a_wrong_page_is_answered_with_a_page(page):
    answer = page.get("/scenarios/0/buildings/shed-77")
    assert answer.status_code == 404
    assert "<h1>Das gibt es hier nicht</h1>" in answer.text


def test_the_inspector_tells_every_field_with_unit_source_and_estimate(page):
    answer = page.get("/api/scenarios/0/buildings/house").json
    texts = {field["title"]: (field["text"], field["unit"]) for field in answer["fields"]}
    assert texts["Höhe"] == ("9,5", "m")
    assert texts["Dachform"] == ("Satteldach", "")
    assert texts["Funktion"] == ("Wohnhaus", "")
    assert texts["Baujahr"] == (None, "")
    assert [field["estimated"] for field in answer["fields"] if field["name"] == "storeys"] == ["height / 3.2 m"]
    assert answer["source"]["file"] == "LoD2_32_500_5930.gml"
    assert answer["source"]["licence"] == "dl-de/by-2-0"
    told = page.get("/scenarios/0/buildings/house?part").text
    for words in ("Satteldach", "9,5 m", "nicht bekannt", "height / 3.2 m", "LoD2_32_500_5930.gml", "2026-01-15"):
        assert words in told


def test_what_a_file_brings_never_becomes_markup(page):
    for address in ("/scenarios/0/buildings/house", "/scenarios/0/buildings/house?part"):
        text = page.get(address).text
        assert "Zollhaus &lt;b&gt;" in text
        assert "Zollhaus <b>" not in text


def test_the_same_page_in_english(page):
    assert "Buildings" in page.get("/?lang=en").text
    told = page.get("/scenarios/0/buildings/house?part&lang=en").text
    for words in ("Roof type", "Gable", "9.5 m", "not known"):
        assert words in told


def test_a_click_on_the_ground_finds_what_is_painted_there(page):
    def at(x, y, layers="streets,water"):
        longitude, latitude = transformer(25832, LONLAT).transform(EAST + x, NORTH + y)
        found = page.get(f"/api/scenarios/0/at?longitude={longitude}&latitude={latitude}&layers={layers}")
        return [one["uid"] for one in found.json]

    assert at(100, 21) == ["lane"]
    assert at(60, 60) == ["pond"]
    assert at(60, 60, "streets") == []
    assert at(100, 100) == []


def test_no_answer_lets_the_browser_ask_another_host(page):
    for address in ("/", "/api/scenarios/0/layers", "/nowhere"):
        headers = page.get(address).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "http" not in headers["Content-Security-Policy"]
        assert "script-src 'self';" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
    assert not re.search(r'(src|href)="(https?:)?//', page.get("/").text)


def test_the_bundle_of_pydeck_is_kept_for_good_under_its_version(page):
    assert page.get("/deck.js").status_code == 302
    answer = page.get("/deck.js", follow_redirects=True, headers={"Accept-Encoding": "gzip"})
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(answer.data) < 1_500_000


def test_a_tile_is_sent_packed_to_those_who_can_unpack_it(page):
    address = "/tiles/0/buildings/16/34406/21190"
    packed = page.get(address, headers={"Accept-Encoding": "gzip, br"})
    plain = page.get(address, headers={"Accept-Encoding": "identity"})
    assert (packed.headers["Content-Encoding"], packed.headers["Vary"]) == ("br", "Accept-Encoding")
    assert "Content-Encoding" not in plain.headers
    assert len(packed.data) < len(plain.data)
    assert brotli.decompress(packed.data) == plain.data


def test_buildings_and_trees_stand_on_the_terrain_not_above_it(hamlet, where, store, tmp_path):
    size, west, north = 600, EAST - 300, NORTH + 300
    path = str(tmp_path / "slope.tif")
    x = west + np.arange(size) + 0.5
    slope = np.tile((20 + (x - EAST) * 0.1).astype("float32"), (size, 1))  # rises 10 m on 100 m to the east
    place = {"transform": from_origin(west, north, 1, 1), "crs": "EPSG:25832"}
    with rasterio.open(path, "w", driver="GTiff", width=size, height=size, count=1, dtype="float32", **place) as file:
        file.write(slope, 1)
    with Session(store) as db:
        ground.write_terrain(db, 25832, path, CRS(25832))
        db.commit()
    page = create_app(DATABASE=where).test_client()
    found = tile(page, "buildings", 14)
    feet = {uid: heights_of(found, uid).min() + 2 for uid in found["uids"]}
    # Two metres a shed; the surveyed house has its foot 7 m below the terrain, so the terrain is believed.
    steps = np.diff([feet[f"shed-{i}"] for i in range(5)])
    assert steps == pytest.approx([2.0] * 4, abs=0.1)
    assert feet["house"] == pytest.approx(feet["shed-0"], abs=0.1)
    land = tile(page, "land", 16)
    assert np.ptp(land["heights"]) / STEPS > 15


PARTS = (API, OGC, FIND, TOOLS, STATES, PEOPLE, PLANNER, EDITING, COMPARING, STORIES, ON_THE_MAP, SEVERAL,
         ASSUMPTIONS, INDICATORS, PARTICIPATION, REACH, PLACES, REGISTER, EXPORTING)  # fmt: skip


def test_no_word_of_the_page_stands_twice():
    own = re.findall(r'^    "([\w-]+)": Words\(', Path(language.__file__).read_text(encoding="utf-8"), re.MULTILINE)
    every = [*own, *(key for part in PARTS for key in part)]
    assert [key for key in every if every.count(key) > 1] == []
    assert set(every) == set(language.PAGE)
