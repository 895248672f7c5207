"""Searching, the table and the filters, as a person uses them."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_city_page import from_above, like, picture

ROOFS = (200, 142, 112)


def test_what_is_searched_for_is_flown_to_and_told(open_page):
    page = open_page()
    page.locator("body").press("/")
    page.keyboard.type("zollhaus")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")
    assert page.locator("#search").get_attribute("aria-activedescendant") == "found-0"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.locator("#inspector[data-uid]").wait_for()
    page.wait_for_function("() => location.hash.includes('select=')")
    assert page.get_by_role("listbox").is_hidden()
    page.wait_for_function("() => location.hash.includes(',17.60,')")


def test_escape_closes_the_list_and_then_empties_the_field(open_page):
    page = open_page("/scenarios/0/table/buildings", ready=False)
    page.locator("#search").fill("shed")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("Escape")
    assert page.get_by_role("listbox").is_hidden()
    page.keyboard.press("Escape")
    assert page.locator("#search").input_value() == ""


def test_where_there_is_no_scene_a_hit_opens_its_page(open_page):
    page = open_page("/scenarios/0/table/buildings", ready=False)
    page.locator("#search").fill("ententeich")
    page.get_by_role("option", name=re.compile("Ententeich")).click()
    page.wait_for_url("**/scenarios/0/water/pond?lang=de")
    expect(page.locator("h1")).to_contain_text("Ententeich")


def test_a_link_to_a_selected_feature_shows_it(open_page):
    page = open_page(from_above() + "&select=buildings/shed-2")
    page.locator("#inspector[data-uid=shed-2]").wait_for()
    page.keyboard.press("Escape")
    page.wait_for_function("() => !location.hash.includes('select=')")
    assert page.locator("#inspector").is_hidden()


def test_a_filter_of_the_table_pales_the_other_buildings_until_it_is_cleared(open_page):
    page = open_page(from_above())
    before = like(picture(page), ROOFS, 30)
    page.get_by_role("link", name="Als Tabelle: Gebäude").click()
    drawer = page.locator("#drawer")
    drawer.get_by_text("Filter", exact=True).click()
    drawer.get_by_role("group", name="Höhe m", exact=True).get_by_label("ab", exact=True).fill("100")
    drawer.get_by_role("button", name="Anwenden").click()
    drawer.locator("[data-hits='0']").wait_for()
    drawer.get_by_role("link", name="Filter auf der Karte zeigen").click()
    chip = page.locator("#filter-chip")
    chip.get_by_text("Gebäude: Höhe: ab 100 m · 0 von 6").wait_for()
    page.keyboard.press("Escape")
    assert drawer.is_hidden()
    page.wait_for_timeout(3000)
    assert "filter=buildings" in page.evaluate("location.hash")
    assert before > 100
    assert like(picture(page), ROOFS, 30) < before / 4
    page.get_by_role("button", name="Filter aufheben").click()
    page.wait_for_timeout(3000)
    assert like(picture(page), ROOFS, 30) > before * 0.8


@pytest.mark.parametrize("scripts", [True, False])
def test_the_table_filters_and_sorts_with_and_without_scripts(open_page, scripts):
    page = open_page("/scenarios/0/table/buildings", ready=False, java_script_enabled=scripts)
    page.locator("summary", has_text="Filter").click()
    page.get_by_role("checkbox", name=re.compile("Wohnhaus")).check()
    page.get_by_role("button", name="Anwenden").click()
    page.locator("[data-hits='1']").wait_for()
    expect(page.locator("tbody")).to_contain_text("Zollhaus <b>")
    page.get_by_role("link", name="Höhe m", exact=True).click()
    page.locator("th[aria-sort=ascending]", has_text="Höhe").wait_for()
    page.locator(".chips a").first.click()
    page.locator("[data-hits='6']").wait_for()


def test_on_a_phone_the_table_is_cards(open_page):
    page = open_page("/scenarios/0/table/buildings", width=390, height=800, ready=False)
    assert page.locator("tbody tr").first.bounding_box()["width"] <= 390
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
