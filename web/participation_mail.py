"""An address for an answer: left behind the secret link, confirmed, taken back, and used for nothing else."""

import logging
import re
import smtplib
from email.message import EmailMessage
from typing import Any

from flask import Blueprint, Flask, current_app, redirect, request, url_for
from itsdangerous import BadData, URLSafeTimedSerializer

from scenarios.participation import contributing
from scenarios.participation.tables import Contribution, Participation, Personal
from scenarios.project import now
from twin.errors import BadValue
from twin.feature import Words
from twin.store import begin_writing
from web.asked import db
from web.language import language
from web.participation import find_session, with_ticket
from web.participation_tickets import check_pace, check_ticket

mail = Blueprint("participation_mail", __name__)

ADDRESS = re.compile(r"[^@\s<>\"(),:;]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
GOOD_FOR = 7 * 24 * 3600  # seconds in which an address can be confirmed
PATIENCE = 10  # seconds for the mail server


@mail.post("/participation/<int:id>/own/<secret>/address")
@with_ticket
def address(id: int, secret: str):
    """Leaves an address, which is then asked for its yes; confirms it; or, where it is empty, forgets it."""
    begin_writing(db())
    session = find_session(id)
    mine = contributing.mine(db(), session, secret)
    check_ticket(session, quickest=0)
    kept = contributing.personal_of(db(), mine)
    assert kept is not None  # the secret link led here
    if "confirm" in request.form:
        _confirm(kept, request.form["confirm"])
    else:
        check_pace("code")
        kept.address, kept.confirmed_at = fit_address(request.form.get("address", "")), None
        if kept.address:
            link = url_for("participation_forms.own", id=id, secret=secret, confirm=_signed(kept), _external=True)
            send(kept.address, f"{session.title}: bitte bestätigen / please confirm", _ASKED.format(link=link))
    db().commit()
    return redirect(url_for("participation_forms.own", id=id, secret=secret, saved="", lang=language()), 303)


def tell_author(session: Participation, of: Contribution) -> None:
    """That there is something new, to a confirmed address; a mail server that fails keeps nobody from their work."""
    kept = contributing.personal_of(db(), of)
    if kept is None or not kept.address or kept.confirmed_at is None:
        return
    link = url_for("participation.contribution", id=session.id, number=of.number, _external=True)
    try:
        send(kept.address, f"{session.title}: Beitrag {of.number}", _NEWS.format(number=of.number, link=link))
    except BadValue as error:
        logging.getLogger(__name__).warning("%s", error)


def has_mail() -> bool:
    return bool(current_app.config["MAIL_SERVER"])


def init_app(app: Flask) -> None:
    app.register_blueprint(mail)
    app.jinja_env.globals.update(has_mail=has_mail)


_ASKED = """Sie möchten erfahren, was aus Ihrem Beitrag wird. Bestätigen Sie dazu diese Adresse:
You would like to hear what becomes of your contribution. Please confirm this address:

{link}

Waren Sie das nicht, tun Sie einfach nichts. If it was not you, just do nothing.
"""
_NEWS = """Zu Ihrem Beitrag {number} gibt es etwas Neues. There is news about your contribution {number}.

{link}

Mit Ihrem geheimen Link löschen Sie diese Adresse. With your secret link you delete this address.
"""


def fit_address(typed: str) -> str | None:
    typed = typed.strip()
    if typed and (len(typed) > 200 or not ADDRESS.fullmatch(typed)):
        raise BadValue(
            Words(
                "Das ist keine E-Mail-Adresse. Ein Beispiel: name@example.org. Gehen Sie zurück und ändern Sie sie.",
                "This is no e-mail address. An example: name@example.org. Go back and change it.",
            )
        )
    return typed or None


def _signed(kept: Personal) -> str:
    return _serializer().dumps([kept.contribution_id, kept.address])


def _confirm(kept: Personal, token: str) -> None:
    try:
        told: Any = _serializer().loads(token, max_age=GOOD_FOR)
    except BadData:
        told = None
    if told != [kept.contribution_id, kept.address]:
        raise BadValue(
            Words(
                "Dieser Link zum Bestätigen gilt nicht mehr. Geben Sie die Adresse noch einmal an.",
                "This link for confirming is no longer good. Leave the address once more.",
            )
        )
    kept.confirmed_at = now()


def send(to: str, subject: str, text: str) -> None:
    message = EmailMessage()
    message["From"], message["To"] = current_app.config["MAIL_FROM"], to
    message["Subject"] = " ".join(subject.split())
    message.set_content(text)
    host, _, port = current_app.config["MAIL_SERVER"].partition(":")
    try:
        with smtplib.SMTP(host, int(port or 25), timeout=PATIENCE) as server:
            server.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        raise BadValue(
            Words(
                "Die Nachricht ließ sich gerade nicht verschicken. Bitte versuchen Sie es später noch einmal.",
                f"The message could not be sent just now ({type(error).__name__}). Please try again later.",
            )
        ) from error


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="participation-address")
