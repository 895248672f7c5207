"""Figures of law and norm as data: each table says where it stands, in which edition, and how sure that is."""

import datetime as dt
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from twin.errors import NotFound
from twin.feature import Words

FOLDER = Path(__file__).parent
MARKS = {
    "": Words("im Wortlaut der Norm gelesen", "read in the text of the norm"),
    "2": Words("aus zweiter Hand, vor Verwendung prüfen", "second-hand, to be checked before it is used"),
    "g": Words("allgemeine Kenntnis, bitte durch örtliche Werte ersetzen", "general knowledge, replace it by your own"),
}


class Source(NamedTuple):
    """Where figures come from. mark: a key of MARKS. valid_to: None while the edition is in force."""

    norm: str
    edition: str = ""
    paragraph: str = ""
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    mark: str = ""

    @property
    def told(self) -> str:
        """ "BauNVO § 17 (Fassung 2021)"."""
        return f"{self.norm} {self.paragraph} ({self.edition})"

    def out_of_date(self, today: dt.date) -> bool:
        return bool((self.valid_to and today > self.valid_to) or (self.valid_from and today < self.valid_from))


def out_of_date(sources: Iterable[Source], today: dt.date, but: Iterable[Words] = ()) -> tuple[Words, ...]:
    """A mark for each norm whose figures do not hold on the day. but: marks that are there already."""
    marks = {
        one.norm: Words(
            f"{one.told} gilt am {today:%d.%m.%Y} nicht. Die geltende Fassung gehört in scenarios/rules.",
            f"{one.told} does not hold on {today}. Put the edition in force into scenarios/rules.",
        )
        for one in sources
        if one.out_of_date(today)
    }
    return tuple(mark for norm, mark in marks.items() if not any(norm in there.de for there in but))


@cache
def rules(name: str) -> dict[str, Any]:
    """One file of this folder, by its name without the ending. Raises NotFound."""
    path = FOLDER / f"{name}.toml"
    if not path.is_file():
        raise NotFound(
            Words(
                f"Es fehlt der Regelsatz {name}.toml im Ordner scenarios/rules.",
                f"The set of rules {name}.toml is missing in the folder scenarios/rules.",
            )
        )
    with path.open("rb") as file:
        return tomllib.load(file)


def source_of(told: dict[str, Any]) -> Source:
    """The source that a table of a rules file names."""
    return Source(**{name: told[name] for name in Source._fields if name in told})
