"""The way in: today and the scenarios, each a service; its layers, and what can be asked of them."""

from typing import Any

from flask import Response, jsonify
from sqlalchemy import select

from scenarios.permissions import may
from scenarios.project import Project
from twin.feature import TODAY, Scenario
from web.asked import city, db, find_layer, find_scenario, layers
from web.contract import contract
from web.filters import kind_of, shown_fields
from web.language import said, words
from web.ogc.common import (
    COLLECTION,
    HTML,
    IN,
    LINK,
    LINKS,
    answered,
    collection_told,
    filled_layers,
    known_crs,
    link,
    ogc,
)
from web.people import person
from web.schemas import TEXT, list_of, object_of

_RELATION = "http://www.opengis.net/def/rel/ogc/1.0/"
_FEATURES = "http://www.opengis.net/spec/ogcapi-features-"
_KEPT = {
    "http://www.opengis.net/spec/ogcapi-common-": ("1/1.0/conf/core", "2/1.0/conf/collections"),
    f"{_FEATURES}1/1.0/conf/": ("core", "geojson", "html"),
    f"{_FEATURES}2/1.0/conf/": ("crs",),
    f"{_FEATURES}3/1.0/conf/": ("queryables", "queryables-query-parameters", "filter", "features-filter"),
    f"{_FEATURES}4/1.0/conf/": ("create-replace-delete", "update", "features", "optimistic-locking-etags"),
    "http://www.opengis.net/spec/cql2/1.0/conf/": (
        "cql2-text", "cql2-json", "basic-cql2", "advanced-comparison-operators", "arithmetic", "property-property",
        "case-insensitive-comparison", "basic-spatial-functions", "spatial-functions",
    ),
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/": (
        "core", "tileset", "tilesets-list", "geodata-tilesets", "mvt",
    ),
    "http://www.opengis.net/spec/ogcapi-styles-1/1.0/conf/": ("core", "mapbox-style"),
}  # fmt: skip
CONFORMS = [root + part for root, parts in _KEPT.items() for part in parts]
_TYPES = {"number": "number", "choice": "boolean", "date": "string", "codes": "string", "text": "string"}


@ogc.get("")
@contract(object_of(LINKS, title="Landing"), asks=IN, html=True)
def scenarios():
    """Today's city and each scenario that whoever asks may see: each is a service of its own."""
    found = db().scalars(select(Scenario).where(Scenario.state != "archived").order_by(Scenario.id)).all()
    seen = [one for one in found if one.id == TODAY or may(person(), "see", _project(one), one)]
    links = [link("child", "ogc.landing", title=_title(one), id=one.id) for one in seen]
    return answered(
        {"title": city().name, "description": words("ogc-note"), "links": [link("self", "ogc.scenarios"), *links]}
    )


@ogc.get("/scenarios/<int:id>/", strict_slashes=False)
@contract(object_of(LINKS), asks=IN, html=True)
def landing(id: int):
    """The service of one scenario."""
    scenario = find_scenario(id)
    links = [
        link("self", "ogc.landing", id=id),
        link("alternate", "ogc.landing", HTML, id=id, f="html"),
        link("conformance", "ogc.conformance", id=id),
        link("data", "ogc.collections", id=id, title=words("ogc-layers")),
        link(
            "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector",
            "ogc.all_tilesets",
            id=id,
            title=words("ogc-tiles"),
        ),
        link("http://www.opengis.net/def/rel/ogc/1.0/styles", "ogc.styles", id=id, title=words("ogc-styles")),
        link("http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes", "ogc.matrix_sets_told"),
        link("service-desc", "openapi.document", "application/vnd.oai.openapi+json;version=3.1"),
        link("service-doc", "openapi.page", HTML, title=words("api")),
    ]
    title = f"{city().name}: {_title(scenario)}"
    return answered({"title": title, "description": scenario.description or words("ogc-note"), "links": links})


@ogc.get("/scenarios/<int:id>/conformance")
@contract(object_of({"conformsTo": list_of(TEXT)}), asks=IN, html=True)
def conformance(id: int):
    """What of the standards is kept."""
    find_scenario(id)
    return answered({"conformsTo": CONFORMS})


@ogc.get("/scenarios/<int:id>/collections")
@contract(
    object_of({"links": list_of(LINK), "crs": list_of(TEXT), "collections": list_of(COLLECTION)}), asks=IN, html=True
)
def collections(id: int):
    """The layers that hold something."""
    listed = [collection_told(id, layer) for layer in filled_layers(find_scenario(id), layers()).values()]
    return answered({"links": [link("self", "ogc.collections", id=id)], "crs": known_crs(), "collections": listed})


@ogc.get("/scenarios/<int:id>/collections/<name>")
@contract(COLLECTION, asks=IN, html=True)
def collection(id: int, name: str):
    """One layer: where it lies, and in which projections it may be asked for."""
    find_scenario(id)
    return answered(collection_told(id, find_layer(name)))


@ogc.get("/scenarios/<int:id>/collections/<name>/queryables")
@contract("application/schema+json")
def queryables(id: int, name: str):
    """The fields that a filter may name, as a JSON Schema."""
    find_scenario(id)
    layer = find_layer(name)
    told: dict[str, Any] = {"geometry": {"title": "Geometry", "format": "geometry-any"}}
    for column in shown_fields(layer):
        kind = kind_of(column)
        told[column.name] = {"title": said(column.info["title"]), "type": _TYPES[kind]}
        if kind == "date":
            told[column.name]["format"] = "date"
        if kind == "codes":
            told[column.name]["enum"] = list(column.info["codes"])
        if column.info["unit"]:
            told[column.name]["x-ogc-unit"] = column.info["unit"]
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "title": said(layer.title),
        "$id": link("self", "ogc.queryables", id=id, name=name)["href"], "properties": told,
        "additionalProperties": False,
    }  # fmt: skip
    answer: Response = jsonify(schema)
    answer.mimetype = "application/schema+json"
    return answer


def _title(scenario: Scenario) -> str:
    return words("today") if scenario.id == TODAY else scenario.title


def _project(scenario: Scenario) -> Project | None:
    return db().get(Project, scenario.project_id) if scenario.project_id else None
