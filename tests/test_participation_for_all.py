"""Participation as it happens, in Leichte Sprache, by invitation; news by e-mail, own data, the council's report."""
# ruff: noqa: F811  # fixtures of another file are asked for by name

import datetime as dt
import io
import json
import re
import time
from itertools import islice

import pytest
from sqlalchemy import select, text, update

from scenarios.participation.tables import Contribution, Personal
from tests.hamlet import EAST, NORTH, TOKEN
from tests.test_participation_pages import (  # noqa: F401  # fixtures among them
    app,
    as_,
    citizen,
    jpeg,
    postman,
    send,
    stored,
    ticket_in,
    town,
    worked,
)
from twin.projection import LONLAT, transformer
from web import daily, participation_news
from web.participation_simple import SIMPLE
from web.participation_words import FOR_CITIZENS, PHASE_WORDS, STATE_WORDS

WITHIN = 2  # seconds in which each who watches sees what was said


def degrees(x, y):
    longitude, latitude = transformer(25832, LONLAT).transform(EAST + x, NORTH + y)
    return f"{longitude:.6f},{latitude:.6f}"


def watching(client, town):
    answer = client.get(f"/api/participation/{town['open'].id}/events")
    assert (answer.status_code, answer.mimetype) == (200, "text/event-stream")
    stream = iter(answer.response)
    assert next(stream).decode().startswith("retry:")
    return answer, stream


def heard(stream):
    """What the next event says of each contribution."""
    for part in islice(stream, 5):
        lines = dict(line.split(": ", 1) for line in part.decode().strip().split("\n") if line[0] != ":")
        if lines.get("event") == "contributions":
            return json.loads(lines["data"])
    return pytest.fail("nothing was heard")


def test_who_watches_sees_what_is_said_within_two_seconds_and_what_is_taken_back(app, citizen, town):
    answer, stream = watching(app.test_client(), town)
    own = send(citizen, town, layer="buildings", uid="house").headers["Location"].partition("?")[0]
    began = time.monotonic()
    (told,) = heard(stream)
    assert time.monotonic() - began < WITHIN
    assert (told["number"], told["text"], told["category"]) == (1, "Bitte ein Zebrastreifen.", "Verkehr")
    assert 8.9 < told["longitude"] < 9.1 and told["about"] == town["wohnen"].id and "pseudonym" not in told
    page = app.test_client().get(f"/participation/{town['open'].id}/1")
    citizen.post(f"/participation/{town['open'].id}/1/rate", data={"ticket": ticket_in(page), "value": "1"})
    assert heard(stream)[0]["agree"] == 1
    citizen.post(f"{own}/withdraw", data={"ticket": ticket_in(citizen.get(own))})
    assert heard(stream) == [{"number": 1, "gone": True}]
    answer.close()


def test_what_waits_is_told_to_nobody_and_a_closed_session_falls_silent(app, citizen, town):
    answer, stream = watching(app.test_client(), town)
    send(citizen, town, work=False)
    assert heard(stream) == [{"number": 1, "gone": True}]
    as_(app, town["paul"]).post(f"/participation/{town['open'].id}/close", data={"token": TOKEN})
    assert list(stream) == []
    answer.close()
    assert app.test_client().get(f"/api/participation/{town['open'].id}/events").status_code == 404


def test_a_thousand_who_watch_cost_one_look(app, citizen, town, monkeypatch):
    looks = []
    look = participation_news.Watchers._look
    monkeypatch.setattr(participation_news.Watchers, "_look", lambda self, id: (looks.append(id), look(self, id))[1])
    all_of_them = [watching(app.test_client(), town) for _ in range(30)]
    send(citizen, town)
    assert {heard(stream)[0]["text"] for _, stream in all_of_them} == {"Bitte ein Zebrastreifen."}
    assert len(looks) < 15
    for answer, _ in all_of_them:
        answer.close()
    monkeypatch.setattr(participation_news, "MOST_WATCHERS", 0)
    assert app.test_client().get(f"/api/participation/{town['open'].id}/events").status_code == 503


def test_a_line_and_an_area_are_drawn_on_the_map(citizen, town, db):
    corners = [degrees(0, 0), degrees(30, 0), degrees(30, 40)]
    send(citizen, town, drawn=" ".join(corners))
    send(citizen, town, drawn=" ".join([*corners, corners[0]]))
    line, area = stored(db, Contribution.shape)
    assert (line.geom_type, round(line.length)) == ("LineString", 70)
    assert (area.geom_type, round(area.area)) == ("Polygon", 600)
    found = citizen.get(f"/api/participation/{town['open'].id}/contributions").json["pins"]
    assert [(pin["closed"], len(pin["corners"])) for pin in found] == [(False, 3), (True, 4)]
    page = citizen.get(f"/participation/{town['open'].id}?part").text
    assert "Linie, 70 m" in page and "Fläche, 600 m²" in page
    results = citizen.get(f"/participation/{town['open'].id}/results")
    assert results.text.partition('class="where')[2].count('<path d="M') == 2
    assert "Fläche;;600" in citizen.get(f"/participation/{town['open'].id}/results.csv").text


def test_a_line_and_an_area_are_named_without_a_map(citizen, town, db):
    send(citizen, town, place="Kai, Zollhaus", to="Kaiweg")
    send(citizen, town, place="Kai, Zollhaus", around="50")
    line, area = stored(db, Contribution.shape)
    assert line.geom_type == "LineString" and round(line.length) == 30
    assert area.geom_type == "Polygon" and 7_500 < area.area < 7_854
    assert stored(db, Contribution.place) == ["Kai, Zollhaus – Kaiweg", "Kai, Zollhaus"]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"drawn": "9.0,53.5 x"}, "2 bis 200 Ecken"), ({"drawn": "9.0,53.5"}, "2 bis 200 Ecken"),
        ({"drawn": "nan,53.5 9,53.5"}, "2 bis 200 Ecken"), ({"drawn": "9,53.5 9.1,53.5 " * 101}, "2 bis 200 Ecken"),
        ({"place": "Kaiweg", "to": "Nirgendwo"}, "Nirgendwo"), ({"place": "Kaiweg", "around": "9999"}, "1 bis 2000"),
        ({"place": "irgendwo", "around": "50"}, "irgendwo"),
    ],
)  # fmt: skip
def test_a_drawing_that_cannot_be_is_refused_and_the_text_stays(citizen, town, db, wrong, sentence):
    answer = send(citizen, town, text="Mein langer Text", **wrong)
    assert answer.status_code == 422 and sentence in answer.text and "Mein langer Text" in answer.text
    assert stored(db) == []


def test_the_pages_of_citizens_speak_leichte_sprache_and_go_on_in_it(app, citizen, town, db):
    id = town["open"].id
    db.execute(text("update participation set simple = 'Hier steht ein altes Haus.', text_en = 'Have your say.'"))
    db.commit()
    page = citizen.get(f"/participation/{id}?lang=leicht").text
    assert SIMPLE["p-say-without"] in page and "Hier steht ein altes Haus." in page and '<html lang="de"' in page
    assert f"/participation/{id}/about?lang=leicht" in page
    assert "Have your say." in citizen.get(f"/participation/{id}?lang=en").text
    assert "Reden Sie mit." in citizen.get(f"/participation/{id}").text
    form = citizen.get(f"/participation/{id}/new?lang=leicht").text
    assert SIMPLE["p-photo"] in form and SIMPLE["p-send"] in form
    assert "lang=leicht" not in citizen.get("/projects?lang=leicht").text


def test_every_word_that_a_citizen_meets_is_also_said_in_leichte_sprache():
    meant = {*PHASE_WORDS, *STATE_WORDS, *FOR_CITIZENS} - {"p-simple", "p-not-simple"}
    assert meant - set(SIMPLE) == set()
    for key, told in SIMPLE.items():
        for sentence in re.split(r"[.?!:…] ?", told):
            assert len(sentence.split()) <= 14, (key, sentence)


def test_who_is_invited_takes_part_with_a_code_of_their_own(app, citizen, town, db):
    id, paul = town["open"].id, as_(app, town["paul"])
    db.execute(text("update participation set invited = :yes"), {"yes": True})
    db.commit()
    made = paul.post(f"/participation/{id}/invitations", data={"token": TOKEN, "count": "3"}).text
    codes = re.findall(r"\b[2-9A-Z]{4}-[2-9A-Z]{4}\b", made)
    assert len(codes) == 3 and codes[0] not in paul.get(f"/participation/{id}/invitations").text
    refused = send(citizen, town, code="ABCD-2345", text="Mein Text")
    assert refused.status_code == 422 and "Mein Text" in refused.text
    assert send(citizen, town, code=codes[0], category="").status_code == 422  # the code is not used up by an error
    assert send(citizen, town, code=codes[0]).status_code == 303
    assert send(citizen, town).status_code == 303  # known from then on
    used = send(app.test_client(), town, code=codes[0])
    assert used.status_code == 422 and "schon benutzt" in used.text
    assert "3 Codes, 1 davon benutzt" in paul.get(f"/participation/{id}/invitations").text
    assert paul.post(f"/participation/{id}/invitations", data={"token": TOKEN, "count": "x"}).status_code == 422
    assert as_(app, town["mo"]).get(f"/participation/{id}/invitations").status_code == 403


def test_pictures_say_what_a_session_is_about(app, citizen, town):
    id, paul = town["open"].id, as_(app, town["paul"])

    def add(data, caption):
        sent = {"token": TOKEN, "picture": (io.BytesIO(data), "a.jpg"), "caption": caption}
        return paul.post(f"/participation/{id}/pictures", data=sent).status_code

    assert [add(b"<svg>", "Die Halle"), add(jpeg(), " "), add(jpeg(), "Die <b>Halle")] == [422, 422, 303]
    assert 'alt="Die &lt;b&gt;Halle"' in citizen.get(f"/participation/{id}").text
    picture = citizen.get(f"/participation/{id}/pictures/1.jpg")
    assert picture.mimetype == "image/jpeg" and b"Erika" not in picture.data
    assert citizen.get(f"/participation/{town['draft'].id}/pictures/1.jpg").status_code == 404
    assert citizen.post(f"/participation/{id}/pictures/1/delete").status_code != 303
    paul.post(f"/participation/{id}/pictures/1/delete", data={"token": TOKEN})
    assert citizen.get(f"/participation/{id}/pictures/1.jpg").status_code == 404


def subscribe(citizen, town, **fields):
    page = f"/participation/{town['open'].id}/subscribe"
    ticket = ticket_in(citizen.get(page))
    return citizen.post(page, data={"ticket": ticket, "work": worked(ticket), "metres": "50", **fields})


def test_news_come_by_mail_to_who_confirms_and_end_with_one_click(app, citizen, town, db, postman):
    assert subscribe(citizen, town, address="keine").status_code == 422
    lost = subscribe(citizen, town, address="erika@example.org", place="Nirgendwo")
    assert lost.status_code == 422 and "erika@example.org" in lost.text
    assert subscribe(citizen, town, address="erika@example.org", place="Kaiweg").status_code == 303
    link = re.search(r"http://\S+(/participation/\S+)", postman[0])[1]
    send(citizen, town, layer="streets", uid="lane")
    daily.run(app)
    assert len(postman) == 1  # nobody has confirmed yet

    def press(**fields):
        return citizen.post(link, data={"ticket": ticket_in(citizen.get(link)), **fields}).status_code

    assert press(confirm="1") == 303
    db.execute(update(Personal).where(Personal.metres.is_not(None)).values(told_at=dt.datetime(2026, 1, 1)))
    db.commit()
    daily.run(app)
    daily.run(app)  # another process on the same day
    assert len(postman) == 2 and "Bitte ein Zebrastreifen." in postman[1] and link in postman[1]
    assert press(end="1") == 303 and citizen.get(link).status_code == 404
    assert db.scalar(select(Personal.id).where(Personal.address.is_not(None))) is None


def test_one_reads_takes_along_and_deletes_what_is_kept_of_oneself(app, citizen, town, db):
    id = town["open"].id
    page = f"/participation/{id}/my-data"
    assert "nichts gespeichert" in citizen.get(page).text and citizen.get(f"{page}.json").status_code == 404
    own = send(citizen, town).headers["Location"].partition("?")[0]
    send(app.test_client(), town, text="Von jemand anderem")
    assert "Zebrastreifen" in citizen.get(page).text
    taken = json.loads(citizen.get(f"{page}.json").text)
    assert [one["text"] for one in taken["contributions"]] == ["Bitte ein Zebrastreifen."]
    elsewhere, secret = app.test_client(), own.rpartition("/")[2]
    found = elsewhere.get(f"{page}?secret={secret}")
    assert "Zebrastreifen" in found.text and found.headers["Cache-Control"] == "no-store"
    done = elsewhere.post(page, data={"ticket": ticket_in(found), "secret": secret})
    assert done.status_code == 303 and "twin-participation" in done.headers["Set-Cookie"]
    assert stored(db, Contribution.text) == ["", "Von jemand anderem"]
    assert citizen.get(own).status_code == 404 and "nichts gespeichert" not in citizen.get(f"{page}?gone").text


def test_the_council_gets_a_report_to_read_and_as_pdf(app, citizen, town):
    id, desk = town["open"].id, as_(app, town["mo"])
    send(citizen, town, text="Bitte <b>Bäume</b> & Bänke\n" + "sehr lang " * 250, layer="buildings", uid="house")
    send(citizen, town, drawn=f"{degrees(0, 0)} {degrees(30, 0)}")
    desk.post(f"/participation/{id}/desk/1", data={"token": TOKEN, "does": "answer", "text": "Ja → gern. 👍"})
    page = citizen.get(f"/participation/{id}/report")
    assert page.status_code == 200 and "Bitte &lt;b&gt;Bäume" in page.text and "Ja → gern." in page.text
    pdf = citizen.get(f"/participation/{id}/report.pdf")
    assert pdf.mimetype == "application/pdf" and pdf.data.startswith(b"%PDF") and len(pdf.data) > 2500
    assert citizen.get(f"/participation/{town['draft'].id}/report.pdf").status_code == 404


def test_the_presenters_screen_is_for_staff_and_counts_what_polls_say(app, citizen, town, db):
    id = town["open"].id
    question = db.scalar(text("select id from question order by id limit 1"))
    db.rollback()
    send(citizen, town, **{f"reply-{question}": "Rad"})
    mo = as_(app, town["mo"])
    assert [one.get(f"/participation/{id}/present").status_code for one in (citizen, mo)] == [303, 200]
    told = mo.get(f"/api/participation/{id}/results").json
    assert told["contributions"] == 1
    assert told["polls"][0]["choices"] == [{"choice": "zu Fuß", "count": 0}, {"choice": "Rad", "count": 1}]
    db.execute(text("delete from phase where kind = 'results'"))
    db.commit()
    statuses = [one.get(f"/api/participation/{id}/results").status_code for one in (citizen, mo)]
    assert statuses == [403, 200]


def test_personal_data_go_on_their_day_without_anybodys_doing(app, citizen, town, db):
    own = send(citizen, town).headers["Location"].partition("?")[0]
    assert daily.run(app) == 0 and citizen.get(own).status_code == 200
    db.execute(update(Personal).values(delete_on=dt.date(2026, 1, 1)))
    db.commit()
    assert app.extensions["twin_daily"] is None  # a test is no server
    citizen.get("/participation", environ_overrides={"SERVER_SOFTWARE": "gunicorn/23"})
    for _ in range(100):
        if citizen.get(own).status_code == 404:
            break
        time.sleep(0.05)
    assert citizen.get(own).status_code == 404 and stored(db, Contribution.text) == ["Bitte ein Zebrastreifen."]
