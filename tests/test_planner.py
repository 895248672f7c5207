"""Planning by form and list, without the map; and what the map's tools ask for."""

import json

import pytest
import shapely
from sqlalchemy.orm import Session

from scenarios.outlines import Measures, measured, rectangle, remeasured
from scenarios.project import Project
from tests.hamlet import EAST, NORTH, TOKEN, as_planner, at, change, planner, settle
from tests.test_changes import heights
from twin.feature import Scenario
from twin.projection import to_lonlat
from web import create_app


@pytest.fixture
def page(store, where):
    with Session(store) as db:
        settle(db)
        db.add_all([planner(), Project(id=1, title="Am Kai")])
        db.flush()
        db.add(Scenario(id=1, title="Kai 2040", project_id=1))
        db.add(Scenario(id=2, title="Kai 2050", project_id=1, state="published"))
        db.commit()
    return as_planner(create_app(DATABASE=where))


def now(store, scenario=1):
    with Session(store) as db:
        return heights(db, scenario)


def shape_of(page, uid, layer="buildings"):
    return shapely.from_geojson(json.dumps(page.get(f"/api/scenarios/1/{layer}/{uid}?geojson").json["geometry"]))


NEW = "/scenarios/1/buildings/new"
BLOCK = {
    "east": str(EAST + 60), "north": str(NORTH + 100), "width": "40", "depth": "12,5", "angle": "30",
    "storeys": "4", "storey_height": "3", "roof_type": "3100", "roof_pitch": "35", "use": "residential",
}  # fmt: skip


def test_a_house_is_made_by_form_with_its_exact_measures_and_its_roof(page, store):
    answer = page.post(NEW, data={**BLOCK, "token": TOKEN})
    assert answer.status_code == 303
    uid = answer.location.split("/")[4]
    assert now(store)[uid] == pytest.approx(4 * 3 + 6.25 * 0.7002, abs=0.01)
    told = page.get(answer.location).text
    assert 'value="40"' in told and 'value="12.5"' in told and 'value="30"' in told
    assert "Gespeichert" in told
    assert uid not in now(store, 0)


def test_a_house_is_moved_and_turned_by_its_numbers_and_keeps_its_surveyed_roof(page, store):
    where = "/scenarios/1/buildings/house/edit"
    answer = page.post(where, data={"token": TOKEN, "seen": "0", "east": str(EAST + 30), "angle": "90"})
    assert answer.status_code == 303
    moved = page.get("/api/scenarios/1/buildings/house?geojson").json["properties"]
    assert moved["height"] == 9.5
    assert 'value="90"' in page.get(where).text
    assert shape_of(page, "house").area == pytest.approx(to_lonlat(at(0, 30, 12, 10), 25832).area, rel=0.01)


def test_a_shed_that_gets_a_storey_grows_by_it(page, store):
    assert (
        page.post("/scenarios/1/buildings/shed-1/edit", data={"token": TOKEN, "seen": "0", "storeys": "2"}).status_code
        == 303
    )
    assert now(store)["shed-1"] == pytest.approx(2 * 4.0)


def test_who_comes_later_is_told_and_sees_what_they_had_entered(page, store):
    page.post("/scenarios/1/buildings/shed-1/edit", data={"token": TOKEN, "seen": "0", "name": "Rote Halle"})
    late = page.post("/scenarios/1/buildings/shed-1/edit", data={"token": TOKEN, "seen": "0", "name": "Blaue Halle"})
    assert late.status_code == 409
    assert "inzwischen geändert" in late.text
    assert 'value="Blaue Halle"' in late.text and 'name="seen" value="1"' in late.text
    assert (
        page.post(
            "/scenarios/1/buildings/shed-1/edit", data={"token": TOKEN, "seen": "1", "name": "Blaue Halle"}
        ).status_code
        == 303
    )


def test_a_shed_is_cleared_and_restored_by_its_form(page, store):
    where = "/scenarios/1/buildings/shed-2/edit"
    assert page.post(where, data={"token": TOKEN, "does": "clear", "seen": "0"}).status_code == 303
    assert "shed-2" not in now(store)
    assert "Wiederherstellen" in page.get(where).text
    assert page.post(where, data={"token": TOKEN, "does": "restore"}).status_code == 303
    assert now(store) == now(store, 0)


def test_every_layer_can_be_planted_from_a_form(page):
    tree = page.post(
        "/scenarios/1/trees/new", data={"token": TOKEN, "east": str(EAST), "north": str(NORTH), "species": "Linde"}
    )
    assert tree.status_code == 303
    line = f"LINESTRING ({EAST} {NORTH}, {EAST + 80} {NORTH + 10})"
    street = page.post(
        "/scenarios/1/streets/new", data={"token": TOKEN, "outline": line, "kind": "residential", "speed": "30"}
    )
    assert street.status_code == 303
    area = json.dumps(shapely.geometry.mapping(to_lonlat(at(0, 90, 20, 20), 25832)))
    assert (
        page.post("/scenarios/1/surfaces/new", data={"token": TOKEN, "outline": area, "kind": "grass"}).status_code
        == 303
    )
    assert shape_of(page, street.location.split("/")[4], "streets").geom_type == "LineString"


@pytest.mark.parametrize(
    ("entered", "sentence"),
    [
        ({"east": "", "north": ""}, "Wo soll es liegen?"),
        ({"width": "zehn"}, "„zehn“ ist keine Zahl: Breite."),
        ({"width": "-4"}, "Breite und Tiefe"),
        ({"storeys": "-2"}, "Geschosse"),
        ({"storeys": "vier"}, "„vier“ ist keine Zahl: Geschosse."),
        ({"outline": "ein Haus"}, "weder WKT noch GeoJSON"),
        ({"outline": '{"type": "Polygon"}'}, "weder WKT noch GeoJSON"),
        ({"outline": "POLYGON ((0 0, 10 10, 10 0, 0 10, 0 0))"}, "kreuzt sich selbst"),
        ({"outline": "POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0))"}, "km von der Stadt"),
        ({"use": "castle"}, "Werteliste"),
        ({"width": "nan"}, "„nan“ ist keine Zahl"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence_and_nothing_is_written(page, store, entered, sentence):
    answer = page.post(NEW, data={**BLOCK, **entered, "token": TOKEN})
    assert 400 <= answer.status_code < 500
    assert sentence in answer.text
    assert now(store) == now(store, 0)


def test_today_and_what_is_published_have_no_planner_s_page(page):
    assert 'id="plan"' in page.get("/scenarios/1").text
    for closed in ("/scenarios/2?plan", "/?plan", "/scenarios/0?plan"):
        told = page.get(closed).text
        assert 'id="plan"' not in told and "editing.js" not in told and 'id="planner"' not in told
    assert (
        page.post("/scenarios/0/buildings/shed-1/edit", data={"token": TOKEN, "seen": "0", "name": "x"}).status_code
        == 403
    )
    assert page.post("/scenarios/2/buildings/new", data={**BLOCK, "token": TOKEN}).status_code == 403


def test_lists_and_pages_lead_to_the_forms_where_one_may_plan(page):
    assert "/scenarios/1/trees/new" in page.get("/scenarios/1/table/trees").text
    assert "/scenarios/1/trees/lime/edit" in page.get("/scenarios/1/trees/lime").text
    assert "/new" not in page.get("/scenarios/0/table/trees").text
    assert "/edit" not in page.get("/scenarios/2/trees/lime").text


def test_citizens_load_nothing_of_the_editor(page):
    assert "editing.css" not in page.get("/scenarios/1").text
    assert "editing.css" in page.get("/scenarios/1?plan").text


def test_the_history_names_each_step_with_a_picture_and_leads_back(page, store):
    page.post("/scenarios/1/buildings/shed-1/edit", data={"token": TOKEN, "seen": "0", "storeys": "3"})
    page.post("/scenarios/1/buildings/shed-2/edit", data={"token": TOKEN, "does": "clear", "seen": "0"})
    told = page.get("/scenarios/1/history").text
    assert told.index("entfernt") < told.index("Gebäude: geändert")
    assert (told.count('class="before"'), told.count('class="after"')) == (2, 1)
    first = told.split('name="change" value="')[-1].split('"')[0]
    assert page.post("/scenarios/1/history", data={"token": TOKEN, "change": first}).status_code == 303
    assert now(store) == {**now(store, 0), "shed-1": 12.0}
    for nonsense in ("-1", "9" * 40, "x"):
        assert page.get(f"/scenarios/1/history?before={nonsense}").status_code == 200
    assert page.post("/scenarios/1/history", data={"token": TOKEN, "does": "undo"}).status_code == 303
    assert "shed-2" not in now(store)


def test_exact_numbers_are_tried_without_being_saved(page, store):
    tried = page.get("/api/scenarios/1/buildings/shed-1/measured", query_string={"width": "30"}).json
    assert tried["scaled"] is True
    assert now(store) == now(store, 0)
    assert page.get("/api/scenarios/1/buildings/shed-1/measured?width=x").status_code == 422


def test_the_edges_of_the_window_are_told_for_snapping(page):
    west, south, east, north = to_lonlat(at(-10, -10, 200, 100), 25832).bounds
    rings = page.get(f"/api/scenarios/1/snapping?bbox={west},{south},{east},{north}").json["rings"]
    assert len(rings) == 6
    assert all(ring[:2] == ring[-2:] for ring in rings)
    for bad in ("", "1,2,3", "a,b,c,d", "0,0,90,90", "nan,0,1,1"):
        assert page.get(f"/api/scenarios/1/snapping?bbox={bad}").status_code == 400


def test_an_outline_is_measured_and_made_anew_from_its_numbers():
    wanted = Measures(east=12.0, north=-3.0, width=30.0, depth=9.0, angle=25.0)
    assert measured(rectangle(wanted)) == pytest.approx(wanted)
    corner = shapely.Polygon([(0, 0), (20, 0), (20, 5), (8, 5), (8, 15), (0, 15)])
    turned = remeasured(corner, measured(corner)._replace(angle=40.0, width=40.0))
    assert measured(turned) == pytest.approx(measured(corner)._replace(angle=40.0, width=40.0))
    assert turned.area == pytest.approx(2 * corner.area)


def test_who_opens_a_published_plan_is_told_to_withdraw_or_to_fork_it(page):
    sentence = "Nehmen Sie sie zuerst zurück, oder planen Sie in einer Kopie."
    for refused in (
        page.get("/scenarios/2/buildings/new"),
        page.post("/scenarios/2/buildings/new", data={**BLOCK, "token": TOKEN}),
        page.post("/api/scenarios/2/undo"),
    ):
        assert refused.status_code == 403
        assert sentence in (refused.json["error"] if refused.is_json else refused.text)
    assert sentence in page.get("/scenarios/2").text
    assert sentence not in page.get("/scenarios/1").text


def test_the_area_of_a_project_is_drawn_on_the_map_or_entered(page, where):
    told = page.get("/scenarios/0?area=1").text
    assert 'id="area-draw"' in told and 'id="planner"' not in told
    drawn = json.dumps(shapely.geometry.mapping(to_lonlat(at(0, 0, 200, 100), 25832)))
    sent = {"token": TOKEN, "area": "outline", "outline": drawn}
    assert page.post("/projects/1/area", data=sent).status_code == 303
    assert "coordinates" in page.get("/scenarios/0?area=1").text
    corners = f"{EAST} {NORTH}\n{EAST + 50} {NORTH}\n{EAST + 50} {NORTH + 50}"
    form = {"token": TOKEN, "title": "Am Kai", "brief": "", "area": "outline", "outline": corners}
    assert page.post("/projects/1/edit", data=form).status_code == 303
    refused = page.post("/projects/1/area", data={**sent, "outline": "dort"})
    assert refused.status_code == 422 and "„dort“ ist weder" in refused.text
    assert page.get("/scenarios/0?area=99").status_code == 404
    assert "/login" in create_app(DATABASE=where).test_client().get("/scenarios/0?area=1").location


def test_what_a_file_planned_is_told_as_an_import(page, store):
    change(store, "place", "shed-1", height=9.0)
    for told in (page.get("/scenarios/1/history").text, page.get("/projects").text):
        assert "Import" in told and "Jemand" not in told
