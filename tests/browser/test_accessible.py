"""Every page as a screen reader finds it, by axe-core: light and dark, wide and on a phone, in both languages."""

from pathlib import Path

import pytest

from tests.browser.addresses import CITY, NO_PAGE, PAGES, PLANNERS_PAGES, pages_of
from tests.browser.conftest import logged_in, served
from tests.conftest import missing
from tests.hamlet import planner
from web import create_app

AXE = Path(__file__).parents[2] / "web" / "bundle" / "node_modules" / "axe-core" / "axe.min.js"
SIZES = ((1280, 800), (390, 844))
PLAIN = [path for name, paths in PAGES.items() if name not in CITY for path in paths] + NO_PAGE


def findings(page):
    """What axe-core finds: "dark: color-contrast at #about". In the dark only colours are other."""
    if not AXE.exists():
        missing("axe-core is not there: npm ci --prefix web/bundle")
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    found = []
    for light, only in (("light", None), ("dark", ["color-contrast", "link-in-text-block"])):
        page.emulate_media(color_scheme=light, reduced_motion="reduce")
        told = page.evaluate("only => axe.run({resultTypes: ['violations'], runOnly: only ?? undefined})", only)
        found += [
            f"{light}: {rule['id']} at {node['target'][0]}: {node['failureSummary']}"
            for rule in told["violations"]
            for node in rule["nodes"]
        ]
    return found


def looked_at(page):
    """On a wide screen and on a phone, with everything unfolded."""
    found = []
    for folded in page.locator("main details").all():
        folded.evaluate("one => one.open = true")
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        found += findings(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    return found


def test_each_page_has_an_address_to_look_at():
    assert pages_of(create_app()) == {*PAGES, *PLANNERS_PAGES}


@pytest.mark.parametrize("path", PLAIN)
def test_nothing_is_found_on_a_page(open_page, path):
    nothing_is_found(open_page(path, ready=False))


@pytest.mark.parametrize("path", [*(path for paths in PLANNERS_PAGES.values() for path in paths), "/projects/1"])
def test_nothing_is_found_on_a_page_of_planners(open_page, path):
    nothing_is_found(open_page(path, ready=False, storage_state=logged_in(planner())))


def nothing_is_found(page):
    assert looked_at(page) == []
    page.get_by_role("link", name="English").click()
    page.wait_for_selector("html[lang=en]", state="attached")
    assert findings(page) == []


def unfold(page, *names):
    for name in names:
        page.evaluate("id => { document.getElementById(id).open = true }", name)


@pytest.mark.parametrize(("language", "size"), [("de", SIZES[0]), ("en", SIZES[1])])
def test_nothing_is_found_in_the_city_with_its_panels_and_dialogs(open_page, language, size):
    width, height = size
    page = open_page(f"/?lang={language}", width=width, height=height)
    found = {"city": findings(page)}
    unfold(page, "layers", "colouring", "sun-day")
    page.locator("#colour-layer").select_option("buildings")
    page.locator("#colour-legend li").first.wait_for()
    found["unfolded"] = findings(page)
    page.evaluate("() => dispatchEvent(new CustomEvent('go-to', {detail: {layer: 'buildings', uid: 'house'}}))")
    page.locator("#inspector[data-uid=house]").wait_for()
    found["inspector"] = findings(page)
    page.keyboard.press("Escape")
    page.locator("#search").fill("kai")
    page.get_by_role("option").first.wait_for()
    found["search"] = findings(page)
    page.keyboard.press("Escape")
    page.locator("#open-table").evaluate("link => link.click()")
    page.locator("#drawer .rows").wait_for()
    found["table"] = findings(page)
    page.locator("#drawer .filters").evaluate("one => one.open = true")
    found["filter"] = findings(page)
    page.locator("#drawer-close").click()
    for key, dialog in (("?", "#shortcuts"), ("b", "#picture-dialog")):
        page.locator("#view canvas").press(key)
        page.locator(f"{dialog}[open]").wait_for()
        found[dialog] = findings(page)
        page.keyboard.press("Escape")
    for tool in ("l", "a", "m"):
        page.locator("#view canvas").press(tool)
        page.locator("#measuring").wait_for()
        found[tool] = findings(page)
    assert [f"{place}, {one}" for place, told in found.items() for one in told] == []


def test_nothing_is_found_in_an_empty_store(chromium, tmp_path):
    with served(create_app(DATABASE=str(tmp_path / "none.gpkg"))) as address:
        page = chromium.new_page()
        for path in ("/", "/?lang=en", "/about", "/scenarios/0"):
            page.goto(address + path)
            assert looked_at(page) == []
        page.close()
