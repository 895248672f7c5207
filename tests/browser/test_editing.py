"""Planning in the browser, as a person does it: with the mouse, with the keyboard, with others, and without a line."""

import re

import pytest
from sqlalchemy.orm import Session

from scenarios.project import Person, Project
from tests.browser.conftest import logged_in, served
from tests.browser.test_city_page import from_above, screen_place
from tests.hamlet import EAST, NORTH, new_city, planner, settle
from twin.feature import Scenario
from twin.store import create_store
from web import create_app

PLANNING = "/scenarios/1?plan" + from_above()[1:]


@pytest.fixture
def whose():
    return logged_in(planner())


@pytest.fixture
def address(tmp_path):
    """A hamlet of its own for each test, with a project to plan in."""
    place = str(tmp_path / "city.gpkg")
    engine = create_store(place, new_city())
    with Session(engine) as db:
        settle(db)
        db.add_all([planner(), bo(), Project(id=1, title="Am Kai")])
        db.flush()
        db.add(Scenario(id=1, title="Kai 2040", project_id=1))
        db.commit()
    engine.dispose()
    with served(create_app(DATABASE=place)) as url:
        yield url


def bo():
    return Person(id=901, login="bo", name="Bo", is_administrator=True, session="bo")


def asked(page, address, path):
    return page.request.get(f"{address}/api/scenarios/1/{path}").json()


def planning(open_page, uid=None, **options):
    """The planner's page, seen straight down, with a shed selected."""
    chosen = f"&select=buildings/{uid}" if uid else ""
    page = open_page(PLANNING + chosen, width=1280, height=760, **options)
    if uid:
        page.locator("#handle-move").wait_for()
    return page


def said(page, words):
    page.locator("#toasts", has_text=words).wait_for()


def saved(page):
    page.locator("[data-said]", has_text="Gespeichert").wait_for()


def test_a_block_is_drawn_pulled_up_undone_and_done_again(open_page, address):
    page = planning(open_page)
    page.locator("#planner summary").first.click()
    page.get_by_role("button", name="Rechteck").click()
    for corner in ((-60, 26), (-38, 26), (-38, 40)):
        page.mouse.move(*screen_place(page, *corner))
        page.mouse.click(*screen_place(page, *corner))
    page.locator("#inspected .badge", has_text="neu").wait_for()
    assert page.get_by_label("Geschosse", exact=True).input_value() == "3"
    page.locator("#handle-pull").wait_for()
    handle = page.locator("#handle-pull").bounding_box()
    x, y = handle["x"] + 22, handle["y"] + 22
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 6):
        page.mouse.move(x, y - 12 * step)
    page.locator("#counters", has_text="Geschosse").wait_for()
    page.mouse.up()
    saved(page)
    pulled = int(page.get_by_label("Geschosse", exact=True).input_value())
    assert pulled > 3
    uid = page.locator("#inspector").get_attribute("data-uid")
    house = asked(page, address, f"buildings/{uid}?geojson")["properties"]
    assert house["storeys"] == pulled
    assert house["height"] == pytest.approx(pulled * house["storey_height"])
    page.get_by_role("button", name="Rückgängig").click()
    said(page, "Zurückgenommen")
    assert asked(page, address, f"buildings/{uid}?geojson")["properties"]["storeys"] == 3
    page.keyboard.press("Control+y")
    said(page, "Wiederholt")
    assert asked(page, address, f"buildings/{uid}?geojson")["properties"]["storeys"] == pulled
    page.get_by_role("button", name="Verlauf").click()
    page.locator(".steps li").first.wait_for()
    assert page.locator(".steps li").count() == 4
    assert "gezeichnet" in page.locator(".steps li").last.inner_text()


def test_an_edit_without_a_line_is_kept_and_sent_when_it_is_back(open_page, address):
    page = planning(open_page, "shed-1")
    page.context.set_offline(True)
    page.get_by_role("button", name="Eins mehr").click()
    page.locator("#waiting", has_text="1 Änderung wartet").wait_for()
    page.get_by_role("button", name="Eins mehr").click()
    page.locator("#waiting", has_text="2 Änderungen warten").wait_for()
    assert asked(page, address, "buildings/shed-1?geojson")["version"] == 0
    page.context.set_offline(False)
    page.locator("#waiting").wait_for(state="hidden")
    assert asked(page, address, "buildings/shed-1?geojson")["properties"]["storeys"] == 3


def test_of_two_on_one_building_the_later_sees_both_states_and_decides(open_page, address):
    first, later = planning(open_page, "shed-1"), planning(open_page, "shed-1", storage_state=logged_in(bo()))
    later.context.set_offline(True)
    later.get_by_label("Name").fill("Blaue Halle")
    later.get_by_label("Name").press("Tab")
    later.locator("#waiting").wait_for()
    first.get_by_label("Name").fill("Rote Halle")
    first.get_by_label("Name").press("Tab")
    saved(first)
    later.context.set_offline(False)
    dialog = later.get_by_role("dialog")
    dialog.wait_for()
    assert re.search(r"Blaue Halle\s+Rote Halle", dialog.inner_text())
    dialog.get_by_role("button", name="Meinen Stand nehmen").click()
    said(first, "Bo hat")
    assert asked(later, address, "buildings/shed-1?geojson")["properties"]["name"] == "Blaue Halle"


def test_everything_goes_by_keyboard_and_form_alone(open_page, address):
    page = open_page("/scenarios/1/buildings/new", ready=False)
    page.get_by_label("Geschosse", exact=True).focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("5")
    for label, value in (("Ostwert der Mitte", EAST + 60), ("Nordwert der Mitte", NORTH + 90), ("Breite", 30)):
        page.get_by_label(label).focus()
        page.keyboard.press("Control+a")
        page.keyboard.type(str(value))
    page.keyboard.press("Enter")
    page.locator("[data-said]", has_text="Gespeichert").wait_for()
    uid = page.url.split("/buildings/")[1].split("/")[0]
    house = asked(page, address, f"buildings/{uid}?geojson")["properties"]
    assert (house["storeys"], house["height"]) == (5, 15.0)
    page.get_by_role("button", name="Entfernen").focus()
    page.keyboard.press("Enter")
    page.locator(".steps li").first.wait_for()
    assert page.locator(".steps li").count() == 2
    page.get_by_role("button", name="Rückgängig").focus()
    page.keyboard.press("Enter")
    page.locator(".steps li", has_text="zurückgenommen").first.wait_for()
    assert asked(page, address, f"buildings/{uid}?geojson")["properties"] == house


def test_a_row_of_trees_is_planted_in_one_step(open_page, address):
    page = planning(open_page)
    page.locator("#planner summary").nth(1).click()
    page.get_by_role("button", name="Baumreihe").click()
    for spot in ((-60, 30), (-20, 30)):
        page.mouse.move(*screen_place(page, *spot))
        page.mouse.click(*screen_place(page, *spot))
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Verlauf").click()
    page.locator(".steps li", has_text="6 Bäume: gepflanzt").wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+z")
    said(page, "Zurückgenommen")
    assert asked(page, address, "history")[0]["things"] == 6
