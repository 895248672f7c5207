"""After a change: what is drawn anew, and what a large city need not find again, on both kinds of store."""

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from tests.hamlet import as_planner, at, change, planner, settle
from tests.test_pages import numbers_of, tile, unpacked
from twin.feature import Scenario
from web import create_app

WHERE = "/tiles/{}/buildings/16/{}/{}"


@pytest.fixture
def page(store, where):
    with Session(store) as db:
        settle(db)
        db.add_all([planner(), Scenario(id=1, title="Ohne Schuppen")])
        db.commit()
    return as_planner(create_app(DATABASE=where))


def counted(page, scenario):
    return {one["name"]: one["count"] for one in page.get(f"/api/scenarios/{scenario}/layers").json}["buildings"]


def test_a_cleared_shed_is_drawn_no_more_and_today_stays_as_it_was(page, store):
    planned, today = (WHERE.format(id, *numbers_of(16)) for id in (1, 0))
    seen = {address: page.get(address).headers["ETag"] for address in (planned, today)}
    change(store, "clear", "shed-0")
    answer = page.get(planned, headers={"If-None-Match": seen[planned]})
    assert answer.status_code == 200
    assert "shed-0" not in unpacked(answer)["uids"]
    assert page.get(today, headers={"If-None-Match": seen[today]}).status_code == 304
    assert "shed-0" in tile(page, "buildings", 16)["uids"]


def test_a_tile_that_was_asked_for_before_a_change_is_not_kept_for_ever_under_its_old_address(page, store):
    scene = page.get("/scenarios/1").text
    mark = scene.split("/buildings/{z}/{x}/{y}?v=")[1].split("\\")[0]
    address = WHERE.format(1, *numbers_of(16)) + f"?v={mark}"
    assert "immutable" in page.get(address).headers["Cache-Control"]
    change(store, "clear", "shed-0")
    assert "immutable" not in page.get(address).headers["Cache-Control"]


def test_the_list_of_layers_counts_what_the_scenario_adds_and_takes_away(page, store):
    before = counted(page, 1)
    change(store, "clear", "shed-0")
    assert counted(page, 1) == before - 1
    change(store, "place", "tower", seen=None, height=40.0, shape=at(0, 60))
    change(store, "place", "shed-1", height=9.0)
    assert counted(page, 1) == before
    assert counted(page, 0) == before


def test_after_a_change_no_question_of_a_tile_goes_through_the_whole_city(page, store):
    address = "/tiles/1/land/16/{}/{}".format(*numbers_of(16))
    page.get(address)
    change(store, "clear", "shed-0")
    engine = page.application.extensions["twin_engine"]
    asked = []
    event.listen(engine, "before_cursor_execute", lambda *all: asked.append((all[2], all[3])))
    page.get(address)
    city_wide = [sql for sql, given in asked if "count(" in sql and "JOIN" not in sql and "FROM source" not in sql
                 and not _names_scenario(given, 1)]  # fmt: skip
    assert asked
    assert city_wide == []


def _names_scenario(given, id):
    return id in (given.values() if isinstance(given, dict) else given)


def test_a_colour_means_the_same_before_and_after_a_change(page, store):
    asked = "/api/scenarios/1/buildings/colours?field=height"
    before = page.get(asked).json["classes"]
    change(store, "place", "tower", seen=None, height=80.0, shape=at(0, 60))
    after = page.get(asked).json["classes"]
    assert [one["label"] for one in after] == [one["label"] for one in before]
    assert [one["color"] for one in after] == [one["color"] for one in before]
    assert sum(one["count"] for one in after) == sum(one["count"] for one in before) + 1
