"""How people reach the city: its pages, their JSON, and the tiles that the browser draws."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

PARTS = (
    "errors",
    "contract",
    "headers",
    "pages",
    "api",
    "tiles",
    "search",
    "tables",
    "about",
    "measure",
    "colouring",
    "sun",
    "basemaps",
    "selection",
    "seen",
    "editing",
    "events",
    "figures",
    "designs",
    "design_forms",
    "verbs",
    "verb_forms",
    "same_origin",
    "people",
    "projects",
    "assumption_pages",
    "compare",
    "working",
    "dashboard",
    "figures3d",
    "together",
    "plot_figures",
    "reach",
    "land",
    "uses",
    "register",
    "register_lists",
    "register_field",
    "offers",
    "stories",
    "planner",
    "participation",
    "participation_news",
    "participation_forms",
    "participation_desk",
    "participation_results",
    "participation_setup",
    "participation_mail",
    "participation_sheet",
    "participation_present",
    "participation_extras",
    "participation_subscribe",
    "participation_mine",
    "participation_report",
    "daily",
    "ogc",
    "exports",
    "tokens",
    "webhooks",
    "openapi",
)  # modules of this folder, each with `init_app`


def create_app(**settings) -> "Flask":
    """settings: names and values of defaults.cfg that are to be other than there."""
    from flask import Flask  # here, because the command `twin load` passes through this file and serves nothing
    from flask_compress import Compress

    from web import headers

    app = Flask(__name__)
    app.config.from_pyfile("defaults.cfg")
    app.config.from_envvar("TWIN_CONFIG", silent=True)
    app.config.update(settings)
    app.url_map.merge_slashes = False  # an id may have two in a row
    app.json.sort_keys = False  # type: ignore[attr-defined]  # the order of the fields is the order on the page
    app.config.update(COMPRESS_MIMETYPES=headers.COMPRESSED, COMPRESS_BR_LEVEL=4, COMPRESS_STREAMS=False)
    Compress(app)
    for part in PARTS:
        import_module(f"web.{part}").init_app(app)
    return app
