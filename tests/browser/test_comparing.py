"""Two plans side by side in a real browser: one camera for both, a divider, and a list that leads to each place."""

import io
from urllib.parse import parse_qs, urlparse

import numpy as np
from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import logged_in
from tests.hamlet import at, planner
from twin.projection import to_lonlat

SIDES = (0, 1)


def side(page, number):
    return page.locator(".side iframe").nth(number).content_frame


def drawn(page):
    for number in SIDES:
        side(page, number).locator("html[data-ready=drawn]").wait_for(state="attached")


def cameras(page):
    """What each side's own address says of its camera."""
    return [side(page, number).locator("html").evaluate("() => location.hash") for number in SIDES]


def until(page, holds, told):
    """Looks again until it is so."""
    for _ in range(600):
        found = told()
        if holds(found):
            return found
        page.wait_for_timeout(200)
    raise AssertionError(found)


def in_address(page):
    return parse_qs(urlparse(page.url).fragment)


def coloured(page):
    """Blue pixels on the left and on the right, magenta ones on the right: a new tree, a pond that is gone."""
    found = []
    for number in SIDES:
        box = page.locator(".side iframe").nth(number).bounding_box()
        image = Image.open(io.BytesIO(page.screenshot(clip=box))).convert("RGB")
        red, green, blue = (part.astype(int) for part in np.moveaxis(np.asarray(image), 2, 0))
        found.append(((blue > red + 70) & (blue > green + 25)).sum())
        magenta = ((red > green + 60) & (blue > green + 20)).sum()
    return [*found, magenta]


def test_two_plans_are_looked_at_with_one_camera(open_page):
    page = open_page("/scenarios/1#layers=buildings,streets,water&sun=2026-06-21T09:30", width=1100, ready=False)
    page.locator("#switch summary").click()
    page.get_by_role("link", name="Was sich unterscheidet").click()
    drawn(page)
    expect(page.locator(".of-side")).to_have_text(["Heute", "Kai 2040"])
    for number in SIDES:  # the same sun, the same layers as in the city
        expect(side(page, number).locator("#sun-clock")).to_have_text("09:30")
        expect(side(page, number).locator("[type=checkbox][name=trees]")).not_to_be_checked()
    page.get_by_text("Ebenen und Sonne").click()
    page.get_by_label("Bäume").check()
    for number in SIDES:
        expect(side(page, number).locator("[type=checkbox][name=trees]")).to_be_checked()
    assert set(in_address(page)["layers"][0].split(",")) == {"buildings", "streets", "water", "trees"}
    assert in_address(page)["sun"] == ["2026-06-21T09:30"]
    until(page, lambda told: told[0] < 20 and min(told[1:]) > 20, lambda: coloured(page))
    box = page.locator(".side iframe").first.bounding_box()
    before = cameras(page)
    page.mouse.move(box["x"] + 150, box["y"] + 300)
    page.mouse.down()
    page.mouse.move(box["x"] + 100, box["y"] + 360, steps=4)
    page.mouse.up()
    until(page, lambda told: told[0] == told[1] != before[0], lambda: cameras(page))
    page.get_by_role("link", name="Zollhaus").click()
    middle = to_lonlat(at(0, 30, 12, 10).centroid, 25832)
    place = f"camera={middle.x:.6f},{middle.y:.6f},"
    flown = until(page, lambda told: told[0] == told[1] and place in told[0], lambda: cameras(page))
    until(page, lambda told: told == parse_qs(flown[0][1:])["camera"], lambda: in_address(page)["camera"])
    page.get_by_text("Wischen").click()
    divider = page.get_by_role("slider")
    divider.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert divider.get_attribute("aria-valuenow") == "40"
    box = divider.bounding_box()
    page.mouse.move(box["x"] + 22, box["y"] + 300)
    page.mouse.down()
    page.mouse.move(box["x"] - 60, box["y"] + 300, steps=3)
    page.mouse.up()
    until(page, lambda told: 20 <= told < 35, lambda: int(in_address(page)["at"][0]))
    page.reload()
    drawn(page)
    assert int(page.get_by_role("slider").get_attribute("aria-valuenow")) < 35
    assert cameras(page)[0] == cameras(page)[1]
    page.keyboard.press("Escape")
    page.wait_for_url("**/scenarios/1?**")
    assert "camera" in in_address(page)


def test_a_long_list_goes_on_by_keyboard(open_page, monkeypatch):
    monkeypatch.setattr("web.compare.LISTED", 1)
    page = open_page("/scenarios/1/differences#mode=list", ready=False)
    houses = page.locator(".differing a[data-layer=buildings]")
    expect(houses).to_have_count(1)
    page.get_by_role("link", name="Weitere 1 zeigen (noch 1)").focus()
    page.keyboard.press("Enter")
    expect(houses).to_have_count(2)
    expect(houses.nth(1)).to_be_focused()
    expect(page.locator(".more-of-them")).to_have_count(0)
    assert urlparse(page.url).fragment == "mode=list"


def test_a_view_is_kept_and_shown_to_the_council(open_page):
    page = open_page("/scenarios/1", storage_state=logged_in(planner()))
    page.locator("#view canvas").press("ArrowRight")
    until(page, lambda told: "camera" in told, lambda: in_address(page))
    page.locator("#switch summary").click()
    page.get_by_role("link", name="Blickpunkt merken").click()
    page.get_by_label("Titel").fill("Das Zollhaus")
    until(page, lambda told: told.startswith("camera="), page.get_by_label("Ansicht").input_value)
    page.get_by_role("button", name="Speichern").click()
    page.get_by_role("button", name="Früher: Das Zollhaus").click()
    page.get_by_role("link", name="Vorführen").click()
    shown = page.locator("#stage .front")
    shown.content_frame.locator("html[data-ready=drawn]").wait_for(state="attached")
    expect(page.get_by_role("heading", level=2)).to_have_text(["Halt 1"])
    page.keyboard.press("PageDown")
    page.locator("#stage[data-stop='2'] .front[title='Kai 2040']").wait_for()
    expect(page.get_by_role("heading", level=2)).to_have_text(["Das Zollhaus"])
    shown.content_frame.locator("#view canvas").press("PageDown")
    inside = shown.content_frame.locator("html")
    until(page, lambda told: "camera=9.000000,53.519000," in told, lambda: inside.evaluate("() => location.hash"))
    expect(page.get_by_role("heading", level=2)).to_have_text(["Halt 2"])
    assert in_address(page)["stop"] == ["3"]
    page.keyboard.press("Escape")
    page.wait_for_url("**/projects/1?**")
    page.get_by_role("link", name="Rundgang bearbeiten").click()
    page.get_by_role("button", name="Herausnehmen: Das Zollhaus").click()
    expect(page.get_by_role("heading", level=2)).to_have_text(["1. Halt 1", "2. Halt 2"])
