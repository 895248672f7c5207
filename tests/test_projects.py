"""Projects: who may do what in them, and what becomes of their scenarios."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from layers.brought import bring
from layers.buildings import Building
from layers.trees import Tree
from scenarios import accounts, projects
from scenarios.permissions import MAY, may
from scenarios.planned import planned
from scenarios.project import Membership, Person
from tests.conftest import square
from tests.hamlet import at
from twin.errors import BadShape, BadValue, NotAllowed
from twin.feature import Scenario

# Written down a second time, on purpose: what each may do with today, a draft, a published and an archived scenario.
ALL = "see comment edit publish manage moderate administer"
PLANS = "see comment edit publish manage"
OPEN, ALL_OPEN = PLANS.replace(" edit", ""), ALL.replace(" edit", "")  # what is published is not edited
DONE = {
    "stranger": ("see", "", "see", ""),
    "outsider": ("see", "", "see", ""),
    "viewer": ("see", "see comment", "see comment", "see"),
    "moderator": ("see", "see comment moderate", "see comment moderate", "see"),
    "planner": ("see", PLANS, OPEN, "see manage"),
    "administrator": ("see", ALL, ALL_OPEN, "see manage administer"),
    "gone": ("see", "", "see", ""),
}
STATES = ("today", "draft", "published", "archived")


def somebody(db, login, **rights):
    person = Person(login=login, name=login.title(), is_active=True, **rights)
    db.add(person)
    db.flush()
    return person


@pytest.fixture
def people(db):
    """One of each kind; `gone` was a planner and is deactivated. The project is ada's."""
    found = {name: somebody(db, name) for name in DONE if name not in ("stranger", "administrator")}
    found["administrator"] = somebody(db, "ada", is_administrator=True)
    found["project"] = projects.make_project(db, found["administrator"], "Alte Fabrik", "Was wird daraus?")
    for name in ("viewer", "moderator", "planner"):
        projects.set_member(db, found["administrator"], found["project"], found[name], name)
    projects.set_member(db, found["administrator"], found["project"], found["gone"], "planner")
    accounts.deactivate(db, found["gone"])
    db.commit()
    return found


@pytest.fixture
def fabrik(people):
    return people["project"]


@pytest.fixture
def wohnen(db, people, fabrik):
    return projects.make_scenario(db, people["planner"], fabrik, "Wohnen", "Häuser statt Hallen")


def scenario_in(db, state, wohnen):
    if state == "today":
        return db.get(Scenario, 0)
    wohnen.state = state
    return wohnen


def test_everyone_may_do_what_the_table_says_and_nothing_else(db, people, wohnen):
    for state in STATES:
        scenario = scenario_in(db, state, wohnen)
        for who, rights in DONE.items():
            allowed = {verb for verb in MAY["administrator"] if may(people.get(who), verb, None, scenario)}
            assert allowed == set(rights[STATES.index(state)].split()), (who, state)


def test_a_member_of_one_project_is_nobody_in_another(db, people):
    other = projects.make_project(db, people["administrator"], "Bahnhof")
    scenario = projects.make_scenario(db, people["administrator"], other, "Parkhaus")
    for who in ("viewer", "moderator", "planner"):
        assert not may(people[who], "see", None, scenario)
        assert not may(people[who], "see", other)


def test_a_project_is_seen_by_all_as_soon_as_something_in_it_is_published(db, people, fabrik, wohnen):
    assert not may(None, "see", fabrik)
    projects.publish(people["planner"], wohnen)
    db.flush()
    assert may(None, "see", fabrik)
    assert not may(None, "comment", fabrik)


def test_in_an_archived_project_nothing_is_edited_until_it_is_taken_back(db, people, fabrik, wohnen):
    planner = people["planner"]
    projects.publish(planner, wohnen)
    projects.archive_project(planner, fabrik)
    assert not may(planner, "edit", None, wohnen)
    assert may(None, "see", None, wohnen)  # links in council papers go on working
    projects.reopen_project(planner, fabrik)
    projects.withdraw(planner, wohnen)
    assert may(planner, "edit", None, wohnen)


def test_who_plans_somewhere_may_make_projects_and_plans_in_them(db, people):
    for who in ("outsider", "viewer", "moderator"):
        with pytest.raises(NotAllowed):
            projects.make_project(db, people[who], "Hafen")
    harbour = projects.make_project(db, people["planner"], "  Hafen \n Ost ", "Kai\r\nund Kran ")
    assert (harbour.title, harbour.brief) == ("Hafen Ost", "Kai\nund Kran")
    assert may(people["planner"], "manage", harbour)


def test_a_title_that_cannot_be_is_refused_with_its_length(db, people, fabrik):
    for title in ("", "   ", "x" * 121):
        with pytest.raises(BadValue, match="1 to 120 letters"):
            projects.make_scenario(db, people["planner"], fabrik, title)
    with pytest.raises(BadValue, match="up to 4000"):
        projects.describe(people["planner"], fabrik, "Fabrik", "x" * 4001)


def test_the_last_planner_of_a_project_stays(db, people, fabrik):
    projects.set_member(db, people["planner"], fabrik, people["administrator"], None)
    projects.set_member(db, people["planner"], fabrik, people["gone"], None)
    with pytest.raises(BadValue, match="somebody else"):
        projects.set_member(db, people["planner"], fabrik, people["planner"], "viewer")
    projects.set_member(db, people["planner"], fabrik, people["viewer"], "planner")
    projects.set_member(db, people["planner"], fabrik, people["planner"], "viewer")
    assert {person.login: role for person, role in projects.members(db, fabrik)} == {
        "viewer": "planner", "moderator": "moderator", "planner": "viewer",
    }  # fmt: skip


def test_only_a_role_that_there_is_can_be_given(db, people, fabrik):
    with pytest.raises(BadValue, match="no role king"):
        projects.set_member(db, people["planner"], fabrik, people["viewer"], "king")


def planned_city(db, scenario):
    """Every row of every layer as this scenario shows it, without what is the row's own."""
    layer_rows = {}
    for layer in (Building, Tree):
        view = planned(layer)
        rows = db.execute(select(view).where(view.c.scenario_id == scenario.id).order_by(view.c.uid))
        own = ("fid", "scenario_id", "scenario")
        layer_rows[layer] = [{k: v for k, v in row._mapping.items() if k not in own} for row in rows]
    return layer_rows


def test_a_fork_shows_the_same_city_and_goes_its_own_way(store, people_of, db):
    planner, fabrik = people_of
    db.add_all(Building(uid=f"shed-{i}", height=9.0, shape=square(20 * i)) for i in range(3))
    wohnen = projects.make_scenario(db, planner, fabrik, "Wohnen")
    db.add(Building(uid="shed-0", scenario_id=wohnen.id, height=30.0, version=4, shape=square(0)))
    db.add(Building(uid="shed-1", scenario_id=wohnen.id, gone=True, version=2, shape=square(20)))
    db.add(Tree(uid="oak", scenario_id=wohnen.id, species="Eiche", shape=square(50).centroid))
    benches = bring(db, "benches", "Bänke", {"seats": ("Sitze", "int")})
    db.flush()
    db.add(benches(uid="b1", scenario_id=wohnen.id, seats=3, shape=square(70).centroid))
    db.commit()
    campus = projects.fork(db, planner, wohnen, "Campus")
    db.commit()
    assert (campus.parent_id, campus.state, campus.description) == (wohnen.id, "draft", wohnen.description)
    assert planned_city(db, campus) == planned_city(db, wohnen)
    assert [row.seats for row in db.scalars(select(benches).where(benches.scenario_id == campus.id))] == [3]
    db.scalar(select(Building).where(Building.scenario_id == campus.id, Building.uid == "shed-0")).height = 12.0
    db.commit()
    with Session(store) as other:
        heights = {row["uid"]: row["height"] for row in planned_city(other, wohnen)[Building]}
    assert heights == {"shed-0": 30.0, "shed-2": 9.0}


@pytest.fixture
def people_of(people, fabrik):
    return people["planner"], fabrik


def test_a_fork_of_a_published_scenario_is_a_draft(db, people, wohnen):
    projects.publish(people["planner"], wohnen)
    assert wohnen.published_at
    assert not may(None, "see", None, projects.fork(db, people["planner"], wohnen, "Wohnen, dichter"))


def test_who_does_not_plan_changes_no_scenario(db, people, fabrik, wohnen):
    for person in (people[who] for who in ("outsider", "viewer", "moderator", "gone")):
        refuses_all(db, person, fabrik, wohnen)
    assert (wohnen.title, wohnen.state, fabrik.title, fabrik.area) == ("Wohnen", "draft", "Alte Fabrik", None)


def refuses_all(db, person, fabrik, wohnen):
    for deed in (
        lambda: projects.rename(person, wohnen, "Meins", ""),
        lambda: projects.publish(person, wohnen),
        lambda: projects.withdraw(person, wohnen),
        lambda: projects.archive(person, wohnen),
        lambda: projects.unarchive(person, wohnen),
        lambda: projects.fork(db, person, wohnen, "Meins"),
        lambda: projects.make_scenario(db, person, fabrik, "Meins"),
        lambda: projects.describe(person, fabrik, "Meins", ""),
        lambda: projects.set_area(person, fabrik, at(0, 0)),
        lambda: projects.archive_project(person, fabrik),
        lambda: projects.set_member(db, person, fabrik, person, "planner"),
    ):
        with pytest.raises(NotAllowed):
            deed()


def test_nobody_forks_or_publishes_today(db, people):
    today = db.get(Scenario, 0)
    for deed in (projects.publish, projects.withdraw, projects.archive):
        with pytest.raises(NotAllowed, match="Today"):
            deed(people["administrator"], today)


def test_an_archived_scenario_comes_back_as_a_draft(db, people, wohnen):
    projects.publish(people["planner"], wohnen)
    projects.archive(people["planner"], wohnen)
    assert not may(None, "see", None, wohnen)
    with pytest.raises(NotAllowed, match="Take it back"):
        projects.publish(people["planner"], wohnen)
    projects.unarchive(people["planner"], wohnen)
    assert wohnen.state == "draft"


def test_an_area_that_crosses_itself_or_is_a_country_is_refused(db, people, fabrik):
    bow = at(0, 0).exterior.coords
    with pytest.raises(BadShape, match="cross"):
        projects.set_area(people["planner"], fabrik, type(at(0, 0))([bow[0], bow[2], bow[1], bow[3]]))
    with pytest.raises(BadShape, match="surface"):
        projects.set_area(people["planner"], fabrik, at(0, 0).exterior)
    with pytest.raises(BadShape, match="too large"):
        projects.set_area(people["planner"], fabrik, at(0, 0).buffer(100_000))
    projects.set_area(people["planner"], fabrik, at(0, 0))
    db.commit()
    db.expire_all()
    assert fabrik.area.equals(at(0, 0))


def test_a_person_who_leaves_may_stay_in_the_diary_without_a_name(db, people, fabrik):
    planner = people["planner"]
    accounts.pseudonymise(db, planner)
    db.commit()
    assert (planner.login, planner.name) == (f"former-{planner.id}", f"Ehemalige Person {planner.id}")
    assert not db.scalar(select(Membership.id).where(Membership.person_id == planner.id))
    assert not may(planner, "see", fabrik)


def test_the_last_administrator_stays(db, people):
    for deed in (
        accounts.deactivate,
        accounts.pseudonymise,
        lambda db, one: accounts.set_administrator(db, one, False),
    ):
        with pytest.raises(BadValue, match="last administrator"):
            deed(db, people["administrator"])
    accounts.set_administrator(db, people["planner"], True)
    db.flush()
    accounts.deactivate(db, people["administrator"])
    assert not people["administrator"].is_active
