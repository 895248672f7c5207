"""OGC API - Features, asked as its standard says and by GDAL, on both kinds of store."""

import json
import shutil
import subprocess

import pytest
from sqlalchemy.orm import Session

from tests.browser.conftest import served
from tests.conftest import missing
from tests.hamlet import change, planner, settle
from twin.feature import Scenario
from web import create_app

CRS = "http://www.opengis.net/def/crs/EPSG/0/"
ITEMS = "/ogc/scenarios/0/collections/buildings/items"


@pytest.fixture
def app(store, where):
    with Session(store) as db:
        settle(db)
        db.add(planner())
        db.add(Scenario(id=1, title="Kai 2040"))
        db.add(Scenario(id=2, title="Entwurf"))
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


@pytest.mark.parametrize(
    "asked",
    ["bbox=1,2,3", "bbox=9.1,53,8.9,54", "bbox=a,b,c,d", "bbox=nan,0,1,1", f"crs={CRS}9999", "limit=0", "castle=yes",
     "height=tall", "bbox-crs=moon&bbox=1,2,3,4"],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_with_a_sentence(page, asked):
    answer = page.get(f"{ITEMS}?{asked}")
    assert (answer.status_code, answer.json["error"][-1]) == (400, ".")


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
