"""The form of any layer: its controls from the layer's own fields, and what was entered, read and checked."""

import datetime as dt
import json
import math
from collections.abc import Mapping
from typing import Any

import shapely
from sqlalchemy import Boolean, Column, Date, Double, Integer
from sqlalchemy.orm import Session

from layers.buildings import Building
from scenarios.checks import checked_shape
from scenarios.forms import lowest_ground
from scenarios.forms.asked import build_asked
from scenarios.forms.asked import form_of as usual_form
from scenarios.outlines import Measures, measured, rectangle, remeasured
from twin.city import City
from twin.errors import BadField, BadShape
from twin.feature import Feature, Words
from twin.projection import to_metres
from web.language import said
from web.planner_words import PLANNER

LARGEST = 5000.0  # metres
FIRST_OF_ALL = (
    "storeys", "storey_height", "roof_type", "roof_pitch", "use", "storey_uses", "condition", "dwellings", "name",
)  # fmt: skip
FORMED_BY = ("storeys", "storey_height", "roof_type", "roof_pitch")
NEW: dict[type[Feature], dict[str, Any]] = {
    Building: {"storeys": 3, "storey_height": 3.0, "roof_type": "1000", "use": "residential"}
}
SIZES = {"width": 20.0, "depth": 12.0, "angle": 0.0}  # of something new, until somebody says otherwise
TITLES = {"east": "easting", "north": "north-value"}  # of measures, where their name is no word of the page
LEAST = {"storeys": 1, "storey_height": 1.8}


def form_of(layer: type[Feature], row: Mapping[str, Any] | None, city: City, sent: Mapping | None) -> dict[str, Any]:
    """What the template needs. row: the feature, None for a new one. sent: what was entered and refused."""
    columns = [column for column in layer.fields() if not column.info.get("hidden")]
    columns.sort(key=lambda column: FIRST_OF_ALL.index(column.name) if column.name in FIRST_OF_ALL else 99)
    given = row or NEW.get(layer, {})
    shape = row["geom"] if row else None
    usual = usual_form(row) if row and layer is Building else {}
    return {
        "controls": [
            {**_control(column, _text(given.get(column.name)), sent), "usual": usual.get(column.name, "")}
            for column in columns
        ],
        "measures": _measures(shape, layer, sent),
        "outline": (sent or {}).get("outline", ""),
        "outline_now": shapely.to_wkt(shape, rounding_precision=2) if shape is not None else "",
        "crs": f"EPSG:{city.srid}",
        "seen": row["version"] if row else None,
    }


def entered(layer: type[Feature], form: Mapping[str, str], row: Mapping[str, Any] | None) -> dict[str, Any]:
    """The fields that are other than they were. Raises BadField."""
    found = {}
    for column in layer.fields():
        if column.info.get("hidden") or column.name not in form:
            continue
        value = read(column, form[column.name].strip())
        if row is None or value != row[column.name]:
            found[column.name] = value
    return {name: value for name, value in found.items() if row is not None or value is not None}


def shape_entered(layer: type[Feature], form: Mapping[str, str], city: City, now: Any | None) -> Any | None:
    """The shape as entered, None where it stays as it is. Raises BadShape."""
    if form.get("outline", "").strip():
        return _outline(form["outline"].strip(), city)
    names = [name for name in Measures._fields if form.get(name, "").strip()]
    if now is None:
        return _new_shape(layer, form, names)
    before = _rounded(measured(now))
    wanted = before._replace(**{name: _number(name, form[name]) for name in names})
    if wanted == before:
        return None
    exact = measured(now)
    return remeasured(now, _checked(wanted._replace(
        **{name: getattr(exact, name) for name in Measures._fields if getattr(wanted, name) == getattr(before, name)}
    ), now.area > 0))  # fmt: skip


def formed(db: Session, layer: type[Feature], fields: dict[str, Any], shape: Any | None, row: Mapping | None) -> dict:
    """The fields with walls, roof and heights that follow from them. row: the building as it stands, if it does."""
    is_new_form = row is None or any(name in fields for name in FORMED_BY) or is_rebuilt(shape, row["geom"])
    footprint = shape if shape is not None or row is None else row["geom"]
    if layer is not Building or not is_new_form or footprint is None:
        return fields
    before = row or {}
    asked = usual_form({**before, "storey_height": usual_form(before).get("storey_height"), **fields})
    checked = checked_shape(layer, footprint, footprint.centroid.coords[0])
    return {**fields, **build_asked(asked, checked, lowest_ground(db, checked)).fields()}


def is_rebuilt(shape: Any | None, before: Any) -> bool:
    """Has the outline another size? What is only moved or turned keeps its walls and its roof."""
    return shape is not None and abs(shape.area - before.area) > 0.001 * max(shape.area, 1.0)


def read(column: Column, text: str) -> Any:
    """A field's value as the form sends it; None where nothing was entered."""
    if text == "":
        return None
    kind = column.type
    if isinstance(kind, Boolean):
        return text == "true"
    if isinstance(kind, Date):
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            raise BadField(_filled("bad-date", value=text[:40], title=column.info["title"])) from None
    if isinstance(kind, Integer | Double):
        number = _number(column.info["title"], text)
        return int(number) if isinstance(kind, Integer) and number == int(number) else number
    return text


def kind_of(column: Column) -> str:
    if column.info.get("codes"):
        return "code"
    kinds = ((Boolean, "yes-no"), (Date, "date"), (Integer, "whole"), (Double, "number"))
    return next((name for kind, name in kinds if isinstance(column.type, kind)), "text")


def _control(column: Column, value: str, sent: Mapping | None) -> dict[str, Any]:
    codes = column.info.get("codes") or {}
    value = (sent or {}).get(column.name, value)
    if value and codes and value not in codes:
        codes = {**codes, value: Words(value, value)}
    return {
        "name": column.name,
        "title": said(column.info["title"]),
        "unit": column.info["unit"],
        "kind": kind_of(column),
        "value": value,
        "codes": [(code, said(title)) for code, title in codes.items()],
        "least": LEAST.get(column.name, ""),
        "first": column.name in FIRST_OF_ALL,
    }


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.3f}".rstrip("0").rstrip(".")
    return str(value)


def _measures(shape: Any | None, layer: type[Feature], sent: Mapping | None) -> dict[str, str]:
    """As text, to be entered. A point and a line have no width and no depth of their own."""
    is_area = shape.area > 0 if shape is not None else layer.geometry != "POINT"
    now = _rounded(measured(shape))._asdict() if shape is not None else SIZES
    names = Measures._fields if is_area else Measures._fields[:2]
    return {name: (sent or {}).get(name, _text(now.get(name))) for name in names}


def _rounded(now: Measures) -> Measures:
    return Measures(*(round(value, 2) for value in now))


def _new_shape(layer: type[Feature], form: Mapping[str, str], names: list[str]) -> Any:
    if not {"east", "north"} <= set(names):
        raise BadShape(PLANNER["place-missing"])
    wanted = Measures(**{**SIZES, **{name: _number(name, form[name]) for name in names}})
    if layer.geometry == "POINT" or not {"width", "depth"} <= set(names):
        return shapely.Point(wanted.east, wanted.north)
    return rectangle(_checked(wanted, True))


def _checked(wanted: Measures, is_area: bool) -> Measures:
    if is_area and not (0 < wanted.width <= LARGEST and 0 < wanted.depth <= LARGEST):
        raise BadShape(PLANNER["size-missing"])
    return wanted


def _number(title: str | Words, text: str) -> float:
    try:
        number = float(text.strip().replace(",", ".") if text.count(",") == 1 and "." not in text else text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        names = title if isinstance(title, Words) else PLANNER[TITLES.get(title, title)]
        raise BadField(_filled("bad-number", value=text[:40], title=names))
    return number


def _outline(text: str, city: City) -> Any:
    """WKT in the city's metres, or GeoJSON, bare or as a feature, in degrees."""
    try:
        if not text.startswith("{"):
            return shapely.from_wkt(text)
        given = json.loads(text)
        geometry = given["geometry"] if given.get("type") == "Feature" else given
        return to_metres(shapely.from_geojson(json.dumps(geometry)), city.srid)
    except (shapely.errors.GEOSException, ValueError, KeyError, TypeError, AttributeError):
        raise BadShape(PLANNER["bad-outline"]) from None


def _filled(key: str, **named: Any) -> Words:
    """A sentence in both languages with what was entered in it."""
    both = []
    for tongue in ("de", "en"):
        sentence = getattr(PLANNER[key], tongue)
        for name, value in named.items():
            sentence = sentence.replace("{" + name + "}", getattr(value, tongue) if isinstance(value, Words) else value)
        both.append(sentence)
    return Words(*both)
