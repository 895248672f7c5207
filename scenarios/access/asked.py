"""From what an indicator is given to the net, to those who live there, and to what they need."""

from typing import NamedTuple

import numpy as np
import shapely

from scenarios.access.needs import Reached, Supply, reach, supply
from scenarios.access.net import Net
from scenarios.access.people import BLOCKS, BUILDINGS, Settled, planned, settled
from scenarios.access.speeds import mode_called
from scenarios.access.ways import READS as STREETS
from scenarios.access.ways import Ways, ways_of
from scenarios.indicators.given import Given
from scenarios.rows import Rows
from twin.feature import Words

MARGIN = 2500.0  # metres around the area: half an hour on foot
FARTHEST = 60.0  # minutes: what is farther counts as so far
READS: dict[str, tuple[str, ...]] = {
    "buildings": BUILDINGS, "blocks": BLOCKS, "streets": STREETS, "water": (),
    "facilities": ("name", "kind", "detail"), "stops": ("name", "kind", "station", "departures"),
}  # fmt: skip
NO_STREETS = Words(
    "Im Gebiet und bis 2,5 km darum liegt keine Straße, auf der man gehen kann. Laden Sie Straßen und Wege"
    " (OpenStreetMap oder ATKIS): twin load ORDNER.",
    "There is no street to walk on in the area and up to 2.5 km around it. Load streets (OpenStreetMap or the survey):"
    " twin load FOLDER.",
)
NO_BUILDINGS = Words(
    "Im Gebiet steht kein Gebäude. Laden Sie Gebäude (LoD2) oder wählen Sie ein anderes Gebiet.",
    "No building stands in the area. Load buildings (LoD2) or choose another area.",
)


class Walked(NamedTuple):
    """Of the buildings in the area: rows, who lives there, seconds to each need; and the net."""

    rows: Rows
    settled: Settled
    reached: Reached
    supplied: Supply
    ways: Ways


def ways_given(given: Given) -> Ways:
    heights = given.heights if given.ground_cell is not None else None
    water = given.rows["water"].shapes
    return ways_of(
        given.rows["streets"], heights, given.own.get("streets", set()), water[shapely.get_dimensions(water) == 2]
    )


def people_given(given: Given) -> Settled:
    """Of all buildings that were read."""
    buildings, blocks = given.rows["buildings"], given.rows["blocks"]
    if given.before is None:
        return settled(buildings, blocks, given.assumed)
    old = given.before
    today = settled(old.rows["buildings"], old.rows["blocks"], given.assumed)
    return planned(buildings, blocks, given.assumed, old.rows["buildings"], today)


def walked(given: Given, mode: str) -> Walked | Words:
    """The sentence says what is missing."""
    if len(given.of("buildings")) == 0:
        return NO_BUILDINGS
    ways = ways_given(given)
    net = Net.of(ways, mode_called(mode))
    if len(net.piece) == 0:
        return NO_STREETS
    inside = given.inside["buildings"]
    rows = given.of("buildings")
    people = Settled(*(part[inside] for part in people_given(given)))
    supplied = supply(given.rows["facilities"], given.rows["stops"])
    _, reached = reach(net, net.onto(shapely.centroid(rows.shapes)), supplied)
    return Walked(rows, people, reached, supplied, ways)


def notes(given: Given, found: Walked) -> tuple[Words, ...]:
    """What holds for the whole answer: lonely streets, doors without a way, inhabitants that are assumed."""
    told = []
    islands = np.unique(found.ways.street[found.ways.island])
    if len(islands):
        told.append(_told(
            len(islands), "{n} Straßen sind mit den anderen nicht verbunden und zählen nicht; ihre Häuser gehen zur"
            " nächsten verbundenen. Prüfen Sie, ob ihre Enden die Nachbarstraße berühren.",
            "{n} streets are not connected with the others and do not count; their houses go to the next one that is."
            " Look whether their ends touch the neighbouring street."))  # fmt: skip
    lost = int(np.all([np.isinf(seconds) for seconds in found.reached.seconds.values()], axis=0).sum())
    if 0 < lost < len(found.rows):
        told.append(_told(
            lost, "{n} Gebäude liegen mehr als 300 m von jedem Weg entfernt, oder an Wegen, die zu keiner Einrichtung"
            " führen.",
            "{n} buildings are more than 300 m from any way, or beside ways that lead to no facility."))  # fmt: skip
    if len(given.rows["blocks"]) == 0:
        told.append(Words(
            "Es sind keine Blöcke mit Einwohnern geladen: Menschen sind Wohnungen mal Personen je Wohnung.",
            "No blocks with inhabitants are loaded: people are dwellings times people per dwelling."))  # fmt: skip
    if given.ground_cell is None:
        told.append(Words("Es ist kein Gelände geladen: Alle Wege gelten als eben.",
                          "No terrain is loaded: all ways count as level."))  # fmt: skip
    return tuple(told)


def _told(count: int, de: str, en: str) -> Words:
    return Words(de.format(n=count), en.format(n=count))
