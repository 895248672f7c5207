"""Questions asked of a plan. Each file with an INDICATOR answers one; the others here are what they have in common."""

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from scenarios.assumptions import Assumed
from scenarios.indicators.figures import Answer, Indicator
from scenarios.indicators.given import read, with_before
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


def ask(
    db: Session,
    wanted: Iterable[Indicator],
    scenarios: Sequence[int],
    area: Any | None,
    assumed: dict[str, Assumed],
    day: dt.date | None = None,
) -> dict[int, dict[str, Answer]]:
    """scenario -> indicator -> answer, today's among them. Each layer of the area is read once for each scenario.

    area: polygons in the city's metres, None for the whole city. day: by which rules are judged, today by default.
    """
    asked = list(wanted)
    today = read(db, TODAY, area, asked, assumed, day=day)
    given = {TODAY: today}
    for scenario in scenarios:
        if scenario != TODAY:
            given[scenario] = with_before(read(db, scenario, area, asked, assumed, day=day), today)
    return {id: {one.name: one.answer(what) for one in asked} for id, what in given.items()}
