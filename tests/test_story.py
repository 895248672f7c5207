"""The closed factory's three futures: plain data that becomes deeds in a scenario."""

import json

import pytest
import shapely
from shapely.geometry import LineString, Point, box, shape

import layers
from layers.buildings import Building
from layers.stops import Stop
from layers.streets import Street
from layers.surfaces import Surface
from layers.trees import Tree
from layers.vacancies import Vacancy
from layers.zones import Zone
from sample_city.designs import designs
from scenarios.changes import undo
from scenarios.story import deeds_of, plan
from scenarios.verbs import touching
from tests.hamlet import EAST, NORTH
from twin.feature import TODAY, Scenario

AREA = box(EAST, NORTH, EAST + 300, NORTH + 320)
HALL, LISTED = box(EAST + 30, NORTH + 30, EAST + 90, NORTH + 60), box(EAST + 140, NORTH + 40, EAST + 170, NORTH + 60)


@pytest.fixture
def factory(db):
    """A hall to be cleared, a listed one that stays, both empty; asphalt all over; four stops on the way to town."""
    db.add(Building(uid="hall", name="Shedhalle", use="industry", shape=HALL))
    db.add(Building(uid="listed", name="Siedehaus", use="industry", shape=LISTED))
    db.add(Vacancy(uid="V1", kind="hall", building="hall", shape=HALL.centroid))
    db.add(Vacancy(uid="V2", kind="hall", building="listed", shape=LISTED.centroid))
    db.add(Tree(uid="weed", shape=Point(EAST + 40, NORTH + 40)))
    db.add(Surface(uid="yard", kind="asphalt", sealed_percent=100.0, shape=AREA.buffer(20)))
    db.add(Zone(uid="GI", kind="GI", plan_kind="bplan", plan="Nr. 7", shape=AREA))
    db.add_all(Stop(uid=f"stop-{i}", name=f"Halt {i}", shape=Point(EAST, NORTH - 400 * i)) for i in range(1, 5))
    db.commit()
    return db


@pytest.fixture(params=[0, 1, 2], ids=["housing", "campus", "park"])
def told(request):
    return json.loads(json.dumps(designs(AREA, [LISTED])[request.param]))


def placed(deeds, layer):
    return [deed for deed in deeds if deed.layer == layer and deed.verb == "place"]


def test_what_is_built_keeps_to_the_area_and_apart(factory, told):
    houses = [deed.shape for deed in placed(deeds_of(factory, TODAY, told), "buildings") if deed.uid is None]
    whole = shapely.union_all([*houses, LISTED])
    assert AREA.contains(whole)
    assert whole.area == pytest.approx(sum(house.area for house in houses) + LISTED.area)
    assert len(houses) >= (0 if "park" in told["title"]["en"] else 15)


def test_the_hall_is_cleared_and_the_listed_one_gets_a_new_use(factory, told):
    deeds = deeds_of(factory, TODAY, told)
    gone = {(deed.layer, deed.uid) for deed in deeds if deed.verb == "clear"}
    assert gone >= {("buildings", "hall"), ("vacancies", "V1"), ("vacancies", "V2"), ("trees", "weed"), ("zones", "GI")}
    assert ("buildings", "listed") not in gone
    (kept,) = [deed for deed in deeds if deed.uid == "listed"]
    assert kept.fields["use"] == told["reuse"]
    uids = [(deed.layer, deed.uid) for deed in deeds if deed.uid is not None]
    assert len(uids) == len(set(uids))  # each feature is changed once in a step


def test_the_ground_is_laid_without_gaps_and_overlaps(factory, told):
    laid = [deed.shape for deed in placed(deeds_of(factory, TODAY, told), "surfaces")]
    assert sum(piece.area for piece in laid) == pytest.approx(AREA.buffer(20).area, rel=1e-3)
    assert shapely.union_all(laid, grid_size=0.01).area == pytest.approx(AREA.buffer(20).area, rel=1e-3)


def test_no_tree_stands_in_a_house(factory, told):
    deeds = deeds_of(factory, TODAY, told)
    walls = shapely.union_all([deed.shape for deed in placed(deeds, "buildings") if deed.uid is None] + [LISTED])
    trees = [deed.shape for deed in placed(deeds, "trees")]
    assert len(trees) > 100
    assert not any(walls.intersects(tree) for tree in trees)


def test_all_that_is_planned_has_fields_that_its_layer_knows(factory, told):
    for deed in deeds_of(factory, TODAY, told):
        columns = layers.BY_NAME[deed.layer].__table__.columns
        for name, value in deed.fields.items():
            codes = columns[name].info.get("codes")
            assert value is None or not codes or value in codes


def test_a_design_is_planned_in_one_step_and_taken_back_by_one_undo(factory):
    told = designs(AREA, [LISTED])[2]
    scenario = Scenario(id=1, title=told["title"]["de"])
    factory.add(scenario)
    corners = [(150, 325), (-5, 325), (-5, -1700)]  # past the park's gate, and on to the stops
    road = LineString([(EAST + x, NORTH + y) for x, y in corners])
    factory.add(Street(uid="road", kind="primary", shape=road))
    factory.commit()
    step = plan(factory, scenario, None, told)
    factory.commit()
    around = shape(told["area"]).buffer(2500)
    (line,) = touching(factory, 1, "lines", around)
    (stop,) = [stop for stop in touching(factory, 1, "stops", around) if stop["name"] == "Zuckerpark"]
    assert line["calls"].startswith(f"{stop['uid']}@0;")
    assert line["trips"] == 2 * 74
    assert line["geom"].length > 500 and road.buffer(0.1).contains(line["geom"])
    assert {change.layer for change in step.changes} >= {"buildings", "trees", "surfaces", "zones", "stops", "lines"}
    undo(factory, scenario, None)
    factory.commit()
    for layer in ("buildings", "vacancies", "trees", "surfaces", "zones", "stops", "lines"):
        assert touching(factory, 1, layer, around) == [
            {**row, "scenario_id": 1, "fid": row["fid"] + (1 << 32), "scenario": scenario.title}
            for row in touching(factory, TODAY, layer, around)
        ]
