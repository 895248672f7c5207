"""Who lives where: the inhabitants of blocks, by age, spread over the buildings, and those of planned dwellings."""

from typing import NamedTuple

import numpy as np
import shapely

from scenarios.assumptions import Assumed
from scenarios.counting import READS, count_all
from scenarios.rows import Rows
from twin.feature import Words

AGES = {
    "inhabitants_0_5": Words("0–5 Jahre", "0–5 years"),
    "inhabitants_6_17": Words("6–17 Jahre", "6–17 years"),
    "inhabitants_18_64": Words("18–64 Jahre", "18–64 years"),
    "inhabitants_65_79": Words("65–79 Jahre", "65–79 years"),
    "inhabitants_80": Words("ab 80 Jahren", "80 and over"),
}
BLOCKS = ("inhabitants", *AGES, "number", "name", "empty_dwellings", "dwellings")
BUILDINGS = (*READS, "name", "address")


class Settled(NamedTuple):
    """Of n buildings: people (n,); ages (n, 5), NaN where nothing is known of them; block: its row, -1 for none.

    counted: bool (n,), where the people come from a block's count, not from dwellings times people.
    """

    people: np.ndarray
    ages: np.ndarray
    block: np.ndarray
    counted: np.ndarray
    dwellings: np.ndarray


def settled(buildings: Rows, blocks: Rows, assumed: dict[str, Assumed]) -> Settled:
    """Today's. A block's inhabitants live where its dwellings are, each dwelling the same; elsewhere by assumption."""
    dwellings = count_all(buildings, shapely.area(buildings.shapes), assumed).dwellings
    block = block_of(buildings, blocks)
    inhabitants = blocks.numbers("inhabitants")
    known = np.isfinite(np.append(inhabitants, np.nan))[block]
    homes = np.bincount(block[known], dwellings[known], len(blocks)) if len(blocks) else np.empty(0)
    counted = known & (np.append(homes, 0)[block] > 0)
    per_home = np.full(len(blocks) + 1, assumed["people_per_dwelling"].value)
    filled = homes > 0
    per_home[:-1][filled] = inhabitants[filled] / homes[filled]
    people = dwellings * np.where(counted, per_home[block], assumed["people_per_dwelling"].value)
    return Settled(people, people[:, None] * _shares(blocks)[block], block, counted, dwellings)


def planned(buildings: Rows, blocks: Rows, assumed: dict[str, Assumed], before: Rows, today: Settled) -> Settled:
    """A scenario's: who lives in a building that stays lives there still; more or fewer dwellings, so many people."""
    dwellings = count_all(buildings, shapely.area(buildings.shapes), assumed).dwellings
    row = {uid: i for i, uid in enumerate(before["uid"].tolist())}
    old = np.array([row.get(uid, -1) for uid in buildings["uid"].tolist()], int)
    stood = old >= 0
    was = np.append(today.dwellings, 0.0)[old]
    each = np.where(was > 0, np.append(today.people, 0.0)[old] / np.maximum(was, 1e-9), 0)
    each = np.where(stood & (was > 0), each, assumed["people_per_dwelling"].value)
    block = np.where(stood, np.append(today.block, -1)[old], block_of(buildings, blocks))
    people = dwellings * each
    counted = stood & np.append(today.counted, False)[old] & (dwellings == was)
    return Settled(people, people[:, None] * _shares(blocks)[block], block, counted, dwellings)


def block_of(buildings: Rows, blocks: Rows) -> np.ndarray:
    """(n,) the block around each building's middle, -1 where there is none."""
    found = np.full(len(buildings), -1)
    if len(blocks) and len(buildings):
        which, block = shapely.STRtree(blocks.shapes).query(shapely.centroid(buildings.shapes), predicate="within")
        found[which[::-1]] = block[::-1]
    return found


def _shares(blocks: Rows) -> np.ndarray:
    """(blocks + 1, 5) of each age; the last row, for no block, and blocks without ages: those of all together."""
    told = np.column_stack([blocks.numbers(name) for name in AGES]) if len(blocks) else np.empty((0, len(AGES)))
    whole = told.sum(axis=1)
    known = np.isfinite(whole) & (whole > 0)
    usual = told[known].sum(axis=0) / told[known].sum() if known.any() else np.full(len(AGES), np.nan)
    shares = np.tile(usual, (len(blocks) + 1, 1))
    shares[:-1][known] = told[known] / whole[known, None]
    return shares
