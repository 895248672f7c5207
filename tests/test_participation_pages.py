"""The pages of participation: as a citizen without an account or scripts, as a moderator, and as a planner."""

import csv
import datetime as dt
import email
import hashlib
import io
import re
import socketserver
import threading
from typing import ClassVar

import pyogrio
import pytest
from PIL import Image
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from scenarios import projects
from scenarios.participation import sessions
from scenarios.participation.allowed import PHASES
from scenarios.participation.tables import Category, Contribution, Participation, Personal, Photo
from scenarios.project import Person
from tests.hamlet import EAST, NORTH, TOKEN, at, change, log_in, settle
from twin.feature import Scenario
from twin.projection import LONLAT, transformer
from web import create_app, participation_tickets

RUNNING = (dt.date(2026, 1, 1), dt.date(2099, 1, 1))


@pytest.fixture
def town(store):
    """The hamlet with a session that is open, in which everything may be done; and one that is a draft."""
    with Session(store, expire_on_commit=False) as db:
        settle(db)
        found = {}
        for login in ("ada", "paul", "mo"):
            found[login] = Person(login=login, name=login.title(), session=login, is_administrator=login == "ada")
            db.add(found[login])
        db.flush()
        project = projects.make_project(db, found["ada"], "Alte Fabrik")
        for login, role in (("paul", "planner"), ("mo", "moderator")):
            projects.set_member(db, found["ada"], project, found[login], role)
        wohnen = projects.make_scenario(db, found["paul"], project, "Wohnen")
        projects.publish(found["paul"], wohnen)
        told = sessions.Told(
            title="Was wird aus <b>?", text="Reden Sie mit.", scenarios=[wohnen.id], categories=["Verkehr", "Grün"],
            phases=dict.fromkeys(PHASES, RUNNING), questions=[("Wie kommen Sie?", "zu Fuß\nRad")], moderation="after",
            area=at(-100, -100, 400, 400),
        )  # fmt: skip
        for name in ("open", "draft"):
            found[name] = sessions.make_session(db, found["paul"], project, told)
        sessions.open_session(db, found["open"])
        found |= {"project": project, "wohnen": wohnen}
        found["verkehr"] = db.scalar(select(Category.id).where(Category.participation_id == found["open"].id))
        db.commit()
        yield found


@pytest.fixture
def app(town, where, monkeypatch):
    monkeypatch.setattr(participation_tickets, "QUICKEST", 0.0)  # tests type faster than people
    participation_tickets._seen.clear()
    return create_app(DATABASE=where, SECRET_KEY="k" * 32)


@pytest.fixture
def citizen(app):
    return app.test_client()


def as_(app, person):
    client = app.test_client()
    log_in(client, person)
    return client


def ticket_in(page):
    return re.search(r'name="ticket" value="([^"]+)"', page.text)[1]


def worked(ticket):
    """What the browser finds: see web/static/participation/form.js."""
    return next(
        str(n)
        for n in range(10**7)
        if int.from_bytes(hashlib.sha256(f"{ticket}:{n}".encode()).digest()[:4], "big") >> 19 == 0
    )


def send(client, town, path=None, work=True, **fields):
    ticket = fields.pop("ticket", None) or ticket_in(client.get(f"/participation/{town['open'].id}/new"))
    sent = {"ticket": ticket, "work": worked(ticket) if work else "", "text": "Bitte ein Zebrastreifen.",
            "category": town["verkehr"], "scenario": town["wohnen"].id, **fields}  # fmt: skip
    return client.post(path or f"/participation/{town['open'].id}/new", data=sent)


def stored(db, column=Contribution.id):
    found = db.scalars(select(column).order_by(Contribution.id)).all()
    db.rollback()
    return list(found)


def jpeg():
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Kamera von Erika"
    Image.new("RGB", (90, 60), "red").save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_a_citizen_says_something_and_gets_a_secret_link_with_which_all_is_taken_back(citizen, town, db):
    id = town["open"].id
    assert "twin" not in citizen.get(f"/participation/{id}").headers.get("Set-Cookie", "")  # reading needs no cookie
    answer = send(citizen, town, layer="buildings", uid="shed-3", photo=(io.BytesIO(jpeg()), "foto.jpg"))
    assert answer.status_code == 303 and f"twin-participation-{id}" in answer.headers["Set-Cookie"]
    own = answer.headers["Location"].partition("?")[0]
    page = citizen.get(own)
    assert "Bitte ein Zebrastreifen." in page.text and own in page.text
    assert b"Erika" not in db.scalar(select(Photo.jpeg))
    db.rollback()
    assert "Bitte ein Zebrastreifen." in citizen.get(f"/participation/{id}?part").text
    changed = send(citizen, town, own, ticket=ticket_in(page), text="Lieber eine Ampel.")
    assert changed.status_code == 303
    assert "Lieber eine Ampel." in citizen.get(f"/participation/{id}/1").text
    gone = citizen.post(f"{own}/withdraw", data={"ticket": ticket_in(citizen.get(own))})
    assert gone.status_code == 303 and citizen.get(own).status_code == 404
    db.rollback()
    assert stored(db, Contribution.text) == [""] and db.scalar(select(Personal.secret)) is None


def test_what_is_tapped_is_named_and_has_its_pin(citizen, town):
    id = town["open"].id
    form = citizen.get(f"/participation/{id}/new?layer=buildings&uid=house")
    assert "Zollhaus &lt;b&gt;" in form.text
    send(citizen, town, layer="buildings", uid="house")
    (pin,) = citizen.get(f"/api/participation/{id}/contributions").json["pins"]
    x, y = transformer(LONLAT, 25832).transform(pin["longitude"], pin["latitude"])
    assert 0 < x - EAST < 12 and 30 < y - NORTH < 40


def test_who_watches_sees_each_new_contribution_voice_and_withdrawal(app, citizen, town, db):
    watched = f"/api/participation/{town['open'].id}/contributions"
    asked = app.test_client()
    marks = [asked.get(watched).json["mark"]]
    own = send(citizen, town, layer="buildings", uid="house").headers["Location"].partition("?")[0]
    db.execute(update(Contribution).values(changed_at=dt.datetime(2026, 2, 1)))  # long ago: it may be kept
    db.commit()
    for _ in range(2):
        assert [pin["agree"] for pin in asked.get(watched).json["pins"]] == [0]
    marks.append(asked.get(watched).json["mark"])
    page = citizen.get(f"/participation/{town['open'].id}/1")
    citizen.post(f"/participation/{town['open'].id}/1/rate", data={"ticket": ticket_in(page), "value": "1"})
    assert [pin["agree"] for pin in asked.get(watched).json["pins"]] == [1]
    marks.append(asked.get(watched).json["mark"])
    citizen.post(f"{own}/withdraw", data={"ticket": ticket_in(citizen.get(own))})
    assert asked.get(watched).json["pins"] == []
    assert len({*marks, asked.get(watched).json["mark"]}) == 4


def test_a_place_is_also_named_in_words_and_found_where_there_is_one(citizen, town, db):
    send(citizen, town, place="Kaiweg")
    send(citizen, town, place="hinter dem alten Baum")
    assert stored(db, Contribution.uid) == ["lane", None]
    assert stored(db, Contribution.place) == ["Kaiweg", "hinter dem alten Baum"]


@pytest.mark.parametrize(
    ("wrong", "status", "sentence"),
    [
        ({"category": ""}, 422, "Thema"),
        ({"scenario": 999}, 403, "zurückgezogen"),
        ({"longitude": "10.9", "latitude": "53.5"}, 422, "außerhalb"),
        ({"longitude": "nan", "latitude": "x"}, 422, "Längen"),
        ({"photo": (io.BytesIO(b"<svg onload=alert(1)>"), "foto.jpg")}, 422, "kein Foto"),
        ({"photo": (io.BytesIO(b"\xff\xd8" * 15_000_000), "foto.jpg")}, 422, "30 MB"),
        ({"ticket": "made-up"}, 422, "zu alt"),
        ({"website": "https://spam.example"}, 422, "schneller"),
    ],
    ids=range(8),
)
def test_nothing_that_was_typed_is_lost_on_an_error(citizen, town, db, wrong, status, sentence):
    typed = "Ein langer Text, <script>alert(1)</script> & mehr"
    for field in wrong.values():
        if isinstance(field, tuple):
            field[0].seek(0)
    wrong = {name: (io.BytesIO(v[0].getvalue()), v[1]) if isinstance(v, tuple) else v for name, v in wrong.items()}
    answer = send(citizen, town, text=typed, **wrong)
    assert answer.status_code == status and sentence in answer.text
    assert "Ein langer Text, &lt;script&gt;alert(1)&lt;/script&gt; &amp; mehr" in answer.text
    assert "<script>alert" not in answer.text and stored(db) == []


def test_a_phase_that_is_over_says_so_and_gives_the_text_back(citizen, town, db):
    ticket = ticket_in(citizen.get(f"/participation/{town['open'].id}/new"))
    db.execute(text("update phase set ends = '2026-02-01' where kind = 'collect'"))
    db.commit()
    answer = send(citizen, town, ticket=ticket, text="Zu spät?")
    assert answer.status_code == 403 and "01.02.2026" in answer.text and "Zu spät?" in answer.text


def test_a_form_that_is_sent_twice_is_one_contribution_with_one_link(citizen, town, db):
    ticket = ticket_in(citizen.get(f"/participation/{town['open'].id}/new"))
    first, second = (send(citizen, town, ticket=ticket) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"] and len(stored(db)) == 1


def test_what_came_without_the_browsers_work_waits_for_a_moderator(app, citizen, town):
    send(citizen, town, work=False)
    page = f"/participation/{town['open'].id}?part"
    assert "wird geprüft" in citizen.get(page).text  # its author sees it
    assert "Zebrastreifen" not in app.test_client().get(page).text
    assert app.test_client().get(f"/participation/{town['open'].id}/1").status_code == 404


def test_who_writes_faster_than_a_person_is_asked_to_send_again(citizen, town, monkeypatch):
    monkeypatch.setattr(participation_tickets, "QUICKEST", 60.0)
    answer = send(citizen, town)
    assert answer.status_code == 422 and "noch einmal" in answer.text and "Zebrastreifen" in answer.text


def test_from_one_address_only_so_much_is_taken_and_no_address_is_kept(citizen, town, db):
    statuses = [send(citizen, town, category="").status_code for _ in range(21)]
    assert statuses == [422] * 20 + [429]
    assert all(b"127.0.0.1" not in key for key in participation_tickets._seen)


def test_others_rate_once_and_comment_and_links_wait_for_a_moderator(app, citizen, town, db):
    id = town["open"].id
    send(citizen, town, text="Siehe https://example.org/plan.")
    other = app.test_client()
    page = other.get(f"/participation/{id}/1")
    assert "https://example.org/plan" in page.text and 'href="https://example.org' not in page.text
    for _ in range(3):
        answer = other.post(f"/participation/{id}/1/rate", data={"ticket": ticket_in(page), "value": "1"})
        assert answer.status_code == 303
    assert "1 stimmen zu" in other.get(f"/participation/{id}/1").text
    ticket = ticket_in(other.get(f"/participation/{id}/1"))
    other.post(
        f"/participation/{id}/1/comment", data={"ticket": ticket, "work": worked(ticket), "text": "Ja, <i>bitte</i>!"}
    )
    assert "Ja, &lt;i&gt;bitte&lt;/i&gt;!" in citizen.get(f"/participation/{id}/1").text
    desk = as_(app, town["mo"])
    desk.post(f"/participation/{id}/desk/1", data={"token": TOKEN, "does": "publish"})
    assert '<a href="https://example.org/plan" rel="nofollow ugc' in citizen.get(f"/participation/{id}/1").text


def test_a_photo_is_shown_to_others_once_a_moderator_has_seen_it(app, citizen, town):
    id = town["open"].id
    send(citizen, town, photo=(io.BytesIO(jpeg()), "a.jpg"))
    photo = f"/participation/{id}/1/photo.jpg"
    desk = as_(app, town["mo"])
    assert [one.get(photo).status_code for one in (citizen, app.test_client(), desk)] == [200, 404, 200]
    desk.post(f"/participation/{id}/desk/1", data={"token": TOKEN, "does": "publish"})
    assert app.test_client().get(photo).mimetype == "image/jpeg"


def test_the_moderator_asks_back_hides_answers_and_the_citizen_reads_it_behind_the_link(app, citizen, town):
    id = town["open"].id
    own = send(citizen, town).headers["Location"].partition("?")[0]
    desk = as_(app, town["mo"])

    def do(**fields):
        return desk.post(f"/participation/{id}/desk/1", data={"token": TOKEN, **fields})

    assert "Zebrastreifen" in desk.get(f"/participation/{id}/desk?q=zebra&state=published").text
    do(does="ask", question="Wo genau?")
    assert "Wo genau?" in citizen.get(own).text and app.test_client().get(f"/participation/{id}/1").status_code == 404
    do(does="publish")
    do(does="status", status="partly")
    do(does="assign", office="Tiefbauamt")
    do(does="answer", text="Wir prüfen eine Ampel.")
    page = app.test_client().get(f"/participation/{id}/1")
    assert "teilweise übernommen" in page.text and "Wir prüfen eine Ampel." in page.text
    assert do(does="hide", reason=" ").status_code == 422
    do(does="hide", reason="Name einer Person")
    hidden = app.test_client().get(f"/participation/{id}/1").text
    assert "Name einer Person" in hidden and "Zebrastreifen" not in hidden


def test_the_history_of_a_scenario_names_the_contribution_that_led_to_a_change(app, store, citizen, town):
    id, wohnen, paul = town["open"].id, town["wohnen"].id, as_(app, town["paul"])
    send(citizen, town)
    with Session(store) as planning:
        planning.get_one(Scenario, wohnen).state = "draft"
        planning.commit()
    done = change(store, "place", "house", scenario=wohnen, height=14.0, storeys=4)
    told = {"token": TOKEN, "does": "link", "step": done.change}
    assert paul.post(f"/participation/{id}/desk/1", data=told).status_code == 303
    assert f"/participation/{id}/1" in paul.get(f"/scenarios/{wohnen}/history").text
    assert "Daraus folgte eine Änderung" in citizen.get(f"/participation/{id}/1").text


def test_only_moderators_moderate_and_only_planners_set_up(app, citizen, town):
    id = town["open"].id
    send(citizen, town)
    paul, mo = as_(app, town["paul"]), as_(app, town["mo"])
    act = {"token": TOKEN, "does": "hide", "reason": "x"}
    assert [one.post(f"/participation/{id}/desk/1", data=act).status_code for one in (paul, mo)] == [403, 303]
    assert [one.get(f"/participation/{id}/desk").status_code for one in (citizen, paul, mo)] == [303, 200, 200]
    assert [one.get(f"/participation/{id}/edit").status_code for one in (citizen, paul, mo)] == [303, 200, 403]
    draft = f"/participation/{town['draft'].id}"
    assert [one.get(draft).status_code for one in (citizen, paul, mo)] == [404, 200, 200]


def test_paper_is_keyed_in_marked_and_stored_once(app, town, db):
    desk, id = as_(app, town["mo"]), town["open"].id
    key = re.search(r'name="key" value="([^"]+)"', desk.get(f"/participation/{id}/enter").text)[1]
    sent = {"token": TOKEN, "key": key, "way": "paper", "text": "Ich hätte gern eine Bank.",
            "category": town["verkehr"], "scenario": "0"}  # fmt: skip
    for _ in range(2):
        assert desk.post(f"/participation/{id}/enter", data=sent).status_code == 303
    assert stored(db, Contribution.way) == ["paper"]
    assert "auf Papier" in desk.get(f"/participation/{id}/1").text


def test_a_planner_sets_up_a_session_and_opens_it_to_everyone(app, town, db):
    paul, project = as_(app, town["paul"]), town["project"].id
    assert "Neue Beteiligung" in paul.get(f"/projects/{project}/participation").text
    told = {"token": TOKEN, "title": "Neue Runde", "text": "Wie weiter?", "scenarios": town["wohnen"].id,
            "collect-begins": "2027-01-10", "collect-ends": "2027-02-10", "categories": "A\nB", "area": "whole",
            "question": ["Wie alt sind Sie?", ""], "choices": ["unter 18\nälter", ""],
            "moderation": "before"}  # fmt: skip
    wrong = paul.post(f"/projects/{project}/participation", data={**told, "collect-ends": "morgen"})
    assert wrong.status_code == 422 and "Neue Runde" in wrong.text and "unter 18" in wrong.text
    made = paul.post(f"/projects/{project}/participation", data=told)
    assert made.status_code == 303
    id = db.scalar(select(Participation.id).where(Participation.title == "Neue Runde"))
    db.rollback()
    assert app.test_client().get(f"/participation/{id}/about").status_code == 404
    paul.post(f"/participation/{id}/open", data={"token": TOKEN})
    page = app.test_client().get(f"/participation/{id}/about").text
    assert "10.01.2027" in page and "Neue Runde" in page
    assert app.test_client().get(f"/participation/{id}/new").status_code == 403
    other, told = town["open"], {**told, "area": "keep", "title": "Dieselbe Runde"}
    assert paul.post(f"/participation/{other.id}/edit", data=told).status_code == 303
    db.refresh(other := db.get_one(Participation, other.id))
    assert other.title == "Dieselbe Runde" and other.area.equals(at(-100, -100, 400, 400))


def test_a_session_with_a_code_takes_only_those_who_know_it(citizen, town, db):
    db.execute(text("update participation set code = 'LINDE'"))
    db.commit()
    assert send(citizen, town, code="BIRKE").status_code == 422
    assert send(citizen, town, code="LINDE").status_code == 303
    assert send(citizen, town).status_code == 303  # known from then on


def test_results_are_read_and_taken_along_without_a_person_in_them(app, citizen, town, db, tmp_path):
    id = town["open"].id
    send(citizen, town, text="=HYPERLINK(1)", layer="buildings", uid="shed-1")
    page = citizen.get(f"/participation/{id}/results")
    assert page.status_code == 200 and "Was daraus wurde" in page.text
    rows = list(
        csv.reader(io.StringIO(citizen.get(f"/participation/{id}/results.csv").text.lstrip("\ufeff")), delimiter=";")
    )
    assert len(rows) == 2 and rows[1][5] == "'=HYPERLINK(1)"
    pseudonym = stored(db, Contribution.pseudonym)[0]
    for kind in ("csv", "xlsx", "gpkg"):
        data = citizen.get(f"/participation/{id}/results.{kind}").data
        assert data and pseudonym.encode() not in data
    (tmp_path / "out.gpkg").write_bytes(data)
    read = pyogrio.raw.read(tmp_path / "out.gpkg")
    assert read[0]["fields"][0] == "number" and len(read[2]) == 1


class Postman(socketserver.StreamRequestHandler):
    """As much of an SMTP server as it takes to receive a letter."""

    letters: ClassVar[list[str]] = []

    def handle(self):
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            self.wfile.write({b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}.get(verb, b"250 ok\r\n"))
            if verb == b"DATA":
                read = iter(self.rfile.readline, b".\r\n")
                lines = [line[1:] if line.startswith(b"..") else line for line in read]
                self.letters.append(email.message_from_bytes(b"".join(lines)).get_payload(decode=True).decode())
                self.wfile.write(b"250 ok\r\n")


@pytest.fixture
def postman(app):
    Postman.letters.clear()
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Postman) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        app.config["MAIL_SERVER"] = f"127.0.0.1:{server.server_address[1]}"
        yield Postman.letters
        server.shutdown()


def test_who_leaves_an_address_and_confirms_it_is_told_of_the_answer_and_deletes_it_again(
    app, citizen, town, db, postman
):
    id, desk = town["open"].id, as_(app, town["mo"])
    own = send(citizen, town).headers["Location"].partition("?")[0]

    def leave(**fields):
        return citizen.post(f"{own}/address", data={"ticket": ticket_in(citizen.get(own)), **fields}).status_code

    def answer():
        desk.post(f"/participation/{id}/desk/1", data={"token": TOKEN, "does": "answer", "text": "Ja."})

    assert leave(address="keine Adresse\nBcc: alle@example.org") == 422
    assert leave(address="erika@example.org") == 303
    answer()
    assert len(postman) == 1  # nothing but the question whether it is hers
    confirm = re.search(r"confirm=(\S+)", postman[0])[1]
    assert leave(confirm="made-up") == 422 and leave(confirm=confirm) == 303
    answer()
    assert len(postman) == 2 and f"/participation/{id}/1" in postman[1]
    assert leave(address="") == 303
    answer()
    assert len(postman) == 2 and db.scalar(select(Personal.address)) is None


def test_the_sheet_of_paper_leads_to_the_session_by_a_qr_code(citizen, town):
    id = town["open"].id
    assert f"/participation/{id}/qr.svg" in citizen.get(f"/participation/{id}/sheet").text
    own = send(citizen, town).headers["Location"].partition("?")[0]
    for path in (f"/participation/{id}", own):
        drawn = citizen.get(f"{path}/qr.svg")
        assert drawn.mimetype == "image/svg+xml" and b"<path" in drawn.data
    assert citizen.get(f"/participation/{id}/own/guessed/qr.svg").status_code == 404


def test_a_device_for_many_people_gets_no_cookie(citizen, town):
    answer = send(citizen, town, kiosk="1")
    assert answer.status_code == 303 and "Set-Cookie" not in answer.headers


def test_nothing_is_taken_from_another_site(citizen, town):
    ticket = ticket_in(citizen.get(f"/participation/{town['open'].id}/new"))
    sent = {"ticket": ticket, "text": "x"}
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        answer = citizen.post(f"/participation/{town['open'].id}/new", data=sent, headers=headers)
        assert answer.status_code == 403


def test_the_page_of_a_session_says_it_all_without_a_script(citizen, town):
    page = citizen.get(f"/participation/{town['open'].id}?lang=en")
    assert "Was wird aus &lt;b&gt;?" in page.text and "Tap what you mean" in page.text and "Wohnen" in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "Was wird aus &lt;b&gt;?" in citizen.get("/participation").text
    for place in (f"/projects/{town['project'].id}", f"/scenarios/{town['wohnen'].id}"):
        assert "Was wird aus &lt;b&gt;?" in citizen.get(place).text
