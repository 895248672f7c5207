"""The docs' pictures, taken anew: python -m tests.browser.pictures [NAME ...]. Those of real towns need their data."""

import io
import logging
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from urllib.request import urlopen

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from sqlalchemy.orm import Session

from layers.reading.load import Asked, load
from sample_city import generate
from sample_city.deliver import project as zuckerfabrik
from scenarios.bringing import bring_project, read_project
from tests.browser.conftest import PATIENCE, SOFTWARE, served
from tests.real import REAL
from twin.store import open_store
from web import create_app

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
REPORT = FOLDER.parent / "kennzahlen.pdf"  # the sample project's, as everyone who asks for it gets it
FIGURES = ViewportSize(width=1440, height=1180)
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


class Picture(NamedTuple):
    """view: what stands behind the # of the address. act: what is done before it is taken."""

    town: str = "sample"
    size: ViewportSize = WIDE
    dark: bool = False
    view: str = ""
    path: str = "/"
    act: Callable[[Page], None] | None = None


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
    "bayreuth": Picture("bayreuth"),
    "bayreuth-village": Picture("bayreuth", view="camera=11.5985,49.982,16.3,58,-20"),
    "selfkant": Picture("selfkant"),
    "selfkant-both": Picture("selfkant", view="camera=5.8746,51.0344,14.55,50,-75"),
    "selfkant-phone": Picture("selfkant", PHONE, dark=True),
    "figures": Picture("planned", FIGURES, path="/projects/1/figures?sun="),
    "figures-phone-dark": Picture("planned", PHONE, dark=True, path="/projects/1/figures"),
    "figures-spacing": Picture("planned", FIGURES, path="/projects/1/figures/spacing"),
    "figures-sun": Picture("planned", FIGURES, path="/projects/1/figures/sunlight"),
    "figures-3d": Picture("planned", view="camera=12.1391,51.0549,17.1,48,-20", path="/scenarios/1?figures=spacing"),
    "figures-daylight": Picture("planned", FIGURES, path="/projects/1/figures/daylight"),
}


def main(names: list[str]) -> None:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = {name: PICTURES[name] for name in names or PICTURES}
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(SOFTWARE))
        for town in sorted({picture.town for picture in wanted.values()}):
            store = town_in(town, Path(place))
            with served(create_app(DATABASE=store)) as address:
                for name, picture in wanted.items():
                    if picture.town == town:
                        take(browser, address, picture, FOLDER / f"{name}.png")
                if town == "planned":
                    with urlopen(f"{address}/projects/1/figures.pdf") as report:  # noqa: S310  # our own server
                        REPORT.write_bytes(report.read())


def town_in(town: str, place: Path) -> str:
    store = str(place / f"{town}.gpkg")
    paths = [str(REAL / folder) for folder in TOWNS.get(town, [])]
    if not paths:
        generate(place / town, 3000, 1)
        paths = [str(place / town)]
    load(Asked(paths, store))
    if town == "planned":
        with Session(open_store(store)) as db:
            bring_project(db, read_project(place / town / zuckerfabrik.FILE))
            db.commit()
    return store


def take(browser: Browser, address: str, picture: Picture, file: Path) -> None:
    page = browser.new_page(viewport=picture.size, color_scheme="dark" if picture.dark else "light")
    page.set_default_timeout(2 * PATIENCE)
    if picture.path == "/" or picture.view:
        page.goto(f"{address}{picture.path}#detail=full&{picture.view}")
        page.wait_for_selector("html[data-ready]", state="attached")
        page.wait_for_timeout(2000)
    else:
        page.goto(address + picture.path)
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
