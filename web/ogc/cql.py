"""CQL2, text or JSON (OGC 21-065r2): what is asked for becomes a condition that the store understands."""

import datetime as dt
import math
from collections.abc import Callable
from typing import Any

import orjson
import shapely
from cql2 import Expr
from pyproj import CRS
from sqlalchemy import Column as Field
from sqlalchemy import ColumnElement, Date, and_, cast, false, func, literal, not_, or_, true

from scenarios.planned import planned
from scenarios.rows import in_window
from twin.feature import Feature
from twin.projection import LONLAT, transform
from twin.shape import Shape
from web import ogc_words
from web.asked import city, db
from web.edit_words import filled
from web.errors import BadQuestion
from web.filters import kind_of, shown_fields

LONGEST, DEEPEST, MOST = 8_000, 40, 500  # letters; brackets within brackets; parts of a condition
FORMS = ("cql2-text", "cql2-json")
COMPARED: dict[str, Callable[[Any, Any], Any]] = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
RECKONED: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / func.nullif(b, 0.0),
}
RELATED = {
    "s_intersects": "ST_Intersects",
    "s_within": "ST_Within",
    "s_contains": "ST_Contains",
    "s_disjoint": "ST_Disjoint",
    "s_equals": "ST_Equals",
    "s_touches": "ST_Touches",
    "s_crosses": "ST_Crosses",
    "s_overlaps": "ST_Overlaps",
}
APART = ("s_disjoint",)  # these may lie outside of the asked shape's window
TIMED = {"t_after": ">", "t_before": "<", "t_equals": "=", "t_disjoint": "<>"}
SHAPE = "geometry"


def condition(layer: type[Feature], told: str, form: str, crs: CRS) -> ColumnElement[bool]:
    """crs: of the shapes in it. Raises BadQuestion, for whatever cannot be understood."""
    if len(told) > LONGEST or depth_of(told) > DEEPEST:
        raise BadQuestion(filled(ogc_words.CQL_TOO_DEEP, most=LONGEST, deepest=DEEPEST))
    try:
        tree = orjson.loads(told) if form == "cql2-json" else Expr(told).to_json()
        if form == "cql2-json":
            tree = Expr(tree).to_json()  # checked by its schema
    except Exception as error:  # its parser knows no narrower one
        why = " ".join(str(error).split())[:200].rstrip(".")
        raise BadQuestion(filled(ogc_words.CQL_UNREAD, why=why or type(error).__name__)) from error
    if levels_of(tree) > DEEPEST:
        raise BadQuestion(filled(ogc_words.CQL_TOO_DEEP, most=LONGEST, deepest=DEEPEST))
    return _Reader(layer, crs).logical(tree)


def depth_of(told: str) -> int:
    """Brackets of whatever kind within brackets."""
    deepest = depth = 0
    for letter in told:
        depth += (letter in "([{") - (letter in ")]}")
        deepest = max(deepest, depth)
    return deepest


def levels_of(tree: Any) -> int:
    """Operations within operations."""
    deepest, rest = 0, [(tree, 0)]
    while rest:
        one, level = rest.pop()
        deepest = max(deepest, level)
        if isinstance(one, dict):
            rest += [(inner, level + 1) for inner in one.values()]
        elif isinstance(one, list):
            rest += [(inner, level) for inner in one]
    return deepest


def refuse(why_de: str, why_en: str) -> BadQuestion:
    return BadQuestion(filled(ogc_words.CQL_CANNOT, de=why_de, en=why_en))


class _Reader:
    """Walks the tree once; parts: how many it has met."""

    def __init__(self, layer: type[Feature], crs: CRS) -> None:
        self.layer, self.crs, self.parts = layer, crs, 0
        self.view = planned(layer)
        self.columns: dict[str, Field] = {column.name: column for column in shown_fields(layer)}

    def logical(self, tree: Any) -> ColumnElement[bool]:
        self._count()
        if isinstance(tree, bool):
            return true() if tree else false()
        op, args = self._operation(tree)
        if op in ("and", "or"):
            parts = [self.logical(one) for one in args]
            return and_(*parts) if op == "and" else or_(*parts)
        if op == "not":
            return not_(self.logical(*args))
        if op in RELATED:
            return self._related(op, *args)
        if op == "isNull":
            return self._value(args[0])[0].is_(None)
        if op in TIMED:
            return self._compared(TIMED[op], *args)
        if op in COMPARED:
            return self._compared(op, *args)
        if op in ("between", "in", "like"):
            return getattr(self, f"_{op}")(*args)
        raise refuse(f"„{op}“ gibt es hier nicht", f"there is no “{op}” here")

    def _compared(self, op: str, one: Any, other: Any) -> ColumnElement[bool]:
        left, kind = self._value(one)
        right, other_kind = self._value(other)
        self._check_alike(kind, other_kind)
        return COMPARED[op](left, right)

    def _between(self, value: Any, least: Any, most: Any) -> ColumnElement[bool]:
        return and_(self._compared(">=", value, least), self._compared("<=", value, most))

    def _in(self, value: Any, listed: list[Any]) -> ColumnElement[bool]:
        return or_(false(), *(self._compared("=", value, one) for one in listed))

    def _like(self, value: Any, pattern: Any) -> ColumnElement[bool]:
        text, kind = self._value(value)
        wanted, _ = self._value(pattern)
        self._check_alike(kind, "text")
        return text.like(wanted, escape="\\")

    def _related(self, op: str, one: Any, other: Any) -> ColumnElement[bool]:
        """One side is the feature's own shape, the other one is told."""
        flipped = not self._is_shape(one)
        if flipped == (not self._is_shape(other)):
            raise refuse(
                "ein räumlicher Vergleich nennt „geometry“ und eine Form", "a spatial test names “geometry” and a shape"
            )
        shape = self._shape(one if flipped else other)
        own = self.view.c.geom
        told = literal(shape, Shape())
        related = getattr(func, RELATED[op])(told, own) if flipped else getattr(func, RELATED[op])(own, told)
        if op in APART:
            return related
        self.parts += 1
        return and_(in_window(db(), self.layer, shape.bounds, f"_{self.parts}"), related)

    def _value(self, tree: Any) -> tuple[Any, str]:
        """(what SQL takes, its kind: text, number, date or choice)."""
        self._count()
        if isinstance(tree, bool):
            return literal(tree), "choice"
        if isinstance(tree, int | float):
            if not math.isfinite(tree) or abs(tree) > 1e15:
                raise refuse("eine Zahl ist zu groß", "a number is too large")
            return literal(float(tree)), "number"
        if isinstance(tree, str):
            return literal(tree), "text"
        if isinstance(tree, dict) and "property" in tree:
            return self._property(tree["property"])
        if isinstance(tree, dict) and ("date" in tree or "timestamp" in tree):
            return self._day(tree.get("date") or tree["timestamp"])
        op, args = self._operation(tree)
        if op in RECKONED and len(args) == 2:
            values = [self._value(one) for one in args]
            for _, kind in values:
                self._check_alike(kind, "number")
            return RECKONED[op](values[0][0], values[1][0]), "number"
        if op == "casei" and len(args) == 1:
            text, kind = self._value(args[0])
            self._check_alike(kind, "text")
            return func.lower(text), "text"
        raise refuse(f"„{op}“ gibt es hier nicht", f"there is no “{op}” here")

    def _property(self, name: Any) -> tuple[Any, str]:
        if name in ("uid", "id"):
            return self.view.c.uid, "text"
        if name not in self.columns:
            known = ", ".join(self.columns)
            raise refuse(f"das Feld „{str(name)[:60]}“ gibt es nicht, es gibt {known}",
                         f"there is no field “{str(name)[:60]}”, there are {known}")  # fmt: skip
        kind = kind_of(self.columns[name])
        return self.view.c[name], "text" if kind == "codes" else kind

    def _day(self, told: Any) -> tuple[Any, str]:
        try:
            return cast(literal(dt.date.fromisoformat(str(told)[:10])), Date), "date"
        except ValueError:
            raise refuse(f"„{str(told)[:40]}“ ist kein Tag", f"“{str(told)[:40]}” is no day") from None

    def _shape(self, tree: Any) -> Any:
        """In the city's metres."""
        if isinstance(tree, dict) and "bbox" in tree:
            numbers = [float(one) for one in tree["bbox"]]
            half = len(numbers) // 2
            shape = shapely.box(*numbers[:2], *numbers[half : half + 2])
        else:
            try:
                shape = shapely.from_geojson(orjson.dumps(tree))
            except (shapely.errors.ShapelyError, TypeError):
                raise refuse("eine Form ist nicht lesbar", "a shape cannot be read") from None
        shape = shapely.force_2d(shape)
        if shape.is_empty or not shape.is_valid:
            raise refuse("eine Form ist leer oder kreuzt sich selbst", "a shape is empty or crosses itself")
        if self.crs.axis_info[0].direction == "north" and self.crs != LONLAT:
            shape = shapely.transform(shape, lambda xy: xy[:, ::-1])
        moved = transform(shape, self.crs, CRS(city().srid))
        if not all(map(math.isfinite, moved.bounds)):
            raise refuse("eine Form liegt nicht auf der Erde", "a shape does not lie on earth")
        return moved

    def _is_shape(self, tree: Any) -> bool:
        return isinstance(tree, dict) and tree.get("property") in (SHAPE, "geom")

    def _operation(self, tree: Any) -> tuple[str, list[Any]]:
        if not isinstance(tree, dict) or "op" not in tree:
            raise refuse("hier gehört ein Vergleich hin", "this takes a comparison")
        return str(tree["op"])[:40], list(tree.get("args", []))

    def _check_alike(self, kind: str, other: str) -> None:
        if kind != other:
            names = {"text": ("Text", "text"), "number": ("Zahl", "number"), "date": ("Datum", "date"),
                     "choice": ("ja oder nein", "yes or no")}  # fmt: skip
            (one_de, one_en), (two_de, two_en) = names[kind], names[other]
            raise refuse(
                f"{one_de} lässt sich nicht mit {two_de} vergleichen", f"{one_en} cannot be compared with {two_en}"
            )

    def _count(self) -> None:
        self.parts += 1
        if self.parts > MOST:
            raise BadQuestion(filled(ogc_words.CQL_TOO_DEEP, most=LONGEST, deepest=DEEPEST))
