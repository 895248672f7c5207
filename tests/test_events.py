"""What one planner does, the others on the project hear of within a second."""

import json
import time
from itertools import islice

import pytest
from sqlalchemy.orm import Session

from layers.buildings import Building
from scenarios.changes import clear, place, step, undo
from scenarios.project import Person, Project
from tests.hamlet import as_planner, at, planner, settle
from twin.feature import Scenario
from web import create_app, events


@pytest.fixture
def project(store):
    with Session(store) as db:
        settle(db)
        db.add_all(
            [
                Project(id=1, title="Kai 2040"),
                Project(id=2, title="Markt"),
                Person(id=1, login="ada", name="Ada"),
                planner(),
            ]
        )
        db.flush()
        db.add_all([Scenario(id=1, title="Hoch", project_id=1), Scenario(id=2, title="Flach", project_id=2)])
        db.commit()


@pytest.fixture
def page(project, where):
    return as_planner(create_app(DATABASE=where))


def raised(store, height, scenario=1, seen=0):
    with Session(store) as db:
        with step(db, db.get(Scenario, scenario), db.get(Person, 1), "height") as raising:
            done = place(raising, Building, "house", None, {"height": height}, seen=seen)
        db.commit()
    return done


def heard(stream, kind="change"):
    """The next event, as a browser reads it."""
    for text in islice(stream, 5):  # a heartbeat is none
        lines = dict(line.split(": ", 1) for line in text.decode().strip().split("\n") if line[0] != ":")
        if lines.get("event") == kind:
            return int(lines["id"]), json.loads(lines["data"])
    return pytest.fail("nothing was heard")


def listening(page, address="/api/projects/1/events", **headers):
    answer = page.get(address, headers=headers)
    assert (answer.status_code, answer.mimetype) == (200, "text/event-stream")
    stream = iter(answer.response)
    assert next(stream).decode().startswith("retry:")
    return stream


def test_a_change_is_heard_within_a_second(page, store):
    stream = listening(page)
    raised(store, 30.0, scenario=2)  # of another project
    began = time.monotonic()
    done = raised(store, 20.0)
    number, event = heard(stream)
    assert time.monotonic() - began < 1
    assert number == event["change"] == done.change
    assert (event["scenario"], event["layer"], event["uid"], event["version"]) == (1, "buildings", "house", 1)
    assert (event["by"], event["what"], event["verb"]) == ("Ada", "height", "place")
    west, south, east, north = event["bounds"]
    assert 8.99 < west < east < 9.01
    assert 53.5 < south < north < 53.6


def test_who_was_away_hears_what_they_missed(page, store):
    first = raised(store, 20.0)
    second = raised(store, 21.0, seen=1)
    stream = listening(page, **{"Last-Event-ID": str(first.change)})
    assert heard(stream)[0] == second.change
    third = raised(store, 22.0, seen=2)
    assert heard(stream)[0] == third.change
    again = listening(page, f"/api/projects/1/events?after={second.change}")
    assert heard(again)[0] == third.change


def test_a_large_step_is_told_as_one(page, store):
    stream = listening(page)
    with Session(store) as db:
        with step(db, db.get(Scenario, 1), None, "row") as building:
            for i in range(30):
                place(building, Building, None, at(20 * i, 100), {"height": 3.0}, seen=None)
            clear(building, Building, "shed-1", seen=0)
        db.commit()
        undo(db, db.get(Scenario, 1), None)
        db.commit()
    first = heard(stream)[1]
    assert (first["things"], first["uid"], first["what"], first["by"]) == (31, None, "row", None)
    assert heard(stream)[1]["what"] == "undo"


def test_who_missed_too_much_loads_everything_anew(page, store, monkeypatch):
    monkeypatch.setattr(events, "MOST_AT_ONCE", 2)
    for i in range(3):
        raised(store, 20.0 + i, seen=i)
    stream = listening(page, "/api/projects/1/events?after=0")
    assert heard(stream, "reload")


def test_a_crowd_is_asked_to_come_again(page, monkeypatch):
    monkeypatch.setattr(events, "MOST_LISTENERS", 1)
    first = listening(page)
    refused = page.get("/api/projects/1/events")
    assert (refused.status_code, "zu viele" in refused.json["error"]) == (503, True)
    first.close()
    listening(page)


@pytest.mark.parametrize(("address", "status"), [("9/events", 404), ("1/events?after=x", 400)])
def test_a_project_that_is_not_there_tells_nothing(page, address, status):
    answer = page.get(f"/api/projects/{address}")
    assert (answer.status_code, answer.json["error"][-1]) == (status, ".")
