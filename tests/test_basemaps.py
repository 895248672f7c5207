"""Maps of others under the city: what is asked of WMS, WMTS and XYZ services, and which hosts the pages may ask."""

from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy.orm import Session

from tests.hamlet import settle
from web import create_app
from web.basemaps import BadBasemap, basemap

WMS = {"title": "DOP", "kind": "wms", "address": "https://maps.test/wms?map=a&service=x", "layer": "dop,net",
       "attribution": "© Office"}  # fmt: skip
WMTS = {**WMS, "kind": "wmts", "layer": "web", "address": "https://maps.test/wmts"}
XYZ = {**WMS, "kind": "xyz", "address": "https://tiles.test:8443/{z}/{x}/{y}.png"}


def asked(entry):
    return {key: values[0] for key, values in parse_qs(urlsplit(basemap(entry).address).query).items()}


def test_a_wms_is_asked_in_metres_eastward_first():
    found = asked(WMS)
    assert (found["VERSION"], found["CRS"], found["LAYERS"]) == ("1.3.0", "EPSG:3857", "dop,net")
    assert found["BBOX"] == "{west},{south},{east},{north}"
    assert (found["map"], found["SERVICE"], "service" in found) == ("a", "WMS", False)


@pytest.mark.parametrize(
    ("version", "crs", "key", "order"),
    [
        ("1.3.0", "EPSG:4326", "CRS", "{south},{west},{north},{east}"),
        ("1.3.0", "CRS:84", "CRS", "{west},{south},{east},{north}"),
        ("1.1.1", "EPSG:4326", "SRS", "{west},{south},{east},{north}"),
        ("1.1.1", "EPSG:3857", "SRS", "{west},{south},{east},{north}"),
    ],
)
def test_only_wms_1_3_0_turns_the_axes_of_degrees(version, crs, key, order):
    found = asked({**WMS, "version": version, "crs": crs})
    assert (found[key], found["BBOX"]) == (crs, order)
    assert basemap({**WMS, "version": version, "crs": crs}).degrees is (crs != "EPSG:3857")


def test_a_wmts_is_asked_by_keys_or_by_its_template():
    found = asked({**WMTS, "matrix_set": "google", "matrix": "EPSG:3857:{z}"})
    assert (found["TILEMATRIXSET"], found["TILEMATRIX"]) == ("google", "EPSG:3857:{z}")
    assert (found["TILEROW"], found["TILECOL"], found["LAYER"]) == ("{y}", "{x}", "web")
    template = "https://maps.test/{Layer}/{Style}/{TileMatrixSet}/{TileMatrix}/{TileRow}/{TileCol}.png"
    rest = basemap({**WMTS, "address": template}).address
    assert rest == "https://maps.test/web/default/WebMercatorQuad/{z}/{y}/{x}.png"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"kind": "tms"}, "kind has to be one of xyz, wms, wmts"),
        ({"address": "maps.test/wms"}, "https://"),
        ({"address": "https://maps.test; script-src *"}, "https://"),
        ({"address": "javascript:alert(1)"}, "https://"),
        ({"attribution": ""}, "attribution is missing"),
        ({"layer": None}, "layer is missing"),
        ({"version": "1.0.0"}, "1.1.1 or 1.3.0"),
        ({"crs": "EPSG:25832"}, "EPSG:3857"),
        ({"title": {"de": "Luftbild"}}, "title has to be"),
        ({"min_zoom": 9, "max_zoom": 3}, "min_zoom"),
        ({"colour": "red"}, "no setting colour"),
        ({"kind": "xyz"}, "{z}, {x}, {y} is missing"),
        ({"kind": "wmts", "matrix": "12"}, "matrix names the zoom"),
    ],
)
def test_a_map_that_cannot_be_is_refused_when_the_server_starts(change, words):
    with pytest.raises(BadBasemap, match=words.replace("{", r"\{").replace("}", r"\}")):
        create_app(BASEMAPS=[{**WMS, **change}])


def connections(client):
    policy = client.get("/").headers["Content-Security-Policy"]
    return next(part for part in policy.split("; ") if part.startswith("connect-src"))


def test_the_pages_may_ask_exactly_the_hosts_that_are_named(store, where):
    with Session(store) as db:
        settle(db)
    assert connections(create_app(DATABASE=where).test_client()) == "connect-src 'self'"
    maps = [WMS, {**XYZ, "title": {"de": "Karte", "en": "Map"}}, WMTS]
    client = create_app(DATABASE=where, BASEMAPS=maps).test_client()
    assert connections(client) == "connect-src 'self' https://maps.test https://tiles.test:8443"
    assert '<option value="1">Karte</option>' in client.get("/").text
    assert '<option value="1">Map</option>' in client.get("/?lang=en").text
    assert 'id="background"' not in create_app(DATABASE=where).test_client().get("/").text
