"""Text as people type it: "Hauptstrasse", "hauptstr." and "HAUPTSTRAẞE" all mean Hauptstraße."""

import re
import unicodedata
from collections.abc import Iterable
from itertools import islice, product

from sqlalchemy import ColumnElement, or_

LONGEST = 80  # letters of a question
MOST = 48  # spellings of one word that are tried

_STREET = ("strasse", "straße", "str.")
# SQLite folds only the case of a to z, so the capital umlauts are spelled out.
_SPELLINGS = {
    "strasse": _STREET,
    "str.": _STREET,
    "ae": ("ae", "ä", "Ä"),
    "oe": ("oe", "ö", "Ö"),
    "ue": ("ue", "ü", "Ü"),
    "ss": ("ss", "ß"),
}
_PLAIN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_PARTS = re.compile(r"(strasse|str\.|ae|oe|ue|ss)")


def plain(text: str) -> str:
    """ "Am MÜHLGRABENSTR." -> "am muehlgrabenstrasse": what all spellings of the same have in common."""
    return unicodedata.normalize("NFC", text).lower().translate(_PLAIN).replace("str.", "strasse")


def spellings(text: str) -> list[str]:
    """The patterns for LIKE, with the escape character \\, under which a text may be written."""
    found = " ".join(unicodedata.normalize("NFC", text).lower().replace("\0", " ").split())[:LONGEST].translate(_PLAIN)
    parts = [_SPELLINGS.get(part, (_escaped(part),)) for part in _PARTS.split(found) if part]
    return ["".join(chosen) for chosen in islice(product(*parts), MOST)]


def contains(column: ColumnElement, text: str) -> ColumnElement[bool]:
    return like(column, (f"%{pattern}%" for pattern in spellings(text)))


def like(column: ColumnElement, patterns: Iterable[str]) -> ColumnElement[bool]:
    return or_(*(column.ilike(pattern, escape="\\") for pattern in patterns))


def _escaped(text: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", text)
