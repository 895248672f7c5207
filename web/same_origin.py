"""What changes something is taken from our own pages only: by the browser's word for edits, by a token for forms."""

import secrets
from hmac import compare_digest
from urllib.parse import urlsplit

from flask import Flask, current_app, request, session
from markupsafe import Markup

from twin.errors import BadValue, NotAllowed
from twin.feature import Words

SAFE = {"GET", "HEAD", "OPTIONS"}


def check() -> None:
    if request.method in SAFE:
        return
    if request.authorization is not None and request.authorization.type == "bearer":
        return  # no browser sends this by itself
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    foreign = site not in (None, "same-origin", "none")
    if foreign or (origin is not None and urlsplit(origin).netloc != request.host):
        raise NotAllowed(
            Words(
                "Das kam von einer anderen Seite und wurde nicht ausgeführt. Öffnen Sie diese Stadt selbst.",
                "This came from another site and was not done. Open this city itself.",
            )
        )
    if request.path.startswith(("/api/", "/ogc/")):
        return
    if any("\0" in value for values in request.form.listvalues() for value in values):
        raise BadValue(
            Words(
                "Der Text enthält ein Zeichen, das nicht gespeichert werden kann. Bitte tippen Sie ihn neu.",
                "The text holds a letter that cannot be kept. Please type it anew.",
            )
        )
    if getattr(current_app.view_functions.get(request.endpoint or ""), "has_ticket", False):
        return  # citizens have no login and get no cookie for reading: the view looks at its form's signed ticket
    if not compare_digest(request.form.get("token", "").encode(), session.get("token", "-").encode()):
        raise BadValue(
            Words(
                "Dieses Formular ist zu alt. Gehen Sie zurück, laden Sie die Seite neu und senden Sie es noch einmal.",
                "This form is too old. Go back, reload the page, and send it again.",
            )
        )


def form_token() -> Markup:
    """The hidden field that each of our forms bears."""
    if "token" not in session:
        session["token"] = secrets.token_urlsafe(16)
    return Markup('<input type="hidden" name="token" value="{}">').format(session["token"])


def init_app(app: Flask) -> None:
    app.before_request(check)
    app.jinja_env.globals.update(form_token=form_token)
