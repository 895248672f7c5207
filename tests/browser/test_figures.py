"""Figures in the browser: beside the map while one plans, of a drawn area, and the sun's while they are computed."""

import re
import threading
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from scenarios.indicators import indicators
from tests.browser.test_accessible import findings
from tests.browser.test_editing import address, planning, whose  # noqa: F401
from web import working


@pytest.fixture
def slow(monkeypatch):
    """The question about homes waits until the test lets it go on."""
    monkeypatch.setattr(working, "PATIENCE", 0.0)
    one, go = indicators()["daylight"], threading.Event()
    waiting = replace(one, answer=lambda given: (go.wait(120), one.answer(given))[1])
    monkeypatch.setitem(indicators(), "daylight", waiting)
    yield go
    go.set()


def test_figures_follow_a_change_and_a_drawn_area_and_those_of_the_sun_come_when_they_are_ready(open_page, slow):
    page = planning(open_page, "shed-1")
    expect(page.locator("#live")).to_be_hidden()
    page.get_by_label("Geschosse", exact=True).fill("9")
    page.keyboard.press("Enter")
    expect(page.locator("#live-figures")).to_contain_text("Hier liegt kein Flurstück")
    expect(page.locator("#live-figures dt", has_text="Kosten")).to_be_visible()
    page.locator("#live-close").click()
    expect(page.locator("#live")).to_be_hidden()
    page.locator("#area").click()
    for x, y in ((500, 300), (620, 300), (620, 420)):
        page.mouse.click(x, y)
    page.locator("#measure-done").click()
    drawn = page.locator("#measure-figures")
    expect(drawn).to_have_attribute("href", re.compile(r"/projects/1/figures\?.*area_drawn=POLYGON"))
    page.goto(page.url.partition("/scenarios")[0] + drawn.get_attribute("href") + "&sun=")
    expect(page.locator("#working-said")).to_contain_text("%")
    assert findings(page) == []
    slow.set()
    expect(page.get_by_role("heading", name=indicators()["solar"].title.de)).to_be_visible()
