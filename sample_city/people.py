"""How many people live in a block, and how old they are: as many as its dwellings that are let can hold."""

from typing import NamedTuple

import numpy as np

from sample_city.town import Town

# People in a household, and the shares of ages 0-5, 6-17, 18-64, 65-79, 80 and over.
HOUSEHOLDS = {
    "core": (1.72, (0.05, 0.09, 0.62, 0.17, 0.07)),
    "market": (1.6, (0.04, 0.07, 0.64, 0.18, 0.07)),
    "lower": (1.75, (0.05, 0.1, 0.62, 0.16, 0.07)),
    "founders": (1.78, (0.06, 0.1, 0.64, 0.14, 0.06)),
    "estate": (1.62, (0.05, 0.09, 0.49, 0.24, 0.13)),
    "villas": (2.15, (0.05, 0.12, 0.54, 0.2, 0.09)),
    "rows": (2.2, (0.05, 0.11, 0.54, 0.21, 0.09)),
    "detached": (2.42, (0.06, 0.13, 0.57, 0.18, 0.06)),
    "village": (2.3, (0.05, 0.11, 0.56, 0.2, 0.08)),
}
OTHERS = (1.8, (0.05, 0.1, 0.58, 0.19, 0.08))


class Census(NamedTuple):
    dwellings: int
    empty: int
    ages: tuple[int, ...]

    @property
    def inhabitants(self) -> int:
        return sum(self.ages)

    @property
    def households(self) -> int:
        return min(self.dwellings - self.empty, self.inhabitants)


def count(town: Town) -> dict[int, Census]:
    """Per block number."""
    dwellings: dict[int, int] = {}
    empty: dict[int, int] = {}
    for house in town.houses:
        dwellings[house.block] = dwellings.get(house.block, 0) + house.dwellings
        empty[house.block] = empty.get(house.block, 0) + house.empty
    census = {}
    for block in town.blocks:
        rng = np.random.default_rng((town.seed, 5, block.number))
        size, shares = HOUSEHOLDS.get(block.quarter, OTHERS)
        let = dwellings.get(block.number, 0) - empty.get(block.number, 0)
        people = round(let * size * rng.uniform(0.94, 1.06))
        ages = tuple(int(n) for n in rng.multinomial(people, shares))
        census[block.number] = Census(dwellings.get(block.number, 0), empty.get(block.number, 0), ages)
    return census
