"""What people write into cells: numbers, dates, yes and no, words of a value list, in German and in English."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from itertools import islice
from typing import Any

from twin.feature import Words

EMPTY = {
    "",
    "-",
    "--",
    "---",
    "–",
    "—",
    "/",
    "?",
    ".",
    "k.a.",
    "k. a.",
    "ka",
    "n/a",
    "na",
    "nan",
    "null",
    "none",
    "(null)",
}
EMPTY |= {"#nv", "#n/a", "#ref!", "#bezug!", "#wert!", "#value!", "#name?", "#div/0!", "keine angabe", "keine angaben"}
LONGEST_EMPTY = max(map(len, EMPTY))
MONTHS = ("jan", "feb", "mar", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "dez")
OTHER_MONTHS = {"mae": 3, "mrz": 3, "may": 5, "oct": 10, "dec": 12}
ENOUGH = 5_000  # values that tell how a column writes its numbers
_EXCEL_BEGINS = dt.date(1899, 12, 30)
LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})

# How many of the field's unit one of the written unit is.
FACTORS = {
    "m²": {"ha": 10_000.0, "hektar": 10_000.0, "hectare": 10_000.0, "hectares": 10_000.0, "ar": 100.0, "a": 100.0,
           "km2": 1e6, "sqft": 0.09290304, "acre": 4046.8564224, "acres": 4046.8564224},
    "m": {"cm": 0.01, "mm": 0.001, "dm": 0.1, "km": 1000.0},
    "cm": {"m": 100.0, "mm": 0.1, "dm": 10.0},
    "EUR": {"t€": 1000.0, "teur": 1000.0, "tsd€": 1000.0, "tsdeuro": 1000.0, "mio€": 1e6, "mioeuro": 1e6},
    "Mbit/s": {"gbit/s": 1000.0, "gbits": 1000.0, "kbit/s": 0.001, "kbits": 0.001},
}  # fmt: skip

_NUMBER = re.compile(
    r"""(?:(?:ca|circa|rd|rund|etwa|um|ungefähr|mind|max|bis|über|unter|eur)\b\.?|[~≈<>≥≤€]|\s)*
        (?P<digits>[-+−]?\d[\d.,'’\s]*|[-+−]?[.,]\d+)
        (?:,?[-–]+)?\s*(?P<unit>[^\d\s][^\d]*[23²³]?[^\d]*)?""",
    re.VERBOSE | re.IGNORECASE,
)
_ONE_THOUSANDS_GROUP = re.compile(r"[-+−]?[1-9]\d{0,2}[.,]\d{3}")


def clean(value: Any) -> Any:
    """A cell without the blanks around and the many ways to say nothing."""
    if not isinstance(value, str):
        return None if isinstance(value, float) and value != value else value
    value = " ".join(value.split())
    return None if len(value) <= LONGEST_EMPTY and value.lower() in EMPTY else value


def fold(words: Any) -> str:
    """Words to compare: `Straße (neu)` and `strasse_NEU` are both `strasseneu`."""
    plain = str(words).lower().translate(LETTERS)
    plain = unicodedata.normalize("NFKD", plain)
    return re.sub(r"[^a-z0-9]+", "", plain)


def text(value: Any) -> str | None:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    return None if value is None else str(value)


def decimal_mark(values: Iterable[Any]) -> str | None:
    """The decimal mark that a column uses: the comma, the point, or None where it cannot be told."""
    votes = {",": 0, ".": 0}
    for value in islice((value for value in values if isinstance(value, str)), ENOUGH):
        found = _NUMBER.fullmatch(value)
        if found:
            mark = _mark_of(found["digits"].strip())
            if mark:
                votes[mark] += 1
    if votes[","] == votes["."]:
        return None
    return max(votes, key=lambda mark: votes[mark])


def _mark_of(digits: str) -> str | None:
    last = max(digits.rfind(","), digits.rfind("."))
    if last < 0 or _ONE_THOUSANDS_GROUP.fullmatch(digits):
        return None  # 1.234 may be either
    mark = digits[last]
    other = "," if mark == "." else "."
    return other if digits.count(mark) > 1 else mark


def number(value: Any, decimal: str = ".", unit: str = "", written: str = "") -> float | None:
    """A number in the field's unit. Raises ValueError for what is none.

    decimal: what the column uses; written: the unit in its heading, for cells that name none themselves.
    """
    if value is None:
        return None
    if isinstance(value, (int, float)):
        return round(float(value) * factor(written, unit), 6)
    if value.isdecimal():
        return round(float(value) * factor(written, unit), 6)
    found = _NUMBER.fullmatch(value)
    if not found:
        raise ValueError(value)
    digits = re.sub(r"[\s'’]", "", found["digits"]).replace("−", "-").rstrip(".,")
    mark = _mark_of(digits) or decimal
    other = "," if mark == "." else "."
    return round(float(digits.replace(other, "").replace(mark, ".")) * factor(found["unit"] or written, unit), 6)


def factor(written: str | None, unit: str) -> float:
    """How many of the field's unit the written one is; 1 where it says nothing."""
    if not written:
        return 1.0
    plain = re.sub(r"[\s.\[\]()]", "", written.lower()).replace("²", "2")
    return FACTORS.get(unit, {}).get(plain, 1.0)


def date(value: Any) -> tuple[dt.date | None, str]:
    """A day, and what it was completed from: "the year" or "the month" alone. Raises ValueError for what is none."""
    if value is None:
        return None, ""
    if isinstance(value, dt.datetime):
        return value.date(), ""
    if isinstance(value, dt.date):
        return value, ""
    if isinstance(value, (int, float)):
        return _date_of_number(value)
    return _date_of_text(str(value).lower())


def _date_of_number(value: float) -> tuple[dt.date, str]:
    if 1000 <= value <= 2200:
        return dt.date(int(value), 1, 1), "the year"
    if 10_000 <= value <= 80_000:
        return _EXCEL_BEGINS + dt.timedelta(days=int(value)), ""
    if 10_000_101 <= value <= 22_001_231:
        return dt.datetime.strptime(str(int(value)), "%Y%m%d").date(), ""
    raise ValueError(value)


def _date_of_text(words: str) -> tuple[dt.date, str]:
    if found := re.match(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)", words):
        return dt.date(*map(int, found.groups())), ""
    if found := re.search(r"(?<!\d)(\d{1,2})[./-]\s?(\d{1,2})[./-]\s?(\d{4}|\d{2})(?!\d)", words):
        day, month, written_year = map(int, found.groups())
        return dt.date(_century(written_year), month, day), ""
    if found := re.search(r"(?<!\d)(\d{1,2})[./-](\d{4})(?!\d)", words):
        return dt.date(int(found[2]), int(found[1]), 1), "the month"
    if found := re.search(r"(?<!\d)(\d{4})-(\d{1,2})(?!\d)", words):
        return dt.date(int(found[1]), int(found[2]), 1), "the month"
    if found := re.search(r"(?:(\d{1,2})\.?\s*)?([a-zä]{3,9})\.?\s*(\d{4})", words):
        named = _month(found[2])
        if named:
            return dt.date(int(found[3]), named, int(found[1] or 1)), "" if found[1] else "the month"
    if found := re.search(r"(?<!\d)(1\d{3}|2[01]\d{2})(?!\d)", words):
        return dt.date(int(found[1]), 1, 1), "the year"
    return _date_of_number(float(words))


def _month(word: str) -> int | None:
    plain = fold(word)[:3]
    return MONTHS.index(plain) + 1 if plain in MONTHS else OTHER_MONTHS.get(plain)


def _century(year: int) -> int:
    if year >= 100:
        return year
    return year + (2000 if year <= dt.date.today().year % 100 + 5 else 1900)


def year(value: Any) -> tuple[int | None, str]:
    """A year, and what it was taken from where the cell says more or less: `um 1900`, `1901-1910`."""
    if value is None:
        return None, ""
    if isinstance(value, (dt.date, dt.datetime)):
        return value.year, ""
    if isinstance(value, (int, float)):
        if not 500 <= value <= 2200:
            raise ValueError(value)
        return int(value), ""
    found = re.search(r"(?<!\d)([5-9]\d{2}|1\d{3}|2[01]\d{2})(?!\d)", str(value))
    if not found:
        raise ValueError(value)
    return int(found[1]), "" if str(value).strip() == found[1] else f"“{value}”"


YES = {"ja", "j", "yes", "y", "true", "wahr", "1", "x", "vorhanden", "t", "1.0"}
NO = {"nein", "n", "no", "false", "falsch", "0", "nichtvorhanden", "f", "ohne", "0.0"}


def boolean(value: Any) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    plain = re.sub(r"\s", "", str(value).lower())
    if plain in YES:
        return True
    if plain in NO:
        return False
    raise ValueError(value)


def code(value: Any, codes: dict[str, Words], hints: list[tuple[str, str]]) -> str | None:
    """The code of a word. hints: patterns over folded words, first match wins. Raises ValueError for unknown words."""
    if value is None:
        return None
    plain = fold(text(value))
    for key, words in codes.items():
        if plain in (fold(key), fold(words.de), fold(words.en)) or plain == fold(key.rpartition("_")[2]):
            return key
    spaced = re.sub(r"[^a-z0-9]+", " ", str(value).lower().translate(LETTERS))
    for pattern, key in hints:
        if re.search(pattern, spaced):
            return key
    raise ValueError(value)
