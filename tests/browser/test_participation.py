"""A citizen on a phone: taps the house they mean, says something, is told when it fails, and sees it on the map."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import logged_in
from tests.browser.test_accessible import findings
from tests.hamlet import planner
from tests.test_participation_pages import worked

VIEW = "#camera=9.00009,53.51925,18,40,0"


def test_a_citizen_taps_a_house_on_a_phone_and_says_something(open_page):
    page = open_page(f"/participation/1{VIEW}", width=390, height=844)
    page.locator(".pin").first.wait_for()
    assert page.context.cookies() == []
    assert findings(page) == []
    page.locator("#say").click()
    expect(page.locator("#pointing")).to_contain_text("Haus")
    box = page.locator("#view canvas").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.locator("#talk form.kept").wait_for()
    assert findings(page) == []
    page.get_by_label("Was möchten Sie sagen?").fill("Bitte eine Bank.")
    page.get_by_label("Thema").select_option(label="Grün")
    page.context.set_offline(True)
    page.get_by_role("button", name="Senden").click()
    page.get_by_text("Ihr Text steht noch hier").wait_for()
    assert page.get_by_label("Was möchten Sie sagen?").input_value() == "Bitte eine Bank."
    page.context.set_offline(False)
    page.wait_for_timeout(2500)  # nobody writes faster: web/participation_tickets.py
    page.get_by_role("button", name="Senden").click()
    page.get_by_text("Danke! Das ist Ihr Beitrag.").wait_for()
    expect(page.locator("article")).to_contain_text("Bitte eine Bank.")
    expect(page.locator("article")).to_contain_text("jetzt für alle zu sehen")
    expect(page.locator("code.link")).to_contain_text("/own/")
    page.get_by_role("link", name="Zur Karte").click()
    page.get_by_text("Bitte eine Bank.").first.wait_for()


def test_a_citizen_draws_a_line_on_the_map(open_page):
    page = open_page(f"/participation/1{VIEW}", width=390, height=700)
    page.locator("#say").click()
    page.get_by_role("button", name="Linie").click()
    expect(page.locator("#pointing")).to_contain_text("Ecke um Ecke")
    box = page.locator("#view canvas").bounding_box()
    for corners, across in enumerate((0.35, 0.65), 1):
        page.mouse.click(box["x"] + across * box["width"], box["y"] + box["height"] / 2)
        expect(page.locator("#shapes circle")).to_have_count(corners)
    page.keyboard.press("Enter")
    expect(page.locator("#talk form.kept .place")).to_contain_text("Linie,")
    assert findings(page) == []


def said_by_a_neighbour(page, address, ticket, text, reply):
    form = {"ticket": ticket, "work": worked(ticket), "text": text, "category": "1", "scenario": "1", "reply-1": reply}
    answer = page.request.post(f"{address}/participation/1/new", form=form, max_redirects=0)
    assert answer.status == 303, answer.text()


def test_a_presenter_leads_the_room_by_the_keyboard_and_all_see_what_is_said(open_page, address):
    page = open_page(
        "/participation/1/present", ready=False, width=1000, height=620, storage_state=logged_in(planner())
    )
    ticket = re.search(r'name="ticket" value="([^"]+)"', page.request.get(f"{address}/participation/1/new").text())[1]
    page.locator(".front").wait_for()
    for key, stop in (("ArrowRight", 2), ("ArrowLeft", 1)):
        page.keyboard.press(key)
        expect(page.locator("#stage")).to_have_attribute("data-stop", str(stop))
    page.keyboard.press("t")
    expect(page.locator("#clock")).to_have_text("04:58")
    page.keyboard.press("2")
    said_by_a_neighbour(page, address, ticket, "Und wer bezahlt das?", "Rad")
    expect(page.locator("#said")).to_contain_text("Und wer bezahlt das?")
    assert findings(page) == []
    page.keyboard.press("3")
    expect(page.locator("[data-poll] dd b").nth(1)).to_have_text("1")
    expect(page.get_by_role("button", name="3 Umfragen")).to_have_attribute("aria-pressed", "true")


def test_the_list_says_it_all_where_nothing_is_drawn_and_a_voice_is_given_without_a_map(open_page):
    page = open_page("/participation/1", ready=False, java_script_enabled=False)
    page.get_by_text("Das Zollhaus bitte als Café.").wait_for()
    page.get_by_role("link", name="Öffnen Beitrag 1", exact=True).click()
    page.get_by_role("button", name="Ich stimme zu").click()
    page.get_by_text("2 stimmen zu").wait_for()
    page.get_by_label("Ihr Kommentar").fill("Mit Terrasse!")
    page.wait_for_timeout(2500)
    page.get_by_role("button", name="Senden").click()
    page.get_by_text("Mit Terrasse!").wait_for()
    expect(page.locator("#comments")).to_contain_text("wird geprüft")  # no browser worked for it


def test_a_moderator_publishes_from_the_queue_with_two_clicks(open_page):
    page = open_page("/participation/1/desk", ready=False, storage_state=logged_in(planner()))
    page.get_by_role("button", name="Veröffentlichen 4").click()
    page.get_by_role("heading", name="Beitrag 4").wait_for()
    page.get_by_label("Stand").select_option(label="übernommen")
    page.locator("form:has(select[name=status]) button").click()
    page.get_by_text("Gespeichert.").wait_for()
    expect(page.locator("article .badges")).to_contain_text("übernommen")


def test_a_table_for_many_people_begins_anew_after_a_pause_and_keeps_nothing(open_page):
    page = open_page("/participation/1?kiosk=6", width=700, height=500)
    page.locator("#say-without").click()
    page.get_by_label("Was möchten Sie sagen?").fill("Ich gehe jetzt einfach weg.")
    page.locator("#say-without").wait_for()  # the first sight is back
    expect(page.get_by_label("Was möchten Sie sagen?")).to_have_count(0)
    assert page.context.cookies() == []
