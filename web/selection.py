"""Many features at once: which lie in an outline or fit a filter, where they lie, and what their fields sum up to."""

import json
from collections.abc import Iterable
from typing import Any

import numpy as np
import shapely
from flask import Blueprint, Flask, Response, jsonify, render_template, request, stream_with_context
from shapely.geometry import Polygon
from sqlalchemy import func, select, text
from werkzeug.utils import secure_filename

from scenarios.planned import planned
from scenarios.rows import Bounds, rows_in
from twin.feature import Feature
from twin.projection import LONLAT, to_metres, transformer
from twin.store import near
from web.asked import city, db, find_layer, find_scenario, ground
from web.contract import body, contract
from web.described import title_of
from web.errors import BadQuestion
from web.filters import Filters, kind_of, read, shown_fields
from web.language import number, said, words
from web.schemas import LAYER, NUMBER, TEXT, UIDS, list_of, object_of
from web.search import TITLED_BY, places_of
from web.tables import csv_lines, selected

selection = Blueprint("selection", __name__)

MOST = 5000  # features that can be selected at once
LARGEST = 2_000_000  # bytes of a question
LISTED = 100  # of a layer that the panel names
CORNERS = 100  # of an outline that is drawn on the screen
FINE, COARSE = 0.3, 1.5  # metres that an outline may be simplified by: of some, and of many
SOME = 100
STRETCH = 25.0  # metres, after which an outline follows the terrain anew
# What can be added up: the sum of heights or of years says nothing.
SUMMED_UNITS = ("m²", "ha", "m³", "EUR")
SUMMED = ("dwellings", "households", "inhabitants", "places", "departures", "trips", "parts")

Chosen = dict[type[Feature], list[str]]

DRAWN_AROUND = object_of({"outline": list_of(list_of(NUMBER, 2, 2), 3, CORNERS), "layers": list_of(LAYER)})
_LINE = list_of(list_of(NUMBER, 3, 3))  # longitude, latitude, height
OUTLINED = object_of(
    {
        "layer": TEXT, "uid": TEXT, "title": TEXT, "of": TEXT, "areas": list_of(list_of(_LINE)),
        "lines": list_of(_LINE), "points": list_of(_LINE),
    },
    title="Outlined",
)  # fmt: skip


@selection.post("/api/scenarios/<int:id>/within")
@contract(
    UIDS,
    takes=object_of({"outline": list_of(list_of(NUMBER, 2, 2), 3, CORNERS), "layers": list_of(LAYER)}),
    most=LARGEST,
)
def within(id: int):
    """The ids of what touches an outline of [longitude, latitude] pairs, by layer."""
    outline = _outline(body()["outline"])
    chosen: Chosen = {}
    for name in dict.fromkeys(body()["layers"]):
        chosen[find_layer(name)] = _touching(find_scenario(id).id, find_layer(name), outline)
        _check(sum(map(len, chosen.values())))
    return jsonify({layer.__tablename__: uids for layer, uids in chosen.items() if uids})


@selection.get("/api/scenarios/<int:id>/fitting/<name>")
@contract(UIDS)
def fitting(id: int, name: str):
    """The uids that fit the filter of the address, by layer."""
    filters = read(find_layer(name), find_scenario(id).id, request.args)
    _check(db().scalar(select(func.count()).select_from(filters.view).where(*filters.where())) or 0)
    return jsonify({name: list(db().scalars(select(filters.view.c.uid).where(*filters.where())))})


@selection.post("/api/scenarios/<int:id>/outlines")
@contract(list_of(OUTLINED), takes=UIDS, most=LARGEST)
def outlines(id: int):
    """What each of the ids, by layer, is called and where it lies, in degrees and metres of the scene."""
    chosen = _chosen(body())
    step = FINE if sum(map(len, chosen.values())) <= SOME else COARSE
    return jsonify([one for layer, uids in chosen.items() for one in _drawn(find_scenario(id).id, layer, uids, step)])


@selection.post("/api/scenarios/<int:id>/selection")
@contract("text/html", takes=UIDS, most=LARGEST)
def panel(id: int):
    """What the page shows beside the city of the ids, by layer: counts, figures, names."""
    scenario = find_scenario(id).id
    groups = [summed_up(scenario, layer, uids) for layer, uids in _chosen(body()).items()]
    return render_template("selection.html", groups=[group for group in groups if group["count"]], scenario=id)


@selection.post("/api/scenarios/<int:id>/selection/<name>.csv")
@contract("text/csv", takes=object_of({"chosen": TEXT}), is_form=True, most=LARGEST)
def selection_csv(id: int, name: str):
    """The chosen features as a table; the form's field `chosen` holds their ids, as JSON."""
    try:
        uids = _texts(json.loads(body()["chosen"]))
    except (ValueError, RecursionError):
        raise BadQuestion("chosen has to be a list of ids, in JSON.") from None
    _check(len(uids))
    filters = _only(find_layer(name), find_scenario(id).id, uids)
    answer = Response(stream_with_context(csv_lines(filters, selected(filters))), mimetype="text/csv")
    file = secure_filename(f"{city().name}-{name}") or name
    answer.headers["Content-Disposition"] = f'attachment; filename="{file}.csv"'
    return answer


def summed_up(scenario: int, layer: type[Feature], uids: list[str]) -> dict[str, Any]:
    """One layer of a selection: how many, their figures, and the first of them by name."""
    view = planned(layer)
    fields = [view.c[column.name] for column in shown_fields(layer)]
    question = select(view.c.uid, view.c.estimated, view.c.geom, *fields).order_by(view.c.uid)
    question = question.where(*_only(layer, scenario, uids).where())
    rows = [dict(row._mapping) for row in db().execute(question)]
    names = [str(row["uid"]) for row in rows[:LISTED]]
    places = places_of(scenario, layer, names)
    return {
        "layer": layer.__tablename__,
        "title": said(layer.title),
        "uids": [row["uid"] for row in rows],
        "count": len(rows),
        "gone": len(set(uids)) - len(rows),
        "figures": [*_measured(rows), *(_figures(layer, column, rows) for column in _numeric(layer))],
        "named": [
            {"uid": row["uid"], "title": title_of(layer, row), "place": places.get(row["uid"])} for row in rows[:LISTED]
        ],
        "more": max(0, len(rows) - LISTED),
    }


def init_app(app: Flask) -> None:
    app.register_blueprint(selection)


def _texts(asked: Any) -> list[str]:
    if not isinstance(asked, list) or not all(isinstance(one, str) and "\0" not in one for one in asked):
        raise BadQuestion("A list of names is needed here, such as ['house', 'shed-1'].")
    return asked


def _chosen(asked: dict[str, list[str]]) -> Chosen:
    chosen = {find_layer(name): uids for name, uids in asked.items()}
    _check(sum(map(len, chosen.values())))
    return chosen


def _check(count: int) -> None:
    if count > MOST:
        raise BadQuestion(words("too-many").format(count=number(count), most=number(MOST)))


def _outline(asked: list[list[float]]) -> Polygon:
    degrees = np.array(asked, float)
    if (np.abs(degrees) > (180, 90)).any():
        raise BadQuestion(f"outline has to be 3 to {CORNERS} pairs of longitude and latitude.")
    return to_metres(Polygon(degrees), city().srid).convex_hull


def _touching(scenario: int, layer: type[Feature], outline) -> list[str]:
    _check(_in_window(layer, outline.bounds) // 4)  # where far too many lie in the window, none is read
    rows = rows_in(db(), layer, scenario, outline.bounds, ())
    return [str(uid) for uid in rows["uid"][shapely.intersects(outline, rows.shapes)]]


def _in_window(layer: type[Feature], bounds: Bounds) -> int:
    table = layer.__tablename__
    window = dict(zip(("minx", "miny", "maxx", "maxy"), map(float, bounds), strict=True))
    return db().scalar(text(f'select count(*) from "{table}" where {near(db(), table)}'), window) or 0


def _only(layer: type[Feature], scenario: int, uids: Iterable[str]) -> Filters:
    return Filters(layer, scenario, {"uid": [planned(layer).c.uid.in_(set(uids))]})


def _drawn(scenario: int, layer: type[Feature], uids: list[str], step: float) -> list[dict[str, Any]]:
    """areas: rings of polygons; lines; points: each a list of [longitude, latitude, height]."""
    view = planned(layer)
    shown = [view.c[column.name] for column in layer.fields() if column.name in TITLED_BY]
    found = db().execute(select(view.c.uid, view.c.geom, *shown).where(*_only(layer, scenario, uids).where())).all()
    drawn: list[dict[str, Any]] = []
    pieces, homes = [], []
    for row in found:
        one = {"layer": layer.__tablename__, "uid": row.uid, "title": title_of(layer, dict(row._mapping))}
        drawn.append({**one, "of": said(layer.title), "areas": [], "lines": [], "points": []})
        for part in shapely.get_parts(shapely.get_parts(shapely.force_2d(row.geom))):
            finer = shapely.segmentize(shapely.simplify(part, step), STRETCH)
            rings = shapely.get_rings(finer) if part.geom_type == "Polygon" else [finer]
            home: list = drawn[-1]["points" if part.geom_type == "Point" else "lines"]
            if part.geom_type == "Polygon":
                home = []
                drawn[-1]["areas"].append(home)
            pieces += list(rings)
            homes += [home] * len(rings)
    for home, line in zip(homes, _degrees(pieces), strict=True):
        home.append(line)
    return drawn


def _degrees(lines: list) -> list[list[list[float]]]:
    """All at once: the terrain is asked but one time."""
    if not lines:
        return []
    points, owner = shapely.get_coordinates(np.array(lines, object), return_index=True)
    heights = ground().heights(points[:, 0], points[:, 1])
    longitude, latitude = transformer(city().srid, LONLAT).transform(points[:, 0], points[:, 1])
    spots = np.column_stack([np.round(longitude, 7), np.round(latitude, 7), np.round(heights, 2)])
    return [part.tolist() for part in np.split(spots, np.searchsorted(owner, np.arange(1, len(lines))))]


def _numeric(layer: type[Feature]) -> list:
    return [column for column in shown_fields(layer) if kind_of(column) == "number"]


def _measured(rows: list) -> list[dict[str, Any]]:
    """Areas and lengths as drawn in the city's projection."""
    shapes = np.array([row["geom"] for row in rows], object)
    found = []
    for measure, unit, title in ((shapely.area, "m²", "drawn-area"), (shapely.length, "m", "drawn-length")):
        flat = shapes[np.isin(shapely.get_dimensions(shapes), [2 if unit == "m²" else 1])]
        if len(flat):
            found.append(_figure(words(title), unit, measure(flat), len(rows), summed=True))
    return found


def _figures(layer: type[Feature], column, rows: list) -> dict[str, Any]:
    known = np.array([float(row[column.name]) for row in rows if row[column.name] is not None])
    unit, name = column.info["unit"], column.name
    summed = unit in SUMMED_UNITS or any(part in name for part in SUMMED)
    estimated = sum(f"{name}:" in (row["estimated"] or "") for row in rows)
    return _figure(said(column.info["title"]), unit, known, len(rows), summed, estimated, name == "year")


def _figure(title: str, unit: str, known: np.ndarray, of: int, summed: bool, estimated: int = 0, year: bool = False):
    def told(value: float) -> str:
        return f"{value:.0f}" if year else number(float(value), 0 if abs(value) >= 1000 else None)

    return {
        "title": title,
        "unit": unit,
        "known": len(known),
        "of": of,
        "estimated": estimated,
        "sum": told(known.sum()) if summed and len(known) else None,
        "mean": told(known.mean()) if len(known) else None,
        "span": f"{told(known.min())} – {told(known.max())}" if len(known) else None,
    }
