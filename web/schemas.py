"""The words that contracts are made of: JSON Schema for places, features, changes, refusals.

A schema with a title stands once in the document, by that name. Those that `web/openapi.py` tells in full are checked
by the floor below, which knows more than a schema can say.
"""

from collections.abc import Iterable, Mapping
from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "number"}
WHOLE: Schema = {"type": "integer"}
YES_NO: Schema = {"type": "boolean"}
ANYTHING: Schema = {}
MOMENT: Schema = {"type": "string", "format": "date-time"}
DAY: Schema = {"type": "string", "format": "date"}


def or_null(schema: Schema) -> Schema:
    if isinstance(schema.get("type"), str) and "title" not in schema:
        return {**schema, "type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]}


def text(most: int, least: int = 0) -> Schema:
    return {"type": "string", "minLength": least, "maxLength": most}


def whole(least: int = 0, most: int = 2**31 - 1) -> Schema:
    return {"type": "integer", "minimum": least, "maximum": most}


def number(least: float, most: float) -> Schema:
    return {"type": "number", "minimum": least, "maximum": most}


def one_of(values: Iterable[str]) -> Schema:
    return {"type": "string", "enum": list(values)}


def list_of(schema: Schema, least: int = 0, most: int | None = None) -> Schema:
    return {"type": "array", "items": schema, "minItems": least, **({} if most is None else {"maxItems": most})}


def map_of(schema: Schema) -> Schema:
    return {"type": "object", "additionalProperties": schema}


def object_of(needed: Mapping[str, Schema], required: Iterable[str] | None = None, title: str | None = None) -> Schema:
    """required: the names that have to be there; None for all."""
    return {
        **({"title": title} if title else {}),
        "type": "object",
        "properties": dict(needed),
        "required": list(needed if required is None else required),
        "additionalProperties": False,
    }


LONGITUDE, LATITUDE = number(-180, 180), number(-90, 90)
PLACE: dict[str, Schema] = {"longitude": LONGITUDE, "latitude": LATITUDE}
BOUNDS = or_null(list_of(NUMBER, 4, 4))  # west, south, east, north
UID = text(200, 1)
SEEN = whole()  # the version that the planner saw
ACTION: Schema = {"type": "string", "pattern": "^[a-z][a-z0-9-]{0,39}$"}

# Told in full in the document.
LAYER: Schema = {"title": "LayerName", "type": "string"}
GEOMETRY: Schema = {"title": "Geometry", "type": "object"}
FIELDS: Schema = {"title": "Fields", "type": "object"}
FEATURE: Schema = {"title": "Feature", "type": "object"}
DEED: Schema = {"title": "Deed", "type": "object"}

SENT_GEOMETRY: Schema = {"title": "GeometryOrNone", "type": ["object", "null"]}
SENT_FIELDS: Schema = {"title": "FieldsOrNone", "type": ["object", "null"]}
# A GeoJSON feature; what GET told besides may come back with it, and is not read.
SENT_FEATURE = object_of(
    {
        "geometry": SENT_GEOMETRY, "properties": SENT_FIELDS, "seen": or_null(SEEN), "what": ACTION,
        "type": one_of(["Feature"]), "id": ANYTHING, "layer": TEXT, "version": WHOLE, "form": ANYTHING,
        "bbox": ANYTHING,
    },
    (), "SentFeature",
)  # fmt: skip
SENT_CHANGE = object_of(
    {**SENT_FEATURE["properties"], "verb": one_of(["place", "clear", "restore"]), "layer": LAYER, "uid": or_null(UID)},
    ("verb", "layer"), "SentChange",
)  # fmt: skip
CHANGED = {"change": WHOLE, "layer": TEXT, "uid": TEXT, "version": WHOLE, "bounds": BOUNDS}
ONE_CHANGE = object_of({**CHANGED, "step": WHOLE, "messages": list_of(TEXT)}, title="Change")
STEP_TOLD = {
    "step": WHOLE, "what": TEXT, "undoes": or_null(WHOLE), "changes": list_of(object_of(CHANGED)),
    "messages": list_of(TEXT),
}  # fmt: skip
STEP = object_of(STEP_TOLD, title="Step")
PAST = object_of(
    {
        "step": WHOLE, "what": TEXT, "undoes": or_null(WHOLE), "undone": YES_NO, "by": or_null(TEXT), "at": MOMENT,
        "things": WHOLE, "bounds": BOUNDS,
        "changes": list_of(object_of({"change": WHOLE, "verb": TEXT, "layer": TEXT, "uid": TEXT, "version": WHOLE})),
    },
    title="PastStep",
)  # fmt: skip
REFUSAL = object_of({"error": TEXT, "kind": TEXT}, title="Refusal")
EXCEPTION: Schema = {
    "title": "Exception", "type": "object", "properties": {"code": TEXT, "description": TEXT},
    "required": ["code", "description"],
}  # fmt: skip  # as OGC API has it
QUARREL = object_of(
    {
        **REFUSAL["properties"], "layer": TEXT, "uid": TEXT, "yours": ANYTHING, "theirs": or_null(FEATURE),
        "by": or_null(TEXT), "at": or_null(MOMENT),
    },
    title="Quarrel",
)  # fmt: skip
UIDS = {**map_of(list_of(TEXT)), "propertyNames": LAYER}
VALUE: Schema = {"type": ["string", "number", "boolean", "null"]}
