"""Live addresses: a small server on this machine speaks WFS and OGC API Features, well and badly."""

import json
import threading
from xml.sax.saxutils import escape

import pytest
from flask import Flask, Response, jsonify, redirect, request
from pyproj import CRS
from werkzeug.serving import make_server

from layers.reading import fetching, service, wfs
from layers.reading.batch import Wanted
from layers.reading.load import Asked, load
from twin.errors import BadFile

HOUSES = 2500
ZEITZ = (12.135, 51.047)
UTM = "urn:ogc:def:crs:EPSG::25832"


def house(i, *, metres=False, turned=False):
    """House number i of a long row in Zeitz."""
    x, y, side = (719_000 + 20.0 * i, 5_660_000.0, 10) if metres else (12.1 + i / 50_000, 51.04, 0.0001)
    ring = [(x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y)]
    ring = [(b, a) for a, b in ring] if turned else ring
    polygon = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "id": f"gebaeude.{i}", "geometry": polygon, "properties": {"hoehe": 9.5, "nr": i}}


def tree(i):
    point = {"type": "Point", "coordinates": [12.1 + i / 1000, 51.05]}
    return {"type": "Feature", "geometry": point, "properties": {"id": i, "baumart": "Linde"}}


def capabilities(root, formats, version="2.0.0", types=("app:gebaeude",), box="12.0 51.0 12.2 51.1"):
    west_south, east_north = " ".join(box.split()[:2]), " ".join(box.split()[2:])
    listed = "".join(
        f"<FeatureType><Name>{name}</Name><Title>{name[4:].title()}</Title><DefaultCRS>{UTM}</DefaultCRS>"
        f"<ows:WGS84BoundingBox><ows:LowerCorner>{west_south}</ows:LowerCorner>"
        f"<ows:UpperCorner>{east_north}</ows:UpperCorner></ows:WGS84BoundingBox></FeatureType>"
        for name in types
    )
    values = "".join(f"<ows:Value>{escape(one)}</ows:Value>" for one in formats)
    return Response(
        f'<?xml version="1.0" encoding="UTF-8"?><{root} version="{version}" xmlns="http://www.opengis.net/wfs/2.0"'
        ' xmlns:ows="http://www.opengis.net/ows/1.1"><ows:OperationsMetadata><ows:Operation name="GetFeature">'
        f'<ows:Parameter name="outputFormat"><ows:AllowedValues>{values}</ows:AllowedValues></ows:Parameter>'
        f"</ows:Operation></ows:OperationsMetadata><FeatureTypeList>{listed}</FeatureTypeList></{root}>",
        mimetype="application/xml",
    )


def gml(features, matched):
    members = "".join(
        f'<wfs:member><app:gebaeude gml:id="{one["id"]}"><app:hoehe>{one["properties"]["hoehe"]}</app:hoehe><app:geom>'
        f'<gml:Polygon srsName="{UTM}" gml:id="p.{one["id"]}"><gml:exterior><gml:LinearRing><gml:posList>'
        + " ".join(f"{x} {y}" for x, y in one["geometry"]["coordinates"][0])
        + "</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></app:geom></app:gebaeude></wfs:member>"
        for one in features
    )
    return Response(
        f'<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:gml="http://www.opengis.net/gml/3.2"'
        f' xmlns:app="http://example.org/app" numberMatched="{matched}" numberReturned="{len(features)}">{members}'
        "</wfs:FeatureCollection>",
        mimetype="application/gml+xml",
    )


def hits(count):
    return Response(
        f'<FeatureCollection xmlns="http://www.opengis.net/wfs/2.0" numberMatched="{count}" numberReturned="0"/>',
        mimetype="application/xml",
    )


def exception(words):
    return Response(
        f"<ows:ExceptionReport xmlns:ows='http://www.opengis.net/ows/1.1'><ows:Exception exceptionCode='X'>"
        f"<ows:ExceptionText>{words}</ows:ExceptionText></ows:Exception></ows:ExceptionReport>",
        mimetype="application/xml",
    )


def window():
    start, count = int(request.args.get("startIndex", 0)), int(request.args.get("count", HOUSES))
    return range(start, min(start + min(count, 1000), HOUSES))  # as many servers: never more than 1,000


def collection(features, **members):
    return jsonify(type="FeatureCollection", features=list(features), **members)


def houses_as_json():
    crs = {"type": "name", "properties": {"name": request.args["srsName"]}}
    return collection((house(i, metres=True) for i in window()), crs=crs, numberMatched=HOUSES)


def of_2005():
    assert "count" not in request.args and request.args["typeName"] == "app:gebaeude"
    return collection(house(i) for i in range(3))


def a_wfs(office, path, features, matched, **capable):
    """A WFS at /path/wfs. matched: how many features it says it has."""

    def answer():
        if request.args["request"] == "GetCapabilities":
            return capabilities("WFS_Capabilities", **{"formats": ["application/json"], **capable})
        if request.args.get("resultType") == "hits":
            return hits(matched() if callable(matched) else matched)
        return features()

    office.add_url_rule(f"/{path}/wfs", path, answer)


def speak_wfs(office):
    a_wfs(office, "json", houses_as_json, HOUSES, formats=["application/gml+xml", "application/json"])
    a_wfs(office, "gml", lambda: gml([house(i, metres=True) for i in window()], HOUSES), HOUSES, formats=["gml3.2"])
    a_wfs(office, "old", of_2005, 3, version="1.1.0")
    a_wfs(office, "turned", lambda: collection(house(i, turned=True) for i in range(2)), 2)
    a_wfs(office, "deaf", lambda: collection(house(i) for i in range(7)), "unknown")
    a_wfs(office, "short", lambda: collection([] if "startIndex" in request.args else [house(1)]), 10)
    a_wfs(office, "angry", lambda: exception("Die Lizenz ist abgelaufen"), 10)
    state = ("app:gebaeude", "app:moore")
    a_wfs(
        office,
        "land",
        lambda: collection(house(i) for i in range(4)),
        lambda: 4 if "bbox" in request.args else 9_000_000,
        types=state,
    )


def houses_page():
    start, limit = int(request.args.get("offset", 0)), int(request.args["limit"])
    metric = request.args.get("crs", "").endswith("25832")
    features = [house(i, metres=metric) for i in range(start, min(start + limit, HOUSES))]
    links = [{"rel": "self", "href": request.url}]
    if start + limit < HOUSES:
        more = f"/api/collections/gebaeude/items?limit={limit}&offset={start + limit}&crs={request.args['crs']}"
        links.append({"rel": "next", "href": more})
    answer = collection(features, links=links, numberMatched=HOUSES)
    answer.headers["Content-Crs"] = f"<{request.args['crs']}>"
    return answer


def list_of_collections():
    utm = "http://www.opengis.net/def/crs/EPSG/0/25832"
    houses = {
        "id": "gebaeude",
        "title": "Gebäude",
        "extent": {"spatial": {"bbox": [[12.0, 51.0, 12.2, 51.1]]}},
        "crs": ["#/crs", utm],
        "storageCrs": utm,
        "links": [{"rel": "items", "type": "application/geo+json", "href": "/api/collections/gebaeude/items"}],
    }
    trees = {"id": "baumkataster", "links": [{"rel": "items", "href": "/api/collections/baumkataster/items"}]}
    return jsonify(collections=[houses, trees, {"id": "karten", "itemType": "map", "links": []}])


def speak_ogc_api(office):
    html = {"rel": "data", "type": "text/html", "href": "/api/collections.html"}
    data = {"rel": "data", "type": "application/json", "href": "/api/collections"}
    circle = [{"rel": "next", "href": "/circle/items?limit=1000"}]
    for path, answer in {
        "/api": lambda: jsonify(title="Zeitz", links=[html, data]),
        "/api/collections": list_of_collections,
        "/api/collections/gebaeude/items": houses_page,
        "/api/collections/baumkataster/items": lambda: collection(tree(i) for i in range(5)),
        "/circle/items": lambda: collection([tree(1)], links=circle),
        "/empty/items": lambda: collection([]),
        "/moved": lambda: redirect("/api"),
    }.items():
        office.add_url_rule(path, path.replace(".", ""), answer)


def speak_badly(office):
    cut = '{"type": "FeatureCollection", "features": [{"ty'
    bomb = '<!DOCTYPE a [<!ENTITY b "bbb">]><a>&b;</a>'
    for path, answer in {
        "/page": lambda: "<!DOCTYPE html><html><body>Willkommen im Geoportal</body></html>",
        "/secret": lambda: ("", 401),
        "/closed": lambda: ("", 403),
        "/broken": lambda: ("", 503),
        "/file": lambda: redirect("file:///etc/passwd"),
        "/cut": lambda: Response(cut, mimetype="application/json"),
        "/bomb/wfs": lambda: Response(bomb, mimetype="application/xml"),
        "/large": lambda: Response(json.dumps({"a": "x" * 3_000_000}), mimetype="application/json"),
    }.items():
        office.add_url_rule(path, path, answer)


def make_office():
    """A survey office: each address is one kind of server."""
    office = Flask("office")
    office.asked = []
    office.before_request(lambda: office.asked.append(request.full_path))
    speak_wfs(office)
    speak_ogc_api(office)
    speak_badly(office)
    return office


@pytest.fixture(scope="module")
def office():
    app = make_office()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    app.address = f"http://127.0.0.1:{server.server_port}"
    yield app
    server.shutdown()
    thread.join()


def read(office, path, **wanted):
    office.asked.clear()
    return list(wfs.read(office.address + path, Wanted(**wanted)))


def complaint(office, path, **wanted):
    with pytest.raises(BadFile) as told:
        wfs.survey(office.address + path, Wanted(**wanted))
        read(office, path, **wanted)
    return str(told.value)


def count(batches):
    return sum(len(batch) for batch in batches)


def ids(batches):
    return {uid for batch in batches for uid in batch.uids}


@pytest.mark.parametrize("path", ["/json/wfs", "/gml/wfs"])
def test_a_wfs_is_read_page_by_page_to_the_last_house(office, path):
    batches = read(office, path)
    assert {batch.layer for batch in batches} == {"buildings"} and count(batches) == HOUSES
    assert ids(batches) == {f"gebaeude.{i}" for i in range(HOUSES)}
    assert {batch.crs.to_epsg() for batch in batches} == {25832}
    assert {height for batch in batches for height in batch.fields["height"]} == {9.5}
    assert batches[0].shapes[0].bounds == (719_000, 5_660_000, 719_010, 5_660_010)
    assert any("startIndex=2000" in asked for asked in office.asked)


def test_an_address_may_be_the_whole_request_of_another_program(office):
    assert (
        count(read(office, "/json/wfs?SERVICE=WFS&REQUEST=GetFeature&VERSION=2.0.0&TYPENAMES=app:gebaeude")) == HOUSES
    )
    assert "typeNames=" in complaint(office, "/json/wfs?typeNames=app:haeuser")


def test_a_wfs_of_version_1_1_gives_everything_at_once(office):
    [batch] = read(office, "/old/wfs")
    assert len(batch) == 3 and batch.crs.is_geographic and batch.where[0] == "gebaeude, feature 1 (gebaeude.0)"


def test_latitude_before_longitude_is_turned_where_the_server_says_where_it_lies(office):
    [batch] = read(office, "/turned/wfs")
    assert batch.shapes[0].bounds == pytest.approx((12.1, 51.04, 12.1001, 51.0401))


def test_a_wfs_that_repeats_its_first_page_ends(office):
    assert count(read(office, "/deaf/wfs")) == 7


def test_of_a_whole_state_only_the_citys_surroundings_are_asked_for(office):
    [batch] = read(office, "/land/wfs", near=ZEITZ, layer="buildings")
    assert len(batch) == 4 and "within 10 km" in batch.notes[0]
    assert any("bbox=50.957" in asked for asked in office.asked)
    assert not any("moore" in asked for asked in office.asked)
    assert "bbox=west,south,east,north" in complaint(office, "/land/wfs")


def test_a_window_in_the_address_is_kept(office):
    batches = read(office, "/land/wfs?bbox=12.0,51.0,12.2,51.1")
    assert {batch.layer for batch in batches} == {"buildings", "moore"}
    assert any("bbox=51.0,12.0,51.1,12.2,urn" in asked for asked in office.asked)


def test_an_ogc_api_is_read_from_its_landing_page(office):
    batches = read(office, "/api")
    houses, trees = batches[:-1], batches[-1]
    assert count(houses) == HOUSES and houses[0].crs.to_epsg() == 25832
    assert houses[0].shapes[0].bounds == (719_000, 5_660_000, 719_010, 5_660_010)
    assert trees.layer == "trees" and trees.fields["species"] == ["Linde"] * 5
    assert trees.uids == [f"baumkataster:{i}" for i in range(5)] and trees.crs.is_geographic


def test_a_redirect_and_the_address_of_one_collection_lead_there_too(office):
    assert len(read(office, "/moved", layer="trees")[0]) == 5
    [batch] = read(office, "/api/collections/baumkataster/items")
    assert batch.layer == "trees" and len(batch) == 5


def test_a_survey_of_an_address_names_its_layers_and_where_they_lie(office):
    survey = wfs.survey(office.address + "/api", Wanted())
    assert survey.kind == "OGC API Features" and set(survey.layers) == {"buildings", "trees"}
    assert survey.bounds == (12.0, 51.0, 12.2, 51.1)
    assert wfs.survey(office.address + "/json/wfs", Wanted()).kind == "WFS 2.0.0"


def test_an_address_is_loaded_like_a_file_and_loading_it_again_changes_nothing(office, tmp_path):
    asked = Asked([office.address + "/api"], str(tmp_path / "zeitz.gpkg"))
    first = {file.layer: (file.read, file.loaded) for file in load(asked).files}
    assert first == {"buildings": (HOUSES, HOUSES), "trees": (5, 5)}
    again = {file.layer: (file.loaded, file.changed, file.unchanged) for file in load(asked).files}
    assert again == {"buildings": (0, 0, HOUSES), "trees": (0, 0, 5)}


def test_a_next_link_that_leads_back_ends(office):
    assert count(read(office, "/circle/items?limit=1000")) == 1


def test_an_address_without_features_gives_nothing(office):
    assert read(office, "/empty/items") == []


def test_the_projection_that_the_planner_names_holds(office):
    [batch] = read(office, "/api/collections/baumkataster/items", crs=CRS(25833))
    assert batch.crs.to_epsg() == 25833


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/page", "neither a WFS nor an OGC API"),
        ("/nothing/here", "nothing at this address"),
        ("/secret", "password"),
        ("/closed", "refuses access"),
        ("/broken", "trouble of its own (HTTP 503)"),
        ("/file", "no web address"),
        ("/angry/wfs", "Die Lizenz ist abgelaufen"),
        ("/short/wfs", "10 features match, but the server gave 1"),
        ("/cut", "not the JSON that it says"),
        ("/bomb/wfs", "DOCTYPE"),
    ],
)
def test_each_trouble_has_its_sentence(office, path, words):
    assert words in complaint(office, path)


def test_a_host_that_is_not_there_is_named():
    with pytest.raises(BadFile, match=r"127\.0\.0\.1:1 is not reached"):
        list(wfs.read("http://127.0.0.1:1/wfs", Wanted()))


def test_an_answer_without_end_is_refused(office):
    with pytest.raises(BadFile, match="larger than 2 MB"):
        fetching.fetch(office.address + "/large", largest=2 << 20)


def test_a_window_around_the_city_is_as_wide_as_it_is_high():
    _, (west, south, east, north) = service.box_around(1, (12.0, 60.0))
    assert (east - west) == pytest.approx(2 * (north - south))
