"""Looking at a city in headless Chromium without a graphics card: our page, and pydeck's own beside it."""

import json
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pydeck
import shapely
from playwright.sync_api import Browser, Page, Request, sync_playwright
from sqlalchemy import select
from sqlalchemy.orm import Session

from layers.buildings import Building
from tests.browser.conftest import SOFTWARE
from twin.city import city_of
from twin.feature import TODAY
from twin.projection import to_lonlat
from twin.store import open_store

SIZE = {"width": 1440, "height": 900}
PATIENCE = 600_000  # milliseconds
# Counts the frames in which something is drawn, whoever draws it.
COUNTING = """(() => {
  let drawn = false
  window.frames_drawn = 0
  for (const name of ['drawArrays', 'drawElements', 'drawArraysInstanced', 'drawElementsInstanced']) {
    const draw = WebGL2RenderingContext.prototype[name]
    WebGL2RenderingContext.prototype[name] = function (...all) { drawn = true; return draw.apply(this, all) }
  }
  const next = () => { if (drawn) window.frames_drawn += 1; drawn = false; requestAnimationFrame(next) }
  requestAnimationFrame(next)
})()"""
# Drags the view there and back, by the clock and not by frames: both pages go the same way in the same time.
MOVING = """async ([seconds, button]) => {
  const canvas = document.querySelector('#view canvas, #deck-container canvas')
  const box = canvas.getBoundingClientRect()
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
  const fire = (target, type, x, y, buttons) => target.dispatchEvent(new PointerEvent(type, {
    bubbles: true, cancelable: true, composed: true, pointerId: 1, pointerType: 'mouse', isPrimary: true,
    clientX: x, clientY: y, button: type === 'pointermove' ? -1 : button, buttons}))
  const held = button === 2 ? 2 : 1
  fire(canvas, 'pointerdown', x, y, held)
  const [start, before] = [performance.now(), window.frames_drawn]
  await new Promise(done => {
    const step = () => {
      const share = (performance.now() - start) / 1000 / seconds
      if (share >= 1 && window.frames_drawn > before + 2) return done()
      const way = Math.sin(share * 2 * Math.PI)
      fire(document, 'pointermove', x + 350 * way, y + (button === 2 ? 0 : 120 * way), held)
      requestAnimationFrame(step)
    }
    requestAnimationFrame(step)
  })
  const told = [performance.now() - start, window.frames_drawn - before]
  fire(document, 'pointerup', x, y, 0)
  return told
}"""
# Waits until what was asked of the graphics card is done.
FINISHED = """() => {
  const gl = document.querySelector('#view canvas, #deck-container canvas').getContext('webgl2')
  gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4))
}"""
PEER_IS_THERE = """() => {
  if (typeof deckInstance === 'undefined' || !window.frames_drawn) return false
  const layers = deckInstance.layerManager?.getLayers() ?? []
  return layers.length > 0 && layers.every(layer => layer.isLoaded)
}"""


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(SOFTWARE))
        yield browser
        browser.close()


@contextmanager
def serving(store: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "web.cli", "serve", str(store), "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:  # noqa: S603
        try:
            for _ in range(600):
                try:
                    urllib.request.urlopen(f"{address}/about", timeout=60).close()  # noqa: S310
                    break
                except OSError:
                    time.sleep(0.1)
            yield address
        finally:
            server.terminate()


@contextmanager
def opened(browser: Browser, traffic: dict[str, int] | None = None, whose: Any = None) -> Iterator[Page]:
    """A page of a browser that has seen nothing yet. traffic: bytes as they come, by address; whose: the login."""
    context = browser.new_context(viewport=SIZE, storage_state=whose)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.add_init_script(COUNTING)
    page.route("https://**", lambda route: route.abort())  # styles that pydeck's page asks of other hosts

    if traffic is not None:
        page.on("requestfinished", lambda request: _note(request, traffic))
    yield page
    context.close()


def _note(request: Request, traffic: dict[str, int]) -> None:
    sizes = request.sizes()
    traffic[request.url] = sizes["responseBodySize"] + sizes["responseHeadersSize"]


def show_ours(page: Page, address: str, view: dict[str, float]) -> float:
    """Seconds to the first full picture."""
    camera = ",".join(str(view[name]) for name in ("longitude", "latitude", "zoom", "pitch", "bearing"))
    began = time.perf_counter()
    page.goto(f"{address}#camera={camera}", wait_until="commit")
    page.wait_for_selector("html[data-ready=drawn]", state="attached")
    page.evaluate(FINISHED)
    return time.perf_counter() - began


def show_peer(page: Page, path: Path) -> float:
    """Seconds to the first full picture."""
    began = time.perf_counter()
    page.goto(path.as_uri(), wait_until="commit")
    while not page.evaluate(PEER_IS_THERE):
        time.sleep(0.05)
    page.evaluate(FINISHED)
    return time.perf_counter() - began


def frame(page: Page, seconds: float = 6) -> float:
    """Milliseconds for a frame while the view is dragged and turned."""
    told = [page.evaluate(MOVING, [seconds, button]) for button in (0, 2)]
    return sum(took for took, _ in told) / sum(frames for _, frames in told)


def first_view(address: str) -> dict[str, float]:
    """Where the page's first picture is taken."""
    with urllib.request.urlopen(address, timeout=120) as answer:  # noqa: S310
        scene = answer.read().decode().split('id="scene">')[1].split("</script>")[0]
    view = json.loads(json.loads(scene)["deck"])["initialViewState"]
    return {name: view[name] for name in ("longitude", "latitude", "zoom", "pitch", "bearing")}


def peer_page(store: Path, count: int, view: dict[str, float]) -> Path:
    """pydeck's own page with so many of the buildings as GeoJSON, those that are nearest to the view."""
    path = store.with_name(f"pydeck-{store.stem}-{count}.html")
    if not path.exists():
        layer = pydeck.Layer(
            "GeoJsonLayer",
            data={"type": "FeatureCollection", "features": _features(store, count, view)},
            extruded=True,
            pickable=True,
            get_elevation="properties.height",
            get_fill_color=[240, 233, 220],
        )
        deck = pydeck.Deck([layer], initial_view_state=pydeck.ViewState(**view, max_pitch=80), map_provider=None)
        deck.to_html(str(path), offline=True, open_browser=False, notebook_display=False)
    return path


def _features(store: Path, count: int, view: dict[str, float]) -> list[dict]:
    engine = open_store(store)
    with Session(engine) as db:
        city = city_of(db)
        asked = select(Building.uid, Building.height, Building.shape).where(Building.scenario_id == TODAY)
        rows = db.execute(asked).all()
        shapes = to_lonlat(shapely.force_2d([shape for _, _, shape in rows]), city.srid)  # type: ignore[union-attr]
    engine.dispose()
    middle = np.array([view["longitude"], view["latitude"]])
    away = np.hypot(*(shapely.get_coordinates(shapely.centroid(shapes)) - middle).T)
    return [
        {
            "type": "Feature",
            "geometry": json.loads(shapely.to_geojson(shapes[i])),
            "properties": {"uid": rows[i][0], "height": rows[i][1] or 4.0},
        }
        for i in np.argsort(away)[:count].tolist()
    ]
