"""What stands on each plot, and which zone's values hold there."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import shapely

from layers.codes import ZONE_KINDS
from scenarios.counting import count_all, heights
from scenarios.indicators.figures import ORIENTATION, PLAN
from scenarios.indicators.given import Given
from scenarios.indicators.storeys import full_storeys
from scenarios.rows import Rows
from scenarios.rules import Source, rules, source_of
from twin.feature import Words

IN_FORCE = {None, "3000", "4000", "4500"}  # of XPlanung's Rechtsstand: by-law, in force, partly void
NOT_BUILT_ON = {"green", "traffic", "farm", "forest", "water"}
MEASURES = ("grz", "gfz", "bmz", "storeys", "height")
LARGEST_PART = 0.5  # of a plot that a zone has to cover for its values to hold on it
SLIVER = 0.5  # m²: smaller overlaps are drawing, not building


@dataclass(frozen=True)
class Built:
    """What stands on each of n plots: (n,) arrays in m², m³, storeys, metres. main: without section 19 (4) BauNVO.

    floor: of Vollgeschosse. shares: by figure, what each building of `given` adds to all the plots together.
    """

    size: np.ndarray
    main: np.ndarray
    all: np.ndarray
    floor: np.ndarray
    volume: np.ndarray
    storeys: np.ndarray
    height: np.ndarray
    count: np.ndarray
    shares: dict[str, np.ndarray]

    @cached_property
    def ratios(self) -> dict[str, np.ndarray]:
        """GRZ I and II, GFZ, BMZ."""
        size = np.where(self.size > 0, self.size, np.nan)
        return {
            "grz_1": self.main / size, "grz_2": self.all / size, "gfz": self.floor / size, "bmz": self.volume / size,
        }  # fmt: skip


class Limits(NamedTuple):
    """What holds on a plot. values: of MEASURES, those that are set; missing: why there are none."""

    values: dict[str, float]
    kind: str  # PLAN, ORIENTATION or ""
    zone: str
    source: Source | None
    missing: Words | None


def built_on(shapes: np.ndarray, given: Given) -> Built:
    """shapes: (n,) plots or zones. A building counts on each by the share of its outline that lies there."""
    rows, excess = given.rows["buildings"], rules("baunvo")["excess"]
    counted = count_all(rows, shapely.area(rows.shapes), given.assumed)
    _, height, _ = heights(rows, given.assume("storey_height"))
    storeys = given.once("full storeys", lambda: full_storeys(rows, given)).full
    floor_area = counted.footprint * storeys
    main = ~is_ancillary(rows)
    which, plot, pieces = _overlaps(rows.shapes, shapes)
    share = pieces / shapely.area(rows.shapes[which])
    many = len(shapes)

    def total(values: np.ndarray) -> np.ndarray:
        return np.bincount(plot, values, many)

    surfaces = given.rows["surfaces"]
    paved = np.array([kind in excess["surfaces"] for kind in surfaces["kind"]], bool)
    _, there, paving = _overlaps(surfaces.shapes[paved], shapes)
    under_roof = _roofed(surfaces.shapes[paved], rows.shapes, shapes)
    on_main = which[main[which]]
    highest, storey = np.zeros(many), np.zeros(many)
    np.maximum.at(highest, plot[main[which]], height[on_main])
    np.maximum.at(storey, plot[main[which]], storeys[on_main])
    return Built(
        shapely.area(shapes), total(pieces * main[which]),
        total(pieces) + np.bincount(there, paving, many) - under_roof,
        total(floor_area[which] * share * main[which]), total(counted.volume[which] * share * main[which]),
        storey, highest, np.bincount(plot, minlength=many).astype(float),
        {name: np.bincount(which, values * main[which], len(rows)) for name, values in (
            ("grz_1", pieces), ("gfz", floor_area[which] * share), ("bmz", counted.volume[which] * share))},
    )  # fmt: skip


def is_ancillary(rows: Rows) -> np.ndarray:
    """(n,) bool: garages and ancillary buildings of section 19 (4) BauNVO, by use and function."""
    told = rules("baunvo")["excess"]
    return np.array(
        [use in told["uses"] or function in told["functions"] for use, function in
         zip(rows["use"], rows["function"], strict=True)], bool,
    )  # fmt: skip


def limits_of(shapes: np.ndarray, zones: Rows) -> list[Limits]:
    """For each plot: the values of the Bebauungsplan that covers it, else orientation values for its kind of area."""
    in_force = np.array([state in IN_FORCE for state in zones["state_of_law"]], bool)
    binding = np.array([kind == "bplan" for kind in zones["plan_kind"]], bool) & in_force
    best = {
        which: _covering(shapes, zones, chosen) for which, chosen in ((True, binding), (False, ~binding & in_force))
    }
    found = []
    for i in range(len(shapes)):
        zone = best[True][i] if best[True][i] >= 0 else best[False][i]
        found.append(NO_ZONE if zone < 0 else zone_limits(zones, int(zone)))
    return found


def zone_limits(zones: Rows, i: int) -> Limits:
    """What a zone sets, completed by the orientation values of its kind where it sets neither GRZ nor GFZ."""
    kind, plan = zones["kind"][i], zones["plan_kind"][i]
    title = " ".join(str(one) for one in (kind, zones["plan"][i]) if one)
    if kind in NOT_BUILT_ON:
        return Limits({}, "", title, None, _no_building_land(kind))
    own = {name: float(zones[name][i]) for name in MEASURES if zones[name][i]} if plan == "bplan" else {}
    if own:
        return Limits(own, PLAN, title, None, None)
    told = rules("baunvo")
    usual = told["orientation"].get(told["general"].get(kind, kind))
    if usual is None:
        return Limits({}, "", title, None, NO_KIND if kind is None else _no_building_land(kind))
    return Limits(dict(usual), ORIENTATION, title, source_of(told["source"]), None)


def within_lines(given: Given) -> tuple[Any, Any]:
    """The überbaubare Flächen, and the zones of Bebauungspläne that have some; both empty where there are none.

    Where the scenario itself changes a zone, the lines of the old plan hold no longer.
    """
    lines, zones = given.rows["building_lines"], given.rows["zones"]
    flat = shapely.force_2d(lines.shapes)
    closed = shapely.polygonize(shapely.get_parts(shapely.node(shapely.multilinestrings(_linework(flat)))))
    windows = shapely.union_all([*flat[shapely.area(flat) > 0], closed])
    own = given.own.get("zones", ())
    holds = [kind == "bplan" and uid not in own for kind, uid in zip(zones["plan_kind"], zones["uid"], strict=True)]
    bound = zones.shapes[np.array(holds, bool)]
    return windows, shapely.union_all(bound[shapely.intersects(bound, windows)])


def _linework(shapes: np.ndarray) -> np.ndarray:
    """Lines that may close around a window: plans that have Baugrenzen and Baulinien alone."""
    parts = shapely.get_parts(shapes)
    return parts[shapely.get_dimensions(parts) == 1]


def allowed_with_ancillary(grz: float) -> float:
    """GRZ II: what section 19 (4) BauNVO allows beside a GRZ: half as much again, at most 0.8, never less than GRZ."""
    excess = rules("baunvo")["excess"]
    return max(grz, min(grz * (1 + excess["share"]), excess["cap"]))


def _covering(shapes: np.ndarray, zones: Rows, chosen: np.ndarray) -> np.ndarray:
    """(n,) number of the zone that covers most of each plot, -1 where none covers half of it."""
    these = np.flatnonzero(chosen)
    which, plot, pieces = _overlaps(zones.shapes[these], shapes)
    best, most = np.full(len(shapes), -1), shapely.area(shapes) * LARGEST_PART
    for zone, at, piece in zip(which, plot, pieces, strict=True):
        if piece > most[at]:
            best[at], most[at] = these[zone], piece
    return best


def _overlaps(ones: np.ndarray, others: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pairs that overlap: number of the one, number of the other, m²."""
    if len(ones) == 0 or len(others) == 0:
        return np.empty(0, int), np.empty(0, int), np.empty(0)
    other, one = shapely.STRtree(ones).query(others, predicate="intersects")
    pieces = shapely.area(shapely.intersection(ones[one], others[other]))
    kept = pieces > SLIVER
    return one[kept], other[kept], pieces[kept]


def _roofed(paved: np.ndarray, buildings: np.ndarray, plots: np.ndarray) -> np.ndarray:
    """(n,) m² of paving under buildings: it counts once."""
    one, other, _ = _overlaps(paved, buildings)
    if len(one) == 0:
        return np.zeros(len(plots))
    both = shapely.intersection(paved[one], buildings[other])
    _, plot, pieces = _overlaps(both, plots)
    return np.bincount(plot, pieces, len(plots))


def _no_building_land(kind: str) -> Words:
    title = ZONE_KINDS.get(kind, Words(kind, kind))
    return Words(f"Für {title.de} nennt § 17 BauNVO keine Werte.", f"Section 17 BauNVO has no values for: {title.en}.")


NO_KIND = Words(
    "Die Gebietsart fehlt. Tragen Sie sie beim Bauleitplan unter „Gebietsart“ ein.",
    "The kind of area is missing. Enter it with the zone, under “Kind of area”.",
)
NO_ZONE = Limits({}, "", "", None, Words(
    "Hier liegt kein Bauleitplan. Laden Sie ihn (XPlanung) oder zeichnen Sie eine Fläche mit Gebietsart.",
    "No zone lies here. Load the plan (XPlanung), or draw a zone with its kind of area.",
))  # fmt: skip


def row_title(rows: Rows, i: int, *names: str) -> Words:
    """The first of these columns that says something, else the end of the uid."""
    said: list[Any] = [rows[name][i] for name in names if rows[name][i]]
    number = f"…{str(rows['uid'][i])[-6:]}"
    return Words(str(said[0]), str(said[0])) if said else Words(f"Gebäude {number}", f"Building {number}")
