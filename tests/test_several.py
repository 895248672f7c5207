"""Verbs on several features, and designs, over HTTP."""

import io
import json

import pytest
import shapely
from shapely.geometry import LineString, Point, box
from sqlalchemy.orm import Session

from layers.parcels import Parcel
from layers.surfaces import Surface
from layers.zones import Zone
from scenarios.verbs import touching
from tests.hamlet import EAST, NORTH, at
from tests.test_editing import app, geojson, page  # noqa: F401  # fixtures
from twin.projection import to_lonlat

CUT = LineString([(EAST + 20, NORTH + 90), (EAST + 20, NORTH + 150)])
LINE = LineString([(EAST, NORTH + 80), (EAST + 60, NORTH + 80)])
DO = "/api/scenarios/1/do/"


@pytest.fixture
def land(app, store):  # noqa: F811
    """Two parcels, an industrial area and asphalt under the hamlet."""
    with Session(store) as db:
        db.add(Parcel(uid="P1", number="7", area=2000.0, shape=at(0, 100, 50, 40)))
        db.add(Parcel(uid="P2", number="8", area=800.0, shape=at(50, 100, 20, 40)))
        db.add(Zone(uid="GI", kind="GI", plan_kind="bplan", shape=at(0, 0, 200, 200)))
        db.add(Surface(uid="yard", kind="asphalt", sealed_percent=100.0, shape=at(0, 0, 200, 200)))
        db.commit()
    return store


def there(store, layer, scenario=1):
    with Session(store) as db:
        around = Point(EAST, NORTH).buffer(900)
        return {row["uid"]: row for row in touching(db, scenario, layer, around)}


@pytest.mark.parametrize(
    ("verb", "asked", "layer", "count"),
    [
        ("split-parcel", {"parcel": "P1", "line": CUT}, "parcels", 3),
        ("merge-parcels", {"parcels": ["P1", "P2"]}, "parcels", 1),
        ("rezone", {"area": at(10, 10, 50, 50), "kind": "MU", "fields": {"grz": 0.6}}, "zones", 2),
        ("resurface", {"area": at(10, 10, 50, 50), "kind": "grass"}, "surfaces", 2),
        ("row-of-trees", {"line": LINE, "spacing": 10}, "trees", 8),
        ("grove", {"area": at(200, 200, 30, 30), "spacing": 8, "species": ["Buche"]}, "trees", None),
        ("redesign-street", {"street": "lane", "speed": 30, "cycling": "street", "trees_every": 20}, "trees", None),
        ("move-stop", {"stop": "stop", "place": Point(EAST + 90, NORTH + 24)}, "stops", 1),
        ("reuse", {"building": "shed-3", "use": "culture"}, "vacancies", 0),
        ("take-down", {"building": "shed-3"}, "buildings", 5),
        ("cut-courtyard", {"building": "house", "area": at(3, 33, 5, 4)}, "buildings", 6),
        ("add-part", {"building": "shed-1", "area": at(24, 8, 4, 20)}, "buildings", 6),
    ],
)  # fmt: skip
def test_each_verb_is_one_step_that_can_be_taken_back(page, land, verb, asked, layer, count):  # noqa: F811
    before = there(land, layer)
    sent = {name: geojson(value) if isinstance(value, shapely.Geometry) else value for name, value in asked.items()}
    answer = page.post(DO + verb, json=sent)
    assert answer.status_code == 200, answer.json
    assert answer.json["what"] == verb
    planted = sum(change["layer"] == "trees" for change in answer.json["changes"])
    assert len(there(land, layer)) == (len(before) + planted if count is None else count)
    assert planted or layer != "trees"
    assert there(land, layer, 0).keys() == before.keys()
    assert page.post("/api/scenarios/1/undo").status_code == 200
    assert there(land, layer) == before


def test_a_building_gets_a_courtyard_a_wing_and_a_part_by_itself_with_walls_and_roof(page, land):  # noqa: F811
    for verb, area, footprint, rings in (
        ("add-part", at(20, 8, 6, 12), 152, 1),  # a wing
        ("cut-courtyard", at(22, 3, 2, 12), 128, 2),
        ("add-part", at(40, 30, 10, 10), 228, 3),  # across the yard
    ):
        answer = page.post(f"{DO}{verb}", json={"building": "shed-1", "area": geojson(area)})
        assert answer.status_code == 200, answer.json
        shed = there(land, "buildings")["shed-1"]
        assert shed["geom"].area == pytest.approx(footprint, abs=0.1)
        assert len(shapely.get_rings(shapely.get_parts(shed["geom"]))) == rings
        walls = shed["surface_kinds"].count("W")
        assert walls == sum(len(ring.coords) - 1 for ring in shapely.get_rings(shapely.get_parts(shed["geom"])))
    assert shed["storeys"] == 1 and shed["height"] == 4.0


def test_a_line_is_drawn_from_stop_to_stop(page, land):  # noqa: F811
    new = {"properties": {"name": "Werk", "kind": "bus"}, "geometry": geojson(Point(EAST + 800, NORTH + 24))}
    stop = page.post("/api/scenarios/1/stops", json=new).json["uid"]
    asked = {"number": "9", "stops": ["stop", stop], "headways": "6-20:15"}
    assert page.post(f"{DO}new-line", json=asked).status_code == 200
    (line,) = there(land, "lines").values()
    assert (line["name"], line["trips"], line["calls"]) == ("Kai, Zollhaus - Werk", 112, f"stop@0;{stop}@3")


@pytest.mark.parametrize(
    ("verb", "asked", "status", "told"),
    [
        ("dance", {}, 400, "split-parcel"),
        ("split-parcel", {"parcel": "P1"}, 400, "line"),
        ("split-parcel", {"parcel": "P9", "line": LineString([(EAST, NORTH), (EAST + 9, NORTH)])}, 404, "P9"),
        ("split-parcel", {"parcel": "P1", "line": Point(EAST, NORTH)}, 422, "LineString"),
        ("merge-parcels", {"parcels": "P1"}, 400, "200"),
        ("merge-parcels", {"parcels": ["P1", 7]}, 400, "parcels.2"),
        ("rezone", {"area": at(0, 0), "kind": "XX"}, 422, "XX"),
        ("rezone", {"area": at(0, 0), "kind": "WA", "fields": {"uid": "x"}}, 400, "grz"),
        ("rezone", {"area": at(0, 0), "kind": "WA", "fields": {"grz": 7}}, 422, "GRZ"),
        ("row-of-trees", {"line": LineString([(EAST, NORTH), (EAST + 9, NORTH)]), "spacing": "wide"}, 400, "spacing"),
        ("grove", {"area": at(0, 0, 400, 400), "spacing": 1}, 422, "2000"),
        ("redesign-street", {"street": "lane", "lanes": 2.5}, 400, "lanes"),
        ("redesign-street", {"street": "lane", "lanes": 9}, 422, "27"),
        ("new-line", {"number": "9", "stops": ["stop"], "headways": "6-20:15"}, 422, "zwei"),
        ("new-line", {"number": "9", "stops": ["stop", "stop"], "headways": "immer"}, 422, "Ort"),
        ("cut-courtyard", {"building": "shed-3", "area": at(0, 90)}, 422, "innerhalb"),
        ("cut-courtyard", {"building": "shed-3", "area": at(50, -10, 40, 40)}, 422, "nichts übrig"),
        ("add-part", {"building": "shed-3", "area": at(62, 2, 2, 2)}, 422, "schon im Gebäude"),
        ("reuse", {"building": "shed-3", "use": "castle"}, 422, "castle"),
        ("reuse", {"building": "shed-3", "use": "culture", "dwellings": "many"}, 422, "Wohnungen"),
    ],
)  # fmt: skip
def test_what_a_verb_cannot_do_is_refused_with_the_remedy(page, land, verb, asked, status, told):  # noqa: F811
    sent = {name: geojson(value) if isinstance(value, shapely.Geometry) else value for name, value in asked.items()}
    answer = page.post(DO + verb, json=sent)
    assert answer.status_code == status, answer.json
    assert told in answer.json["error"]
    assert there(land, "zones").keys() == {"GI"}


def test_today_is_planned_by_nobody(page, land):  # noqa: F811
    answer = page.post("/api/scenarios/0/do/take-down", json={"building": "shed-3"})
    assert 400 <= answer.status_code < 500
    assert len(there(land, "buildings", 0)) == 6


def test_the_library_of_types_is_told_with_its_usual_sizes(page):  # noqa: F811
    told = {kind["name"]: kind for kind in page.get("/api/scenarios/1/building-types").json}
    assert told["slab"]["title"] == "Zeile"
    assert (told["tower"]["storeys"], told["tower"]["roof"]) == (12, "flat")


def design(*shapes):
    features = [{"type": "Feature", "geometry": geometry, "properties": {"geschosse": 3}} for geometry in shapes]
    return io.BytesIO(json.dumps({"type": "FeatureCollection", "features": features}).encode())


def test_a_design_is_looked_at_and_then_placed(page, land):  # noqa: F811
    drawn = shapely.geometry.mapping(box(0, 0, 40, 12))
    shown = page.post("/api/scenarios/1/designs", data={"file": (design(drawn), "entwurf.geojson")})
    assert shown.status_code == 200, shown.json
    assert not shown.json["placed"] and shown.json["bounds"] == [-20, -6, 20, 6]
    refused = page.post("/api/scenarios/1/designs", data={"file": (design(drawn), "entwurf.geojson"), "place": "1"})
    assert refused.status_code == 422
    place = to_lonlat(Point(EAST + 100, NORTH + 100), 25832)
    where = {"longitude": place.x, "latitude": place.y, "angle": "90", "place": "1"}
    answer = page.post("/api/scenarios/1/designs", data={"file": (design(drawn), "entwurf.geojson"), **where})
    assert answer.status_code == 201, answer.json
    (uid,) = [change["uid"] for change in answer.json["changes"]]
    house = there(land, "buildings")[uid]
    assert house["geom"].bounds == pytest.approx((EAST + 94, NORTH + 80, EAST + 106, NORTH + 120), abs=0.05)
    assert (house["height"], house["surface_kinds"]) == (9.0, "GWWWWR")
    page.post("/api/scenarios/1/undo")
    assert uid not in there(land, "buildings")


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        (None, {}, "file"),
        ("a.exe", {}, ".exe"),
        ("a.geojson", {"crs": "moon"}, "25832"),
        ("a.geojson", {"layer": "clouds"}, "buildings"),
        ("a.geojson", {"scale": "big"}, "scale"),
        ("a.geojson", {"scale": "nan"}, "scale"),
        ("a.geojson", {"longitude": "9"}, "latitude"),
        ("a.dxf", {}, "a.dxf"),
    ],
)
def test_a_design_that_cannot_be_read_is_refused(page, land, name, data, told):  # noqa: F811
    sent = {"file": (design(shapely.geometry.mapping(box(0, 0, 40, 12))), name)} if name else {}
    answer = page.post("/api/scenarios/1/designs", data={**sent, **data})
    assert 400 <= answer.status_code < 500
    assert told in answer.json["error"]


def test_a_design_of_more_than_fifty_megabytes_is_refused(page, land):  # noqa: F811
    answer = page.post("/api/scenarios/1/designs", data={"file": (io.BytesIO(b" " * (51 << 20)), "a.geojson")})
    assert answer.status_code in (413, 422)
    assert "MB" in answer.json["error"]
