"""A feature in words: each field with its title, its value as a person reads it, its unit, and where it comes from."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from layers.headways import headways_in_words
from layers.storey_uses import storey_uses_in_words
from twin.errors import BadShape
from twin.feature import Feature, Source
from web.language import number, said, words

IN_WORDS = {"storey_uses": storey_uses_in_words, "headways": headways_in_words}


def described(layer: type[Feature], row: Mapping[str, Any], source: Source | None) -> dict[str, Any]:
    guesses = estimates(row["estimated"])
    fields = [
        {
            "name": column.name,
            "title": said(column.info["title"]),
            "value": row[column.name].isoformat() if isinstance(row[column.name], dt.date) else row[column.name],
            "text": value_in_words(column, row[column.name]),
            "unit": column.info["unit"],
            "estimated": guesses.get(column.name),
        }
        for column in layer.fields()
        if not column.info.get("hidden")
    ]
    return {
        "layer": layer.__tablename__,
        "layer_title": said(layer.title),
        "uid": row["uid"],
        "title": title_of(layer, row),
        "version": row["version"],
        "fields": fields,
        "estimated": row["estimated"],
        "source": source_of(source),
    }


def title_of(layer: type[Feature], row: Mapping[str, Any]) -> str:
    """What a person would call it: its name, else its address, number or kind, else the layer's word."""
    for name in ("name", "number", "address", "species"):
        if row.get(name):
            return str(row[name])
    for column in layer.fields():
        if column.name in ("function", "kind", "use") and row.get(column.name):
            return str(value_in_words(column, row[column.name]))
    return said(layer.title)


def value_in_words(column, value: Any) -> str | None:
    """None where it is not known."""
    codes = column.info.get("codes") or {}
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return words("yes" if value else "no")
    if value in codes:
        return said(codes[value])
    if isinstance(value, dt.date):
        return day(value)
    if column.name in IN_WORDS:
        return _said_plainly(column.name, value)
    if isinstance(value, int | float):
        return str(value) if column.name == "year" else number(value)
    return str(value)


def _said_plainly(name: str, value: str) -> str:
    """What a program wrote that cannot be understood is shown as it is."""
    try:
        told = IN_WORDS[name](value)
    except BadShape:
        return value
    return value if told is None else said(told)


def day(value: dt.date | None) -> str | None:
    """31.12.2026 in German, 2026-12-31 in English."""
    if value is None:
        return None
    return value.strftime("%d.%m.%Y") if words("yes") == "ja" else value.isoformat()


def estimates(text: str | None) -> dict[str, str]:
    """ "storeys: height / 3.2 m; use: from the function" -> by field."""
    parts = (part.partition(":") for part in (text or "").split(";"))
    return {name.strip(): how.strip() for name, _, how in parts if name.strip()}


def source_of(source: Source | None) -> dict[str, Any] | None:
    if source is None:
        return None
    return {
        "file": source.path,
        "kind": source.kind,
        "delivered": source.delivered.isoformat() if source.delivered else None,
        "licence": source.licence,
        "crs": source.crs,
        "notes": source.notes,
    }
