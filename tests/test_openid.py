"""Logging in with the town hall's accounts: against a small issuer that really answers, signs and can lie."""

import base64
import hashlib
import re
import secrets
import threading
import time
from contextlib import contextmanager
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask import Flask, redirect, request
from joserfc import jwt
from joserfc.jwk import RSAKey
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from scenarios import accounts
from scenarios.permissions import may, role_of
from scenarios.project import Person
from tests.hamlet import settle
from web import create_app

SECRET = "the city's secret at the issuer"  # noqa: S105


class Issuer:
    """Says of everyone that they are `claims`; `lies` replace what the token, its key or its metadata would say."""

    def __init__(self):
        self.key, self.stolen = (RSAKey.generate_key(2048, {"kid": "k1"}) for _ in range(2))
        self.claims = {
            "sub": "4711",
            "preferred_username": "Kim.Kunze",
            "name": "Kim Kunze",
            "email": "kim@town.example",
        }
        self.lies, self.codes, self.url = {}, {}, ""
        self.signing = self.key
        self.app = Flask("issuer")
        self.app.get("/.well-known/openid-configuration")(self.metadata)
        self.app.get("/keys")(lambda: {"keys": [self.key.as_dict(private=False)]})
        self.app.get("/authorize")(self.authorize)
        self.app.post("/token")(self.token)

    def metadata(self):
        return {
            "issuer": self.url,
            "authorization_endpoint": self.url + "/authorize",
            "token_endpoint": self.url + "/token",
            "jwks_uri": self.url + "/keys",
            "response_types_supported": ["code"],
            "id_token_signing_alg_values_supported": ["none", "HS256", "RS256"],
            **self.lies.get("metadata", {}),
        }

    def authorize(self):
        asked = request.args.to_dict()
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = secrets.token_urlsafe(8)
        self.codes[code] = asked
        return redirect(f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}")

    def token(self):
        sent, asked = request.form, self.codes.pop(request.form["code"])  # a code is good once
        digest = hashlib.sha256(sent["code_verifier"].encode()).digest()
        assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == asked["code_challenge"]
        assert request.authorization is not None
        assert (request.authorization.username, request.authorization.password) == ("twin", SECRET)
        assert sent["redirect_uri"] == asked["redirect_uri"]
        claims = {
            "iss": self.url, "aud": "twin", "iat": int(time.time()), "exp": int(time.time()) + 300,
            "nonce": asked["nonce"], **self.claims, **self.lies.get("claims", {}),
        }  # fmt: skip
        signed = jwt.encode({"alg": "RS256", "kid": "k1"}, claims, self.signing)
        return {
            "access_token": "a", "token_type": "Bearer", "id_token": self.lies.get("token", lambda _: signed)(claims)
        }  # fmt: skip


@contextmanager
def served(app):
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture(scope="module")
def running():
    issuer = Issuer()
    with served(issuer.app) as issuer.url:
        yield issuer


@pytest.fixture
def issuer(running):
    running.lies, running.signing = {}, running.key
    running.claims = {"sub": "4711", "preferred_username": "Kim.Kunze", "name": "Kim Kunze"}
    return running


@pytest.fixture
def app(store, where, issuer):
    with Session(store) as db:
        settle(db)
        accounts.add_person(db, "kim.kunze", "Another Kim")
        db.commit()
    return create_app(
        DATABASE=where, SECRET_KEY="k" * 32, OPENID_ISSUER=issuer.url, OPENID_CLIENT="twin", OPENID_SECRET=SECRET,
        OPENID_NAME="Rathaus-Konto",
    )  # fmt: skip


def fetched(url):
    """The address to which the issuer sends the browser back."""
    import requests

    answer = requests.get(url, allow_redirects=False, timeout=10)
    assert answer.status_code == 302, answer.text
    back = urlsplit(answer.headers["Location"])
    return f"{back.path}?{back.query}"


def logged_in(client, next_page="/projects"):
    leaving = client.get("/login/openid", query_string={"next": next_page})
    assert leaving.status_code == 302
    return client.get(fetched(leaving.headers["Location"]))


def header(client):
    found = re.search(r'id="me">.*?<span>([^<]+)</span></summary>', client.get("/projects").text, re.S)
    return found and found[1]


def test_who_comes_with_a_town_hall_account_is_in_and_has_no_rights(app, db):
    client = app.test_client()
    assert "Rathaus-Konto" in client.get("/login").text
    assert logged_in(client).headers["Location"] == "/projects"
    assert header(client) == "Kim Kunze"
    person = db.scalar(select(Person).where(Person.subject.like("% 4711")))
    assert person.login == "kim.kunze-2"  # not the one who is called so here
    assert (person.is_administrator, person.password, role_of(person, None)) == (False, None, "everyone")
    assert not may(person, "manage")
    assert client.get("/people").status_code == 403
    assert "verwaltet der Anmeldedienst" in client.get("/account").text


def test_who_comes_again_is_the_same_person_whatever_they_are_called_now(app, issuer, db):
    logged_in(app.test_client())
    issuer.claims = {"sub": "4711", "preferred_username": "kim.neu", "name": "Kim Neu"}
    client = app.test_client()
    logged_in(client)
    assert header(client) == "Kim Kunze"
    assert len(db.scalars(select(Person).where(Person.subject.is_not(None))).all()) == 1
    db.rollback()
    issuer.claims = {"sub": "4712", "preferred_username": "kim.kunze", "name": "Kim Kunze"}
    logged_in(app.test_client())
    assert len(db.scalars(select(Person).where(Person.subject.is_not(None))).all()) == 2


def unsigned(claims):
    return jwt.encode({"alg": "none"}, claims, None, algorithms=["none"])


LIES = {
    "wrong nonce": {"claims": {"nonce": "another"}},
    "expired": {"claims": {"exp": int(time.time()) - 600, "iat": int(time.time()) - 900}},
    "for another city": {"claims": {"aud": "another"}},
    "of another issuer": {"claims": {"iss": "https://evil.example"}},
    "without a subject": {"claims": {"sub": None}},
    "unsigned": {"token": unsigned},
    "no token": {"token": lambda claims: "a.b.c"},
}


@pytest.mark.parametrize("lie", [*LIES, "wrong signature"])
def test_a_token_that_is_not_the_issuers_word_is_refused_with_a_sentence(app, issuer, db, lie):
    issuer.lies = LIES.get(lie, {})
    if lie == "wrong signature":
        issuer.signing = issuer.stolen
    client = app.test_client()
    answer = logged_in(client)
    assert answer.status_code == 401
    assert "Anmeldung beim Anmeldedienst ist nicht gelungen" in answer.text
    assert header(client) is None
    assert not db.scalar(select(Person.id).where(Person.subject.is_not(None)))


def test_an_issuer_that_calls_itself_something_else_is_not_believed(app, issuer):
    issuer.lies = {"metadata": {"issuer": "https://evil.example"}, "claims": {"iss": "https://evil.example"}}
    assert logged_in(app.test_client()).status_code == 401


def test_a_code_that_was_sent_to_another_browser_is_refused(app):
    mine, other = app.test_client(), app.test_client()
    way_back = fetched(mine.get("/login/openid").headers["Location"])
    assert other.get(way_back).status_code == 401
    wrong_state = way_back.replace(parse_qs(urlsplit(way_back).query)["state"][0], "guessed")
    assert mine.get(wrong_state).status_code == 401
    assert mine.get("/login/openid/back?error=access_denied").status_code == 401
    assert mine.get(way_back).status_code == 303
    assert mine.get(way_back).status_code == 401  # good once


def test_who_was_deactivated_here_does_not_come_in_by_the_other_door(app, store):
    logged_in(app.test_client())
    with Session(store) as db:
        accounts.deactivate(db, db.scalar(select(Person).where(Person.subject.is_not(None))))
        db.commit()
    client = app.test_client()
    answer = logged_in(client)
    assert answer.status_code == 401
    assert "gesperrt" in answer.text
    assert header(client) is None


def test_an_issuer_that_is_away_is_said_to_be(store, where):
    app = create_app(DATABASE=where, SECRET_KEY="k" * 32, OPENID_ISSUER="http://127.0.0.1:9", OPENID_CLIENT="twin")
    answer = app.test_client().get("/login/openid")
    assert answer.status_code == 401
    assert "nicht gelungen" in answer.text


def test_without_an_issuer_there_is_no_such_door(store, where):
    client = create_app(DATABASE=where, SECRET_KEY="k" * 32).test_client()
    assert client.get("/login/openid").status_code == 404
    assert "openid" not in client.get("/login").text
