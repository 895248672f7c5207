"""The nets of ways around a place, and who lives there: made once, and kept until something changes in the scenario."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import replace
from threading import RLock
from typing import Any, NamedTuple

import numpy as np
import shapely

from scenarios.access import asked as access
from scenarios.access.areas import Outing, set_out
from scenarios.access.needs import Supply, supply
from scenarios.access.net import Net, Onto
from scenarios.access.people import Settled
from scenarios.access.speeds import Mode
from scenarios.access.timetable import timetable
from scenarios.access.transit import Transit, by_bus, transit_of
from scenarios.access.ways import Ways
from scenarios.assumptions import Assumed, in_force
from scenarios.indicators import indicator
from scenarios.indicators.figures import Indicator
from scenarios.indicators.given import Given, read, with_before
from scenarios.rows import Rows
from twin.feature import TODAY, Scenario
from web.asked import changed, db, kept

SQUARE = 10_000.0  # metres: places in one square share their net
SLACK = 1.25  # ways are not straight, but downhill one may be faster than usual
HALF_AN_HOUR = 1800.0
MOST_KEPT = 8  # nets, and as many towns of people
LOCK = RLock()


class Town(NamedTuple):
    """Around a place: the ways, the buildings with those who live there, and what meets needs."""

    ways: Ways
    buildings: Rows
    middles: np.ndarray
    settled: Settled
    supplied: Supply


class Around(NamedTuple):
    """A town and its net for one mode, with where buildings and supply reach it; and the rides, where there are any."""

    town: Town
    net: Net
    buildings: Onto
    supply: Onto
    transit: Transit | None

    def set_out(self, place: shapely.Point, departure: int) -> Outing:
        """departure: seconds after midnight, of those who go by bus. Raises BadValue."""
        if self.transit is None:
            return set_out(self.net, place)
        return by_bus(self.transit, place, departure, HALF_AN_HOUR)


def around(scenario: Scenario, place: shapely.Point, mode: Mode) -> Around:
    fastest = max(mode.speed, {"car": 100 / 3.6, "transit": 25 / 3.6}.get(mode.name, 0.0))
    far = 5000.0 * np.ceil(fastest * HALF_AN_HOUR * SLACK / 5000.0)
    column, row = int(place.x // SQUARE), int(place.y // SQUARE)
    square = shapely.box(*(SQUARE * edge for edge in (column, row, column + 1, row + 1))).buffer(
        far, join_style="mitre"
    )
    key = (scenario.id, column, row, far)
    town = _kept(("town", *key), changed(scenario.id), lambda: _town(scenario, square))
    return _kept(("net", mode.name, *key), changed(scenario.id), lambda: _net(scenario, town, mode))


def _town(scenario: Scenario, square: Any) -> Town:
    assumed = in_force(db(), scenario.project_id)
    wanted = [replace(indicator("walking"), margin=0.0)]
    given = read(db(), scenario.id, square, wanted, assumed)
    if scenario.id != TODAY:
        given = with_before(given, _today(square, wanted, assumed))
    return town_of(given)


def _today(square: Any, wanted: list[Indicator], assumed: dict[str, Assumed]) -> Given:
    """Read once for all scenarios: after an edit only the scenario's own rows are read again."""
    rests_on = repr(sorted((name, one.value) for name, one in assumed.items()))
    return _kept(("given", square.wkb, rests_on), "", lambda: read(db(), TODAY, square, wanted, assumed))


def town_of(given: Given) -> Town:
    buildings = given.rows["buildings"]
    supplied = supply(given.rows["facilities"], given.rows["stops"])
    return Town(
        access.ways_given(given), buildings, shapely.centroid(buildings.shapes), access.people_given(given), supplied
    )


def _net(scenario: Scenario, town: Town, mode: Mode) -> Around:
    net = Net.of(town.ways, mode)
    transit = None
    if mode.told.get("timetable"):
        table = timetable(db(), scenario.id)
        transit = transit_of(table, net) if len(table.runs) else None
    return Around(town, net, net.onto(town.middles), net.onto(town.supplied.points), transit)


def _kept(key: Hashable, state: str, make: Callable[[], Any]) -> Any:
    """The newest few: one who asks for a net that is being made waits for it."""
    store: OrderedDict[Hashable, tuple[str, Any]] = kept("nets", OrderedDict)
    with LOCK:
        if key not in store or store[key][0] != state:
            store[key] = (state, make())
        store.move_to_end(key)
        while len(store) > 2 * MOST_KEPT:
            store.popitem(last=False)
        return store[key][1]
