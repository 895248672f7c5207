"""Which field a reader wants a layer coloured by, and the legend that goes with it."""

from typing import Any

from flask import Blueprint, Flask, jsonify, request
from sqlalchemy import select

from layers.buildings import Building
from scenarios.planned import planned
from twin.errors import NotFound
from twin.feature import Feature
from web.asked import counts, db, find_layer, find_scenario, kept, layers
from web.described import value_in_words
from web.drawn.colouring import SCALES, UNKNOWN, Colouring, coloured
from web.errors import BadQuestion
from web.language import number, said, words

colours = Blueprint("colours", __name__, url_prefix="/api")

NAMES_OF_ONE = ("name", "number", "address", "key", "code")  # each feature has its own


@colours.get("/scenarios/<int:id>/<name>/colours")
def legend(id: int, name: str):
    """?field=, ?scale=quantile or equal: the classes with their words, colours and counts."""
    found = _found(find_scenario(id).id, name, request.args.get("field", ""), request.args.get("scale", SCALES[0]))
    column = found.layer.__table__.columns[found.field]
    classes = [
        {"label": label, "color": color, "count": count}
        for label, color, count in zip(_labels(found), found.colors, found.counts, strict=True)
    ]
    if found.unknown:
        classes.append({"label": words("color-unknown"), "color": UNKNOWN, "count": found.unknown, "unknown": True})
    return jsonify(title=said(column.info["title"]), unit=column.info["unit"], kind=found.kind, classes=classes)


def colouring(scenario: int) -> Colouring | None:
    """What ?colour=buildings.height.quantile asks of a tile."""
    asked = request.args.get("colour")
    if not asked:
        return None
    parts = asked.split(".")
    if len(parts) != 3:
        raise BadQuestion("colour has to name a layer, a field and a scale: buildings.height.quantile")
    return _found(scenario, *parts)


def choices(scenario: int) -> list[dict[str, Any]]:
    """The layers that can be coloured, with their fields."""
    count = counts(scenario)
    return [
        {
            "name": name,
            "title": said(layer.title),
            "fields": [{"name": column.name, "title": said(column.info["title"])} for column in _fields(layer)],
        }
        for name, layer in reversed(layers().items())
        if count[name] and (layer is Building or layer.outlined)
    ]


def init_app(app: Flask) -> None:
    app.register_blueprint(colours)
    app.jinja_env.globals.update(colour_choices=choices)


def _fields(layer: type[Feature]) -> list:
    return [column for column in layer.fields() if not column.info.get("hidden") and column.name not in NAMES_OF_ONE]


def _found(scenario: int, name: str, field: str, scale: str) -> Colouring:
    layer = find_layer(name)
    if field not in {column.name for column in layer.fields() if not column.info.get("hidden")}:
        raise NotFound(f"The layer {name} has no field called {field}.")
    if scale not in SCALES:
        raise BadQuestion(f"scale has to be one of {' and '.join(SCALES)}, not {scale}.")
    view = planned(layer)
    values = select(view.c[field]).where(view.c.scenario_id == scenario)
    key = ("colouring", name, field, scale)
    return kept(key, lambda: coloured(layer, field, db().scalars(values).all(), scale), scenario)


def _labels(found: Colouring) -> list[str]:
    if found.kind == "codes":
        column = found.layer.__table__.columns[found.field]
        return [value_in_words(column, value) or "" for value in found.values] + (
            [words("color-others")] if found.has_others else []
        )
    if not found.breaks:
        return [" – ".join(dict.fromkeys(_figure(found, value) for value in found.span))]
    lows, highs = [found.span[0], *found.breaks], [*found.breaks, found.span[1]]
    if found.kind == "decades":
        inner = [f"{low:.0f}–{low + 9:.0f}" for low in found.breaks]
        first = found.breaks[0]
        oldest = f"{first - 10:.0f}–{first - 1:.0f}" if lows[0] >= first - 10 else f"≤ {first - 1:.0f}"
        return [oldest, *inner]
    return [f"{_figure(found, low)} – {_figure(found, high)}" for low, high in zip(lows, highs, strict=True)]


def _figure(found: Colouring, value: float) -> str:
    return f"{value:.0f}" if found.kind == "decades" else number(float(value), 0 if value == int(value) else 2)
