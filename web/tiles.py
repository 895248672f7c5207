"""The planned city in tiles: each is one answer in the form that the graphics card takes."""

import threading
from collections import OrderedDict
from collections.abc import Callable

import brotli
from flask import Blueprint, Flask, Response, current_app, request

from layers.buildings import Building
from twin.feature import Feature
from web.asked import changed, city, counts, db, find_scenario, ground, layers, revision
from web.colouring import colouring
from web.contract import asked, contract
from web.differing import SIDES, differing, pair
from web.drawn.buildings import building_tile
from web.drawn.frame import Frame
from web.drawn.labels import label_tile
from web.drawn.land import land_tile
from web.drawn.markers import marker_tile
from web.drawn.trees import tree_tile
from web.errors import BadQuestion
from web.filters import fitting
from web.schemas import TEXT, one_of, whole

tiles = Blueprint("tiles", __name__, url_prefix="/tiles")

ZOOMS = range(9, 20)  # from a county to a front garden
ASKED = {"v": TEXT, "colour": TEXT, "filter": TEXT}
TILE = contract("application/octet-stream", asks=ASKED, also=(304,))
COMPARED = contract("application/octet-stream", asks={**ASKED, "with": whole(), "side": one_of(SIDES)}, also=(304,))
QUALITY = 4  # of packing: more takes longer and saves little
DRAWING = 4  # grows when tiles are packed in another way, so that no browser keeps the old ones


@tiles.get("/<int:id>/land/<int:z>/<int:x>/<int:y>")
@COMPARED
def land(id: int, z: int, x: int, y: int):
    """Surfaces, lines and the terrain; on a `side` of a comparison `with` another scenario what differs over them."""
    other, side = asked("with", 0), asked("side")

    def draw(frame: Frame) -> bytes:
        found = differing(*pair(id, other, side), side) if side else []
        return land_tile(db(), id, frame, ground(), _filled(id), colouring(id), fitting(id), found)

    return _tile(id, z, x, y, draw, (find_scenario(other).id, side) if side else None)


@tiles.get("/<int:id>/buildings/<int:z>/<int:x>/<int:y>")
@TILE
def buildings(id: int, z: int, x: int, y: int):
    """Buildings with their roofs."""
    return _tile(id, z, x, y, lambda frame: building_tile(db(), id, frame, ground(), colouring(id)))


@tiles.get("/<int:id>/trees/<int:z>/<int:x>/<int:y>")
@TILE
def trees(id: int, z: int, x: int, y: int):
    """Trees."""
    return _tile(id, z, x, y, lambda frame: tree_tile(db(), id, frame, ground(), colouring(id)))


@tiles.get("/<int:id>/markers/<int:z>/<int:x>/<int:y>")
@TILE
def markers(id: int, z: int, x: int, y: int):
    """Stops, facilities and whatever else is a point."""
    return _tile(id, z, x, y, lambda frame: marker_tile(db(), id, frame, ground(), _filled(id), colouring(id)))


@tiles.get("/<int:id>/labels/<int:z>/<int:x>/<int:y>")
@TILE
def labels(id: int, z: int, x: int, y: int):
    """Names of streets and places."""
    return _tile(id, z, x, y, lambda frame: label_tile(db(), id, frame, ground(), _filled(id)))


class Drawn:
    """The tiles that were drawn last, so that of many who look at one place the first alone waits for the drawing."""

    MOST = 96_000_000  # bytes

    def __init__(self) -> None:
        self.tiles: OrderedDict[str, bytes] = OrderedDict()
        self.size = 0
        self.lock = threading.Lock()

    def get(self, name: str, draw: Callable[[], bytes]) -> bytes:
        with self.lock:
            if name in self.tiles:
                self.tiles.move_to_end(name)
                return self.tiles[name]
        tile = draw()
        with self.lock:
            if name not in self.tiles:
                self.tiles[name] = tile
                self.size += len(tile)
            while self.size > self.MOST:
                self.size -= len(self.tiles.popitem(last=False)[1])
        return tile


def init_app(app: Flask) -> None:
    app.extensions["twin_tiles"] = Drawn()
    app.register_blueprint(tiles)


def _tile(id: int, z: int, x: int, y: int, draw, compared: tuple[int, str] | None = None) -> Response:
    if z not in ZOOMS:
        raise BadQuestion(f"There are tiles of zoom {ZOOMS[0]} to {ZOOMS[-1]}, not of {z}.")
    if x >= 2**z or y >= 2**z:
        raise BadQuestion(f"Tile {x}/{y} lies outside the world: at zoom {z} both numbers stay below {2**z}.")
    mark = tile_mark(find_scenario(id).id, *(compared or ()))
    answer = Response(mimetype="application/octet-stream")
    answer.set_etag(mark, weak=True)
    # With the mark in its address a tile never changes; without it the browser has to ask again each time.
    forever = request.args.get("v") == mark
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable" if forever else "no-cache"
    if request.if_none_match.contains_weak(mark):
        answer.status_code = 304
        return answer
    name = f"{request.path} {request.args.get('colour', '')} {request.args.get('filter', '')} {mark}"
    drawn = current_app.extensions["twin_tiles"]

    def tile() -> bytes:
        return draw(Frame(z, x, y, city().srid))

    if not request.accept_encodings["br"]:
        answer.set_data(drawn.get(name, tile))
        return answer
    answer.headers["Content-Encoding"] = "br"  # and kept so: to pack it for each who asks takes longer than to send it
    answer.vary.add("Accept-Encoding")
    answer.set_data(drawn.get(f"{name} br", lambda: brotli.compress(tile(), quality=QUALITY)))
    return answer


def tile_mark(id: int, other: int | None = None, side: str = "") -> str:
    """other, side: of a comparison in which the tile is drawn."""
    beside = "" if other is None else f"-{side}-{other}-{changed(other)}"
    return f"{DRAWING}-{id}-{revision()}-{changed(id)}{beside}"


def _filled(id: int) -> list[type[Feature]]:
    """The layers that hold something, ground first."""
    count = counts(id)
    return [layer for name, layer in layers().items() if count[name] and layer is not Building]
