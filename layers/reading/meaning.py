"""What a table of an office means: which layer of the city it is, and which column is which field."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import layers
from layers.reading.synonyms import ALIASES, BOUNDARY, COLUMNS, EVIDENCE, NAMES, PARTS

_PLAIN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_ANY = frozenset({0, 1, 2})
# Points, lines or areas: what a layer can be drawn as. Trees and stops given as areas become points in the loader.
_DIMENSIONS = {
    "streets": {1},
    "lines": {1},
    "trees": {0, 2},
    "stops": {0, 2},
    "facilities": {0, 2},
    "vacancies": {0, 2},
    "water": {1, 2},
}
_FUNCTION = re.compile(r"(?:(31001|51009|51006|51007|51003)[_\-. ]?)?(\d{4})")
_NUMBER = re.compile(r"[-+]?\d[\d.,]*")


def plain(words: str) -> str:
    """`Straßen (neu)` as `strassen_neu`: how names are compared."""
    return re.sub(r"[^a-z0-9]+", "_", words.strip().lower().translate(_PLAIN)).strip("_")


def layer_of(names: list[str], columns: list[str], dimension: int | None) -> str | None:
    """The layer that a table is, by its names, the likeliest first, else by its columns; None for one not known.

    dimension: 0 points, 1 lines, 2 areas, None not known.
    """
    for name in map(plain, names):
        for layer, pattern in NAMES:
            if re.search(pattern, name):
                if _fits(layer, dimension):
                    return layer
                break  # street lamps, borders of parcels: about the layer, but not it
        else:
            if dimension in (None, 2) and re.search(BOUNDARY, name):
                return "boundary"
    there = {plain(column).replace("_", "") for column in columns}
    for layer, evidence in EVIDENCE:
        if _fits(layer, dimension) and any(set(words.split()) <= there for words in evidence):
            return layer
    return None


def _fits(layer: str, dimension: int | None) -> bool:
    return dimension is None or dimension in _DIMENSIONS.get(layer, _ANY if layer == "addresses" else {2})


def columns_of(layer: str, names: list[str]) -> dict[str, str]:
    """field of a known layer -> the column of the file that holds it."""
    by_plain = {plain(name).replace("_", ""): name for name in reversed(names)}
    fields: dict[str, str] = {}
    for field in (column.key for column in layers.BY_NAME[layer].fields()):
        for word in (field.replace("_", ""), *COLUMNS.get(layer, {}).get(field, "").split()):
            found = by_plain.get(word) or by_plain.get(word[:10])  # a shapefile keeps ten letters of a name
            if found is not None and found not in fields.values():
                fields[field] = found
                break
    return fields


def parts_of(layer: str, names: list[str]) -> dict[str, list[str]]:
    """field -> the columns that make it up together: street and house number, numerator and denominator."""
    by_plain = {plain(name).replace("_", ""): name for name in reversed(names)}
    together = {}
    for field, pieces in PARTS.get(layer, {}).items():
        found = [next((by_plain[word] for word in words.split() if word in by_plain), None) for words in pieces]
        if found[0] is not None:
            together[field] = [name for name in found if name is not None]
    return together


def joined(field: str, columns: list[list]) -> list[str | None]:
    """ "Markt" and "3" as "Markt 3"; "123" and "4" as "123/4" for parcels."""
    between = "/" if field == "number" else " "
    return [
        between.join(str(part).strip() for part in row if part not in (None, "")) or None
        for row in zip(*columns, strict=True)
    ]


def values_of(layer: str, field: str, values: list, problems: dict[str, Any]) -> list:
    """A column's values as the field wants them. problems: gets what could not be understood, once a field."""
    column = layers.BY_NAME[layer].__table__.c[field]
    kind = column.type.python_type
    codes = column.info.get("codes")
    kinds = {type(value) for value in values} - {type(None)}
    if not kinds or (kinds == {kind} and codes is None and kind is not float):
        return values
    understand = _understanding(field, kind, codes)
    known: dict[Any, Any] = {None: None}
    for value in set(values) - {None}:
        known[value] = understand(value)
        if known[value] is None and str(value).strip() not in ("", "-"):
            problems.setdefault(field, value)
    return [known[value] for value in values]


def _understanding(field: str, kind: type, codes: dict | None) -> Callable[[Any], Any]:
    if field == "function":
        return lambda value: _function(value, codes or {})
    if codes is not None:
        return _lookup(field, codes)
    return {float: number, int: whole, dt.date: date, bool: truth, str: text}[kind]


def _lookup(field: str, codes: dict) -> Callable[[Any], str | None]:
    words = {plain(word): code for code, both in codes.items() for word in (both.de, both.en, code)}
    words |= {plain(alias): code for alias, code in ALIASES.get(field, {}).items() if code in codes}

    def look(value: Any) -> str | None:
        name = plain(text(value) or "")
        return words.get(name) or words.get(name.split("_")[0])

    return look


def _function(value: Any, codes: dict) -> str | None:
    """1010, "31001_1010" and "Wohnhaus" are the same function of ALKIS."""
    words = text(value) or ""
    match = _FUNCTION.fullmatch(words)
    if match:
        return f"{match[1] or '31001'}_{match[2]}"
    return _lookup("function", codes)(value)


def text(value: Any) -> str | None:
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # keys that a table program has made numbers of
    return str(value).strip() or None


def number(value: Any) -> float | None:
    """3.5, "3,5", "1.234,5" and "12 m" are numbers."""
    if isinstance(value, (int, float)):
        return float(value) if value == value and abs(value) != float("inf") else None
    match = _NUMBER.match(str(value).strip())
    if match is None:
        return None
    digits = match[0]
    if "," in digits:
        digits = digits.replace(".", "").replace(",", ".")
    try:
        return float(digits)
    except ValueError:
        return None


def whole(value: Any) -> int | None:
    if isinstance(value, dt.date):
        return value.year  # the year of construction
    found = number(value)
    return None if found is None or not found.is_integer() or abs(found) >= 2**31 else int(found)


def date(value: Any) -> dt.date | None:
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    words = str(value).strip()
    for form, letters in (("%Y-%m-%d", 10), ("%d.%m.%Y", 10), ("%Y/%m/%d", 10), ("%Y%m%d", 8), ("%Y", 4)):
        try:
            return dt.datetime.strptime(words[:letters], form).date()
        except ValueError:
            continue
    return None


def truth(value: Any) -> bool | None:
    if isinstance(value, (bool, int, float)):
        return bool(value)
    return {"ja": True, "yes": True, "true": True, "1": True, "t": True, "f": True, "b": False}.get(
        plain(str(value)), False if plain(str(value)) in ("nein", "no", "false", "0") else None
    )
