"""Strange questions to the city's pages, and what they answer."""

import pytest

from tests.hamlet import settle
from web import create_app

HUGE = "9" * 25


@pytest.fixture
def visitor(db, where):
    settle(db)
    return create_app(DATABASE=where).test_client()


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        ("/scenarios/99", 404, "Es gibt keine Variante 99."),
        (f"/scenarios/{HUGE}", 404, f"Es gibt keine Variante {HUGE}."),
        (f"/scenarios/{HUGE}/table/buildings", 404, "Es gibt keine Variante"),
        (f"/tiles/{HUGE}/buildings/14/1/1", 404, "Es gibt keine Variante"),
        (f"/api/height?longitude=9&latitude=53&scenario={HUGE}", 400, "muss eine ganze Zahl von 0 bis 2147483647"),
        (f"/api/scenarios/0/search?q=kai&limit={HUGE}", 400, "muss eine ganze Zahl von 1 bis 50"),
        ("/scenarios/0/moats/1", 404, "Es gibt keine Ebene namens moats."),
        ("/scenarios/0/buildings/shed-9", 404, "gibt es shed-9 nicht oder nicht mehr"),
        ("/scenarios/0/buildings/shed-9?lang=en", 404, "There is no shed-9 in the layer"),
        ("/scenarios/0/buildings/shed-9?part", 404, "gibt es shed-9 nicht oder nicht mehr"),
        ("/scenarios/0/buildings/%00", 400, "Zeichen, das in keinem Namen vorkommt"),
        ("/scenarios/0/table/buildings?name.has=%00", 400, "Zeichen, das in keinem Namen vorkommt"),
        ("/scenarios/0/table/buildings?height.from=1e999", 400, "Höhe: 1e999 ist keine Zahl."),
        ("/scenarios/0/table/buildings?sort=beauty", 400, "hat kein Feld beauty"),
        ("/scenarios/0/table/buildings/csv?sort=beauty", 400, "hat kein Feld beauty"),
        ("/scenarios/0/search?q=" + "a" * 500, 400, "höchstens 80 Zeichen, nicht 500"),
        ("/nothing/here", 404, "Diese Seite gibt es nicht."),
    ],
)
def test_what_cannot_be_is_answered_with_a_sentence(visitor, path, status, sentence):
    answer = visitor.get(path)
    assert answer.status_code == status
    assert sentence in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "path",
    [
        f"/scenarios/0/table/buildings?page={HUGE}",
        f"/scenarios/0/table/buildings?storeys.from={HUGE}",
        "/scenarios/0/table/buildings?height.from=1e308",
        "/api/scenarios/0/at?longitude=180&latitude=90&layers=water",
        "/api/scenarios/0/seen?longitude=180&latitude=90&west=-180&south=-90&east=180&north=90&bearing=0",
        "/tiles/0/land/14/0/0",
    ],
)
def test_huge_numbers_are_only_numbers(visitor, path):
    assert visitor.get(path).status_code == 200


def test_of_a_feature_that_is_gone_the_page_leads_on_to_those_that_are_there(visitor):
    page = visitor.get("/scenarios/0/buildings/shed-9").get_data(as_text=True)
    assert 'href="/scenarios/0/table/buildings?lang=de"' in page
    assert 'href="/?lang=de"' in page


def sentence(visitor, west, south, east, north, bearing=0):
    asked = f"longitude=9.0005&latitude=53.5197&west={west}&south={south}&east={east}&north={north}&bearing={bearing}"
    return visitor.get(f"/api/scenarios/0/seen?{asked}&lang=de").get_json()["sentence"]


def test_who_hears_the_page_is_told_what_the_camera_shows(visitor):
    whole = sentence(visitor, 8.9, 53.4, 9.1, 53.6)
    assert whole == "Kaiweg: 6 Gebäude im Bild, Blick nach Norden."
    assert sentence(visitor, 8.9, 53.4, 9.0004, 53.6, 90) == "Kaiweg: 3 Gebäude im Bild, Blick nach Osten."
    assert sentence(visitor, 8.9, 53.4, 8.95, 53.6, 359) == "Kaiweg: 0 Gebäude im Bild, Blick nach Norden."
