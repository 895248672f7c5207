"""What readers say of a design, in the planner's language: readers speak to who loads a city, and in English."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

from twin.feature import Words

FILE = Path(__file__).with_name("said.toml")
COUNT = re.compile(r"\d{1,3}(,\d{3})+|\d+\.\d+")  # as English writes it


class Sentence(NamedTuple):
    pattern: re.Pattern[str]
    de: str
    en: str | None  # None: as the reader says it


def in_both(sentence: str) -> Words:
    """A reader's sentence in both languages; what is not known stays English, and German says so."""
    for known in sentences():
        found = known.pattern.fullmatch(sentence)
        if found:
            german = [_german(group) for group in found.groups()]
            return Words(known.de.format(*german), known.en.format(*found.groups()) if known.en else sentence)
    return Words(f"Das lässt sich so nicht lesen (englische Meldung: {sentence})", sentence)


def name_in_both(where: str) -> Words:
    """How a reader names a row; an id is the same in both languages."""
    known = any(one.pattern.fullmatch(where) for one in sentences())
    return in_both(where) if known else Words(where, where)


@cache
def sentences() -> list[Sentence]:
    """The ones that say most first: `line {}` would take what `line {}, column {}` says."""
    told = tomllib.loads(FILE.read_text("utf-8"))["sentences"]
    told.sort(key=lambda one: len(one[0].replace("{}", "")), reverse=True)
    return [Sentence(_pattern(one[0]), one[1], one[2] if len(one) > 2 else None) for one in told]


def _pattern(sentence: str) -> re.Pattern[str]:
    return re.compile("(.*?)".join(re.escape(part) for part in sentence.split("{}")), re.DOTALL)


def _german(group: str) -> str:
    return (
        group.translate(str.maketrans(",.", ".,"))
        if COUNT.fullmatch(group)
        else group.replace("“", "„").replace("”", "“")
    )
