"""What a table of an office means: which layer of the city it is, and which column is which field."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import layers
from layers.reading import values as cells
from layers.reading.columns import FIELDS
from layers.reading.synonyms import ALIASES, BOUNDARY, COLUMNS, EVIDENCE, NAMES, PARTS
from layers.reading.values import fold
from layers.reading.words import HINTS

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
_ONE_WAY = {"F": True, "T": True, "B": False}  # as OpenStreetMap's shapefiles have it: forward, backward, both


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
        registers = map(fold, FIELDS.get(layer, {}).get(field, ()))
        for word in (fold(field), *registers, *COLUMNS.get(layer, {}).get(field, "").split()):
            found = by_plain.get(word) or by_plain.get(word[:10])  # a shapefile keeps ten letters of a name
            taken = found in fields.values() and field != "detail"  # which says more closely what the kind says
            if found is not None and not taken:
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


def values_of(layer: str, field: str, values: list, problems: dict[str, Any], estimated: list[str | None]) -> list:
    """A column's values as the field wants them.

    problems: gets one that is not understood. estimated: gets what a value was completed from, row by row.
    """
    column = layers.BY_NAME[layer].__table__.c[field]
    kind, codes = column.type.python_type, column.info.get("codes")
    kinds = {type(value) for value in values} - {type(None)}
    if not kinds or (kinds == {kind} and codes is None):
        return values
    understand = _understanding(layer, field, values)
    known: dict[Any, Any] = {None: None}
    guessed = {}
    for value in set(values) - {None}:
        known[value], said = _understood(understand, value, problems, field)
        if said:
            guessed[value] = f"{field}: from {said}"
    for i, value in enumerate(values) if guessed else ():
        if value in guessed:
            estimated[i] = "; ".join(filter(None, (estimated[i], guessed[value])))
    return [known[value] for value in values]


def _understood(understand: Callable[[Any], Any], value: Any, problems: dict[str, Any], field: str) -> tuple[Any, str]:
    plain_value = cells.clean(value)
    if plain_value is None:
        return None, ""
    try:
        found = understand(plain_value)
    except (ValueError, OverflowError):
        problems.setdefault(field, value)
        return None, ""
    return found if isinstance(found, tuple) else (found, "")


def _understanding(layer: str, field: str, values: list) -> Callable[[Any], Any]:
    column = layers.BY_NAME[layer].__table__.c[field]
    codes, unit = column.info.get("codes"), column.info.get("unit", "")
    mark = cells.decimal_mark(values) or "."
    if field == "function":
        return lambda value: _function(value, codes)
    if field == "year":
        return cells.year
    if field == "oneway":
        return lambda value: _ONE_WAY[value] if value in _ONE_WAY else cells.boolean(value)
    if codes is not None:
        return _lookup(layer, field, codes)
    return {
        float: lambda value: cells.number(value, mark, unit),
        int: lambda value: _whole(cells.number(value, mark)),
        dt.date: cells.date,
        bool: cells.boolean,
        str: cells.text,
    }[column.type.python_type]


def _lookup(layer: str, field: str, codes: dict) -> Callable[[Any], str | None]:
    words = {plain(word): code for code, both in codes.items() for word in (both.de, both.en, code)}
    words |= {plain(alias): code for alias, code in ALIASES.get(field, {}).items() if code in codes}

    def look(value: Any) -> str | None:
        name = plain(cells.text(value) or "")
        found = words.get(name) or words.get(name.split("_")[0])
        return found or cells.code(value, codes, HINTS.get((layer, field), []))

    return look


def _function(value: Any, codes: dict) -> str | None:
    """1010, "31001_1010" and "Wohnhaus" are the same function of ALKIS."""
    match = _FUNCTION.fullmatch(cells.text(value) or "")
    if match:
        return f"{match[1] or '31001'}_{match[2]}"
    return _lookup("buildings", "function", codes)(value)


def _whole(number: float | None) -> int:
    if number is None or not number.is_integer() or abs(number) >= 2**31:
        raise ValueError(number)
    return int(number)
