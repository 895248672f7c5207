"""The page that is handed out opens from a file, asks nobody for anything, and shows the scenario and today."""

from playwright.sync_api import expect
from sqlalchemy.orm import Session

from tests.browser.conftest import PATIENCE
from tests.hamlet import change, new_city, settle
from twin.feature import Scenario
from twin.store import create_store
from web.exports.formats import FORMATS
from web.exports.gather import delivery


def test_a_page_opens_without_a_server(chromium, tmp_path):
    engine = create_store(str(tmp_path / "city.gpkg"), new_city())
    with Session(engine) as db:
        settle(db)
        db.add(Scenario(id=1, title="Kai 2040"))
        db.commit()
    change(engine, "place", "house", height=14.0)
    with Session(engine) as db:
        given = delivery(db, db.get_one(Scenario, 1), ["buildings", "streets"], with_today=True)
        FORMATS["html"].write(given, tmp_path / "kai.html")
    context = chromium.new_context(viewport={"width": 500, "height": 400}, offline=True)
    context.set_default_timeout(PATIENCE)
    page, asked, wrong = context.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto((tmp_path / "kai.html").as_uri())
    page.wait_for_selector("html[data-ready]", state="attached")
    expect(page.get_by_text("Höhe 14 m")).to_be_attached()
    page.get_by_label("Heute").check()
    page.get_by_label("Straßen und Wege").uncheck()
    expect(page.locator("canvas")).to_be_visible()
    context.close()
    assert (wrong, [one for one in asked if not one.startswith(("file:", "data:", "blob:"))]) == ([], [])
