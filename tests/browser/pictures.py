"""The docs' pictures, taken anew: python -m tests.browser.pictures [NAME ...]. Those of real towns need their data."""

import io
import json
import logging
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote
from urllib.request import urlopen

import shapely
from PIL import Image
from playwright.sync_api import Browser, FilePayload, Page, ViewportSize, sync_playwright
from sqlalchemy import select
from sqlalchemy.orm import Session

from layers.buildings import Building
from layers.reading.load import Asked, load
from layers.vacancies import Vacancy
from sample_city import generate
from sample_city.deliver.project import FILE
from scenarios import changes
from scenarios.assumptions import override
from scenarios.bringing import bring_project, read_project
from scenarios.project import Person
from scenarios.projects import fork
from scenarios.register import keeping
from tests.browser.conftest import PATIENCE, SOFTWARE, logged_in, served
from tests.hamlet import planner
from tests.real import REAL
from twin.feature import Scenario
from twin.store import open_store
from web import create_app, working

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
REPORT = FOLDER.parent / "kennzahlen.pdf"  # the sample project's, as everyone who asks for it gets it
SHEET = FOLDER.parent / "angebot.pdf"  # of the shop that the sample town offers
FIGURES = ViewportSize(width=1440, height=1180)
# Pictures below the fold are not fetched before somebody scrolls.
SEEN = """() => Promise.all([...document.images].filter(one => one.getBoundingClientRect().top < innerHeight)
    .map(one => one.decode().catch(() => null)))"""
LOW = ViewportSize(width=1280, height=800)
WIDE, PHONE = ViewportSize(width=1440, height=900), ViewportSize(width=390, height=844)
LARGEST = 320_000  # bytes: the docs are cloned by everyone
TOWNS = {
    "bayreuth": ["bayreuth-osm-srtm"],
    "selfkant": ["selfkant-lod2-nrw-5657", "selfkant-lod2-nrw-5659"],
}


def look_up(page: Page) -> None:
    page.locator("#search").press_sequentially("markt")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")


def open_table(page: Page) -> None:
    page.locator(".as-table[href*='/buildings']").click()
    page.locator("#drawer .rows").wait_for()


def measure(page: Page) -> None:
    page.keyboard.press("a")
    for x, y in ((560, 480), (760, 420), (900, 520), (690, 600)):
        page.mouse.click(x, y)
    page.locator("#measure-done").click()


def tell(page: Page) -> None:
    page.mouse.click(720, 470)
    page.locator("#inspector dl").first.wait_for()


def drawn(page: Page) -> None:
    for frame in page.locator("iframe").all():
        frame.content_frame.locator("html[data-sharp]").wait_for(state="attached")
    page.wait_for_timeout(4000)


def swipe(page: Page) -> None:
    drawn(page)
    page.get_by_text("Wischen").click()


def go_on(page: Page) -> None:
    page.locator(".front").wait_for()
    page.wait_for_timeout(4000)
    for stop in (2, 3):
        page.keyboard.press("PageDown")
        page.locator(f"#stage[data-stop='{stop}']").wait_for()
    page.wait_for_timeout(5000)


def open_draft(page: Page, chosen: str = "") -> None:
    """From the project's page into its draft."""
    camera = (page.locator("#scenario-4 h3 a").get_attribute("href") or "").partition("#")[2]
    page.goto(f"{page.url.partition('/projects')[0]}/scenarios/4?plan#{camera}{chosen}")
    page.wait_for_selector("html[data-ready]", state="attached")
    page.locator("#planner:not([inert])").wait_for()


def select_house(page: Page) -> None:
    """The boiling house, with its handles and its form."""
    asked = f"{page.url.partition('/projects')[0]}/api/scenarios/4/differences"
    uid = next(one["uid"] for one in page.request.get(asked).json() if one["title"] == "Siedehaus")
    open_draft(page, f"&select=buildings/{uid}")
    page.locator("#handle-move").wait_for()


def begin(page: Page, verb: str) -> None:
    """In the draft with a tool taken."""
    open_draft(page)
    page.locator("#planner summary").nth(3).dispatch_event("click")  # a click waits until the picture rests
    page.get_by_role("button", name=verb).dispatch_event("click")
    page.locator("#verb form").wait_for()


def replan(page: Page) -> None:
    begin(page, "Entsiegeln oder befestigen")
    page.locator("#drafting-keys").wait_for()
    for x, y in ((480, 380), (760, 340), (960, 480), (620, 600)):
        page.mouse.move(x, y)
        page.mouse.click(x, y)
    page.keyboard.press("Enter")
    page.get_by_label("Art", exact=True).select_option("park")


def bring_design(page: Page) -> None:
    begin(page, "Entwurf (Datei)")
    wings = [
        shapely.geometry.box(0, 0, 60, 12),
        shapely.geometry.box(0, 30, 60, 42),
        shapely.geometry.box(72, 0, 84, 42),
    ]
    drawn = [
        {"type": "Feature", "properties": {"geschosse": 3 + i}, "geometry": shapely.geometry.mapping(wing)}
        for i, wing in enumerate(wings)
    ]
    told = json.dumps({"type": "FeatureCollection", "features": drawn}).encode()
    file = FilePayload(name="hof.geojson", mimeType="application/geo+json", buffer=told)
    page.get_by_label("Entwurf (Datei)").set_input_files(file)
    page.locator("#drafting-keys").wait_for()
    page.mouse.move(560, 480)
    page.mouse.click(560, 480)
    page.locator("#handle-turn").wait_for()


def see_pins(page: Page) -> None:
    page.wait_for_selector("html[data-sharp]", state="attached")
    page.locator(".pin").first.wait_for()


def present(page: Page) -> None:
    page.locator(".front").wait_for()
    for key in ("PageDown", "2", "t"):
        page.keyboard.press(key)
    page.locator("#stage[data-stop='2']").wait_for()
    page.wait_for_timeout(5000)


def open_offer(page: Page) -> None:
    page.locator(".offers a").first.click()
    page.locator("#facts").wait_for()


def settled(page: Page) -> None:
    """All that was asked for is there, and painted."""
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(6000)


class Picture(NamedTuple):
    """view: what stands behind the # of the address. act: what is done before it is taken. plans: as a planner."""

    town: str = "sample"
    size: ViewportSize = WIDE
    dark: bool = False
    view: str = ""
    path: str = "/"
    act: Callable[[Page], None] | None = None
    plans: bool = False


SUN = "sun=2026-03-21T"
PICTURES = {
    "first-sight": Picture(),
    "first-sight-dark": Picture(dark=True),
    "first-sight-phone": Picture(size=PHONE),
    "first-sight-phone-dark": Picture(size=PHONE, dark=True),
    "inspector": Picture(act=tell),
    "search": Picture(act=look_up),
    "table": Picture(act=open_table),
    "colouring": Picture(view="colour=buildings.height.quantile"),
    "sun-morning": Picture(view=SUN + "08:30"),
    "sun-evening": Picture(view=SUN + "17:30"),
    "measuring": Picture(act=measure),
    "about": Picture(path="/about"),
    "comparison-split": Picture(path="/scenarios/1/differences", act=drawn),
    "comparison-swipe": Picture(path="/scenarios/1/differences#at=45", act=swipe),
    "comparison-phone": Picture(size=PHONE, path="/scenarios/1/differences", act=drawn),
    "story": Picture(path="/projects/1/story", act=go_on),
    "project": Picture(path="/projects/1", plans=True),
    "planning": Picture(path="/projects/1", act=select_house, plans=True),
    "history": Picture(size=LOW, path="/scenarios/4/history", plans=True),
    "replan": Picture(path="/projects/1", act=replan, plans=True),
    "replan-form": Picture(size=LOW, path="/scenarios/4/do/new-line", plans=True),
    "design": Picture(path="/projects/1", act=bring_design, plans=True),
    "assumptions": Picture(size=LOW, path="/projects/1/assumptions", plans=True),
    "participation-phone": Picture(size=PHONE, path="/participation/1", act=see_pins),
    "participation-kiosk": Picture(path="/participation/1?kiosk", act=see_pins),
    "participation-presenter": Picture(path="/participation/1/present", act=present, plans=True),
    "participation-desk": Picture(size=LOW, path="/participation/1/desk", plans=True),
    "participation-results": Picture(path="/participation/1/results"),
    "bayreuth": Picture("bayreuth"),
    "bayreuth-village": Picture("bayreuth", view="camera=11.5985,49.982,16.3,58,-20"),
    "selfkant": Picture("selfkant"),
    "selfkant-both": Picture("selfkant", view="camera=5.8746,51.0344,14.55,50,-75"),
    "selfkant-phone": Picture("selfkant", PHONE, dark=True),
    "register": Picture(size=LOW, path="/register", plans=True),
    "register-field": Picture(size=PHONE, path="/register/field", plans=True),
    "offer": Picture(size=FIGURES, path="/offers", act=open_offer),
    "reach": Picture(size=FIGURES, path="/scenarios/1/reach?q=Markt"),
    "land": Picture(size=FIGURES, path="/scenarios/0/land?hectares=2&built=60"),
    "uses": Picture(size=LOW, path="/scenarios/4/uses?use=coworking", plans=True),
    "figures": Picture(size=FIGURES, path="/projects/1/figures?sun="),
    "figures-phone-dark": Picture(size=PHONE, dark=True, path="/projects/1/figures"),
    "figures-spacing": Picture(size=FIGURES, path="/projects/1/figures/spacing"),
    "figures-sun": Picture(size=FIGURES, path="/projects/1/figures/sunlight"),
    "figures-3d": Picture(view="camera=12.1391,51.0549,17.1,48,-20", path="/scenarios/1?figures=spacing"),
    "figures-facades": Picture(
        size=LOW, view="camera=12.1391,51.0549,17.1,48,-20", path="/scenarios/1?figures=facades"
    ),
    "figures-sun-3d": Picture(
        size=LOW, view="camera=12.1391,51.0549,17.1,48,-20", path="/scenarios/1?figures=sunlight", act=settled
    ),
    "figures-daylight": Picture(size=FIGURES, path="/projects/1/figures/daylight"),
}


def main(names: list[str]) -> None:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    FOLDER.mkdir(parents=True, exist_ok=True)
    working.PATIENCE = 300.0  # figures are waited for
    wanted = {name: PICTURES[name] for name in names or PICTURES}
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(SOFTWARE))
        for town in sorted({picture.town for picture in wanted.values()}):
            store = town_in(town, Path(place))
            with served(create_app(DATABASE=store)) as address:
                for name, picture in wanted.items():
                    if picture.town == town:
                        take(browser, address, picture, FOLDER / f"{name}.png")
                if "figures" in wanted and town == "sample":
                    with urlopen(f"{address}/projects/1/figures.pdf") as report:  # noqa: S310  # our own server
                        REPORT.write_bytes(report.read())
                if "offer" in wanted and town == "sample":
                    uid = offered_in(store)
                    with urlopen(f"{address}/offer-sheet/{quote(uid)}.pdf") as sheet:  # noqa: S310  # our own server
                        SHEET.write_bytes(sheet.read())


def offered_in(store: str) -> str:
    engine = open_store(store)
    with Session(engine) as db:
        uid = db.scalars(select(Vacancy.uid).where(Vacancy.status == "offered")).one()
    engine.dispose()
    return uid


def town_in(town: str, place: Path) -> str:
    store = str(place / f"{town}.gpkg")
    paths = [str(REAL / folder) for folder in TOWNS.get(town, [])]
    if not paths:
        generate(place / town, 3000, 1)
        paths = [str(place / town)]
    load(Asked(paths, store))
    if not TOWNS.get(town):
        plan_in(store, place / town)
    return store


def plan_in(store: str, folder: Path) -> None:
    """The sample's project, with a draft to plan in: scenario 4."""
    engine = open_store(store)
    with Session(engine) as db:
        pia = planner()
        db.add(pia)
        made = bring_project(db, read_project(folder / FILE), pia)
        override(db, made, "dwelling_area", 75.0, "Förderprogramm: kleine Wohnungen zuerst", pia)
        db.flush()
        draft = fork(db, pia, db.get_one(Scenario, 1), "Wohnen, zweiter Entwurf")
        go_on_planning(db, draft, pia)
        db.commit()
        offer_a_shop(db, pia)
        db.commit()
    engine.dispose()


def offer_a_shop(db: Session, person: Person) -> None:
    """One entry of the register, for everyone to see."""
    shops = select(Vacancy).where(Vacancy.kind == "shop", Vacancy.scenario_id == 0)
    shop = db.scalars(shops.order_by(Vacancy.uid)).first()
    offer = "Heller Laden mit Schaufenster, wenige Schritte vom Markt. Die Stadt fördert den Umbau."
    told = {"status": "offered", "storey": "Erdgeschoss", "step_free": True, "offer": offer}
    if shop is not None:
        with keeping.writing(db, person) as step:
            keeping.keep(step, shop.uid, None, told, seen=shop.version)


def go_on_planning(db: Session, draft: Scenario, person: Person) -> None:
    """Three steps and one taken back, for the history."""
    first, second, third = db.scalars(
        select(Building).where(Building.scenario_id == draft.id, Building.gone.is_(False)).limit(3)
    )
    storeys = (first.storeys or 3) + 1
    with changes.step(db, draft, person, "fields") as step:
        changes.place(step, Building, first.uid, first.shape, {"storeys": storeys}, seen=first.version)
    with changes.step(db, draft, person, "clear") as step:
        changes.clear(step, Building, second.uid, seen=second.version)
    with changes.step(db, draft, person, "fields") as step:
        changes.place(step, Building, third.uid, third.shape, {"name": "Haus am Platz"}, seen=third.version)
    changes.undo(db, draft, person)


def take(browser: Browser, address: str, picture: Picture, file: Path) -> None:
    known = logged_in(planner()) if picture.plans else None
    page = browser.new_page(
        viewport=picture.size, color_scheme="dark" if picture.dark else "light", storage_state=known
    )
    page.set_default_timeout(2 * PATIENCE)
    if picture.path == "/" or picture.view:
        page.goto(f"{address}{picture.path}#detail=full&{picture.view}")
        page.wait_for_selector("html[data-sharp]", state="attached")
        page.wait_for_timeout(2000)
    else:
        page.goto(address + picture.path)
        page.evaluate(SEEN)
    if picture.act:
        picture.act(page)
        page.wait_for_timeout(2000)
    save(page.screenshot(timeout=2 * PATIENCE), file)
    page.close()
    print(file)


def save(shot: bytes, file: Path) -> None:
    """With as many colours as fit into the size; an octree keeps the few pixels of the accent."""
    image = Image.open(io.BytesIO(shot)).convert("RGB")
    for colors in (256, 128, 64):
        image.quantize(colors, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(file, optimize=True)
        if file.stat().st_size <= LARGEST:
            return


if __name__ == "__main__":
    main(sys.argv[1:])
