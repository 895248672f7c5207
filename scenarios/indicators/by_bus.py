"""By bus and train: which blocks reach what is needed, with waiting, changing and the way on foot at both ends."""

from typing import Any

import numpy as np
import shapely

from scenarios.access.asked import FARTHEST, MARGIN, NO_STREETS, READS, people_given, ways_given
from scenarios.access.needs import Need, Supply, needs, supply
from scenarios.access.net import Net, join, nearest
from scenarios.access.people import AGES
from scenarios.access.speeds import mode_called
from scenarios.access.timetable import Timetable
from scenarios.access.transit import NEVER, arrivals, transit_of, walks_between
from scenarios.indicators.figures import Answer, Column, Figure, Indicator, Parts, Place, sentence
from scenarios.indicators.given import Given
from scenarios.indicators.served import NO_TIMETABLE
from scenarios.indicators.walking import MOST
from scenarios.rows import Rows
from scenarios.rules import rules
from twin.feature import Words

ASSUMED = ("reach_by_bus", "leaving_at")
ALL = Words(
    "Menschen, die alles Tägliche mit Bus und Bahn erreichen", "People who reach all daily needs by bus and train"
)
NO_BLOCKS = Words(
    "Im Gebiet wohnt nach den Blöcken niemand. Laden Sie Blöcke mit Einwohnern: twin load DATEI --as blocks.",
    "Nobody lives in the area by its blocks. Load blocks with inhabitants: twin load FILE --as blocks.",
)
COLUMNS = {
    "people": Column(Words("Menschen", "People"), "", 0),
    **{name: Column(need.title, "min", 0) for name, need in needs().items() if need.layer == "facilities"},
}


def answer(given: Given) -> Answer:
    table = given.timetable()
    chosen, people = _living(given)
    net = Net.of(ways_given(given), mode_called("walk"))
    empty = NO_STREETS if len(net.piece) == 0 else None
    missing = NO_TIMETABLE if table is None or len(table.runs) == 0 else NO_BLOCKS if not len(chosen) else empty
    if missing is not None or table is None:
        return Answer([Figure("by_bus_daily", ALL, "", None, refused=missing)])
    blocks = given.rows["blocks"].where(chosen)
    supplied = supply(given.rows["facilities"], given.rows["stops"])
    seconds = minutes_by_bus(net, table, _middles(given, chosen), supplied, round(3600 * given.assume("leaving_at")))
    within = 60 * given.assume("reach_by_bus")
    daily = [each <= within for name, each in seconds.items() if needs()[name].daily]
    all_near = np.all(daily, axis=0) if daily else np.zeros(len(blocks), bool)
    figures = [_figure("by_bus_daily", ALL, blocks, people[:, 0], all_near)]
    for name, each in seconds.items():
        need = needs()[name]
        title = Words(f"{need.title.de} mit Bus und Bahn in {within / 60:g} min",
                      f"{need.title.en} by bus and train in {within / 60:g} min")  # fmt: skip
        figures.append(_figure(f"by_bus_{name}", title, blocks, _those(people, need), each <= within))
    return Answer(figures, _places(blocks, people[:, 0], seconds), COLUMNS, notes=table.notes)


def minutes_by_bus(
    net: Net, table: Timetable, places: np.ndarray, supplied: Supply, departure: int
) -> dict[str, np.ndarray]:
    """need -> (p,) seconds from each place to the nearest that meets it: on foot, or by vehicle and on foot."""
    transit = transit_of(table, net)
    many, stops = len(transit.stops), transit.stops
    both = join(net, net.onto(np.concatenate([supplied.points, stops, places])))
    at_stop, at_place = len(supplied.points) + np.arange(many), len(supplied.points) + many + np.arange(len(places))
    limit = 60 * rules("access")["changing"]["to_stop"]
    there = arrivals(transit, walks_between(both, at_place, at_stop, limit), departure)
    riding = np.where(there < NEVER, there - departure, np.inf)
    found = {}
    for name, mine in supplied.of.items():
        if needs()[name].layer != "facilities" or not mine.any():
            continue
        at_nodes = np.append(nearest(both, np.flatnonzero(mine))[0], np.inf)
        on_foot, from_stop = at_nodes[both.node[at_place]], at_nodes[both.node[at_stop]]
        by_vehicle = (riding + from_stop).min(axis=1) if many else np.full(len(places), np.inf)
        found[name] = np.minimum(on_foot, by_vehicle)
    return found


def _living(given: Given) -> tuple[np.ndarray, np.ndarray]:
    """Rows of the blocks in which somebody of the area lives, and (blocks, 1 + ages) how many."""
    settled, inside = people_given(given), given.inside["buildings"]
    mine = inside & (settled.block >= 0)
    told = np.column_stack([settled.people, settled.ages])[mine]
    many = np.zeros((len(given.rows["blocks"]), told.shape[1]))
    np.add.at(many, settled.block[mine], told)
    chosen = np.flatnonzero(many[:, 0] > 0.5)
    return chosen, many[chosen]


def _middles(given: Given, chosen: np.ndarray) -> np.ndarray:
    """Where most of a block's people live: its own middle would lie in a courtyard or a field."""
    settled = people_given(given)
    xy = shapely.get_coordinates(shapely.centroid(given.rows["buildings"].shapes))
    weight = np.where(settled.people > 0, settled.people, 0.0)
    found = np.zeros((len(given.rows["blocks"]), 3))
    mine = settled.block >= 0
    np.add.at(found, settled.block[mine], np.column_stack([xy * weight[:, None], weight])[mine])
    return shapely.points(found[chosen, :2] / found[chosen, 2:])


def _those(people: np.ndarray, need: Need) -> np.ndarray:
    ages = people[:, [1 + list(AGES).index(age) for age in need.ages]].sum(axis=1)
    return np.where(np.isfinite(ages), ages, people[:, 0]) if need.ages else people[:, 0]


def _figure(name: str, title: Words, blocks: Rows, people: np.ndarray, near: np.ndarray) -> Figure:
    whole, reaching = float(people.sum()), float(people[near].sum())
    by_hand = sentence("{n} von {all} Menschen", "{n} of {all} people", n=(reaching, 0), all=(whole, 0))
    return Figure(name, title, "", reaching, by_hand=by_hand, assumed=ASSUMED,
                  parts=Parts("blocks", blocks["uid"], people * near))  # fmt: skip


def _places(blocks: Rows, people: np.ndarray, seconds: dict[str, np.ndarray]) -> list[Place]:
    found = []
    for i in range(len(blocks)):
        minutes: dict[str, Any] = {name: min(float(each[i]) / 60, FARTHEST) for name, each in seconds.items()}
        title = str(blocks["number"][i] or blocks["name"][i] or blocks["uid"][i])
        found.append(Place(f"bus/{blocks['uid'][i]}", "blocks", str(blocks["uid"][i]), Words(title, title),
                           {"people": float(people[i]), **minutes}, None, None, blocks.shapes[i]))  # fmt: skip
    return sorted(
        found, key=lambda one: -max((value or 0.0 for key, value in one.values.items() if key != "people"), default=0.0)
    )


INDICATOR = Indicator(
    "by_bus", 94,
    Words("Wege mit Bus und Bahn", "Ways by bus and train"),
    Words("Wer erreicht ohne Auto, was weiter weg liegt?", "Who reaches without a car what is farther away?"),
    Words(
        "Aus der Mitte der Menschen jedes Blocks zu Fuß zur Haltestelle (bis 15 min), mit der frühesten Verbindung"
        " eines Werktags (Umsteigen mindestens 2 min, Wege zwischen Haltestellen bis 10 min) und zu Fuß zur nächsten"
        " Einrichtung; wo der Fußweg schneller ist, gilt er. Gezählt werden der geladene Fahrplan und geplante Linien.",
        "From the middle of the people of each block on foot to the stop (up to 15 min), by the earliest connection of"
        " a weekday (2 min at least to change, up to 10 min between stops) and on foot to the nearest facility; where"
        " walking is quicker, it holds. The loaded timetable and planned lines count.",
    ),
    Words(
        "Ein Aufbruch steht für alle; Rückweg, Pünktlichkeit, Preise und Rufbusse fehlen. Einrichtungen jenseits von"
        " 2,5 km um das Gebiet zählen nicht.",
        "One departure stands for all; the way back, punctuality, fares and buses on demand are missing. Facilities"
        " more than 2.5 km beyond the area do not count.",
    ),
    (),
    {**READS, "lines": ("number",)},
    answer,
    ("by_bus_daily",),
    margin=MARGIN,
    slow=True,
    most=MOST,
)  # fmt: skip
