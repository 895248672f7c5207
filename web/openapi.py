"""The API's document (OpenAPI 3.1), made of the addresses, the contracts and the layers, and the page that shows it."""

import inspect
import json
import re
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Flask, current_app, jsonify, render_template
from sqlalchemy import Boolean, Column, Date, Double, Integer
from werkzeug.routing import Rule

from scenarios.checks import BETWEEN
from twin import __version__
from twin.feature import Feature
from web.api_words import ANSWERS, VIEWS
from web.asked import city, layers
from web.contract import Contract, check_request, contract, contract_of
from web.errors import FOR_PROGRAMS, OGC
from web.language import said
from web.schemas import ANYTHING, EXCEPTION, QUARREL, REFUSAL, Schema, list_of, object_of, one_of, or_null
from web.verbs import VERBS

openapi = Blueprint("openapi", __name__)

METHODS = ("GET", "PUT", "POST", "PATCH", "DELETE")
LAYER_NAME = {"$ref": "#/components/schemas/LayerName"}
IN_THE_ADDRESS = re.compile(r"<(?:(\w+):)?(\w+)>")
ALWAYS = (400, 404, 413, 503)
OF_SOMEBODY = re.compile(r"/(scenarios|projects|tiles)/<int:id>")
ON_THE_PLANE = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}


@openapi.get("/api/openapi.json")
@contract({"type": "object"})
def document():
    """This document: what can be asked, what can be sent, and what comes back."""
    return jsonify(described())


@openapi.get("/api")
def page():
    """The same for people."""
    told = described()
    groups = {tag["name"]: [] for tag in told["tags"]}  # type: ignore[var-annotated]
    for address, methods in told["paths"].items():
        for method, operation in methods.items():
            groups[operation["tags"][0]].append({"method": method.upper(), "address": address, **operation})
    order = [name for views in VIEWS.values() for name in views]
    for operations in groups.values():
        operations.sort(key=lambda one: order.index(one["operationId"].removesuffix(".city")))
    return render_template("api.html", groups=groups, drawn=layers(), parts=told["components"]["schemas"], short=short)


def described() -> dict[str, Any]:
    parts = _in_full()
    paths: dict[str, dict[str, Any]] = {}
    for rule, method, agreed in operations():
        paths.setdefault(address_of(rule), {})[method.lower()] = _operation(rule, method, agreed, parts)
    return {
        "openapi": "3.1.0",
        "info": {"title": f"Twin: {city().name}", "version": __version__, "license": {"name": "EUPL-1.2"}},
        "servers": [{"url": "/"}],
        "security": [{}, {"login": []}, {"token": []}],
        "tags": [{"name": said(title)} for title in VIEWS],
        "paths": paths,
        "components": {
            "schemas": parts,
            "securitySchemes": {
                "login": {"type": "apiKey", "in": "cookie", "name": "twin"},
                "token": {"type": "http", "scheme": "bearer"},
            },
        },
    }


def operations() -> Iterator[tuple[Rule, str, Contract]]:
    """All that has a contract."""
    for rule in sorted(current_app.url_map.iter_rules(), key=lambda rule: rule.rule):
        agreed = contract_of(rule.endpoint)
        if agreed is not None:
            for method in METHODS:
                if method in (rule.methods or ()):
                    yield rule, method, agreed


def short(schema: Schema, indent: int = 0) -> str:
    """A schema as people read it: {"height": number|null, …}."""
    if "$ref" in schema:
        return schema["$ref"].rpartition("/")[2]
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(short(one, indent) for one in schema["anyOf"]))
    if "const" in schema or "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema.get("enum", [schema.get("const")]))
    if schema.get("properties"):
        inner = "  " * (indent + 1)
        needed = set(schema.get("required", ()))
        lines = [
            f'{inner}"{name}"{"" if name in needed else "?"}: {short(one, indent + 1)}'
            for name, one in schema["properties"].items()
        ]
        return "{\n" + ",\n".join(lines) + "\n" + "  " * indent + "}"
    if isinstance(schema.get("additionalProperties"), dict):
        return f"{{…: {short(schema['additionalProperties'], indent)}}}"
    if "items" in schema:
        return f"[{short(schema['items'], indent)}]"
    kinds = schema.get("type", "…")
    return " | ".join(kinds) if isinstance(kinds, list) else kinds


def address_of(rule: Rule) -> str:
    """As OpenAPI writes it: /api/scenarios/{id}."""
    return IN_THE_ADDRESS.sub(r"{\2}", rule.rule)


def init_app(app: Flask) -> None:
    app.before_request(check_request)  # last of all: who may not see a scenario is told nothing of its contracts
    app.register_blueprint(openapi)


def _operation(rule: Rule, method: str, agreed: Contract, parts: dict[str, Schema]) -> dict[str, Any]:
    group, title = next((group, views[rule.endpoint]) for group, views in VIEWS.items() if rule.endpoint in views)
    told = {
        "operationId": rule.endpoint + (".city" if rule.defaults else ""),
        "tags": [said(group)],
        "summary": said(title),
        "description": inspect.getdoc(current_app.view_functions[rule.endpoint]) or "",
        "parameters": [*_names(rule, agreed), *_questions(agreed, parts)],
        "responses": _answers(rule, method, agreed, parts),
    }
    if agreed.takes is not None:
        kind = "multipart/form-data" if agreed.is_form else "application/json"
        told["requestBody"] = {"required": True, "content": {kind: {"schema": _named(agreed.takes, parts)}}}
    return told


def _names(rule: Rule, agreed: Contract) -> Iterator[dict[str, Any]]:
    for kind, name in IN_THE_ADDRESS.findall(rule.rule):
        schema: Schema = {"type": "integer", "minimum": 0} if kind == "int" else {"type": "string", "minLength": 1}
        if name == "name":
            schema = agreed.path.get(name, LAYER_NAME)
        yield {"name": name, "in": "path", "required": True, "schema": schema}


def _questions(agreed: Contract, parts: dict[str, Schema]) -> Iterator[dict[str, Any]]:
    for name, schema in {**agreed.asks, "lang": one_of(["de", "en"])}.items():
        yield {"name": name, "in": "query", "required": name in agreed.needs, "schema": _named(schema, parts)}


def _answers(rule: Rule, method: str, agreed: Contract, parts: dict[str, Schema]) -> dict[str, Any]:
    refused = {*ALWAYS, *(status for status in agreed.also if status >= 400)}
    changes = method != "GET"
    refused |= {401} if changes or OF_SOMEBODY.search(rule.rule) else set()
    refused |= {403} if changes else set()
    refused |= {415} if agreed.takes and not agreed.is_form else set()
    fine = {agreed.status, *(status for status in agreed.also if status < 300)}
    kind, schema = ("application/json", agreed.gives) if isinstance(agreed.gives, dict) else (agreed.gives, None)
    content = {kind: {"schema": _named(schema, parts)} if schema else {}, **({"text/html": {}} if agreed.html else {})}
    found = {status: {"content": content} for status in fine}
    for status in refused:
        refusal = {"anyOf": [QUARREL, REFUSAL]} if status == 409 else REFUSAL
        refusal = EXCEPTION if rule.rule.startswith(OGC) else refusal
        as_json = {"application/json": {"schema": _named(refusal, parts)}}
        found[status] = {"content": as_json if rule.rule.startswith(FOR_PROGRAMS) else {"text/html": {}}}
    empty = {status: {} for status in agreed.also if 300 <= status < 400}  # type: ignore[var-annotated]
    return {
        str(status): {"description": said(ANSWERS[status]), **more}
        for status, more in sorted({**found, **empty}.items())
    }


def _named(schema: Any, parts: dict[str, Schema]) -> Any:
    """The schema, in which those with a title are named, and stand in `parts`."""
    if isinstance(schema, list):
        return [_named(one, parts) for one in schema]
    if not isinstance(schema, dict):
        return schema
    title = schema.get("title")
    if not isinstance(title, str):
        return {key: _named(value, parts) for key, value in schema.items()}
    if title not in parts:
        parts[title] = {}  # found while it is being written
        parts[title] = {key: _named(value, parts) for key, value in schema.items() if key != "title"}
    return {"$ref": f"#/components/schemas/{title}"}


def _in_full() -> dict[str, Schema]:
    """What contracts leave to the floors below: geometries, and the fields of each layer."""
    found: dict[str, Schema] = {
        "LayerName": one_of(layers()),
        "Geometry": {
            "anyOf": [_geometry(kind, depth) for kind, depth in ON_THE_PLANE.items()],
            "examples": [_square()],
        },
        "Deed": {"anyOf": []},
    }
    geometry = {"$ref": "#/components/schemas/Geometry"}
    for name, layer in layers().items():
        fields = {"$ref": f"#/components/schemas/{name}"}
        found[name] = object_of({column.name: _field(layer, column) for column in _shown(layer)}, ())
        told: Schema = {"type": {"const": "Feature"}, "id": {"type": "string"}, "layer": {"const": name}}
        told |= {"version": {"type": "integer"}, "geometry": geometry, "properties": fields, "form": {"type": "object"}}
        found[f"{name}.feature"] = object_of(told, [part for part in told if part != "form"])
    found["Fields"] = {"anyOf": [{"$ref": f"#/components/schemas/{name}"} for name in layers()]}
    found["Feature"] = {"anyOf": [{"$ref": f"#/components/schemas/{name}.feature"} for name in layers()]}
    found["GeometryOrNone"] = or_null(geometry)
    found["FieldsOrNone"] = or_null({"$ref": "#/components/schemas/Fields"})
    found["Deed"] = {"anyOf": [_named(verb.takes.schema, found) for verb in VERBS.values()]}
    return found


def _shown(layer: type[Feature]) -> list[Column]:
    return [column for column in layer.fields() if not column.info.get("hidden")]


def _field(layer: type[Feature], column: Column) -> Schema:
    """x-values: the codes that may be written, with their words; x-between: the least and the most."""
    kinds = {Boolean: "boolean", Date: "string", Integer: "integer", Double: "number"}
    kind = next((name for of, name in kinds.items() if isinstance(column.type, of)), "string")
    info, codes = column.info, column.info.get("codes")
    told: Schema = {"type": [kind, "null"], "description": f"{said(info['title'])} {info['unit']}".strip()}
    if isinstance(column.type, Date):
        told["format"] = "date"
    if codes:
        told |= {"examples": list(codes), "x-values": {code: said(title) for code, title in codes.items()}}
    if column.name in BETWEEN and kind in ("integer", "number"):
        told["x-between"] = BETWEEN[column.name]
    return told


def _geometry(kind: str, depth: int) -> Schema:
    coordinates = list_of({"type": "number"}, 2, 3)
    for _ in range(depth):
        coordinates = list_of(coordinates, 1)
    return object_of({"type": {"const": kind}, "coordinates": coordinates, "bbox": ANYTHING}, ("type", "coordinates"))


def _square() -> dict[str, Any]:
    """Some ten metres in the middle of the city, as an example."""
    west, south = round(city().longitude, 5), round(city().latitude, 5)
    east, north = round(west + 0.00015, 5), round(south + 0.0001, 5)
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}
