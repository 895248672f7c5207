"""The answers to a project's questions, kept until something changes in what they rest on."""

import datetime as dt
import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Any

import shapely
from flask import request

from scenarios.assumptions import Assumed, in_force
from scenarios.indicators import Inquiry, indicators
from scenarios.indicators.figures import Answer, Indicator
from scenarios.indicators.whereabouts import area_of
from scenarios.permissions import may
from scenarios.project import Project
from twin.feature import TODAY, Scenario
from web.asked import changed, db, find_scenario, kept
from web.errors import BadQuestion
from web.language import words
from web.people import person
from web.projects import scenarios_of

MOST_KEPT = 300  # answers
LOCK = Lock()  # of the answers that are kept: several threads ask
MOST_SCENARIOS = 8  # beside today


@dataclass
class Asked:
    """What an address asks: project, area, scenarios (today first), the day of the sun."""

    project: Project | None
    area_told: str
    area: Any | None
    scenarios: list[Scenario]
    sun_day: dt.date
    assumed: dict[str, Assumed]

    def answers(self, wanted: list[Indicator]) -> dict[int, dict[str, Answer]]:
        """scenario -> indicator -> answer; what nobody has asked since the last change is computed now."""
        keys = {(one.id, asked.name): self._key(one, asked) for one in self.scenarios for asked in wanted}
        store: OrderedDict = kept("answers", OrderedDict)
        found: dict[int, dict[str, Answer]] = {one.id: {} for one in self.scenarios}
        with LOCK:
            kept_ones = {of: store[key] for of, key in keys.items() if key in store}
        missing = [asked for asked in wanted if any((one.id, asked.name) not in kept_ones for one in self.scenarios)]
        inquiry = Inquiry(db(), missing, self.area, self.assumed, sun_day=self.sun_day) if missing else None
        for one in self.scenarios:
            names = [asked.name for asked in wanted if (one.id, asked.name) not in kept_ones]
            computed = inquiry.of(one.id, names) if inquiry and names else {}
            found[one.id] = {asked.name: computed.get(asked.name) or kept_ones[one.id, asked.name] for asked in wanted}
        with LOCK:
            for (id, name), key in keys.items():
                store[key] = found[id][name]
                store.move_to_end(key)
            while len(store) > MOST_KEPT:
                store.popitem(last=False)
        return found

    def _key(self, scenario: Scenario, asked: Indicator) -> tuple:
        outline = b"" if self.area is None else shapely.to_wkb(self.area)
        rests_on = repr(sorted((name, one.value) for name, one in self.assumed.items())).encode()
        mark = hashlib.sha256(outline + rests_on).hexdigest()
        return (
            asked.name,
            scenario.id,
            changed(scenario.id),
            mark,
            self.sun_day if asked.slow else None,
            dt.date.today(),
        )


def asked_of(project: Project) -> Asked:
    """What ?area=, ?day= and ?scenario= say, of a project."""
    who = person()
    seen = [one for one in scenarios_of(project) if one.state != "archived" and may(who, "see", project, one)]
    chosen = {int(one) for one in request.args.getlist("scenario") if one.isascii() and one.isdigit() and len(one) < 10}
    mine = [one for one in seen if not chosen or one.id in chosen][:MOST_SCENARIOS]
    return _asked(project, [find_scenario(TODAY), *mine])


def asked_of_scenario(scenario: Scenario) -> Asked:
    """The same of one scenario beside today."""
    project = db().get(Project, scenario.project_id) if scenario.project_id else None
    return _asked(project, [find_scenario(TODAY), *([scenario] if scenario.id != TODAY else [])])


def quick() -> list[Indicator]:
    return [one for one in indicators().values() if not one.slow]


def _asked(project: Project | None, scenarios: list[Scenario]) -> Asked:
    told = request.args.get("area_drawn", "").strip() or request.args.get("area", "project")
    assumed = in_force(db(), project.id if project else None)
    return Asked(project, told, area_of(db(), project, told), scenarios, _day(), assumed)


def _day() -> dt.date:
    told = request.args.get("day", "")
    if not told:
        return dt.date(dt.date.today().year, 3, 21)
    try:
        return dt.date.fromisoformat(told[:10])
    except ValueError:
        raise BadQuestion(words("no-such-day").format(day=told[:20])) from None
