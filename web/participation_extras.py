"""What planners add to a session: pictures that say what it is about, and codes for those who are invited."""

from flask import Blueprint, Flask, Response, abort, redirect, render_template, request, url_for
from sqlalchemy import delete

from scenarios.participation import invitations
from scenarios.participation.allowed import permit
from scenarios.participation.photos import made_anew
from scenarios.participation.tables import Participation, SessionPicture
from twin.errors import BadValue, TwinError
from twin.feature import Words
from web.asked import db
from web.errors import STATUS, sentence_of
from web.language import language
from web.participation import find_session, pictures_of
from web.participation_forms import with_photo
from web.people import person

extras = Blueprint("participation_extras", __name__)

MOST = 12  # pictures of a session
CAPTION = 200  # letters


@extras.get("/participation/<int:id>/pictures/<int:picture>.jpg")
def picture(id: int, picture: int):
    found = db().get(SessionPicture, picture) if picture < 2**31 else None
    if found is None or found.participation_id != find_session(id).id:
        abort(404)
    answer = Response(found.jpeg, mimetype="image/jpeg")
    answer.headers["Cache-Control"] = "private, max-age=3600"
    return answer


@extras.route("/participation/<int:id>/pictures", methods=["GET", "POST"])
@with_photo
def pictures(id: int):
    session = find_session(id)
    permit(person(), "manage", session)
    if request.method == "GET":
        return _pictures(session)
    try:
        _add(session, request.form.get("caption", ""))
    except TwinError as error:
        return _pictures(session, error)
    db().commit()
    return redirect(url_for("participation_extras.pictures", id=id, lang=language()), 303)


@extras.post("/participation/<int:id>/pictures/<int:picture>/delete")
def take_away(id: int, picture: int):
    session = find_session(id)
    permit(person(), "manage", session)
    ours = SessionPicture.participation_id == session.id
    db().execute(delete(SessionPicture).where(ours, SessionPicture.id == min(picture, 2**31 - 1)))
    db().commit()
    return redirect(url_for("participation_extras.pictures", id=id, lang=language()), 303)


@extras.route("/participation/<int:id>/invitations", methods=["GET", "POST"])
def invited(id: int):
    """Makes codes, which are shown this once."""
    session = find_session(id)
    permit(person(), "manage", session)
    codes: list[str] = []
    said, status = None, 200
    if request.method == "POST":
        typed = request.form.get("count", "").strip()
        try:
            count = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 6 else 0
            codes = invitations.make_codes(db(), session, count)
            db().commit()
        except TwinError as error:
            said, status = sentence_of(error), STATUS[type(error)]
    every, used = invitations.counted(db(), session)
    page = render_template(
        "participation_invitations.html", session=session, codes=codes, every=every, used=used, said=said, camera=None
    )
    return page, status


def init_app(app: Flask) -> None:
    app.register_blueprint(extras)


def _add(session: Participation, caption: str) -> None:
    caption = " ".join(caption.split())
    sent = request.files.get("picture")
    if not 1 <= len(caption) <= CAPTION:
        raise BadValue(
            Words(
                f"Sagen Sie in 1 bis {CAPTION} Zeichen, was auf dem Bild zu sehen ist: für alle, die es nicht sehen.",
                f"Say in 1 to {CAPTION} letters what the picture shows: for those who do not see it.",
            )
        )
    if len(pictures_of(session)) >= MOST:
        raise BadValue(Words(f"Mehr als {MOST} Bilder sind zu viele.", f"More than {MOST} pictures are too many."))
    jpeg = made_anew(sent.stream.read() if sent else b"")
    db().add(SessionPicture(participation_id=session.id, jpeg=jpeg, caption=caption))


def _pictures(session: Participation, error: TwinError | None = None):
    page = render_template(
        "participation_pictures.html", session=session, pictures=pictures_of(session), camera=None, typed=request.form,
        said=sentence_of(error) if error else None,
    )  # fmt: skip
    return (page, STATUS[type(error)]) if error else page
