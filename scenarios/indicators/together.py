"""Questions across questions: "many people, in the shade, above a value", building by building."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import shapely

from scenarios.indicators.figures import Answer, Column
from scenarios.rows import Rows
from twin.feature import Words

# column -> its title and unit, the question it comes from, and how: a figure's parts, or a place's value
COLUMNS: dict[str, tuple[Column, str, str]] = {
    "people": (Column(Words("Menschen", "People"), "", 0), "areas", "parts"),
    "floor_area": (Column(Words("Geschossfläche", "Floor area"), "m²", 0), "areas", "parts"),
    "jobs": (Column(Words("Arbeitsplätze", "Jobs"), "", 0), "areas", "parts"),
    "far": (
        Column(Words("Menschen, denen Tägliches fehlt", "People who lack a daily need"), "", 0),
        "walking",
        "parts",
    ),
    "over": (Column(Words("Grundstück über einem Wert", "Plot above a value"), "", 0), "law", "plots"),
    "metres": (Column(Words("Abstandsfläche zu tief um", "Spacing short by"), "m", 2), "spacing", "places"),
    "after": (Column(Words("Sonne an der besten Wand", "Sun at the best wall"), "h", 1), "daylight", "places"),
    "lost": (Column(Words("Sonne verloren", "Sun lost"), "min", 0), "daylight", "places"),
    "power": (Column(Words("Solarstrom", "Solar power"), "kWh/a", 0), "solar", "places"),
    "cost": (Column(Words("Baukosten", "Cost of building"), "EUR", 0), "cost", "places"),
}


class Condition(NamedTuple):
    """At least and at most so much of a column; None where that end is open."""

    column: str
    least: float | None
    most: float | None


class Found(NamedTuple):
    """The buildings that meet all conditions. values: column -> (n,), NaN where a question says nothing of it."""

    rows: Rows
    values: dict[str, np.ndarray]


def meeting(rows: Rows, answers: Mapping[str, Answer], conditions: list[Condition]) -> Found:
    """rows: the area's buildings; answers: of the questions that the conditions need. What is not known meets none."""
    values = {name: _values(rows, answers[question], name, how) for name, (_, question, how) in COLUMNS.items()
              if question in answers}  # fmt: skip
    chosen = np.ones(len(rows), bool)
    for column, least, most in conditions:
        mine = values[column]
        with np.errstate(invalid="ignore"):
            chosen &= (mine >= (-np.inf if least is None else least)) & (mine <= (np.inf if most is None else most))
    return Found(rows.where(chosen), {name: each[chosen] for name, each in values.items()})


def needed(conditions: list[Condition]) -> list[str]:
    """The names of the questions that have to be asked."""
    return list(dict.fromkeys(COLUMNS[one.column][1] for one in conditions))


def _values(rows: Rows, answer: Answer, column: str, how: str) -> np.ndarray:
    if how == "plots":
        return _above(rows, answer)
    told: dict[str, float] = {}
    if how == "parts":
        parts = next((one.parts for one in answer.figures if one.name == column), None)
        told = dict(zip(parts.uids.tolist(), parts.values.tolist(), strict=True)) if parts else {}
    else:
        for place in answer.places:
            value = place.values.get(column)
            if value is not None:
                told[place.uid] = max(told.get(place.uid, value), value)
    return np.array([told.get(uid, np.nan) for uid in rows["uid"]], float)


def _above(rows: Rows, answer: Answer) -> np.ndarray:
    """1 where the building's middle lies on a plot that is above a value, 0 where on one that is not."""
    plots = [one for one in answer.places if one.layer == "parcels" and one.above is not None]
    found = np.full(len(rows), np.nan)
    if plots and len(rows):
        shapes: Any = np.array([one.shape for one in plots], object)
        which, plot = shapely.STRtree(shapes).query(shapely.centroid(rows.shapes), predicate="within")
        found[which] = [float(bool(plots[i].above)) for i in plot]
    return found
