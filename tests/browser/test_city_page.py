"""The city in a real browser: what a person sees, clicks, and reads."""

import io
import json

import numpy as np
from PIL import Image
from playwright.sync_api import expect

from tests.hamlet import EAST, NORTH
from twin.projection import LONLAT, transformer


def picture(page):
    """The canvas alone: (height, width, 3)."""
    panels = page.locator(".panel, .camera, .state")
    shown = page.locator("#view").screenshot(mask=[panels], mask_color="#ff00ff")
    return np.asarray(Image.open(io.BytesIO(shown)).convert("RGB")).astype(int)


def like(image, color, near=14):
    """How many pixels have about that colour."""
    return int((np.abs(image - np.array(color)).max(axis=2) <= near).sum())


def screen_place(page, x, y):
    """Where a place of the hamlet, in metres from its corner, is on the screen: by the view's own projection."""
    longitude, latitude = transformer(25832, LONLAT).transform(EAST + x, NORTH + y)
    camera = page.evaluate("location.hash").split("camera=")[1].split("&")[0].split(",")
    view = dict(zip(("longitude", "latitude", "zoom", "pitch", "bearing"), map(float, camera), strict=True))
    box = page.locator("#view").bounding_box()
    size = {"width": box["width"], "height": box["height"]}
    spot = page.evaluate(
        "([view, place]) => new deck.WebMercatorViewport(view).project(place)",
        [{**view, **size}, [longitude, latitude]],
    )
    return box["x"] + spot[0], box["y"] + spot[1]


def from_above():
    """The hamlet seen straight down, to the right of the panel with the layers, with no overview upon it."""
    longitude, latitude = transformer(25832, LONLAT).transform(EAST - 20, NORTH + 25)
    return f"/#camera={longitude:.6f},{latitude:.6f},17.60,0,0&overview=off"


def test_the_city_is_drawn(open_page):
    image = picture(open_page())
    assert like(image, (172, 205, 219)) > 200  # the pond
    assert len(np.unique(image.reshape(-1, 3), axis=0)) > 100


def test_a_click_on_a_building_tells_its_fields_and_its_source(open_page):
    page = open_page(from_above())
    page.mouse.click(*screen_place(page, 6, 33))
    inspector = page.locator("#inspector[data-uid=house]")
    inspector.wait_for()
    text = inspector.inner_text()
    for words in ("Zollhaus <b>", "Satteldach", "9,5 m", "geschätzt", "nicht bekannt", "LoD2_32_500_5930.gml"):
        assert words in text
    page.keyboard.press("Escape")
    assert page.locator("#inspector").is_hidden()


def test_a_click_on_the_lane_tells_of_the_lane(open_page):
    page = open_page(from_above())
    page.mouse.click(*screen_place(page, 45, 20))
    page.locator("#inspector[data-uid=lane]").wait_for()
    expect(page.locator("#inspector")).to_contain_text("Kaiweg")


def test_a_layer_that_is_switched_off_leaves_the_picture_and_the_address_remembers(open_page):
    page = open_page(from_above())
    before = like(picture(page), (172, 205, 219))
    page.get_by_role("checkbox", name="Gewässer").uncheck()
    page.wait_for_timeout(3000)
    assert before > 200
    assert like(picture(page), (172, 205, 219)) < before / 10
    assert "water" not in page.evaluate("location.hash").split("layers=")[1]
    again = open_page("/" + page.evaluate("location.hash"))
    assert not again.get_by_role("checkbox", name="Gewässer").is_checked()


def test_an_empty_building_is_violet(open_page):
    page = open_page(from_above())
    violet = like(picture(page), (160, 136, 206), 30)
    page.get_by_role("checkbox", name="Gebäude").uncheck()
    page.wait_for_timeout(3000)
    assert violet > 100
    assert like(picture(page), (160, 136, 206), 30) < violet / 2


def test_everything_is_reached_by_keyboard(open_page):
    page = open_page(from_above())
    page.locator("#view canvas").focus()
    start = page.evaluate("location.hash")
    page.keyboard.press("ArrowRight")
    page.wait_for_url(lambda url: not url.endswith(start))
    page.locator("#closer").focus()
    zoomed = page.evaluate("location.hash")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: not url.endswith(zoomed))
    page.locator("#tilt").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url.split(",")[3] == "35")
    assert page.evaluate("location.hash").count(",") >= 4


def test_on_a_phone_the_panels_lie_below_the_city(open_page):
    page = open_page(width=390, height=800)
    panel = page.locator(".panel.layers").bounding_box()
    assert panel["width"] >= 385
    assert panel["y"] > 640
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_in_a_dark_room_the_page_is_dark(open_page):
    light, dark = picture(open_page()), picture(open_page(color_scheme="dark"))
    assert dark.mean() < light.mean() * 0.7


def test_the_language_is_changed_without_leaving_the_view(open_page):
    page = open_page(from_above())
    camera = page.evaluate("location.hash")
    page.get_by_role("link", name="English").click()
    page.wait_for_selector("html[lang=en][data-sharp]", state="attached")
    expect(page.get_by_role("checkbox", name="Buildings")).to_be_visible()
    assert json.dumps(camera.split("camera=")[1].split(",")[:2]) in json.dumps(
        page.evaluate("location.hash").split("camera=")[1].split(",")[:2]
    )


def test_on_a_phone_nothing_lies_on_anything_else(open_page):
    page = open_page(width=390, height=800)
    shown = "header a, header button, header b, .bar button, .sun-open, .camera button"
    boxes = [(one.inner_text() or one.get_attribute("id"), one.bounding_box()) for one in page.locator(shown).all()]
    boxes = [(name, box) for name, box in boxes if box and box["width"] > 1]
    laid_over = [
        (name, other)
        for i, (name, a) in enumerate(boxes)
        for other, b in boxes[i + 1 :]
        if a["x"] < b["x"] + b["width"] - 1 and b["x"] < a["x"] + a["width"] - 1
        and a["y"] < b["y"] + b["height"] - 1 and b["y"] < a["y"] + a["height"] - 1
    ]  # fmt: skip
    assert laid_over == []
    assert len(boxes) > 12
    assert page.evaluate("(name => name.scrollWidth <= name.clientWidth)(document.querySelector('.crumbs b'))")
