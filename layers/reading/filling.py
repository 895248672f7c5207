"""The fields of a layer, filled from the cells of a register."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Boolean, Column, Date, Double, Integer

from layers.codes import OWNER_KINDS
from layers.reading import ages, values
from layers.reading.batch import Batch
from layers.reading.columns import Columns
from layers.reading.joining import Partner
from layers.reading.sheets import Sheet
from layers.reading.words import FACILITIES, HINTS, OWNERS, VACANCIES
from twin.feature import Feature, Words

_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_PHONE = re.compile(
    r"(?:\b(?:tel(?:efon)?|fon|mobil|handy|fax)\b\.?:?\s*|\+\d{2}\s?|\b00\d{2}\s?)[\d(][\d\s/()-]{4,}\d", re.I
)
_PERSON = re.compile(r"\b(?:Herrn?|Frau|Hr\.|Fr\.|Fam\.|Familie|Eheleute|Mrs?\.?|Ms\.?)\s+(?:Dr\.\s*)?[A-ZÄÖÜ][\w-]+")
# What the survey office knows better than a list of addresses.
_SURVEYED = {"name", "address", "function", "use", "storeys", "storeys_below", "height", "eaves_height", "roof_type"}
_SURVEYED |= {"roof_pitch", "number", "key", "district", "section", "area"}


@dataclass
class Filled:
    """fields: one list a field, one value a row; estimated: what was completed, row by row."""

    fields: dict[str, list]
    estimated: list[list[str]]
    notes: list[str] = field(default_factory=list)

    def note_estimate(self, row: int, words: str) -> None:
        self.estimated[row].append(words)


def fill(sheet: Sheet, columns: Columns, layer: type[Feature], said: str) -> Filled:
    """said: the names of the file and the sheet, which may say what kind of vacancies they list."""
    filled = Filled({}, [[] for _ in sheet.rows])
    for column in layer.fields():
        if column.name in columns.fields:
            filled.fields[column.name] = _read(sheet, columns, column, layer.__tablename__, filled)
    more = _MORE.get(layer.__tablename__)
    if more:
        more(sheet, columns, filled, said)
    if columns.private or columns.owner is not None:
        filled.notes.append(private_note(sheet, columns))
    return filled


def with_partner(batch: Batch, partners: list[Partner]) -> list[str | None]:
    """Lay the values of a register over what the city has of the joined features; gives what is estimated of each."""
    for name, cells in batch.fields.items():
        for i, partner in enumerate(partners):
            there = partner.fields.get(name)
            if cells[i] is None or (there is not None and name in _SURVEYED):
                cells[i] = there
    for name in ("height", "storeys"):  # else they would be estimated anew
        if partners and name in partners[0].fields and name not in batch.fields:
            batch.fields[name] = [partner.fields[name] for partner in partners]
    words = batch.estimated or [None] * len(partners)
    return [_both(partner.fields["estimated"], new) for partner, new in zip(partners, words, strict=True)]


def _both(before: str | None, new: str | None) -> str | None:
    parts = [part for words in (before, new) if words for part in words.split("; ")]
    return "; ".join(dict.fromkeys(parts)) or None


def _read(sheet: Sheet, columns: Columns, column: Column, layer: str, filled: Filled) -> list:
    """One column as a field: what cannot be read stays empty, and is told."""
    at = columns.fields[column.name]
    cells = sheet.column(at)
    read = _reader(column, layer, values.decimal_mark(cells) or sheet.decimal, columns.unit(at))
    understood = {cell: _understood(read, cell) for cell in set(cells)}  # the same words stand there again and again
    result, unread = [], []
    for i, cell in enumerate(cells):
        value, method = understood[cell]
        if method is None:
            unread.append(i)
        if method:
            filled.note_estimate(i, f"{column.name}: from {method}")
        result.append(value)
    if unread:
        first = f"“{str(cells[unread[0]])[:40]}” ({sheet.place(unread[0])})"
        filled.notes.append(
            f"column {sheet.header[at]}: {len(unread)} values are not known to be a {_kind_of(column)} and stay empty,"
            f" the first is {first}"
        )
    return result


def _understood(read: Callable[[Any], tuple[Any, str]], cell: Any) -> tuple[Any, str | None]:
    """The value and how it was completed; None instead of that where the cell cannot be read."""
    try:
        return read(cell)
    except (ValueError, OverflowError):
        return None, None


def _reader(column: Column, layer: str, decimal: str, written: str) -> Callable[[Any], tuple[Any, str]]:
    unit = column.info["unit"]
    if column.name == "function":
        return lambda cell: (_function(cell, column.info["codes"]), "")
    if column.info["codes"]:
        hints = HINTS.get((layer, column.name), [])
        return lambda cell: (values.code(cell, column.info["codes"], hints), "")
    if isinstance(column.type, Date):
        return values.date
    if isinstance(column.type, Boolean):
        return lambda cell: (values.boolean(cell), "")
    if column.name == "year":
        return values.year
    if isinstance(column.type, Integer):
        return lambda cell: (_whole(values.number(cell, decimal)), "")
    if isinstance(column.type, Double):
        return lambda cell: (values.number(cell, decimal, unit, written), "")
    return lambda cell: (values.text(cell), "")


def _function(cell: Any, codes: dict[str, Words]) -> str | None:
    """ALKIS has more functions than the value list has words for: 2612 is 31001_2612."""
    digits = values.text(cell) or ""
    return f"31001_{digits}" if re.fullmatch(r"\d{4}", digits) else values.code(cell, codes, [])


def _whole(number: float | None) -> int | None:
    return None if number is None else round(number)


def _kind_of(column: Column) -> str:
    if column.info["codes"]:
        known = [words.de for words in column.info["codes"].values()]
        return f"{column.info['title'].en.lower()} ({', '.join(known[:8])}{', …' if len(known) > 8 else ''})"
    if isinstance(column.type, Date):
        return "date"
    return "yes or no" if isinstance(column.type, Boolean) else "number"


def private_note(sheet: Sheet, columns: Columns) -> str:
    names = [sheet.header[i] for i in columns.private]
    note = f"left out, as names and numbers of persons are never stored: {', '.join(names)}" if names else ""
    if columns.owner is not None:
        owner = f"of the column {sheet.header[columns.owner]} only the kind of owner was taken, never a name"
        note = f"{note}; {owner}" if note else owner
    return note


def _cells(sheet: Sheet, columns: Columns, role: str) -> list:
    return sheet.column(columns.places[role]) if role in columns.places else [None] * len(sheet.rows)


def _addresses(sheet: Sheet, columns: Columns, filled: Filled, said: str = "") -> None:
    """Street and number in two columns make an address."""
    if "street" not in columns.places:
        return
    roles = ("street", "house", "suffix")
    parts = zip(*(_cells(sheet, columns, role) for role in roles), strict=True)
    joined = [_one_address(*(values.text(part) for part in each)) for each in parts]
    there = filled.fields.get("address", [None] * len(joined))
    filled.fields["address"] = [new or old for new, old in zip(joined, there, strict=True)]


def _one_address(street: str | None, house: str | None, suffix: str | None) -> str | None:
    return None if street is None else f"{street} {house or ''}{suffix or ''}".strip()


def _vacancies(sheet: Sheet, columns: Columns, filled: Filled, said: str) -> None:
    _addresses(sheet, columns, filled)
    _owners(sheet, columns, filled)
    try:
        kind = values.code(said, {}, VACANCIES)
    except ValueError:
        kind = None
    if kind and "kind" not in filled.fields:
        filled.fields["kind"] = [kind] * len(sheet.rows)
    for name in ("name", "address", "contact_role", "remark"):
        _without_persons(filled, name)


def _owners(sheet: Sheet, columns: Columns, filled: Filled, said: str = "") -> None:
    """The kind of owner behind a name; the name itself stays in the file."""
    if columns.owner is None or "owner_kind" in filled.fields:
        return
    kinds = []
    for cell in sheet.column(columns.owner):
        try:
            kinds.append(values.code(cell, OWNER_KINDS, OWNERS))
        except ValueError:
            kinds.append(None)
    filled.fields["owner_kind"] = kinds


def _without_person(words: str) -> str:
    for pattern in (_MAIL, _PHONE, _PERSON):
        words = pattern.sub("…", words)
    return words


def _without_persons(filled: Filled, name: str) -> None:
    cells = filled.fields.get(name, [])
    cleaned = [None if cell is None else _without_person(cell) for cell in cells]
    count = sum(old != new for old, new in zip(cells, cleaned, strict=True))
    if count:
        filled.fields[name] = cleaned
        filled.notes.append(
            f"{name}: names, mail addresses and telephone numbers of persons were taken out of {count} texts"
        )


def _trees(sheet: Sheet, columns: Columns, filled: Filled, said: str) -> None:
    genus = _cells(sheet, columns, "genus")
    species = filled.fields.get("species", [None] * len(genus))
    if any(genus):
        filled.fields["species"] = [_species(values.text(a), b) for a, b in zip(genus, species, strict=True)]
    _derive(sheet, columns, filled, "diameter", "trunk", math.pi)
    _derive(sheet, columns, filled, "crown_radius", "crown", 2.0)
    if "place" not in filled.fields or "house" in columns.places:
        places = Filled({}, [])
        _addresses(sheet, columns, places)
        filled.fields.update({"place": places.fields["address"]} if places.fields else {})


def _species(genus: str | None, species: str | None) -> str | None:
    if genus is None or species is None or species.lower().startswith(genus.lower()):
        return species or genus
    return f"{genus} {species}"


def _derive(sheet: Sheet, columns: Columns, filled: Filled, role: str, name: str, times: float) -> None:
    if role not in columns.places or name in filled.fields:
        return
    at = columns.places[role]
    cells = sheet.column(at)
    decimal, unit = values.decimal_mark(cells) or sheet.decimal, "cm" if name == "trunk" else "m"
    result = []
    for cell in cells:
        try:
            number = values.number(cell, decimal, unit, columns.unit(at))
        except ValueError:
            number = None
        result.append(None if number is None else round(number * times, 1))
    filled.fields[name] = result


def _facilities(sheet: Sheet, columns: Columns, filled: Filled, said: str) -> None:
    _addresses(sheet, columns, filled)
    count = len(sheet.rows)
    if "name" not in filled.fields and "id" in columns.places:
        names = [values.text(cell) for cell in _cells(sheet, columns, "id")]
        if not all(name and name.isdigit() for name in names):
            filled.fields["name"] = [name and name.replace("_", " ") for name in names]
    kinds = filled.fields.setdefault("kind", [None] * count)
    for i in range(count):
        for source in ("detail", "name"):
            word = filled.fields.get(source, [None] * count)[i]
            if kinds[i] is None and word:
                kinds[i] = _kind_of_facility(word)
                if kinds[i]:
                    filled.note_estimate(i, f"kind: from the {source}")


def _kind_of_facility(words: str) -> str | None:
    try:
        return values.code(words, {}, FACILITIES)
    except ValueError:
        return None


def _parcels(sheet: Sheet, columns: Columns, filled: Filled, said: str) -> None:
    _owners(sheet, columns, filled)


def _blocks(sheet: Sheet, columns: Columns, filled: Filled, said: str) -> None:
    """Ages as the office cut them, added up to the groups of the layer."""
    for group, at in ages.grouped(columns.ages).items():
        filled.fields[group] = [_sum(row, at, sheet.decimal) for row in sheet.rows]


def _sum(row: list, at: list[int], decimal: str) -> int | None:
    try:
        numbers = [values.number(row[i], decimal) for i in at]
    except ValueError:
        return None
    known = [number for number in numbers if number is not None]
    return round(sum(known)) if known else None


_MORE: dict[str, Callable[[Sheet, Columns, Filled, str], None]] = {
    "vacancies": _vacancies,
    "trees": _trees,
    "facilities": _facilities,
    "parcels": _parcels,
    "blocks": _blocks,
    "buildings": _addresses,
}
