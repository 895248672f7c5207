"""Questions asked of a plan. Each file with an INDICATOR answers one; the others here are what they have in common."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from scenarios.assumptions import Assumed
from scenarios.indicators.figures import TOLD_CAUSES, Answer, Cause, Figure, Indicator, sentence
from scenarios.indicators.given import Given, buildings_in, read, with_before
from scenarios.rules import out_of_date
from twin import work
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


WIDE = 1000.0  # metres around the area


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
        year: bool = False,
    ):
        """area: polygons in the city's metres, None for the whole city. day: by which rules are judged, today by
        default; sun_day: on which the sun is looked at, 21 March by default; year: it is looked at over the year.
        """
        self.db, self.area, self.assumed = db, area, assumed
        self.day, self.sun_day, self.year = day, sun_day, year
        self._last: dict[bool, tuple[int, Given]] = {}
        self._today: dict[bool, Given] = {}
        asked = list(wanted)
        many = {margin: buildings_in(db, area, margin) for margin in {one.margin for one in asked if one.most}}
        self.wanted = [one for one in asked if not one.most or many[one.margin] <= one.most]
        self.refused = {one.name: _too_many(one, many[one.margin]) for one in asked if one not in self.wanted}

    def of(self, scenario: int, only: Sequence[str] | None = None) -> dict[str, Answer]:
        """indicator -> answer; of all that are wanted, or of `only` some."""
        wanted = [one for one in self.wanted if only is None or one.name in only]
        answers = {one.name: self._answered(one, self._given(scenario, one.margin > WIDE)) for one in wanted}
        return {**self.refused, **answers}

    def _given(self, scenario: int, wide: bool) -> Given:
        """The last one is kept, so that questions about one scenario read its rows once.

        wide: of questions that look far around: the others are spared what lies there.
        """
        if wide not in self._today:
            self._today[wide] = self._read(TODAY, wide)
        if scenario == TODAY:
            return self._today[wide]
        if wide not in self._last or self._last[wide][0] != scenario:
            self._last[wide] = scenario, with_before(self._read(scenario, wide), self._today[wide])
        return self._last[wide][1]

    def _answered(self, one: Indicator, given: Given) -> Answer:
        progress = work.current()
        progress.begin(one.title)
        answer = one.answer(given)
        progress.finish()
        used = [source for figure in answer.figures for source in figure.sources]
        dated = out_of_date(used, given.day, but=answer.notes)
        return replace(answer, notes=(*answer.notes, *dated), touched=_touched(one, given))

    def _read(self, scenario: int, wide: bool) -> Given:
        wanted = [one for one in self.wanted if (one.margin > WIDE) == wide]
        return read(self.db, scenario, self.area, wanted, self.assumed, day=self.day, sun_day=self.sun_day,
                    year=self.year)  # fmt: skip


def _touched(one: Indicator, given: Given) -> tuple[Cause, ...]:
    """Of the layers that the question reads, within its reach: what is new, changed and gone."""
    found: dict[str, list[tuple[str, str, float | None]]] = {"new": [], "changed": [], "gone": []}
    for layer in one.reads:
        own = sorted(given.own.get(layer, ()))
        if not own or given.before is None:
            continue
        now, then = (set(plan.rows[layer]["uid"]) for plan in (given, given.before))
        for uid in own:
            kind = {(True, False): "new", (True, True): "changed", (False, True): "gone"}.get((uid in now, uid in then))
            if kind:
                found[kind].append((layer, uid, None))
    return tuple(Cause(kind, len(ones), None, ones[:TOLD_CAUSES]) for kind, ones in found.items() if ones)


def _too_many(one: Indicator, many: int) -> Answer:
    refused = sentence(
        "Im Gebiet stehen {many} Gebäude; beantwortet wird das bis {most}. Wählen Sie ein kleineres Gebiet.",
        "There are {many} buildings in the area; this is answered for up to {most}. Choose a smaller area.",
        many=(many, 0), most=(one.most, 0),
    )  # fmt: skip
    return Answer([Figure(one.headline[0], one.title, "", None, refused=refused)])
