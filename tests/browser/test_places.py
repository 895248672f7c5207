"""Empty places and short ways: recorded on a phone without a connection, searched, matched, planned in, and reached."""

import pytest
from playwright.sync_api import expect
from shapely.geometry import LineString, Point, box
from sqlalchemy.orm import Session

from layers.blocks import Block
from layers.buildings import Building
from layers.facilities import Facility
from layers.parcels import Parcel
from layers.stops import Stop
from layers.streets import Street
from layers.vacancies import Vacancy
from scenarios.project import Project
from tests.browser.conftest import BUNDLE, PATIENCE, logged_in, served
from tests.conftest import missing
from tests.hamlet import EAST, NORTH, at, new_city, planner, settle
from twin.feature import Scenario
from twin.store import create_store
from web import create_app


@pytest.fixture
def kai(tmp_path):
    """The hamlet with two hectares on three parcels, an empty shop, and a hamlet 4 km on that a bus could reach."""
    if not BUNDLE.exists():
        missing("The page's bundle is not built: npm ci --prefix web/bundle && npm run build --prefix web/bundle")
    store = str(tmp_path / "city.gpkg")
    engine = create_store(store, new_city())
    with Session(engine) as db:
        settle(db)
        db.add_all(
            Parcel(uid=f"p{i}", number=f"{i}", owner_kind="town", shape=at(300 + 100 * i, 0, 100, 80)) for i in range(3)
        )
        shop = {
            "kind": "shop",
            "area": 150.0,
            "broadband": 250.0,
            "condition": "good",
            "name": "Kontor",
            "building": "shed-1",
        }
        db.add(Vacancy(uid="V2", shape=Point(EAST + 25, NORTH + 4), **shop))
        db.add(
            Street(
                uid="road",
                name="Landweg",
                kind="tertiary",
                shape=LineString([(EAST + 150, NORTH + 20), (EAST + 4200, NORTH + 20)]),
            )
        )
        db.add(Stop(uid="far", name="Hof", kind="bus", shape=Point(EAST + 4000, NORTH + 24)))
        db.add(Building(uid="farm", use="residential", dwellings=4, shape=at(4010, 30)))
        db.add(Block(uid="b", number="9", inhabitants=12, shape=box(EAST + 3900, NORTH - 50, EAST + 4200, NORTH + 200)))
        db.add(
            Facility(uid="food", name="Laden", kind="food", detail="convenience", shape=Point(EAST + 90, NORTH + 22))
        )
        db.add_all([planner(), Project(id=1, title="Am Kai")])
        db.flush()
        db.add(Scenario(id=1, title="Kai 2040", project_id=1))
        db.commit()
    engine.dispose()
    with served(create_app(DATABASE=store)) as url:
        yield url


@pytest.fixture
def page(chromium, kai):
    context = chromium.new_context(viewport={"width": 390, "height": 844}, storage_state=logged_in(planner()))
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(f"{kai}/register/field")
    yield page
    context.close()


def test_a_town_records_searches_matches_and_sees_what_a_bus_line_changes(page, kai):
    expect(page.get_by_role("heading", level=1)).to_contain_text("vor Ort")
    page.context.set_offline(True)
    page.locator("[name=kind]").select_option("hall")
    page.locator("[name=name]").fill("Alter Speicher")
    page.locator("[name=address]").fill("Kaiweg")
    page.get_by_role("button", name="Speichern").click()
    expect(page.locator("#field-state")).to_have_text("1 warten auf Verbindung")
    page.context.set_offline(False)
    expect(page.locator("#field-state")).to_have_text("1 gesendet")
    page.goto(f"{kai}/register?q=speicher")
    expect(page.get_by_role("link", name="Alter Speicher")).to_be_visible()

    page.goto(f"{kai}/scenarios/1/land")
    page.get_by_label("Mindestens").fill("2")
    page.get_by_role("button", name="Suchen").click()
    expect(page.locator("#sites")).to_have_text("Flächen: 1")
    expect(page.locator("tbody tr")).to_contain_text("2,4")

    page.goto(f"{kai}/scenarios/1/uses?use=coworking")
    first = page.locator("tbody tr").first
    expect(first).to_contain_text("Kontor")
    first.get_by_role("button", name="In die Variante").click()
    expect(page).to_have_url(f"{kai}/scenarios/1/history?lang=de")

    page.goto(f"{kai}/scenarios/1/do/new-line")
    page.locator("[name=number]").fill("7")
    page.locator("[name=stops]").fill("stop\nfar")
    page.locator("[name=headways]").fill("6-20:10")
    page.locator("form.verb-form button.button").click()
    expect(page).to_have_url(f"{kai}/scenarios/1/history?lang=de")
    page.goto(f"{kai}/scenarios/1/reach?q=Zollhaus&mode=transit&time=08:00")
    people = page.locator("table.reached").first.locator("tbody tr").first
    expect(people.locator("td").last).to_contain_text("+12")
