"""The API's document says all that is asked, sent and answered, and schemathesis finds no answer outside it."""

import io
import json
import os
import re

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from sqlalchemy.orm import Session

from scenarios.project import Person, Project
from tests.hamlet import as_planner, cookie_of, hold_session, planner, settle
from twin.feature import Scenario
from web import create_app
from web.api_words import VIEWS
from web.errors import FOR_PROGRAMS
from web.openapi import address_of, operations
from web.working import Job

EXAMPLES = int(os.environ.get("TWIN_EXAMPLES", "2"))  # of each operation, by each asker, right ones and wrong ones
CHECKED = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)
ENDLESS = {  # tests/test_events.py and tests/test_participation_for_all.py listen
    "/api/projects/{id}/events",
    "/api/participation/{id}/events",
}
PLAIN = {"Accept-Encoding": "identity"}
BOUNDED = settings(
    deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck), phases=[Phase.generate]
)
ITSELF = "GET /api/openapi.json"  # what schemathesis reads it leaves alone
# What stands in an address, so that not all of it is about what is not there.
THERE = {"id": 1, "uid": "house", "z": 14, "x": 8601, "y": 5268, "matrices": "WebMercatorQuad", "style": "city"}


SQUARE = {"type": "Polygon", "coordinates": [[[9.003, 53.52], [9.0032, 53.52], [9.0032, 53.5202], [9.003, 53.52]]]}
TREE = {"geometry": {"type": "Point", "coordinates": [9.003, 53.52]}, "properties": {"height": 5.0}}
TILE = "14/8601/5268"
OGC_TILE = "14/5268/8601"  # the row first
IN, OGC = "/api/scenarios/2", "/ogc/scenarios/2"
DESIGN = json.dumps({"type": "Feature", "geometry": SQUARE, "properties": {"geschosse": 3}}).encode()
CHOSEN = {"buildings": ["house", "shed-1"]}
AROUND = {"outline": [[8.99, 53.5], [9.01, 53.5], [9.01, 53.54], [8.99, 53.54]], "layers": ["buildings", "trees"]}
PICTURE = "longitude=9&latitude=53.52&west=8.99&south=53.5&east=9.01&north=53.54&bearing=20"
MANY = 50_000_000
UNREADABLE = [
    b"{", b"[]", b"7", b"null", b'"text"', b"\xff\xfe", b'{"a": NaN}', b'{"a": -Infinity}', b'{"a": 1e999}',
    b"[" * 99_999, b'{"geometry": ' * 900 + b"1" + b"}" * 900, b'{"properties": {"name": "\\u0000"}, "changes": []}',
    b'{"what": "\\ud800"}', b'{"no such thing": 1}', b'{"' + b"x" * 7_000_000 + b'": 1}',
]  # fmt: skip


FIELD = {"longitude": 9.0, "latitude": 53.5194, "building": None, "photo": None}


def successes():
    """A question of each operation that succeeds, in an order in which it does: method, address, what is sent."""
    return [
        ("GET", "/api/openapi.json", {}),
        ("GET", "/api/sources", {}),
        ("GET", "/api/sun?date=2026-03-21", {}),
        ("GET", "/api/height?longitude=9.00005&latitude=53.5203", {}),
        ("GET", f"{IN}/layers", {}),
        ("GET", f"{IN}/buildings/house", {}),
        ("GET", f"{IN}/buildings/house?geojson", {}),
        ("GET", f"{IN}/streets/lane?geojson", {}),
        ("GET", f"{IN}/at?longitude=9.0001&latitude=53.52&layers=buildings,streets", {}),
        ("GET", f"{IN}/search?q=Kai", {}),
        ("GET", f"{IN}/seen?{PICTURE}", {}),
        ("GET", f"{IN}/buildings/colours?field=height", {}),
        ("GET", f"{IN}/building-types", {}),
        ("GET", f"{IN}/matching/buildings?height.from=5", {}),
        ("GET", f"{IN}/fitting/buildings?height.from=5", {}),
        ("POST", f"{IN}/within", {"json": AROUND}),
        ("POST", f"{IN}/outlines", {"json": CHOSEN}),
        ("POST", f"{IN}/selection", {"json": CHOSEN}),
        ("POST", f"{IN}/selection/buildings.csv", {"data": {"chosen": '["house"]'}}),
        ("GET", "/scenarios/2/table/buildings/csv", {}),
        ("POST", f"{IN}/trees", {"json": TREE}),
        ("PUT", f"{IN}/buildings/house", {"json": {"properties": {"height": 20.0}, "seen": 0, "what": "height"}}),
        ("DELETE", f"{IN}/buildings/house?seen=1", {}),
        ("POST", f"{IN}/buildings/house/restore?seen=2", {}),
        ("POST", f"{IN}/steps", {"json": {"changes": [{**TREE, "verb": "place", "layer": "trees"}]}}),
        ("POST", f"{IN}/do/take-down", {"json": {"building": "shed-3"}}),
        ("POST", f"{IN}/designs", {"data": {"file": (io.BytesIO(DESIGN), "block.geojson")}}),
        ("POST", f"{IN}/undo", {}),
        ("POST", f"{IN}/redo", {}),
        ("GET", f"{IN}/history", {}),
        ("GET", f"{IN}/differences?with=0", {}),
        ("GET", "/api/indicators", {}),
        ("GET", f"{IN}/indicators/areas?area=city&day=2026-03-21", {}),
        ("GET", f"{IN}/indicators/spacing/drawn", {}),
        ("GET", f"{IN}/indicators/sunlight/raster/{TILE}", {}),
        ("GET", "/api/projects/1/work/counted", {}),
        ("DELETE", "/api/projects/1/work/counted", {}),
        ("GET", f"{IN}/reach?longitude=9&latitude=53.5194&mode=bicycle", {}),
        ("GET", f"{IN}/reach/streets?longitude=9&latitude=53.5194", {}),
        ("GET", f"{IN}/land?hectares=0.5&zone=GE", {}),
        ("GET", f"{IN}/uses/workshop", {}),
        ("GET", "/api/register/buildings?longitude=9&latitude=53.5194", {}),
        ("POST", "/api/register", {"json": {"uid": "feld-12345", "fields": {"kind": "shop"}, **FIELD}}),
        ("GET", f"{IN}/counters", {}),
        ("POST", f"{IN}/counters", {"json": {"geometry": SQUARE, "properties": {"form": {"storeys": 3}}}}),
        ("POST", f"{IN}/return", {"json": {"change": 0}}),
        ("GET", f"{IN}/buildings/house/measured?width=14", {}),
        ("GET", f"{IN}/snapping?bbox=8.999,53.519,9.002,53.522", {}),
        ("GET", "/api/assumptions", {}),
        ("GET", "/api/projects/1/assumptions", {}),
        ("PUT", "/api/assumptions/storey_height", {"json": {"value": 3.1, "reason": "Wie beschlossen"}}),
        ("PUT", "/api/projects/1/assumptions/storey_height", {"json": {"value": 3.2, "reason": "Wie beschlossen"}}),
        ("GET", "/api/participation/1/contributions", {}),
        ("GET", "/api/participation/1/results", {}),
        ("GET", "/ogc", {}),
        ("GET", f"{OGC}/", {}),
        ("GET", f"{OGC}/conformance", {}),
        ("GET", f"{OGC}/collections", {}),
        ("GET", f"{OGC}/collections/buildings", {}),
        ("GET", f"{OGC}/collections/buildings/items?limit=2", {}),
        ("GET", f"{OGC}/collections/buildings/items/house", {}),
        ("GET", f"{OGC}/collections/buildings/queryables", {}),
        ("POST", f"{OGC}/collections/trees/items", {"json": {**TREE, "id": "oak"}}),
        ("PATCH", f"{OGC}/collections/trees/items/oak", {"json": {"properties": {"height": 6.0}}}),
        ("PUT", f"{OGC}/collections/trees/items/oak", {"json": TREE}),
        ("DELETE", f"{OGC}/collections/trees/items/oak", {}),
        ("GET", "/ogc/tileMatrixSets", {}),
        ("GET", "/ogc/tileMatrixSets/WebMercatorQuad", {}),
        ("GET", f"{OGC}/tiles", {}),
        ("GET", f"{OGC}/collections/buildings/tiles", {}),
        ("GET", f"{OGC}/tiles/WebMercatorQuad/{OGC_TILE}", {}),
        ("GET", f"{OGC}/collections/buildings/tiles/WebMercatorQuad/{OGC_TILE}", {}),
        ("GET", f"{OGC}/styles", {}),
        ("GET", f"{OGC}/styles/city", {}),
        *(("GET", f"/tiles/2/{kind}/{TILE}", {}) for kind in ("land", "buildings", "trees", "markers", "labels")),
    ]


def guest():
    """Gil, who is known here and may do nothing."""
    return Person(id=901, login="gil", name="Gil", session="gil")


PEOPLE = {"guest": guest, "planner": planner}


@pytest.fixture
def app(store, where):
    with Session(store) as db:
        settle(db)
        db.add_all([planner(), guest(), Project(id=1, title="Kai")])
        db.add(Scenario(id=1, title="Kai 2040", state="published", project_id=1))
        db.add(Scenario(id=2, title="Kai 2050", project_id=1))
        db.flush()
        hold_session(db)
        db.commit()
    app = create_app(DATABASE=where, SECRET_KEY="of tests/test_openapi.py, and no secret")  # noqa: S106
    app.extensions["twin_desk"].jobs["counted"] = Job("counted", 1, lambda: None, 1, (2,))
    return app


@pytest.fixture
def document(app):
    return schemathesis.openapi.from_wsgi("/api/openapi.json?lang=en", app)


def test_each_address_for_programs_is_described(app):
    with app.app_context():
        told = {rule.rule for rule, _, _ in operations()}
        endpoints = {rule.endpoint for rule, _, _ in operations()}
    wanted = {rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith(FOR_PROGRAMS)}
    assert wanted - told == set()
    assert endpoints == {name for views in VIEWS.values() for name in views}
    assert [name for name in endpoints if not app.view_functions[name].__doc__] == []


def test_each_operation_answers_as_the_document_says(app, document):
    """One question of each, that succeeds: what comes back is what the document promises."""
    operations = {found.ok().label: found.ok() for found in document.get_all_operations()}
    page, asked = as_planner(app), set()
    for method, address, sent in successes():
        answer = page.open(address, method=method, headers=PLAIN, **sent)
        assert answer.status_code in (200, 201), (method, address, answer.text)
        rule, _ = app.url_map.bind("").match(address.partition("?")[0], method, return_rule=True)
        label = f"{method} {address_of(rule)}"
        if label != ITSELF:
            operations[label].validate_response(answer)
            asked.add(label)
    assert operations.keys() - asked == {f"GET {address}" for address in ENDLESS}


def test_fifty_megabytes_are_refused_wherever_they_are_sent(app):
    page, endless = as_planner(app), {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    for address in (f"{IN}/undo", f"{IN}/steps", f"{IN}/trees", f"{IN}/selection", "/api/sources", "/login", "/"):
        told = page.post(address, data=b"x" * MANY, content_type="application/json")
        assert (told.status_code, " MB " in told.text) == (413, True), address
        stream = io.BytesIO(b"x" * MANY)  # in pieces, and nobody says how many
        told = page.post(address, input_stream=stream, content_type="text/plain", environ_overrides=endless)
        assert (told.status_code, " MB " in told.text, stream.tell() < MANY / 2) == (413, True, True), address


def test_a_body_that_nobody_can_read_is_refused_with_a_sentence_by_each_operation(app):
    page, otherwise = as_planner(app), []
    with app.app_context():
        taking = [(rule, method) for rule, method, agreed in operations() if agreed.takes and not agreed.is_form]
    for rule, method in taking:
        names = {"id": 1 if "projects" in rule.rule else 2, "name": "trees", "uid": "lime"}
        address = re.sub("{(.*?)}", lambda found, names=names: str(names[found[1]]), address_of(rule))
        for body in UNREADABLE:
            answer = page.open(address, method=method, data=body, content_type="application/json")
            sentence = answer.json.get("error") or answer.json.get("description", "")  # of ours, and of the OGC
            if not 400 <= answer.status_code < 500 or not sentence.strip().endswith("."):
                otherwise.append((method, address, body[:40], answer.status_code, answer.text[:200]))
        assert page.open(address, method=method, data="<xml/>", content_type="text/xml").status_code == 415
    assert len(taking) > 8
    assert otherwise == []


@pytest.mark.parametrize("asker", ["nobody", *PEOPLE])
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_no_answer_lies_outside_the_document(app, document, asker, mode):
    load_all_checks()
    checks = [check for check in CHECKS.get_all() if check.__name__ in CHECKED]
    assert len(checks) == len(CHECKED)
    cookies = {} if asker == "nobody" else {"twin": cookie_of(app, PEOPLE[asker]())}
    failed = {}
    for found in document.get_all_operations():
        operation = found.ok()
        if operation.path not in ENDLESS:
            failure = first_failure(operation, mode, checks, cookies)
            if failure:
                failed[operation.label] = failure
    assert not failed, "\n\n".join(f"{label}\n{why}" for label, why in failed.items())


def first_failure(operation, mode, checks, cookies):
    there = {**THERE, "id": 2 if cookies else 1, **({"name": "buildings"} if "{uid}" in operation.path else {})}
    known = {name: value for name, value in there.items() if f"{{{name}}}" in operation.path}
    strategy = operation.as_strategy(generation_mode=mode, path_parameters=known or None)

    @settings(BOUNDED, max_examples=EXAMPLES)
    @given(strategy)
    def ask(case):
        case.call_and_validate(cookies=cookies, headers=PLAIN, checks=checks)

    try:
        ask()
    except (Exception, BaseExceptionGroup) as failure:  # of schemathesis, or what the app did not catch
        return f"{failure!r}\n" + "\n".join(getattr(failure, "__notes__", []))
    return None
