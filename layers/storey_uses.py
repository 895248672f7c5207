"""What each storey of a building is used for: "0:trade;1-4:residential", counted from 0, the ground floor."""

import re

from layers.codes import USES
from twin.errors import BadShape
from twin.feature import Words

_PIECE = re.compile(r"(-?\d{1,3})(?:-(-?\d{1,3}))?:(\w{1,20})")


def read_storey_uses(text: str | None, storeys: int | None = None) -> dict[int, str]:
    """Storey -> a code of layers.codes.USES; storeys below ground count -1, -2. Raises BadShape."""
    found: dict[int, str] = {}
    top = 999 if storeys is None else storeys - 1
    for piece in filter(None, (part.strip() for part in (text or "").split(";"))):
        match = _PIECE.fullmatch(piece.replace(" ", ""))
        if match is None:
            raise BadShape(
                Words(
                    f"„{piece[:40]}“ ist keine Nutzung eines Geschosses. So geht es: 0:trade;1-4:residential.",
                    f"“{piece[:40]}” is no use of a storey. Write it like 0:trade;1-4:residential.",
                )
            )
        first, use = int(match[1]), match[3]
        last = int(match[2] or first)
        if use not in USES:
            raise BadShape(
                Words(
                    f"Eine Nutzung „{use}“ gibt es nicht. Es gibt: {', '.join(USES)}.",
                    f"There is no use called {use}. Choose one of {', '.join(USES)}.",
                )
            )
        if last < first or last > top or first < -9:
            raise BadShape(
                Words(
                    f"{piece}: Solche Geschosse gibt es nicht. Das Erdgeschoss ist Nummer 0, das oberste {top}.",
                    f"{piece}: there are no such storeys. The ground floor is number 0, the top one {top}.",
                )
            )
        for storey in range(first, last + 1):
            if storey in found:
                raise BadShape(
                    Words(
                        f"Geschoss {storey} hat zwei Nutzungen, {found[storey]} und {use}. Bitte eine davon wählen.",
                        f"Storey {storey} has two uses, {found[storey]} and {use}. Give it one.",
                    )
                )
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


def storey_uses_in_words(text: str | None) -> Words | None:
    """ "EG Handel; 1. OG bis 4. OG Wohnen", as a planner says it."""
    told = write_storey_uses(read_storey_uses(text))
    if told is None:
        return None
    pieces = [_PIECE.fullmatch(piece) for piece in told.split(";")]
    both = [_in_words(int(one[1]), int(one[2] or one[1]), USES[one[3]]) for one in pieces if one is not None]
    return Words("; ".join(one.de for one in both), "; ".join(one.en for one in both))


def _in_words(first: int, last: int, use: Words) -> Words:
    if first == last:
        return Words(f"{_floor(first).de} {use.de}", f"{_floor(first).en}: {use.en}")
    low, high = _floor(first), _floor(last)
    return Words(f"{low.de} bis {high.de} {use.de}", f"{low.en} to {high.en}: {use.en}")


def _floor(storey: int) -> Words:
    if storey == 0:
        return Words("EG", "ground floor")
    return Words(f"{storey}. OG", f"storey {storey}") if storey > 0 else Words(f"{-storey}. UG", f"basement {-storey}")
