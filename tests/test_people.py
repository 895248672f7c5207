"""Logging in, staying in and being put out; who is shown what; and the pages of people and projects."""

import io
import json
import re
import stat

import pytest
from click.testing import CliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from layers.blocks import Block
from layers.buildings import Building
from scenarios import accounts, projects
from scenarios.diary import Change
from scenarios.project import Attempt, Membership, Person, Project
from tests.hamlet import EAST, NORTH, TOKEN, at, log_in, settle
from twin.errors import LoginNeeded
from twin.feature import Scenario
from twin.projection import LONLAT, transformer
from web import create_app
from web.asked import db as db_of_request
from web.cli import main
from web.people import IDLE, require, wanted
from web.secret import kept_secret

PASSWORD = "drei kleine Häuser"  # noqa: S105


@pytest.fixture
def town(store):
    """The hamlet with Ada, who administers, Paul, who plans the old factory, and others beside him."""
    with Session(store, expire_on_commit=False) as db:
        settle(db)
        db.add(Block(uid="b7", number="0007", name="Am Kai", shape=at(0, 0, 60, 60)))
        found = {}
        for login, administers in (("ada", True), ("paul", False), ("vera", False), ("mo", False), ("olaf", False)):
            found[login] = Person(
                login=login, name=login.title(), is_administrator=administers, session=f"mark-{login}"
            )
            db.add(found[login])
        db.flush()
        found["project"] = projects.make_project(db, found["ada"], "Alte Fabrik", "Wohnen <b>oder</b> Park?")
        for login, role in (("paul", "planner"), ("vera", "viewer"), ("mo", "moderator")):
            projects.set_member(db, found["ada"], found["project"], found[login], role)
        for state in ("draft", "published", "archived"):
            found[state] = projects.make_scenario(db, found["paul"], found["project"], f"Variante {state}")
            found[state].state = state
        db.commit()
        yield found


@pytest.fixture
def app(town, where):
    return create_app(DATABASE=where, SECRET_KEY="k" * 32)


@pytest.fixture
def visitor(app, town):
    """A browser in which somebody is logged in, or nobody."""

    def browser(login=None, ago=0):
        client = app.test_client()
        if login:
            log_in(client, town[login], ago)
        else:
            with client.session_transaction() as session:
                session["token"] = TOKEN
        return client

    return browser


def read(db, statement):
    """One value, without holding on to the store."""
    value = db.scalar(statement)
    db.rollback()
    return value


def post(client, path, **fields):
    return client.post(path, data={"token": TOKEN, **fields})


def try_login(app, login, password, **more):
    client = app.test_client()
    token = re.search(r'name="token" value="([^"]+)"', client.get("/login").text)[1]
    return client, client.post("/login", data={"token": token, "login": login, "password": password, **more})


def in_the_header(client):
    return re.search(r'id="me">.*?<span>([^<]+)</span></summary>', client.get("/projects").text, re.S)


def test_a_new_person_changes_the_one_time_password_and_is_in(app, visitor, db):
    answer = post(visitor("ada"), "/people", login="Nora", name="Nora  Nord")
    assert answer.status_code == 201
    once = re.search(r'id="one-time">([^<]+)<', answer.text)[1]
    client, answer = try_login(app, "nora", once, next="/projects?lang=en")
    assert answer.headers["Location"].startswith("/account?next=/projects")
    assert in_the_header(client) is None  # not yet
    assert client.get("/people").status_code == 303
    token = re.search(r'name="token" value="([^"]+)"', client.get("/account").text)[1]
    fields = {"token": token, "old": once, "next": "/projects?lang=en"}
    for new, again, said in (
        (PASSWORD, "anders als eben", "verschieden"),
        ("kurz", "kurz", "12 bis 200 Zeichen"),
        (once, once, "zu leicht"),
        ("nora nora nora", "nora nora nora", "zu leicht"),
    ):
        refused = client.post("/account/password", data={**fields, "new": new, "again": again})
        assert refused.status_code == 422
        assert said in refused.text
    answer = client.post("/account/password", data={**fields, "new": PASSWORD, "again": PASSWORD})
    assert answer.headers["Location"] == "/projects?lang=en"
    assert in_the_header(client)[1] == "Nora Nord"
    assert try_login(app, "nora", once)[1].status_code == 401
    assert try_login(app, "NORA ", PASSWORD)[1].status_code == 303
    stored = read(db, select(Person.password).where(Person.login == "nora"))
    assert stored.startswith("$argon2id$")


def test_after_ten_failures_a_name_is_locked_for_a_while_whether_or_not_there_is_one(app, town, store):
    with Session(store) as db:
        person = db.get(Person, town["paul"].id)
        once, person.must_change = accounts.reset(person), False
        db.commit()
    said = set()
    for name in ("paul", "nobody"):
        answers = [try_login(app, name, "falsch")[1] for _ in range(11)]
        assert [answer.status_code for answer in answers] == [401] * 10 + [429]
        said.add(tuple(re.search(r'role="alert">([^<]+)<', answers[i].text)[1] for i in (0, 10)))
    assert len(said) == 1
    assert "15 Minuten" in next(iter(said))[1]
    assert try_login(app, "paul", once)[1].status_code == 429
    with Session(store) as db:
        for attempt in db.scalars(select(Attempt)):
            assert "paul" not in attempt.key
            attempt.last -= accounts.LOCK * 1.1
        db.commit()
    assert try_login(app, "paul", once)[1].status_code == 303
    with Session(store) as db:
        assert all(attempt.failures > 0 for attempt in db.scalars(select(Attempt)))
        assert len(db.scalars(select(Attempt)).all()) == 2  # of nobody, and of the address


def test_who_was_away_for_eight_hours_logs_in_again_and_loses_nothing(app, town, visitor, store):
    with Session(store) as db:
        person = db.get(Person, town["paul"].id)
        once, person.must_change = accounts.reset(person), False
        person.session = "mark-paul"
        db.commit()
    draft = f"/scenarios/{town['draft'].id}"
    assert visitor("paul", IDLE - 60).get(draft).status_code == 200
    client = visitor("paul", IDLE + 60)
    answer = client.get(draft + "?lang=en")
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/login?next={draft}?lang%3Den&lang=en"
    assert "ran out" in client.get(answer.headers["Location"]).text
    told = client.get(f"/api{draft}/buildings/house")
    assert (told.status_code, told.json["kind"]) == (401, "LoginNeeded")
    assert "abgelaufen" in told.json["error"]
    late = post(client, f"/projects/{town['project'].id}/scenarios", title="Spät")
    assert late.status_code == 401
    assert post(client, "/login", login="paul", password=once, next=draft).headers["Location"] == draft
    assert post(client, f"/projects/{town['project'].id}/scenarios", title="Spät").status_code == 303


def test_the_login_leads_nowhere_but_to_our_own_pages(app):
    for elsewhere in (
        "https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil", "/\tevil", "javascript:1", "x",
    ):  # fmt: skip
        with app.test_request_context("/login", query_string={"next": elsewhere}):
            assert wanted() == "", elsewhere


def test_logging_in_gives_a_new_cookie_that_scripts_and_other_sites_do_not_get(town, where, store):
    with Session(store) as db:
        person = db.get(Person, town["paul"].id)
        once, person.must_change = accounts.reset(person), False
        db.commit()
    app = create_app(DATABASE=where, SECRET_KEY="k" * 32, PROXIES=1)
    client = app.test_client()
    prepared = client.get("/login")
    before = prepared.headers["Set-Cookie"]
    token = re.search(r'name="token" value="([^"]+)"', prepared.text)[1]
    answer = client.post(
        "/login", data={"token": token, "login": "paul", "password": once}, headers={"X-Forwarded-Proto": "https"}
    )
    cookie = answer.headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Lax", "Secure"} <= set(cookie.split("; "))
    assert cookie.split(";")[0] != before.split(";")[0]
    with client.session_transaction() as session:
        assert session["token"] != token
    assert "Secure" not in before.split("; ")  # on this machine, without https


def test_what_comes_from_another_site_or_without_the_forms_token_is_not_done(town, visitor, db):
    client, path = visitor("paul"), f"/projects/{town['project'].id}/scenarios"
    fields = {"token": TOKEN, "title": "Untergeschoben"}
    assert client.post(path, data={"title": "Untergeschoben"}).status_code == 422
    assert client.post(path, data={**fields, "token": "geraten"}).status_code == 422
    for headers in (
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ):
        assert client.post(path, data=fields, headers=headers).status_code == 403
        assert client.put("/api/scenarios/1/buildings/house", json={}, headers=headers).status_code == 403
    assert not read(db, select(Scenario.id).where(Scenario.title == "Untergeschoben"))
    ours = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert client.post(path, data=fields, headers=ours).status_code == 303


def test_logging_out_everywhere_and_being_deactivated_end_every_login(town, visitor, db):
    here, there = visitor("paul"), visitor("paul")
    assert in_the_header(there)[1] == "Paul"
    assert post(here, "/account/logout-everywhere").status_code == 303
    assert in_the_header(here) is None
    assert in_the_header(there) is None
    vera = visitor("vera")
    assert post(visitor("ada"), f"/people/{town['vera'].id}/deactivate").status_code == 303
    assert in_the_header(vera) is None
    assert vera.get(f"/tiles/{town['draft'].id}/land/14/1/1").status_code == 401
    mo = visitor("mo")
    assert post(mo, "/logout").status_code == 303
    assert in_the_header(mo) is None


def test_only_administrators_see_and_change_the_people(town, visitor, db):
    for login in ("paul", "vera", "mo", "olaf"):
        client = visitor(login)
        assert client.get("/people").status_code == 403
        for path in ("", *(f"/{town['mo'].id}/{deed}" for deed in ("reset", "deactivate", "promote", "pseudonymise"))):
            assert post(client, "/people" + path, login="x1", name="x").status_code == 403
    ada = visitor("ada")
    assert "Vera" in ada.get("/people").text
    for deed in ("promote", "demote", "deactivate", "activate", "pseudonymise"):
        assert post(ada, f"/people/{town['mo'].id}/{deed}").status_code == 303
    assert "Mo</b>" not in ada.get("/people").text
    assert post(ada, f"/people/{town['ada'].id}/demote").status_code == 422
    assert post(ada, "/people/999/reset").status_code == 404
    assert post(ada, "/people", login="paul", name="Paul").status_code == 422
    assert post(ada, "/people", login="a b", name="Paul").status_code == 422


def routes_of_scenarios(app, id):
    """Every address that names a scenario, with something in the place of its other parts."""
    parts = {
        "name": "buildings",
        "uid": "house",
        "layer": "buildings",
        "question": "law",
        "use": "workshop",
        "z": 14,
        "x": 8601,
        "y": 5299,
        "matrices": "WebMercatorQuad",
        "style": "city",
    }
    for rule in app.url_map.iter_rules():
        if not re.search(r"(scenarios|tiles)/<int:id>", rule.rule):
            continue
        deeds = re.search(r"any\(([^)]*)\)", rule.rule)
        for deed in deeds[1].split(", ") if deeds else ["-"]:
            others = {argument: parts.get(argument, deed) for argument in rule.arguments if argument != "id"}
            with app.test_request_context():
                path = app.url_map.bind("localhost").build(rule.endpoint, {"id": id, **others})
            if not path.startswith("/ogc"):  # whose standard refuses what it does not know
                path += (
                    "?longitude=9&latitude=53.5&west=8.9&south=53.4&east=9.1&north=53.6&bearing=0&q=kai&field=height"
                )
            yield from ((method, path) for method in rule.methods - {"HEAD", "OPTIONS"})


def test_no_address_tells_strangers_of_a_draft(app, town, visitor):
    found = list(routes_of_scenarios(app, town["draft"].id))
    assert len(found) > 20
    for login in (None, "olaf"):
        client = visitor(login)
        for method, path in found:
            for state in ("draft", "archived"):
                to = path.replace(f"/{town['draft'].id}", f"/{town[state].id}", 1)
                answer = client.open(to, method=method, data={"token": TOKEN, "title": "Meins"})
                assert answer.status_code == 404, (login, method, to)
                assert f"Variante {state}" not in answer.text
        assert client.get(f"/api/height?scenario={town['draft'].id}&longitude=9&latitude=53.5").status_code == 404
    viewer = visitor("vera")
    for method, path in found:
        if method == "GET" and not any(
            part in path for part in ("snapping", "/reach", "/land.")
        ):  # of their own places
            planning = any(part in path for part in ("/new?", "/design?", "/do?", "/do/"))
            assert viewer.get(path).status_code == (403 if planning else 200), path
    answer = viewer.get(next(path for _, path in found if path.startswith("/tiles/")))
    assert "private" in answer.headers["Cache-Control"]


def test_what_is_published_is_seen_by_all_and_kept_by_caches(town, visitor):
    page = visitor().get(f"/scenarios/{town['published'].id}")
    assert page.status_code == 200
    mark = re.search(r"v=([^\\\"&]+)", page.text[page.text.index('id="scene"') :])[1]
    answer = visitor("paul").get(f"/tiles/{town['published'].id}/land/14/8601/5299?v={mark}")
    assert "public" in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers


MAY = {  # of a project's people, what the pages let them do with a scenario in each state
    ("draft", "publish"): "ada paul",
    ("published", "publish"): "ada paul",
    ("archived", "publish"): "",
    ("draft", "withdraw"): "ada paul",
    ("published", "withdraw"): "ada paul",
    ("archived", "withdraw"): "",
    ("draft", "rename"): "ada paul",
    ("published", "rename"): "ada paul",
    ("archived", "rename"): "",
    ("draft", "fork"): "ada paul",
    ("published", "fork"): "ada paul",
    ("archived", "fork"): "ada paul",
    ("draft", "archive"): "ada paul",
    ("published", "archive"): "ada paul",
    ("archived", "archive"): "ada paul",
    ("draft", "unarchive"): "ada paul",
    ("published", "unarchive"): "ada paul",
    ("archived", "unarchive"): "ada paul",
}


def test_the_pages_let_each_do_what_they_may(town, visitor, store):
    for (state, deed), allowed in MAY.items():
        for login in (None, "olaf", "vera", "mo", "paul", "ada"):
            with Session(store) as db:
                db.get(Scenario, town[state].id).state = state
                db.commit()
            answer = post(visitor(login), f"/scenarios/{town[state].id}/{deed}", title="Neu", description="")
            if login in allowed.split():
                assert answer.status_code == 303, (login, state, deed)
            elif login in ("vera", "mo", "paul", "ada"):
                assert answer.status_code == 403, (login, state, deed)
            else:
                unseen = login is not None and state == "published"
                assert answer.status_code == (403 if unseen else 401 if state == "published" else 404)


def test_a_stranger_sees_the_project_of_something_published_but_neither_its_drafts_nor_its_people(town, visitor, store):
    path = f"/projects/{town['project'].id}"
    text = visitor().get(path).text
    assert "Variante published" in text
    assert "Variante draft" not in text
    assert "Vera" not in text
    assert "<form" not in text
    assert "Wohnen &lt;b&gt;oder&lt;/b&gt; Park?" in text
    assert "1 Variante" in visitor().get("/projects").text
    with Session(store) as db:
        db.get(Scenario, town["published"].id).state = "draft"
        db.commit()
    for login in (None, "olaf"):
        assert visitor(login).get(path).status_code == 404
        assert visitor(login).get(path + "/plan.svg").status_code == 404
        assert "Alte Fabrik" not in visitor(login).get("/projects").text
    assert "Vera" in visitor("vera").get(path).text


def test_who_does_not_plan_manages_nothing(town, visitor, db):
    path = f"/projects/{town['project'].id}"
    for login in (None, "olaf", "vera", "mo"):
        client, refused = visitor(login), 401 if login is None else 403
        for to in ("/archive", "/reopen", "/members", "/scenarios", "/edit"):
            answer = post(client, path + to, title="Meins", person=town["vera"].id, role="planner", area="whole")
            assert answer.status_code == refused, (login, to)
        assert post(client, "/projects/new", title="Meins").status_code == refused
    assert read(db, select(Project.title).where(Project.id == town["project"].id)) == "Alte Fabrik"


def test_a_planner_makes_a_project_chooses_its_area_and_its_people(town, visitor, db):
    paul = visitor("paul")
    to = post(paul, "/projects/new", title="Kaispeicher", brief="Was passt hinein?").headers["Location"]
    path = to.partition("?")[0]
    id = int(path.rsplit("/", 1)[1])
    assert "ganze Stadt" in paul.get(path).text
    assert "0007 · Am Kai" in paul.get(path + "/edit").text

    def area_after(**fields):
        answer = post(paul, path + "/edit", title="Kaispeicher", brief="", **fields)
        return answer, read(db, select(Project.area).where(Project.id == id))

    answer, area = area_after(area="blocks", blocks="b7")
    assert answer.status_code == 303
    assert area.equals(at(0, 0, 60, 60))
    to_degrees = transformer(25832, LONLAT)
    west, south = to_degrees.transform(EAST, NORTH)
    east, north = to_degrees.transform(EAST + 80, NORTH + 50)
    box = {"west": f"{west:.7f}".replace(".", ","), "south": south, "east": east, "north": north}
    assert area_after(area="box", **box)[1].area == pytest.approx(4000, rel=0.01)
    outline = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    geojson = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [outline]}}
    file = (io.BytesIO(json.dumps(geojson).encode()), "area.geojson")
    assert area_after(area="file", file=file)[1].area == pytest.approx(4000, rel=0.01)
    assert area_after(area="keep")[1].area == pytest.approx(4000, rel=0.01)
    svg = paul.get(path + "/plan.svg")
    assert svg.mimetype == "image/svg+xml"
    assert svg.text.count("<path") >= 4
    assert paul.get(path + "/plan.svg", headers={"If-None-Match": svg.headers["ETag"]}).status_code == 304
    assert area_after(area="whole")[1] is None
    assert post(paul, path + "/members", person=town["olaf"].id, role="viewer").status_code == 303
    assert visitor("olaf").get(path).status_code == 200
    assert post(paul, path + "/members", person=town["olaf"].id, role="none").status_code == 303
    assert visitor("olaf").get(path).status_code == 404
    assert post(paul, path + "/members", person=town["olaf"].id, role="king").status_code == 422
    assert post(paul, path + "/members", person=4711, role="viewer").status_code == 404


WORLD = {"type": "Polygon", "coordinates": [[[-180, -90], [180, -90], [180, 90], [-180, 90], [-180, -90]]]}
METRES = {"type": "Polygon", "coordinates": [[[5e5, 5e6], [5.1e5, 5e6], [5e5, 5.1e6], [5e5, 5e6]]]}


BAD_AREAS = [
    ({"area": "blocks"}, "mindestens einen"),
    ({"area": "moon"}, "woher das Gebiet kommt"),
    ({"area": "box", "west": "neun", "south": "53", "east": "10", "north": "54"}, "„neun“ ist keine Gradzahl"),
    ({"area": "box", "west": "9", "south": "nan", "east": "10", "north": "54"}, "keine Gradzahl"),
    ({"area": "box", "west": "9", "south": "53", "east": "9", "north": "53"}, "Umriss"),
    ({"area": "file"}, "bis zu 2 MB"),
    ({"area": "file", "file": b"x" * 2_000_001}, "bis zu 2 MB"),
    ({"area": "file", "file": b"PK\x03\x04"}, "kein GeoJSON"),
    ({"area": "file", "file": b"[" * 100_000}, "GeoJSON"),
    ({"area": "file", "file": b"[]"}, "keine Fl"),
    ({"area": "file", "file": b'{"type": "Point", "coordinates": [9, 53]}'}, "keine Fl"),
    ({"area": "file", "file": json.dumps(METRES).encode()}, "WGS 84"),
    ({"area": "file", "file": json.dumps(WORLD).encode()}, "Gebiet"),
    ({"area": "whole", "title": "x" * 121}, "121"),
    ({"area": "whole", "title": " "}, "Titel"),
]


def test_an_area_that_cannot_be_is_refused_and_nothing_is_written(town, visitor, db):
    paul, path = visitor("paul"), f"/projects/{town['project'].id}/edit"
    for fields, said in BAD_AREAS:
        if isinstance(fields.get("file"), bytes):
            fields = {**fields, "file": (io.BytesIO(fields["file"]), "a.json")}
        answer = post(paul, path, **{"title": "Anders", "brief": "", **fields})
        assert answer.status_code == 422, fields
        assert said in re.search(r'role="alert">([^<]+)<', answer.text)[1]
        assert read(db, select(Project.title).where(Project.id == town["project"].id)) == "Alte Fabrik"


def test_a_plan_shows_what_a_scenario_makes_new_changes_and_clears(town, visitor, store):
    id = town["draft"].id
    path = f"/scenarios/{id}/plan.svg"
    before = visitor("paul").get(path)
    with Session(store) as db:
        db.add(Building(uid="tower", scenario_id=id, height=30.0, shape=at(120, 60)))
        db.add(Building(uid="house", scenario_id=id, height=30.0, shape=at(0, 30, 12, 10)))
        db.add(Building(uid="shed-2", scenario_id=id, gone=True, shape=at(40, 0)))
        db.add(
            Change(scenario_id=id, step=1, verb="place", what="draw", layer="buildings", uid="tower", version=1,
                   person_id=town["paul"].id, min_x=EAST + 120, min_y=NORTH, max_x=EAST + 130, max_y=NORTH + 9)
        )  # fmt: skip
        db.commit()
    after = visitor("paul").get(path, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    for color in ("--new", "--changed", "--gone"):
        drawn = re.compile(rf'<path d="M[^"]+" fill="(?:none" stroke=")?var\({color}\)')
        assert drawn.search(after.text)
        assert not drawn.search(before.text)


def test_what_is_new_is_told_to_those_who_may_see_it(town, visitor, store):
    with Session(store) as db:
        for uid in ("a", "b"):
            db.add(
                Change(scenario_id=town["draft"].id, step=1, verb="place", what="draw", layer="buildings", uid=uid,
                       version=1, person_id=town["paul"].id, min_x=EAST, min_y=NORTH, max_x=EAST + 9, max_y=NORTH + 9)
            )  # fmt: skip
        db.commit()
    text = visitor("vera").get("/projects").text
    assert "2 × Gebäude geplant" in text
    assert re.search(rf"/scenarios/{town['draft'].id}\?lang=de#camera=9\.000", text)
    assert "2 × Buildings planned" in visitor("ada").get("/projects?lang=en").text
    assert "Gebäude geplant" not in visitor("olaf").get("/projects").text


def test_the_city_page_of_a_scenario_says_what_it_is_and_leads_to_those_beside_it(town, visitor):
    text = visitor("paul").get(f"/scenarios/{town['draft'].id}").text
    header = text[text.index("<header") : text.index("</header>")]
    assert "Alte Fabrik" in header
    assert "Entwurf" in header
    assert f"/scenarios/{town['published'].id}?" in header
    assert f"/scenarios/{town['archived'].id}?" not in header
    assert "Veröffentlichen</button>" in header
    citizen = visitor().get(f"/scenarios/{town['published'].id}?lang=en").text
    assert "Published" in citizen
    assert "Variante draft" not in citizen
    assert "Withdraw" not in citizen


def test_an_archived_project_is_folded_away(town, visitor):
    paul = visitor("paul")
    assert post(paul, f"/projects/{town['project'].id}/archive").status_code == 303
    text = paul.get("/projects").text
    assert "Noch kein Projekt" in text
    assert "Abgelegt (1)" in text
    assert "Neue Variante" not in paul.get(f"/projects/{town['project'].id}").text
    assert post(paul, f"/projects/{town['project'].id}/scenarios", title="Noch eine").status_code == 403
    assert post(paul, f"/projects/{town['project'].id}/reopen").status_code == 303
    assert post(paul, f"/projects/{town['project'].id}/scenarios", title="Noch eine").status_code == 303


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path):
    file = tmp_path / "deep" / "secret"
    key = kept_secret(file)
    assert len(key) >= 43
    assert kept_secret(file) == key
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [one.name for one in file.parent.iterdir()] == ["secret"]
    nowhere = tmp_path / "deep" / "secret" / "no-folder" / "secret"
    assert kept_secret(nowhere) != kept_secret(nowhere)


def test_a_person_may_be_named_anew_and_is_escaped(town, visitor, db):
    paul = visitor("paul")
    assert post(paul, "/account/name", name="<script>alert(1)</script>").status_code == 303
    text = paul.get("/projects").text
    assert "<script>alert" not in text
    assert "&lt;script&gt;" in text
    assert post(paul, "/account/name", name=" ").status_code == 422
    assert read(db, select(Membership.role).where(Membership.person_id == town["paul"].id)) == "planner"


def test_what_everyone_may_see_needs_no_login(town, app):
    with app.test_request_context("/"):
        published = db_of_request().get(Scenario, town["published"].id)
        assert require("see", None, published) is None
        for verb, state in (("edit", "published"), ("see", "draft")):
            with pytest.raises(LoginNeeded):
                require(verb, None, db_of_request().get(Scenario, town[state].id))


def test_from_the_command_line_people_are_added_listed_and_given_a_new_password(store, where):
    def twin(*words):
        done = CliRunner().invoke(main, ["person", *words, "--store", where])
        return done.exit_code, done.output

    assert twin("list") == (0, "")
    code, told = twin("add", "Anna", "--name", "Anna Kern", "--administrator")
    assert code == 0
    login, once = re.fullmatch(r"login: (\S+)\npassword: (\S{19})\n", told).groups()
    assert (login, twin("list")[1].split()[:3]) == ("anna", ["anna", "Anna", "Kern"])
    assert "administrator, one-time password" in twin("list")[1]
    code, told = twin("reset", "anna")
    assert (code, once in told) == (0, False)
    assert twin("add", "anna") == (1, "Error: There is already a login anna. Take another one.\n")
    assert twin("reset", "bodo")[1].startswith("Error: There is nobody with the login bodo.")
    with Session(store) as db:
        assert accounts.person_of(db, "anna", once) is None


def test_numbers_and_letters_that_no_store_takes_are_answered_with_a_sentence(town, visitor):
    paul, huge = visitor("paul"), 10**30
    for path in (
        f"/projects/{huge}",
        f"/projects/{huge}/plan.svg",
        f"/scenarios/{huge}",
        f"/scenarios/{huge}/plan.svg",
    ):
        assert paul.get(path).status_code == 404
    path = f"/projects/{town['project'].id}"
    for number in (huge, -huge):
        assert post(paul, path + "/members", person=number, role="viewer").status_code == 404
    assert post(visitor("ada"), f"/people/{huge}/reset").status_code == 404
    assert post(paul, path + "/scenarios", title="Null\0und nichtig").status_code == 422
    assert post(visitor(), "/login", login="pa\0ul").status_code == 422
