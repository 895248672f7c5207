"""The docs' pictures, taken anew: python -m tests.browser.pictures [NAME ...]. Those of real towns need their data."""

import logging
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from layers.reading.load import Asked, load
from sample_city import generate
from tests.browser.conftest import PATIENCE, SOFTWARE, served
from tests.real import REAL
from web import create_app

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
WIDE, PHONE = (1440, 900), (390, 844)
# name -> (town, size, colour scheme, camera or nothing for the first view)
PICTURES = {
    "first-sight": ("sample", WIDE, "light", ""),
    "first-sight-dark": ("sample", WIDE, "dark", ""),
    "first-sight-phone": ("sample", PHONE, "light", ""),
    "bayreuth": ("bayreuth", WIDE, "light", ""),
    "bayreuth-village": ("bayreuth", WIDE, "light", "camera=11.5985,49.982,16.3,58,-20"),
    "selfkant": ("selfkant", WIDE, "light", ""),
    "selfkant-both": ("selfkant", WIDE, "light", "camera=5.8746,51.0344,14.55,50,-75"),
    "selfkant-phone": ("selfkant", PHONE, "dark", ""),
}
TOWNS = {
    "bayreuth": ["bayreuth-osm-srtm"],
    "selfkant": ["selfkant-lod2-nrw-5657", "selfkant-lod2-nrw-5659"],
}


def main(names: list[str]) -> None:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = names or list(PICTURES)
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(SOFTWARE))
        for town in sorted({PICTURES[name][0] for name in wanted}):
            store = town_in(town, Path(place))
            with served(create_app(DATABASE=store)) as address:
                for name in wanted:
                    if PICTURES[name][0] == town:
                        take(browser, address, name)


def town_in(town: str, place: Path) -> str:
    store = str(place / f"{town}.gpkg")
    paths = [str(REAL / folder) for folder in TOWNS.get(town, [])]
    if not paths:
        generate(place / town, 3000, 1)
        paths = [str(place / town)]
    load(Asked(paths, store))
    return store


def take(browser: Browser, address: str, name: str) -> None:
    _, (width, height), scheme, camera = PICTURES[name]
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]
    page.set_default_timeout(2 * PATIENCE)
    page.goto(f"{address}/#detail=full{'&' + camera if camera else ''}")
    page.wait_for_selector("html[data-ready]", state="attached")
    page.wait_for_timeout(2000)
    page.screenshot(path=FOLDER / f"{name}.png", timeout=2 * PATIENCE)
    page.close()
    print(FOLDER / f"{name}.png")


if __name__ == "__main__":
    main(sys.argv[1:])
