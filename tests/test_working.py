"""Figures that take long: begun once, watched, ended, and after an edit found from what is known."""

import threading
from dataclasses import replace

import numpy as np
import pytest

from layers.buildings import Building
from scenarios.assumptions import defaults
from scenarios.changes import place, step
from scenarios.indicators import Inquiry, indicators
from scenarios.shade import scene
from scenarios.shade.kept import Kept
from tests.test_dashboard import AREA, kai  # noqa: F401
from twin.feature import Scenario
from web import create_app, working


@pytest.fixture
def slow(kai, monkeypatch):  # noqa: F811
    """The question about homes waits until the test lets it go on; `begun` counts how often it was asked."""
    monkeypatch.setattr(working, "PATIENCE", 0.0)
    one, go, begun = indicators()["daylight"], threading.Event(), []

    def answer(given):
        begun.append(given.scenario)
        while not go.wait(0.02):
            scene.work.tell(1, 2)  # an end that somebody wants is noticed here
        return one.answer(given)

    monkeypatch.setitem(indicators(), "daylight", replace(one, answer=answer))
    yield go, begun
    go.set()


def work_of(page):
    """The address at which a page looks how far its figures are."""
    return page.text.partition('data-work="')[2].partition('"')[0]


def ended(client, address):
    """How the work ended: asked again until it has."""
    job = client.application.extensions["twin_desk"].jobs[address.rpartition("/")[2]]
    assert job.over.wait(60)
    return client.get(address).json


def test_long_figures_are_begun_once_and_shown_when_they_are_there(kai, slow):  # noqa: F811
    go, begun = slow
    page = kai.get("/projects/1/figures/daylight")
    assert page.status_code == 202
    assert "Die Kennzahlen werden berechnet" in page.text
    assert work_of(kai.get("/projects/1/figures/daylight")) == work_of(page)
    told = kai.get(work_of(page)).json
    assert (told["state"], told["percent"] <= 50) == ("working", True)
    go.set()
    assert ended(kai, work_of(page))["state"] == "done"
    assert begun == [0, 1]
    shown = kai.get("/projects/1/figures/daylight")
    assert shown.status_code == 200
    assert "Wohngebäude mit mindestens 1,5 h Sonne" in shown.text
    assert begun == [0, 1]


def test_other_figures_are_answered_while_those_of_the_sun_are_computed(kai, slow):  # noqa: F811
    page = kai.get("/projects/1/figures?sun=").text
    assert "Geschossfläche (BGF)" in page
    assert "Abbrechen" in page
    assert kai.get("/projects/1/figures.pdf").status_code == 202


def test_whoever_sees_them_may_end_them_and_begin_again(kai, slow):  # noqa: F811
    go, _ = slow
    page = kai.get("/projects/1/figures/daylight")
    kai.delete(work_of(page))
    assert ended(kai, work_of(page))["state"] == "cancelled"
    told = kai.get("/projects/1/figures/daylight").text
    assert "wurde abgebrochen" in told
    assert "Neu beginnen" in told
    go.set()
    again = kai.get("/projects/1/figures/daylight?again=")
    if again.status_code == 202:
        ended(kai, work_of(again))
    assert kai.get("/projects/1/figures/daylight").status_code == 200


def test_by_form_the_same_and_a_stranger_sees_no_work_on_drafts(kai, slow, where):  # noqa: F811
    page = kai.get("/projects/1/figures/daylight")
    mark = work_of(page).rpartition("/")[2]
    stranger = create_app(DATABASE=where)
    stranger.extensions["twin_desk"] = kai.application.extensions["twin_desk"]
    assert stranger.test_client().get(work_of(page)).status_code == 404
    assert kai.get("/api/projects/1/work/nothing").status_code == 404
    form = {"token": "a-token-of-the-form", "back": "/projects/1/figures?sun="}
    answer = kai.post(f"/projects/1/work/{mark}", data=form)
    assert (answer.status_code, answer.location) == (303, "/projects/1/figures?sun=")
    answer = kai.post(f"/projects/1/work/{mark}", data={**form, "back": "https://elsewhere.example"})
    assert answer.location == "/projects/1/figures"
    assert ended(kai, work_of(page))["state"] == "cancelled"


def test_what_fails_says_so(kai, monkeypatch):  # noqa: F811
    monkeypatch.setitem(indicators(), "daylight", replace(indicators()["daylight"], answer=lambda given: 1 / 0))
    told = kai.get("/projects/1/figures/daylight").text
    assert "gescheitert" in told
    assert "Neu beginnen" in told


def test_after_one_edit_strips_alone_are_swept_again_equal_to_the_last_bit(kai, db, monkeypatch):  # noqa: F811
    def hours():
        return Inquiry(db, [indicators()["sunlight"]], AREA, defaults()).of(1)["sunlight"].grid.values

    monkeypatch.setattr(scene, "KEPT", Kept())
    first = hours()
    before = scene.KEPT.full
    with step(db, db.get(Scenario, 1), None, "plan") as now:
        place(now, Building, "shed-1", None, {"height": 24.0, "eaves_height": 24.0, "storeys": 8}, seen=1)
    db.commit()
    quick = hours()
    assert (scene.KEPT.full, scene.KEPT.again >= 1) == (before, True)
    monkeypatch.setattr(scene, "KEPT", Kept())
    assert np.array_equal(quick, hours(), equal_nan=True)
    assert not np.array_equal(quick, first, equal_nan=True)


def test_what_was_swept_before_is_forgotten_when_it_takes_too_much(monkeypatch):
    kept, azimuth, altitude = Kept(), np.array([180.0, 200.0]), np.array([30.0, 25.0])
    for i in range(6):
        heights = np.zeros((50, 60), np.float32)
        heights[10 + i : 14 + i, 20:30] = 9.0
        kept.shade(((0, 0, 60, 50), 0), scene.Heights.of(heights, 1.0), azimuth, altitude, 1)
    assert (kept.full, kept.again) == (1, 5)
    assert sum(map(len, kept.places.values())) == 4
    monkeypatch.setattr("scenarios.shade.kept.BUDGET", 1.0)
    kept.shade(((0, 0, 60, 50), 1), scene.Heights.of(heights, 1.0), azimuth, altitude, 1)
    assert kept.places == {}
