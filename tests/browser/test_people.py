"""Logging in, and a project from its first scenario to the council's decision, as planners do it."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from scenarios import accounts
from tests.browser.conftest import PATIENCE, served
from tests.hamlet import new_city, settle
from twin.store import create_store
from web import create_app

PASSWORD = "drei kleine Häuser"  # noqa: S105


@pytest.fixture
def town(tmp_path):
    """A hamlet of its own, in which Ada administers; with her one-time password."""
    place = str(tmp_path / "city.gpkg")
    engine = create_store(place, new_city())
    with Session(engine) as db:
        settle(db)
        _, once = accounts.add_person(db, "ada", "Ada Kern", administrator=True)
        db.commit()
    engine.dispose()
    with served(create_app(DATABASE=place, SECRET_KEY="k" * 32)) as url:
        yield url, once


@pytest.fixture
def browser(chromium):
    contexts = []

    def opened(width=1100, height=800):
        context = chromium.new_context(viewport={"width": width, "height": height})
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


def log_in(page, url, once):
    page.goto(url + "/projects")
    page.get_by_role("link", name="Anmelden").click()
    page.get_by_label("Anmeldename").fill("ada")
    page.get_by_label("Passwort").fill(once)
    page.keyboard.press("Enter")
    page.get_by_label("Einmalpasswort").fill(once)
    page.get_by_label("Neues Passwort", exact=False).first.fill(PASSWORD)
    page.get_by_label("Neues Passwort, noch einmal").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Projekte", exact=True).wait_for()


def new_project(page, title):
    page.get_by_role("link", name="Neues Projekt").first.click()
    page.get_by_label("Titel").fill(title)
    page.get_by_label("Aufgabe").fill("Was wird aus dem Kai?")
    page.get_by_role("button", name="Projekt anlegen").click()
    page.get_by_role("heading", name=title).wait_for()


def new_scenario(page, title):
    if not page.get_by_role("button", name="Variante anlegen").is_visible():
        page.locator("summary", has_text="Neue Variante").click()
    page.locator("form[action*='/scenarios']").get_by_label("Titel").last.fill(title)
    page.get_by_role("button", name="Variante anlegen").click()
    page.get_by_role("link", name=title, exact=True).wait_for()


def test_a_planner_makes_a_project_publishes_a_scenario_and_a_citizen_sees_it(town, browser):
    url, once = town
    planner, citizen = browser(), browser(390, 844)
    log_in(planner, url, once)
    planner.get_by_text("Noch kein Projekt").wait_for()
    new_project(planner, "Am Kai")
    new_scenario(planner, "Wohnen")
    citizen.goto(url + "/projects")
    citizen.get_by_text("Noch kein Projekt").wait_for()
    planner.get_by_label("Mehr: Wohnen").click()
    planner.get_by_role("button", name="Veröffentlichen").click()
    planner.locator(".badge.published").wait_for()
    citizen.reload()
    citizen.get_by_role("link", name="Am Kai").click()
    citizen.get_by_role("link", name="In 3D öffnen").click()
    citizen.wait_for_selector("html[data-sharp]", state="attached")
    citizen.get_by_label("Variante wechseln: Wohnen").click()
    citizen.get_by_role("link", name="Heute").click()
    citizen.wait_for_url(re.compile(r"/scenarios/0"))
    assert citizen.evaluate("document.documentElement.scrollWidth") <= 390


def test_by_keyboard_a_scenario_is_forked_and_renamed_and_escape_closes_the_menu(town, browser):
    url, once = town
    page = browser()
    log_in(page, url, once)
    new_project(page, "Am Kai")
    new_scenario(page, "Campus")
    menu = page.get_by_label("Mehr: Campus", exact=True)
    menu.focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Abzweigen").wait_for()
    page.keyboard.press("Escape")
    assert page.get_by_role("button", name="Abzweigen").is_hidden()
    assert menu.evaluate("one => one === document.activeElement")
    page.keyboard.press("Enter")
    page.get_by_label("Abzweigen").first.fill("Campus im Park")
    page.keyboard.press("Enter")
    page.get_by_text("aus „Campus“").wait_for()
    expect(page.locator(".of-scenario")).to_have_count(2)


def test_who_goes_from_one_scenario_to_another_keeps_the_view(town, browser):
    url, once = town
    page = browser()
    log_in(page, url, once)
    new_project(page, "Am Kai")
    for title in ("Wohnen", "Park"):
        new_scenario(page, title)
    page.get_by_role("link", name="Wohnen", exact=True).click()
    page.wait_for_selector("html[data-sharp]", state="attached")
    page.evaluate("location.hash = 'camera=9.0002,53.5194,17.50,40,10'")
    page.get_by_label("Variante wechseln: Wohnen").click()
    page.get_by_role("link", name="Park").click()
    page.wait_for_url(re.compile(r"/scenarios/\d+\?lang=de#camera=9\.0002,53\.5194,17\.50,40,10"))
    page.wait_for_selector("html[data-sharp]", state="attached")
    page.get_by_label("Variante wechseln: Park").wait_for()


def test_logging_out_leads_back_to_the_city_and_a_draft_is_gone_from_sight(town, browser):
    url, once = town
    page = browser()
    log_in(page, url, once)
    new_project(page, "Am Kai")
    new_scenario(page, "Geheim")
    draft = page.get_by_role("link", name="In 3D öffnen").get_attribute("href")
    page.locator("#me").click()
    page.get_by_role("button", name="Abmelden").click()
    page.locator("#log-in").wait_for()
    page.goto(url + draft)
    page.get_by_text("Es gibt keine Variante").wait_for()
    page.goto(url + "/projects")
    expect(page.get_by_text("Am Kai")).to_have_count(0)
