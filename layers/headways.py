"""How often a planned line runs, and when it calls where: "6-9:10;9-15:20", "stop-1@0;stop-2@4"."""

import itertools
import re
from typing import NamedTuple

from twin.errors import BadShape
from twin.feature import Words

_PIECE = re.compile(r"(\d{1,2})(?:[.:](\d\d))?-(\d{1,2})(?:[.:](\d\d))?:(\d{1,3})")


class Headway(NamedTuple):
    """From `first` until before `last`, in seconds after midnight of the service day, every `headway` seconds."""

    first: int
    last: int
    headway: int


class Call(NamedTuple):
    stop: str  # uid
    after: int  # seconds after the departure at the first stop


def read_headways(text: str | None) -> list[Headway]:
    """Hours, which may pass 24, and minutes between two trips: "6-9:10;9.30-24:20". Raises BadShape."""
    found: list[Headway] = []
    for piece in filter(None, (part.strip() for part in (text or "").split(";"))):
        match = _PIECE.fullmatch(piece.replace(" ", ""))
        if match is None:
            raise BadShape(
                Words(
                    f"„{piece[:40]}“ ist kein Takt. Bitte Stunden und Minuten angeben wie 6-9:10;9-20:15.",
                    f"“{piece[:40]}” is no headway. Write hours and minutes like 6-9:10;9-20:15.",
                )
            )
        first, last = (int(match[i]) * 3600 + int(match[i + 1] or 0) * 60 for i in (1, 3))
        headway = int(match[5]) * 60
        if not first < last <= 30 * 3600 or not headway:
            raise BadShape(
                Words(
                    f"{piece}: Ein Takt gilt von einer früheren zu einer späteren Stunde, bis 30, in ganzen Minuten.",
                    f"{piece}: a headway holds from an earlier to a later hour, up to 30, in whole minutes.",
                )
            )
        found.append(Headway(first, last, headway))
    found.sort()
    for one, other in itertools.pairwise(found):
        if other.first < one.last:
            raise BadShape(
                Words(
                    "Zwei Takte gelten zur selben Stunde. Der eine muss enden, wo der nächste beginnt.",
                    "Two headways hold at the same hour. Let the one end where the next begins.",
                )
            )
    return found


def departures(text: str | None) -> int:
    """Trips a day in one direction."""
    return sum(-(-(one.last - one.first) // one.headway) for one in read_headways(text))


def read_calls(text: str | None) -> list[Call]:
    """The stops of a line with the minutes since the first one. Raises BadShape."""
    found: list[Call] = []
    for piece in filter(None, (part.strip() for part in (text or "").split(";"))):
        stop, at, minutes = piece.rpartition("@")
        if not at or not stop or not minutes.replace(".", "", 1).isdigit():
            raise BadShape(
                Words(
                    f"„{piece[:40]}“ ist kein Halt. Bitte Haltestelle und Minute angeben wie stop-1@0;stop-2@4.",
                    f"“{piece[:40]}” is no call at a stop. Write the stop and its minute like stop-1@0;stop-2@4.",
                )
            )
        found.append(Call(stop, round(float(minutes) * 60)))
    if found and (len(found) < 2 or any(b.after < a.after for a, b in itertools.pairwise(found))):
        raise BadShape(
            Words(
                "Eine Linie hält an mindestens zwei Haltestellen, an jeder später als an der davor.",
                "A line calls at two stops at least, each later than the one before.",
            )
        )
    return found


def write_calls(calls: list[Call]) -> str:
    return ";".join(f"{call.stop}@{call.after / 60:g}" for call in calls)


def headways_in_words(text: str | None) -> Words | None:
    """ "6–9 Uhr alle 10 min; 9–20 Uhr alle 15 min"."""
    told = [(f"{_hour(one.first)}–{_hour(one.last)}", one.headway // 60) for one in read_headways(text)]
    if not told:
        return None
    return Words(
        "; ".join(f"{hours} Uhr alle {minutes} min" for hours, minutes in told),
        "; ".join(f"{hours} h every {minutes} min" for hours, minutes in told),
    )


def _hour(seconds: int) -> str:
    return f"{seconds // 3600}" if seconds % 3600 == 0 else f"{seconds // 3600}:{seconds % 3600 // 60:02}"
