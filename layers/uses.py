"""From a building's function in the cadastre to its use in a planner's word."""

import re
from typing import Any

# ALKIS building functions (GeoInfoDok 7.1, 31001) by their first digits; the longest that fits counts.
USE_BY_DIGITS = {
    "1": "residential",
    "11": "mixed",
    "122": "farm",  # dwelling and farm under one roof
    "13": "sports",  # holiday and weekend houses
    "1313": "other",  # summer house
    "2": "trade",
    "202": "office",
    "203": "office",  # bank
    "204": "office",  # insurance
    "209": "culture",  # hall, cinema
    "21": "industry",
    "213": "trade",  # filling station
    "214": "storage",
    "215": "storage",  # forwarding agent
    "216": "office",  # research
    "22": "industry",
    "23": "mixed",  # trade or industry, with dwellings
    "24": "transport",
    "246": "garage",
    "25": "utilities",
    "26": "utilities",
    "27": "farm",
    "2723": "storage",
    "3": "other",
    "301": "administration",
    "302": "education",
    "303": "culture",
    "304": "culture",
    "305": "health",
    "306": "care",
    "307": "administration",
    "309": "transport",
    "31": "mixed",  # public, with dwellings
    "32": "sports",
}


def function_to_use(function: str | None) -> str | None:
    """function: "31001_1010"; None and free words give None, structures that are no buildings (51009) "other"."""
    if function is None or not re.fullmatch(r"\d{5}_\d{4}", function):
        return None
    kind, digits = function.split("_")
    if kind != "31001" or digits == "9998":
        return "other" if kind != "31001" else None
    fitting = (digits[:n] for n in range(4, 0, -1) if digits[:n] in USE_BY_DIGITS)
    return USE_BY_DIGITS[found] if (found := next(fitting, None)) else None


def cadastral_function(said: Any) -> str | None:
    """As this project writes functions: 1010 and "31001_1010" are the same; words stay words."""
    text = str(said or "").strip()
    return f"31001_{text}" if re.fullmatch(r"\d{4}", text) else text or None
