"""Questions asked of a plan. Each file with an INDICATOR answers one; the others here are what they have in common."""

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import cache, cached_property
from importlib import import_module
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from scenarios.assumptions import Assumed
from scenarios.indicators.figures import Answer, Figure, Indicator, sentence
from scenarios.indicators.given import Given, buildings_in, read, with_before
from twin.errors import NotFound
from twin.feature import TODAY, Words


@cache
def indicators() -> dict[str, Indicator]:
    """All of them by name, in the order of the page. A new one is one file in this folder."""
    names = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem != "__init__")
    modules = [import_module(f"{__name__}.{name}") for name in names]
    found: list[Indicator] = [module.INDICATOR for module in modules if hasattr(module, "INDICATOR")]
    return {one.name: one for one in sorted(found, key=lambda one: one.place)}


def indicator(name: str) -> Indicator:
    """Raises NotFound."""
    if name not in indicators():
        known = ", ".join(indicators())
        raise NotFound(
            Words(f"Den Indikator {name[:40]} gibt es nicht. Es gibt: {known}.", f"No indicator {name[:40]}: {known}.")
        )
    return indicators()[name]


class Inquiry:
    """Questions about one area. Today's rows are read once, those of each scenario once for all questions."""

    def __init__(
        self,
        db: Session,
        wanted: Iterable[Indicator],
        area: Any | None,
        assumed: dict[str, Assumed],
        day: dt.date | None = None,
        sun_day: dt.date | None = None,
    ):
        """area: polygons in the city's metres, None for the whole city. day: by which rules are judged, today by
        default; sun_day: on which the sun is looked at, 21 March by default.
        """
        self.db, self.area, self.assumed = db, area, assumed
        self.day, self.sun_day = day, sun_day
        asked = list(wanted)
        many = max((buildings_in(db, area, one.margin) for one in asked if one.most), default=0)
        self.wanted = [one for one in asked if not one.most or many <= one.most]
        self.refused = {one.name: _too_many(one, many) for one in asked if one not in self.wanted}

    def of(self, scenario: int, only: Sequence[str] | None = None) -> dict[str, Answer]:
        """indicator -> answer; of all that are wanted, or of `only` some."""
        given = self.today if scenario == TODAY else with_before(self._read(scenario), self.today)
        wanted = [one for one in self.wanted if only is None or one.name in only]
        return {**self.refused, **{one.name: one.answer(given) for one in wanted}}

    @cached_property
    def today(self) -> Given:
        return self._read(TODAY)

    def _read(self, scenario: int) -> Given:
        return read(self.db, scenario, self.area, self.wanted, self.assumed, day=self.day, sun_day=self.sun_day)


def _too_many(one: Indicator, many: int) -> Answer:
    refused = sentence(
        "Im Gebiet stehen {many} Gebäude; beantwortet wird das bis {most}. Wählen Sie ein kleineres Gebiet.",
        "There are {many} buildings in the area; this is answered for up to {most}. Choose a smaller area.",
        many=(many, 0), most=(one.most, 0),
    )  # fmt: skip
    return Answer([Figure(one.headline[0], one.title, "", None, refused=refused)])
