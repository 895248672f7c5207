"""Hearing of a session or of a place by e-mail: asked for, confirmed, ended; and the message of the day."""

import logging
from typing import Any

import shapely
from flask import Blueprint, Flask, current_app, redirect, render_template, request, url_for
from itsdangerous import BadData, URLSafeSerializer

from scenarios.participation import subscribing
from scenarios.participation.tables import Participation, Personal
from twin.errors import BadShape, BadValue, NotFound, TwinError
from twin.feature import Words
from twin.store import begin_writing
from web.asked import db
from web.errors import STATUS, sentence_of
from web.language import language
from web.participation import about, find_session, shortened, with_ticket
from web.participation_mail import fit_address, has_mail, send
from web.participation_place import asked_place, middle_of
from web.participation_tickets import check_pace, check_ticket, new_ticket, ticket_for_again

subscriptions = Blueprint("participation_subscribe", __name__)

USUAL_METRES = 100
MOST_TOLD = 20  # contributions in a message


@subscriptions.route("/participation/<int:id>/subscribe", methods=["GET", "POST"])
@with_ticket
def page(id: int):
    """The form; or what it says, kept, and a question to the address whether it is theirs."""
    if request.method == "GET":
        return _form(find_session(id), request.args)
    begin_writing(db())
    session = find_session(id)
    try:
        check_ticket(session)
        check_pace("code")
        _ask(session)
    except TwinError as error:
        db().rollback()
        return _form(find_session(id), request.form, error)
    db().commit()
    return redirect(url_for("participation_subscribe.page", id=id, sent="", lang=language()), 303)


@subscriptions.route("/participation/<int:id>/subscriptions/<token>", methods=["GET", "POST"])
@with_ticket
def one(id: int, token: str):
    """What a message leads to: confirmed or ended by a button, so that no mail server does it by looking."""
    session = find_session(id)
    kept = _kept(session, token)
    if request.method == "POST":
        check_ticket(session, quickest=0)
        if "end" in request.form:
            db().delete(kept)
        else:
            subscribing.confirm(db(), kept)
        db().commit()
        if "end" in request.form:
            return redirect(url_for("participation_subscribe.page", id=id, ended="", lang=language()), 303)
        return redirect(url_for("participation_subscribe.one", id=id, token=token, lang=language()), 303)
    told = about(session, light=True)
    return render_template("subscription.html", kept=kept, token=token, **{**told, "ticket": new_ticket(session)})


def tell_subscribers() -> None:
    """The message of the day, to those for whom there is news; a mail server that fails is asked again tomorrow."""
    if not has_mail():
        return
    for kept in subscribing.due(db()):
        since = subscribing.claim(db(), kept)
        db().commit()
        news = subscribing.news_for(db(), kept, since) if since else []
        if news:
            session = db().get_one(Participation, kept.participation_id)
            try:
                _tell(session, kept, news)
            except BadValue as error:
                logging.getLogger(__name__).warning("%s", error)


def init_app(app: Flask) -> None:
    app.register_blueprint(subscriptions)


_ASKED = """Möchten Sie Neues aus „{title}“ per E-Mail? Bestätigen Sie dazu diese Adresse:
Do you want news of “{title}” by e-mail? Please confirm this address:

{link}

Waren Sie das nicht, tun Sie einfach nichts: In sieben Tagen ist die Adresse gelöscht.
If it was not you, just do nothing: the address is deleted in seven days.
"""
_NEWS = """Neues aus „{title}“ / News of “{title}”

{news}
Abbestellen und Adresse löschen / end it and delete the address:
{link}
"""


def _ask(session: Participation) -> None:
    if not has_mail():
        raise BadValue(Words("Diese Stadt verschickt noch keine E-Mails.", "This city sends no e-mail yet."))
    address = fit_address(request.form.get("address", ""))
    if address is None:
        raise BadValue(Words("Geben Sie eine E-Mail-Adresse an.", "Give an e-mail address."))
    kept = subscribing.subscribe(db(), session, address, request.url_root, _place(), _metres())
    link = url_for("participation_subscribe.one", id=session.id, token=_token(kept), _external=True)
    send(address, f"{session.title}: bitte bestätigen / please confirm", _ASKED.format(title=session.title, link=link))


def _tell(session: Participation, kept: Personal, news: list) -> None:
    site = (kept.site or "").rstrip("/")
    lines = [f"{one.number}: {shortened(one.text)}\n{site}/participation/{session.id}/{one.number}\n" for one in news]
    more = [f"… und {len(lines) - MOST_TOLD} mehr / and more\n"] if len(lines) > MOST_TOLD else []
    link = f"{site}/participation/{session.id}/subscriptions/{_token(kept)}"
    told = _NEWS.format(title=session.title, news="\n".join([*lines[:MOST_TOLD], *more]), link=link)
    send(kept.address or "", f"{session.title}: {len(news)} Neues / news", told)


def _place() -> shapely.Point | None:
    """The place that the form's words or its point mean; None for the whole session."""
    asked = asked_place(0, request.form)
    if asked.shape is not None:
        return middle_of(asked.shape)
    if request.form.get("place", "").strip():
        raise BadShape(
            Words(
                "Dieser Ort ist auf der Karte nicht zu finden. Nennen Sie eine Straße, ein Haus oder eine Haltestelle.",
                "This place is not found on the map. Name a street, a building or a stop.",
            )
        )
    return None


def _metres() -> float:
    typed = request.form.get("metres", "").strip()
    return float(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 6 else 0.0


def _kept(session: Participation, token: str) -> Personal:
    try:
        id, secret = _signer().loads(token)
        found = db().get(Personal, id)
    except (BadData, ValueError, TypeError):
        found, secret = None, ""
    if found is None or found.participation_id != session.id or found.secret[:16] != secret:
        raise NotFound(
            Words(
                "Dieses Abonnement gibt es nicht oder nicht mehr: Die Adresse ist gelöscht.",
                "There is no such subscription, or no longer: the address is deleted.",
            )
        )
    return found


def _token(kept: Personal) -> str:
    return _signer().dumps([kept.id, kept.secret[:16]])  # type: ignore[return-value]


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="participation-subscription")


def _form(session: Participation, typed: Any, error: TwinError | None = None):
    try:
        place = asked_place(0, typed)
    except TwinError:
        place = asked_place(0, {})
    page = render_template(
        "subscribe.html", typed=typed, place=place, usual=USUAL_METRES, said=sentence_of(error) if error else None,
        **{**about(session, light=True), "ticket": ticket_for_again(session) if error else new_ticket(session)},
    )  # fmt: skip
    return (page, STATUS[type(error)]) if error else page
