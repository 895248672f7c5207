"""What people need within reach, and how far each building is from the nearest of each."""

from functools import cache
from typing import NamedTuple

import numpy as np
import shapely

from scenarios.access.net import Joined, Net, Onto, join, nearest
from scenarios.rows import Rows
from scenarios.rules import rules
from twin.feature import Words


class Need(NamedTuple):
    """kind, details: of facilities, no details for all of the kind; layer: where they are; ages: whose need it is."""

    name: str
    title: Words
    layer: str
    kind: str
    details: tuple[str, ...]
    daily: bool
    ages: tuple[str, ...]

    def meets(self, rows: Rows) -> np.ndarray:
        """(n,) bool: which facilities, or stops, meet it."""
        if self.layer != "facilities":
            return np.ones(len(rows), bool)
        chosen = rows["kind"] == self.kind
        return chosen & np.isin(rows["detail"].astype(str), self.details) if self.details else chosen


class Supply(NamedTuple):
    """Where needs can be met: facilities and stops as points, and the rows that each need may use (bool, (k,))."""

    points: np.ndarray
    titles: list[str]
    layers: list[str]
    uids: list[str]
    of: dict[str, np.ndarray]


class Reached(NamedTuple):
    """Of n places: seconds to the nearest of each need (n,), and which of the supply it is, -1 for none."""

    seconds: dict[str, np.ndarray]
    which: dict[str, np.ndarray]


@cache
def needs() -> dict[str, Need]:
    return {
        name: Need(
            name, Words(told["de"], told["en"]), told.get("layer", "facilities"), told.get("kind", ""),
            tuple(told.get("details", ())), told.get("daily", False), tuple(told.get("for", ())),
        )
        for name, told in rules("access")["needs"].items()
    }  # fmt: skip


def supply(facilities: Rows, stops: Rows) -> Supply:
    shapes = np.concatenate([facilities.shapes, stops.shapes])
    rows = [(rows, layer) for rows, layer in ((facilities, "facilities"), (stops, "stops"))]
    titles = [str(title or "") for rows, _ in rows for title in rows["name"]]
    layers = [layer for rows, layer in rows for _ in range(len(rows))]
    uids = [str(uid) for rows, _ in rows for uid in rows["uid"]]
    of = {}
    for name, need in needs().items():
        mine = [need.meets(rows) if layer == need.layer else np.zeros(len(rows), bool) for rows, layer in rows]
        of[name] = np.concatenate(mine).astype(bool)
    points = shapely.centroid(shapes) if len(shapes) else np.empty(0, object)
    return Supply(points, titles, layers, uids, of)


def reach(net: Net, buildings: Onto, supplied: Supply) -> tuple[Joined, Reached]:
    """The nearest of each need from each building, by the net's mode."""
    joined = join(net, net.onto(supplied.points))
    seconds, which = {}, {}
    for name, chosen in supplied.of.items():
        at_nodes, source = nearest(joined, np.flatnonzero(chosen))
        seconds[name], node = joined.reached(at_nodes, buildings, towards=True)
        which[name] = np.append(source, -1)[node]
    return joined, Reached(seconds, which)
