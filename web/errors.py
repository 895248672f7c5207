"""From what went wrong to what the browser is told: a sentence in JSON for programs, a page for people."""

from flask import Flask, jsonify, render_template, request
from werkzeug.exceptions import HTTPException

from twin.errors import BadField, BadShape, BadStore, Closed, NotFound, Overtaken, TwinError
from twin.feature import Words
from web.language import said, words

STATUS: dict[type[TwinError], int] = {
    NotFound: 404,
    Closed: 403,
    Overtaken: 409,
    BadShape: 422,
    BadField: 422,
    BadStore: 503,
}


class BadQuestion(TwinError):
    """The address asks for something that cannot be: a tile beyond the world, a letter for a number."""


STATUS[BadQuestion] = 400


def answer(error: TwinError):
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
    if request.path.startswith(("/api/", "/tiles/")):
        return jsonify(error=name, message=sentence), status
    return render_template("error.html", message=sentence, status=status), status
