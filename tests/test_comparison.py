"""A comparison as it is drawn and listed: what of every layer is new, changed and gone, on either side."""

import json
import math
import re
import struct

import pytest
from shapely.geometry import LineString, Point
from sqlalchemy.orm import Session

from layers.lines import Line
from layers.stops import Stop
from layers.streets import Street
from layers.surfaces import Surface
from layers.trees import Tree
from layers.water import Water
from layers.zones import Zone
from scenarios.changes import clear, place, step
from scenarios.project import Project
from tests.hamlet import EAST, NORTH, as_planner, at, planner, settle
from twin.feature import Scenario
from twin.projection import to_lonlat
from web import create_app

PAGE = "/scenarios/1/differences"


@pytest.fixture
def page(store, where):
    """A plan that touches every kind of layer: a street of 30, no pond, a zone, gravel, another tree, a stop moved."""
    with Session(store) as db:
        settle(db)
        db.add_all([planner(), Project(id=1, title="Am Kai")])
        db.flush()
        kai = Scenario(id=1, title="Kai 2040", project_id=1)
        db.add(kai)
        db.flush()
        with step(db, kai, None, "edit") as now:
            place(now, Street, "lane", None, {"speed": 30.0}, seen=0)
            clear(now, Water, "pond", seen=0)
            place(now, Zone, "WA", at(0, 0, 40, 60), {"kind": "WA"}, seen=None)
            place(now, Surface, "yard", at(0, 50, 20, 20), {"kind": "gravel"}, seen=None)
            clear(now, Tree, "lime", seen=0)
            place(now, Tree, "oak", Point(EAST + 40, NORTH + 45), {"height": 9.0}, seen=None)
            place(now, Stop, "stop", Point(EAST + 90, NORTH + 24), {}, seen=0)
            way = LineString([(EAST - 20, NORTH + 20), (EAST + 680, NORTH + 20)])
            place(now, Line, "L9", way, {"number": "9", "kind": "bus"}, seen=None)
        db.commit()
    return as_planner(create_app(DATABASE=where))


def test_the_land_of_either_side_bears_what_differs_in_every_flat_layer(page):
    assert marked(page, 1, "after", 0) == {
        ("lines", "line", "new"), ("streets", "line", "changed"), ("surfaces", "area", "new"),
        ("water", "area", "gone"), ("zones", "area", "new"),
    }  # fmt: skip
    assert marked(page, 0, "before", 1) == {("streets", "line", "changed"), ("water", "area", "gone")}
    assert all("difference" not in group for group in head(page, "/tiles/1/land/{tile}")["groups"])
    for question, status in (("side=above&with=0", 400), ("side=after&with=99", 404), ("side=after&with=x", 400)):
        assert page.get(f"/tiles/1/land/{tile()}?{question}").status_code == status


def test_each_difference_has_a_sign_where_it_is_on_each_side(page):
    signs = {f"{one['layer']}/{one['uid']}": one["signs"] for one in page.get(f"/api{PAGE}").json}
    told = {uid: {side: len(places) for side, places in sides.items()} for uid, sides in signs.items()}
    assert told["zones/WA"] == {"before": 0, "after": 1}
    assert told["water/pond"] == {"before": 1, "after": 1}  # its ghost is signed, too
    assert told["lines/L9"] == {"before": 0, "after": 3}  # one every 250 m
    (old,), (new,) = signs["stops/stop"]["before"], signs["stops/stop"]["after"]
    assert new[0] - old[0] == pytest.approx(70 / (111_320 * math.cos(math.radians(53.5))), rel=0.01)
    assert signs["trees/oak"]["after"][0][2] == 9.0  # above its crown


def test_the_page_tells_both_sides_which_layers_and_which_sun(page):
    text = page.get(PAGE).text
    for kind in ("new", "changed", "gone"):
        assert f'class="pattern {kind}"' in text
    boxes = dict(re.findall(r'<input type="checkbox" name="(\w+)"[^>]*?( checked)?><span>', text))
    assert boxes["zones"] == " checked"  # hidden in the city, but it differs here
    assert 'id="sun-at"' in text
    both = {
        name
        for name in ("zones", "lines", "water")
        if name in layers_of(page, "/scenarios/0?embedded&side=before&with=1")
    }
    assert both == {"zones", "lines", "water"}
    scene = scene_of(page, "/scenarios/1?embedded&side=after&with=0")
    land = next(layer for layer in json.loads(scene["deck"])["layers"] if layer["id"] == "land")
    assert "side=after" in land["data"] and "with=0" in land["data"]
    assert set(scene["compared"]["ghosts"]) == {"buildings", "trees", "markers"}


def test_a_long_list_goes_on_by_a_link_with_the_right_numbers(page, store):
    with Session(store) as db:
        kai = db.get_one(Scenario, 1)
        with step(db, kai, None, "grove") as now:
            for i in range(450):
                place(now, Tree, None, Point(EAST + i, NORTH + 200), {}, seen=None)
        db.commit()
    first = page.get(PAGE).text
    assert "452" in first and "Weitere 200 zeigen (noch 252)" in first
    seen, link = [], PAGE
    for shown, left in ((200, "noch 252"), (200, "noch 52"), (52, None)):
        text = page.get(link).text if link == PAGE else page.get(f"{link}&part").text
        rows = re.findall(r'data-layer="trees" data-uid="([^"]+)"', text)
        assert len(rows) == shown and (left is None or left in text)
        seen += rows
        found = re.search(r'class="more-of-them"><a class="quiet" href="([^"]+)"', text)
        link = found[1].replace("&amp;", "&") if found else None
    assert link is None and len(set(seen)) == 452
    alone = page.get(f"{PAGE}?layer=trees&from=400").text
    assert "401–452 von 452" in alone and "Alle Ebenen" in alone and "Zonen" not in alone.split("<h2>")[1]
    assert page.get(f"{PAGE}?layer=moats").status_code == 404
    assert page.get(f"{PAGE}?layer=trees&from=9000").status_code == 200


def tile(z=15):
    """Of the hamlet."""
    place = to_lonlat(Point(EAST + 30, NORTH + 30), 25832)
    latitude = math.radians(place.y)
    x = (place.x + 180) / 360 * 2**z
    y = (1 - math.asinh(math.tan(latitude)) / math.pi) / 2 * 2**z
    return f"{z}/{int(x)}/{int(y)}"


def head(page, address):
    data = page.get(address.format(tile=tile())).data
    (length,) = struct.unpack("<I", data[:4])
    return json.loads(data[4 : 4 + length])


def marked(page, id, side, other):
    groups = head(page, f"/tiles/{id}/land/{{tile}}?side={side}&with={other}")["groups"]
    return {(one["layer"], one["geometry"], one["difference"]) for one in groups if "difference" in one}


def scene_of(page, address):
    return json.loads(re.search(r'id="scene">(.*?)</script>', page.get(address).text, re.DOTALL)[1])


def layers_of(page, address):
    return re.findall(r'<input type="checkbox" name="(\w+)"', page.get(address).text)
