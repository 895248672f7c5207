"""How far one comes from a place: on the page, through the interface, planned beside today."""

import pytest
from shapely.geometry import LineString, Point
from sqlalchemy import update

from layers.blocks import Block
from layers.buildings import Building
from layers.facilities import Facility
from layers.streets import Street
from scenarios.access.people import AGES
from scenarios.changes import place, step
from scenarios.project import Project
from tests.hamlet import EAST, NORTH, as_planner, at, planner, settle
from twin.feature import Scenario
from twin.projection import LONLAT, transformer
from web import create_app

KAI = {"longitude": 9.0, "latitude": 53.5194}


@pytest.fixture
def kai(db, where):
    """The hamlet with a shop at the lane's end; the scenario draws a path to a house behind the pond, and a surgery."""
    settle(db)
    db.add(
        Facility(uid="shop", name="Dorf<laden", kind="food", detail="convenience", shape=Point(EAST + 140, NORTH + 22))
    )
    db.add(Building(uid="home", use="residential", dwellings=3, shape=at(0, 500)))
    db.add(Block(uid="b1", number="7", inhabitants=12, inhabitants_0_5=2, inhabitants_6_17=2, inhabitants_18_64=4,
                 inhabitants_65_79=2, inhabitants_80=2, shape=at(-50, -50, 900, 900)))  # fmt: skip
    db.add_all([planner(), Project(id=1, title="Kai")])
    db.flush()
    db.add(Scenario(id=1, title="Pfad", project_id=1))
    db.commit()
    with step(db, db.get(Scenario, 1), None, "plan") as now:
        path = LineString([(EAST + 5, NORTH + 28), (EAST + 5, NORTH + 495)])
        place(now, Street, "path", path, {"kind": "footway"}, seen=None)
        surgery = {"name": "Praxis", "kind": "health", "detail": "doctors"}
        place(now, Facility, "surgery", Point(EAST + 100, NORTH + 18), surgery, seen=None)
    db.commit()
    return as_planner(create_app(DATABASE=where))


def test_a_path_of_a_scenario_brings_people_into_reach(kai):
    today, then = (kai.get(f"/api/scenarios/{id}/reach", query_string=KAI).json for id in (0, 1))
    assert [one["people"] for one in today["groups"]] == [0, 0, 0, 0]
    assert [one["people"] for one in then["groups"]] == [0, 12, 12, 12]
    assert then["groups"][3]["ages"]["inhabitants_80"] == 2
    surgeries = [next(one for one in told["nearest"] if one["need"] == "doctor") for told in (today, then)]
    assert [one["name"] for one in surgeries] == ["", "Praxis"]
    assert surgeries[1]["minutes"] == pytest.approx(1.3, abs=0.5)
    assert {one["properties"]["minutes"] for one in then["features"]} == {5, 10, 15, 30}
    streets = kai.get("/api/scenarios/1/reach/streets", query_string=KAI).json["features"]
    assert len(streets[0]["geometry"]["coordinates"][0][0]) == 3


def test_the_page_says_the_same_beside_today_and_can_be_asked_by_name(kai):
    page = kai.get("/scenarios/1/reach?q=Zollhaus").text
    assert "Erreichbarkeit: Zollhaus &lt;b&gt;" in page
    assert "Dorf&lt;laden" in page
    assert 'class="moved">+12</small>' in page
    assert "In 3D zeigen" in page
    part = kai.get("/scenarios/1/reach?part&q=9.0,53.5194&mode=bicycle&lang=en").text
    assert "mode=bicycle" in part
    assert "<html" not in part
    assert "<path" in kai.get("/scenarios/1/reach.svg?q=Zollhaus").text
    assert "Von wo?" in kai.get("/scenarios/1/reach").text


WRONG = (
    ("/api/scenarios/0/reach?longitude=9.02&latitude=53.52", 422, "beginnt kein Weg"),
    ("/api/scenarios/0/reach?longitude=9", 400, "latitude"),
    ("/api/scenarios/0/reach?longitude=9&latitude=53.5194&mode=broom", 400, "walk"),
    ("/scenarios/0/reach?q=Atlantis", 400, "wurde nicht gefunden"),
    ("/scenarios/0/reach?q=9.0,53.5194&mode=broom", 404, "wheelchair"),
    ("/scenarios/0/reach.svg", 404, ""),
)


def test_what_cannot_be_answered_is_said(kai):
    for address, status, said in WRONG:
        answer = kai.get(address)
        assert answer.status_code == status, address
        assert said in (answer.json or {}).get("error", answer.text), address


def test_a_stranger_does_not_see_how_a_draft_reaches(kai, where):
    stranger = create_app(DATABASE=where).test_client()
    for address in ("/scenarios/1/reach?q=Zollhaus", "/scenarios/1/reach.svg?q=Zollhaus"):
        assert stranger.get(address).status_code == 404
    assert stranger.get("/api/scenarios/1/reach", query_string=KAI).status_code == 404


def test_after_an_edit_the_way_is_another_one(kai, db):
    assert kai.get("/api/scenarios/1/reach", query_string=KAI).json["groups"][3]["people"] == 12
    with step(db, db.get(Scenario, 1), None, "plan") as now:
        place(now, Street, "path", None, {"kind": "rail"}, seen=1)
    db.commit()
    assert kai.get("/api/scenarios/1/reach", query_string=KAI).json["groups"][3]["people"] == 0


def test_the_map_of_where_knows_who_lacks_a_daily_need(kai):
    page = kai.get("/projects/1/where?of=0&far.from=1").text
    assert '<h2 id="found">1 Gebäude</h2>' in page
    assert "/scenarios/0/buildings/home" in page


def test_where_the_ages_of_some_are_not_known_they_are_not_told_of_anybody(kai, db):
    """No house lies within five minutes, one of unknown ages within fifteen."""
    db.execute(update(Block).values(dict.fromkeys(AGES)))
    db.add(Street(uid="track", kind="footway", shape=LineString([(EAST + 5, NORTH + 495), (EAST + 5, NORTH + 1400)])))
    db.commit()
    longitude, latitude = transformer(25832, LONLAT).transform(EAST + 5, NORTH + 1400)
    told = kai.get("/api/scenarios/1/reach", query_string={"longitude": longitude, "latitude": latitude}).json["groups"]
    assert [one["ages"]["inhabitants_80"] for one in told] == [0, 0, None, None]
    page = kai.get(f"/scenarios/1/reach?q={longitude:.6f}, {latitude:.6f}")
    assert page.status_code == 200
    assert "ab 80 Jahren" not in page.text
