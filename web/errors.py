"""From what went wrong to what the browser is told: a sentence in JSON for programs, a page for people."""

from flask import Flask, g, jsonify, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException

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
from web.edit_words import TOO_LARGE, filled
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
TITLES = {404: "title-404", 400: "title-400"}


class BadQuestion(TwinError):
    """The address asks for something that cannot be: a tile beyond the world, a letter for a number."""


STATUS[BadQuestion] = 400


def answer(error: TwinError):
    if isinstance(error, LoginNeeded) and request.method == "GET" and not _is_for_programs():
        here = request.full_path.rstrip("?")
        return redirect(url_for("people.login", next=here, lang=language()), 303)
    return _told(sentence_of(error), type(error).__name__, STATUS[type(error)])


def sentence_of(error: TwinError) -> str:
    sentence = error.args[0] if error.args else ""
    return said(sentence) if isinstance(sentence, Words) else str(error)


def answer_http(error: HTTPException):
    too_large = said(filled(TOO_LARGE, most=(request.max_content_length or 0) // 1_000_000))
    sentences = {404: words("no-page"), 413: too_large, 500: words("server-failed")}
    return _told(sentences.get(error.code or 500, str(error.description)), error.name, error.code or 500)


def refuse_null() -> None:
    """PostgreSQL has no text with a null in it, and no name has one."""
    if "\0" in request.path or any("\0" in value for values in request.args.listvalues() for value in values):
        raise BadQuestion(words("no-such-text"))


def init_app(app: Flask) -> None:
    app.before_request(refuse_null)
    app.register_error_handler(TwinError, answer)
    app.register_error_handler(HTTPException, answer_http)


def _told(sentence: str, name: str, status: int):
    if _is_for_programs():
        return jsonify(error=name, message=sentence), status
    template = "gone.html" if "part" in request.args else "error.html"
    title = words(TITLES.get(status, "title-500"))
    return render_template(template, message=sentence, status=status, title=title, table=_table_asked()), status


def _table_asked() -> dict | None:
    """The layer that was asked about: the store is not asked again, for it may be what is broken."""
    asked = request.view_args or {}
    return asked if "id" in asked and asked.get("name") in {**BY_NAME, **g.get("layers", {})} else None


def _is_for_programs() -> bool:
    return request.path.startswith(("/api/", "/tiles/"))
