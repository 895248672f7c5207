"""What each storey of a building is used for: "0:trade;1-4:residential", counted from 0, the ground floor."""

import re

from layers.codes import USES
from twin.errors import BadShape

_PIECE = re.compile(r"(-?\d+)(?:-(\d+))?:(\w+)")


def read_storey_uses(text: str | None, storeys: int | None = None) -> dict[int, str]:
    """Storey -> a code of layers.codes.USES; storeys below ground count -1, -2. Raises BadShape."""
    found: dict[int, str] = {}
    for piece in filter(None, (part.strip() for part in (text or "").split(";"))):
        match = _PIECE.fullmatch(piece.replace(" ", ""))
        if match is None:
            raise BadShape(f"“{piece}” is no use of a storey. Write it like 0:trade;1-4:residential.")
        first, use = int(match[1]), match[3]
        last = int(match[2] or first)
        if use not in USES:
            raise BadShape(f"There is no use called {use}. Choose one of {', '.join(USES)}.")
        if last < first or (storeys is not None and last >= storeys) or first < -9 or last > 999:
            high = f"The top storey is number {storeys - 1}. " if storeys else ""
            raise BadShape(f"{piece}: there are no such storeys. {high}The ground floor is number 0.")
        for storey in range(first, last + 1):
            if storey in found:
                raise BadShape(f"Storey {storey} has two uses, {found[storey]} and {use}. Give it one.")
            found[storey] = use
    return found


def write_storey_uses(uses: dict[int, str]) -> str | None:
    """The shortest text for them: neighbours of one use together."""
    pieces: list[tuple[int, int, str]] = []
    for storey, use in sorted(uses.items()):
        if pieces and pieces[-1][1] == storey - 1 and pieces[-1][2] == use and storey != 0:
            pieces[-1] = (pieces[-1][0], storey, use)
        else:
            pieces.append((storey, storey, use))
    return ";".join(f"{a}:{use}" if a == b else f"{a}-{b}:{use}" for a, b, use in pieces) or None
