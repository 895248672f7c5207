"""Finds streets, addresses, parcels and whatever else has a name, and says where they are."""

from typing import Any
from urllib.parse import quote

import numpy as np
import shapely
from flask import Blueprint, Flask, jsonify, render_template, request, url_for
from sqlalchemy import Column, Text, select

from scenarios.planned import planned
from twin.feature import Feature
from twin.projection import LONLAT, transformer
from web.asked import changed, city, counts, db, find_scenario, kept, layers
from web.contract import asked, contract
from web.described import title_of
from web.errors import BadQuestion
from web.language import said, words
from web.likeness import LONGEST, plain
from web.names import Names
from web.schemas import NUMBER, TEXT, list_of, object_of, or_null, whole

search = Blueprint("search", __name__)

SHORTEST = 2  # letters below which everything would be found
FEW, MANY = 12, 50  # answers, where the address does not say, and at most
# What people ask for most stands first among equals.
FIRST = ("streets", "facilities", "stops", "buildings", "parcels", "vacancies", "zones", "lines", "blocks", "water")
NAMED = {"name", "address", "number", "key", "code", "plan", "parcel", "detail"}
NAME_LIKE = ("name", "bez", "titel", "title", "nummer", "number", "adress", "strasse", "lage", "kennz", "schl", "ort")
HIT = object_of(
    {
        "layer": TEXT, "uid": TEXT, "title": TEXT, "detail": TEXT, "longitude": or_null(NUMBER),
        "latitude": or_null(NUMBER),
    },
    title="Hit",
)  # fmt: skip
TITLED_BY = {"name", "number", "address", "species", "function", "kind", "use"}


@search.get("/api/scenarios/<int:id>/search")
@contract(list_of(HIT), asks={"q": TEXT, "limit": whole(1, MANY)})
def found(id: int):
    """What is called `q`, at most `limit` of it, the best first."""
    return jsonify(find(find_scenario(id).id, question(), asked("limit", FEW)))


@search.get("/scenarios/<int:id>/search")
def page(id: int):
    asked = question()
    hits = find(find_scenario(id).id, asked, MANY)
    return render_template("search.html", hits=hits, asked=asked, scenario=id, shortest=SHORTEST)


def question() -> str:
    text = request.args.get("q", "").strip()
    if len(text) > LONGEST:
        raise BadQuestion(words("long-text").format(most=LONGEST, count=len(text)))
    return text


def find(scenario: int, asked: str, limit: int) -> list[dict[str, Any]]:
    """[{layer, uid, title, detail, longitude, latitude}]; no layer takes more than half of the answers."""
    if len(asked) < SHORTEST:
        return []
    count = counts(scenario)
    ranked: list[tuple[tuple, dict[str, Any]]] = []
    for name, layer in layers().items():
        if count[name]:
            ranked += _named(scenario, layer, asked, limit)
    ranked.sort(key=lambda pair: pair[0])
    return _placed(scenario, _mixed([hit for _, hit in ranked], limit))


def searched(layer: type[Feature]) -> list[Column]:
    """The columns of a layer that hold what a thing is called."""
    texts = [c for c in layer.fields() if isinstance(c.type, Text) and not c.info.get("codes")]
    if layer.__tablename__ in FIRST:
        return [column for column in texts if column.name in NAMED]
    return [c for c in texts if c.name in NAMED or any(part in c.name.lower() for part in NAME_LIKE)]


def init_app(app: Flask) -> None:
    app.register_blueprint(search)


def _named(scenario: int, layer: type[Feature], asked: str, limit: int) -> list[tuple[tuple, dict[str, Any]]]:
    uids = called(scenario, layer).like(asked, limit)
    if not uids:
        return []
    view, names = planned(layer), [column.name for column in searched(layer)]
    shown = {*names, *(column.name for column in layer.fields() if column.name in TITLED_BY)}
    question = select(view.c.uid, *(view.c[name] for name in sorted(shown)))
    found = db().execute(question.where(view.c.scenario_id == scenario, view.c.uid.in_(uids)))
    return [_hit(layer, row._mapping, asked, names) for row in found]


def called(scenario: int, layer: type[Feature]) -> Names:
    """How the features of a layer are called, read once for each state of the store."""
    view = planned(layer)
    columns = [view.c[column.name] for column in searched(layer)]
    question = select(view.c.uid, *columns).where(view.c.scenario_id == scenario).order_by(view.c.uid)
    once = layer.__tablename__ == "streets"  # a street is many stretches, and one of them stands for all
    key = ("called", scenario, layer.__tablename__)
    return kept(key, lambda: Names([tuple(row) for row in db().execute(question)], once), changed(scenario))


def _hit(layer: type[Feature], row: Any, asked: str, names: list[str]) -> tuple[tuple, dict[str, Any]]:
    title, wanted = title_of(layer, row), " ".join(plain(asked).split())
    others = [str(row[name]) for name in names if row[name] and str(row[name]) != title]
    if wanted in plain(row["uid"]) and wanted not in plain(" ".join([title, *others])):
        others.append(row["uid"])
    name = layer.__tablename__
    texts = [plain(title), *map(plain, others)]
    rank = 0 if texts[0].startswith(wanted) else 1 if any(text.startswith(wanted) for text in texts) else 2
    order = FIRST.index(name) if name in FIRST else len(FIRST)
    hit = {
        "layer": name,
        "uid": row["uid"],
        "title": title,
        "detail": " · ".join([said(layer.title), *others[:2]]),
        "longitude": None,
        "latitude": None,
    }
    return (rank, order, len(title), title), hit


def _mixed(hits: list[dict[str, Any]], limit: int) -> list[dict[str, Any]]:
    """The best, but not all of one layer while others were found."""
    taken: dict[str, int] = {}
    best: list[dict[str, Any]] = []
    rest: list[dict[str, Any]] = []
    for hit in hits:
        taken[hit["layer"]] = taken.get(hit["layer"], 0) + 1
        (best if taken[hit["layer"]] <= max(1, limit // 2) else rest).append(hit)
    return [hit for hit in hits if hit in (best + rest)[:limit]]


def _placed(scenario: int, hits: list[dict[str, Any]]) -> list[dict[str, Any]]:
    for name in {hit["layer"] for hit in hits}:
        here = [hit for hit in hits if hit["layer"] == name]
        places = places_of(scenario, layers()[name], [hit["uid"] for hit in here])
        for hit in here:
            hit["longitude"], hit["latitude"] = places.get(hit["uid"], (None, None))
    return hits


def places_of(scenario: int, layer: type[Feature], uids: list[str]) -> dict[str, tuple[float, float]]:
    """uid -> longitude, latitude of a point on the feature, for those that have a shape."""
    view = planned(layer)
    question = select(view.c.uid, view.c.geom).where(view.c.scenario_id == scenario, view.c.uid.in_(uids))
    rows = [(uid, shape) for uid, shape in db().execute(question) if shape is not None and not shape.is_empty]
    if not rows:
        return {}
    points = shapely.get_coordinates(shapely.point_on_surface(np.array([shape for _, shape in rows], object)))
    degrees = transformer(city().srid, LONLAT).transform(points[:, 0], points[:, 1])
    pairs = zip(np.round(degrees[0], 6).tolist(), np.round(degrees[1], 6).tolist(), strict=True)
    return {uid: pair for (uid, _), pair in zip(rows, pairs, strict=True)}


def camera_link(scenario: int, layer: str, uid: str, place: tuple[float, float] | None, **asked: Any) -> str:
    """The city with the feature in the middle of the picture and its fields beside it."""
    camera = f"camera={place[0]},{place[1]},17.6,56,-24&" if place else ""
    return url_for("pages.scenario", id=scenario, **asked) + f"#{camera}select={quote(f'{layer}/{uid}')}"
