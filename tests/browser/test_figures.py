"""Figures in the browser: beside the map while one plans, and the sun's while they are being computed."""

import pytest
from playwright.sync_api import expect

from scenarios.indicators import indicators
from tests.browser.test_editing import address, planning, whose  # noqa: F401
from web import working


def test_figures_of_the_plot_follow_a_change_and_those_of_the_sun_come_when_they_are_ready(open_page, monkeypatch):
    monkeypatch.setattr(working, "PATIENCE", 0.0)
    page = planning(open_page, "shed-1")
    expect(page.locator("#live")).to_be_hidden()
    page.get_by_label("Geschosse", exact=True).fill("9")
    page.keyboard.press("Enter")
    expect(page.locator("#live-figures")).to_contain_text("Hier liegt kein Flurstück")
    expect(page.locator("#live-figures dt", has_text="Kosten")).to_be_visible()
    page.locator("#live-close").click()
    expect(page.locator("#live")).to_be_hidden()
    page.goto(page.url.partition("/scenarios")[0] + "/projects/1/figures?sun=&area=8.9995,53.5185,9.0015,53.5195")
    expect(page.get_by_role("heading", name=indicators()["solar"].title.de)).to_be_visible()


@pytest.fixture(autouse=True)
def _of_the_hamlet(address):  # noqa: F811
    """Each test has a hamlet of its own."""
