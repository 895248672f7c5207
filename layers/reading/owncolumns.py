"""The columns of a table that is a layer of its own, each of the narrowest type that holds all its values."""

import re
from typing import Any

from layers.reading import values
from layers.reading.columns import Columns
from layers.reading.filling import private_note
from layers.reading.sheets import Sheet

_DAY = r"\d{4}[-/.]\d\d?[-/.]\d\d?([ T][\d:.]+Z?)?|\d\d?\.\d\d?\.\d{4}"
_FLAGS = {"ja", "nein", "yes", "no", "true", "false", "wahr", "falsch"}


def typed(sheet: Sheet, columns: Columns, skip: set[int]) -> tuple[dict[str, list], list[str]]:
    """All columns of a table under their own names, each of the narrowest type that fits all of its values."""
    left_away = skip | set(columns.private) | ({columns.owner} if columns.owner is not None else set())
    fields = {}
    for i, name in enumerate(sheet.header):
        cells = sheet.column(i)
        if i not in left_away and any(cell is not None for cell in cells):
            fields[name] = _as_one_type(cells, sheet.decimal)
    notes = [private_note(sheet, columns)] if columns.private or columns.owner is not None else []
    empty = [name for i, name in enumerate(sheet.header) if i not in left_away and name not in fields]
    return fields, notes + ([f"columns without any value: {', '.join(empty)}"] if empty else [])


def _as_one_type(cells: list, decimal: str) -> list:
    known = [cell for cell in cells if cell is not None]
    mark = values.decimal_mark(known) or decimal
    for fits, convert in (
        (_is_flag, values.boolean),
        (lambda cell: _is_number(cell, mark), lambda cell: _plain_number(cell, mark)),
        (_is_day, lambda cell: values.date(cell)[0]),
    ):
        if all(fits(cell) for cell in known):
            return _alike([None if cell is None else convert(cell) for cell in cells])
    return [values.text(cell) for cell in cells]


def _is_flag(cell: Any) -> bool:
    return isinstance(cell, bool) or (isinstance(cell, str) and cell.lower() in _FLAGS)


def _is_number(cell: Any, mark: str) -> bool:
    """A code with leading zeros is no number."""
    if isinstance(cell, (int, float)):
        return not isinstance(cell, bool)
    thousands = "." if mark == "," else ","
    pattern = rf"[-+]?(0|[1-9]\d*|[1-9]\d{{0,2}}([{thousands}  ]\d{{3}})+)([{mark}]\d+)?(e[-+]?\d+)?"
    return isinstance(cell, str) and re.fullmatch(pattern, cell, re.IGNORECASE) is not None


def _plain_number(cell: Any, mark: str) -> float | int:
    if isinstance(cell, (int, float)):
        return cell
    thousands = "." if mark == "," else ","
    plain = re.sub(r"\s", "", cell.replace(thousands, "")).replace(mark, ".")
    return int(plain) if plain.lstrip("+-").isdigit() else float(plain)


def _alike(cells: list) -> list:
    """Whole numbers where all are: 135480.000 is 135480."""
    known = [cell for cell in cells if cell is not None]
    if any(isinstance(cell, float) for cell in known):
        whole = all(float(cell).is_integer() and abs(cell) < 2**31 for cell in known)
        return [None if cell is None else int(cell) if whole else float(cell) for cell in cells]
    return cells


def _is_day(cell: Any) -> bool:
    if isinstance(cell, str) and not re.fullmatch(_DAY, cell):
        return False
    try:
        return not isinstance(cell, (int, float)) and values.date(cell)[0] is not None
    except (ValueError, TypeError):
        return False
