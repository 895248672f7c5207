"""The sun over the city in a real browser: moved by hand, by keyboard, by a link."""

import numpy as np
from playwright.sync_api import expect

from tests.browser.test_city_page import from_above, picture, screen_place

DARKER = 18  # of 255 that a shadow takes from the ground


def rested(page):
    page.wait_for_selector("html[data-sun=resting]", state="attached")
    page.wait_for_timeout(1500)  # the processor draws the finer shadows


def shone_on(page, x, y):
    """How bright the ground is at a place of the hamlet, in metres from its corner: the middle of 5 x 5 pixels."""
    across, down = screen_place(page, x, y)
    top = page.locator("#view").bounding_box()["y"]
    row, column = round(down - top), round(across)
    return float(np.median(picture(page)[row - 2 : row + 3, column - 2 : column + 3].mean(axis=2)))


def at(day, time):
    return from_above() + f"&sun={day}T{time}"


def test_the_shadow_of_the_house_moves_with_the_sun(open_page):
    page = open_page(at("2026-03-21", "16:30"))
    rested(page)
    expect(page.locator("#sun-told")).to_have_text("Sonne 18° über SW")
    east, west = shone_on(page, 16, 41), shone_on(page, -4, 41)
    assert west - east > DARKER  # the afternoon's shadow lies in the east
    page.locator("#sun-time").fill("510")
    rested(page)
    expect(page.locator("#sun-clock")).to_have_text("08:30")
    east, west = shone_on(page, 16, 41), shone_on(page, -4, 41)
    assert east - west > DARKER


def test_in_december_the_shadow_is_longer_than_in_june(open_page):
    page = open_page(at("2026-06-21", "13:20"))
    rested(page)
    summer = shone_on(page, 6, 50)
    page.locator("#sun-day summary").click()
    page.get_by_role("button", name="21. Dez.").click()
    page.wait_for_url(lambda url: "sun=2026-12-21T13:20" in url)
    rested(page)
    assert summer - shone_on(page, 6, 50) > DARKER


def test_a_link_keeps_the_sun(open_page):
    page = open_page(at("2026-12-21", "10:15"))
    rested(page)
    expect(page.locator("#sun-clock")).to_have_text("10:15")
    expect(page.locator("#sun-day-named")).to_have_text("21. Dezember")
    page.locator("#sun-time").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url(lambda url: "sun=2026-12-21T10:20" in url)


def test_at_night_the_page_says_so_and_the_city_is_dim(open_page):
    page = open_page(at("2026-03-21", "12:00"))
    rested(page)
    day = picture(page).mean()
    page.locator("#sun-time").fill("1380")
    rested(page)
    expect(page.locator("#sun-told")).to_have_text("Sonne unter dem Horizont")
    assert picture(page).mean() < day * 0.9


def test_the_day_is_played_and_stopped(open_page):
    page = open_page(at("2026-03-21", "09:00"))
    rested(page)
    page.get_by_role("button", name="Den Tag abspielen").click()
    page.wait_for_timeout(2500)
    page.get_by_role("button", name="Anhalten").click()
    assert page.locator("#sun-clock").inner_text() > "09:10"
    page.get_by_role("button", name="Den Tag abspielen").wait_for()


def test_on_a_phone_the_sun_waits_behind_its_button(open_page):
    page = open_page(width=390, height=800)
    assert page.locator("#sun").is_hidden()
    page.get_by_role("button", name="Sonne und Schatten").click()
    sheet = page.locator("#sun").bounding_box()
    assert sheet["width"] >= 385
    assert sheet["y"] + sheet["height"] >= 795
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
