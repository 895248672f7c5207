"""The page on which people make and delete the tokens by which programs act for them."""

from flask import Blueprint, Flask, redirect, render_template, request, url_for

from scenarios import tokens as kept
from twin.errors import TwinError
from web.asked import db
from web.errors import STATUS, sentence_of
from web.language import language
from web.people import require_login

tokens = Blueprint("tokens", __name__, url_prefix="/account/tokens")


@tokens.get("")
def page():
    return _page()


@tokens.post("")
def make():
    who = require_login()
    try:
        secret = kept.make_token(db(), who, request.form.get("name", ""))
    except TwinError as error:
        return _page(told=sentence_of(error)), STATUS[type(error)]
    db().commit()
    return _page(secret=secret), 201


@tokens.post("/<int:number>/delete")
def delete(number: int):
    kept.delete_token(db(), require_login(), min(number, 2**31 - 1))
    db().commit()
    return redirect(url_for("tokens.page", lang=language()), 303)


def init_app(app: Flask) -> None:
    app.register_blueprint(tokens)


def _page(**more: str) -> str:
    return render_template("tokens.html", tokens=kept.tokens_of(db(), require_login()), **more)
