"""What a plan adds up to, what it assumes, and what differs between two plans."""

import pytest

from layers.buildings import Building
from layers.trees import Tree
from scenarios.assumptions import defaults, in_force, override, value
from scenarios.changes import clear, place, step
from scenarios.comparing import differences
from scenarios.counting import count, planned_against_today
from scenarios.project import Person, Project
from tests.hamlet import as_planner, at, planner, settle
from tests.test_editing import geojson
from twin.errors import BadField, NotFound
from twin.feature import Scenario
from web import create_app


@pytest.fixture
def kai(db):
    settle(db)
    db.add_all([Project(id=1, title="Kai"), Person(id=1, login="ada", name="Ada")])
    db.flush()
    db.add_all([Scenario(id=1, title="Hoch", project_id=1), Scenario(id=2, title="Flach", project_id=1)])
    db.commit()
    return db


def planned(db, scenario=1):
    """A tower instead of shed 1, shed 2 gone, a new tree, and a tree touched without a change."""
    with step(db, db.get(Scenario, scenario), None, "plan") as now:
        place(now, Building, "shed-1", None, {"height": 30.0, "storeys": 10, "use": "residential"}, seen=0)
        clear(now, Building, "shed-2", seen=0)
        place(now, Tree, "oak", at(0, 90).centroid, {"species": "Eiche"}, seen=None)
        place(now, Tree, "lime", None, {"height": 15.0}, seen=0)


def listed(db, before, after):
    return [(one.layer.__tablename__, one.uid, one.kind, one.fields) for one in differences(db, before, after)]


def test_what_a_scenario_changes_is_listed(kai):
    planned(kai)
    assert listed(kai, 0, 1) == [
        ("trees", "oak", "new", []),
        ("buildings", "shed-1", "changed", ["use", "storeys", "height"]),
        ("buildings", "shed-2", "gone", []),
    ]
    assert [kind for _, _, kind, _ in listed(kai, 1, 0)] == ["gone", "changed", "new"]
    assert listed(kai, 1, 1) == []
    assert differences(kai, 0, 1)[2].bounds == at(40, 0).bounds


def test_two_scenarios_differ_where_only_one_of_them_moves(kai):
    planned(kai)
    planned(kai, 2)
    assert listed(kai, 1, 2) == []
    with step(kai, kai.get(Scenario, 2), None, "move") as now:
        place(now, Building, "shed-1", at(22, 0), {}, seen=1)
    assert listed(kai, 1, 2) == [("buildings", "shed-1", "changed", ["shape"])]


def test_a_tower_counts_as_homes_by_the_assumptions(kai):
    planned(kai)
    counted = planned_against_today(kai, 1, in_force(kai, 1))
    tower, sheds = counted["after"], counted["before"]
    assert (tower.buildings, tower.footprint, tower.floor_area, tower.volume) == (1, 80.0, 800.0, 2400.0)
    assert tower.dwellings == round(800 * 0.75 / 92)
    assert tower.people == tower.dwellings * 2
    assert tower.cost == pytest.approx(800 * 765 * 1.85)
    assert (sheds.buildings, sheds.floor_area, sheds.dwellings) == (2, 160.0, 0)
    assert counted["change"].floor_area == 640.0


@pytest.mark.parametrize(
    ("fields", "dwellings"),
    [
        ({"storeys": 10, "use": "residential", "dwellings": 3}, 3),
        ({"storeys": 10, "use": "office"}, 0),
        ({"storeys": 10, "use": "mixed"}, 4),
        ({"storeys": 10, "use": "mixed", "storey_uses": "0:trade;1-9:residential"}, 7),
        ({"height": 30.0, "use": "residential"}, 8),
        ({}, 0),
    ],
)
def test_homes_follow_from_storeys_and_their_use(fields, dwellings):
    assert count(fields, 100.0, defaults()).dwellings == dwellings


def test_a_project_has_assumptions_of_its_own_with_a_reason(kai):
    project, ada = kai.get(Project, 1), kai.get(Person, 1)
    override(kai, None, "dwelling_area", 80, "Wohnungsmarktbericht 2025", ada)
    override(kai, project, "dwelling_area", 60.0, "Kleine Wohnungen für Ältere", ada)
    assert (value(kai, 1, "dwelling_area"), value(kai, None, "dwelling_area")) == (60.0, 80.0)
    own = in_force(kai, 1)["dwelling_area"]
    assert (own.set_for, own.reason, own.by, own.default) == ("project", "Kleine Wohnungen für Ältere", "Ada", 92.0)
    override(kai, project, "dwelling_area", None, "", ada)
    assert value(kai, 1, "dwelling_area") == 80.0


@pytest.mark.parametrize(
    ("name", "new", "reason", "error"),
    [
        ("dwelling_area", 5, "zu klein", BadField),
        ("dwelling_area", "80", "Text", BadField),
        ("dwelling_area", float("nan"), "keine Zahl", BadField),
        ("dwelling_area", 80, "", BadField),
        ("dwelling_area", 80, 7, BadField),
        ("luck", 80, "warum nicht", NotFound),
    ],
)
def test_an_assumption_that_cannot_be_is_refused(kai, name, new, reason, error):
    with pytest.raises(error):
        override(kai, None, name, new, reason, None)
    assert value(kai, None, "dwelling_area") == 92.0


def test_every_assumption_says_where_it_comes_from():
    for one in defaults().values():
        assert all((one.title.de, one.title.en, one.unit, one.source.de, one.source.en))
        assert one.least < one.value < one.most


@pytest.fixture
def page(kai, where):
    planned(kai)
    kai.add(planner())
    kai.commit()
    return as_planner(create_app(DATABASE=where))


def test_the_page_tells_differences_in_words(page):
    found = page.get("/api/scenarios/1/differences").json
    assert [(one["title"], one["kind"]) for one in found] == [
        ("Eiche", "new"),
        ("Wohnen", "changed"),
        ("Gebäude", "gone"),
    ]
    height = found[1]["fields"][-1]
    assert (height["title"], height["before"], height["after"], height["unit"]) == ("Höhe", "4", "30", "m")
    assert 8.99 < found[1]["bounds"][0] < 9.01
    assert page.get("/api/scenarios/1/differences?with=1").json == []
    assert page.get("/api/scenarios/1/differences?with=x").status_code == 400
    assert page.get("/api/scenarios/1/differences?with=99").status_code == 404


def test_the_page_counts_with_the_assumptions_beside_each_figure(page):
    figures = {one["name"]: one for one in page.get("/api/scenarios/1/counters").json}
    assert (figures["people"]["title"], figures["people"]["before"], figures["people"]["after"]) == ("Menschen", 0, 14)
    assert "Personen je Wohnung" in {one["title"] for one in figures["people"]["assumptions"]}
    drawn = {
        "geometry": geojson(at(200, 0, 20, 10)),
        "properties": {"use": "residential", "form": {"storeys": 4, "storey_height": 3, "roof": "flat"}},
    }
    live = {one["name"]: one["after"] for one in page.post("/api/scenarios/1/counters", json=drawn).json}
    assert live["floor_area"] == pytest.approx(800, abs=0.5)
    assert live["volume"] == pytest.approx(2400, abs=1.5)
    assert live["dwellings"] == 7
    assert page.post("/api/scenarios/1/counters", json={}).status_code == 422
    assert page.post("/api/scenarios/1/counters", json={"properties": 7}).status_code == 400


def test_assumptions_are_read_and_set_over_http(page):
    names = {one["name"]: one for one in page.get("/api/projects/1/assumptions").json}
    assert (names["dwelling_area"]["value"], names["dwelling_area"]["set_for"]) == (92.0, "default")
    sent = {"value": 60, "reason": "Kleine Wohnungen"}
    assert page.put("/api/projects/1/assumptions/dwelling_area", json=sent).json["value"] == 60
    figures = {one["name"]: one for one in page.get("/api/scenarios/1/counters").json}
    assert figures["dwellings"]["after"] == 10
    assert page.put("/api/assumptions/dwelling_area", json={"value": 1, "reason": "x"}).status_code == 422
    assert page.put("/api/assumptions/luck", json={"value": 1, "reason": "Glück"}).status_code == 404
    assert page.get("/api/projects/9/assumptions").status_code == 404
    assert page.put("/api/projects/1/assumptions/dwelling_area", json={"value": None}).json["value"] == 92.0


def test_the_page_of_differences_lists_them_with_what_they_add_up_to(page):
    text = page.get("/scenarios/1/differences").text
    assert "Eiche" in text
    assert "Geschossfläche" in text
    assert text.count('class="badge state-new"') >= 2  # in the sum and in the list
    beside = page.get("/scenarios/1/differences?with=2&lang=en").text
    assert "Flach" in beside
    assert page.get("/scenarios/1/differences?with=1").text.count("Kein Unterschied.") == 1
    assert page.get("/scenarios/1/differences?with=99").status_code == 404
    assert page.get("/scenarios/1/differences?with=<b>").status_code == 400


def test_the_comparison_is_chosen_by_form_and_each_side_knows_the_other(page):
    answer = page.get("/compare?scenario=1&with=2&lang=en")
    assert answer.status_code == 303
    assert answer.location == "/scenarios/1/differences?lang=en&with=2"
    after = page.get("/scenarios/1?embedded&side=after&with=2")
    assert "/tiles/2/buildings/{z}/{x}/{y}" in after.text
    assert "/api/scenarios/1/differences?with=2" in after.text
    assert "/api/scenarios/1/differences?with=0" in page.get("/scenarios/0?embedded&side=before&with=1").text
    assert "frame-ancestors 'self'" in after.headers["Content-Security-Policy"]
    for path, status in (
        ("/compare?scenario=x", 400), ("/compare?scenario=1&with=99", 404), ("/compare?scenario=99", 404),
        ("/scenarios/1?embedded&side=above", 404), ("/scenarios/1?embedded&side=after&with=99", 404),
        ("/scenarios/1?embedded&side=after&with=%00", 400),
    ):  # fmt: skip
        assert page.get(path).status_code == status, path
