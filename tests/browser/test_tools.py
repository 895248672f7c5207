"""The tools beside the city, in a person's clicks: measuring, the help, a picture, names."""

import base64
import io
import re

import numpy as np
import pytest
import rasterio
from PIL import Image
from playwright.sync_api import expect
from pyproj import CRS, Geod
from rasterio.transform import from_origin
from sqlalchemy.orm import Session

from tests.browser.conftest import PATIENCE, served
from tests.browser.test_city_page import from_above, picture, screen_place
from tests.hamlet import EAST, NORTH, new_city, settle
from twin import ground
from twin.store import create_store
from web import create_app

PLACES = [(12.10, 51.04), (12.14, 51.05), (12.13, 51.09), (12.09, 51.07)]


def figures(page):
    return page.locator("#figures").inner_text().replace("\u00a0", " ")


def test_lengths_and_areas_are_those_of_the_ellipsoid(open_page):
    page = open_page()
    length, area = page.evaluate(
        "places => import('/static/geodesy.js').then(found => [found.lengthOf(places), found.areaOf(places)])",
        PLACES,
    )
    longitudes, latitudes = zip(*PLACES, strict=True)
    geod = Geod(ellps="GRS80")
    assert length == pytest.approx(geod.line_length(longitudes, latitudes), rel=1e-5)
    assert area == pytest.approx(abs(geod.polygon_area_perimeter(longitudes, latitudes)[0]), rel=1e-4)


def test_a_length_is_measured_between_two_clicks(open_page):
    page = open_page(from_above())
    page.get_by_role("button", name="Strecke").click()
    page.mouse.click(*screen_place(page, 0, 20))
    page.mouse.click(*screen_place(page, 50, 20))
    page.keyboard.press("e")
    found = float(re.search(r"([\d,]+) m", figures(page))[1].replace(",", "."))
    assert found == pytest.approx(50, abs=0.6)
    assert page.locator("#inspector").is_hidden()
    page.keyboard.press("Escape")
    assert page.locator("#measuring").is_hidden()
    assert page.get_by_role("button", name="Auswählen", exact=True).get_attribute("aria-pressed") == "true"


def test_an_area_is_measured_with_a_double_click_at_its_end(open_page):
    page = open_page(from_above())
    page.keyboard.press("a")
    for x, y in ((0, 12), (60, 12), (60, 28)):
        page.mouse.click(*screen_place(page, x, y))
    page.mouse.dblclick(*screen_place(page, 0, 28))
    page.locator("#measure-done").wait_for(state="hidden")
    found = float(re.search(r"([\d.,]+) m²", figures(page))[1].replace(".", "").replace(",", "."))
    assert found == pytest.approx(60 * 16, rel=0.03)


def test_the_height_of_a_roof_is_told(open_page):
    page = open_page(from_above())
    page.keyboard.press("m")
    page.mouse.click(*screen_place(page, 6, 35))
    page.locator("#figures dd").nth(2).wait_for()
    text = figures(page)
    assert re.search(r"2[12],\d m ü. NHN", text)
    assert "Gelände\nnicht bekannt" in text


def test_points_are_set_by_keyboard_in_the_middle_of_the_picture(open_page):
    page = open_page(from_above())
    page.keyboard.press("l")
    page.keyboard.press("Enter")
    first = page.locator("#measured circle").first
    start = float(first.get_attribute("cx"))
    page.keyboard.press("ArrowRight")
    for _ in range(600):  # until the camera has moved, a minute at the most
        if abs(float(first.get_attribute("cx")) - start) > 40:
            break
        page.wait_for_timeout(100)
    page.keyboard.press("Enter")
    page.locator("#measured circle").nth(1).wait_for(state="attached")
    assert " m" in figures(page)


def test_the_help_lists_the_keys(open_page):
    page = open_page()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Strecke messen")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_picture_for_print_has_its_size_and_is_not_blank(open_page):
    page = open_page(from_above())
    page.keyboard.press("b")
    page.get_by_label("Titel").fill("Kai am Abend")
    with page.expect_download() as download:
        page.get_by_role("dialog").get_by_role("button", name="Bild speichern").click()
    assert download.value.suggested_filename == "Kai-am-Abend.png"
    image = Image.open(io.BytesIO(download.value.path().read_bytes()))
    assert image.size == (2339, 1654)
    model = np.asarray(image.convert("RGB"))[300:1200, 200:2100].reshape(-1, 3)
    assert len(np.unique(model, axis=0)) > 100
    pond = (np.abs(model.astype(int) - (172, 205, 219)).max(axis=1) <= 14).sum()
    assert pond > 500


def names(page):
    """How many pixels bear a name."""
    drawn = page.evaluate("document.getElementById('names').toDataURL()")
    image = Image.open(io.BytesIO(base64.b64decode(drawn.split(",")[1])))
    return int((np.asarray(image)[:, :, 3] > 0).sum())


def test_names_are_written_and_can_be_switched_off(open_page):
    page = open_page(from_above())
    page.wait_for_timeout(1500)
    assert names(page) > 200
    page.get_by_label("Beschriftung").uncheck()
    assert names(page) == 0
    assert "labels=off" in page.evaluate("location.hash")


def roof(page):
    """The colour of the house's southern roof."""
    x, y = screen_place(page, 4, 33)
    return picture(page)[int(y - page.locator("#view").bounding_box()["y"]), int(x)]


def test_buildings_are_coloured_by_a_field_and_a_link_remembers_it(open_page):
    page = open_page(from_above())
    red, _, blue = roof(page)
    assert red > blue + 30  # clay
    page.get_by_role("heading", name="Einfärben").click()
    page.locator("#colour-layer").select_option("buildings")
    page.locator("#colour-legend li").first.wait_for()
    page.wait_for_timeout(4000)
    red, _, blue = roof(page)
    assert blue > red + 30  # the class of the highest
    expect(page.locator("#colour-legend")).to_contain_text("9,5 m")
    link = page.evaluate("location.hash")
    assert "colour=buildings.height.quantile" in link
    again = open_page("/" + link)
    again.locator("#colour-legend li").first.wait_for()


@pytest.fixture(scope="module")
def on_a_terrain(tmp_path_factory):
    """The hamlet on ground of 12 m above the sea."""
    folder = tmp_path_factory.mktemp("terrain")
    raster = folder / "dgm1.tif"
    place = {"transform": from_origin(EAST - 200, NORTH + 300, 1, 1), "crs": "EPSG:25832"}
    with rasterio.open(raster, "w", driver="GTiff", width=500, height=500, count=1, dtype="float32", **place) as file:
        file.write(np.full((1, 500, 500), 12, "float32"))
    engine = create_store(str(folder / "city.gpkg"), new_city())
    with Session(engine) as db:
        settle(db)
        ground.write_terrain(db, 25832, str(raster), CRS(25832))
        db.commit()
    engine.dispose()
    with served(create_app(DATABASE=str(folder / "city.gpkg"))) as url:
        yield url


def test_the_height_above_the_ground_is_measured(chromium, on_a_terrain):
    page = chromium.new_page(viewport={"width": 900, "height": 640})
    page.set_default_timeout(PATIENCE)
    page.goto(on_a_terrain + from_above())
    page.wait_for_selector("html[data-sharp]", state="attached")
    page.keyboard.press("m")
    page.mouse.click(*screen_place(page, 6, 35))
    page.locator("#figures dd").nth(2).wait_for()
    ground_level, roof_level, above = re.findall(r"([\d,]+) m", figures(page))[:3]
    assert ground_level == "12,0"
    assert 21 <= float(roof_level.replace(",", ".")) <= 22  # the ridge lies at 22 m, the eaves at 18.5 m
    assert float(above.replace(",", ".")) == pytest.approx(float(roof_level.replace(",", ".")) - 12, abs=0.11)
    page.mouse.click(*screen_place(page, 45, 20))
    page.locator("#figures").get_by_text("Höhenunterschied").wait_for()
    assert figures(page).split("Höhenunterschied")[1].strip().startswith(f"-{above}")
    page.close()


def dark(image, threshold=110):
    return np.asarray(image.convert("L")) < threshold


def test_a_picture_on_a3_has_a_true_scale_north_and_sources(open_page):
    page = open_page(from_above())
    (x1, _), (x2, _) = screen_place(page, 0, 20), screen_place(page, 50, 20)
    box = page.locator("#view").bounding_box()
    page.keyboard.press("b")
    page.get_by_label("Papier").select_option("a3")
    with page.expect_response("**/api/sources*") as sources, page.expect_download() as download:
        page.get_by_role("dialog").get_by_role("button", name="Bild speichern").click()
    assert any("dl-de/by-2-0" in line for layer in sources.value.json() for line in layer["lines"])
    image = Image.open(io.BytesIO(download.value.path().read_bytes()))
    assert image.size == (3307, 2339)  # 420 x 297 mm at 200 dots an inch
    unit = 2339 / 100
    fit = max((3307 - 6 * unit) / box["width"], (2339 - 21 * unit) / box["height"])
    edge = dark(image)[round(2339 - 9.6 * unit), round(3 * unit) + 2 :]  # the bar's upper one
    metres = edge.argmin() / (fit * (x2 - x1) / 50)
    assert any(metres == pytest.approx(whole, rel=0.02) for whole in (10, 20, 50, 100)), metres
    arrow = image.crop((round(3307 - 8 * unit), round(2339 - 12 * unit), 3307, round(2339 - 6 * unit)))
    lines = image.crop((0, round(2339 - 6 * unit), 3307, 2339))
    assert dark(arrow).sum() > 400
    assert dark(lines, 160).sum() > 1500


def test_a_link_lands_in_the_same_view(open_page):
    page = open_page(from_above() + "&sun=2026-06-21T09:30")
    page.get_by_role("checkbox", name="Bäume").uncheck()
    page.get_by_role("heading", name="Einfärben").click()
    page.locator("#colour-layer").select_option("buildings")
    page.locator("#colour-legend li").first.wait_for()
    page.locator("#open-table").click()
    page.locator("#drawer .filters summary").click()
    page.locator("#drawer [name='height.from']").fill("5")
    page.locator("#drawer [name='storeys.from']").fill("2")
    page.locator("#drawer").get_by_role("button", name="Anwenden").click()
    page.locator("#drawer [data-hits='1']").wait_for()
    page.get_by_role("link", name="Filter auf der Karte zeigen").click()
    page.locator("#filter-words").get_by_text("1 von 6").wait_for()
    page.keyboard.press("Escape")
    page.get_by_label("Beschriftung").uncheck()
    page.get_by_role("checkbox", name="Gewässer").uncheck()
    page.locator("#sun-time").press("ArrowRight")
    page.wait_for_url(lambda url: "sun=2026-06-21T09:35" in url)
    link = page.evaluate("location.hash")
    other = open_page("/" + link)
    other.locator("#colour-legend li").first.wait_for()
    other.locator("#filter-words").get_by_text("1 von 6").wait_for()
    for box in ("Bäume", "Gewässer", "Beschriftung"):
        assert not other.get_by_role("checkbox", name=box).is_checked()
    assert other.get_by_role("checkbox", name="Gebäude").is_checked()
    for told in ("#filter-words", "#colour-legend", "#sun-clock", "#sun-day-named"):
        assert other.locator(told).inner_text() == page.locator(told).inner_text()
    page.mouse.move(2, 2)  # what the pointer is over lights up
    other.wait_for_timeout(5000)
    assert other.evaluate("location.hash") == link
    assert np.abs(picture(other) - picture(page)).mean() < 5  # a view from elsewhere differs by more than ten
