"""Designs by form, without the map."""

import html
import io
import itertools
import json
import re

import pytest
import shapely
from shapely.geometry import box

from tests.hamlet import EAST, NORTH, TOKEN
from tests.test_planner import page  # noqa: F401  # fixtures
from tests.test_several import design, there
from twin.projection import to_lonlat

FORM = "/scenarios/1/design"
HALL = shapely.geometry.mapping(box(0, 0, 40, 12))


def send(page, *shapes, name="entwurf.geojson", **entered):  # noqa: F811
    return page.post(FORM, data={"token": TOKEN, "file": (design(*shapes), name), **entered})


def test_a_design_is_looked_at_by_form_and_planned_where_the_numbers_say(page, store):  # noqa: F811
    before = there(store, "buildings")
    looked = send(page, HALL, HALL, does="look", angle="90")
    assert looked.status_code == 200
    assert "2 Gebäude" in looked.text and "12 × 40 m groß" in looked.text and "sagt nicht, wo er liegt" in looked.text
    drawn = json.loads(re.search(r"data-drawn>(.*?)</script>", looked.text, re.DOTALL)[1])
    assert (drawn["placed"], drawn["bounds"]) == (False, pytest.approx([-6, -20, 6, 20]))
    assert there(store, "buildings").keys() == before.keys()
    where = {"east": f"{EAST + 100:.0f},5", "north": f"{NORTH + 100:.0f}", "angle": "90", "does": "place"}
    placed = send(page, HALL, **where)
    assert placed.status_code == 303 and placed.location.startswith("/scenarios/1/history")
    (uid,) = there(store, "buildings").keys() - before.keys()
    west, south, east, north = there(store, "buildings")[uid]["geom"].bounds
    assert (west, south, east, north) == pytest.approx((EAST + 94.5, NORTH + 80, EAST + 106.5, NORTH + 120), abs=0.01)
    assert "nach einem Entwurf geplant" in page.get(placed.location).text


def test_a_design_that_knows_its_place_says_where_it_lies(page):  # noqa: F811
    house = shapely.geometry.mapping(to_lonlat(box(EAST + 100, NORTH + 40, EAST + 140, NORTH + 52), 25832))
    told = send(page, house, does="look").text
    assert f"{EAST + 120:.2f} / {NORTH + 46:.2f} (EPSG:25832)" in told


@pytest.mark.parametrize(
    ("name", "entered", "told"),
    [
        ("a.exe", {}, ".exe"),
        ("a.dxf", {}, "a.dxf"),
        ("a.geojson", {"crs": "Mond"}, "25832"),
        ("a.geojson", {"scale": "groß"}, "scale"),
        ("a.geojson", {"east": "dort", "north": "1"}, "east"),
        ("a.geojson", {"does": "place"}, "keinen Ort"),
    ],
)
def test_a_refused_design_says_why_and_keeps_what_was_entered(page, store, name, entered, told):  # noqa: F811
    answer = send(page, HALL, name=name, **entered)
    assert 400 <= answer.status_code < 500
    assert told in re.search(r'role="alert"[^>]*>([^<]*)', answer.text)[1]
    assert all(f'value="{value}"' in answer.text for value in entered.values())
    assert len(there(store, "buildings")) == 6


CITYGML = b'<CityModel xmlns="http://www.opengis.net/citygml/2.0" xmlns:gml="http://www.opengis.net/gml">'
BROKEN = {
    "a.geojson": b'{"type": "FeatureCollection", "features": [{"type": "Feature"',
    "empty.geojson": b"",
    "list.json": b"[1, 2, 3]",
    "a.gpkg": b"SQLite format 3\0" + bytes(60),
    "cut.gpkg": b"SQLite format 3\0\x10\0" + bytes(6) + b"\0\0\0\1\0\0\0\x40" + bytes(60) + b"\0\0\0\1" + bytes(200),
    "a.dxf": b"0\nSECTION\n2\nENTITIES\n0\nLINE\n",
    "a.city.json": b'{"type": "CityJSON", "version": "1.1", "CityObjects": {"a": {"ty',
    "b.city.json": b'{"type": "CityJSON", "version": "1.1", "CityObjects": 3, "vertices": []}',
    "a.gml": CITYGML + b"<cityObjectMember><Building>",
    "b.gml": CITYGML + b"</CityModel>",
    "a.ifc": b"<ifcXML/>",
    "b.ifc": b"ISO-10303-21;\nHEADER;\nFILE_DES",
    "a.zip": b"PK\3\4 nothing",
}
ENGLISH = re.compile(r"\b(the|is|it|its|of|and|ask|copy|export|say|which|not)\b", re.IGNORECASE)
GERMAN = re.compile(r"\b(die|der|das|ist|und|bitte|nicht|ihr|sie)\b", re.IGNORECASE)


def test_a_broken_design_is_refused_in_the_language_of_the_page_with_its_remedy(page):  # noqa: F811
    for name, (language, other) in itertools.product(BROKEN, (("de", ENGLISH), ("en", GERMAN))):
        file = (io.BytesIO(BROKEN[name]), name)
        answer = page.post(f"{FORM}?lang={language}", data={"token": TOKEN, "file": file})
        assert answer.status_code == 422, name
        told = html.unescape(re.search(r'role="alert"[^>]*>([^<]*)', answer.text)[1]).strip()
        assert not other.search(told), told
        assert told.endswith((".", "?")) and told.count(".") >= 2, told  # what is the matter, and what to do
        assert "--crs" not in told


def test_a_body_of_more_than_fifty_megabytes_is_refused_with_a_sentence(page):  # noqa: F811
    large = {"token": TOKEN, "file": (io.BytesIO(b" " * (53 << 20)), "a.geojson")}
    for address in (FORM, "/api/scenarios/1/designs", "/scenarios/1/buildings/new"):
        large["file"] = (io.BytesIO(b" " * (53 << 20)), "a.geojson")
        answer = page.post(address, data=large)
        assert answer.status_code == 413
        assert "MB auf einmal" in answer.text or "MB auf einmal" in answer.json["error"]


def test_a_place_is_told_in_metres_and_in_degrees(page):  # noqa: F811
    told = page.get(f"/scenarios/1/place?east={EAST}&north={NORTH}").json
    again = page.get("/scenarios/1/place", query_string={name: told[name] for name in ("longitude", "latitude")}).json
    assert (again["east"], again["north"]) == (EAST, NORTH)
    assert told["turned"] == pytest.approx(0, abs=1e-4)  # on the middle meridian north is up
    assert page.get(f"/scenarios/1/place?east={EAST + 100_000}&north={NORTH}").json["turned"] == pytest.approx(
        1.2, abs=0.1
    )
    for bad in ("", "?east=x&north=1", "?east=1e400&north=1", "?longitude=300&latitude=2"):
        assert page.get(f"/scenarios/1/place{bad}").status_code == 400
