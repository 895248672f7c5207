"""The register of empty places: kept up, looked through, sent from the field, offered; private data stay inside."""

import base64
import datetime as dt
import io

import openpyxl
import pytest
from PIL import Image

from layers.vacancies import Vacancy
from scenarios.project import Person, Project
from scenarios.register.tables import Enquiry, VacancyFile, VacancyPrivate
from tests.hamlet import EAST, NORTH, TOKEN, as_planner, log_in, planner, settle
from twin.feature import Scenario
from web import create_app

TODAY = dt.date.today()
OWNER = "Erika Mustermann, 0160 1234567"


@pytest.fixture
def app(db, where):
    settle(db)
    db.add_all([planner(), Person(id=901, login="gil", name="Gil", session="gil"), Project(id=1, title="Kai")])
    db.flush()
    db.add(Scenario(id=1, title="Plan", project_id=1))
    db.commit()
    return create_app(DATABASE=where)


@pytest.fixture
def kai(app):
    return as_planner(app)


def rows(db, table, **told):
    """What stands there now; the file is free again afterwards."""
    db.rollback()
    found = db.query(table).filter_by(**told).all()
    db.expunge_all()
    db.rollback()
    return found


def entry(db, uid="V1"):
    (one,) = rows(db, Vacancy, uid=uid, scenario_id=0)
    return one


def photo(color="red"):
    file = io.BytesIO()
    Image.new("RGB", (40, 30), color).save(file, "JPEG")
    return file.getvalue()


def test_an_entry_is_recorded_kept_up_and_its_history_says_by_whom(kai, db):
    told = {"token": TOKEN, "kind": "shop", "name": "Kramladen <i>", "area": "1.234,5", "owner": OWNER,
            "place": f"{EAST + 65} {NORTH + 4}", "status": "reported"}  # fmt: skip
    made = kai.post("/register/new", data=told)
    assert made.status_code == 303
    uid = made.location.split("/entry/")[1].split("?")[0]
    one = entry(db, uid)
    assert (one.area, one.checked_on, one.status) == (1234.5, TODAY, "reported")
    page = kai.get(f"/register/entry/{uid}").text
    assert "Kramladen &lt;i&gt;" in page
    assert OWNER in page
    assert (
        kai.post(f"/register/entry/{uid}", data={"token": TOKEN, "seen": one.version, "price": "90000"}).status_code
        == 303
    )
    page = kai.get(f"/register/entry/{uid}").text
    assert "Preis: – → 90.000" in page
    assert page.count("<b>Pia</b>") == 2
    silent = {"token": TOKEN, "seen": one.version + 1, "owner": "", "contact": "", "note": ""}
    assert kai.post(f"/register/entry/{uid}", data=silent).status_code == 303
    assert rows(db, VacancyPrivate) == []


def test_who_comes_late_or_types_nonsense_is_told_and_nothing_is_lost(kai, db):
    first = {"token": TOKEN, "seen": "0", "name": "Halle 3"}
    assert kai.post("/register/entry/V1", data=first).status_code == 303
    late = kai.post("/register/entry/V1", data={"token": TOKEN, "seen": "0", "name": "Halle drei"})
    assert late.status_code == 409
    assert "Halle drei" in late.text
    wrong = kai.post("/register/entry/V1", data={"token": TOKEN, "seen": "1", "area": "groß"})
    assert (wrong.status_code, "groß" in wrong.text) == (422, True)
    assert kai.post("/register/new", data={"token": TOKEN, "kind": "shop", "place": "nirgends"}).status_code == 422
    assert entry(db).name == "Halle 3"


def test_what_nobody_has_looked_at_for_a_year_is_due_until_somebody_does(kai, db):
    assert "1 seit einem Jahr nicht geprüft" in kai.get("/register").text
    kai.post("/register/entry/V1", data={"token": TOKEN, "seen": "0", "looked": "1"})
    assert entry(db).checked_on == TODAY
    assert "nicht geprüft" not in kai.get("/register").text
    assert "Kein Eintrag passt" in kai.get("/register?due").text
    assert kai.get("/register?q=%25").text.count("/register/entry/") == 0


def test_the_city_shows_today_s_register_at_once_and_scenarios_lie_over_it(kai, db):
    before = kai.get("/scenarios/1/table/vacancies").text
    kai.post("/register/entry/V1", data={"token": TOKEN, "seen": "0", "name": "Speicher"})
    assert "Speicher" not in before
    assert "Speicher" in kai.get("/scenarios/1/table/vacancies").text
    kai.post("/register/entry/V1", data={"token": TOKEN, "seen": "1", "remove": "1"})
    assert kai.get("/scenarios/0/vacancies/V1").status_code == 404
    assert kai.get("/register/entry/V1").status_code == 404


def test_photos_lose_their_place_papers_stay_inside_and_other_files_are_refused(kai, app, db):
    for name, data, status in (("a.jpg", photo(), 303), ("b.pdf", b"%PDF-1.4 plan", 303), ("c.exe", b"MZ", 422)):
        sent = {"token": TOKEN, "file": (io.BytesIO(data), name)}
        assert kai.post("/register/files/V1", data=sent).status_code == status, name
    photos, papers = (rows(db, VacancyFile, kind=kind) for kind in ("photo", "paper"))
    assert (len(photos), len(papers)) == (1, 1)
    stranger = app.test_client()
    assert stranger.get(f"/register/file/{photos[0].id}").status_code == 303  # to the login
    kai.post("/register/entry/V1", data={"token": TOKEN, "seen": "0", "status": "offered"})
    assert stranger.get(f"/register/file/{photos[0].id}").mimetype == "image/jpeg"
    assert stranger.get(f"/register/file/{papers[0].id}").status_code == 303
    assert kai.post(f"/register/file/{papers[0].id}/drop", data={"token": TOKEN}).status_code == 303
    assert kai.get(f"/register/file/{papers[0].id}").status_code == 404


def test_personal_data_reach_neither_page_nor_table_nor_service(kai, app, db):
    kai.post(
        "/register/entry/V1", data={"token": TOKEN, "seen": "0", "status": "offered", "owner": OWNER, "name": "Halle"}
    )
    assert db.get(VacancyPrivate, "V1").owner == OWNER
    stranger = app.test_client()
    for address in ("/offers", "/offers/V1", "/offers.xml", "/scenarios/0/vacancies/V1", "/scenarios/0/table/vacancies",
                    "/api/scenarios/0/vacancies/V1", "/ogc/scenarios/0/collections/vacancies/items"):  # fmt: skip
        answer = stranger.get(address, buffered=True)
        assert answer.status_code == 200, address
        assert "Mustermann" not in answer.text, address


def test_only_those_who_plan_keep_the_register(app):
    stranger, gil = app.test_client(), app.test_client()
    log_in(gil, Person(id=901, login="gil", name="Gil", session="gil"))
    for address in ("/register", "/register/new", "/register/entry/V1", "/register/list", "/register/field"):
        assert stranger.get(address).status_code == 303, address
        assert gil.get(address).status_code == 403, address
    assert gil.post("/register/entry/V1", data={"token": TOKEN, "seen": "0", "name": "x"}).status_code == 403
    assert gil.post("/api/register", json={"uid": "feld-12345", "fields": {}}).status_code == 403


def workbook(*rows):
    book = openpyxl.Workbook()
    head = ("Nr", "Adresse", "Objektart", "Bezeichnung", "Fläche m²", "Ostwert", "Nordwert")
    for row in (head, *rows):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    return file


def upload(kai, *rows):
    return kai.post("/register/list", data={"token": TOKEN, "file": (workbook(*rows), "leerstand.xlsx")})


def listed(*told):
    return [(f"L{i}", None, kind, name, area, EAST + 10 * i, NORTH + 5) for i, (kind, name, area) in enumerate(told, 1)]


def test_a_new_list_is_looked_through_before_it_is_taken_over(kai, db):
    first = listed(("Laden", "Eins", 100), ("Halle", "Zwei", 200), ("Laden", "Drei", 300))
    page = upload(kai, *first).text
    assert "Neu (3)" in page
    assert len(rows(db, Vacancy)) == 1
    number = page.split("/register/list/")[1].split("/")[0]
    assert kai.post(f"/register/list/{number}/apply", data={"token": TOKEN}).status_code == 303
    assert len(rows(db, Vacancy)) == 4
    second = listed(("Laden", "Eins", 120), ("Halle", "Zwei", 200))
    page = upload(kai, *second, ("L9", None, "Laden", "Vier", 50, EAST + 90, NORTH + 5)).text
    assert "Geändert (1)" in page
    assert "100 → <b>120" in page
    assert "Neu (1)" in page
    assert "Nicht mehr in der Liste (1)" in page
    number = page.split("/register/list/")[1].split("/")[0]
    kai.post(f"/register/list/{number}/apply", data={"token": TOKEN, "end": "1"})
    (ended,) = rows(db, Vacancy, name="Drei")
    assert (ended.status, ended.until) == ("ended", TODAY)
    assert kai.post(f"/register/list/{number}/apply", data={"token": TOKEN}).status_code == 404


def test_a_list_that_is_none_or_lies_nowhere_is_told_so(kai):
    bad = kai.post("/register/list", data={"token": TOKEN, "file": (io.BytesIO(b"\x00\x01"), "x.xlsx")})
    assert (bad.status_code, "keine Liste" in bad.text) == (422, True)
    nowhere = upload(kai, ("1", "Mondweg 7", "Laden", "Eins", 100, None, None))
    assert nowhere.status_code == 422
    assert "verorten" in nowhere.text


def test_what_comes_from_the_field_is_taken_once(kai, db):
    sent = {"uid": "feld-abc123", "fields": {"kind": "shop", "name": "Bäcker", "step_free": True, "area": 80},
            "longitude": 9.0005, "latitude": 53.5195, "building": "shed-1",
            "photo": "data:image/jpeg;base64," + base64.b64encode(photo()).decode()}  # fmt: skip
    assert kai.post("/api/register", json=sent).json == {"uid": "feld-abc123", "known": False}
    assert kai.post("/api/register", json=sent).json["known"]
    one = entry(db, "feld-abc123")
    assert (one.status, one.building, one.step_free, one.area) == ("reported", "shed-1", True, 80)
    assert len(rows(db, VacancyFile, uid="feld-abc123")) == 1
    near = kai.get("/api/register/buildings?longitude=9.0003&latitude=53.5193").json
    assert {"shed-1", "shed-0"} & {each["uid"] for each in near}
    lost = kai.post("/api/register", json={"uid": "feld-nowhere", "fields": {"kind": "shop", "address": "Mondweg 7"}})
    assert (lost.status_code, "Standort" in lost.json["error"]) == (422, True)


def test_an_offer_has_a_page_a_sheet_and_a_feed_and_takes_an_enquiry(kai, app, db):
    stranger = app.test_client()
    assert "nichts im Angebot" in stranger.get("/offers").text
    assert stranger.get("/offers/V1").status_code == 404
    told = {
        "token": TOKEN,
        "seen": "0",
        "status": "offered",
        "name": "Halle <3>",
        "offer": "Viel Platz am Kai.",
        "area": "300",
    }
    kai.post("/register/entry/V1", data={"token": TOKEN, "seen": "0", **told})
    page = stranger.get("/offers/V1").text
    assert "Halle &lt;3&gt;" in page
    assert "300 m²" in page
    assert "Haltestelle" in page
    embedded = stranger.get("/offers?embed")
    assert "Viel Platz" in embedded.text
    assert "frame-ancestors *" in embedded.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in stranger.get("/offers").headers["Content-Security-Policy"]
    assert "<title>Halle &lt;3&gt;</title>" in stranger.get("/offers.xml").text
    assert stranger.get("/offer-sheet/V1.pdf").data.startswith(b"%PDF-")
    with stranger.session_transaction() as session:
        session["token"] = TOKEN
    asked = {"token": TOKEN, "name": "Ina", "contact": "ina@example.org", "text": "Ist die Halle beheizt?"}
    assert "Vielen Dank" in stranger.post("/offers/V1", data=asked).text
    assert stranger.post("/offers/V1", data={**asked, "text": "?"}).status_code == 422
    (one,) = rows(db, Enquiry)
    assert (one.name, (one.delete_on - TODAY).days) == ("Ina", 180)
    assert "Ist die Halle beheizt?" in kai.get("/register/entry/V1").text
    assert "Ina" not in stranger.get("/offers/V1").text
