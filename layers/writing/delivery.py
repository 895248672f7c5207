"""What is handed out: the planned features of some layers, in the city's metres, with what must be said of them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from sqlalchemy import BigInteger, Boolean, Column, Date, Double, Integer

from twin.errors import TwinError
from twin.feature import Feature, Source, Words

POINT, LINE, AREA = "Point", "LineString", "Polygon"
_DIMENSIONS = {POINT: 0, LINE: 1, AREA: 2}
KEPT = ("uid", "version", "estimated")  # columns beside the layer's fields
PLANNED = "planned"  # "new" or "changed", nothing where a thing stands as today
GUARDED = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would reckon with


class CannotHold(TwinError):
    """The format has no place for these layers, and the message says which one has."""


@dataclass
class Table:
    """One layer in one scenario. columns: name -> (n,) array of objects; shapes: (n,) shapely geometries."""

    layer: type[Feature]
    scenario: int
    columns: dict[str, np.ndarray]
    shapes: np.ndarray
    sources: list[Source] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.shapes)

    @property
    def name(self) -> str:
        return self.layer.__tablename__

    @cached_property
    def kinds(self) -> list[str]:
        """Which kinds of shapes there are, points first."""
        there = set(np.unique(shapely.get_dimensions(self.shapes)).tolist())
        return [kind for kind, dimension in _DIMENSIONS.items() if dimension in there]

    def of_kind(self, kind: str) -> "Table":
        return self.where(shapely.get_dimensions(self.shapes) == _DIMENSIONS[kind])

    def where(self, chosen: np.ndarray) -> "Table":
        columns = {name: values[chosen] for name, values in self.columns.items()}
        return Table(self.layer, self.scenario, columns, self.shapes[chosen], self.sources)

    def numbers(self, name: str) -> np.ndarray:
        """A column as float64, NaN where it is not known."""
        return np.array([np.nan if value is None else value for value in self.columns[name]], float)

    def fields(self) -> list[Column]:
        return [column for column in self.layer.fields() if not column.info.get("hidden")]


@dataclass
class Delivery:
    """title: of the scenario. ground: x, y in metres -> metres above sea level, NaN where unknown."""

    city: str
    epsg: int
    title: str
    scenario: int
    tables: list[Table]
    ground: Callable[[np.ndarray, np.ndarray], np.ndarray]
    language: str = "de"
    rows: Callable[[str], list[Any]] = lambda name: []  # of the timetable's tables

    def said(self, words: Words) -> str:
        return getattr(words, self.language)

    def table(self, name: str) -> Table | None:
        return next((one for one in self.tables if one.name == name and one.scenario == self.scenario), None)

    def name_of(self, table: Table, kind: str | None = None) -> str:
        """trees; facilities_polygon where there are points, too; today_trees beside a scenario's."""
        name = table.name if kind is None or len(table.kinds) == 1 else f"{table.name}_{kind.lower()}"
        return name if table.scenario == self.scenario else f"today_{name}"

    def needed(self, name: str, format: str) -> Table:
        """The layer without which a format is empty. Raises CannotHold."""
        found = self.table(name)
        if found is None or len(found) == 0:
            raise CannotHold(
                Words(
                    f"{format} braucht die Ebene „{name}“, und in diesem Ausschnitt hat sie nichts.",
                    f"{format} needs the layer “{name}”, which has nothing in this part.",
                )
            )
        return found


def kind_of(column: Column) -> str:
    """text, int, float, bool or date."""
    for name, types in {
        "bool": Boolean,
        "int": (Integer, BigInteger),
        "float": Double,
        "date": Date,
    }.items():
        if isinstance(column.type, types):  # type: ignore[arg-type]
            return name
    return "text"


def kinds_of(table: Table) -> dict[str, str]:
    """Of the columns that are handed out, in their order."""
    own = {column.name: kind_of(column) for column in table.fields()}
    return {"uid": "text", **own, "estimated": "text", "version": "int", PLANNED: "text"}


def guarded(value: Any) -> Any:
    """Text that a spreadsheet takes for text, whatever a file brought."""
    return f"'{value}" if isinstance(value, str) and value.startswith(GUARDED) else value


def licences(table: Table) -> list[str]:
    return sorted({source.licence for source in table.sources if source.licence})


def told_sources(table: Table) -> list[str]:
    """Kind and date of each source, without the path on the planner's machine."""
    parts = ((one.kind, one.delivered.isoformat() if one.delivered else "") for one in table.sources)
    return sorted({" ".join(filter(None, pair)) for pair in parts})
