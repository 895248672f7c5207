"""A project that comes as a file: the three futures of the sample town's closed factory."""

import json

import pytest
from click.testing import CliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from sample_city import town
from sample_city.deliver import project
from scenarios.bringing import bring_project, read_project
from scenarios.changes import undo
from scenarios.comparing import differences
from scenarios.participation.allowed import permitted
from scenarios.participation.moderating import STATES, STATUS, beside
from scenarios.participation.tables import Contribution, Participation
from scenarios.project import Membership, Person, Project
from twin.city import city_of
from twin.errors import BadFile
from twin.feature import TODAY, Scenario
from web.cli import main


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """As `twin sample` writes it."""
    folder = tmp_path_factory.mktemp("sample")
    grown = town.grow(3000, 1, lambda words: None)
    project.write(grown, folder)
    return read_project(folder / project.FILE)


def test_a_small_town_has_no_factory_and_no_designs_for_it(tmp_path):
    project.write(town.grow(50, 1, lambda words: None), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_each_design_is_a_scenario_that_differs_from_today(db, merlenburg, told):
    ada = Person(login="ada", name="Ada")
    db.add(ada)
    db.flush()
    made = bring_project(db, _without_lines(told), ada)
    scenarios = db.scalars(select(Scenario).where(Scenario.project_id == made.id)).all()
    assert len(scenarios) == 3
    assert {one.state for one in scenarios} == {"published"}
    assert all(len([d for d in differences(db, TODAY, one.id) if d.kind == "new"]) > 50 for one in scenarios)
    assert db.scalar(select(Membership.role)) == "planner"
    assert made.area.area > 10_000


def test_the_town_is_in_the_middle_of_asking_its_citizens(db, merlenburg, told):
    made = bring_project(db, _without_lines(told))
    session = db.scalar(select(Participation).where(Participation.project_id == made.id))
    said = db.scalars(select(Contribution).order_by(Contribution.number)).all()
    assert len(said) >= 60 and permitted(None, "contribute", session)
    assert {one.state for one in said} == set(STATES)
    assert {one.status for one in said} == set(STATUS)
    assert sum(one.shape is not None for one in said) > 35
    assert max(beside(db, session).agree.values()) == 83
    assert any(one.change_step for one in said)
    assert len({one.text for one in said}) == len(said)


def test_a_design_can_be_taken_back_like_any_plan(db, merlenburg, told):
    bring_project(db, _without_lines(told))
    housing = db.scalar(select(Scenario).where(Scenario.title == told["designs"][0]["title"]["de"]))
    housing.state = "draft"
    undo(db, housing, None)
    assert differences(db, TODAY, housing.id) == []


@pytest.fixture
def merlenburg(db):
    """Nothing but where the sample town lies."""
    city = city_of(db)
    city.longitude, city.latitude = town.LONGITUDE, town.LATITUDE
    db.commit()


def _without_lines(told):
    """Without a town there are no stops to drive to."""
    return {**told, "designs": [{**design, "lines": []} for design in told["designs"]]}


def test_what_is_no_project_is_refused_and_nothing_is_made(where, store, told, tmp_path):
    path = tmp_path / "wrong.twin"
    half = {**told, "designs": [_without_lines(told)["designs"][0], {"title": {"de": "?", "en": "?"}}]}
    for text in ("", "[]", "{", '{"project": "P", "designs": []}', '{"project": 7, "designs": [1]}', json.dumps(half)):
        path.write_text(text)
        answer = CliRunner().invoke(main, ["plan", str(path), "--into", where])
        assert answer.exit_code == 1, answer.output
        assert answer.output.startswith("Error: ")
    with pytest.raises(BadFile):
        read_project(tmp_path / "none.twin")
    with Session(store) as db:
        assert db.scalars(select(Project)).all() == []
