"""What building costs by NHK 2010: the type of each building, and its rate by standard."""

from functools import cache

import numpy as np

from scenarios.rows import Rows
from scenarios.rules import Source, rules, source_of
from twin.feature import Words

NONE = ""  # no type of NHK fits
STANDARDS = 5


def types_of(rows: Rows, dwellings: np.ndarray, touching: np.ndarray | None = None) -> np.ndarray:
    """(n,) str: a code of NHK 2010 for each building, NONE where none fits.

    rows: with use, function, storeys_below; dwellings: (n,); touching: (n,) buildings that stand wall to wall with it.
    """
    told = rules("nhk2010")
    touching = np.zeros(len(rows), int) if touching is None else touching
    by_use = np.array([told["uses"].get(use, NONE) for use in rows["use"]], object)
    by_function = np.array([told["functions"].get(function, NONE) for function in rows["function"]], object)
    cellar = np.nan_to_num(rows.numbers("storeys_below")) >= 1
    house = np.select([touching >= 2, touching == 1, cellar], ["3.31", "2.31", "1.11"], "1.33")
    flats = np.select([dwellings > 20, dwellings > 6], ["4.3", "4.2"], "4.1")
    homes = np.where(dwellings > 2, flats, house)
    residential = np.array([use == "residential" for use in rows["use"]], bool)
    return np.where(by_function != NONE, by_function, np.where(residential, homes, by_use)).astype(str)


def rates(codes: np.ndarray, standard: float, other: float) -> np.ndarray:
    """(n, 3): EUR per m² of BGF at prices of 2010: at the standard (1 to 5), the least and the most of all standards.

    other: the rate where no type fits.
    """
    table = {code: _rate(code, standard) for code in _costs()}
    found = [table.get(code, (other, other, other)) for code in codes.tolist()]
    return np.array(found, float).reshape(-1, 3)


def title(code: str) -> Words:
    """ "NHK 4.2 Mehrfamilienhaus, 7 bis 20 Wohnungen"."""
    if code == NONE:
        return Words("ohne NHK-Typ", "no type of NHK")
    told = rules("nhk2010")["types"][code]
    return Words(f"NHK {code} {told['de']}", f"NHK {code} {told['en']}")


def source() -> Source:
    return source_of(rules("nhk2010")["source"])


def _rate(code: str, standard: float) -> tuple[float, float, float]:
    """Between two standards linear; where the annex begins at a higher one, that one holds below it."""
    costs = np.array(_costs()[code], float)
    known = np.flatnonzero(costs > 0)
    return float(np.interp(standard, known + 1, costs[known])), float(costs[known].min()), float(costs[known].max())


@cache
def _costs() -> dict[str, list[float]]:
    return {code: one["cost"] for code, one in rules("nhk2010")["types"].items()}
