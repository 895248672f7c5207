"""After a change: what is drawn anew, and what a large city need not find again, on both kinds of store."""

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from layers.buildings import Building
from tests.hamlet import at, settle
from tests.test_pages import numbers_of, tile, unpacked
from twin.feature import Scenario
from web import create_app

WHERE = "/tiles/{}/buildings/16/{}/{}"


@pytest.fixture
def page(store, where):
    with Session(store) as db:
        settle(db)
        db.add(Scenario(id=1, title="Ohne Schuppen", state="published"))
        db.commit()
    return create_app(DATABASE=where).test_client()


def clear(store, uid, version=1):
    with Session(store) as db:
        db.add(Building(uid=uid, scenario_id=1, gone=True, version=version, shape=at(0, 0)))
        db.commit()


def counted(page, scenario):
    return {one["name"]: one["count"] for one in page.get(f"/api/scenarios/{scenario}/layers").json}["buildings"]


def test_a_cleared_shed_is_drawn_no_more_and_today_stays_as_it_was(page, store):
    planned, today = (WHERE.format(id, *numbers_of(16)) for id in (1, 0))
    seen = {address: page.get(address).headers["ETag"] for address in (planned, today)}
    clear(store, "shed-0")
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
    clear(store, "shed-0")
    assert page.get(address).headers["Cache-Control"] == "no-cache"


def test_the_list_of_layers_counts_what_the_scenario_adds_and_takes_away(page, store):
    before = counted(page, 1)
    clear(store, "shed-0")
    assert counted(page, 1) == before - 1
    with Session(store) as db:
        db.add(Building(uid="tower", scenario_id=1, version=1, height=40.0, shape=at(0, 60)))
        db.add(Building(uid="shed-1", scenario_id=1, version=1, height=9.0, shape=at(20, 0)))
        db.commit()
    assert counted(page, 1) == before
    assert counted(page, 0) == before


def test_after_a_change_no_question_of_a_tile_goes_through_the_whole_city(page, store):
    address = "/tiles/1/land/16/{}/{}".format(*numbers_of(16))
    page.get(address)
    clear(store, "shed-0")
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
    with Session(store) as db:
        db.add(Building(uid="tower", scenario_id=1, version=1, height=80.0, shape=at(0, 60)))
        db.commit()
    after = page.get(asked).json["classes"]
    assert [one["label"] for one in after] == [one["label"] for one in before]
    assert [one["color"] for one in after] == [one["color"] for one in before]
    assert sum(one["count"] for one in after) == sum(one["count"] for one in before) + 1
