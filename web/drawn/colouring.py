"""Classes of a field's values, each with a colour: numbers in five, dates by decade, codes by their kind."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field as made
from typing import Any

import numpy as np

from twin.feature import Feature

RGB = list[int]

# After ColorBrewer's YlGnBu, lighter at its dark end, and Paul Tol's muted scheme: the colour-blind tell both apart.
RAMP: list[RGB] = [[251, 243, 196], [190, 226, 190], [115, 196, 196], [66, 148, 192], [48, 88, 152]]
KINDS: list[RGB] = [
    [136, 204, 238], [204, 102, 119], [221, 204, 119], [17, 119, 51], [51, 34, 136], [170, 68, 153],
    [68, 170, 153], [153, 153, 51], [136, 34, 85],
]  # fmt: skip
OTHERS: RGB = [176, 172, 164]
UNKNOWN: RGB = [226, 222, 214]
DECADES = 7  # that have a class of their own; what is older is one class
UNKNOWN_CLASS = 255
SCALES = ("quantile", "equal")


@dataclass
class Colouring:
    """kind: "numbers", "values" (few numbers, each a class), "decades" or "codes". breaks: the classes' upper bounds.

    colors: one for each class; counts: the same, and how many are not known.
    """

    layer: type[Feature]
    field: str
    kind: str
    breaks: list[float] = made(default_factory=list)
    values: list[Any] = made(default_factory=list)  # of codes: the most frequent first
    has_others: bool = False
    colors: list[RGB] = made(default_factory=list)
    counts: list[int] = made(default_factory=list)
    unknown: int = 0
    span: tuple[float, float] = (0.0, 0.0)

    def class_of(self, values: Sequence[Any] | np.ndarray) -> np.ndarray:
        """(n,) uint8: the class of each value."""
        if self.kind == "codes":
            place = {value: i for i, value in enumerate(self.values)}
            return np.array(
                [UNKNOWN_CLASS if _missing(value) else place.get(value, len(place)) for value in values], np.uint8
            )
        numbers = as_numbers(values)
        found = np.searchsorted(np.array(self.breaks), numbers, side="right")
        return np.where(np.isnan(numbers), UNKNOWN_CLASS, found).astype(np.uint8)


def coloured(layer: type[Feature], name: str, values: Sequence[Any], scale: str) -> Colouring:
    """The classes of all values that a field has."""
    known = [value for value in values if not _missing(value)]
    column = layer.__table__.columns[name]
    if (known and isinstance(known[0], dt.date)) or name == "year":
        found = _decades(layer, name, as_numbers(known))
    elif known and isinstance(known[0], int | float) and not isinstance(known[0], bool) and not column.info["codes"]:
        found = _numbers(layer, name, as_numbers(known), scale)
    else:
        found = _codes(layer, name, known)
    counted = np.bincount(found.class_of(known), minlength=len(found.colors)) if known else np.zeros(0, int)
    found.counts = counted[: len(found.colors)].tolist()
    found.unknown = len(values) - len(known)
    return found


def as_numbers(values: Sequence[Any] | np.ndarray) -> np.ndarray:
    """(n,) float64, dates as years, NaN where it is not known."""
    return np.array(
        [np.nan if _missing(value) else float(value.year if isinstance(value, dt.date) else value) for value in values],
        float,
    )


def _numbers(layer: type[Feature], name: str, known: np.ndarray, scale: str) -> Colouring:
    distinct = np.unique(known)
    if len(distinct) <= len(RAMP):
        span = (float(distinct[0]), float(distinct[-1]))
        breaks = distinct[1:].tolist()
        return Colouring(layer, name, "values", breaks=breaks, colors=ramp(len(distinct)), span=span)
    return _ranges(layer, name, known, scale)


def _ranges(layer: type[Feature], name: str, known: np.ndarray, scale: str) -> Colouring:
    """As many in each class, or classes of equal width between the 2nd and 98th percentile, which outliers spare."""
    parts = np.linspace(0, 1, len(RAMP) + 1)[1:-1]
    if scale == "equal":
        low, high = np.percentile(known, [2, 98])
        breaks = low + parts * (high - low)
    else:
        breaks = np.quantile(known, parts)
    if known.min() < known.max() and not (breaks > known.min()).any():
        breaks = known.min() + parts * np.ptp(known)  # most have the same value
    breaks = np.unique([round(float(value), _digits(known)) for value in breaks])
    breaks = breaks[(breaks > known.min()) & (breaks <= known.max())]
    colors = ramp(len(breaks) + 1)
    span = (float(known.min()), float(known.max()))
    return Colouring(layer, name, "numbers", breaks=breaks.tolist(), colors=colors, span=span)


def _decades(layer: type[Feature], name: str, known: np.ndarray) -> Colouring:
    first = known.min() // 10 * 10 if len(known) else 2000.0
    last = known.max() // 10 * 10 if len(known) else 2000.0
    first = max(first, last - 10 * (DECADES - 1))
    breaks = [float(year) for year in np.arange(first, last + 10, 10)]
    if len(known) and known.min() >= first:
        breaks = breaks[1:]
    span = (float(known.min()), float(known.max())) if len(known) else (first, last)
    return Colouring(layer, name, "decades", breaks=breaks, colors=ramp(len(breaks) + 1), span=span)


def _codes(layer: type[Feature], name: str, known: list[Any]) -> Colouring:
    frequent = [value for value, _ in Counter(known).most_common()]
    values, rest = frequent[: len(KINDS)], frequent[len(KINDS) :]
    colors = KINDS[: len(values)] + ([OTHERS] if rest else [])
    return Colouring(layer, name, "codes", values=values, has_others=bool(rest), colors=colors)


def ramp(count: int) -> list[RGB]:
    """So many colours from pale to dark."""
    at = np.linspace(0, len(RAMP) - 1, count) if count > 1 else np.array([2.0])
    return (
        np.column_stack([np.interp(at, range(len(RAMP)), part) for part in zip(*RAMP, strict=True)])
        .astype(int)
        .tolist()
    )


def _digits(known: np.ndarray) -> int:
    """So many that the classes stay apart: whole numbers stay whole."""
    if (known == np.rint(known)).all():
        return 0
    spread = float(np.ptp(known))
    return 1 if spread >= 5 else 3


def _missing(value: Any) -> bool:
    return value is None or value == "" or (isinstance(value, float) and np.isnan(value))
