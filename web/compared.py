"""The two sides of a comparison as addresses: what a city in a frame has to know of the other one."""

from typing import Any

from flask import request, url_for

from twin.errors import NotFound
from web.asked import find_scenario
from web.errors import BadQuestion
from web.language import words
from web.tiles import tile_mark

SIDES = ("before", "after")


def number_asked(name: str, otherwise: int) -> int:
    """The scenario's number in the question `name`. Raises BadQuestion."""
    asked = request.args.get(name, str(otherwise))
    if not asked.isascii() or not asked.isdigit() or len(asked) > 9:
        raise BadQuestion(words("no-scenario").format(id=asked[:20]))
    return int(asked)


def compared(id: int) -> dict[str, Any] | None:
    """Where the page asks what differs, and for the tiles of what is gone here; None outside of a comparison."""
    side = request.args.get("side")
    if side is None:
        return None
    if side not in SIDES:
        raise NotFound(words("no-page"))
    other = find_scenario(number_asked("with", 0)).id
    before, after = (id, other) if side == "before" else (other, id)
    tiles = url_for("tiles.buildings", id=other, z=0, x=0, y=0).removesuffix("0/0/0") + "{z}/{x}/{y}"
    return {
        "differences": f"{url_for('figures.compared', id=after)}?with={before}",
        "outlines": url_for("selection.outlines", id=other),
        "ghosts": f"{tiles}?v={tile_mark(other)}" if side == "after" else None,
    }
