"""A project's figures: on the page, as tables, as a report, through the interface and in the terminal."""

import io
import json
from dataclasses import replace

import openpyxl
import pytest
from click.testing import CliRunner
from shapely.geometry import box

from layers.buildings import Building
from layers.parcels import Parcel
from layers.zones import Zone
from scenarios.changes import clear, place, step
from scenarios.indicators import indicators
from scenarios.project import Project
from tests.hamlet import EAST, NORTH, as_planner, planner, settle
from twin.feature import Scenario
from web import create_app, working
from web.cli import main

AREA = box(EAST - 10, NORTH - 10, EAST + 100, NORTH + 60)


@pytest.fixture
def kai(db, where, monkeypatch):
    """The hamlet on one parcel in a WA with a plan; in the scenario a tower of ten storeys instead of shed 1.

    Answers wait for what takes long.
    """
    monkeypatch.setattr(working, "PATIENCE", 60.0)
    settle(db)
    db.add(Parcel(uid="plot", number="12/3", owner_kind="town", shape=AREA))
    db.add(
        Zone(uid="WA", kind="WA", plan_kind="bplan", plan="Nr. 7", state_of_law="4000", gfz=0.05, grz=0.4, shape=AREA)
    )
    db.add_all([planner(), Project(id=1, title="Am <Kai>", area=AREA)])
    db.flush()
    db.add(Scenario(id=1, title="Hoch", project_id=1))
    db.commit()
    with step(db, db.get(Scenario, 1), None, "plan") as now:
        tower = {"height": 30.0, "eaves_height": 30.0, "storeys": 10, "use": "residential"}
        place(now, Building, "shed-1", None, tower, seen=0)
        clear(now, Building, "shed-2", seen=0)
    db.commit()
    return as_planner(create_app(DATABASE=where))


def test_scenarios_stand_beside_today_with_the_difference(kai):
    page = kai.get("/projects/1/figures").text
    assert "Am &lt;Kai&gt;" in page
    assert "Hoch" in page
    assert "Geschossfläche (BGF)" in page
    assert "über dem B-Plan (0,05)" in page
    assert "+640 m²" in page  # ten storeys of 80 m² for one, and one shed less
    assert "Sonne und Schatten berechnen" in page
    assert "DIN EN 17037" in kai.get("/projects/1/figures?sun=").text
    assert 'href="/projects/1/figures?lang=de"' in kai.get("/projects/1").text


def test_each_question_opens_to_method_limits_and_sources(kai):
    for name, one in indicators().items():
        page = kai.get(f"/projects/1/figures/{name}")
        assert page.status_code == 200
        assert one.method.de[:60] in page.text, name
        assert one.limits.de[:60] in page.text, name
        assert "How it is computed" in kai.get(f"/projects/1/figures/{name}?lang=en").text


def test_the_interface_says_what_caused_a_difference(kai):
    told = kai.get("/api/scenarios/1/indicators/areas").json
    floor = next(one for one in told["figures"] if one["name"] == "floor_area")
    assert floor["difference"] == pytest.approx(640)
    changed, gone = floor["causes"]
    assert (changed["kind"], changed["features"], changed["value"]) == ("changed", 1, 720)
    assert gone["largest"] == [{"layer": "buildings", "uid": "shed-2", "value": -80}]
    assert {"name", "title", "value", "unit", "source"} <= floor["assumptions"][0].keys()
    assert {one["name"] for one in kai.get("/api/indicators").json} == set(indicators())
    assert kai.get("/api/scenarios/1/indicators/luck").status_code == 404


def test_after_an_edit_the_figures_are_new_ones_and_today_s_stay(kai, db):
    def homes():
        told = kai.get("/api/scenarios/1/indicators/areas").json["figures"]
        return next(one["value"] for one in told if one["name"] == "dwellings")

    before = homes()
    with step(db, db.get(Scenario, 1), None, "plan") as now:
        place(now, Building, "shed-1", None, {"dwellings": 40}, seen=1)
    db.commit()
    assert homes() == before - 7 + 40


AREAS = {  # with so many buildings of the scenario in it
    "project": 5, "city": 5, "zone:WA": 5, "8.9999,53.5191,9.0003,53.5194": 1,
    '{"type":"Polygon","coordinates":[[[8.9,53.4],[9.1,53.4],[9.1,53.9],[8.9,53.4]]]}': 5,
}  # fmt: skip


def test_an_area_is_the_project_the_city_a_zone_or_drawn(kai):
    for area, buildings in AREAS.items():
        told = kai.get("/api/scenarios/1/indicators/areas", query_string={"area": area}).json
        assert next(one["value"] for one in told["figures"] if one["name"] == "buildings") == buildings, area


WRONG = (
    ("area=block:99", 404, "„99“ gibt es nicht"), ("area=nowhere", 422, "ist kein Gebiet"),
    ("area=POLYGON((0 0", 422, "ist kein Gebiet"), ("area=1,2,3", 422, "ist kein Gebiet"),
    ("area=nan,0,1,1", 422, "ist kein Gebiet"), ("day=yesterday", 400, "ein Datum wie"),
)  # fmt: skip


def test_what_cannot_be_asked_is_said(kai):
    for asked, status, said in WRONG:
        answer = kai.get(f"/api/scenarios/1/indicators/areas?{asked}")
        assert answer.status_code == status, asked
        assert said in answer.json["error"]


def test_what_would_take_too_long_is_refused_with_the_remedy(kai, monkeypatch):
    spacing = indicators()["spacing"]
    monkeypatch.setitem(indicators(), "spacing", replace(spacing, most=4))
    figure, *others = kai.get("/api/scenarios/1/indicators/spacing?area=city").json["figures"]
    assert figure["value"] is None
    assert "kleineres Gebiet" in figure["refused"]
    assert others == []


def test_a_stranger_sees_neither_drafts_nor_their_figures(kai, where):
    stranger = create_app(DATABASE=where).test_client()
    assert stranger.get("/api/scenarios/1/indicators/areas").status_code == 404
    assert stranger.get("/projects/1/figures").status_code in (200, 303, 404)
    assert "Hoch" not in stranger.get("/projects/1/figures").text
    assert stranger.get("/projects/1/figures/spacing/1.svg").status_code == 404


def test_tables_hold_every_figure_and_the_places(kai):
    lines = kai.get("/projects/1/figures.csv").text.splitlines()
    assert lines[0].startswith("\ufeffFrage;Größe;Einheit;Heute;Hoch;Zum Nachrechnen")
    floor = next(line for line in lines if "Geschossfläche (BGF)" in line)
    assert floor.split(";")[3:5] == ["640,0", "1280,0"]
    book = openpyxl.load_workbook(io.BytesIO(kai.get("/projects/1/figures.xlsx").data))
    assert "Maß der baulichen Nutzung" in book.sheetnames
    plots = {row[2]: row for row in book["Maß der baulichen Nutzung"].iter_rows(values_only=True)}
    assert plots["plot"][3] == "12/3"


def test_the_report_is_a_pdf_with_all_questions(kai):
    answer = kai.get("/projects/1/figures.pdf")
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF-")
    assert answer.data.count(b"/Type /Page\n") > len(indicators())


def test_plans_show_what_is_free_and_where_the_sun_is(kai):
    spacing = kai.get("/projects/1/figures/spacing/1.svg").text
    assert 'class="overlap"' in spacing
    assert 'class="area"' in spacing
    assert "data:image/png;base64," in kai.get("/projects/1/figures/sunlight/1.svg").text


def test_questions_are_combined_building_by_building(kai):
    """Where do people live on a plot above a value? Only in the tower: the old house has no dwelling that is known."""
    page = kai.get("/projects/1/where?of=1&people.from=10&over.from=1").text
    assert '<h2 id="found">1 Gebäude</h2>' in page
    assert "/scenarios/1/buildings/shed-1" in page
    assert "0 Gebäude" in kai.get("/projects/1/where?of=1&people.from=10&floor_area.to=5").text
    assert "0 Gebäude" in kai.get("/projects/1/where?of=0&people.from=10").text
    assert 'class="found"' in kai.get("/projects/1/where.svg?of=1&people.from=10").text
    assert kai.get("/projects/1/where?people.from=many").status_code == 400
    assert kai.get("/projects/1/where?of=9").status_code == 404


def test_in_3d_the_drawing_lies_on_the_ground_of_the_scene(kai):
    drawn = kai.get("/api/scenarios/1/indicators/spacing/drawn").json["features"]
    assert {one["properties"]["kind"] for one in drawn} == {"area", "overlap"}
    longitude, latitude, height = drawn[0]["geometry"]["coordinates"][0][0]
    assert (round(longitude, 2), round(latitude, 2), height) == (9.0, 53.52, 0.4)
    page = kai.get("/scenarios/1?figures=spacing").text
    assert "/api/scenarios/1/indicators/spacing/drawn" in page
    assert "Überdeckung" in page
    assert "indicators/spacing/drawn" not in kai.get("/scenarios/1?figures=moon").text


def test_while_planning_the_plot_of_what_was_changed_tells_its_figures(kai):
    """Ten storeys of 80 m² for one, and one shed less: 1,520 m² on 7,700 m² of plot, where 0.05 is allowed."""
    part = kai.get("/scenarios/1/buildings/shed-1/figures?part").text
    assert "Auf Flurstück 12/3, gegen heute." in part
    for told in ("<dt>GFZ <small>bis 0,05</small></dt><dd>0,17", "<small>+0,08</small>", "Menschen", "+14", "Kosten"):
        assert told in part, told
    assert 'class="over"' in part
    assert "<html" not in part
    whole = kai.get("/scenarios/1/buildings/shed-1/figures").text
    assert "GFZ 0,17 über 0,05 (Festsetzung WA Nr. 7)" in whole
    assert "gegen heute" in kai.get("/scenarios/1/buildings/shed-2/figures?part").text  # that is cleared
    assert "gegen heute" in kai.get("/scenarios/1/trees/lime/figures?part").text
    assert kai.get("/scenarios/1/buildings/shed-99/figures").status_code == 404


def test_a_district_of_the_cadastre_is_an_area(kai, db):
    far = box(EAST + 200, NORTH, EAST + 240, NORTH + 30)
    db.add_all([
        Parcel(uid="far", number="1", district="Kaidorf", shape=far),
        Building(uid="farm", height=6.0, storeys=2, use="farm", shape=far.centroid.buffer(6)),
    ])  # fmt: skip
    db.commit()
    told = kai.get("/api/scenarios/1/indicators/areas?area=district:Kaidorf").json["figures"]
    values = {one["name"]: one["value"] for one in told}
    assert (values["buildings"], values["plots"]) == (1, 1200)
    assert kai.get("/api/scenarios/1/indicators/areas?area=district:Mond").status_code == 404
    assert 'value="district:Kaidorf"' in kai.get("/projects/1/figures").text


def test_where_a_figure_is_no_sum_it_says_what_the_scenario_touches(kai):
    told = kai.get("/api/scenarios/1/indicators/sunlight").json["figures"]
    ground = next(one for one in told if one["name"] == "sun_ground")
    assert {(one["kind"], one["features"], one["value"]) for one in ground["causes"]} == {
        ("changed", 1, None), ("gone", 1, None),
    }  # fmt: skip
    gfz = next(one for one in kai.get("/api/scenarios/1/indicators/law").json["figures"] if one["name"] == "gfz")
    assert sum(one["value"] for one in gfz["causes"]) == pytest.approx(gfz["difference"], abs=1e-3)
    assert "ansehen" in kai.get("/projects/1/figures/sunlight").text


def test_in_3d_facades_stand_and_the_sun_lies_on_the_ground_for_those_who_may_see_it(kai, where):
    faces = kai.get("/api/scenarios/1/indicators/facades/drawn").json["features"]
    assert {one["properties"]["kind"] for one in faces} == {"hours"}
    assert max(point[2] for one in faces for point in one["geometry"]["coordinates"][0]) == pytest.approx(30.0, abs=0.2)
    assert "/scenarios/1?figures=facades&amp;year=&amp;lang=de" in kai.get("/projects/1/figures/facades?year=").text
    page = kai.get("/scenarios/1?figures=sunlight").text
    assert "/api/scenarios/1/indicators/sunlight/raster/{z}/{x}/{y}" in page
    tile = kai.get("/api/scenarios/1/indicators/sunlight/raster/17/68812/42430")
    assert (tile.mimetype, tile.data[:4]) == ("image/png", b"\x89PNG")
    assert kai.get("/api/scenarios/1/indicators/sunlight/raster/3/9/1").status_code == 404
    stranger = create_app(DATABASE=where).test_client()
    assert stranger.get("/api/scenarios/1/indicators/sunlight/raster/17/68812/42430").status_code == 404


def test_the_terminal_answers_as_the_page_does(kai, where):
    run = CliRunner().invoke(main, ["measure", "areas", where, "--scenario", "1", "--json"])
    told = json.loads(run.output)
    page = kai.get("/api/scenarios/1/indicators/areas").json
    assert [one["value"] for one in told["figures"]] == [one["value"] for one in page["figures"]]
    assert told["figures"][0]["title"]["de"] == "Gebiet"
    told = json.loads(CliRunner().invoke(main, ["measure", "sunlight", where, "--year", "--json"]).output)
    assert told["figures"][0]["unit"] == "h/a"
    words = CliRunner().invoke(main, ["measure", "law", where, "--scenario", "1"]).output
    assert "above 0.05" in words
    assert CliRunner().invoke(main, ["measure", "law", where, "--scenario", "9"]).exit_code == 1
