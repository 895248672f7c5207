"""What lies on the map and beside it, in a person's clicks: highlights, selections, opacity, maps of others."""

import io
import re

import numpy as np
import pytest
from flask import Flask, Response
from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import PATIENCE, served
from tests.browser.test_city_page import from_above, like, picture, screen_place
from tests.hamlet import EAST, NORTH
from twin.projection import LONLAT, transformer
from web import create_app

POND, BLUE = (172, 205, 219), (40, 60, 220)


def until(page, holds):
    """Waits until the picture is as it should be: a processor draws it, and it may be shared."""
    for _ in range(PATIENCE // 1000):
        if holds():
            return True
        page.wait_for_timeout(1000)
    return False


def over(page, x, y):
    page.mouse.move(*screen_place(page, x, y))


def pixels(page, canvas):
    """How many pixels of a canvas over the picture are painted."""
    return page.evaluate(
        "id => { const it = document.getElementById(id); if (it.hidden) return 0;"
        " const all = it.getContext('2d').getImageData(0, 0, it.width, it.height).data;"
        " let some = 0; for (let i = 3; i < all.length; i += 4) some += all[i] > 0; return some }",
        canvas,
    )


def test_what_the_pointer_is_over_lights_up_and_says_its_name(open_page):
    page = open_page(from_above())
    x, y = screen_place(page, 5, 4)
    left, top = page.locator("#view").bounding_box()["x"], page.locator("#view").bounding_box()["y"]
    before = picture(page)[int(y - top), int(x - left)]
    over(page, 5, 4)
    expect(page.locator("#tag")).to_have_text(re.compile("Gebäude"))

    def yellow():
        spot = picture(page)[int(y - top), int(x - left)]
        return spot[0] > spot[2] + 60 and np.abs(spot - before).max() > 40

    assert until(page, yellow)
    over(page, 45, 20)
    expect(page.locator("#tag")).to_have_text(re.compile("Kaiweg"))
    assert until(page, lambda: pixels(page, "marks") > 500)
    page.mouse.move(5, 5)
    expect(page.locator("#tag")).to_be_hidden()
    assert until(page, lambda: pixels(page, "marks") == 0)


def test_a_row_of_the_table_lights_up_what_it_stands_for(open_page):
    page = open_page(from_above())
    page.get_by_role("link", name="Als Tabelle: Straßen und Wege").click()
    page.locator(".place[data-uid=lane]").focus()
    assert until(page, lambda: pixels(page, "marks") > 200)


def test_several_are_selected_with_clicks_and_a_rectangle_and_summed_up(open_page):
    page = open_page(from_above(), width=1300)
    page.mouse.click(*screen_place(page, 5, 4))
    page.locator("#inspector[data-uid=shed-0]").wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    page.locator("#selection").wait_for()
    page.mouse.move(*screen_place(page, 12, -6))
    page.mouse.down()
    page.mouse.move(*screen_place(page, 55, 14), steps=4)
    page.mouse.up()
    expect(page.locator("#selection-count")).to_have_text("2")
    page.mouse.click(*screen_place(page, 5, 4))
    expect(page.locator("#selection-count")).to_have_text("3")
    expect(page.locator("#selection")).to_contain_text("240")  # m² of three sheds
    assert until(page, lambda: like(picture(page), (44, 148, 144), 40) > 300)
    link = page.evaluate("location.hash")
    assert "chosen=buildings/shed-1,buildings/shed-2,buildings/shed-0" in link
    again = open_page("/" + link)
    expect(again.locator("#selection-count")).to_have_text("3")
    with again.expect_download() as download:
        again.get_by_role("button", name="CSV").click()
    assert "shed-2" in download.value.path().read_text(encoding="utf-8")
    again.get_by_role("button", name="Herausnehmen").first.click()
    expect(again.locator("#selection-count")).to_have_text("2")
    again.get_by_role("button", name="Auswahl aufheben").click()
    expect(again.locator("#selection")).to_be_hidden()
    assert "chosen" not in again.evaluate("location.hash")


def test_with_shift_a_click_adds_to_the_selection(open_page):
    page = open_page(from_above())
    page.keyboard.down("Shift")
    page.mouse.click(*screen_place(page, 5, 4))
    page.mouse.click(*screen_place(page, -30, 20))  # the panel of the selection may lie upon what is farther east
    page.keyboard.up("Shift")
    expect(page.locator("#selection-count")).to_have_text("2")
    assert page.locator("#inspector").is_hidden()
    expect(page.locator("#selection")).to_contain_text("Kaiweg")


def test_what_fits_a_filter_is_selected_and_the_table_ticks_it(open_page):
    page = open_page(from_above() + "&filter=buildings%3Fheight.from%3D1%26storeys.to%3D1")
    page.get_by_role("button", name="Alle auswählen").click()
    expect(page.locator("#selection-count")).to_have_text("5")
    page.get_by_role("link", name="Als Tabelle: Gebäude").click()
    page.get_by_role("checkbox", name="Auswählen: shed-3").uncheck()
    expect(page.locator("#selection-count")).to_have_text("4")
    page.get_by_role("checkbox", name="Auswählen: house").check()
    expect(page.locator("#selection-count")).to_have_text("5")


def test_by_keyboard_what_stands_in_the_middle_is_selected(open_page):
    longitude, latitude = transformer(25832, LONLAT).transform(EAST + 30, NORTH + 20)
    page = open_page(f"/#camera={longitude:.6f},{latitude:.6f},18.60,0,0")
    page.keyboard.press("r")
    page.locator("#view canvas").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#selection")).to_contain_text("Kaiweg")


def test_on_a_phone_taps_select(open_page):
    page = open_page(from_above(), width=390, height=800, has_touch=True, is_mobile=True)
    assert page.locator("#overview").is_hidden()
    page.get_by_role("button", name="Mehrere auswählen").tap()
    page.touchscreen.tap(*screen_place(page, 5, 4))
    expect(page.locator("#selection-count")).to_have_text("1")
    assert page.locator("#selection").bounding_box()["width"] == 390


def test_a_layer_can_be_seen_through_and_a_link_remembers_it(open_page):
    page = open_page(from_above())
    before = like(picture(page), POND)
    row = page.locator("li", has=page.locator("input[type=checkbox][name=water]")).last
    row.locator(".veil summary").click()
    row.get_by_role("slider").focus()
    page.keyboard.press("Home")
    assert before > 200
    assert until(page, lambda: like(picture(page), POND) < before / 4)
    assert "opacity=water:10" in page.evaluate("location.hash")
    again = open_page("/" + page.evaluate("location.hash"))
    assert again.get_by_role("slider", name="Deckkraft: Gewässer").input_value() == "10"


def test_what_does_not_fit_a_filter_pales_on_the_land_too(open_page):
    page = open_page(from_above())
    before = like(picture(page), POND)
    page.evaluate("() => dispatchEvent(new CustomEvent('filter', {detail: 'water?kind.is=river'}))")
    page.get_by_text("0 von 1").wait_for()
    assert until(page, lambda: like(picture(page), POND) < before / 4)


def test_the_overview_moves_the_camera_and_can_be_hidden(open_page):
    page = open_page(width=1200)
    assert until(page, lambda: pixels(page, "overview-picture") > 1000)
    box = page.locator("#overview").bounding_box()
    before = page.evaluate("location.hash")
    page.mouse.click(box["x"] + 20, box["y"] + 20)
    page.wait_for_function("before => location.hash !== before", arg=before)
    page.get_by_role("button", name="Ausblenden: Übersichtskarte").click()
    assert page.locator("#overview").is_hidden()
    assert "overview=off" in page.evaluate("location.hash")


@pytest.fixture(scope="module")
def maps():
    """A map service on another port of this machine: blue tiles, with the addresses it was asked."""
    app, asked = Flask("maps"), []
    tile = io.BytesIO()
    Image.new("RGB", (64, 64), BLUE).save(tile, "PNG")

    @app.get("/<path:path>")
    def answer(path):
        from flask import request

        asked.append(request.full_path)
        if path.startswith("broken"):
            return "no map today", 500
        return Response(tile.getvalue(), mimetype="image/png", headers={"Access-Control-Allow-Origin": "*"})

    with served(app) as url:
        yield url, asked


@pytest.fixture
def open_with_maps(chromium, address, maps, tmp_path_factory):
    url, asked = maps
    own = {"kind": "xyz", "attribution": "© Vermessungsamt Kai"}
    entries = [
        {**own, "title": "Karte", "address": url + "/xyz/{z}/{x}/{y}.png"},
        {**own, "title": "Luftbild", "kind": "wms", "address": url + "/wms", "layer": "dop"},
        {**own, "title": "Kaputt", "address": url + "/broken/{z}/{x}/{y}.png"},
    ]
    place = next(tmp_path_factory.getbasetemp().glob("hamlet*/city.gpkg"))
    with served(create_app(DATABASE=str(place), BASEMAPS=entries)) as here:
        context = chromium.new_context(viewport={"width": 900, "height": 640})
        context.set_default_timeout(120_000)
        page = context.new_page()
        page.goto(here + from_above())
        page.wait_for_selector("html[data-sharp]", state="attached")
        asked.clear()
        yield page, asked
        context.close()


def test_a_map_of_others_lies_under_the_city_with_its_source(open_with_maps):
    page, asked = open_with_maps
    assert like(picture(page), BLUE, 70) < 1000
    page.get_by_label("Hintergrund").select_option("Karte")
    expect(page.locator("#attribution")).to_have_text("© Vermessungsamt Kai")
    assert until(page, lambda: like(picture(page), BLUE, 70) > 20_000)
    assert asked
    assert all(re.match(r"/xyz/\d+/\d+/\d+\.png", address) for address in asked)
    assert "background=0" in page.evaluate("location.hash")
    page.get_by_label("Hintergrund").select_option("Luftbild")
    assert until(page, lambda: any(address.startswith("/wms") for address in asked))
    wms = next(address for address in asked if address.startswith("/wms"))
    west, south, east, north = map(float, re.search(r"BBOX=([^&]+)", wms)[1].split(","))
    assert east - west == pytest.approx(north - south)
    assert west < 1_001_875 < east + 20_000  # 9 degrees east, in metres of web mercator
    page.get_by_label("Hintergrund").select_option("ohne")
    assert until(page, lambda: like(picture(page), BLUE, 70) < 1000)


def test_a_map_that_does_not_answer_is_told_of(open_with_maps):
    page, _ = open_with_maps
    page.get_by_label("Hintergrund").select_option("Kaputt")
    expect(page.locator("#background-failed")).to_contain_text("„Kaputt“ antwortet nicht")
    assert like(picture(page), POND) > 200
    expect(page.get_by_role("button", name="Noch einmal versuchen")).to_be_visible()
