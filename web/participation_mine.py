"""What is kept about a participant: to read, to take along as a file, and to delete."""

from typing import Any

from flask import Blueprint, Flask, Response, json, redirect, render_template, request, url_for

from scenarios.participation import contributing, keeping
from scenarios.participation.tables import Participation
from twin.errors import NotFound
from twin.store import begin_writing
from web.asked import db
from web.language import language, words
from web.participation import about, find_session, with_ticket
from web.participation_tickets import check_ticket, forget_cookie, known_pseudonym, new_ticket

mine = Blueprint("participation_mine", __name__)


@mine.get("/participation/<int:id>/my-data")
def page(id: int):
    """By this browser's cookie, or by a secret link."""
    session = find_session(id)
    who = _pseudonym(session)
    kept = keeping.kept_of(db(), session, who) if who else None
    told = {**about(session, light=True), "ticket": new_ticket(session)}
    return _uncached(
        Response(render_template("my_data.html", kept=kept, secret=request.values.get("secret", ""), **told))
    )


@mine.get("/participation/<int:id>/my-data.json")
def file(id: int):
    session = find_session(id)
    who = _pseudonym(session)
    if who is None:
        raise NotFound(words("p-my-data-none"))
    told: dict[str, Any] = {"session": session.title, **keeping.kept_of(db(), session, who)}
    answer = Response(json.dumps(told, ensure_ascii=False, indent=1), mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="beteiligung-{id}-meine-daten.json"'
    return _uncached(answer)


@mine.post("/participation/<int:id>/my-data")
@with_ticket
def delete(id: int):
    begin_writing(db())
    session = find_session(id)
    check_ticket(session, quickest=0)
    who = _pseudonym(session)
    if who is not None:
        keeping.delete_all(db(), session, who)
        db().commit()
    to = url_for("participation_mine.page", id=id, gone="", lang=language())
    return forget_cookie(redirect(to, 303), session)  # type: ignore[arg-type]


def init_app(app: Flask) -> None:
    app.register_blueprint(mine)


def _pseudonym(session: Participation) -> str | None:
    secret = request.values.get("secret", "")
    if secret:
        return contributing.mine(db(), session, secret).pseudonym
    return known_pseudonym(session)


def _uncached(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-store"
    return answer
