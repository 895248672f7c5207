"""Planning over HTTP, as the page and other programs do it."""

import json
import threading

import pytest
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from layers.buildings import Building
from scenarios.project import Person
from tests.hamlet import as_planner, at, planner, settle
from tests.test_changes import heights
from twin.feature import Scenario
from twin.projection import to_lonlat
from web import create_app


@pytest.fixture
def app(store, where):
    with Session(store) as db:
        settle(db)
        db.add_all([planner(), Scenario(id=1, title="Kai 2040")])
        db.commit()
    return create_app(DATABASE=where)


@pytest.fixture
def page(app):
    return as_planner(app)


def geojson(shape):
    return json.loads(shapely.to_geojson(to_lonlat(shape, 25832)))


def now(store, scenario=1):
    with Session(store) as db:
        return heights(db, scenario)


HOUSE = "/api/scenarios/1/buildings/house"


def test_a_house_is_raised_and_the_answer_says_where(page, store):
    answer = page.put(HOUSE, json={"properties": {"height": 20.0}, "seen": 0, "what": "height"})
    assert answer.status_code == 200
    west, south, east, north = answer.json["bounds"]
    assert (answer.json["uid"], answer.json["version"]) == ("house", 1)
    assert answer.json["step"] == answer.json["change"]
    assert 8.99 < west < east < 9.01
    assert 53.5 < south < north < 53.6
    assert now(store)["house"] == 20.0
    assert now(store, 0)["house"] == 9.5


def test_a_house_is_moved_with_its_roof_and_stays_where_it_was_put(page):
    there = page.get(f"{HOUSE}?geojson").json
    assert there["properties"]["name"] == "Zollhaus <b>"
    assert "surfaces" not in there["properties"]
    moved = geojson(at(100, 30, 12, 10))
    assert page.put(HOUSE, json={"geometry": moved, "seen": there["version"]}).status_code == 200
    after = page.get(f"{HOUSE}?geojson").json
    shift = shapely.hausdorff_distance(
        shapely.from_geojson(json.dumps(after["geometry"])), to_lonlat(at(100, 30, 12, 10), 25832)
    )
    assert shift < 1e-9
    assert after["version"] == 1


def test_what_is_sent_back_unchanged_is_taken(page):
    """A form sends all fields, also those whose value is in no list of ours."""
    there = page.get(f"{HOUSE}?geojson").json
    assert (
        page.put(HOUSE, json={"properties": there["properties"], "geometry": there["geometry"], "seen": 0}).status_code
        == 200
    )


def test_a_new_shed_is_drawn_cleared_and_undone(page, store):
    sent = {"geometry": geojson(at(200, 0)), "properties": {"height": 4.0, "use": "storage"}, "what": "draw"}
    new = page.post("/api/scenarios/1/buildings", json=sent)
    assert new.status_code == 201
    uid = new.json["uid"]
    assert page.delete(f"/api/scenarios/1/buildings/{uid}?seen={new.json['version']}").status_code == 200
    assert uid not in now(store)
    assert page.post("/api/scenarios/1/undo").json["what"] == "undo"
    assert now(store)[uid] == 4.0
    assert page.post("/api/scenarios/1/undo").json["undoes"] == new.json["step"]
    assert uid not in now(store)
    assert page.post("/api/scenarios/1/redo").status_code == 200
    assert now(store)[uid] == 4.0
    assert page.post("/api/scenarios/1/return", json={"change": 0}).status_code == 200
    assert now(store) == now(store, 0)


def test_what_was_drawn_offline_is_sent_twice_and_stands_once(page, store):
    sent = {"geometry": geojson(at(200, 0)), "properties": {"height": 4.0}}
    first = page.put("/api/scenarios/1/buildings/drawn-offline", json=sent)
    again = page.put("/api/scenarios/1/buildings/drawn-offline", json=sent)
    assert (first.status_code, again.status_code) == (200, 409)
    assert again.json["theirs"]["version"] == first.json["version"]
    assert now(store)["drawn-offline"] == 4.0


def test_the_late_planner_sees_both(page, store):
    with Session(store) as db:
        db.add(Person(login="ada", name="Ada"))
        db.commit()
        db.execute(text("update person set id = id"))
    page.put(HOUSE, json={"properties": {"height": 20.0}, "seen": 0})
    late = {"properties": {"height": 12.0}, "seen": 0}
    told = page.put(HOUSE, json=late)
    assert told.status_code == 409
    assert told.json["yours"] == late
    assert told.json["theirs"]["properties"]["height"] == 20.0
    assert told.json["theirs"]["version"] == 1
    assert "entscheiden" in told.json["error"]
    assert told.json["at"].endswith("Z")
    page.delete(f"{HOUSE}?seen=1")
    assert page.put(HOUSE, json=late).json["theirs"] is None


def test_many_trees_are_one_step(page):
    rows = [
        {"verb": "place", "layer": "trees", "geometry": geojson(at(10 * i, 60).centroid), "properties": {"height": 5.0}}
        for i in range(20)
    ]
    rows.append({"verb": "clear", "layer": "buildings", "uid": "shed-0", "seen": 0})
    answer = page.post("/api/scenarios/1/steps", json={"what": "row", "changes": rows}).json
    assert len(answer["changes"]) == 21
    past = page.get("/api/scenarios/1/history").json
    assert [(one["what"], one["things"], len(one["changes"]), one["undone"]) for one in past] == [
        ("row", 21, 20, False)
    ]
    page.post("/api/scenarios/1/undo")
    past = page.get("/api/scenarios/1/history").json
    assert [(one["what"], one["undone"]) for one in past] == [("undo", False), ("row", True)]
    assert page.get(f"/api/scenarios/1/history?before={past[0]['step']}").json == past[1:]


def test_one_wrong_tree_keeps_the_whole_row_out(page, store):
    good = {"verb": "place", "layer": "trees", "geometry": geojson(at(0, 60).centroid), "properties": {"height": 5.0}}
    bad = {**good, "properties": {"height": -5.0}}
    answer = page.post("/api/scenarios/1/steps", json={"changes": [good, bad]})
    assert answer.status_code == 422
    assert answer.json["error"].startswith("Änderung 2: Höhe: -5")
    with Session(store) as db:
        assert db.scalar(text("select count(*) from trees")) == 1


def test_an_outline_with_storeys_and_a_roof_becomes_a_building(page, store):
    form = {"storeys": 4, "storey_height": 3.0, "roof": "gable", "pitch": 45}
    sent = {"geometry": geojson(at(200, 0, 20, 10)), "properties": {"form": form, "use": "residential"}, "what": "draw"}
    new = page.post("/api/scenarios/1/buildings", json=sent).json
    there = page.get(f"/api/scenarios/1/buildings/{new['uid']}?geojson").json
    assert there["properties"]["height"] == pytest.approx(17.0, abs=0.01)
    assert (there["properties"]["storeys"], there["properties"]["roof_type"]) == (4, "3100")
    assert there["form"] == {"storeys": 4, "roof": "gable", "storey_height": 3.0, "pitch": 45.0}
    higher = {"properties": {"form": {**form, "storeys": 6}}, "seen": there["version"], "what": "height"}
    assert page.put(f"/api/scenarios/1/buildings/{new['uid']}", json=higher).status_code == 200
    assert now(store)[new["uid"]] == pytest.approx(23.0, abs=0.01)
    with Session(store) as db:
        shed = db.query(Building).filter_by(uid=new["uid"]).one()
        assert shapely.from_wkb(shed.surfaces).bounds[0] == pytest.approx(500_200, abs=0.01)


BOW = {"type": "Polygon", "coordinates": [[[9, 53.52], [9.0001, 53.5201], [9.0001, 53.52], [9, 53.5201], [9, 53.52]]]}


REFUSED = [
    ("PUT", HOUSE, b"{", 400),
    ("PUT", HOUSE, b"[]", 400),
    ("PUT", HOUSE, b"\xff", 400),
    ("PUT", HOUSE, b"[" * 100_000, 400),
    ("PUT", HOUSE, b'{"properties": {"height": NaN}, "seen": 0}', 400),
    ("PUT", HOUSE, {"properties": [], "seen": 0, "geometry": 7}, 400),
    ("PUT", HOUSE, {"properties": "x", "seen": 0}, 400),
    ("PUT", HOUSE, {"properties": {}, "seen": "0"}, 400),
    ("PUT", HOUSE, {"properties": {}, "seen": True}, 400),
    ("PUT", HOUSE, {"properties": {}, "seen": 0, "what": "undo"}, 400),
    ("PUT", HOUSE, {"properties": {}, "seen": 0, "what": 7}, 400),
    ("PUT", HOUSE, {"properties": {"storeys": -1}, "seen": 0}, 422),
    ("PUT", HOUSE, {"properties": {"use": "castle"}, "seen": 0}, 422),
    ("PUT", HOUSE, {"properties": {"height": 7.0}}, 409),
    ("PUT", HOUSE, {"geometry": BOW, "seen": 0}, 422),
    ("PUT", HOUSE, {"geometry": geojson(at(0, 0, 4_000, 20)), "seen": 0}, 422),
    ("PUT", HOUSE, {"geometry": {"type": "Polygon", "coordinates": []}, "seen": 0}, 422),
    ("PUT", HOUSE, {"geometry": {"type": "Polygon", "coordinates": [[[9, 53]]]}, "seen": 0}, 422),
    ("PUT", HOUSE, {"geometry": {"type": "Polygon", "coordinates": "here"}, "seen": 0}, 422),
    ("PUT", HOUSE, {"geometry": {"type": "Point", "coordinates": [500000, 5930000]}, "seen": 0}, 422),
    ("PUT", HOUSE, {"geometry": {"type": "Point", "coordinates": [9, 53.52]}, "seen": 0}, 422),
    ("PUT", HOUSE, {"geometry": {"type": "GeometryCollection", "geometries": []}, "seen": 0}, 422),
    ("PUT", HOUSE, {"properties": {"form": {"storeys": -1}}, "seen": 0}, 422),
    ("PUT", HOUSE, {"properties": {"surface_kinds": "WWW"}, "seen": 0}, 422),
    ("PUT", HOUSE, {"properties": {"form": 7}, "seen": 0}, 422),
    ("PUT", HOUSE, {"properties": {"form": {"roof": "onion"}}, "seen": 0}, 422),
    ("PUT", HOUSE, {"properties": {"storey_uses": "0:castle"}, "seen": 0}, 422),
    ("POST", "/api/scenarios/1/buildings", {"properties": {"form": {"storeys": 1}}}, 422),
    ("PUT", "/api/scenarios/1/buildings/castle", {"properties": {}, "seen": 3}, 404),
    ("PUT", "/api/scenarios/1/buildings/castle", {"properties": {}}, 422),
    ("PUT", "/api/scenarios/1/gold/house", {"seen": 0}, 404),
    ("PUT", "/api/scenarios/9/buildings/house", {"seen": 0}, 404),
    ("PUT", "/api/scenarios/0/buildings/house", {"seen": 0}, 403),
    ("PUT", "/api/scenarios/1/buildings/%20", {"geometry": None}, 422),
    ("POST", "/api/scenarios/1/buildings", {}, 422),
    ("POST", "/api/scenarios/1/steps", {}, 400),
    ("POST", "/api/scenarios/1/steps", {"changes": []}, 400),
    ("POST", "/api/scenarios/1/steps", {"changes": [7]}, 400),
    ("POST", "/api/scenarios/1/steps", {"changes": [{}] * 3000}, 400),
    ("POST", "/api/scenarios/1/steps", {"changes": [{"layer": "trees", "verb": "fell", "uid": "lime"}]}, 400),
    ("POST", "/api/scenarios/1/steps", {"changes": [{"layer": "trees", "verb": "clear", "uid": "lime"}]}, 400),
    ("POST", "/api/scenarios/1/steps", {"changes": [{"layer": {}, "verb": "clear", "uid": "lime"}]}, 400),
    ("POST", "/api/scenarios/1/steps", {"changes": [{"layer": "trees", "verb": "clear", "uid": 7}]}, 400),
    ("POST", "/api/scenarios/1/undo", None, 404),
    ("POST", "/api/scenarios/1/redo", None, 404),
    ("POST", "/api/scenarios/1/return", {}, 400),
    ("POST", "/api/scenarios/1/return", {"change": -1}, 400),
    ("POST", "/api/scenarios/1/return", {"change": 10**30}, 400),
    ("POST", "/api/scenarios/1/return", {"change": 77}, 404),
    ("DELETE", HOUSE, None, 400),
    ("DELETE", f"{HOUSE}?seen=x", None, 400),
    ("DELETE", f"{HOUSE}?seen=3", None, 409),
    ("DELETE", "/api/scenarios/1/buildings/castle?seen=0", None, 404),
    ("POST", f"{HOUSE}/restore", None, 400),
    ("POST", f"{HOUSE}/restore?seen=0", None, 404),
    ("GET", "/api/scenarios/1/history?before=x", None, 400),
    ("GET", "/api/scenarios/9/history", None, 404),
]


def test_what_cannot_be_done_is_refused_with_a_sentence_and_nothing_is_written(page, store):
    before, otherwise = now(store), []
    for method, address, body, status in REFUSED:
        sent = {"data": body} if isinstance(body, bytes) else {"json": body} if body is not None else {}
        answer = page.open(address, method=method, **sent)
        if answer.status_code != status or not answer.json["error"].endswith("."):
            otherwise.append((method, address, str(body)[:80], status, answer.status_code, answer.json))
    assert otherwise == []
    assert now(store) == before
    with Session(store) as db:
        assert db.scalar(text("select count(*) from change")) == 0


def test_a_body_of_fifty_megabytes_is_refused(page):
    answer = page.put(HOUSE, data=b'{"properties": {"name": "' + b"x" * 50_000_000 + b'"}, "seen": 0}')
    assert answer.status_code == 413
    assert "8 MB" in answer.json["error"]


def test_of_two_who_write_at_the_same_moment_one_wins(app, store):
    for turn in range(3):
        both = threading.Barrier(2)
        answers = []

        def write(height, turn=turn, both=both, answers=answers):
            with as_planner(app) as page:
                both.wait()
                answers.append(page.put(HOUSE, json={"properties": {"height": height}, "seen": turn}))

        threads = [threading.Thread(target=write, args=(height,)) for height in (10.0 + turn, 20.0 + turn)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        lost = next(answer for answer in answers if answer.status_code == 409)
        assert lost.json["theirs"]["properties"]["height"] == now(store)["house"]
        assert lost.json["theirs"]["version"] == turn + 1


def test_many_planners_write_different_things_at_once(app, store):
    def write(number):
        with as_planner(app) as page:
            for height in range(5):
                answer = page.put(
                    f"/api/scenarios/1/buildings/shed-{number}",
                    json={"properties": {"height": float(height)}, "seen": height},
                )
                assert answer.status_code == 200, answer.json

    threads = [threading.Thread(target=write, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {now(store)[f"shed-{number}"] for number in range(5)} == {4.0}
    with Session(store) as db:
        assert db.scalar(text("select count(*) from change")) == 25
        assert db.query(Building).count() == 11


def test_an_edit_is_seen_at_once_in_tiles_counts_and_search(page):
    """The mark of the scenario moves with each change; that of today and of other scenarios stays."""

    def mark(scenario):
        return page.get(f"/tiles/{scenario}/buildings/14/8601/5268").headers["ETag"]

    def found():
        hits = page.get("/api/scenarios/1/search?q=Markthalle").json
        counted = {layer["name"]: layer["count"] for layer in page.get("/api/scenarios/1/layers").json}
        return len(hits), counted["buildings"]

    before, today, there = mark(1), mark(0), found()
    sent = {"geometry": geojson(at(200, 0)), "properties": {"name": "Markthalle"}}
    page.post("/api/scenarios/1/buildings", json=sent)
    assert (there, found()) == ((0, 6), (1, 7))
    assert mark(1) != before
    assert mark(0) == today
