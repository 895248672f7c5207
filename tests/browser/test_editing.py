"""Planning in the browser, as a person does it: with the mouse, with the keyboard, with others, and without a line."""

import json
import re

import pytest
import shapely
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from scenarios.project import Person, Project
from tests.browser.conftest import logged_in, served
from tests.browser.test_city_page import from_above, screen_place
from tests.browser.test_comparing import until
from tests.hamlet import EAST, NORTH, new_city, planner, settle
from twin.feature import Scenario
from twin.projection import to_metres
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


def outline(page, address, uid="shed-1"):
    """In the city's metres."""
    return to_metres(
        shapely.from_geojson(json.dumps(asked(page, address, f"buildings/{uid}?geojson")["geometry"])), 25832
    )


def planning(open_page, uid=None, **options):
    """The planner's page, seen straight down, with a shed selected."""
    chosen = f"&select=buildings/{uid}" if uid else ""
    page = open_page(PLANNING + chosen, width=1280, height=760, **options)
    if uid:
        page.locator("#handle-move").wait_for()
    return page


def said(page, words):
    page.locator("#toasts p", has_text=words).first.wait_for()


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
    expect(page.locator(".steps li")).to_have_count(4)
    expect(page.locator(".steps li").last).to_contain_text("gezeichnet")


def test_what_is_drawn_and_edited_without_a_line_outlives_the_page_and_is_sent_when_it_is_back(open_page, address):
    page = planning(open_page, "shed-1")
    page.context.set_offline(True)
    page.get_by_role("button", name="Eins mehr").click()
    expect(page.locator("#waiting")).to_contain_text("1 Änderung wartet")
    page.locator("#planner summary").nth(1).click()
    page.get_by_role("button", name="Einzelner Baum").click()
    click(page, -30, 40)
    expect(page.locator("#waiting")).to_contain_text("2 Änderungen warten")
    assert asked(page, address, "buildings/shed-1?geojson")["version"] == 0
    context = page.context
    page.close()
    context.set_offline(False)
    page = context.new_page()
    page.goto(address + PLANNING)
    page.locator("#planner:not([inert])").wait_for()
    page.get_by_role("button", name="Verlauf").click()
    expect(page.locator(".steps li")).to_have_count(2)
    expect(page.locator("#waiting")).to_be_hidden()
    assert asked(page, address, "buildings/shed-1?geojson")["properties"]["storeys"] == 2
    assert asked(page, address, "history")[0]["changes"][0]["layer"] == "trees"


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
    expect(page.locator(".steps li")).to_have_count(2)
    page.get_by_role("button", name="Rückgängig").focus()
    page.keyboard.press("Enter")
    page.locator(".steps li", has_text="zurückgenommen").first.wait_for()
    assert asked(page, address, f"buildings/{uid}?geojson")["properties"] == house


def click(page, *spot):
    page.mouse.move(*screen_place(page, *spot))
    page.mouse.click(*screen_place(page, *spot))


def test_a_copy_is_set_down_and_the_pointer_is_caught_by_a_corner(open_page, address):
    page = planning(open_page, "shed-1")
    shed = outline(page, address)
    page.locator("#planner summary").first.click()
    page.get_by_role("button", name="Kopie des gewählten Gebäudes").click()
    click(page, -40, 40)
    page.locator("#inspected .badge", has_text="neu").wait_for()
    uid = page.locator("#inspector").get_attribute("data-uid")
    assert outline(page, address, uid).area == pytest.approx(shed.area, abs=0.1)
    x, y = shed.exterior.coords[0]
    corner = (x - EAST, y - NORTH)
    page.locator("#planner summary").first.click()
    page.get_by_role("button", name="Freie Form").click()
    beside, above = screen_place(page, *corner)
    page.mouse.move(beside + 6, above + 5)  # nobody hits it to the pixel
    page.mouse.click(beside + 6, above + 5)
    for spot in ((corner[0] + 9, corner[1] - 30), (corner[0] - 9, corner[1] - 30)):
        click(page, *spot)
    page.keyboard.press("Enter")
    page.locator(f"#inspector:not([data-uid='{uid}']) .badge", has_text="neu").wait_for()
    drawn = outline(page, address, page.locator("#inspector").get_attribute("data-uid"))
    assert min(shapely.distance(shapely.Point(x, y), shapely.points(drawn.exterior.coords))) < 0.02


def test_a_row_of_trees_is_planted_in_one_step(open_page, address):
    page = planning(open_page)
    page.locator("#planner summary").nth(1).click()
    page.get_by_role("button", name="Baumreihe").click()
    page.locator("#drafting-keys").wait_for()
    click(page, -60, 30)
    click(page, -20, 30)
    page.keyboard.press("Enter")
    page.locator("[data-drawn]", has_text="gezeichnet").wait_for()
    page.get_by_label("Abstand").fill("0.5")
    page.get_by_role("button", name="Ausführen").click()
    page.locator("#verb .wrong", has_text="1 bis 200 m").wait_for()
    page.get_by_label("Abstand").fill("9")
    page.get_by_label("Abstand").press("Enter")
    said(page, "Ausgeführt")
    page.get_by_role("button", name="Verlauf").click()
    page.locator(".steps li", has_text="5 Bäume: als Reihe gepflanzt").wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+z")
    said(page, "Zurückgenommen")
    assert asked(page, address, "history")[0]["things"] == 5


def test_a_building_found_on_the_map_is_put_to_a_new_use(open_page, address):
    page = planning(open_page)
    page.locator("#planner summary").nth(3).click()
    page.get_by_role("button", name="Gebäude umnutzen").click()
    page.locator("#verb form").wait_for()
    click(page, 65, 4)
    expect(page.locator("#verb [name=building]")).to_have_value("shed-3")
    page.get_by_label("Nutzung", exact=True).select_option("culture")
    page.context.set_offline(True)
    page.get_by_role("button", name="Ausführen").click()
    said(page, "Keine Verbindung")
    page.context.set_offline(False)
    said(page, re.compile("^Ausgeführt$"))  # what waits says that it will be done
    assert asked(page, address, "buildings/shed-3?geojson")["properties"]["use"] == "culture"
    page.locator("#inspector").wait_for(state="hidden")
    click(page, 25, 4)
    link = page.locator("#inspected a[data-verb]", has_text="Gebäude abreißen")
    link.focus()
    page.keyboard.press("Enter")
    page.locator("#verb .button:focus").wait_for()
    page.keyboard.press("Enter")
    page.locator("#verb").wait_for(state="hidden")
    assert page.request.get(f"{address}/api/scenarios/1/buildings/shed-1").status == 404


def test_a_shed_is_dragged_by_mouse_turned_and_scaled_by_key_with_its_handles(open_page, address):
    page = planning(open_page, "shed-1")
    box = page.locator("#handle-move").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 40, steps=3)
    page.mouse.move(x, y - 80, steps=3)
    page.mouse.up()
    saved(page)
    moved = outline(page, address)
    assert moved.centroid.y > NORTH + 8 and moved.area == pytest.approx(80, rel=0.001)
    for handle in ("turn", "scale"):
        page.locator(f"#handle-{handle}").focus()
        for _ in range(3):  # quicker than the server's answers: none of the steps is lost, and the focus stays
            page.keyboard.press("ArrowUp")
            expect(page.locator(f"#handle-{handle}")).to_be_focused()
        if handle == "turn":
            until(page, lambda now: now.bounds[2] - now.bounds[0] > 11.5, lambda: outline(page, address))
    # each of three steps of half a metre on a half diagonal of 6.4 m
    until(page, lambda now: now.area == pytest.approx(80 * (7.9 / 6.4) ** 2, rel=0.02), lambda: outline(page, address))
    page.keyboard.press("Control+z")
    said(page, "Zurückgenommen")


def test_corners_are_dragged_added_and_taken_away_and_that_is_undone(open_page, address):
    page = planning(open_page, "shed-1")
    page.get_by_role("button", name="Ecken bearbeiten").click()
    page.locator("#corners .corner").nth(3).wait_for()
    page.mouse.move(*screen_place(page, 30, 8))
    page.mouse.down()
    page.mouse.move(*screen_place(page, 33, 11), steps=3)
    page.mouse.move(*screen_place(page, 36, 14), steps=3)
    page.mouse.up()
    saved(page)
    assert outline(page, address).area == pytest.approx(80 + (6 * 8 + 6 * 10) / 2, rel=0.12)
    page.locator("#corners .between:not([hidden])").first.focus()
    page.keyboard.press("Enter")
    page.locator("#corners .corner").nth(4).wait_for()
    page.keyboard.press("ArrowRight")
    page.locator("#corners .corner:focus").wait_for()
    page.keyboard.press("Delete")
    page.locator("#corners .corner").nth(4).wait_for(state="detached")
    for _ in range(3):
        page.keyboard.press("Control+z")
    page.locator("#toasts p", has_text="Zurückgenommen").nth(2).wait_for()
    assert len(outline(page, address).exterior.coords) == 5
    page.keyboard.press("Control+z")
    page.locator("#toasts p", has_text="Zurückgenommen").nth(3).wait_for()
    assert outline(page, address).area == pytest.approx(80, rel=0.001)
    page.get_by_role("button", name="Ecken fertig").click()
    page.locator("#handle-move").wait_for()


def test_a_design_is_set_down_turned_by_a_number_and_planned(open_page, address):
    page = planning(open_page)
    page.locator("#planner summary").nth(3).click()
    page.get_by_role("button", name="Entwurf (Datei)").click()
    drawn = {"type": "Polygon", "coordinates": [[[0, 0], [40, 0], [40, 12], [0, 12], [0, 0]]]}
    feature = {"type": "Feature", "properties": {"geschosse": 3}, "geometry": drawn}
    file = {"name": "entwurf.geojson", "mimeType": "application/json", "buffer": json.dumps(feature).encode()}
    page.get_by_label("Entwurf (Datei)").set_input_files(file)
    page.locator("#verb .called", has_text="1 Gebäude").wait_for()
    page.locator("#drafting-keys").wait_for()
    click(page, -20, 35)
    page.locator("#handle-turn").wait_for()
    expect(page.locator("#verb [name=east]")).not_to_have_value("")
    page.get_by_label("Winkel").fill("90")
    page.get_by_label("Winkel").press("Tab")
    page.get_by_role("button", name="Einplanen").click()
    said(page, "Ausgeführt")
    (step,) = asked(page, address, "history")
    house = outline(page, address, step["changes"][0]["uid"])
    assert (house.area, house.centroid.x) == (pytest.approx(480, rel=0.01), pytest.approx(EAST - 20, abs=1))
    assert house.bounds[3] - house.bounds[1] == pytest.approx(40, abs=0.1)


def test_the_area_of_a_project_is_drawn_and_its_corner_moved_before_it_is_kept(open_page, address):
    page = open_page("/scenarios/0?area=1" + from_above()[1:], width=1280, height=760)
    page.locator("#drafting-keys").wait_for()
    for corner in ((-60, 0), (20, 0), (20, 40)):
        click(page, *corner)
    page.keyboard.press("Enter")
    page.locator("#corners .corner").nth(2).focus()
    page.keyboard.press("ArrowUp")
    page.get_by_role("button", name="Speichern", exact=True).click()
    page.wait_for_url("**/projects/1**")
    page.goto(f"{address}/scenarios/0?area=1")
    area = to_metres(shapely.from_geojson(page.locator("#area-panel textarea").input_value()), 25832)
    assert area.area == pytest.approx(80 * 40.5 / 2, rel=0.03)
