"""The two sides of a comparison as addresses: what a city in a frame has to know of the other one."""

from typing import Any, NamedTuple

from flask import request, url_for

from layers.palette import DIFFERENCES
from twin.errors import NotFound
from web.asked import find_scenario
from web.differing import SIDES, pair
from web.errors import BadQuestion
from web.language import words
from web.tiles import tile_mark

GHOSTS = ("buildings", "trees", "markers")  # tiles in which what is gone here still stands


class Beside(NamedTuple):
    """The other scenario of a comparison, and on which side this one is."""

    other: int
    side: str


def number_asked(name: str, otherwise: int) -> int:
    """The scenario's number in the question `name`. Raises BadQuestion."""
    asked = request.args.get(name, str(otherwise))
    if not asked.isascii() or not asked.isdigit() or len(asked) > 9:
        raise BadQuestion(words("no-scenario").format(id=asked[:20]))
    return int(asked)


def beside_asked() -> Beside | None:
    """?side= and ?with= of a page in a frame; None outside of a comparison. Raises NotFound."""
    side = request.args.get("side")
    if side is None:
        return None
    if side not in SIDES:
        raise NotFound(words("no-page"))
    return Beside(find_scenario(number_asked("with", 0)).id, side)


def compared(id: int, beside: Beside | None) -> dict[str, Any] | None:
    """Where the page asks what differs, and for the tiles of what is gone here; None outside of a comparison."""
    if beside is None:
        return None
    other, side = beside
    before, after = pair(id, other, side)
    return {
        "side": side,
        "colors": DIFFERENCES,
        "differences": f"{url_for('figures.compared', id=after)}?with={before}",
        "outlines": url_for("selection.outlines", id=other),
        "ghosts": {name: _tiles(name, other) for name in GHOSTS} if side == "after" else {},
    }


def _tiles(name: str, id: int) -> str:
    address = url_for(f"tiles.{name}", id=id, z=0, x=0, y=0).removesuffix("0/0/0")
    return f"{address}{{z}}/{{x}}/{{y}}?v={tile_mark(id)}"
