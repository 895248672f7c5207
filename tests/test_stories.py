"""Viewpoints of a project: kept, ordered, taken out; who may see and who may write them; and what is refused."""

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scenarios import projects, viewpoints
from scenarios.project import Person, Viewpoint
from tests.hamlet import TOKEN, log_in, settle
from twin.errors import BadValue, NotAllowed
from twin.feature import TODAY, Scenario
from web import create_app

VIEW = "camera=9.0,53.5,17.2,56,-24&layers=buildings,trees&sun=2026-06-21T09:30"


@pytest.fixture
def kai(store):
    """Ada plans on the quay and shows a draft and a published scenario; Vera looks on; Olaf has no part in it."""
    with Session(store, expire_on_commit=False) as db:
        settle(db)
        found = {name: Person(login=name, name=name.title(), session=name) for name in ("ada", "vera", "olaf")}
        root = Person(login="root", name="Root", is_administrator=True)
        db.add_all([*found.values(), root])
        db.flush()
        project = projects.make_project(db, root, "Am Kai")
        projects.set_member(db, root, project, found["ada"], "planner")
        projects.set_member(db, root, project, found["vera"], "viewer")
        found["project"] = project
        for state in ("draft", "published"):
            found[state] = projects.make_scenario(db, found["ada"], project, f"Kai {state}")
            found[state].state = state
        db.commit()
        yield found


def keep(db, kai, title, scenario=None, text="", view=VIEW):
    shown = scenario or db.get(Scenario, TODAY)
    return viewpoints.keep(db, db.merge(kai["ada"]), db.merge(kai["project"]), db.merge(shown), title, text, view)


def walk(db, kai, who="ada"):
    found = viewpoints.viewpoints_of(db, kai["project"], db.merge(kai[who]) if who else None)
    return [viewpoint.title for viewpoint, _ in found]


@pytest.fixture
def three(kai, db):
    for title, scenario in (("Heute", None), ("Entwurf", kai["draft"]), ("Ergebnis", kai["published"])):
        keep(db, kai, title, scenario)
    db.commit()
    found = {one.title: one for one in db.scalars(select(Viewpoint))}
    db.commit()
    return found


def test_a_walk_keeps_its_order_and_can_be_put_in_another_one(db, kai, three):
    ada = db.merge(kai["ada"])
    assert walk(db, kai) == ["Heute", "Entwurf", "Ergebnis"]
    viewpoints.move(db, ada, three["Ergebnis"], -1)
    viewpoints.move(db, ada, three["Heute"], -1)  # it is the first already
    assert walk(db, kai) == ["Heute", "Ergebnis", "Entwurf"]
    viewpoints.take_out(db, ada, three["Heute"])
    assert [one.position for one in db.scalars(select(Viewpoint).order_by(Viewpoint.position))] == [1, 2]
    assert walk(db, kai) == ["Ergebnis", "Entwurf"]


def test_a_viewpoint_on_a_draft_is_seen_by_the_projects_people_alone(db, kai, three):
    assert walk(db, kai, "vera") == ["Heute", "Entwurf", "Ergebnis"]
    assert walk(db, kai, "olaf") == walk(db, kai, None) == ["Heute", "Ergebnis"]


def test_only_who_plans_in_the_project_writes_its_walk(db, kai, three):
    for who in ("vera", "olaf"):
        person = db.merge(kai[who])
        with pytest.raises(NotAllowed):
            viewpoints.keep(db, person, kai["project"], kai["published"], "Meins", "", "")
        with pytest.raises(NotAllowed):
            viewpoints.move(db, person, three["Heute"], 1)
        with pytest.raises(NotAllowed):
            viewpoints.take_out(db, person, three["Heute"])
    assert walk(db, kai) == ["Heute", "Entwurf", "Ergebnis"]


def test_of_a_view_is_kept_what_the_page_understands():
    assert viewpoints.fit_view(f"https://kai.example/scenarios/1?lang=de#{VIEW}&evil=<script>") == VIEW
    assert viewpoints.fit_view("") == ""
    refused = (
        "camera=9,53,17",
        "camera=a,b,c,d,e",
        "camera=9,99,17,56,0",
        "camera=nan,0,17,0,0",
        "sun=\x00",
        "sun=" + "1" * 2000,
    )
    for view in refused:
        with pytest.raises(BadValue):
            viewpoints.fit_view(view)


def test_a_walk_has_an_end_and_shows_its_own_project_alone(db, kai, monkeypatch):
    monkeypatch.setattr(viewpoints, "MOST", 1)
    keep(db, kai, "Heute")
    with pytest.raises(BadValue, match="up to 1 viewpoints"):
        keep(db, kai, "Zu viel")
    elsewhere = Scenario(title="Anderswo", state="published")
    db.add(elsewhere)
    db.flush()
    one = db.scalar(select(Viewpoint))
    with pytest.raises(BadValue, match="not of this project"):
        viewpoints.describe(db, db.merge(kai["ada"]), one, elsewhere, "Anderswo", "", "")
    assert one.title == "Heute"


@pytest.fixture
def browser(kai, where):
    app = create_app(DATABASE=where, SECRET_KEY="k" * 32)

    def of(name=None):
        client = app.test_client()
        if name:
            log_in(client, kai[name])
        return client

    return of


def send(client, path, **fields):
    return client.post(path, data={"token": TOKEN, **fields})


def titles(client, kai):
    return re.findall(r'<h2 tabindex="-1">([^<]+)</h2>', client.get(f"/projects/{kai['project'].id}/story").text)


def test_a_viewpoint_is_kept_changed_ordered_and_taken_out_by_form(kai, browser):
    ada, path = browser("ada"), f"/projects/{kai['project'].id}/viewpoints"
    form = ada.get(f"{path}/new?scenario={kai['draft'].id}").text
    assert f'value="{kai["draft"].id}" selected' in form
    for title, scenario in (("Heute <b>", 0), ("Entwurf", kai["draft"].id)):
        assert send(ada, f"{path}/new", title=title, text="Sehen Sie?", scenario=scenario, view=VIEW).status_code == 303
    assert titles(ada, kai) == ["Heute &lt;b&gt;", "Entwurf"]
    assert titles(browser(), kai) == ["Heute &lt;b&gt;"]
    first, second = re.findall(r"/viewpoints/(\d+)/edit", ada.get(path).text)
    assert VIEW.replace("&", "&amp;") in ada.get(f"/viewpoints/{first}/edit").text
    send(ada, f"/viewpoints/{second}/earlier")
    assert titles(ada, kai)[0] == "Entwurf"
    changed = {"title": "Jetzt", "text": "", "scenario": 0, "view": ""}
    assert send(ada, f"/viewpoints/{first}/edit", **changed).status_code == 303
    send(ada, f"/viewpoints/{second}/delete")
    assert titles(ada, kai) == ["Jetzt"]
    assert "stop=1" in browser().get(f"/projects/{kai['project'].id}").text


def test_what_cannot_be_is_refused_with_a_sentence_and_what_was_typed_stays(kai, browser, db):
    ada, path = browser("ada"), f"/projects/{kai['project'].id}/viewpoints/new"
    good = {"title": "Gut", "text": "", "scenario": str(kai["draft"].id), "view": VIEW}
    for bad, status in (
        ({"title": ""}, 422), ({"title": "x" * 121}, 422), ({"text": "x" * 4001}, 422), ({"view": "camera=1"}, 422),
        ({"scenario": "x"}, 404), ({"scenario": "99"}, 404), ({"scenario": "9" * 30}, 404), ({"scenario": ""}, 404),
    ):  # fmt: skip
        answer = send(ada, path, **{**good, **bad})
        assert answer.status_code == status, bad
        assert 'role="alert"' in answer.text
    assert db.scalars(select(Viewpoint)).all() == []
    db.rollback()
    assert ada.get("/viewpoints/99/edit").status_code == ada.get(f"/viewpoints/{2**40}/edit").status_code == 404


def test_strangers_are_sent_away_from_the_walk_of_a_project(kai, three, browser, db):
    number = three["Heute"].id
    db.rollback()
    path = f"/projects/{kai['project'].id}"
    assert browser().get(f"{path}/viewpoints").status_code == 303  # to the login
    for name in ("vera", "olaf"):
        assert browser(name).get(f"{path}/viewpoints").status_code == 403
        assert browser(name).get(f"{path}/viewpoints/new").status_code == 403
        assert send(browser(name), f"{path}/viewpoints/new", title="Meins", scenario="0").status_code == 403
        assert browser(name).get(f"/viewpoints/{number}/edit").status_code == 403
        for deed in ("earlier", "later", "delete", "edit"):
            assert send(browser(name), f"/viewpoints/{number}/{deed}", title="x", scenario="0").status_code == 403
    assert browser("ada").post(f"/viewpoints/{number}/delete").status_code == 422  # without the form's token


def test_a_project_without_anything_published_has_no_walk_for_strangers(kai, three, browser, store):
    with Session(store) as db:
        db.get_one(Scenario, kai["published"].id).state = "draft"
        db.commit()
    assert browser().get(f"/projects/{kai['project'].id}/story").status_code == 404
    assert browser().get(f"/viewpoints/{three['Heute'].id}/edit").status_code == 404
    assert len(titles(browser("vera"), kai)) == 3
