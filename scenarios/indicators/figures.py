"""What an indicator answers with: figures with unit, source and calculation, places with values, shapes to draw."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from scenarios.rules import Source
from twin.feature import Words

TOLD_CAUSES = 5  # features that are named as the cause of a difference
PLAN, ORIENTATION = "plan", "orientation"  # what a limit is: binding, or only what section 17 BauNVO points to


class Parts(NamedTuple):
    """What a figure is the sum of. layer: its name; uids, titles: (n,) str; values: (n,) in the figure's unit."""

    layer: str
    uids: np.ndarray
    values: np.ndarray


@dataclass(frozen=True)
class Figure:
    """One number of an answer. value: None where it is refused, and `refused` says what is missing and the remedy."""

    name: str
    title: Words
    unit: str
    value: float | None
    digits: int = 0
    low: float | None = None  # a range, where the figure is one
    high: float | None = None
    limit: float | None = None  # not more than this; limit_kind: PLAN or ORIENTATION
    limit_kind: str = ""
    by_hand: Words | None = None  # the calculation, in the numbers of this place
    sources: tuple[Source, ...] = ()
    assumed: tuple[str, ...] = ()  # names of assumptions
    estimated: Words | None = None  # which inputs were estimated
    refused: Words | None = None
    parts: Parts | None = None

    @property
    def above(self) -> bool | None:
        """Is it above its limit? None where there is none."""
        if self.value is None or self.limit is None:
            return None
        return round(self.value, 4) > round(self.limit, 4)


class Column(NamedTuple):
    title: Words
    unit: str = ""
    digits: int = 2


@dataclass(frozen=True)
class Place:
    """One line of an answer's table: a plot, a zone, a facade, an overlap. key: the same place in another scenario."""

    key: str
    layer: str
    uid: str
    title: Words
    values: dict[str, float | None]
    told: Words | None = None  # a sentence: what is above what, by which paragraph
    above: bool | None = None
    shape: Any | None = None  # in the city's metres, for the plan


class Drawn(NamedTuple):
    """Shapes that the plan of an answer shows. kind: a name of a style: "area", "overlap", "crossing", "envelope".

    heights: (n,) metres, where they stand up. Shapes with heights of their own (metres above sea level) are faces of
    walls and roofs, for the 3D city alone. classes: (n,) which colour of the scale of hours each one has.
    """

    kind: str
    shapes: np.ndarray
    heights: np.ndarray | None = None
    classes: np.ndarray | None = None


class Grid(NamedTuple):
    """values: (rows, columns) float32, north up, NaN where unknown; bounds: metres; unit, most, step: for the legend.

    step: so much of the unit that one colour stands for.
    """

    values: np.ndarray
    bounds: tuple[float, float, float, float]
    cell: float
    unit: str
    most: float
    step: float = 2.0


class Cause(NamedTuple):
    """Part of a difference: how many features are new, changed or gone, and by how much that moves the figure.

    value: None where the figure is not a sum of features, and it is only known what the scenario touches.
    """

    kind: str
    features: int
    value: float | None
    named: list[tuple[str, str, float | None]]  # layer, uid and value of the largest


@dataclass(frozen=True)
class Answer:
    figures: list[Figure]
    places: list[Place] = field(default_factory=list)
    columns: dict[str, Column] = field(default_factory=dict)  # of the places' values
    drawn: list[Drawn] = field(default_factory=list)
    grid: Grid | None = None
    notes: tuple[Words, ...] = ()  # marks that hold for the whole answer: an outdated rule, a coarse terrain
    touched: tuple[Cause, ...] = ()  # what the scenario makes, changes and clears of what was read


@dataclass(frozen=True)
class Indicator:
    """One question. reads: layer -> columns; margin: metres around the area; answer: a pure function of what is given.

    headline: figures of the overview; slow: not computed before somebody asks for it; most: buildings up to which it
    is answered, 0 for any number.
    """

    name: str
    place: int  # in the order of the page
    title: Words
    question: Words
    method: Words
    limits: Words  # where it must not be used
    sources: tuple[Source, ...]
    reads: dict[str, tuple[str, ...]]
    answer: Callable[[Any], Answer]
    headline: tuple[str, ...]  # the figures that the overview shows
    margin: float = 0.0
    slow: bool = False
    most: int = 0


def causes(before: Figure | None, after: Figure, touched: tuple[Cause, ...] = ()) -> list[Cause]:
    """What made the figure another one, largest first. touched: told where it is not a sum of features."""
    if before is None:
        return []
    if after.parts is None:
        known = before.value is not None and after.value is not None
        return list(touched) if known and round((after.value or 0) - (before.value or 0), after.digits) else []
    old = dict(zip(before.parts.uids.tolist(), before.parts.values.tolist(), strict=True)) if before.parts else {}
    new = dict(zip(after.parts.uids.tolist(), after.parts.values.tolist(), strict=True))
    moved: dict[str, list[tuple[str, str, float | None]]] = {"new": [], "changed": [], "gone": []}
    for uid in {**old, **new}:
        by = new.get(uid, 0.0) - old.get(uid, 0.0)
        if abs(by) > 1e-9:
            kind = "new" if uid not in old else "gone" if uid not in new else "changed"
            moved[kind].append((after.parts.layer, uid, by))
    found = [_cause(kind, ones) for kind, ones in moved.items()]
    told = [one for one in found if round(one.value or 0.0, after.digits)]
    return sorted(told, key=lambda cause: -abs(cause.value or 0.0))


def _cause(kind: str, ones: list[tuple[str, str, float | None]]) -> Cause:
    value = sum(by or 0.0 for _, _, by in ones)
    return Cause(kind, len(ones), value, sorted(ones, key=lambda one: -abs(one[2] or 0.0))[:TOLD_CAUSES])


def number(value: float, digits: int = 0) -> Words:
    """1.234,5 and 1,234.5."""
    english = f"{value + 0.0:,.{digits}f}"
    return Words(english.translate(str.maketrans(",.", ".,")), english)


def sentence(de: str, en: str, **numbers: tuple[float, int] | str | Words) -> Words:
    """A sentence in both languages with numbers in each one's own writing: {area} and area=(1234.5, 1)."""
    told = {
        name: number(*one) if isinstance(one, tuple) and not isinstance(one, Words) else one
        for name, one in numbers.items()
    }
    return Words(
        de.format(**{name: getattr(one, "de", one) for name, one in told.items()}),
        en.format(**{name: getattr(one, "en", one) for name, one in told.items()}),
    )


def some_estimated(what_de: str, what_en: str, count: int, of: int) -> Words | None:
    """ "Höhe bei 3 von 12 Gebäuden geschätzt"; None where nothing is."""
    if not count:
        return None
    return Words(f"{what_de} bei {count} von {of} geschätzt", f"{what_en} estimated for {count} of {of}")


def joined(pieces: Iterable[Words]) -> Words:
    both = list(pieces)
    return Words("; ".join(one.de for one in both), "; ".join(one.en for one in both))
