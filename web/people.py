"""Who is asking: logging in and out, the login's end, one's own account, and the people of the city."""

import re
import secrets
import time
from hmac import compare_digest
from typing import Any

from flask import Blueprint, Flask, Response, g, redirect, render_template, request, session, url_for
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import select
from werkzeug.middleware.proxy_fix import ProxyFix

from scenarios import accounts
from scenarios.permissions import allow, may
from scenarios.project import Person, Project
from scenarios.tokens import person_of_token
from twin.errors import BadValue, LoginNeeded, NotFound, TwinError
from twin.feature import Scenario, Words
from web.asked import db, find_scenario
from web.errors import STATUS, sentence_of
from web.language import language, said
from web.secret import kept_secret

people = Blueprint("people", __name__)

IDLE = 8 * 3600  # seconds without a request after which a login has run out
LARGEST = 2**31  # no number of ours is as large, and PostgreSQL asks no further
NOTED = 300  # seconds between two notes of when the person was last here: not each answer bears a cookie


class _Cookie(SecureCookieSessionInterface):
    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure


def person() -> Person | None:
    """Who is logged in; nobody while a one-time password waits to be changed."""
    found = newcomer()
    return None if found is None or found.must_change else found


def newcomer() -> Person | None:
    """Who is logged in, perhaps with a one-time password only."""
    if "person" not in g:
        g.person = _known()
    return g.person


def ran_out() -> bool:
    """Was somebody logged in with this browser, and is no longer?"""
    return "person" in session and newcomer() is None


def require(verb: str, project: Project | None = None, scenario: Scenario | None = None) -> Any:
    """The person who may do this, nobody where everyone may; else what is missing: a login, the right, or all of it."""
    who = person()
    if may(who, verb, project, scenario):
        return who
    if who is None:
        raise LoginNeeded(login_words())
    if (project or scenario) and not may(who, "see", project, scenario):
        raise NotFound(Words("Das gibt es hier nicht.", "There is no such thing here."))
    allow(who, verb, project, scenario)
    return who


def refuse_strangers() -> None:
    """An address of a scenario that one may not see is no address, whatever else it asks."""
    rule = request.url_rule
    if rule is not None and re.match(r"/(api/|ogc/)?(scenarios|tiles)/<int:id>", rule.rule):
        find_scenario((request.view_args or {})["id"])


def check_seen(found: Scenario | None) -> bool:
    """May whoever asks see the scenario? Says when a login ran out, before it says that nothing is there."""
    if found is not None and may(None, "see", None, found):
        return True  # without a look at the session: what is open to all may be kept by all
    g.members_only = True
    if ran_out():
        raise LoginNeeded(login_words())
    return found is not None and may(person(), "see", None, found)


@people.route("/login", methods=["GET", "POST"])
def login():
    if request.method == "GET":
        told = said(login_words()) if ran_out() else None
        return render_template("login.html", next=wanted(), said=told, login="")
    typed, password = request.form.get("login", "")[:200], request.form.get("password", "")
    address = request.remote_addr or ""
    try:
        accounts.count_attempt(db(), typed, address)
        db().commit()
        found = accounts.person_of(db(), typed, password)
        if found is None:
            raise LoginNeeded(Words("Name oder Passwort stimmt nicht.", "The name or the password is wrong."))
    except TwinError as error:
        told = render_template("login.html", next=wanted(), said=sentence_of(error), login=typed)
        return told, STATUS[type(error)]
    accounts.forget_attempts(db(), typed, address)
    return enter(found, wanted())


def enter(found: Person, to: str) -> Response:
    """Logs in: a new session, so that one that somebody else prepared is worth nothing.

    Who comes back after their login ran out keeps the token: the form that they were filling in can be sent again.
    """
    lang = language()
    own = session.get("token") if session.get("person") == found.id else None
    session.clear()
    session.update(person=found.id, mark=found.session, seen=int(time.time()), token=own or secrets.token_urlsafe(16))
    must_change = found.must_change
    db().commit()
    if must_change:
        to = url_for("people.account", next=to, lang=lang)
    return redirect(to or url_for("projects.overview", lang=lang), 303)  # type: ignore[return-value]


@people.post("/logout")
def logout():
    session.clear()
    return redirect(url_for("pages.start", lang=language()), 303)


@people.get("/account")
def account():
    return _account()


@people.post("/account/password")
def change_password():
    who = _own()
    typed = request.form.get("new", "")
    try:
        accounts.count_attempt(db(), who.login, request.remote_addr or "")
        db().commit()
        if typed != request.form.get("again", ""):
            raise BadValue(Words("Die beiden neuen Passwörter sind verschieden.", "The two new passwords differ."))
        accounts.change_password(who, request.form.get("old", ""), typed)
    except TwinError as error:
        return _account(sentence_of(error)), STATUS[type(error)]
    accounts.forget_attempts(db(), who.login, request.remote_addr or "")
    return enter(who, wanted())


@people.post("/account/name")
def change_name():
    who = require_login()
    who.name = accounts.fit_name(request.form.get("name", ""))
    db().commit()
    return redirect(url_for("people.account", lang=language()), 303)


@people.post("/account/logout-everywhere")
def logout_everywhere():
    accounts.log_out_everywhere(require_login())
    db().commit()
    return logout()


@people.get("/people")
def everybody():
    require("administer")
    return _everybody()


@people.post("/people")
def add():
    require("administer")
    new, password = accounts.add_person(
        db(), request.form.get("login", ""), request.form.get("name", ""), administrator="administrator" in request.form
    )
    db().commit()
    return _everybody(new, password), 201


@people.post("/people/<int:id>/<any(reset, deactivate, activate, pseudonymise, promote, demote):deed>")
def change(id: int, deed: str):
    require("administer")
    found = find_person(id)
    password = _DEEDS[deed](found)
    db().commit()
    return _everybody(found, password) if password else redirect(url_for("people.everybody", lang=language()), 303)


_DEEDS: dict[str, Any] = {
    "reset": accounts.reset,
    "deactivate": lambda found: accounts.deactivate(db(), found),
    "activate": lambda found: setattr(found, "is_active", True),
    "pseudonymise": lambda found: accounts.pseudonymise(db(), found),
    "promote": lambda found: accounts.set_administrator(db(), found, True),
    "demote": lambda found: accounts.set_administrator(db(), found, False),
}


def find_person(id: int) -> Person:
    found = db().get(Person, id) if abs(id) < LARGEST else None
    if found is None:
        raise NotFound(Words(f"Hier gibt es niemanden mit der Nummer {id}.", f"There is nobody with the number {id}."))
    return found


def require_login() -> Person:
    who = person()
    if who is None:
        raise LoginNeeded(login_words())
    return who


def wanted() -> str:
    """Where the person was going: a page of ours, never another site's."""
    to = request.values.get("next", "")
    ours = to.startswith("/") and not to.startswith(("//", "/\\")) and to.isprintable() and "\\" not in to
    return to if ours and len(to) <= 2000 else ""


def login_link() -> str:
    """The login page, which leads back to this one."""
    here = request.full_path.rstrip("?") if request.method == "GET" else ""
    return url_for("people.login", next=here if request.endpoint != "people.login" else None, lang=language())


def note_presence(response: Response) -> Response:
    """Keeps the login alive, and what members alone see out of caches that others share."""
    known = g.get("person")
    if known is not None or g.get("members_only"):
        response.cache_control.public = False
        response.cache_control.private = True
        if known is not None and response.mimetype == "text/html":
            response.cache_control.no_cache = True
    if known is not None and "person" in session and time.time() - session.get("seen", 0) > NOTED:
        session["seen"] = int(time.time())
    return response


def init_app(app: Flask) -> None:
    proxies = app.config["PROXIES"]
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)  # type: ignore[method-assign]
    app.secret_key = app.config["SECRET_KEY"] or kept_secret()
    app.session_interface = _Cookie()
    app.config.update(SESSION_COOKIE_NAME="twin", SESSION_COOKIE_SAMESITE="Lax")
    app.before_request(refuse_strangers)
    app.after_request(note_presence)
    app.register_blueprint(people)
    if app.config["OPENID_ISSUER"]:
        from web import openid  # only where it is wanted: its libraries take a while to import

        openid.init_app(app)
    app.jinja_env.globals.update(person=person, login_link=login_link, may=may)


def _known() -> Person | None:
    if request.authorization is not None and request.authorization.type == "bearer":
        return person_of_token(db(), request.authorization.token or "")  # a program; it has no cookie
    if "person" not in session:
        return None
    try:
        found = db().get(Person, session["person"])
    except TwinError:  # without a store there is nobody
        return None
    if found is None or not found.is_active or time.time() - session.get("seen", 0) > IDLE:
        return None
    return found if found.session and compare_digest(found.session, session.get("mark", "")) else None


def _own() -> Person:
    who = newcomer()
    if who is None:
        raise LoginNeeded(login_words())
    return who


def _account(told: str | None = None) -> str:
    return render_template("account.html", who=_own(), said=told, next=wanted())


def _everybody(about: Person | None = None, password: str | None = None) -> str:
    found = db().scalars(select(Person).order_by(Person.is_active.desc(), Person.name, Person.id)).all()
    return render_template("people.html", people=found, about=about, password=password)


def login_words() -> Words:
    if "person" in session:
        return Words(
            "Ihre Anmeldung ist abgelaufen. Melden Sie sich neu an; verloren ist nichts.",
            "Your login ran out. Log in again; nothing is lost.",
        )
    return Words("Melden Sie sich zuerst an.", "Log in first.")
