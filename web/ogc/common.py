"""What all parts of the OGC API share: the blueprint, links, answers for programs and people, projections, windows."""

from typing import Any

import numpy as np
import orjson
from flask import Blueprint, Response, render_template, request, url_for
from pyproj import CRS
from pyproj.exceptions import ProjError

from layers.contents import extent
from scenarios.rows import Bounds
from twin.feature import Feature, Scenario
from twin.projection import LONLAT, degrees, transformer
from web import ogc_words
from web.asked import city, counts, db
from web.contract import asked
from web.edit_words import filled
from web.errors import BadQuestion
from web.language import said
from web.schemas import ANYTHING, TEXT, Schema, list_of, object_of, one_of

ogc = Blueprint("ogc", __name__, url_prefix="/ogc")

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
JSON, HTML, GEOJSON = "application/json", "text/html", "application/geo+json"
IN: dict[str, Schema] = {"f": one_of(["json", "html"])}
LINK = object_of(
    {"href": TEXT, "rel": TEXT, "type": TEXT, "title": TEXT, "templated": {"type": "boolean"}}, ("href", "rel"), "Link"
)
LINKS = {"title": TEXT, "description": TEXT, "links": list_of(LINK)}
COLLECTION = object_of(
    {
        "id": TEXT, "title": TEXT, "itemType": TEXT, "extent": ANYTHING, "crs": list_of(TEXT), "storageCrs": TEXT,
        "links": list_of(LINK),
    },
    ("id", "title", "itemType", "crs", "storageCrs", "links"), "Collection",
)  # fmt: skip


def link(rel: str, to: str, kind: str = JSON, title: str | None = None, **values: Any) -> dict[str, str]:
    made = {"href": url_for(to, _external=True, **values), "rel": rel, "type": kind}
    return {**made, "title": title} if title else made


def collection_told(id: int, layer: type[Feature]) -> dict[str, Any]:
    name, bounds = layer.__tablename__, extent(db(), layer.__tablename__)
    told: dict[str, Any] = {"id": name, "title": said(layer.title), "itemType": "feature"}
    if bounds:
        west, south, east, north = bounds
        told["extent"] = {"spatial": {"bbox": [degrees((west, south, east, north), city().srid)], "crs": CRS84}}
    values = {"id": id, "name": name}
    relation = "http://www.opengis.net/def/rel/ogc/1.0/"
    links = [
        link("self", "ogc.collection", **values),
        link("items", "ogc.items", GEOJSON, **values),
        link("items", "ogc.items", HTML, **values, f="html"),
        link(
            "http://www.opengis.net/def/rel/ogc/1.0/queryables", "ogc.queryables", "application/schema+json", **values
        ),
        link(relation + "tilesets-vector", "ogc.tilesets", **values),
        link(relation + "styles", "ogc.styles", id=id),
    ]
    return {**told, "crs": known_crs(), "storageCrs": f"{EPSG}{city().srid}", "links": links}


def filled_layers(scenario: Scenario, layers: dict[str, type[Feature]]) -> dict[str, type[Feature]]:
    count = counts(scenario.id)
    return {name: layer for name, layer in layers.items() if count[name]}


def wants_html() -> bool:
    """By ?f=, else by what the browser says; a program that takes anything gets JSON."""
    form = asked("f")
    if form is not None:
        return form == "html"
    best = request.accept_mimetypes.best_match([JSON, GEOJSON, HTML])
    return best == HTML and request.accept_mimetypes[HTML] > request.accept_mimetypes[JSON]


def answered(told: dict[str, Any], *, kind: str = JSON, crs: CRS | None = None, mark: str | None = None) -> Response:
    """As JSON, or as a page. mark: what the ETag says, where the answer is worth keeping."""
    html = wants_html()
    answer = Response(mimetype=HTML if html else kind)
    answer.vary.add("Accept")
    if crs is not None:
        answer.headers["Content-Crs"] = f"<{uri_of(crs)}>"
    answer.headers["Cache-Control"] = "no-cache"
    if mark is not None and not html:
        answer.set_etag(mark, weak=True)
        if request.if_none_match.contains_weak(mark):
            answer.status_code = 304
            return answer
    answer.set_data(render_template("ogc.html", told=told, city=city()) if html else orjson.dumps(told))
    return answer


def known_crs() -> list[str]:
    return [CRS84, *(f"{EPSG}{code}" for code in dict.fromkeys((city().srid, 3857, 4326)))]


def crs_of(uri: str) -> CRS:
    if uri not in known_crs():
        raise BadQuestion(filled(ogc_words.NO_CRS, known=", ".join(known_crs())))
    return LONLAT if uri == CRS84 else CRS(int(uri.removeprefix(EPSG)))


def uri_of(crs: CRS) -> str:
    return CRS84 if crs == LONLAT else f"{EPSG}{crs.to_epsg()}"


def is_north_first(crs: CRS) -> bool:
    """EPSG says in which order the numbers of a place stand; PROJ and the stores keep east first."""
    return crs.axis_info[0].direction == "north"


def window() -> Bounds | None:
    """What `bbox` says, in the city's metres; heights are left out, for nothing is asked by them."""
    if asked("bbox") is None:
        return None
    crs = crs_of(asked("bbox-crs", CRS84))
    try:
        numbers = [float(part) for part in asked("bbox").split(",")]
        west, south, *_ = numbers
        east, north = numbers[len(numbers) // 2 :][:2]
        if is_north_first(crs):
            west, south, east, north = south, west, north, east
        if len(numbers) not in (4, 6) or not np.isfinite(numbers).all() or west > east or south > north:
            raise ValueError
        bounds = transformer(crs, CRS(city().srid)).transform_bounds(west, south, east, north)
    except (ValueError, ProjError):
        raise BadQuestion(ogc_words.NO_BBOX) from None
    if not np.isfinite(bounds).all():
        raise BadQuestion(ogc_words.NO_BBOX)
    return bounds
