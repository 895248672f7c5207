"""The city in a browser that has no 3D graphics: everything is found, read and taken along in the tables."""

import re
import shutil

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PATIENCE
from tests.browser.test_accessible import looked_at


@pytest.fixture
def flat(chromium, address):
    """A page of a browser that was started without WebGL."""
    browser = chromium.browser_type.launch(
        executable_path=shutil.which("chromium"), args=["--disable-3d-apis", "--no-sandbox"]
    )
    page = browser.new_page(accept_downloads=True)
    page.set_default_timeout(PATIENCE)
    page.complaints = []
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.goto(address)
    page.wait_for_selector("html[data-ready=without-webgl]", state="attached")
    yield page
    assert page.complaints == []
    browser.close()


def test_the_page_says_so_and_offers_the_layers_as_tables(flat):
    expect(flat.locator("#table")).to_contain_text("zeigt keine 3D-Grafik")
    assert looked_at(flat) == []
    assert flat.locator("#tools").is_hidden()
    assert flat.locator("#view").is_hidden()
    flat.get_by_role("link", name="Gebäude", exact=True).click()
    flat.wait_for_url("**/scenarios/0/table/buildings?lang=de")


def test_a_search_opens_the_page_of_what_was_found(flat):
    flat.keyboard.press("/")
    flat.keyboard.type("zollhaus")
    flat.get_by_role("option").first.wait_for()
    flat.keyboard.press("Enter")
    flat.wait_for_url("**/scenarios/0/*/*?lang=de")
    expect(flat.locator("h1")).to_contain_text("Zollhaus")


def test_a_table_is_filtered_sorted_read_and_taken_along(flat):
    flat.get_by_role("link", name="Tabelle").click()
    flat.locator("summary", has_text="Filter").click()
    flat.locator("[name='height.from']").fill("3")
    flat.get_by_role("button", name="Anwenden").click()
    flat.locator("[data-hits='6']").wait_for()
    flat.get_by_role("link", name="Höhe m", exact=True).click()
    flat.locator("th[aria-sort=ascending]", has_text="Höhe").wait_for()
    flat.get_by_role("link", name="Höhe m", exact=True).click()
    flat.locator("th[aria-sort=descending]", has_text="Höhe").wait_for()
    expect(flat.locator("tbody th a").first).to_have_text("house")
    with flat.expect_download() as download:
        flat.get_by_role("link", name="CSV herunterladen").click()
    lines = download.value.path().read_text("utf-8-sig").splitlines()
    assert [line.split(";")[0] for line in lines[:2]] == ["Kennung", "house"]
    assert len(lines) == 7
    flat.get_by_role("link", name="house", exact=True).click()
    flat.wait_for_url(re.compile("/scenarios/0/buildings/house"))
    expect(flat.locator("main")).to_contain_text("LoD2_32_500_5930.gml")


def test_a_comparison_is_a_list(flat, address):
    flat.goto(f"{address}/scenarios/1/differences")
    flat.locator("#compare-no-webgl").wait_for()
    expect(flat.locator("iframe[src]")).to_have_count(0)
    flat.get_by_role("link", name="Zollhaus").click()
    flat.wait_for_url("**/scenarios/1?lang=de#camera=**")
