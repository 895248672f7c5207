"""What may be written into a layer; each refusal is a sentence that says what to do instead."""

import datetime as dt
import math
from collections.abc import Callable
from functools import cache
from typing import Any, NoReturn

import numpy as np
import shapely
from sqlalchemy import BigInteger, Boolean, Column, Date, Double, Integer, LargeBinary, Text
from sqlalchemy.orm import Session

import layers
from layers.headways import read_calls, read_headways
from layers.storey_uses import read_storey_uses
from twin.city import city_of
from twin.errors import BadField, BadShape
from twin.feature import Feature, Words
from twin.projection import LONLAT, transformer

FAR = 50_000.0  # m from the city's middle
MOST_POINTS = 20_000
LONGEST = {"buildings": 1_500.0}  # m from end to end: the longest halls of the world stay below
LARGEST = 60_000.0  # m, of anything else
LEAST_AREA = 0.5  # m² of an outline
LONGEST_TEXT = 4_000  # letters
MOST_WHOLE, MOST_LARGE = 2**31 - 1, 2**53  # of a plain column, and of one with 64 bits: what JSON keeps exactly

# The least and the most that a number may be, by the field's name; all others are not below 0.
BETWEEN = {
    "base_height": (-500.0, 9_000.0),
    "slope_percent": (-100.0, 100.0),
    "storeys": (0, 250),
    "storeys_below": (0, 25),
    "height": (0.0, 1_000.0),
    "eaves_height": (0.0, 1_000.0),
    "storey_height": (1.8, 30.0),
    "roof_pitch": (0.0, 89.0),
    "year": (800, 2200),
    "speed": (0.0, 400.0),
    "width": (0.0, 5_000.0),
    "lanes": (0, 30),
    "sealed_percent": (0.0, 100.0),
    "crown": (0.0, 60.0),
    "trunk": (0.0, 4_000.0),
    "grz": (0.0, 1.0),
    "gfz": (0.0, 50.0),
    "bmz": (0.0, 500.0),
}
# Texts with a form of their own; the reader says what is wrong with them.
READ_BY: dict[tuple[str, str], Callable[[str], Any]] = {
    ("buildings", "storey_uses"): read_storey_uses,
    ("lines", "headways"): read_headways,
    ("lines", "calls"): read_calls,
}
_POLYGONS, _LINES, _POINTS = {"Polygon", "MultiPolygon"}, {"LineString", "MultiLineString"}, {"Point"}
_ANY = _POLYGONS | _LINES | _POINTS | {"MultiPoint"}


def middle_of(db: Session) -> tuple[float, float]:
    """Of the city, in its metres."""
    city = city_of(db)
    return _in_metres(city.srid, city.longitude, city.latitude)


def check_uid(uid: str) -> None:
    if not 1 <= len(uid) <= 200 or uid != uid.strip() or not uid.isprintable():
        _bad_field(
            "Eine Kennung hat 1 bis 200 druckbare Zeichen und keine Leerzeichen am Rand.",
            "An id has 1 to 200 printable characters and no spaces around it.",
        )


def checked_shape(layer: type[Feature], shape: Any, middle: tuple[float, float]) -> Any:
    """The shape, flat, as it may be stored. middle: of the city, in its metres."""
    points = shapely.get_num_coordinates(shape)
    if shape is None or points == 0:
        _bad_shape("Der Umriss ist leer. Bitte etwas zeichnen.", "The outline is empty. Please draw something.")
    if points > MOST_POINTS:
        _bad_shape(
            f"Der Umriss hat {points} Punkte, mehr als {MOST_POINTS}. Bitte vereinfachen oder teilen.",
            f"The outline has {points:,} points, more than {MOST_POINTS:,}. Please simplify or divide it.",
        )
    if not np.isfinite(shapely.get_coordinates(shape)).all():
        _bad_shape("Eine Koordinate ist keine Zahl.", "A coordinate is not a number. Please draw it anew.")
    shape = shapely.force_2d(shape)
    _check_kind(layer, shape)
    _check_size(layer, shape, middle)
    if not shapely.is_valid(shape):
        _bad_shape(
            "Der Umriss kreuzt sich selbst. Bitte so zeichnen, dass sich seine Seiten nicht schneiden.",
            "The outline crosses itself. Please redraw it so that its sides do not cross.",
        )
    if shape.geom_type in _POLYGONS and shape.area < LEAST_AREA:
        _bad_shape(
            f"Der Umriss ist kleiner als {LEAST_AREA} m². Bitte größer zeichnen.",
            f"The outline is smaller than {LEAST_AREA} m². Please draw it larger.",
        )
    return shape


@cache
def _in_metres(srid: int, longitude: float, latitude: float) -> tuple[float, float]:
    return transformer(LONLAT, srid).transform(longitude, latitude)


def _check_kind(layer: type[Feature], shape: Any) -> None:
    title = layer.title
    if layer.geometry == "POINT" and shape.geom_type not in _POINTS:
        _bad_shape(f"{title.de}: hier gehört ein Punkt hin.", f"{title.en}: this takes a point. Please set one.")
    if layer.outlined and shape.geom_type not in _POLYGONS:
        _bad_shape(
            f"{title.de}: hier gehört ein geschlossener Umriss hin (Polygon).",
            f"{title.en}: this takes a closed outline. Please draw a polygon.",
        )
    if layer.lined and shape.geom_type not in _LINES:
        _bad_shape(f"{title.de}: hier gehört eine Linie hin.", f"{title.en}: this takes a line. Please draw one.")
    if shape.geom_type not in _ANY:
        _bad_shape(
            "Punkte, Linien und Flächen gehören nicht in ein Ding. Bitte einzeln zeichnen.",
            "Points, lines and outlines do not go into one thing. Please draw them one by one.",
        )


def _check_size(layer: type[Feature], shape: Any, middle: tuple[float, float]) -> None:
    west, south, east, north = shape.bounds
    away = math.hypot((west + east) / 2 - middle[0], (south + north) / 2 - middle[1])
    if away > FAR:
        _bad_shape(
            f"Das liegt {away / 1000:.0f} km von der Stadt entfernt. Sind Länge und Breite vertauscht?",
            f"This lies {away / 1000:.0f} km from the city. Are longitude and latitude swapped?",
        )
    most = LONGEST.get(layer.__tablename__, LARGEST)
    across = max(east - west, north - south)
    if across > most:
        _bad_shape(
            f"Das ist {across:.0f} m lang, mehr als {most:.0f} m ({layer.title.de}). Bitte kleiner zeichnen.",
            f"This is {across:.0f} m long, more than {most:.0f} m ({layer.title.en}). Please draw it smaller.",
        )


def checked_fields(layer: type[Feature], fields: dict[str, Any], there: dict[str, Any]) -> dict[str, Any]:
    """The fields as the store takes them. there: what the feature says now: a value that stays is not questioned."""
    columns = {column.name: column for column in layer.__table__.columns if "hidden" in column.info}
    checked = {}
    for name, value in fields.items():
        if name not in columns:
            known = ", ".join(column.name for column in layer.fields())
            _bad_field(
                f"{layer.title.de} haben kein Feld „{name[:60]}“. Es gibt: {known}.",
                f"{layer.title.en} have no field “{name[:60]}”. There are: {known}.",
            )
        value = None if value == "" else value
        same = name in there and value == there[name] and type(value) is type(there[name])
        checked[name] = value if value is None or same else _checked(layer, columns[name], value)
    return checked


def _checked(layer: type[Feature], column: Any, value: Any) -> Any:
    codes = column.info.get("codes")
    if codes and not (isinstance(value, str) and value in codes):
        _unknown_code(column, value)
    kind = column.type
    if isinstance(kind, LargeBinary):
        return value if isinstance(value, bytes) else _wrong_type(column, "bytes", "bytes")
    if isinstance(kind, Text):
        text = _text(column, value)
        READ_BY.get((layer.__tablename__, column.name), str)(text or "")
        return text
    if isinstance(kind, Boolean):
        return value if isinstance(value, bool) else _wrong_type(column, "ja oder nein", "true or false")
    if isinstance(kind, Date):
        return _date(column, value)
    if isinstance(kind, Integer | BigInteger):
        return int(_within(layer, column, _whole(column, value)))
    if isinstance(kind, Double):
        return float(_within(layer, column, _number(column, value)))
    return _wrong_type(column, "nichts, was sich hier eintragen lässt", "nothing that can be entered here")


def _text(column: Column, value: Any) -> str | None:
    if not isinstance(value, str):
        _wrong_type(column, "ein Text", "a text")
    if len(value) > LONGEST_TEXT and not column.info.get("hidden"):
        _bad_field(
            f"{_title(column).de}: höchstens {LONGEST_TEXT} Zeichen.",
            f"{_title(column).en}: at most {LONGEST_TEXT} characters. Please shorten it.",
        )
    return value.replace("\x00", "").strip() or None


def _whole(column: Column, value: Any) -> float:
    number = _number(column, value)
    most = MOST_LARGE if isinstance(column.type, BigInteger) else MOST_WHOLE
    if number != int(number) or abs(number) > most:
        _wrong_type(column, "eine ganze Zahl", "a whole number")
    return number


def _number(column: Column, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        _wrong_type(column, "eine Zahl", "a number")
    return value


def _date(column: Column, value: Any) -> dt.date:
    try:
        return value if isinstance(value, dt.date) else dt.date.fromisoformat(value)
    except (TypeError, ValueError):
        return _wrong_type(column, "ein Datum wie 2026-03-21", "a date such as 2026-03-21")


def _within(layer: type[Feature], column: Column, value: float) -> float:
    if layer.__tablename__ not in layers.BY_NAME:
        return value  # a town's own columns may be anything
    least, most = BETWEEN.get(column.name, (0, math.inf))
    if not least <= value <= most:
        title, unit = _title(column), column.info.get("unit", "")
        limits = Words(f"mindestens {least:g}", f"at least {least:g}")
        if most < math.inf:
            limits = Words(f"{least:g} bis {most:g} {unit}".strip(), f"{least:g} to {most:g} {unit}".strip())
        _bad_field(
            f"{title.de}: {value:g} geht nicht. Erlaubt: {limits.de}.",
            f"{title.en}: {value:g} cannot be. Allowed: {limits.en}.",
        )
    return value


def _unknown_code(column: Column, value: Any) -> NoReturn:
    codes = list(column.info["codes"])
    some = ", ".join(codes[:30]) + (" …" if len(codes) > 30 else "")
    _bad_field(
        f"{_title(column).de}: „{str(value)[:60]}“ steht nicht in der Werteliste. Es gibt: {some}.",
        f"{_title(column).en}: “{str(value)[:60]}” is not in the list of values. There are: {some}.",
    )


def _wrong_type(column: Column, wanted_de: str, wanted_en: str) -> NoReturn:
    title = _title(column)
    _bad_field(f"{title.de}: hier gehört {wanted_de} hin.", f"{title.en}: this takes {wanted_en}.")


def _title(column: Column) -> Words:
    return column.info.get("title") or Words(column.name, column.name)


def _bad_field(de: str, en: str) -> NoReturn:
    raise BadField(Words(de, en))


def _bad_shape(de: str, en: str) -> NoReturn:
    raise BadShape(Words(de, en))
