"""Which storeys are Vollgeschosse by the state's building code: under the roof, and where a cellar stands out."""

from typing import Any, NamedTuple

import numpy as np
import shapely

from scenarios.counting import FLAT, heights
from scenarios.indicators.given import Given
from scenarios.rows import Rows
from scenarios.rules import Source, rules, source_of

MODEL = "Musterbauordnung"
LEANING = ("2100", "3100")  # roofs that rise evenly from eaves to ridge: monopitch, gable
HIPPED = ("3200", "3500")  # and those that rise from all sides: hip, tent
LOW, TALL = 2.2, 5.0  # metres between which eaves through storeys is the height of a storey


class FullStoreys(NamedTuple):
    """Of n buildings. full: Vollgeschosse; attic: share of the floor under the roof that is high enough, NaN where no
    roof is known to have room; out: metres by which a cellar's ceiling stands above the ground, NaN where none does.
    """

    full: np.ndarray
    attic: np.ndarray
    out: np.ndarray


def rule_of(state: str | None) -> tuple[dict[str, Any], Source]:
    """The state's rule, else that of the Musterbauordnung."""
    found = rules("storeys").get(state or "", rules("storeys")[MODEL])
    return found, source_of(found)


def full_storeys(rows: Rows, given: Given) -> FullStoreys:
    """A storey below the eaves counts; the one under the roof where enough of its floor is high enough."""
    rule, _ = rule_of(given.state)
    told, ridge, eaves = heights(rows, given.assume("storey_height"))
    each = _storey(rows, told, eaves, given.assume("storey_height"))
    kinds = np.array([kind or FLAT for kind in rows["roof_type"]])
    pitched = (kinds != FLAT) & (ridge > eaves)
    below = np.where(pitched, np.minimum(told, np.maximum(1, np.floor(eaves / each + 0.5))), told)
    knee = np.where(pitched, np.maximum(eaves - below * each, 0.0), 0.0)
    attic = _high_enough(rows.shapes, kinds, ridge - eaves, rule["clear"] + rule["build_up"] - knee)
    attic = np.where(pitched, attic, np.nan)
    count = np.where(np.isnan(attic), told, below + (attic >= rule["share"] - 1e-9))
    out = np.where((rows.numbers("storeys_below") >= 1) & ~pitched, eaves - told * each, np.nan)
    out = np.where(out > 0, out, np.nan)
    with np.errstate(invalid="ignore"):
        return FullStoreys(count + (out > rule["out"] + 1e-9), attic, out)


def _storey(rows: Rows, told: np.ndarray, eaves: np.ndarray, usual: float) -> np.ndarray:
    """(n,) metres: as told, else what the wall gives each storey, where that can be."""
    known, by_wall = rows.numbers("storey_height"), eaves / told
    guessed = np.where((by_wall >= LOW) & (by_wall <= TALL), by_wall, usual)
    return np.where(known > 0, known, guessed)


def _high_enough(shapes: np.ndarray, kinds: np.ndarray, rise: np.ndarray, needed: np.ndarray) -> np.ndarray:
    """(n,) share of the floor over which the roof is `needed` metres above the eaves; NaN for other forms of roof."""
    up = np.clip(needed / np.maximum(rise, 1e-9), 0, 1)  # of the way from eaves to ridge
    found = np.where(np.isin(kinds, LEANING), 1 - up, np.nan)
    for i in np.flatnonzero(np.isin(kinds, HIPPED)).tolist():
        deep = shapely.minimum_clearance(shapely.oriented_envelope(shapes[i])) / 2
        found[i] = shapes[i].buffer(-deep * up[i], join_style="mitre").area / shapes[i].area
    return found
