"""How the city is handed out: gathered, written in many formats, and a page to choose from."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: "Flask") -> None:
    from web.exports import page  # here, because the command `twin export` passes through this file and serves nothing

    page.init_app(app)
