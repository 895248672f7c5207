"""Each layer as a table: filtered by field, sorted by any column, page by page, and as a file for a spreadsheet."""

import csv
import io
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Flask, Response, jsonify, render_template, request, stream_with_context, url_for
from sqlalchemy import ColumnElement, Select, case, func, select
from werkzeug.datastructures import MultiDict
from werkzeug.urls import iri_to_uri

from twin.feature import Feature
from web.asked import changed, city, classes, counts, db, find_layer, find_scenario, kept, layers
from web.contract import contract
from web.described import estimates, value_in_words
from web.errors import BadQuestion
from web.filters import Filters, kind_of, read, shown_fields
from web.language import language, said, words
from web.schemas import TEXT, WHOLE, YES_NO, list_of, object_of
from web.search import camera_link, places_of

tables = Blueprint("tables", __name__)

PAGE = 50  # rows
LAST = 1_000_000  # page that may be asked for
PAINTED = {"surfaces", "water", "blocks", "zones", "parcels", "streets", "lines"}  # their tiles know the filter
MATCHING = object_of(
    {
        "layer": TEXT, "title": TEXT, "count": WHOLE, "of": WHOLE, "filters": list_of(TEXT), "without": YES_NO,
        "uids": list_of(TEXT),
    },
    title="Matching",
)  # fmt: skip
OURS = ("sort", "page", "lang")  # beside the filters, whose names have a dot
FORMULAS = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would reckon with


@tables.get("/scenarios/<int:id>/table/<name>")
def table(id: int, name: str):
    """One layer, as a page of its own or, with ?part, as what the page shows below the city."""
    scenario, layer = find_scenario(id), find_layer(name)
    filters = read(layer, id, request.args)
    hits = _count(filters)
    pages = max(1, -(-hits // PAGE))
    page = min(max(request.args.get("page", 1, type=int), 1), pages, LAST)
    template = "table_part.html" if "part" in request.args else "table.html"
    return render_template(
        template, city=city(), scenario=scenario, layer=layer, filters=filters, hits=hits, page=page, pages=pages,
        rows=rows(filters, page), columns=_columns(layer), fields=[_field(filters, c) for c in shown_fields(layer)],
        tabs=_tabs(id), total=counts(id)[name], sort=request.args.get("sort", ""), with_=with_, asked=plain_asked(),
        on_the_map=map_link(filters) if filters.chips else None,
    )  # fmt: skip


@tables.get("/scenarios/<int:id>/table/<name>/csv")
@contract("text/csv")
def table_csv(id: int, name: str):
    """The filtered rows, all of them, as Excel opens it in this language."""
    layer = find_layer(name)
    filters = read(layer, find_scenario(id).id, request.args)
    rows = selected(filters)  # what cannot be asked is said before the first line is sent
    answer = Response(stream_with_context(csv_lines(filters, rows)), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{iri_to_uri(name)}.csv"'
    return answer


@tables.get("/api/scenarios/<int:id>/matching/<name>")
@contract(MATCHING)
def matching(id: int, name: str):
    """The uids that a filter leaves, or those that it takes away where these are fewer; of what is painted, none."""
    layer = find_layer(name)
    filters = read(layer, find_scenario(id).id, request.args)
    hits, total = _count(filters), counts(id)[name]
    view, without = filters.view, hits * 2 > total
    chips = [chip.words for chip in filters.chips]
    answer = {"layer": name, "title": said(layer.title), "count": hits, "of": total, "filters": chips}
    if name in PAINTED:
        return jsonify({**answer, "without": False, "uids": []})
    question = select(view.c.uid).where(*filters.where())
    if without:
        question = select(view.c.uid).where(view.c.scenario_id == id, view.c.uid.not_in(question))
    return jsonify({**answer, "without": without, "uids": list(db().scalars(question))})


def rows(filters: Filters, page: int) -> list[dict[str, Any]]:
    """One page, each row with its cells and with the way to its page and to its place in the city."""
    found = db().execute(selected(filters).limit(PAGE).offset((page - 1) * PAGE)).all()
    name = filters.layer.__tablename__
    places = places_of(filters.scenario, filters.layer, [row.uid for row in found])
    return [
        {
            "uid": row.uid,
            "cells": _cells(filters.layer, row._mapping),
            "place": places.get(row.uid),
            "link": camera_link(filters.scenario, name, row.uid, places.get(row.uid), lang=language()),
        }
        for row in found
    ]


def with_(to: str = "tables.table", **changed: Any) -> str:
    """This address with other questions; None takes one away. The page starts anew, for it belongs to the old ones."""
    asked = plain_asked()
    asked.poplist("page")
    for key, value in changed.items():
        asked.setlist(key, [] if value is None else [str(value)])
    questions: dict[str, Any] = asked.to_dict(flat=False)
    return url_for(to, **(request.view_args or {}), **questions)


def plain_asked() -> MultiDict[str, str]:
    """The filled questions of this address that are ours."""
    pairs = request.args.items(multi=True)
    return MultiDict([(key, value) for key, value in pairs if value.strip() and ("." in key or key in OURS)])


def map_link(filters: Filters) -> str:
    name = filters.layer.__tablename__
    asked: dict[str, Any] = {chip.name: request.args.getlist(chip.name) for chip in filters.chips}
    own = url_for("tables.matching", id=filters.scenario, name=name, **asked).partition("?")[2]
    return url_for("pages.scenario", id=filters.scenario, lang=language()) + "#" + _hash(f"{name}?{own}")


def init_app(app: Flask) -> None:
    app.register_blueprint(tables)


def _hash(filter: str) -> str:
    return urlencode({"filter": filter})


def _count(filters: Filters) -> int:
    if not filters.chips:
        return counts(filters.scenario)[filters.layer.__tablename__]
    return db().scalar(select(func.count()).select_from(filters.view).where(*filters.where())) or 0


def selected(filters: Filters):
    view = filters.view
    fields = [view.c[column.name] for column in shown_fields(filters.layer)]
    return select(view.c.uid, view.c.estimated, *fields).where(*filters.where()).order_by(*_order(filters))


def _order(filters: Filters) -> list[ColumnElement]:
    """By ?sort=height or ?sort=-height; what is not known stands last either way."""
    asked = request.args.get("sort", "")
    name, view = asked.removeprefix("-"), filters.view
    columns = {column.name: column for column in shown_fields(filters.layer)}
    if not name or name == "uid":
        return [view.c.uid.desc() if asked.startswith("-") else view.c.uid]
    if name not in columns:
        raise BadQuestion(words("no-field").format(layer=said(filters.layer.title), name=name))
    key: ColumnElement = view.c[name]
    kind = kind_of(columns[name])
    if kind == "text":
        key = func.lower(func.nullif(key, ""))
    elif kind == "codes" and (ranks := _ranks(filters, columns[name])):
        key = case(ranks, value=key, else_=None)
    return [key.desc().nulls_last() if asked.startswith("-") else key.asc().nulls_last(), view.c.uid]


def _ranks(filters: Filters, column) -> dict[str, int]:
    """Codes in the order of their words."""
    there = classes(filters.scenario, filters.layer, column.name) - {None, ""}
    ordered = sorted(there, key=lambda code: str(value_in_words(column, code)).lower())
    return {code: rank for rank, code in enumerate(ordered)}


def _cells(layer: type[Feature], row: Any) -> list[dict[str, Any]]:
    guesses = estimates(row["estimated"])
    return [
        {
            "text": value_in_words(column, row[column.name]),
            "figure": kind_of(column) == "number",
            "estimated": guesses.get(column.name),
        }
        for column in shown_fields(layer)
    ]


def _columns(layer: type[Feature]) -> list[dict[str, Any]]:
    return [
        {"name": c.name, "title": said(c.info["title"]), "unit": c.info["unit"], "figure": kind_of(c) == "number"}
        for c in shown_fields(layer)
    ]


def _field(filters: Filters, column) -> dict[str, Any]:
    """What the form shows of a field: how it is asked for, and for a list of codes how often each occurs."""
    kind = kind_of(column)
    return {
        "name": column.name,
        "title": said(column.info["title"]),
        "unit": column.info["unit"],
        "kind": kind,
        "choices": _choices(filters, column) if kind in ("codes", "choice") else [],
        "is_asked": column.name in filters.conditions,
    }


def _choices(filters: Filters, column) -> list[dict[str, Any]]:
    inside = filters.view.c[column.name]
    question = select(inside, func.count()).where(*filters.where(but=column.name), inside.is_not(None)).group_by(inside)

    def count() -> list[tuple[Any, int]]:
        return [(value, many) for value, many in db().execute(question) if value != ""]

    key = ("choices", filters.scenario, filters.layer.__tablename__, column.name)
    found = count() if set(filters.conditions) - {column.name} else kept(key, count, changed(filters.scenario))
    chosen = request.args.getlist(f"{column.name}.is")
    choices = [
        {"value": {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value,
         "words": value_in_words(column, value), "count": many}
        for value, many in found
    ]  # fmt: skip
    for choice in choices:
        choice["chosen"] = choice["value"] in chosen
    return sorted(choices, key=lambda choice: -choice["count"])


def _tabs(id: int) -> list[dict[str, Any]]:
    count = counts(id)
    return [
        {"name": name, "title": said(layer.title), "count": count[name]}
        for name, layer in reversed(layers().items())
        if count[name]
    ]


def csv_lines(filters: Filters, rows: Select) -> Iterator[str]:
    fields = shown_fields(filters.layer)
    titles = [
        f"{said(c.info['title'])} ({c.info['unit']})" if c.info["unit"] else said(c.info["title"]) for c in fields
    ]
    yield "\ufeff" + _line([words("uid"), *titles, words("estimated")])
    for row in db().execute(rows.execution_options(yield_per=1000)):
        values = [_in_a_cell(column, row._mapping[column.name]) for column in fields]
        yield _line([guarded(row.uid), *values, guarded(row.estimated or "")])


def _in_a_cell(column, value: Any) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value).replace(".", ",") if language() == "de" else str(value)
    return guarded(value_in_words(column, value) or "")


def guarded(text: str) -> str:
    """Text that a spreadsheet takes for text, whatever a file brought."""
    return f"'{text}" if text.startswith(FORMULAS) else text


def _line(values: list[str]) -> str:
    line = io.StringIO()
    csv.writer(line, delimiter=";").writerow(values)
    return line.getvalue()
