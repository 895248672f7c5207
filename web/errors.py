"""From what went wrong to what the browser is told: a sentence in JSON for programs, a page for people."""

from flask import Flask, g, jsonify, make_response, redirect, render_template, request, url_for
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from layers import BY_NAME
from twin.errors import (
    BadField,
    BadFile,
    BadShape,
    BadStore,
    BadValue,
    Closed,
    LoginNeeded,
    NotAllowed,
    NotFound,
    Overtaken,
    TooOften,
    TwinError,
)
from twin.feature import Words
from web.api_words import REFUSED
from web.language import language, said, words

STATUS: dict[type[TwinError], int] = {
    LoginNeeded: 401,
    Closed: 403,
    NotAllowed: 403,
    NotFound: 404,
    Overtaken: 409,
    BadField: 422,
    BadFile: 422,
    BadShape: 422,
    BadValue: 422,
    TooOften: 429,
    BadStore: 503,
}
OGC = "/ogc"
FOR_PROGRAMS = ("/api/", "/tiles/", OGC)  # addresses that answer programs, in JSON also when they refuse
TITLES = {404: "title-404", 400: "title-400"}


class BadQuestion(TwinError):
    """The address asks for something that cannot be: a tile beyond the world, a letter for a number."""


STATUS[BadQuestion] = 400


def answer(error: TwinError):
    if isinstance(error, LoginNeeded) and request.method == "GET" and not is_for_programs():
        here = request.full_path.rstrip("?")
        return redirect(url_for("people.login", next=here, lang=language()), 303)
    return _told(sentence_of(error), type(error).__name__, STATUS[type(error)])


def sentence_of(error: TwinError) -> str:
    sentence = error.args[0] if error.args else ""
    return said(sentence) if isinstance(sentence, Words) else str(error)


def answer_http(error: HTTPException):
    status = error.code or 500
    answer = make_response(_told(_sentence_of_http(error, status), error.name, status))
    if isinstance(error, MethodNotAllowed):
        answer.headers["Allow"] = _methods(error)
    return answer


def answer_busy(error: OperationalError):
    if "locked" not in str(error.orig):
        raise error
    return _told(said(REFUSED[503]), "Busy", 503)


def refuse_null() -> None:
    """PostgreSQL has no text with a null in it, and no name has one."""
    if "\0" in request.path or any("\0" in value for values in request.args.listvalues() for value in values):
        raise BadQuestion(words("no-such-text"))


def init_app(app: Flask) -> None:
    app.before_request(refuse_null)
    app.register_error_handler(TwinError, answer)
    app.register_error_handler(HTTPException, answer_http)
    app.register_error_handler(OperationalError, answer_busy)


def _sentence_of_http(error: HTTPException, status: int) -> str:
    if status in (404, 500):
        return words("no-page" if status == 404 else "server-failed")
    if status not in REFUSED:
        return str(error.description)
    most = (request.max_content_length or 0) / 1_000_000
    return said(REFUSED[status]).format(most=f"{most:.0f}", methods=_methods(error))


def _methods(error: HTTPException) -> str:
    return ", ".join(sorted(getattr(error, "valid_methods", None) or ()))


def _told(sentence: str, kind: str, status: int):
    if request.path.startswith(OGC):
        return jsonify(code=kind, description=sentence), status  # the standard's own form
    if is_for_programs():
        return jsonify(error=sentence, kind=kind), status
    template = "gone.html" if "part" in request.args else "error.html"
    title = words(TITLES.get(status, "title-500"))
    return render_template(template, message=sentence, status=status, title=title, table=_table_asked()), status


def _table_asked() -> dict | None:
    """The layer that was asked about: the store is not asked again, for it may be what is broken."""
    asked = request.view_args or {}
    return asked if "id" in asked and asked.get("name") in {**BY_NAME, **g.get("layers", {})} else None


def is_for_programs() -> bool:
    return request.path.startswith(FOR_PROGRAMS)
