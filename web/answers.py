"""The answers to a project's questions, kept until something changes in what they rest on."""

import datetime as dt
import hashlib
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any

import shapely
from flask import request
from sqlalchemy.orm import Session

from scenarios.assumptions import Assumed, in_force
from scenarios.indicators import Inquiry, indicators
from scenarios.indicators.figures import Answer, Indicator
from scenarios.indicators.whereabouts import area_of
from scenarios.permissions import may
from scenarios.project import Project
from twin.feature import TODAY, Scenario
from web import working
from web.asked import changed, db, engine, find_scenario, kept
from web.errors import BadQuestion
from web.language import words
from web.people import person
from web.projects import scenarios_of

MOST_KEPT = 300  # answers
LOCK = Lock()  # of the answers that are kept: several threads ask
MOST_SCENARIOS = 8  # beside today


@dataclass
class Asked:
    """What an address asks: project, area, scenarios (today first), the day of the sun, or the whole year."""

    project: Project | None
    area_told: str
    area: Any | None
    scenarios: list[Scenario]
    sun_day: dt.date
    assumed: dict[str, Assumed]
    year: bool = False

    def answers(self, wanted: list[Indicator]) -> dict[int, dict[str, Answer]]:
        """scenario -> indicator -> answer; what nobody has asked since the last change is computed now."""
        found = self.known(wanted)
        missing = [one for one in wanted if any(one.name not in found[each.id] for each in self.scenarios)]
        inquiry = self._inquiry(db(), missing) if missing else None
        for one in self.scenarios:
            names = [asked.name for asked in wanted if asked.name not in found[one.id]]
            if inquiry and names:
                computed = inquiry.of(one.id, names)
                self._keep({self._key(one, asked): computed[asked.name] for asked in wanted if asked.name in computed})
                found[one.id] |= computed
        return found

    def known(self, wanted: Iterable[Indicator]) -> dict[int, dict[str, Answer]]:
        """Of these answers those that are kept."""
        keys = {(one.id, asked.name): self._key(one, asked) for one in self.scenarios for asked in wanted}
        store = _store()
        found: dict[int, dict[str, Answer]] = {one.id: {} for one in self.scenarios}
        with LOCK:
            for (id, name), key in keys.items():
                if key in store:
                    store.move_to_end(key)
                    found[id][name] = store[key]
        return found

    def begun(self, wanted: list[Indicator]) -> working.Job | None:
        """The work on what is missing of these, begun if nobody did; None where all is known."""
        found = self.known(wanted)
        missing = {(one.id, asked.name): self._key(one, asked) for one in self.scenarios for asked in wanted
                   if asked.name not in found[one.id]}  # fmt: skip
        if not missing:
            return None
        store, asked = _store(), [one for one in wanted if any(name == one.name for _, name in missing)]
        told, read_from = replace(self), engine()

        def work() -> None:
            with Session(read_from) as own:
                inquiry = told._inquiry(own, asked)
                for (id, name), key in missing.items():
                    _put(store, {key: inquiry.of(id, [name])[name]})

        mark = "w" + hashlib.sha256(repr(sorted(missing.values(), key=repr)).encode()).hexdigest()[:20]
        project = self.project.id if self.project else None
        seen_by = tuple(one.id for one in self.scenarios)
        return working.begin(working.Job(mark, len(missing), work, project, seen_by))

    def _inquiry(self, session: Any, wanted: list[Indicator]) -> Inquiry:
        return Inquiry(session, wanted, self.area, self.assumed, sun_day=self.sun_day, year=self.year)

    def _keep(self, found: dict[tuple, Answer]) -> None:
        _put(_store(), found)

    def _key(self, scenario: Scenario, asked: Indicator) -> tuple:
        outline = b"" if self.area is None else shapely.to_wkb(self.area)
        rests_on = repr(sorted((name, one.value) for name, one in self.assumed.items())).encode()
        mark = hashlib.sha256(outline + rests_on).hexdigest()
        sun = (self.sun_day, self.year) if asked.slow else None
        return asked.name, scenario.id, changed(scenario.id), mark, sun, dt.date.today()


def asked_of(project: Project) -> Asked:
    """What ?area=, ?day=, ?year and ?scenario= say, of a project."""
    who = person()
    seen = [one for one in scenarios_of(project) if one.state != "archived" and may(who, "see", project, one)]
    chosen = {int(one) for one in request.args.getlist("scenario") if one.isascii() and one.isdigit() and len(one) < 10}
    mine = [one for one in seen if not chosen or one.id in chosen][:MOST_SCENARIOS]
    return _asked(project, [find_scenario(TODAY), *mine])


def asked_of_scenario(scenario: Scenario, area: Any = None) -> Asked:
    """The same of one scenario beside today. area: polygons in the city's metres, where the address does not say it."""
    project = db().get(Project, scenario.project_id) if scenario.project_id else None
    return _asked(project, [find_scenario(TODAY), *([scenario] if scenario.id != TODAY else [])], area)


def quick() -> list[Indicator]:
    return [one for one in indicators().values() if not one.slow]


def _asked(project: Project | None, scenarios: list[Scenario], area: Any = None) -> Asked:
    told = request.args.get("area_drawn", "").strip() or request.args.get("area", "project")
    assumed = in_force(db(), project.id if project else None)
    where = area if area is not None else area_of(db(), project, told)
    return Asked(project, told, where, scenarios, _day(), assumed, "year" in request.args)


def _day() -> dt.date:
    told = request.args.get("day", "")
    if not told:
        return dt.date(dt.date.today().year, 3, 21)
    try:
        return dt.date.fromisoformat(told[:10])
    except ValueError:
        raise BadQuestion(words("no-such-day").format(day=told[:20])) from None


def _store() -> OrderedDict[tuple, Answer]:
    return kept("answers", OrderedDict)


def _put(store: OrderedDict[tuple, Answer], found: dict[tuple, Answer]) -> None:
    with LOCK:
        for key, answer in found.items():
            store[key] = answer
            store.move_to_end(key)
        while len(store) > MOST_KEPT:
            store.popitem(last=False)
