"""The last sweeps over each place: after an edit only the strips behind what it raised or lowered are swept again."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

import numpy as np

from scenarios.shade.sweep import Box, Counts, Heights, changed_box, count_shade, recount, way_of

BUDGET = 300e6  # bytes of rasters and counts that are kept
OF_A_PLACE = 4  # states of one place: today and a few scenarios
WORTH = 0.5  # of a full run: an edit that costs more is swept in full


@dataclass
class _Swept:
    """One raster, and how many of the positions leave each cell in the shade."""

    heights: Heights
    counts: Counts

    @property
    def size(self) -> int:
        arrays = {id(one): one.nbytes for one in (*vars(self.heights).values(), *vars(self.counts).values())
                  if isinstance(one, np.ndarray)}  # fmt: skip
        return sum(arrays.values())


class Kept:
    """Sweeps by place and positions, the last asked for last. Several threads ask."""

    def __init__(self) -> None:
        self.places: OrderedDict[tuple, list[_Swept]] = OrderedDict()
        self.lock = Lock()
        self.again = self.full = 0  # how often strips alone were swept, and how often all of it

    def shade(
        self, place: tuple, heights: Heights, azimuths: np.ndarray, altitudes: np.ndarray, threads: int
    ) -> np.ndarray:
        """(rows, columns): how many positions leave each cell in the shade, as `count_shade` says to the last bit.

        place: what rasters of the same cells have in common: their box, and what casts shade.
        """
        key = (*place, heights.rows.shape, heights.cell, azimuths.tobytes(), altitudes.tobytes())
        with self.lock:
            known = list(self.places.get(key, ()))
        counts = self._from(known, heights, azimuths, altitudes)
        if counts is None:
            self.full += 1
            counts = count_shade(heights, azimuths, altitudes, threads)
        self._keep(key, _Swept(heights, counts))
        return counts.total()

    def _from(self, known: list[_Swept], after: Heights, azimuths: np.ndarray, altitudes: np.ndarray) -> Counts | None:
        """From the state that is least different; None where none is near enough."""
        found = [(_differing(one.heights, after), one) for one in known]
        for box, one in found:
            if box is None:
                return one.counts
        costs = [_cost(box, one.heights, after, azimuths, altitudes) for box, one in found if box is not None]
        if not costs or min(costs) > WORTH:
            return None
        self.again += 1
        box, nearest = found[int(np.argmin(costs))]
        assert box is not None
        return recount(nearest.counts.copy(), nearest.heights, after, box, azimuths, altitudes)

    def _keep(self, key: tuple, swept: _Swept) -> None:
        with self.lock:
            states = self.places.setdefault(key, [])
            others = [one for one in states if one.counts is not swept.counts]
            states[:] = [*others[1 - OF_A_PLACE :], swept]
            self.places.move_to_end(key)
            while self.places and sum(one.size for states in self.places.values() for one in states) > BUDGET:
                first = next(iter(self.places))
                self.places[first].pop(0)
                if not self.places[first]:
                    del self.places[first]


def _differing(before: Heights, after: Heights) -> Box | None:
    """Around all cells that cast or bear another shade."""
    boxes = [changed_box(before.rows, after.rows)]
    if before.onto_rows is not before.rows or after.onto_rows is not after.rows:
        boxes.append(changed_box(before.onto_rows, after.onto_rows))
    told = np.array([box for box in boxes if box is not None])
    if len(told) == 0:
        return None
    least, most = told.min(axis=0), told.max(axis=0)
    return int(least[0]), int(most[1]), int(least[2]), int(most[3])


def _cost(box: Box, before: Heights, after: Heights, azimuths: np.ndarray, altitudes: np.ndarray) -> float:
    """Cells of the strips, of the old raster and of the new, through those of a full run."""
    rows, columns = after.rows.shape
    rise = max(before.highest, after.highest) - min(before.lowest, after.lowest)
    swept = 0.0
    for azimuth, altitude in zip(azimuths.tolist(), altitudes.tolist(), strict=True):
        way = way_of(azimuth, altitude, after.cell)
        long, wide = (box[1] - box[0], box[3] - box[2])[:: -1 if way.turned else 1]
        reach = min(long + 2 * (rise / way.drop + 2), columns if way.turned else rows)
        swept += 2 * reach * min(wide + abs(way.drift) * long, rows if way.turned else columns)
    return swept / (rows * columns * len(azimuths))


KEPT = Kept()
