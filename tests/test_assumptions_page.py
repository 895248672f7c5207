"""What figures assume, as pages: of the city and of a project."""

import re

import pytest

from scenarios.assumptions import defaults
from tests.hamlet import TOKEN
from tests.test_planner import page  # noqa: F401  # fixtures
from web import create_app

CITY, PROJECT = "/assumptions", "/projects/1/assumptions"


def row(page, address, name="dwelling_area"):  # noqa: F811
    return re.search(rf'<tr id="{name}".*?</tr>', page.get(address).text, re.DOTALL)[0]


def send(page, address, **entered):  # noqa: F811
    return page.post(address, data={"token": TOKEN, "name": "dwelling_area", **entered})


def test_every_assumption_stands_there_with_unit_source_and_default(page):  # noqa: F811
    for address in (CITY, PROJECT):
        told = page.get(address).text
        for one in defaults().values():
            assert one.title.de in told and one.source.de in told and f'id="{one.name}"' in told
    assert "<b>92</b> m²" in row(page, CITY) and "01.07.2023" in row(page, CITY)


def test_a_project_overrides_the_city_s_value_with_a_reason_and_takes_that_back(page):  # noqa: F811
    assert send(page, CITY, value="88,5", reason="Zensus der Stadt").status_code == 303
    assert "88,5" in row(page, PROJECT) and "von der Stadt geändert" in row(page, PROJECT)
    answer = send(page, PROJECT, value="70", reason="Kleine Wohnungen am Kai")
    assert answer.location == "/projects/1/assumptions?lang=de#dwelling_area"
    told = row(page, PROJECT)
    assert all(
        part in told for part in ("<b>70</b>", "vom Projekt geändert", "Kleine Wohnungen am Kai", "Pia", "92 m²")
    )
    assert "88,5" in row(page, CITY)
    figures = {one["name"]: one for one in page.get("/api/scenarios/1/counters").json}
    assert 70 in [one["value"] for one in figures["dwellings"]["assumptions"]]
    assert send(page, PROJECT, does="reset").status_code == 303
    assert "<b>88,5</b>" in row(page, PROJECT)


def test_what_was_assumed_before_is_kept_also_when_it_is_taken_back(page, where):  # noqa: F811
    send(page, CITY, value="88,5", reason="Zensus der Stadt")
    send(page, PROJECT, value="70", reason="Kleine Wohnungen am Kai")
    send(page, PROJECT, value="4000", reason="zu groß")  # refused: no line
    send(page, PROJECT, does="reset")
    send(page, PROJECT, does="reset")  # nothing to take back: no line
    told = re.sub(r"<[^>]+>|\s+", " ", row(page, PROJECT))
    told = re.sub(r" +", " ", told)
    assert "Verlauf (3)" in told
    assert re.search(
        r"Projekt, zurückgesetzt: 70 → 88,5 m².*Pia, \d\d\.\d\d\.\d{4}.*Projekt, geändert: 88,5 → 70 m²"
        r".*Kleine Wohnungen.*Stadt, geändert: 92 → 88,5 m².*Zensus der Stadt",
        told,
    )
    assert "Verlauf (1)" in row(page, CITY)
    assert "Pia" not in create_app(DATABASE=where).test_client().get(CITY).text


@pytest.mark.parametrize(
    ("entered", "status", "told"),
    [
        ({"value": "viel", "reason": "so ist es"}, 422, "„viel“ ist keine Zahl"),
        ({"value": "4000", "reason": "so ist es"}, 422, "20 – 400 m²"),
        ({"value": "80", "reason": " "}, 422, "begründen"),
        ({"value": "80", "reason": "x", "name": "moon"}, 404, "dwelling_area"),
    ],
)
def test_what_cannot_be_assumed_is_refused_beside_what_was_entered(page, entered, status, told):  # noqa: F811
    answer = send(page, PROJECT, **entered)
    assert answer.status_code == status
    assert told in answer.text
    if "name" not in entered:
        assert f'value="{entered["value"]}"' in answer.text and "<details open>" in answer.text
    assert "<b>92</b>" in row(page, PROJECT)


def test_everyone_reads_what_figures_rest_on_and_few_change_it(page, where):  # noqa: F811
    send(page, CITY, value="80", reason="Zensus der Stadt")
    stranger = create_app(DATABASE=where).test_client()
    told = stranger.get(CITY).text
    assert "Zensus der Stadt" in told and "Pia" not in told and "set-assumption" not in told
    with stranger.session_transaction() as session:
        session["token"] = TOKEN
    assert send(stranger, CITY, value="90", reason="weil es so ist").status_code == 401
    assert stranger.get("/projects/99/assumptions").status_code == 404


def test_figures_lead_to_what_they_rest_on(page):  # noqa: F811
    for address in ("/projects/1", "/scenarios/1/differences", "/scenarios/1?plan"):
        assert "/projects/1/assumptions" in page.get(address).text
    assert 'href="/assumptions' in page.get("/projects").text
