"""A scenario as one HTML file, which opens without server or network: for the council's tablets."""

import datetime as dt
import re
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pydeck
import shapely
from jinja2 import Environment, FileSystemLoader
from pyproj import CRS

from layers.palette import BUILDINGS, COLORS, HIDDEN_AT_FIRST, STREET_WIDTHS, area_of, class_column, color_of
from layers.writing.bodies import tops
from layers.writing.delivery import PLANNED, CannotHold, Delivery, Table, licences, told_sources
from twin.feature import TODAY, Words
from twin.projection import LONLAT, transform

HERE = Path(__file__).parent
MOST = 30_000  # features: some 10 MB
DIGITS = 6  # of degrees: a decimetre
USUAL = {"streets": 4.0, "lines": 2.2}  # metres of a line
GONE = "gone"
WORDS = {
    "planned": Words("Geplant", "Planned"),
    "today": Words("Heute", "Today"),
    "differences": Words("Was sich ändert", "What changes"),
    "new": Words("neu", "new"),
    "changed": Words("geändert", "changed"),
    "gone": Words("entfällt", "gone"),
    "existing": Words("Bestand", "Existing"),
    "none": Words("Hier ändert sich nichts.", "Nothing changes here."),
    "sources": Words("Quellen", "Sources"),
    "made": Words("Stand", "As of"),
    "height": Words("Höhe", "Height"),
    "storeys": Words("Geschosse", "Storeys"),
    "no-3d": Words("Dieses Gerät zeigt keine 3D-Grafik. Die Liste sagt, was sich ändert.",
                   "This device shows no 3D graphics. The list says what changes."),
    "turn": Words("Ziehen: bewegen · zwei Finger oder rechte Taste: drehen · Rad: näher",
                  "Drag: move · two fingers or right button: turn · wheel: closer"),
    "layers": Words("Ebenen", "Layers"),
}  # fmt: skip


def handout(delivery: Delivery, path: Path) -> None:
    """Buildings as blocks on flat ground, the scenario and today to switch between, and a list of what differs."""
    count = sum(map(len, delivery.tables))
    if count > MOST or count == 0:
        raise CannotHold(
            Words(f"Eine Seite zum Mitnehmen hält 1 bis {MOST} Objekte, hier {count}. Bitte einen Ausschnitt wählen.",
                  f"A page to take along holds 1 to {MOST:,} features, here are {count:,}. Choose a part of the city.")
        )  # fmt: skip
    now = {name: delivery.said(words) for name, words in WORDS.items()}
    drawn = [_layer(delivery, table) for table in delivery.tables]
    names = Environment(loader=FileSystemLoader(HERE), autoescape=True)
    deck = Path(pydeck.__file__).parent / "nbextension" / "static" / "index.js"
    told = names.get_template("handout.html").render(
        language=delivery.language, city=delivery.city, title=delivery.title, words=now, day=dt.date.today(),
        differences=differences(delivery), sources=_sources(delivery), has_today=delivery.scenario != TODAY,
        scene=orjson.dumps({"layers": drawn, "looks": _looks()}).decode().replace("<", "\\u003c"),
        deck=_in_a_script(deck.read_text(encoding="utf-8")),
        script=_in_a_script((HERE / "handout.js").read_text(encoding="utf-8")),
    )  # fmt: skip
    path.write_text(told, encoding="utf-8")


def differences(delivery: Delivery) -> list[dict[str, Any]]:
    """Of each layer what the scenario made of it, in words."""
    found = []
    for table in (one for one in delivery.tables if one.scenario == delivery.scenario != TODAY):
        before = next((one for one in delivery.tables if one.layer is table.layer and one.scenario == TODAY), None)
        rows = [(str(state), *_told(delivery, table, i)) for i, state in enumerate(table.columns[PLANNED]) if state]
        rows += [(GONE, *_told(delivery, before, i)) for i in _gone(table, before)] if before is not None else []
        if rows:
            found.append({"title": delivery.said(table.layer.title), "rows": rows})
    return found


def _gone(table: Table, before: Table) -> list[int]:
    there = set(table.columns["uid"])
    return [i for i, uid in enumerate(before.columns["uid"]) if uid not in there]


def _told(delivery: Delivery, table: Table, i: int) -> tuple[str, str]:
    """What a person would call it, and its height and storeys."""
    names = [table.columns[name][i] for name in ("name", "address", "number", "species") if name in table.columns]
    figures = []
    for name, unit in (("height", " m"), ("storeys", "")):
        if name in table.columns and table.columns[name][i] is not None:
            figures.append(f"{delivery.said(WORDS[name])} {table.columns[name][i]:g}{unit}")
    return str(next(filter(None, names), table.columns["uid"][i])), ", ".join(figures)


def _layer(delivery: Delivery, table: Table) -> dict[str, Any]:
    """Areas as rings, lines and points, in degrees, each with its colour and size."""
    degrees = transform(shapely.force_2d(table.shapes), CRS(delivery.epsg), LONLAT)
    parts, owner = shapely.get_parts(degrees, return_index=True)
    colors, sizes = _colors(table), _sizes(table)
    states = table.columns.get(PLANNED, np.full(len(table), None, object))
    kinds = shapely.get_dimensions(parts)
    found: dict[str, list] = {"areas": [], "lines": [], "points": []}
    for part, kind, i in zip(parts, kinds.tolist(), owner.tolist(), strict=True):
        item = [_places(part, kind), colors[i], round(float(sizes[i]), 1), states[i] or ""]
        found[("points", "lines", "areas")[kind]].append(item)
    if table.name == "buildings" and table.scenario == TODAY != delivery.scenario:
        planned = delivery.table("buildings")
        gone = set(_gone(planned, table)) if planned is not None else set()
        for item, i in zip(found["areas"], owner[kinds == 2].tolist(), strict=True):
            item[3] = GONE if i in gone else ""
    return {
        "name": table.name, "title": delivery.said(table.layer.title), "scenario": table.scenario,
        "shown": table.name not in HIDDEN_AT_FIRST, "opacity": area_of(table.layer)[0], **found,
    }  # fmt: skip


def _places(part: Any, kind: int) -> Any:
    if kind == 0:
        return np.round(shapely.get_coordinates(part)[0], DIGITS).tolist()
    if kind == 1:
        return np.round(shapely.get_coordinates(part), DIGITS).tolist()
    return [np.round(shapely.get_coordinates(ring), DIGITS).tolist() for ring in (part.exterior, *part.interiors)]


def _colors(table: Table) -> list[list[int]]:
    column, plain = class_column(table.layer), color_of(table.layer)
    if column is None:
        return [plain] * len(table)
    return [COLORS[table.name].get(kind, plain) for kind in table.columns[column]]


def _sizes(table: Table) -> np.ndarray:
    """Metres: the height of a building, the width of a line, the crown of a tree."""
    if table.name == "buildings":
        return tops(table)
    if table.name == "trees":
        height = np.nan_to_num(table.numbers("height"), nan=9.0)
        return np.where(table.numbers("crown") > 0, table.numbers("crown"), height * 0.55)
    usual = np.full(len(table), USUAL.get(table.name, 2.0))
    if table.name == "streets":
        usual = np.array([STREET_WIDTHS.get(kind, 4.0) for kind in table.columns["kind"]])
    return np.where(table.numbers("width") > 0, table.numbers("width"), usual) if "width" in table.columns else usual


def _looks() -> dict[str, list[int]]:
    return {name: look["roof"] for name, look in BUILDINGS.items()}


def _sources(delivery: Delivery) -> list[str]:
    lines = {f"{delivery.said(one.layer.title)}: {', '.join([*told_sources(one), *licences(one)])}"
             for one in delivery.tables if one.sources}  # fmt: skip
    return sorted(lines)


def _in_a_script(code: str) -> str:
    """Nothing in it ends the script element."""
    return re.sub(r"</(script)", r"<\\/\1", code, flags=re.IGNORECASE)
