"""Counts of people by age, as statistics offices cut them, in the age groups of the blocks."""

import re

GROUPS = {
    "inhabitants_0_5": (0, 6),
    "inhabitants_6_17": (6, 18),
    "inhabitants_18_64": (18, 65),
    "inhabitants_65_79": (65, 80),
    "inhabitants_80": (80, None),
}
_OPEN = 200  # an age that nobody reaches
_ABOUT = r"\b(?:inhabitants|einwohner(?:innen)?|personen|alter|jahren?|years?|ages?d?|ew|bev|von)(?=\d|\b)"
Range = tuple[int, int | None]  # from, below; None: the name does not say


def age_of(name: str) -> Range | None:
    """The ages that a column counts: `65 bis unter 70`, `alter_6_u10`, `80 und älter`, `unter 6`."""
    words = re.sub(r"[^a-z0-9+]+", " ", name.lower().replace("ü", "u").replace("ä", "a")).strip()
    words = re.sub(r"(\d) ?(?:und |u |and )(?:alter|older|over|mehr)\b|(\d) ?pl(us)?\b", r"\1\2+", words)
    about = re.search(_ABOUT, words)
    words = " ".join(re.sub(_ABOUT, " ", words).split())
    if found := re.fullmatch(r"(?:u|unter|under|below|bis unter) ?(\d{1,2})", words):
        return 0, int(found[1])
    if found := re.fullmatch(r"(?:ab|from|uber|over) (\d{1,2})|(\d{1,2}) ?\+", words):
        return int(found[1] or found[2]), _OPEN
    if about and words == "80":
        return 80, _OPEN
    if found := re.fullmatch(r"(\d{1,2}) u\d?", words):
        return int(found[1]), None  # a name that was cut off: alter_10_u18 became alter_10_u
    if found := re.fullmatch(r"(\d{1,2}) (bis unter |bis |to |under |unter |u)?(\d{1,3})", words):
        first, end = int(found[1]), int(found[3])
        below = (found[2] or "").strip() in ("bis unter", "under", "unter", "u")
        return (first, end if below else end + 1) if end > first else None
    return None


def grouped(ages: dict[int, Range]) -> dict[str, list[int]]:
    """The columns whose sum is each group of the blocks. Groups that cannot be had exactly are left out.

    ages: column -> ages. Where a name was cut off, the next column begins where this one ends.
    """
    ordered = sorted(ages.items(), key=lambda one: one[1][0])
    begins = [first for _, (first, _) in ordered]
    pieces = []
    for place, (column, (first, end)) in enumerate(ordered):
        later = begins[place + 1] if place + 1 < len(begins) else _OPEN
        pieces.append((column, first, later if end is None else end))
    found = {}
    for group, (first, end) in GROUPS.items():
        columns = _cover(pieces, first, end or _OPEN)
        if columns:
            found[group] = columns
    return found


def _cover(pieces: list[tuple[int, int, int]], first: int, end: int) -> list[int]:
    columns, reached = [], first
    for column, begin, finish in pieces:
        if begin == reached and finish <= end:
            columns.append(column)
            reached = finish
    return columns if reached == end else []
