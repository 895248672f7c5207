"""What the page says and does when something is missing, broken or out of sight."""

import pytest
from playwright.sync_api import expect
from shapely.geometry import LineString, Point
from sqlalchemy.orm import Session

from layers.blocks import Block
from layers.buildings import Building
from layers.facilities import Facility
from layers.lines import Line
from layers.parcels import Parcel
from layers.stops import Stop
from layers.streets import Street
from layers.surfaces import Surface
from layers.trees import Tree
from layers.vacancies import Vacancy
from layers.water import Water
from layers.zones import Zone
from tests.browser.conftest import served
from tests.browser.test_city_page import from_above, like, picture
from tests.hamlet import EAST, NORTH, at, new_city
from twin.store import create_store
from web import create_app

POND = (172, 205, 219)
AGAIN = "Noch einmal versuchen"


def state(page):
    return page.locator("#state")


def test_of_tiles_that_fail_is_told_once_and_only_they_are_asked_for_again(open_page):
    page = open_page("/#overview=off", ready=False)  # which asks for land of its own
    failing, asked = True, []
    page.route("**/tiles/0/buildings/**", lambda route: route.fulfill(status=500) if failing else route.continue_())
    page.reload()
    page.get_by_role("button", name=AGAIN).wait_for()
    page.wait_for_selector("html[data-sharp]", state="attached")
    assert like(picture(page), POND) > 200  # the rest stays
    failing = False
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_role("button", name=AGAIN).click()
    page.wait_for_function("() => !document.querySelector('#state button')")
    page.wait_for_timeout(3000)
    assert [url for url in asked if "/tiles/0/buildings/" in url]
    assert [url for url in asked if "/tiles/0/land/" in url] == []
    assert like(picture(page), (200, 142, 112), 40) > 50  # roofs
    assert page.evaluate("document.activeElement.tagName") == "CANVAS"


def test_a_lost_connection_is_told_and_what_was_missing_comes_when_it_is_back(open_page):
    page = open_page(from_above())
    page.context.set_offline(True)
    state(page).get_by_text("Keine Verbindung").wait_for()
    page.get_by_role("button", name="Weiter weg").click()  # what is loaded stays usable
    page.locator("#search").fill("zollhaus")
    page.get_by_role("listbox").get_by_text("konnte nicht geladen werden").wait_for()
    page.keyboard.press("Escape")
    page.evaluate("() => dispatchEvent(new CustomEvent('go-to', {detail: {layer: 'buildings', uid: 'house'}}))")
    page.locator("#inspector").get_by_text("Der Server antwortet nicht.").wait_for()
    page.context.set_offline(False)
    state(page).get_by_text("Die Verbindung ist wieder da.").wait_for()
    page.locator("#inspector[data-uid=house]").wait_for()


def test_a_link_to_a_feature_that_is_gone_says_so_and_leads_on(open_page):
    page = open_page(from_above() + "&select=buildings/shed-9")
    panel = page.locator("#inspector")
    panel.get_by_text("In der Ebene „Gebäude“ gibt es shed-9 nicht oder nicht mehr.").wait_for()
    panel.get_by_role("link", name="Alle aus dieser Ebene").click()
    page.locator("#drawer [data-hits='6']").wait_for()


def test_a_camera_that_cannot_be_shows_the_whole_town(open_page):
    page = open_page("/#camera=900,900,15,0,0")
    state(page).get_by_text("Die Ansicht in diesem Link ist nicht zu lesen.").wait_for()
    assert like(picture(page), POND) > 200
    for camera in ("NaN,NaN,NaN,NaN,NaN", "9,53.5", "a,b,c,d,e", "1e999,1,1,1,1"):
        read = """async camera => {
          history.replaceState(null, '', '#camera=' + camera)
          const {cameraAsked} = await import('/static/address.js')
          return cameraAsked() ?? null
        }"""
        assert page.evaluate(read, camera) is None, camera


def test_a_camera_far_from_the_city_is_told_and_brought_home(open_page):
    page = open_page("/#camera=0,0,1e300,1e300,1e300")
    state(page).get_by_text("Hier ist nichts von der Stadt zu sehen.").wait_for()
    state(page).get_by_role("button", name="Ganze Stadt").click()
    page.wait_for_function("() => !document.querySelector('#state button')")
    page.wait_for_timeout(3000)
    assert like(picture(page), POND) > 200


def test_an_address_full_of_nonsense_still_opens_the_city(open_page):
    nonsense = "layers=moats,,%00&select=moats&filter=%E0%A4%A?&colour=moats.depth.best&sun=2026-99-99T99:99&labels=1&%"
    page = open_page(f"/#{nonsense}")
    assert like(picture(page), POND) > 200
    assert page.locator("#filter-chip").inner_text().startswith("Der Filter konnte nicht geladen werden.")
    page.get_by_role("button", name="Filter aufheben").click()
    assert page.locator("#filter-chip").is_hidden()


def here(x, y=0):
    return Point(EAST + x, NORTH + y)


LINE = LineString([(EAST, NORTH), (EAST + 100, NORTH + 30)])
ALONE = {
    "buildings": Building(uid="1", height=9.0, shape=at(0, 0)),
    "parcels": Parcel(uid="1", shape=at(0, 0)),
    "zones": Zone(uid="1", shape=at(0, 0)),
    "vacancies": Vacancy(uid="1", kind="hall", shape=here(5)),
    "stops": Stop(uid="1", name="Kai", shape=here(5)),
    "lines": Line(uid="1", shape=LINE),
    "streets": Street(uid="1", name="Kaiweg", shape=LINE),
    "surfaces": Surface(uid="1", shape=at(0, 0, 80, 80)),
    "trees": Tree(uid="1", height=9.0, crown=6.0, shape=here(5)),
    "facilities": Facility(uid="1", name="Schule", shape=here(5)),
    "blocks": Block(uid="1", shape=at(0, 0, 80, 80)),
    "water": Water(uid="1", shape=at(0, 0, 80, 80)),
}


@pytest.mark.parametrize("name", ALONE)
def test_a_city_of_one_layer_alone_is_drawn(chromium, tmp_path, name):
    place = str(tmp_path / "city.gpkg")
    engine = create_store(place, new_city())
    with Session(engine) as db:
        db.add(ALONE[name])
        db.commit()
    engine.dispose()
    complaints = []
    with served(create_app(DATABASE=place)) as address:
        page = chromium.new_page(viewport={"width": 640, "height": 480})
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(address)
        page.wait_for_selector("html[data-ready=drawn]", state="attached", timeout=120_000)
        box = page.locator(f".layers input[type=checkbox][name={name}]")
        if not box.is_checked():
            page.locator("#layers").evaluate("one => one.open = true")
            box.check()
            page.wait_for_timeout(2000)
        page.locator("#layers").evaluate("one => one.open = false")
        shown = picture(page)
        page.close()
    assert complaints == []
    middle = shown[150:330, 200:440].reshape(-1, 3)
    assert len({tuple(color) for color in middle}) > 3, "there is something in the middle of the picture"


def test_an_empty_store_says_how_to_fill_it(chromium, tmp_path):
    place = str(tmp_path / "city.gpkg")
    with served(create_app(DATABASE=place)) as address:
        page = chromium.new_page()
        page.goto(address)
        expect(page.locator("main")).to_contain_text("twin load")
        create_store(place, new_city()).dispose()
        page.goto(address)
        expect(page.locator("main")).to_contain_text("hat noch keine Ebenen")
        page.close()
