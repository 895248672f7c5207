"""Which features of a layer are asked for, read from the address: ?height.from=10&function.is=31001_1010."""

import datetime as dt
import math
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from flask import request
from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Date,
    Double,
    Float,
    Integer,
    Numeric,
    Table,
    false,
    func,
    literal,
    or_,
)
from werkzeug.datastructures import MultiDict

from scenarios.planned import planned
from twin.feature import Feature
from web.asked import find_layer
from web.described import value_in_words
from web.drawn.land import Fitting
from web.errors import BadQuestion
from web.language import number, said, words
from web.likeness import LONGEST, contains

VALUES = 200  # of a field that may be asked for at once
STATES = ("known", "unknown", "estimated")
WAYS = {
    "text": ("has", "state"),
    "number": ("from", "to", "state"),
    "date": ("from", "to", "state"),
    "codes": ("is", "state"),
    "choice": ("is", "state"),
}


class Chip(NamedTuple):
    """One filter in words, and the name it has in the address."""

    name: str
    words: str


@dataclass
class Filters:
    """What of a layer is asked for. conditions: by field, so that a field can be counted without its own filter."""

    layer: type[Feature]
    scenario: int
    conditions: dict[str, list[ColumnElement[bool]]] = field(default_factory=dict)
    chips: list[Chip] = field(default_factory=list)

    @property
    def view(self) -> Table:
        return planned(self.layer)

    def where(self, *, but: str | None = None) -> list[ColumnElement[bool]]:
        asked = [one for name, some in self.conditions.items() if name != but for one in some]
        return [self.view.c.scenario_id == self.scenario, *asked]


def read(layer: type[Feature], scenario: int, asked: MultiDict[str, str]) -> Filters:
    """The filters that stand in an address. Raises BadQuestion for a field, a way or a value that cannot be."""
    found = Filters(layer, scenario)
    columns = {column.name: column for column in shown_fields(layer)}
    for key in asked:
        name, dot, way = key.rpartition(".")
        values = [value.strip() for value in asked.getlist(key) if value.strip()]
        if not dot or not values:
            continue
        if name not in columns:
            raise BadQuestion(words("no-field").format(layer=said(layer.title), name=name))
        column = columns[name]
        if way not in WAYS[kind_of(column)]:
            raise BadQuestion(words("no-way").format(key=key, name=name, ways=", ".join(WAYS[kind_of(column)])))
        if len(values) > VALUES:
            raise BadQuestion(words("many-values").format(key=key, count=len(values), most=VALUES))
        found.conditions.setdefault(name, []).append(_condition(found.view, column, way, values))
        found.chips.append(Chip(key, f"{said(column.info['title'])}: {_told(column, way, values)}"))
    return found


def fitting(scenario: int) -> Fitting | None:
    """What the filter leaves that an address has as ?filter=streets?kind.is=primary, as the page's own address does."""
    asked = request.args.get("filter")
    if not asked:
        return None
    name, _, questions = asked.partition("?")
    layer = find_layer(name)
    return Fitting(layer, read(layer, scenario, MultiDict(parse_qsl(questions))).where())


def shown_fields(layer: type[Feature]) -> list[Column]:
    return [column for column in layer.fields() if not column.info.get("hidden")]


def kind_of(column: Column) -> str:
    if column.info.get("codes"):
        return "codes"
    for kind, types in {"choice": Boolean, "date": Date, "number": (Integer, Float, Numeric)}.items():
        if isinstance(column.type, types):  # type: ignore[arg-type]
            return kind
    return "text"


def _condition(view: Table, column: Column, way: str, values: list[str]) -> ColumnElement[bool]:
    inside = view.c[column.name]
    if way == "has":
        if len(values[0]) > LONGEST:
            raise BadQuestion(words("long-text").format(most=LONGEST, count=len(values[0])))
        return contains(inside, values[0])
    if way == "state":
        return _state(view, column, values[0])
    if way == "is" and kind_of(column) == "choice":
        return or_(*(inside.is_(value == "yes") for value in values))
    if way == "is":
        return inside.in_(values)
    limit = _limit(column, values[0])
    return inside >= limit if way == "from" else inside <= limit


def _state(view: Table, column: Column, state: str) -> ColumnElement[bool]:
    inside = view.c[column.name]
    if state not in STATES:
        raise BadQuestion(words("no-state").format(name=column.name, states=", ".join(STATES), state=state))
    if state == "estimated":
        name = column.name.replace("_", r"\_")  # estimated: "storeys: height / 3.2 m; use: from the function"
        return or_(*(view.c.estimated.like(f"{start}{name}:%", escape="\\") for start in ("", "%; ", "%;")))
    is_text = kind_of(column) in ("text", "codes")
    empty = or_(inside.is_(None), inside == "" if is_text else false())
    return empty if state == "unknown" else ~func.coalesce(empty, false()) if is_text else inside.is_not(None)


def _limit(column: Column, value: str) -> ColumnElement:
    if kind_of(column) == "date":
        try:
            return literal(dt.date.fromisoformat(value), Date)
        except ValueError:
            raise BadQuestion(words("no-date").format(name=said(column.info["title"]), value=value)) from None
    try:
        limit = float(value.replace(",", "."))
    except ValueError:
        limit = math.nan
    if not math.isfinite(limit):
        raise BadQuestion(words("no-number").format(name=said(column.info["title"]), value=value))
    return literal(limit, Double)  # whole numbers, too, may be asked for with 2.5


def _told(column: Column, way: str, values: list[str]) -> str:
    unit = f" {column.info['unit']}" if column.info["unit"] else ""
    if way == "state":
        return words(f"state-{values[0]}")
    if way == "has":
        return f"„{values[0]}“" if words("yes") == "ja" else f"“{values[0]}”"
    if way == "is" and kind_of(column) == "choice":
        return ", ".join(words("yes" if value == "yes" else "no") for value in values)
    if way == "is":
        return ", ".join(str(value_in_words(column, value)) for value in values)
    return f"{words(way)} {_limit_in_words(column, values[0])}{unit}"


def _limit_in_words(column: Column, value: str) -> Any:
    if kind_of(column) == "date":
        return value_in_words(column, dt.date.fromisoformat(value))
    limit = float(value.replace(",", "."))
    return value if column.name == "year" else number(int(limit) if limit.is_integer() else limit)
