"""A use looks for an empty place, and an empty place for a use: marks with reasons, and what is missing."""

from functools import cache
from typing import Any, NamedTuple

import numpy as np
import shapely

from layers.codes import CONDITIONS, VACANCY_KINDS
from scenarios.access.asked import ways_given
from scenarios.access.needs import needs, reach, supply
from scenarios.access.net import Net, join, within
from scenarios.access.people import AGES
from scenarios.access.speeds import mode_called
from scenarios.indicators.figures import number
from scenarios.indicators.given import Given
from scenarios.rows import Rows
from scenarios.rules import rules
from twin.errors import NotFound
from twin.feature import Words

NEAR = 600.0  # seconds on foot, within which people are counted
WORST = 0.0
VALUES = {
    "kind": Words("Art", "kind"), "condition": Words("Zustand", "condition"), "area": Words("Fläche", "area"),
    "dwellings": Words("Wohnungen", "dwellings"), "broadband": Words("Breitband", "broadband"),
    "price": Words("Preis", "price"), "people": Words("Menschen in 10 min", "people within 10 min"),
    "children": Words("Kinder bis 5 Jahre in 10 min", "children up to 5 within 10 min"),
    "old": Words("Menschen ab 65 in 10 min", "people of 65 and over within 10 min"),
    **{name: Words(f"Weg: {need.title.de}", f"way: {need.title.en}") for name, need in needs().items()},
}  # fmt: skip
UNITS = {"area": "m²", "broadband": "Mbit/s", "price": "EUR", **dict.fromkeys(needs(), "min")}
CODES: dict[str, dict[str, Words]] = {"kind": VACANCY_KINDS, "condition": CONDITIONS}


class Wish(NamedTuple):
    """What a use asks of a value of the place: one of some, at least, or at most."""

    value: str
    weight: float
    one_of: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    needed: bool = False


class Use(NamedTuple):
    """becomes: the building's use then; opens: fields of a facility that opens there, none for none."""

    name: str
    title: Words
    wishes: tuple[Wish, ...]
    becomes: str
    opens: dict[str, str]
    dwellings: int | None


class Reason(NamedTuple):
    """How a place meets one wish: a mark from 0 to 1, None where the value is not known; told in its numbers."""

    wish: Wish
    mark: float | None
    told: Words


class Match(NamedTuple):
    """row: of the places. mark: 0 to 100; refused: a needed wish is known not to be met."""

    row: int
    use: Use
    mark: float
    refused: bool
    reasons: list[Reason]

    @property
    def lacking(self) -> list[Reason]:
        """What is not met, and what is not known, the weightiest first."""
        open_ = [one for one in self.reasons if one.mark is None or one.mark < 0.75]
        return sorted(open_, key=lambda one: -one.wish.weight)

    @property
    def met(self) -> list[Reason]:
        return [one for one in self.reasons if one.mark is not None and one.mark >= 0.75]


@cache
def uses() -> dict[str, Use]:
    return {
        name: Use(
            name, Words(told["de"], told["en"]),
            tuple(Wish(**{**one, "one_of": tuple(one.get("one_of", ()))}) for one in told["wishes"]),
            told["becomes"], told.get("places", {}), told.get("dwellings"),
        )
        for name, told in rules("uses").items()
    }  # fmt: skip


def use_called(name: str) -> Use:
    """Raises NotFound."""
    if name not in uses():
        known = ", ".join(uses())
        raise NotFound(Words(f"Ein Nutzungsprofil {name[:40]} gibt es nicht. Es gibt: {known}.",
                             f"There is no profile {name[:40]}. There are: {known}."))  # fmt: skip
    return uses()[name]


def surroundings(given: Given, places: Rows, settled: Any) -> dict[str, np.ndarray]:
    """value -> (n,): minutes on foot to each need, and who lives within ten minutes. settled: of all buildings read."""
    net = Net.of(ways_given(given), mode_called("walk"))
    middles = shapely.point_on_surface(places.shapes)
    onto = net.onto(middles)
    _, reached = reach(net, onto, supply(given.rows["facilities"], given.rows["stops"]))
    values = {name: np.where(np.isfinite(each), each / 60, np.nan) for name, each in reached.seconds.items()}
    homes = net.onto(shapely.centroid(given.rows["buildings"].shapes))
    crowd = _crowd(net, onto, homes, np.column_stack([settled.people, np.nan_to_num(settled.ages)]))
    children, old = (1 + np.array([list(AGES).index(name) for name in names]) for names in
                     (("inhabitants_0_5",), ("inhabitants_65_79", "inhabitants_80")))  # fmt: skip
    return {
        **values,
        "people": crowd[:, 0],
        "children": crowd[:, children].sum(axis=1),
        "old": crowd[:, old].sum(axis=1),
    }


def _crowd(net: Net, places: Any, homes: Any, people: np.ndarray) -> np.ndarray:
    """(places, columns of people) within NEAR."""
    joined = join(net, places)
    found = np.zeros((len(places.piece), people.shape[1]))
    for i in np.flatnonzero(joined.node >= 0).tolist():
        near = joined.times(within(joined, i, NEAR), homes, towards=False) <= NEAR
        found[i] = people[near].sum(axis=0)
    return found


def values_of(places: Rows, around: dict[str, np.ndarray]) -> list[dict[str, Any]]:
    """Of each place: what the register says of it, and what lies around it. None where nothing is known."""
    told = ("kind", "condition", "area", "dwellings", "broadband", "price")
    return [
        {
            **{name: places[name][i] for name in told},
            **{name: float(each[i]) if np.isfinite(each[i]) else None for name, each in around.items()},
        }
        for i in range(len(places))
    ]


def match(use: Use, row: int, values: dict[str, Any]) -> Match:
    """What is not known earns half: it may still be met, and it is told."""
    reasons = [_reason(wish, values.get(wish.value)) for wish in use.wishes]
    whole = sum(one.wish.weight for one in reasons)
    earned = sum(one.wish.weight * (0.5 if one.mark is None else one.mark) for one in reasons)
    refused = any(one.wish.needed and one.mark is not None and one.mark <= WORST for one in reasons)
    return Match(row, use, 100 * earned / whole if whole else 0.0, refused, reasons)


def ranked(use: Use, values: list[dict[str, Any]]) -> list[Match]:
    """All places, best first; those that lack what is needed stand at the end."""
    found = [match(use, row, each) for row, each in enumerate(values)]
    return sorted(found, key=lambda one: (one.refused, -one.mark, one.row))


def fitting(values: dict[str, Any]) -> list[Match]:
    """The other way round: what one place could become."""
    return sorted((match(use, 0, values) for use in uses().values()), key=lambda one: (one.refused, -one.mark))


def _reason(wish: Wish, value: Any) -> Reason:
    title = VALUES[wish.value]
    if value is None:
        return Reason(wish, None, Words(f"{title.de} unbekannt", f"{title.en} unknown"))
    if wish.one_of:
        said = CODES[wish.value].get(value, Words(str(value), str(value)))
        return Reason(wish, float(value in wish.one_of), Words(f"{title.de}: {said.de}", f"{title.en}: {said.en}"))
    value, unit = float(value), UNITS.get(wish.value, "")
    bound = wish.least if wish.least is not None else wish.most or 0.0
    if wish.least is not None:
        mark = min(value / bound, 1.0) if bound else 1.0
        if wish.needed and value < bound:
            mark = WORST
    else:
        mark = 1.0 if value <= bound else max(0.0, 2 - value / bound) if bound else 0.0
        if wish.needed and value > bound:
            mark = WORST
    shown, limit = number(value), number(bound)
    de, en = ("ab", "from") if wish.least is not None else ("bis", "up to")
    return Reason(wish, mark, Words(f"{title.de} {shown.de} {unit} ({de} {limit.de})".replace("  ", " "),
                                    f"{title.en} {shown.en} {unit} ({en} {limit.en})".replace("  ", " ")))  # fmt: skip
