"""After a change the page draws anew what it touches and nothing else; whatever is seen can be clicked."""

import pytest
from sqlalchemy.orm import Session

from tests.browser.conftest import logged_in, served
from tests.browser.test_city_page import picture, screen_place
from tests.hamlet import EAST, NORTH, at, change, new_city, planner, settle
from twin.feature import Scenario
from twin.projection import LONLAT, transformer
from twin.store import create_store
from web import create_app

SHED = (20, 0)
REFRESH = "async change => (await import('/static/refresh.js')).refresh(change)"


@pytest.fixture
def whose():
    return logged_in(planner())


@pytest.fixture
def engine(tmp_path):
    engine = create_store(str(tmp_path / "city.gpkg"), new_city())
    with Session(engine) as db:
        settle(db)
        db.add_all([planner(), Scenario(id=1, title="Ohne Schuppen")])
        db.commit()
    yield engine
    engine.dispose()


@pytest.fixture
def address(engine):
    with served(create_app(DATABASE=engine.url.database)) as url:
        yield url


def above(x, y, zoom):
    longitude, latitude = transformer(25832, LONLAT).transform(EAST + x, NORTH + y)
    return f"/scenarios/1#camera={longitude:.6f},{latitude:.6f},{zoom:.2f},0,0&overview=off"


def colour_at(page, x, y):
    """Of a place of the hamlet on the canvas."""
    box = page.locator("#view").bounding_box()
    across, down = screen_place(page, x, y)
    return picture(page)[int(down - box["y"]), int(across - box["x"])].tolist()


def wait_for_other_colour(page, place, before):
    for _ in range(60):
        if colour_at(page, *place) != before:
            return
        page.wait_for_timeout(500)
    raise AssertionError("Its colour is what it was.")


def test_a_cleared_shed_leaves_the_picture_and_only_its_tiles_are_asked_for_again(open_page, engine):
    page = open_page(above(-20, 25, 17.6))
    middle = SHED[0] + 5, SHED[1] + 4
    before, neighbour = colour_at(page, *middle), colour_at(page, middle[0] + 20, middle[1])
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    change(engine, "clear", "shed-1")
    bounds = transformer(25832, LONLAT).transform_bounds(*at(*SHED).bounds)
    page.evaluate(REFRESH, {"layer": "buildings", "bounds": list(bounds), "change": 1})
    wait_for_other_colour(page, middle, before)
    assert colour_at(page, middle[0] + 20, middle[1]) == neighbour
    tiles = [url for url in asked if "/tiles/" in url and "/labels/" not in url]  # names may come after the rest
    assert {url.split("/tiles/1/")[1].split("/")[0] for url in tiles} == {"buildings", "land"}
    assert all(url.endswith("&change=1") for url in tiles)
    assert len(tiles) <= 8
    page.reload()
    page.wait_for_selector("html[data-sharp]", state="attached")
    assert colour_at(page, *middle) != before


def test_a_change_elsewhere_asks_for_nothing(open_page):
    page = open_page(above(-20, 25, 17.6))
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate(REFRESH, {"layer": "buildings", "bounds": [10.0, 50.0, 10.1, 50.1], "change": 1})
    page.wait_for_timeout(1000)
    assert [url for url in asked if "/tiles/" in url and "/labels/" not in url] == []


@pytest.mark.parametrize("zoom", [14.6, 15.6, 18.0])
def test_a_building_is_clicked_from_afar_and_from_near(open_page, zoom):
    page = open_page(above(6, 35, zoom).replace("/scenarios/1", "/"))
    page.mouse.click(*screen_place(page, 6, 35))
    page.locator("#inspector[data-uid=house]").wait_for()


@pytest.mark.parametrize("zoom", [15.6, 18.0])
def test_a_tree_is_clicked_from_afar_and_from_near(open_page, zoom):
    page = open_page(above(30, 40, zoom).replace("/scenarios/1", "/"))
    page.mouse.click(*screen_place(page, 30, 40))
    page.locator("#inspector[data-uid=lime]").wait_for()


def test_while_the_view_moves_fewer_pixels_are_drawn_and_all_of_them_at_rest(open_page):
    page = open_page(above(-20, 25, 17.6))
    width = "document.querySelector('#view canvas').width"
    whole = page.evaluate(width)
    page.mouse.move(500, 400)
    page.mouse.down()
    page.mouse.move(560, 420, steps=3)
    page.wait_for_timeout(500)
    moving = page.evaluate(width)
    page.mouse.up()
    page.wait_for_timeout(3000)
    assert moving < whole
    assert page.evaluate(width) == whole
