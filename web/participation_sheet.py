"""A sheet of paper for a session, to be printed: what it is about, the plans, a QR code, and lines to write on."""

import io

import segno
from flask import Blueprint, Flask, Response, render_template, url_for

from scenarios.participation import contributing, sessions
from web.asked import db
from web.participation import about, find_session

sheets = Blueprint("participation_sheet", __name__)


@sheets.get("/participation/<int:id>/sheet")
def page(id: int):
    session = find_session(id)
    told = about(session, light=True)
    return render_template("participation_sheet.html", categories=sessions.categories_of(db(), session), **told)


@sheets.get("/participation/<int:id>/qr.svg")
def qr(id: int):
    """The address of the session, for the participants' own phones."""
    return _code(url_for("participation.page", id=find_session(id).id, _external=True))


@sheets.get("/participation/<int:id>/own/<secret>/qr.svg")
def own_qr(id: int, secret: str):
    """A secret link, to be taken along from a device that keeps nothing."""
    contributing.mine(db(), find_session(id), secret)
    return _code(url_for("participation_forms.own", id=id, secret=secret, _external=True))


def init_app(app: Flask) -> None:
    app.register_blueprint(sheets)


def _code(address: str) -> Response:
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="svg", scale=4, border=4, light="#fff")
    return Response(out.getvalue(), mimetype="image/svg+xml")
