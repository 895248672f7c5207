"""A new list of vacancies: uploaded, looked through, and taken over only then."""

import datetime as dt
from typing import Any

from flask import Blueprint, Flask, redirect, render_template, request, url_for
from sqlalchemy import delete

from layers.vacancies import Vacancy
from scenarios.project import now
from scenarios.register import bringing, keeping
from scenarios.register.bringing import LARGEST, Preview, preview
from scenarios.register.keeping import permit
from scenarios.register.tables import VacancyList
from twin.errors import BadFile, NotFound, TwinError
from twin.feature import TODAY
from twin.store import begin_writing
from web.asked import city, db
from web.described import value_in_words
from web.errors import STATUS, sentence_of
from web.language import language, said, words
from web.people import person, require

lists = Blueprint("register_lists", __name__)

SHOWN = 100  # entries of each kind in a preview
COLUMNS = {column.name: column for column in Vacancy.fields()}


@lists.route("/register/list", methods=["GET", "POST"])
def page():
    """The empty form; or what the list would do, which is kept for an hour to be taken over."""
    require("manage")
    if request.method == "GET":
        return render_template("register_list.html", city=city(), found=None, error=None)
    begin_writing(db())
    try:
        permit(person())
        file = request.files.get("file")
        data = file.stream.read(LARGEST + 1) if file else b""
        if not data:
            raise BadFile(words("register-list-note"))
        name = (file.filename if file else "") or "liste.xlsx"
        found = preview(db(), name, data)
    except TwinError as error:
        db().rollback()
        return render_template("register_list.html", city=city(), found=None, error=sentence_of(error)), STATUS[
            type(error)
        ]
    who = person()
    db().execute(delete(VacancyList).where(VacancyList.made_at < now() - dt.timedelta(hours=1)))
    one = VacancyList(name=name[-120:], content=data, person_id=who.id if who else None)
    db().add(one)
    db().commit()
    return render_template(
        "register_list.html",
        city=city(),
        found=found,
        error=None,
        kept=one,
        SHOWN=SHOWN,
        moved=_moved,
        groups=_groups(found),
    )


@lists.post("/register/list/<int:id>/apply")
def apply(id: int):
    permit(person())
    begin_writing(db())
    one = db().get(VacancyList, id) if id < 2**31 else None
    who = person()
    if one is None or who is None or one.person_id != who.id:
        raise NotFound(words("register-list-gone"))
    found = bringing.bring(db(), one.name, one.content)
    if "end" in request.form:
        with keeping.writing(db(), who, "list") as step:
            for gone in found.gone:
                entry = db().query(Vacancy).filter_by(scenario_id=TODAY, uid=gone.uid).one()
                keeping.keep(step, gone.uid, None, {"status": "ended"}, seen=entry.version)
    db().delete(one)
    db().commit()
    return redirect(url_for("register.overview", lang=language()), 303)


def init_app(app: Flask) -> None:
    app.register_blueprint(lists)
    page.most_bytes = LARGEST + 1_000_000  # type: ignore[attr-defined]


def _groups(found: Preview) -> list[tuple[str, list]]:
    return [("list-new", found.new), ("list-changed", found.changed), ("no-more", found.gone)]


def _moved(name: str, value: Any) -> tuple[str, str]:
    """Title and value of a field, in the reader's words."""
    column = COLUMNS.get(name)
    if column is None:
        return words("register-at"), "" if value is None else str(value)[:60]
    return said(column.info["title"]), "–" if value is None else value_in_words(column, value) or str(value)
