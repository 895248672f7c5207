"""The whole page without a mouse: the focus is never lost, is always seen, and returns to where it was."""

import re

from tests.hamlet import EAST, NORTH
from twin.projection import LONLAT, transformer

SEEN = """() => {
  const one = document.activeElement
  const {left, top, right, bottom} = one.getBoundingClientRect()
  const style = getComputedStyle(one)
  const isInside = left < innerWidth && right > 0 && top < innerHeight && bottom > 0 && right > left
  const isMarked = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0
  return {name: one.id || one.name || one.textContent.trim().slice(0, 30), tag: one.tagName, isInside, isMarked}
}"""


def above_the_house():
    longitude, latitude = transformer(25832, LONLAT).transform(EAST + 6, NORTH + 35)
    return f"/#camera={longitude:.6f},{latitude:.6f},17.60,0,0"


def focus(page):
    """What has the focus; fails where it is lost or cannot be seen."""
    found = page.evaluate(SEEN)
    assert found["tag"] != "BODY", "the focus is lost"
    assert found["isInside"], found
    assert found["isMarked"], found
    return found["name"]


def camera(page):
    numbers = page.evaluate("location.hash").split("camera=")[1].split("&")[0].split(",")
    return dict(zip(("longitude", "latitude", "zoom", "pitch", "bearing"), map(float, numbers), strict=True))


def moves(page, key, name):
    """By how much a key of the map changes a part of the camera."""
    before = camera(page)[name]
    page.keyboard.press(key)
    page.wait_for_function(
        "([name, before]) => Number(location.hash.split('camera=')[1].split('&')[0].split(',')[name]) !== before",
        arg=[["longitude", "latitude", "zoom", "pitch", "bearing"].index(name), before],
    )
    page.wait_for_timeout(700)
    return camera(page)[name] - before


def test_the_skip_link_leads_to_the_city_and_the_tab_key_everywhere_else(open_page):
    page = open_page(above_the_house())
    link = page.evaluate("location.hash")
    page.keyboard.press("Tab")
    assert focus(page) == "Zum Inhalt"
    page.keyboard.press("Enter")
    focus(page)
    assert page.evaluate(SEEN)["tag"] == "CANVAS"
    assert page.evaluate("location.hash") == link
    reached = []
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break  # the browser's own buttons come next
        reached.append(focus(page))
    for name in ("buildings", "water", "labels", "closer", "home", "length", "picture", "help", "sun-time", "sun-play"):
        assert name in reached


def test_the_map_is_moved_zoomed_turned_and_tilted_by_keys(open_page):
    page = open_page(above_the_house())
    page.locator("#view canvas").focus()
    assert moves(page, "ArrowRight", "longitude") > 0
    assert moves(page, "ArrowUp", "latitude") > 0
    assert moves(page, "+", "zoom") > 0
    assert moves(page, "-", "zoom") < 0
    assert moves(page, "NumpadAdd", "zoom") > 0  # a key that no layout moves
    assert moves(page, "Shift+ArrowUp", "pitch") != 0
    assert moves(page, "Shift+ArrowLeft", "bearing") != 0
    focus(page)
    page.locator("#seen").get_by_text(re.compile(r"^.+: \d Gebäude im Bild, Blick nach Nord")).wait_for(
        state="attached"
    )


def test_a_feature_is_found_read_and_left_by_keyboard(open_page):
    page = open_page(above_the_house())
    page.locator("#view canvas").focus()
    page.keyboard.press("Enter")
    page.locator("#inspector[data-uid=house]").wait_for()
    assert focus(page) == "inspector"
    page.keyboard.press("Escape")
    assert page.evaluate(SEEN)["tag"] == "CANVAS"
    page.keyboard.press("/")
    assert focus(page) == "search"
    page.keyboard.type("ententeich")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("Enter")
    page.locator("#inspector[data-uid=pond]").wait_for()
    page.keyboard.press("Tab")
    assert focus(page) == "close"
    page.keyboard.press("Enter")
    assert focus(page) == "search"


def test_the_table_is_filtered_sorted_taken_along_and_left_by_keyboard(open_page):
    page = open_page(above_the_house())
    page.locator("#open-table").focus()
    page.keyboard.press("Enter")
    page.locator("#drawer [data-hits='6']").wait_for()
    assert focus(page) == "drawer-close"
    page.locator("#drawer .filters summary").focus()
    page.keyboard.press("Enter")
    page.locator("#drawer [name='height.from']").focus()
    page.keyboard.type("5")
    page.keyboard.press("Enter")
    page.locator("#drawer [data-hits='1']").wait_for()
    focus(page)
    page.locator("#drawer thead a", has_text="Höhe").first.focus()
    page.keyboard.press("Enter")
    page.locator("#drawer th[aria-sort=ascending]", has_text="Höhe").wait_for()
    assert focus(page).startswith("Höhe")
    page.locator("#drawer a[download]").focus()
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    text = download.value.path().read_text("utf-8-sig")
    assert "Zollhaus" in text
    assert "shed" not in text
    page.keyboard.press("Escape")
    assert page.locator("#drawer").is_hidden()
    assert focus(page) == "open-table"


def test_measuring_by_keyboard_leaves_the_focus_in_the_panel(open_page):
    page = open_page(above_the_house())
    page.locator("#view canvas").press("l")
    page.keyboard.press("Enter")
    moves(page, "ArrowRight", "longitude")
    page.keyboard.press("Enter")
    page.locator("#measure-done").wait_for()
    page.locator("#measure-done").focus()
    page.keyboard.press("Enter")
    assert focus(page) == "measure-again"
    page.keyboard.press("Escape")
    assert focus(page) == "select"
