"""Which field a reader wants a layer coloured by, and the legend that goes with it."""

from collections import Counter
from typing import Any

import numpy as np
from flask import Blueprint, Flask, jsonify, request
from sqlalchemy import select

from layers.buildings import Building
from layers.contents import extent
from layers.palette import BUILDING_LOOKS, STATUS_COLORS
from scenarios.planned import planned
from scenarios.rows import rows_in
from twin.errors import NotFound
from twin.feature import TODAY, Feature
from web.asked import changed, counts, db, find_layer, find_scenario, kept, layers
from web.contract import asked, contract
from web.described import value_in_words
from web.drawn.buildings import STATUS, flags_of, statuses
from web.drawn.colouring import SCALES, UNKNOWN, Colouring, coloured
from web.errors import BadQuestion
from web.language import number, said, words
from web.schemas import TEXT, WHOLE, YES_NO, list_of, object_of, one_of

colours = Blueprint("colours", __name__, url_prefix="/api")

LEGEND = object_of(
    {
        "title": TEXT, "unit": TEXT, "kind": one_of(["numbers", "values", "decades", "codes"]),
        "classes": list_of(
            object_of(
                {"label": TEXT, "color": list_of(WHOLE, 3, 4), "count": WHOLE, "unknown": YES_NO},
                ("label", "color", "count"),
            )
        ),
    },
    title="Legend",
)  # fmt: skip
NAMES_OF_ONE = ("name", "number", "address", "key", "code")  # each feature has its own


@colours.get("/scenarios/<int:id>/<name>/colours")
@contract(LEGEND, asks={"field": TEXT, "scale": one_of(SCALES)}, needs=("field",))
def legend(id: int, name: str):
    """The classes that a field is coloured in, with their words, colours and counts."""
    scenario = find_scenario(id).id
    found = _found(scenario, name, asked("field"), asked("scale", SCALES[0]))
    title, unit = _named(found)
    counted, unknown = _counted(scenario, found)
    classes = [
        {"label": label, "color": color, "count": count}
        for label, color, count in zip(_labels(found), found.colors, counted, strict=True)
    ]
    if unknown:
        classes.append({"label": words("color-unknown"), "color": UNKNOWN, "count": unknown, "unknown": True})
    return jsonify(title=title, unit=unit, kind=found.kind, classes=classes)


def colouring(scenario: int) -> Colouring | None:
    """What ?colour=buildings.height.quantile asks of a tile."""
    wanted = request.args.get("colour")
    if not wanted:
        return None
    parts = wanted.split(".")
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
            "fields": [
                *([{"name": STATUS, "title": words("status")}] if layer is Building else []),
                *({"name": column.name, "title": said(column.info["title"])} for column in _fields(layer)),
            ],
        }
        for name, layer in reversed(layers().items())
        if count[name] and (layer is Building or _fields(layer))
    ]


def init_app(app: Flask) -> None:
    app.register_blueprint(colours)
    app.jinja_env.globals.update(colour_choices=choices)


def _fields(layer: type[Feature]) -> list:
    return [column for column in layer.fields() if not column.info.get("hidden") and column.name not in NAMES_OF_ONE]


def _found(scenario: int, name: str, field: str, scale: str) -> Colouring:
    layer = find_layer(name)
    if layer is Building and field == STATUS:
        return kept(("colouring", scenario, name, field), lambda: _by_status(scenario), changed(scenario))
    if field not in {column.name for column in layer.fields() if not column.info.get("hidden")}:
        raise NotFound(f"The layer {name} has no field called {field}.")
    if scale not in SCALES:
        raise BadQuestion(f"scale has to be one of {' and '.join(SCALES)}, not {scale}.")

    def of_values(planned_in: int) -> Colouring:
        view = planned(layer)
        values = select(view.c[field]).where(view.c.scenario_id == planned_in)
        return coloured(layer, field, db().scalars(values).all(), scale)

    # By today's values in every scenario: a colour means the same in all of them, and no edit moves it.
    return kept(("colouring", name, field, scale), lambda: of_values(TODAY if counts(TODAY)[name] else scenario))


def _counted(scenario: int, found: Colouring) -> tuple[list[int], int]:
    """Features of each class as planned, and how many have none."""
    if scenario == TODAY or found.field == STATUS:
        return found.counts, found.unknown
    view = planned(found.layer)
    values = select(view.c[found.field]).where(view.c.scenario_id == scenario)

    def count() -> list[int]:
        return np.bincount(found.class_of(db().scalars(values).all()), minlength=256).tolist()

    key = ("coloured", scenario, found.layer.__tablename__, found.field, tuple(found.breaks))
    many = kept(key, count, changed(scenario))
    return many[: len(found.colors)], sum(many[len(found.colors) :])


def _by_status(scenario: int) -> Colouring:
    """New, changed, empty, estimated: of these only what the city has."""
    west, south, east, north = extent(db(), Building.__tablename__) or (0.0, 0.0, 0.0, 0.0)
    everywhere = (west, south, east, north)
    rows = rows_in(db(), Building, scenario, everywhere, ())
    counted: Counter[str] = Counter(statuses(flags_of(db(), scenario, rows, everywhere)).tolist())
    there = [status for status in STATUS_COLORS if counted[status]]
    return Colouring(
        Building, STATUS, "codes", values=there, colors=[STATUS_COLORS[status] for status in there],
        counts=[counted[status] for status in there],
    )  # fmt: skip


def _named(found: Colouring) -> tuple[str, str]:
    """Title and unit."""
    if found.field == STATUS and found.layer is Building:
        return words("status"), ""
    info = found.layer.__table__.columns[found.field].info
    return said(info["title"]), info["unit"]


def _labels(found: Colouring) -> list[str]:
    if found.field == STATUS:
        return [said(BUILDING_LOOKS[value]) for value in found.values]
    if found.kind == "codes":
        column = found.layer.__table__.columns[found.field]
        return [value_in_words(column, value) or "" for value in found.values] + (
            [words("color-others")] if found.has_others else []
        )
    if found.kind == "values":
        return [_figure(found, value) for value in (found.span[0], *found.breaks)]
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
