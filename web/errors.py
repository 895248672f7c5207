"""From what went wrong to what the browser is told: a sentence in JSON for programs, a page for people."""

from flask import Flask, jsonify, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException

from twin.errors import (
    BadFile,
    BadShape,
    BadStore,
    BadValue,
    LoginNeeded,
    NotAllowed,
    NotFound,
    Overtaken,
    TooOften,
    TwinError,
)
from twin.feature import Words
from web.language import language, said, words

STATUS: dict[type[TwinError], int] = {
    LoginNeeded: 401,
    NotAllowed: 403,
    NotFound: 404,
    Overtaken: 409,
    BadFile: 422,
    BadShape: 422,
    BadValue: 422,
    TooOften: 429,
    BadStore: 503,
}


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
    sentence = words("no-page") if error.code == 404 else str(error.description)
    return _told(sentence, error.name, error.code or 500)


def init_app(app: Flask) -> None:
    app.register_error_handler(TwinError, answer)
    app.register_error_handler(HTTPException, answer_http)


def _told(sentence: str, name: str, status: int):
    if _is_for_programs():
        return jsonify(error=name, message=sentence), status
    return render_template("error.html", message=sentence, status=status), status


def _is_for_programs() -> bool:
    return request.path.startswith(("/api/", "/tiles/"))
