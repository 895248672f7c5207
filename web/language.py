"""German first, English beside it: the words of the page, and which this reader has asked for."""

from flask import current_app, g, request

from twin.feature import Words
from web.api_words import API
from web.assumption_words import ASSUMPTIONS
from web.compare_words import COMPARING
from web.edit_words import EDITING
from web.export_words import EXPORTING
from web.find_words import FIND
from web.indicator_words import INDICATORS
from web.map_words import ON_THE_MAP
from web.ogc_words import OGC
from web.participation_simple import SIMPLE, is_simple
from web.participation_words import PARTICIPATION
from web.people_words import PEOPLE
from web.place_words import PLACES
from web.planner_words import PLANNER
from web.reach_words import REACH
from web.register_words import REGISTER
from web.state_words import STATES
from web.story_words import STORIES
from web.tool_words import TOOLS
from web.verb_words import SEVERAL

LANGUAGES = ("de", "en")

PAGE = {
    "layers": Words("Ebenen", "Layers"),
    "legend": Words("Legende", "Legend"),
    "today": Words("Heute", "Today"),
    "close": Words("Schließen", "Close"),
    "home": Words("Ganze Stadt", "Whole town"),
    "north": Words("Nach Norden", "Face north"),
    "tilt": Words("Neigen", "Tilt"),
    "closer": Words("Näher", "Zoom in"),
    "farther": Words("Weiter weg", "Zoom out"),
    "other-language": Words("English", "Deutsch"),
    "unknown": Words("nicht bekannt", "not known"),
    "source": Words("Quelle", "Source"),
    "file": Words("Datei", "File"),
    "kind": Words("Format", "Format"),
    "delivered": Words("Stand", "As of"),
    "licence": Words("Lizenz", "Licence"),
    "estimated": Words("geschätzt", "estimated"),
    "how-estimated": Words("So wurde geschätzt", "How it was estimated"),
    "map": Words("3D-Stadt", "3D city"),
    "loading": Words("Die Stadt wird geladen …", "The city is loading …"),
    "failed": Words(
        "Ein Teil der Stadt konnte nicht geladen werden.", "A part of the city could not be loaded."
    ),
    "again": Words("Noch einmal versuchen", "Try again"),
    "no-webgl": Words(
        "Dieser Browser zeigt keine 3D-Grafik (WebGL 2 fehlt oder ist abgeschaltet). Hier sind die Ebenen der Stadt als"
        " Tabelle.",
        "This browser shows no 3D graphics (WebGL 2 is missing or switched off). Here are the city's layers as a"
        " table.",
    ),
    "software": Words(
        "Ohne Grafikkarte: Die Stadt wird mit weniger Einzelheiten gezeichnet.",
        "No graphics card: the city is drawn with less detail.",
    ),
    "nothing-here": Words("Hier liegt nichts von den gezeigten Ebenen.", "None of the layers shown lies here."),
    "count": Words("Anzahl", "Number"),
    "layer": Words("Ebene", "Layer"),
    "fields": Words("Felder", "Fields"),
    "no-data": Words("Noch keine Daten", "No data yet"),
    "load-first": Words("Laden Sie zuerst einen Ordner mit Dateien:", "First load a folder of files:"),
    "empty-city": Words(
        "Diese Stadt hat noch keine Ebenen. Laden Sie einen Ordner mit Dateien:",
        "This city has no layers yet. Load a folder of files:",
    ),
    "then-reload": Words("Danach diese Seite neu laden.", "Then reload this page."),
    "no-page": Words("Diese Seite gibt es nicht.", "There is no such page."),
    "to-city": Words("Zur Stadt", "To the city"),
    "show-in-city": Words("In der Stadt zeigen", "Show in the city"),
    "yes": Words("ja", "yes"),
    "no": Words("nein", "no"),
    "about-drawing": Words(
        "Höhen in Metern über Normalhöhennull. Schatten auf ebenem Grund, bis 150 m lang.",
        "Heights in metres above sea level. Shadows on level ground, up to 150 m long.",
    ),
    "skip": Words("Zum Inhalt", "Skip to content"),
    "help": Words(
        "Ziehen: bewegen · rechte Taste oder Strg: drehen · Rad: näher · Pfeiltasten, + und −",
        "Drag: move · right button or Ctrl: turn · wheel: zoom · arrow keys, + and −",
    ),
    **API,
    **OGC,
    **EXPORTING,
    **FIND,
    **TOOLS,
    **STATES,
    **PEOPLE,
    **PLANNER,
    **EDITING,
    **PARTICIPATION,
    **INDICATORS,
    **REACH,
    **PLACES,
    **REGISTER,
    **COMPARING,
    **STORIES,
    **SEVERAL,
    **ASSUMPTIONS,
    "sun": Words("Sonne und Schatten", "Sun and shadows"),
    "sun-date": Words("Tag", "Day"),
    "sun-time": Words("Uhrzeit", "Time of day"),
    "sun-above": Words("Sonne {altitude}° über {direction}", "Sun {altitude}° above {direction}"),
    "sun-below": Words("Sonne unter dem Horizont", "Sun below the horizon"),
    "directions": Words("N NO O SO S SW W NW", "N NE E SE S SW W NW"),
    "sun-today": Words("heute", "today"),
    "21-march": Words("21. März", "21 March"),
    "21-june": Words("21. Juni", "21 June"),
    "21-december": Words("21. Dez.", "21 Dec"),
    "play": Words("Den Tag abspielen", "Play the day"),
    "pause": Words("Anhalten", "Pause"),
    **ON_THE_MAP,
}  # fmt: skip


def language() -> str:
    """The language of this answer: ?lang=, else the city's."""
    if "language" not in g:
        asked = request.args.get("lang")
        g.language = asked if asked in LANGUAGES else current_app.config["LANGUAGE"]
    return g.language


def other_language() -> str:
    return "en" if language() == "de" else "de"


def said(both: Words) -> str:
    """One of the two, for this reader."""
    return getattr(both, language())


def words(key: str) -> str:
    return SIMPLE[key] if key in SIMPLE and is_simple() else said(PAGE[key])


def number(value: float | int, digits: int | None = None) -> str:
    """1.234,5 in German, 1,234.5 in English; years and counts without a fraction."""
    if isinstance(value, float):
        digits = digits if digits is not None else (1 if abs(value) < 1000 else 0)
        plain = f"{value:,.{digits}f}"
        plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    else:
        plain = f"{value:,}"
    return plain.translate(str.maketrans(",.", ".,")) if language() == "de" else plain
