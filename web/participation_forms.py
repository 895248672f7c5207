"""The form in which a citizen says something, and the page behind their secret link."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Flask, redirect, render_template, request, url_for
from sqlalchemy import select

from scenarios.participation import contributing, sessions
from scenarios.participation.allowed import permit
from scenarios.participation.contributing import Said
from scenarios.participation.photos import LARGEST, made_anew
from scenarios.participation.tables import Answer, Contribution, Participation, Reply
from scenarios.project import Person
from twin.errors import BadValue, TwinError
from twin.feature import Words
from twin.store import begin_writing
from web.asked import db
from web.errors import STATUS, sentence_of
from web.language import language
from web.participation import about, entries, find_session, with_ticket
from web.participation_place import asked_place, asked_scenario, place_of
from web.participation_tickets import (
    check_code,
    check_pace,
    check_ticket,
    new_ticket,
    pseudonym,
    remember,
    secret_of,
    ticket_for_again,
)
from web.people import person

forms = Blueprint("participation_forms", __name__)

MOST_BYTES = 40_000_000  # of a form: a photo that is too large is told so with the text still there


def with_photo(view: Callable) -> Callable:
    """The view takes more bytes than others do (web/contract.py)."""
    view.most_bytes = MOST_BYTES  # type: ignore[attr-defined]
    return view


@forms.route("/participation/<int:id>/new", methods=["GET", "POST"])
@with_photo
@with_ticket
def new(id: int):
    """The empty form, about what was tapped; or what it says, stored."""
    if request.method == "GET":
        session = find_session(id)
        permit(person(), "contribute", session)
        return _form(session, {"scenario": str(about(session, light=True)["scenario"].id), **request.args.to_dict()})
    begin_writing(db())
    session = find_session(id)
    try:
        permit(person(), "contribute", session)
        check_pace("say")
        ticket = check_ticket(session)
        check_code(session)
        secret = secret_of(ticket)
        contributing.contribute(
            db(), session, said_in_form(session), pseudonym=pseudonym(session), ticket=ticket.nonce, secret=secret,
            trusted=ticket.trusted,
        )  # fmt: skip
    except TwinError as error:
        db().rollback()
        return _form(find_session(id), request.form, error)
    db().commit()
    to = url_for("participation_forms.own", id=id, secret=secret, new="", lang=language())
    return remember(redirect(to, 303), session)  # type: ignore[arg-type]


@forms.route("/participation/<int:id>/own/<secret>", methods=["GET", "POST"])
@with_photo
@with_ticket
def own(id: int, secret: str):
    """What one has said, what became of it, and the form to say it anew."""
    if request.method == "GET":
        session = find_session(id)
        return _own(session, contributing.mine(db(), session, secret), secret)
    begin_writing(db())
    session = find_session(id)
    mine = contributing.mine(db(), session, secret)
    try:
        permit(person(), "amend", session)
        ticket = check_ticket(session)
        contributing.amend(db(), session, mine, said_in_form(session), trusted=ticket.trusted)
    except TwinError as error:
        db().rollback()
        session = find_session(id)
        return _own(session, contributing.mine(db(), session, secret), secret, error)
    db().commit()
    return redirect(url_for("participation_forms.own", id=id, secret=secret, saved="", lang=language()), 303)


@forms.post("/participation/<int:id>/own/<secret>/withdraw")
@with_ticket
def withdraw(id: int, secret: str):
    begin_writing(db())
    session = find_session(id)
    mine = contributing.mine(db(), session, secret)
    check_ticket(session, quickest=0)
    contributing.withdraw(db(), mine)
    db().commit()
    return redirect(url_for("participation.about_page", id=id, withdrawn="", lang=language()), 303)


def said_in_form(session: Participation, way: str = "online") -> Said:
    """Raises TwinError."""
    fields, scenario = request.form, asked_scenario()
    place = asked_place(scenario, fields)
    category = fields.get("category", "")
    return Said(
        text=fields.get("text", ""), scenario=scenario, category=int(category) if category.isdecimal() else None,
        shape=place.shape, layer=place.layer, uid=place.uid, place=place.title, photo=_photo(), way=way,
        replies={one.id: fields.get(f"reply-{one.id}", "") for one in sessions.questions_of(db(), session)},
    )  # fmt: skip


def form_told(session: Participation, typed: Any) -> dict[str, Any]:
    """What the form of a contribution shows."""
    told = about(session, light=True)
    try:
        place = asked_place(asked_scenario(), typed)
    except TwinError:
        place = asked_place(0, {})
    return {
        **told,
        "typed": typed,
        "place": place,
        "categories": sessions.categories_of(db(), session),
        "questions": sessions.questions_of(db(), session),
        "most": contributing.TEXT,
        "most_megabytes": LARGEST // 1_000_000,
    }


def init_app(app: Flask) -> None:
    app.register_blueprint(forms)


def _photo() -> bytes | None:
    file = request.files.get("photo")
    data = file.stream.read() if file and file.filename else b""
    if file and file.filename and not data:
        raise BadValue(Words("Das Foto ist leer. Bitte wählen Sie es neu.", "The photo is empty. Choose it anew."))
    return made_anew(data) if data else None


def _form(session: Participation, typed: Any, error: TwinError | None = None):
    page = render_template(
        "contribution_new.html", said=sentence_of(error) if error else None,
        **{**form_told(session, typed), "ticket": ticket_for_again(session) if error else new_ticket(session)},
    )  # fmt: skip
    return (page, STATUS[type(error)]) if error else page


def _own(session: Participation, mine: Contribution, secret: str, error: TwinError | None = None):
    typed = request.form if error else _as_typed(mine)
    who = db().execute(select(Answer, Person.name).outerjoin(Person, Person.id == Answer.person_id)
                       .where(Answer.contribution_id == mine.id).order_by(Answer.id)).all()  # fmt: skip
    page = render_template(
        "contribution_own.html", one=mine, entry=entries(session, [mine])[0], answered=who, secret=secret,
        said=sentence_of(error) if error else None, pin=place_of(mine),
        personal=contributing.personal_of(db(), mine),
        **{**form_told(session, typed), "ticket": ticket_for_again(session) if error else new_ticket(session)},
    )  # fmt: skip
    return (page, STATUS[type(error)]) if error else page


def _as_typed(mine: Contribution) -> dict[str, str]:
    replies = db().execute(select(Reply.question_id, Reply.text).where(Reply.contribution_id == mine.id)).all()
    return {
        "text": mine.text, "category": str(mine.category_id or ""), "scenario": str(mine.scenario),
        "layer": mine.layer or "", "uid": mine.uid or "", "place": mine.place,
        **{f"reply-{id}": text for id, text in replies},
    }  # fmt: skip
