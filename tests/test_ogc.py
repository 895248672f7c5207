"""OGC API - Features, asked as its standard says and by GDAL, on both kinds of store."""

import json
import re
import shutil
import subprocess
from urllib.parse import urlencode

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from layers.palette import COLORS
from scenarios.accounts import log_out_everywhere
from scenarios.diary import Change
from scenarios.project import Person, Project
from scenarios.tokens import make_token
from tests.browser.conftest import served
from tests.conftest import missing
from tests.hamlet import PIA, change, planner, settle
from twin.feature import Scenario
from twin.projection import transformer
from web import create_app
from web.ogc.matrices import matrix_sets

CRS = "http://www.opengis.net/def/crs/EPSG/0/"
ITEMS = "/ogc/scenarios/0/collections/buildings/items"


@pytest.fixture
def app(store, where):
    with Session(store) as db:
        settle(db)
        db.add_all([planner(), Project(id=1, title="Kai")])
        db.add(Scenario(id=1, title="Kai 2040"))
        db.add(Scenario(id=2, title="Entwurf", project_id=1))
        db.commit()
    change(store, "place", "house", height=14.0)
    change(store, "clear", "shed-4")
    with Session(store) as db:
        db.get_one(Scenario, 1).state = "published"
        db.commit()
    return create_app(DATABASE=where)


@pytest.fixture
def page(app):
    return app.test_client()


def told(page, address):
    answer = page.get(address)
    assert answer.status_code == 200, answer.text
    return json.loads(answer.data)


def test_today_and_what_is_published_are_services_and_drafts_are_not(page):
    links = told(page, "/ogc")["links"]
    assert [link["href"] for link in links if link["rel"] == "child"] == [
        "http://localhost/ogc/scenarios/0/",
        "http://localhost/ogc/scenarios/1/",
    ]
    assert page.get("/ogc/scenarios/2/collections").status_code == 404
    listed = told(page, "/ogc/scenarios/1/collections")["collections"]
    assert {one["id"] for one in listed} == {"buildings", "streets", "water", "trees", "stops", "vacancies"}


def test_pages_follow_each_other_by_id_and_bring_all_once(page):
    seen, address = [], f"{ITEMS}?limit=4"
    while address:
        found = told(page, address)
        seen.append([one["id"] for one in found["features"]])
        assert found["numberReturned"] == len(seen[-1])
        address = next((link["href"] for link in found["links"] if link["rel"] == "next"), None)
    assert seen == [["house", "shed-0", "shed-1", "shed-2"], ["shed-3", "shed-4"]]
    assert told(page, ITEMS)["numberMatched"] == 6


def test_a_scenario_shows_what_is_planned(page):
    items = told(page, "/ogc/scenarios/1/collections/buildings/items")["features"]
    assert {one["id"]: one["properties"]["height"] for one in items}["house"] == 14.0
    assert "shed-4" not in {one["id"] for one in items}
    assert told(page, f"{ITEMS}/house")["properties"]["height"] == 9.5
    assert page.get("/ogc/scenarios/1/collections/buildings/items/shed-4").status_code == 404


def test_a_window_and_a_field_leave_what_they_say(page):
    metres = f"bbox=500018,5930000,500035,5930004&bbox-crs={CRS}25832"
    assert [one["id"] for one in told(page, f"{ITEMS}?{metres}")["features"]] == ["shed-1"]
    assert [one["id"] for one in told(page, f"{ITEMS}?bbox=8.9,53,9.1,54&height=9.5")["features"]] == ["house"]
    north_first = f"bbox=53,8.9,54,9.1&bbox-crs={CRS}4326"
    assert told(page, f"{ITEMS}?{north_first}")["numberReturned"] == 6
    assert told(page, f"{ITEMS}?bbox=10,53,11,54")["features"] == []


def test_each_projection_has_its_axes_in_its_own_order(page):
    def corner(code):
        answer = page.get(f"{ITEMS}/house" + (f"?crs={CRS}{code}" if code else ""))
        ring = json.loads(answer.data)["geometry"]["coordinates"][0]
        return answer.headers["Content-Crs"], [min(point[axis] for point in ring) for axis in (0, 1)]

    assert corner(25832) == (f"<{CRS}25832>", [500_000.0, 5_930_030.0])
    degrees = corner(None)[1]
    assert degrees == pytest.approx([9.0, 53.5193], abs=0.01)
    assert corner(4326) == (f"<{CRS}4326>", degrees[::-1])
    assert corner(3857)[1] == pytest.approx([1_001_875.4, 7_084_000], abs=5_000)


def test_what_has_not_changed_is_not_sent_again(page):
    mark = page.get(ITEMS).headers["ETag"]
    assert page.get(ITEMS, headers={"If-None-Match": mark}).status_code == 304


REFUSED = [
    "filter=height >", "filter=moat > 3", "filter=height > 'tall'", "filter=(((((", "filter=height",
    "filter=" + "(" * 60 + "1=1" + ")" * 60, "filter=NOT " + "NOT " * 900 + "height > 1",
    "filter=S_INTERSECTS(geometry, POINT(nan 1))", "filter=s_within(geometry, geometry)", "filter-lang=sql&filter=1=1",
    "filter-lang=cql2-json&filter={}", "filter-lang=cql2-json&filter=" + "[" * 90 + "]" * 90, "filter=height > 1e300",
    "filter=casei(TRUE) = 'a'",
    "filter=buffer(geometry) > 1", f"filter=height>1&filter-crs={CRS}99", "limit=99999999999999999999", "limit=-1",
    "f=pdf", "bbox=1,2,3", "bbox=9.1,53,8.9,54", "bbox=a,b,c,d", "bbox=nan,0,1,1", f"crs={CRS}9999", "limit=0",
    "castle=yes", "height=tall", "bbox-crs=moon&bbox=1,2,3,4",
]  # fmt: skip


def test_what_cannot_be_asked_is_refused_with_a_sentence(page):
    for asked in REFUSED:
        answer = page.get(f"{ITEMS}?{asked}")
        assert (answer.status_code, answer.json["description"][-1], "code" in answer.json) == (400, ".", True), asked


def test_gdal_reads_it_with_a_window_and_a_filter(app):
    if not shutil.which("ogr2ogr"):
        missing("GDAL is not installed: apt install gdal-bin")
    with served(app) as url:
        source = f"OAPIF:{url}/ogc/scenarios/1"
        summary = run("ogrinfo", "-ro", "-al", "-so", source)
        assert "Layer name: buildings" in summary
        assert "height: Real" in summary
        window = ["-spat", "8.99", "53.5", "9.01", "53.6", "-where", "height > 10"]
        found = json.loads(run("ogr2ogr", "-f", "GeoJSON", "/vsistdout/", source, "buildings", *window))
    assert [one["properties"]["id"] for one in found["features"]] == ["house"]


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)  # noqa: S603
    assert done.returncode == 0, done.stderr
    return done.stdout


def found(page, told, lang="cql2-text", more=""):
    query = {"filter": told, "filter-lang": lang}
    answer = page.get(f"{ITEMS}?{urlencode(query)}{more}")
    assert answer.status_code == 200, answer.text
    return {one["id"] for one in json.loads(answer.data)["features"]}


def test_a_filter_is_told_in_words_or_in_json(page):
    assert found(page, "height > 5") == found(page, "height BETWEEN 5 AND 10 AND NOT height IS NULL") == {"house"}
    assert found(page, "uid LIKE 'shed-%' AND uid IN ('shed-1', 'house')") == {"shed-1"}
    assert found(page, "casei(name) = casei('ZOLLHAUS <B>') OR height * 2 = 8 AND uid <> 'shed-0'") == {
        "house", "shed-1", "shed-2", "shed-3", "shed-4"}  # fmt: skip
    tree = {"op": "and", "args": [{"op": ">", "args": [{"property": "storeys"}, 1]},
                                  {"op": "=", "args": [{"property": "roof_type"}, "3100"]}]}  # fmt: skip
    assert found(page, json.dumps(tree), "cql2-json") == {"house"}


def test_a_filter_knows_where_things_lie_in_each_projection(page):
    box = "POLYGON((500018 5930000, 500035 5930000, 500035 5930004, 500018 5930004, 500018 5930000))"
    metres = f"&filter-crs={CRS}25832"
    assert found(page, f"S_INTERSECTS(geometry, {box})", more=metres) == {"shed-1"}
    assert found(page, f"NOT S_INTERSECTS({box}, geometry) AND height > 5", more=metres) == {"house"}
    assert found(page, "S_WITHIN(geometry, BBOX(8.9, 53, 9.1, 54))") == {"house", *(f"shed-{i}" for i in range(5))}
    assert found(page, f"S_DISJOINT(geometry, {box})", more=metres) == {"house", "shed-0", "shed-2", "shed-3", "shed-4"}


@pytest.mark.parametrize("where", ["postgis"], indirect=True)  # which reckons more strictly than a file does
def test_what_the_store_cannot_reckon_is_refused_too(page):
    large = " * ".join(["1e15"] * 30)
    for told in (f"height > {large}", "name LIKE 'Zoll%\\'"):
        answer = page.get(f"{ITEMS}?{urlencode({'filter': told})}")
        assert (answer.status_code, answer.json["description"][-1]) == (400, ".")


def test_what_can_be_filtered_is_told(page):
    told = told_of(page, "/ogc/scenarios/0/collections/buildings/queryables")
    assert told["properties"]["height"] == {"title": "Höhe", "type": "number", "x-ogc-unit": "m"}
    assert "3100" in told["properties"]["roof_type"]["enum"]


def told_of(page, address):
    answer = page.get(address)
    assert answer.status_code == 200, answer.text
    return json.loads(answer.data)


def test_people_see_pages_and_programs_json(page):
    browser = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    for address in ("/ogc", "/ogc/scenarios/1/", "/ogc/scenarios/1/collections", ITEMS, f"{ITEMS}/house",
                    "/ogc/scenarios/0/styles", "/ogc/tileMatrixSets", "/ogc/scenarios/0/tiles"):  # fmt: skip
        answer = page.get(address, headers=browser)
        assert (answer.mimetype, "<h1>" in answer.text) == ("text/html", True), address
        assert page.get(address).mimetype in ("application/json", "application/geo+json")
        assert page.get(f"{address}?f=json", headers=browser).mimetype != "text/html"
    assert "Zollhaus &lt;b&gt;" in page.get(f"{ITEMS}?f=html").text


def test_other_sites_may_read_and_are_told_what_they_may_send(page):
    assert page.get(ITEMS, headers={"Origin": "https://map.example"}).headers["Access-Control-Allow-Origin"] == "*"
    asked = page.options(f"{ITEMS}/house")
    assert asked.status_code == 200 and "PUT" in asked.headers["Access-Control-Allow-Methods"]
    assert page.get(f"{ITEMS}?limit=0").headers["Access-Control-Allow-Origin"] == "*"


@pytest.fixture
def token(store):
    with Session(store) as db:
        secret = make_token(db, db.get_one(Person, PIA), "QGIS")
        db.commit()
    return {"Authorization": f"Bearer {secret}"}


DRAFT = "/ogc/scenarios/2/collections/trees/items"
LIME = {
    "type": "Feature",
    "geometry": {"type": "Point", "coordinates": [9.0003, 53.5202]},
    "properties": {"height": 7.5},
}


def test_a_program_with_a_token_edits_by_the_same_rules_and_stands_in_the_diary(page, token, store):
    assert page.post(DRAFT, json=LIME).status_code in (401, 404)
    assert page.post(DRAFT, json=LIME, headers={"Authorization": "Bearer twin_guessed"}).status_code in (401, 404)
    made = page.post(DRAFT, json=LIME, headers=token)
    assert made.status_code == 201, made.text
    address = made.headers["Location"].removeprefix("http://localhost")
    read = page.get(address, headers=token)
    assert read.json["properties"]["height"] == 7.5 and read.json["properties"]["planned"] == "new"
    mark = {"If-Match": read.headers["ETag"]}
    changed = page.patch(address, json={"properties": {"species": "Linde"}}, headers={**token, **mark})
    assert changed.status_code == 200, changed.text
    late = page.patch(address, json={"properties": {"species": "Ahorn"}}, headers={**token, **mark})
    assert late.status_code == 409 and late.json["description"]
    whole = page.put(address, json={**LIME, "properties": {"height": 9.0}}, headers=token)
    assert whole.status_code == 200
    assert page.get(address, headers=token).json["properties"]["species"] is None
    high = page.patch(address, json={"properties": {"height": 9000.0}}, headers=token)
    assert (high.status_code, high.json["code"]) == (422, "BadField")
    moved = {"geometry": {"type": "Point", "coordinates": [500_040.0, 5_930_041.0]}}
    metres = {"Content-Crs": f"<{CRS}25832>"}
    assert page.patch(address, json=moved, headers={**token, **metres}).status_code == 200
    place = page.get(f"{address}?crs={CRS}25832", headers=token).json["geometry"]["coordinates"]
    assert place == [500_040.0, 5_930_041.0]
    assert page.delete(address, headers=token).status_code == 200
    assert page.get(address, headers=token).status_code == 404
    with Session(store) as db:
        done = db.execute(
            select(Change.verb, Change.person_id).where(Change.scenario_id == 2).order_by(Change.id)
        ).all()
    assert done == [("place", PIA)] * 4 + [("clear", PIA)]
    assert page.put(f"{ITEMS}/house", json=LIME, headers=token).status_code == 403  # today is not planned


def test_a_token_ends_with_its_person_s_logins(page, token, store):
    assert page.get(DRAFT, headers=token).status_code == 200
    with Session(store) as db:
        log_out_everywhere(db.get_one(Person, PIA))
        db.commit()
    assert page.get(DRAFT, headers=token).status_code == 404


def test_tiles_hold_what_lies_in_them_in_both_matrices(page, tmp_path):
    sets = {one["id"] for one in told_of(page, "/ogc/tileMatrixSets")["tileMatrixSets"]}
    assert sets == {"WebMercatorQuad", "DE_EPSG_25832_ADV"}
    places = {"WebMercatorQuad": (16, *row_and_column("WebMercatorQuad", 16)),
              "DE_EPSG_25832_ADV": (12, *row_and_column("DE_EPSG_25832_ADV", 12))}  # fmt: skip
    for name, (z, y, x) in places.items():
        answer = page.get(f"/ogc/scenarios/1/tiles/{name}/{z}/{y}/{x}")
        assert answer.status_code == 200, answer.text
        (tmp_path / f"{name}.mvt").write_bytes(answer.data)
        summary = run("ogrinfo", "-al", "-so", str(tmp_path / f"{name}.mvt"))
        assert {"buildings", "trees", "streets"} <= set(re.findall(r"Layer name: (\w+)", summary))
        assert re.search(r"Layer name: buildings.*?Feature Count: 5", summary, re.DOTALL)
    assert page.get("/ogc/scenarios/0/collections/trees/tiles/WebMercatorQuad/16/0/0").data == b""
    for wrong in ("moon/1/0/0", "WebMercatorQuad/99/0/0", "WebMercatorQuad/2/9/0"):
        refused = page.get(f"/ogc/scenarios/0/tiles/{wrong}")
        assert (refused.status_code, refused.json["description"][-1]) == (400, ".")


def row_and_column(name, level):
    """Of the tile in which the hamlet lies."""
    matrices = matrix_sets(25832)[name]
    x, y = transformer(25832, matrices.epsg).transform(500_030, 5_930_030)
    side = matrices.widest / 2**level
    return int((matrices.origin[1] - y) / side), int((x - matrices.origin[0]) / side)


def test_styles_have_the_colours_of_the_page_and_name_tiles_that_may_be_kept(page):
    style = told_of(page, "/ogc/scenarios/0/styles/city")
    address = style["sources"]["twin"]["tiles"][0].replace("{z}/{y}/{x}", "9/0/0").removeprefix("http://localhost")
    assert "immutable" in page.get(address).headers["Cache-Control"]
    assert page.get(address.partition("?")[0]).headers["Cache-Control"] == "no-cache"
    streets = next(one for one in style["layers"] if one["id"] == "streets-LineString")
    red, green, blue = COLORS["streets"]["residential"]
    assert f"rgb({red}, {green}, {blue})" in streets["paint"]["line-color"]
    assert "categorizedSymbol" in page.get("/ogc/scenarios/0/styles/streets").text
    assert page.get("/ogc/scenarios/0/styles/moon").status_code == 404


ASKED_BY_OWSLIB = """
import json, sys
from owslib.ogcapi.features import Features
service = Features(sys.argv[1])
some, high = (service.collection_items("buildings", **more) for more in ({"limit": 2}, {"filter": "height > 10"}))
print(json.dumps([service.feature_collections(), some["numberReturned"], len(high["features"])]))
"""


def test_owslib_reads_the_collections_and_filters_them(app):
    if subprocess.run(["/usr/bin/python3", "-c", "import owslib"], capture_output=True).returncode:
        missing("OWSLib is not installed: apt install python3-owslib")
    with served(app) as url:
        told = json.loads(run("/usr/bin/python3", "-c", ASKED_BY_OWSLIB, f"{url}/ogc/scenarios/1/"))
    assert (set(told[0]), told[1:]) == ({"buildings", "streets", "water", "trees", "stops", "vacancies"}, [2, 1])
