"""The page in headless Chromium with software rendering: seconds, bytes and frames beside pydeck's own page."""

import shutil
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import shapely
from playwright.sync_api import Browser
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from layers.buildings import Building
from tests.benchmarks.browsing import chromium, first_view, frame, opened, peer_page, serving, show_ours, show_peer
from tests.benchmarks.deliveries import BUILDINGS, city
from tests.benchmarks.measuring import Figure
from tests.browser.conftest import logged_in
from tests.hamlet import change, planner
from twin.city import city_of
from twin.feature import TODAY, Scenario
from twin.projection import LONLAT, transformer
from twin.store import open_store

FEW = BUILDINGS // 10
BUDGET = 300.0  # kB
AT_ONCE = 300.0  # ms
PANS = 12
CHANGES = 9
LARGE = 150.0  # m² of the building that comes and goes
# Notes the colour in the middle of the picture after each frame.
WATCHING = """() => {
  const canvas = document.querySelector('#view canvas')
  const gl = canvas.getContext('webgl2')
  addEventListener('city-drawn', () => {
    const pixel = new Uint8Array(4)
    gl.readPixels(canvas.width / 2, canvas.height / 2, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel)
    window.middle = pixel.join()
    dispatchEvent(new Event('looked'))
  })
}"""
# Milliseconds from hearing of a change until the middle of the picture has another colour.
REFRESHING = """async change => {
  const {refresh} = await import('/static/refresh.js')
  const [start, before] = [performance.now(), window.middle]
  const other = new Promise(done => {
    const look = () => {
      if (window.middle === before) return
      removeEventListener('looked', look)
      done(performance.now() - start)
    }
    addEventListener('looked', look)
  })
  const drawn = refresh(change)
  const took = await other
  await drawn
  return took
}"""


def figures() -> Iterator[Figure]:
    store = city()
    with serving(store) as address, chromium() as browser:
        view = first_view(address)
        yield from _first_picture(browser, address, peer_page(store, BUILDINGS, view), view)
        yield _walk(browser, address, peer_page(store, BUILDINGS, view), view)
        yield _frames(browser, address, peer_page(store, FEW, view), view)
    with chromium() as browser:
        for buildings in (FEW, BUILDINGS):
            yield _refresh(browser, buildings)


def _first_picture(browser: Browser, address: str, peer: Path, view: dict[str, float]) -> Iterator[Figure]:
    times = []
    for _ in range(3):
        traffic: dict[str, int] = {}
        with opened(browser, traffic) as page:
            times.append(show_ours(page, address, view))
            page.wait_for_timeout(1000)
    with opened(browser) as page:
        peer_time = show_peer(page, peer)
    deck = sum(size for url, size in traffic.items() if "/deck.js" in url)
    tiles = sum(size for url, size in traffic.items() if "/tiles/" in url)
    whole, page_alone = sum(traffic.values()), sum(traffic.values()) - deck - tiles
    note = f"{BUILDINGS:,} buildings in pydeck's `to_html` as GeoJSON; ours as it is sent, with deck.gl"
    yield Figure("first-picture-bytes", whole / 1e6, peer.stat().st_size / 1e6, 30, "MB", at_least=True, note=note)
    note = "until all is drawn, by the first visitor after the server has started"
    yield Figure("first-picture-of-the-first", times[0], peer_time, 8, at_least=True, note=note)
    note = "until all is drawn, by later visitors: the server keeps the tiles that it has drawn"
    yield Figure("first-picture", statistics.median(times[1:]), peer_time, 8, at_least=True, note=note)
    rest = f"deck.gl ({deck / 1e3:.0f} kB) and the first picture's tiles ({tiles / 1e3:.0f} kB)"
    note = f"the page as it is sent, without {rest}; the peer is 300 kB"
    yield Figure("page-bytes", page_alone / 1e3, BUDGET, 1, "kB", note=note)


def _walk(browser: Browser, address: str, peer: Path, view: dict[str, float]) -> Figure:
    """The bytes of tiles on a way over the city, from one picture to the next."""
    traffic: dict[str, int] = {}
    with opened(browser, traffic) as page:
        show_ours(page, address, view)
        for _ in range(PANS):
            page.locator("#view canvas").focus()
            page.keyboard.press("ArrowRight")
            page.wait_for_timeout(600)
        page.wait_for_timeout(4000)
    walked = sum(size for url, size in traffic.items() if "/tiles/" in url)
    note = f"tiles of the first picture and of {PANS} pans; the peer loads the whole city"
    return Figure("bytes-over-a-walk", walked / 1e6, peer.stat().st_size / 1e6, 20, "MB", at_least=True, note=note)


def _frames(browser: Browser, address: str, peer: Path, view: dict[str, float]) -> Figure:
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(2):
        with opened(browser) as page:
            show_ours(page, address, view)
            page.wait_for_timeout(1000)
            times[0].append(frame(page))
        with opened(browser) as page:
            show_peer(page, peer)
            times[1].append(frame(page))
    note = f"a frame while the view is dragged and turned: ours over {BUILDINGS:,} buildings, pydeck's over {FEW:,}"
    return Figure("moving-frame", min(times[0]), min(times[1]), 1, "ms", note=note)


def _refresh(browser: Browser, buildings: int) -> Figure:
    """From the page's hearing of a change to other pixels on the screen."""
    with tempfile.TemporaryDirectory(prefix="twin-bench-") as folder:
        store = Path(shutil.copy(city(buildings), folder))
        engine = open_store(store)
        with Session(engine) as db:
            db.add_all([planner(), Scenario(id=1, title="Gaps")])
            db.commit()
        with serving(store) as address, opened(browser, whose=logged_in(planner())) as page:
            view = first_view(address)
            uid, middle, bounds = _building_near(engine, view)
            show_ours(page, f"{address}/scenarios/1", {**view, **middle, "zoom": 17.0, "pitch": 0, "bearing": 0})
            page.evaluate(WATCHING)
            page.evaluate(REFRESHING, {"layer": "buildings", "bounds": bounds, "change": 0})
            times = []
            for number in range(1, CHANGES + 1):
                _clear_or_restore(engine, uid, number)
                change = {"layer": "buildings", "bounds": bounds, "change": number}
                times.append(page.evaluate(REFRESHING, change))
        engine.dispose()
    note = f"from a committed change of a building to its new pixels, in a city of {buildings:,}; the peer is 300 ms"
    return Figure(f"refresh-{buildings}", statistics.median(times), AT_ONCE, 1, "ms", note=note)


def _building_near(engine: Engine, view: dict[str, float]) -> tuple[str, dict[str, float], list[float]]:
    """A large one: its uid, where its middle is, and its bounds in degrees."""
    with Session(engine) as db:
        srid = city_of(db).srid  # type: ignore[union-attr]
        rows = db.execute(select(Building.uid, Building.shape).where(Building.scenario_id == TODAY)).all()
    shapes = np.array([shape for _, shape in rows])
    x, y = transformer(LONLAT, srid).transform(view["longitude"], view["latitude"])
    middles = shapely.centroid(shapes)
    good = (shapely.area(shapes) > LARGE) & shapely.contains(shapes, middles)
    nearest = int(np.where(good, shapely.distance(middles, shapely.Point(x, y)), np.inf).argmin())
    longitude, latitude = transformer(srid, LONLAT).transform(middles[nearest].x, middles[nearest].y)
    bounds = transformer(srid, LONLAT).transform_bounds(*shapes[nearest].bounds)
    return rows[nearest][0], {"longitude": longitude, "latitude": latitude}, list(bounds)


def _clear_or_restore(engine: Engine, uid: str, number: int) -> None:
    """The building goes with each odd change and comes back with each even one."""
    change(engine, "clear" if number % 2 else "restore", uid, seen=None)
