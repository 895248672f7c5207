"""Another program hears of what was published and of what citizens say, once it is there for all."""

import json
import queue
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scenarios.participation.contributing import Said, contribute
from scenarios.participation.tables import Participation
from scenarios.project import Project
from tests.hamlet import TOKEN, as_planner, hold_session, planner, settle
from twin.feature import Scenario
from web import create_app
from web.webhooks import signature

in_a_file = pytest.mark.parametrize("where", ["geopackage"], indirect=True)


@pytest.fixture
def heard():
    """(address, what was told) of a program that listens."""
    told: queue.Queue = queue.Queue()

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self):
            told.put((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Listener)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/news", told
    server.shutdown()
    thread.join()
    server.server_close()


@in_a_file
def test_a_published_scenario_and_a_contribution_are_told_and_signed(store, where, heard):
    address, told = heard
    with Session(store) as db:
        settle(db)
        db.add_all([planner(), Project(id=1, title="Kai")])
        db.flush()
        db.add_all([Scenario(id=1, title="Kai 2040", project_id=1, state="published"),
                    Scenario(id=2, title="Kai 2050", project_id=1)])  # fmt: skip
        db.flush()
        hold_session(db)
        db.commit()
    app = create_app(DATABASE=where, WEBHOOKS=[address], WEBHOOK_SECRET="between us")  # noqa: S106
    page = as_planner(app)
    assert page.post("/scenarios/2/rename", data={"token": TOKEN, "title": "Kai 2060"}).status_code == 303
    assert page.post("/scenarios/2/publish", data={"token": TOKEN}).status_code == 303
    heads, body = told.get(timeout=60)
    news = json.loads(body)
    assert (news["event"], news["scenario"], news["title"]) == ("scenario.published", 2, "Kai 2060")
    assert heads["X-Twin-Signature"] == signature("between us", body)
    assert news["address"] == "http://localhost/scenarios/2"
    assert told.empty()  # of the new name nobody was told
    with app.test_request_context(), Session(store) as db:
        meeting = db.scalars(select(Participation)).one()
        said = Said("Ein Café, bitte.", scenario=1, category=1, shape=None, place="")
        contribute(db, meeting, said, pseudonym="p7", ticket="t7", secret="secret-7", trusted=True)  # noqa: S106
        db.commit()
    news = json.loads(told.get(timeout=60)[1])
    assert (news["event"], news["participation"]) == ("contribution.new", meeting_number(news))
    assert "Café" not in json.dumps(news)  # what a citizen says is read here, where it is moderated


def meeting_number(news):
    return int(news["address"].rpartition("/")[2])
