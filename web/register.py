"""The register of empty places: list, form, history, photos and papers, reminders."""

import datetime as dt
import json
from typing import Any

from flask import Blueprint, Flask, Response, redirect, render_template, request, url_for
from sqlalchemy import Boolean, Date, Double, Integer, or_, select

from layers.codes import VACANCY_KINDS, VACANCY_STATES
from layers.vacancies import Vacancy
from scenarios import changes, diary
from scenarios.diary import Change
from scenarios.project import Person
from scenarios.register import keeping
from scenarios.register.keeping import A_YEAR, PRIVATE, is_due, permit
from scenarios.register.tables import Enquiry, VacancyFile, VacancyPrivate
from twin.errors import BadValue, NotFound, TwinError
from twin.feature import TODAY
from web.asked import city, db
from web.contract import MOST_BYTES
from web.described import title_of, value_in_words
from web.errors import STATUS, sentence_of
from web.language import language, said, words
from web.people import LARGEST, person, require
from web.pointing import shape_meant

register = Blueprint("register", __name__)

LISTED = 200
FIELDS = [column for column in Vacancy.fields() if column.name not in ("building", "parcel")]
SPOKEN = ("name", "address", "parcel", "remark")


@register.get("/register")
def overview():
    """The entries, those first that nobody has looked at for longest."""
    require("manage")
    found = _asked()
    today = dt.date.today()
    due = [one for one in _entries() if is_due(one.checked_on, today) and one.status != "ended"]
    return render_template(
        "register.html", city=city(), entries=found[:LISTED], more=len(found) - LISTED, due=len(due),
        all=len(_entries()), kinds=VACANCY_KINDS, states=VACANCY_STATES, is_due=lambda day: is_due(day, today),
        title=_title,
    )  # fmt: skip


@register.route("/register/new", methods=["GET", "POST"])
def new():
    require("manage")
    if request.method == "GET":
        return _form(None, request.args.to_dict())
    try:
        with keeping.writing(db(), person()) as step:
            done = keeping.keep(step, None, _place(), _fields(), seen=None)
            keeping.tell_private(db(), done.uid, request.form.to_dict())
    except TwinError as error:
        return _again(None, error)
    db().commit()
    return redirect(url_for("register.entry", uid=done.uid, saved="", lang=language()), 303)


@register.route("/register/entry/<path:uid>", methods=["GET", "POST"])
def entry(uid: str):
    require("manage")
    if request.method == "GET":
        return _form(_found(uid), None)
    try:
        with keeping.writing(db(), person()) as step:
            one = _found(uid)
            seen = int(request.form["seen"]) if request.form.get("seen", "").isdecimal() else None
            fields = _fields() if "looked" not in request.form else {"checked_on": dt.date.today().isoformat()}
            shape = _place() if request.form.get("place", "").strip() else None
            if "remove" in request.form:
                changes.clear(step, Vacancy, one.uid, seen=seen)
            else:
                keeping.keep(step, one.uid, shape, fields, seen=seen)
            if "owner" in request.form:
                keeping.tell_private(db(), uid, request.form.to_dict())
    except TwinError as error:
        return _again(_found(uid), error)
    db().commit()
    if "remove" in request.form:
        return redirect(url_for("register.overview", lang=language()), 303)
    return redirect(url_for("register.entry", uid=uid, saved="", lang=language()), 303)


@register.post("/register/files/<path:uid>")
def add_file(uid: str):
    permit(person())
    one = _found(uid)
    file = request.files.get("file")
    data = file.stream.read() if file else b""
    try:
        if not data:
            raise BadValue(words("field-photo"))
        keeping.add_file(db(), one.uid, file.filename or "" if file else "", data, person())
    except TwinError as error:
        return _again(one, error)
    db().commit()
    return redirect(url_for("register.entry", uid=uid, saved="", lang=language()), 303)


@register.post("/register/file/<int:id>/drop")
def drop_file(id: int):
    permit(person())
    one = _file(id)
    uid = one.uid
    db().delete(one)
    db().commit()
    return redirect(url_for("register.entry", uid=uid, saved="", lang=language()), 303)


@register.get("/register/file/<int:id>")
def file(id: int):
    """Photos of what is offered are for everyone, the rest for those who keep the register."""
    one = _file(id)
    offered = db().scalar(select(Vacancy.status).where(Vacancy.uid == one.uid, Vacancy.scenario_id == TODAY))
    if one.kind != "photo" or offered != "offered":
        require("manage")
    answer = Response(one.content, mimetype="image/jpeg" if one.kind == "photo" else "application/pdf")
    answer.headers["Cache-Control"] = "private, max-age=3600"
    return answer


def init_app(app: Flask) -> None:
    app.register_blueprint(register)
    app.jinja_env.tests["of_type"] = isinstance
    add_file.most_bytes = keeping.LARGEST_PAPER + MOST_BYTES  # type: ignore[attr-defined]


def _entries() -> list[Vacancy]:
    found = select(Vacancy).where(Vacancy.scenario_id == TODAY, Vacancy.gone.is_(False))
    return list(db().scalars(found.order_by(Vacancy.checked_on.is_not(None), Vacancy.checked_on, Vacancy.address)))


def _asked() -> list[Vacancy]:
    """By ?q=, ?kind=, ?status= and ?due."""
    found = select(Vacancy).where(Vacancy.scenario_id == TODAY, Vacancy.gone.is_(False))
    text = request.args.get("q", "").strip()[:100]
    if text:
        like = "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        found = found.where(or_(*(getattr(Vacancy, name).ilike(like, escape="\\") for name in SPOKEN)))
    for name in ("kind", "status"):
        if request.args.get(name):
            found = found.where(getattr(Vacancy, name) == request.args[name])
    if "due" in request.args:
        day = dt.date.today() - dt.timedelta(days=A_YEAR)
        found = found.where(or_(Vacancy.checked_on.is_(None), Vacancy.checked_on < day))
        found = found.where(or_(Vacancy.status.is_(None), Vacancy.status != "ended"))
    return list(db().scalars(found.order_by(Vacancy.checked_on.is_not(None), Vacancy.checked_on, Vacancy.address)))


def _found(uid: str) -> Vacancy:
    found = select(Vacancy).where(Vacancy.scenario_id == TODAY, Vacancy.uid == uid, Vacancy.gone.is_(False))
    one = db().scalar(found)
    if one is None:
        raise NotFound(words("no-feature").format(uid=uid[:60], layer=said(Vacancy.title)))
    return one


def _file(id: int) -> VacancyFile:
    one = db().get(VacancyFile, id) if id < LARGEST else None
    if one is None:
        raise NotFound(words("no-page"))
    return one


def _place() -> Any:
    return shape_meant(TODAY, request.form.get("place", ""), "Point")


def _fields() -> dict[str, Any]:
    """What was typed, of the types that the columns have; what is left empty is taken back."""
    return {column.name: _typed(column, request.form[column.name].strip()) for column in Vacancy.fields()
            if column.name in request.form}  # fmt: skip


def _typed(column: Any, text: str) -> Any:
    if text == "":
        return None
    if isinstance(column.type, Boolean):
        return text == "yes"
    if isinstance(column.type, Integer | Double):
        plain = text.replace(".", "").replace(",", ".") if "," in text else text
        try:
            number = float(plain)
        except ValueError:
            raise BadValue(words("no-number").format(name=said(column.info["title"]), value=text[:40])) from None
        return int(number) if isinstance(column.type, Integer) and number.is_integer() else number
    return text


def _again(one: Vacancy | None, error: TwinError):
    sentence, uid = sentence_of(error), one.uid if one is not None else None
    db().rollback()
    return _form(_found(uid) if uid else None, request.form.to_dict(), sentence), STATUS[type(error)]


def _form(one: Vacancy | None, typed: dict[str, str] | None, error: str | None = None):
    values = {column.name: _shown(column, getattr(one, column.name)) if one else "" for column in Vacancy.fields()}
    told: dict[str, Any] = {"private": None, "files": [], "past": [], "enquiries": []}
    if one is not None:
        told = {
            "private": db().get(VacancyPrivate, one.uid),
            "files": db().scalars(select(VacancyFile).where(VacancyFile.uid == one.uid).order_by(VacancyFile.id)).all(),
            "past": _past(one.uid),
            "enquiries": db().scalars(select(Enquiry).where(Enquiry.uid == one.uid).order_by(Enquiry.id.desc())).all(),
        }  # fmt: skip
    return render_template(
        "register_entry.html", city=city(), one=one, fields=FIELDS, values={**values, **(typed or {})}, error=error,
        title=_title(one) if one else "", dates=Date, flags=Boolean, numbers=(Integer, Double), private_names=PRIVATE,
        crs=f"EPSG:{city().srid}", **told,
    )  # fmt: skip


def _shown(column: Any, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(column.type, Boolean):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _title(one: Vacancy) -> str:
    return title_of(Vacancy, {column.name: getattr(one, column.name) for column in Vacancy.fields()} | {"uid": one.uid})


def _past(uid: str) -> list[dict[str, Any]]:
    """The entry's changes, newest first: who, when, and each field before and after."""
    found = select(Change, Person.name).outerjoin(Person, Person.id == Change.person_id)
    found = found.where(Change.scenario_id == TODAY, Change.layer == "vacancies", Change.uid == uid)
    past = []
    for change, name in db().execute(found.order_by(Change.id.desc()).limit(100)):
        before, after = diary.read(change.before) or {}, diary.read(change.after) or {}
        moved = [
            (said(column.info["title"]), _kept(column, before), _kept(column, after))
            for column in Vacancy.fields() if before.get(column.name) != after.get(column.name)
        ]  # fmt: skip
        past.append({"by": name or words("by-import"), "at": change.made_at, "verb": change.verb, "fields": moved})
    return past


def _kept(column: Any, row: dict[str, Any]) -> str:
    value = row.get(column.name)
    if value is None:
        return "–"
    if isinstance(column.type, Date):
        return str(value)
    return value_in_words(column, bool(value) if isinstance(column.type, Boolean) else value) or json.dumps(value)
