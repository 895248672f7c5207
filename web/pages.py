"""The pages people see."""

import gzip
import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pydeck
from flask import Blueprint, Flask, Response, current_app, redirect, render_template, request, url_for

from layers.palette import ONLY_PLANNED, class_column, color_of, legend
from twin.errors import NotFound
from twin.feature import TODAY, Feature, Source
from web.asked import city, classes, counts, db, find_feature, find_layer, find_scenario, layers
from web.basemaps import offered
from web.compared import Beside, beside_asked, compared
from web.described import described
from web.figures3d import raster_map
from web.language import language, number, other_language, said, words
from web.map_words import SAID_ON_THE_MAP
from web.planner import area_scene, planned_scene, planner_of
from web.projects import area_to_draw
from web.search import camera_link, places_of
from web.state_words import SAID_OF_STATES
from web.tiles import tile_mark
from web.tool_words import SAID_BY_TOOLS, SHORTCUTS
from web.view3d import deck, holds, shown_at_first

pages = Blueprint("pages", __name__)

DECK = Path(pydeck.__file__).parent / "nbextension" / "static" / "index.js"
STATIC = Path(__file__).parent / "static"
DRAWING = ("page.js", "camera.js", "city.js", "find.js", "tools.js")  # asked for at once, with all that they import
FOREVER = "public, max-age=31536000, immutable"
IN_THE_PAGE = (
    "loading",
    "failed",
    "again",
    "no-webgl",
    "software",
    "nothing-here",
    "close",
    "of",
    "matching-failed",
)  # words that scripts say
SAID_OF_THE_SUN = ("sun-above", "sun-below", "directions", "play", "pause")
SAID_BY_SCRIPTS = (*IN_THE_PAGE, *SAID_BY_TOOLS, *SAID_OF_THE_SUN, *SAID_ON_THE_MAP, *SAID_OF_STATES)


@pages.get("/")
def start():
    try:
        city()
    except NotFound:
        return render_template("empty.html", store=current_app.config["DATABASE"], sentence=words("load-first"))
    return scenario(0)


@pages.get("/scenarios/<int:id>")
def scenario(id: int):
    found, here = find_scenario(id), city()
    beside = beside_asked()
    filled = layer_list(found.id, beside)
    if not filled:
        return render_template("empty.html", store=current_app.config["DATABASE"], sentence=words("empty-city"))
    embedded = "embedded" in request.args
    area = None if embedded else area_to_draw()
    planner = None if embedded or area else planner_of(found)
    shown = scene(found.id, beside)
    return render_template(
        "city.html",
        city=here,
        scenario=found,
        layers=filled,
        scene={
            **(area_scene(shown, area) if area else planned_scene(shown, planner)),
            "embedded": embedded,
            "compared": compared(found.id, beside),
        },
        area=area,
        planner=planner,
        first_table=first_table(filled),
        shortcuts=SHORTCUTS,
        embedded=embedded,
        modules=modules(),
    )


@pages.get("/scenarios/<int:id>/<name>/<path:uid>")
def feature(id: int, name: str, uid: str):
    """One feature, as a page of its own or, with ?part, as what the page shows beside the city."""
    layer = find_layer(name)
    row = find_feature(find_scenario(id).id, layer, uid)
    source = db().get(Source, row["source_id"]) if row["source_id"] else None
    template = "inspector.html" if "part" in request.args else "feature.html"
    return render_template(template, feature=described(layer, row, source), scenario=id, link=_link(id, name, uid))


@pages.get("/deck.js")
def deck_js():
    """deck.gl as pydeck ships it: the same version in Python and in the browser, and no other site is asked."""
    if request.args.get("v") != pydeck.__version__:
        return redirect(url_for("pages.deck_js", v=pydeck.__version__))
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    answer = Response(_deck_gzipped() if packed else DECK.read_bytes(), mimetype="text/javascript")
    if packed:
        answer.headers["Content-Encoding"] = "gzip"
    answer.headers["Vary"] = "Accept-Encoding"
    answer.headers["Cache-Control"] = FOREVER
    return answer


@cache
def modules() -> list[str]:
    """The scripts that draw the scene: a browser that finds them one by one waits for each."""
    found: list[str] = []
    wanted = list(DRAWING)
    while wanted:
        name = wanted.pop()
        if name not in found:
            found.append(name)
            wanted += re.findall(r"from '\./([\w-]+\.js)'", (STATIC / name).read_text(encoding="utf-8"))
    return sorted(found)


def layer_list(id: int, beside: Beside | None = None) -> list[dict[str, Any]]:
    """The layers that hold something, here or in what is beside, topmost first, with their legends."""
    count = counts(id)
    return [
        {
            "name": name,
            "title": said(layer.title),
            "count": count[name],
            "color": color_of(layer),
            "shown": shown_at_first(name),
            "legend": [(said(title), color) for kind, title, color in legend(layer) if kind in _classes(id, layer)],
            "fields": [said(column.info["title"]) for column in layer.fields() if not column.info.get("hidden")],
        }
        for name, layer in reversed(layers().items())
        if holds(id, name, beside)
    ]


def first_table(filled: list[dict[str, Any]]) -> str:
    """The layer whose table opens first: buildings where there are any."""
    names = [layer["name"] for layer in filled]
    return "buildings" if "buildings" in names else names[0]


def scene(id: int, beside: Beside | None = None) -> dict[str, Any]:
    """What the scripts of the page need beside the deck: where to ask, and the words they say."""
    return {
        "scenario": id,
        "language": language(),
        "feature": url_for("pages.feature", id=id, name="LAYER", uid="UID"),
        "at": url_for("api.at", id=id),
        "matching": url_for("tables.matching", id=id, name="LAYER"),
        "table": url_for("tables.table", id=id, name="LAYER"),
        "labels": f"{url_for('tiles.labels', id=id, z=14, x=0, y=0)}?v={tile_mark(id)}",
        "sun": url_for("sun.day"),
        "within": url_for("selection.within", id=id),
        "fitting": url_for("selection.fitting", id=id, name="LAYER"),
        "outlines": url_for("selection.outlines", id=id),
        "selection": url_for("selection.panel", id=id),
        "basemaps": [*offered(), *([own] if (own := raster_map(id)) else [])],
        "raster": bool(own),
        "seen": url_for("seen.sentence", id=id),
        "words": {key: words(key) for key in SAID_BY_SCRIPTS},
        "deck": deck(id, city(), beside).to_json(),
    }


def init_app(app: Flask) -> None:
    app.register_blueprint(pages)
    app.jinja_env.globals.update(
        words=words, said=said, number=number, language=language, other_language=other_language,
        deck_version=pydeck.__version__, here=_here,
    )  # fmt: skip


def _link(id: int, name: str, uid: str) -> str:
    """The city with this feature in the middle."""
    return camera_link(id, name, uid, places_of(id, layers()[name], [uid]).get(uid), lang=language())


def _classes(id: int, layer: type[Feature]) -> set[str]:
    """Those of the legend's classes that the city has."""
    column = class_column(layer)
    if column:
        return classes(id, layer, column)
    return {kind for kind, _, _ in legend(layer)} - (ONLY_PLANNED if id == TODAY else set())


def _here(**changed: str) -> str:
    """This page's own address with other questions: ?lang=en."""
    return f"{request.path}?" + urlencode({**request.args.to_dict(flat=False), **changed}, doseq=True)


@cache
def _deck_gzipped() -> bytes:
    return gzip.compress(DECK.read_bytes(), 9)
