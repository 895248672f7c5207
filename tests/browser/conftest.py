"""A hamlet served on this machine, and a browser without a graphics card that looks at it."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright
from shapely.geometry import Point
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from layers.trees import Tree
from layers.water import Water
from scenarios import changes
from scenarios.project import Project, Viewpoint
from tests.conftest import missing
from tests.hamlet import EAST, NORTH, change, cookie_of, hold_session, new_city, planner, settle
from twin.feature import Scenario
from twin.store import create_store
from web import create_app, working

# As a browser does by itself where there is no graphics card: WebGL by SwiftShader, the page around it without.
SOFTWARE = ("--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--disable-gpu-compositing", "--no-sandbox")
PATIENCE = 120_000  # milliseconds: a processor draws the picture, and it may be shared
expect.set_options(timeout=PATIENCE)
BUNDLE = Path(__file__).parents[2] / "web" / "static" / "bundle" / "fonts.css"


@pytest.fixture(scope="session", autouse=True)
def _patient():
    """What takes long is waited for, so that no page is exchanged while somebody looks at it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(working, "PATIENCE", 120.0)
        yield


@pytest.fixture(scope="session")
def address(tmp_path_factory) -> Iterator[str]:
    if not BUNDLE.exists():
        missing("The page's bundle is not built: npm ci --prefix web/bundle && npm run build --prefix web/bundle")
    place = str(tmp_path_factory.mktemp("hamlet") / "city.gpkg")
    engine = create_store(place, new_city())
    with Session(engine) as db:
        settle(db)
        db.add_all([planner(), Project(id=1, title="Am Kai", brief="Ein Haus, das höher wird.")])
        db.flush()
        db.add(Scenario(id=1, title="Kai 2040", project_id=1))
        db.add(Scenario(id=2, title="Kai 2050", project_id=1))
        db.commit()
    change(engine, "place", "house", height=14.0, storeys=4)
    change(engine, "clear", "shed-4")
    with Session(engine) as db:
        kai = db.get_one(Scenario, 1)
        with changes.step(db, kai, None, "draw") as step:
            changes.clear(step, Water, "pond", seen=0)
            changes.place(step, Tree, "oak", Point(EAST + 45, NORTH + 35), {"height": 12.0, "crown": 9.0}, seen=None)
        kai.state = "published"
        hold_session(db)
        for number, shown in enumerate((0, 1), 1):
            view = f"camera=9.0,53.519,17.{number},50,0"
            told = {"title": f"Halt {number}", "text": "Sehen Sie das Zollhaus?", "view": view}
            db.add(Viewpoint(id=number, project_id=1, scenario_id=shown, position=number, **told))
        db.commit()
    engine.dispose()
    with served(create_app(DATABASE=place)) as url:
        yield url


@contextmanager
def served(app) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:  # also after a failure: a server that goes on would keep the tests from ending
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        own = shutil.which("chromium")
        if own is None and not Path(playwright.chromium.executable_path).exists():
            missing("There is no Chromium here: .ci/packages.sh browser")
        browser = playwright.chromium.launch(executable_path=own, args=list(SOFTWARE))
        yield browser
        browser.close()


@pytest.fixture
def whose():
    """Whose browser it is: nobody's who is known to the city."""
    return None


def logged_in(person):
    """What the browser keeps of a person's login."""
    cookie = {"name": "twin", "value": cookie_of(create_app(), person), "domain": "127.0.0.1", "path": "/"}
    flags = {"expires": -1, "httpOnly": True, "secure": False, "sameSite": "Lax"}
    return {"cookies": [{**cookie, **flags}], "origins": []}


@pytest.fixture
def open_page(chromium, address, whose):
    """Opens an address of the hamlet; fails when the page asks another host or complains on its console."""
    contexts, complaints, outside = [], [], []

    def noted(message):
        # A tile that a test withholds is a complaint of the browser's, not of ours.
        # So is that a test reads a canvas often, and that the page around it reads it, too.
        ours = not any(said in message.text for said in ("Failed to load resource", "willReadFrequently", "ReadPixels"))
        if message.type in ("error", "warning") and ours:
            complaints.append(f"{message.text} {message.location}")

    def opened(path="/", *, width=900, height=640, ready=True, **options) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": height}, **{"storage_state": whose, **options}
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.on("console", noted)
        page.on("pageerror", lambda error: complaints.append(f"{error} {error.stack}"))
        page.on("request", lambda request: None if _ours(request.url, address) else outside.append(request.url))
        page.goto(address + path)
        if ready:
            page.wait_for_selector("html[data-sharp], html[data-ready=without-webgl]", state="attached")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert outside == []
    assert complaints == []


def _ours(url: str, address: str) -> bool:
    return url.startswith((address, "data:", "blob:"))
