"""Planning: place, clear and restore; and all the ways back."""

import datetime as dt

import pytest
import shapely
from shapely import affinity
from shapely.geometry import LineString, MultiPoint, Point, Polygon
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from layers.buildings import Building
from layers.streets import Street
from layers.trees import Tree
from scenarios.changes import clear, place, redo, restore, return_to, step, undo
from scenarios.diary import Change
from scenarios.planned import planned
from scenarios.project import Person, Project
from tests.conftest import square
from tests.hamlet import at, settle
from tests.test_load import bring_in, feature, outline, write
from twin.errors import BadField, BadShape, Closed, NotFound, Overtaken
from twin.feature import Scenario
from twin.store import open_store


def person(db, login):
    found = db.scalar(select(Person).where(Person.login == login))
    if found is None:
        found = Person(login=login, name=login.capitalize())
        db.add(found)
        db.flush()
    return found


@pytest.fixture
def ada(db):
    return person(db, "ada")


@pytest.fixture
def bo(db):
    return person(db, "bo")


def do(db, scenario, who, verb, *args, **kwargs):
    with step(db, scenario, who, "edit") as now:
        return verb(now, *args, **kwargs)


def heights(db, scenario=1):
    view = planned(Building)
    found = select(view.c.uid, view.c.height).where(view.c.scenario_id == scenario)
    return dict(db.execute(found).all())


TODAY = {f"shed-{i}": 9.0 for i in range(5)}


def test_a_shed_is_raised_and_today_stays_as_it_is(db, quay, ada):
    done = do(db, quay, ada, place, Building, "shed-1", None, {"height": 30.0}, seen=0)
    assert heights(db) == {**TODAY, "shed-1": 30.0}
    assert heights(db, 0) == TODAY
    assert (done.version, done.uid, done.bounds) == (1, "shed-1", square(20).bounds)


def test_a_new_shed_gets_an_id_of_its_own(db, quay, ada):
    done = do(db, quay, ada, place, Building, None, square(200), {"height": 4.0, "use": "storage"}, seen=None)
    assert heights(db) == {**TODAY, done.uid: 4.0}


def test_a_cleared_shed_comes_back_when_restored(db, quay, ada):
    do(db, quay, ada, clear, Building, "shed-3", seen=0)
    assert "shed-3" not in heights(db)
    do(db, quay, ada, restore, Building, "shed-3", seen=1)
    assert heights(db) == TODAY


def test_what_only_the_scenario_had_is_cleared_for_good(db, quay, ada):
    new = do(db, quay, ada, place, Building, None, square(200), {"height": 4.0}, seen=None)
    do(db, quay, ada, clear, Building, new.uid, seen=new.version)
    assert heights(db) == TODAY
    with pytest.raises(Overtaken, match="Ada cleared this"):
        do(db, quay, ada, place, Building, new.uid, None, {"height": 5.0}, seen=new.version)
    undo(db, quay, ada)
    assert heights(db)[new.uid] == 4.0
    with pytest.raises(NotFound, match="does not stand there today"):
        do(db, quay, ada, restore, Building, new.uid, seen=None)


def test_of_two_planners_on_one_shed_the_second_is_told(db, quay, ada, bo):
    do(db, quay, ada, place, Building, "shed-1", None, {"height": 30.0}, seen=0)
    with pytest.raises(Overtaken, match="Ada changed this") as told:
        do(db, quay, bo, place, Building, "shed-1", None, {"height": 12.0}, seen=0)
    assert (told.value.by, told.value.uid, told.value.layer) == ("Ada", "shed-1", "buildings")
    assert isinstance(told.value.at, dt.datetime)
    assert heights(db)["shed-1"] == 30.0


@pytest.mark.parametrize("verb", [clear, restore])
def test_who_has_not_seen_the_newest_form_cannot_take_it_away(db, quay, ada, verb):
    do(db, quay, ada, place, Building, "shed-1", None, {"height": 30.0}, seen=0)
    do(db, quay, ada, place, Building, "shed-1", None, {"height": 31.0}, seen=1)
    with pytest.raises(Overtaken):
        do(db, quay, ada, verb, Building, "shed-1", seen=1)
    assert heights(db)["shed-1"] == 31.0


def test_a_cleared_shed_cannot_be_edited(db, quay, ada):
    do(db, quay, ada, clear, Building, "shed-1", seen=0)
    for seen in (0, 1, None):
        with pytest.raises(Overtaken, match="Ada cleared this"):
            do(db, quay, ada, place, Building, "shed-1", None, {"height": 12.0}, seen=seen)


def test_what_never_stood_there_cannot_be_edited(db, quay, ada):
    for verb, args in ((place, (square(0), {})), (clear, ()), (restore, ())):
        with pytest.raises(NotFound):
            do(db, quay, ada, verb, Building, "castle", *args, seen=3)


def test_a_version_number_always_means_the_same_form(db, quay, ada, bo):
    """Ada has seen 30 m; Bo takes it back and makes something else of it: her version must not fit by chance."""
    seen = do(db, quay, bo, place, Building, "shed-1", None, {"height": 30.0}, seen=0)
    undo(db, quay, bo)
    now = do(db, quay, bo, place, Building, "shed-1", None, {"height": 5.0}, seen=0)
    assert now.version > seen.version
    with pytest.raises(Overtaken):
        do(db, quay, ada, place, Building, "shed-1", None, {"height": 31.0}, seen=seen.version)


def test_steps_are_undone_and_redone_one_after_the_other(db, quay, ada):
    for height in (10.0, 20.0, 30.0):
        do(db, quay, ada, place, Building, "shed-1", None, {"height": height}, seen=version(db, "shed-1"))
    seen = []
    for back in (undo, undo, redo, undo, undo, redo, redo, redo):
        back(db, quay, ada)
        seen.append(heights(db)["shed-1"])
    assert seen == [20.0, 10.0, 20.0, 10.0, 9.0, 10.0, 20.0, 30.0]
    with pytest.raises(NotFound, match="nothing to redo"):
        redo(db, quay, ada)


def version(db, uid, scenario=1):
    view = planned(Building)
    return db.scalar(select(view.c.version).where(view.c.scenario_id == scenario, view.c.uid == uid))


def test_after_something_new_nothing_old_is_redone(db, quay, ada):
    do(db, quay, ada, place, Building, "shed-1", None, {"height": 10.0}, seen=0)
    undo(db, quay, ada)
    do(db, quay, ada, place, Building, "shed-2", None, {"height": 20.0}, seen=0)
    with pytest.raises(NotFound):
        redo(db, quay, ada)
    undo(db, quay, ada)
    with pytest.raises(NotFound, match="nothing to undo"):
        undo(db, quay, ada)
    assert heights(db) == TODAY


def test_each_planner_undoes_their_own(db, quay, ada, bo):
    do(db, quay, ada, place, Building, "shed-1", None, {"height": 30.0}, seen=0)
    do(db, quay, bo, place, Building, "shed-2", None, {"height": 12.0}, seen=0)
    undo(db, quay, ada)
    assert heights(db) == {**TODAY, "shed-2": 12.0}


def test_what_another_has_built_upon_is_not_undone(db, quay, ada, bo):
    with step(db, quay, ada, "raise") as raising:
        place(raising, Building, "shed-1", None, {"height": 30.0}, seen=0)
        place(raising, Building, "shed-2", None, {"height": 30.0}, seen=0)
    do(db, quay, bo, place, Building, "shed-1", None, {"height": 12.0}, seen=1)
    with pytest.raises(Overtaken, match="Bo changed this"):
        undo(db, quay, ada)
    assert heights(db) == {**TODAY, "shed-1": 12.0, "shed-2": 30.0}
    undo(db, quay, bo)
    undo(db, quay, ada)
    assert heights(db) == TODAY


def test_many_things_go_into_one_step_or_none(db, quay, ada):
    with pytest.raises(BadField), step(db, quay, ada, "row") as planting:
        for i in range(3):
            place(planting, Tree, None, Point(500_000 + i, 5_930_000), {"height": 4.0}, seen=None)
        place(planting, Tree, None, Point(500_000, 5_930_000), {"height": -4.0}, seen=None)
    assert db.scalar(text("select count(*) from trees")) == 0
    assert db.scalar(text("select count(*) from change")) == 0
    with step(db, quay, ada, "row") as planting:
        for i in range(3):
            place(planting, Tree, None, Point(500_000 + i, 5_930_000), {"height": 4.0}, seen=None)
    assert len({done.uid for done in planting.changes}) == 3
    undo(db, quay, ada)
    assert db.scalar(text("select count(*) from trees")) == 0


def test_the_scenario_returns_to_any_moment_and_from_it(db, quay, ada, bo):
    first = do(db, quay, ada, place, Building, "shed-1", None, {"height": 30.0}, seen=0)
    do(db, quay, bo, clear, Building, "shed-2", seen=0)
    do(db, quay, ada, place, Building, "shed-1", None, {"height": 40.0}, seen=1)
    do(db, quay, bo, place, Building, None, square(300), {"height": 7.0}, seen=None)
    later = heights(db)
    return_to(db, quay, bo, first.change)
    assert heights(db) == {**TODAY, "shed-1": 30.0}
    return_to(db, quay, bo, 0)
    assert heights(db) == TODAY
    undo(db, quay, bo)
    undo(db, quay, bo)
    assert heights(db) == later
    with pytest.raises(NotFound, match="no change 999"):
        return_to(db, quay, ada, 999)


def test_undo_outlives_the_page(store, db, quay, ada):
    do(db, quay, ada, place, Building, "shed-1", None, {"height": 30.0}, seen=0)
    db.commit()
    with Session(store) as later:
        undo(later, later.get(Scenario, 1), person(later, "ada"))
        later.commit()
        assert heights(later) == TODAY


def test_who_did_what_stands_in_the_diary(db, quay, ada):
    with step(db, quay, ada, "height") as raising:
        place(raising, Building, "shed-1", None, {"height": 30.0}, seen=0)
        clear(raising, Building, "shed-2", seen=0)
    undo(db, quay, ada)
    lines = [(c.verb, c.what, c.uid, c.person_id, c.undoes) for c in db.scalars(select(Change).order_by(Change.id))]
    assert lines == [
        ("place", "height", "shed-1", ada.id, None),
        ("clear", "height", "shed-2", ada.id, None),
        ("restore", "undo", "shed-2", ada.id, raising.number),
        ("restore", "undo", "shed-1", ada.id, raising.number),
    ]


def test_today_is_not_planned(db, quay, ada):
    with pytest.raises(Closed, match="loaded, not planned"):
        do(db, db.get(Scenario, 0), ada, clear, Building, "shed-1", seen=0)


@pytest.mark.parametrize(("state", "words"), [("published", "Withdraw it first"), ("archived", "out of the archive")])
def test_what_is_published_or_archived_is_not_changed(db, quay, ada, state, words):
    quay.state = state
    db.commit()
    with pytest.raises(Closed, match=words):
        do(db, quay, ada, clear, Building, "shed-1", seen=0)
    with pytest.raises(Closed, match=words):
        undo(db, quay, ada)


def test_the_scenarios_of_an_archived_project_are_not_changed(db, quay, ada):
    project = Project(title="Quay", archived_at=dt.datetime(2026, 1, 1))
    db.add(project)
    db.flush()
    quay.project_id = project.id
    db.commit()
    with pytest.raises(Closed):
        do(db, quay, ada, clear, Building, "shed-1", seen=0)


BOW = Polygon([(500_000, 5_930_000), (500_010, 5_930_010), (500_010, 5_930_000), (500_000, 5_930_010)])


SHAPES = [
    (Building, BOW, "crosses itself"),
    (Building, Polygon(), "is empty"),
    (Building, square(0, side=4_000), "4000 m long"),
    (Building, square(0, side=0.1), "smaller than"),
    (Building, Point(500_000, 5_930_000), "closed outline"),
    (Building, affinity.translate(square(0), 0, 400_000), "km from the city"),
    (Building, Polygon([(500_000, 5_930_000), (500_010, float("nan")), (500_010, 5_930_010)]), "not a number"),
    (Building, Point(500_000, 5_930_000).buffer(50, quad_segs=6_000), "points"),
    (Tree, square(0), "takes a point"),
    (Tree, MultiPoint([(500_000, 5_930_000), (500_001, 5_930_000)]), "takes a point"),
    (Street, square(0), "takes a line"),
    (Street, LineString([(500_000, 5_930_000), (700_000, 5_930_000)]), "km from the city"),
    (Building, None, "needs a shape"),
]
FIELDS = [
    ({"storeys": -2}, "Storeys: -2 cannot be. Allowed: 0 to 250"),
    ({"storeys": 2.5}, "whole number"),
    ({"storeys": True}, "takes a number"),
    ({"storeys": 10**12}, "whole number"),
    ({"height": "high"}, "takes a number"),
    ({"height": float("inf")}, "takes a number"),
    ({"use": "castle"}, "not in the list of values"),
    ({"roof_type": ["3100"]}, "not in the list of values"),
    ({"colour": "red"}, "have no field “colour”"),
    ({"id": 7}, "have no field “id”"),
    ({"scenario_id": 0}, "have no field"),
    ({"name": 7}, "takes a text"),
    ({"name": "x" * 5_000}, "at most 4000"),
    ({"surfaces": "AAAA"}, "takes bytes"),
]


def test_what_cannot_be_is_refused_with_a_sentence(db, quay, ada):
    for layer, shape, words in SHAPES:
        with pytest.raises(BadShape, match=words):
            do(db, quay, ada, place, layer, None, shape, {}, seen=None)
    for fields, words in FIELDS:
        with pytest.raises(BadField, match=words):
            do(db, quay, ada, place, Building, "shed-1", None, fields, seen=0)
    assert heights(db) == TODAY
    assert db.scalar(text("select count(*) from change")) == 0


def test_what_a_planner_says_is_no_longer_estimated(db, quay, ada):
    shed = db.scalar(select(Building).where(Building.uid == "shed-1"))
    shed.estimated = "height: storeys × 3.2 m; use: from the function"
    db.commit()
    do(db, quay, ada, place, Building, "shed-1", None, {"height": 30.0, "storeys": 3}, seen=0)
    view = planned(Building)
    found = select(view.c.estimated).where(view.c.scenario_id == 1, view.c.uid == "shed-1")
    assert db.scalar(found) == "use: from the function"


@pytest.fixture
def hamlet(db):
    settle(db)
    scenario = Scenario(id=7, title="Kai 2040")
    db.add(scenario)
    db.commit()
    return scenario


def surfaces(db):
    view = planned(Building)
    return db.scalar(select(view.c.surfaces).where(view.c.scenario_id == 7, view.c.uid == "house"))


def test_the_roof_moves_and_turns_with_its_house(db, hamlet, ada):
    old = shapely.from_wkb(surfaces(db))
    turned = affinity.translate(affinity.rotate(at(0, 30, 12, 10), 30, origin=(500_000, 5_930_000)), 40, 5)
    do(db, hamlet, ada, place, Building, "house", turned, {}, seen=0)
    new = shapely.from_wkb(surfaces(db))
    expected = affinity.translate(affinity.rotate(old, 30, origin=(500_000, 5_930_000)), 40, 5)
    assert new.equals_exact(expected, tolerance=1e-6)
    assert shapely.get_coordinates(new, include_z=True)[:, 2].max() == pytest.approx(22.0)


def test_a_roof_that_no_longer_fits_is_taken_down(db, hamlet, ada):
    do(db, hamlet, ada, place, Building, "house", at(0, 30, 30, 10).union(at(0, 30, 10, 30)), {}, seen=0)
    assert surfaces(db) is None
    undo(db, hamlet, ada)
    assert surfaces(db) is not None
    do(db, hamlet, ada, place, Building, "house", None, {"name": "Altes Zollhaus"}, seen=0)
    assert surfaces(db) is not None
    do(db, hamlet, ada, place, Building, "house", None, {"height": 20.0}, seen=version(db, "house", 7))
    assert surfaces(db) is None


def delivery(folder, growth):
    rows = [feature(f"h{i}", outline(12.13 + i / 1000, 51.05), hoehe=9.5 + growth * i, geschosse=3) for i in range(3)]
    return write(folder / "gebaeude.geojson", *rows)


def test_a_newer_delivery_passes_under_what_was_planned(where, tmp_path):
    bring_in(where, delivery(tmp_path, 1))
    with Session(open_store(where)) as db:
        quay, ada = Scenario(id=1, title="Höher"), person(db, "ada")
        db.add(quay)
        db.flush()
        seen = do(db, quay, ada, place, Building, "h1", None, {"height": 30.0}, seen=0)
        do(db, quay, ada, clear, Building, "h2", seen=0)
        db.commit()
    bring_in(where, delivery(tmp_path, 2))
    with Session(open_store(where)) as db:
        quay, ada = db.get(Scenario, 1), person(db, "ada")
        assert (heights(db, 0), heights(db)) == ({"h0": 9.5, "h1": 11.5, "h2": 13.5}, {"h0": 9.5, "h1": 30.0})
        undo(db, quay, ada)
        undo(db, quay, ada)
        assert heights(db) == heights(db, 0)
        with pytest.raises(Overtaken):  # whoever saw 30 m has not seen the new delivery
            do(db, quay, ada, place, Building, "h1", None, {"height": 31.0}, seen=seen.version)
        redo(db, quay, ada)
        assert heights(db)["h1"] == 30.0
