"""From a building's function in the cadastre to its use in a planner's word."""

import re
from typing import Any

# ALKIS building functions (GeoInfoDok 7.1, 31001) by their first digits; the longest that fits counts.
USE_BY_DIGITS = {
    "1": "residential",
    "11": "mixed",
    "1222": "farm",  # Wohn- und Betriebsgebäude of a farm
    "1310": "sports",
    "1311": "sports",
    "1312": "sports",
    "1313": "other",  # summer house
    "2": "trade",
    "202": "office",
    "203": "office",  # banks and insurances
    "204": "office",
    "21": "industry",
    "214": "storage",
    "22": "utilities",
    "23": "trade",
    "24": "transport",
    "246": "garage",
    "25": "utilities",
    "26": "utilities",
    "27": "farm",
    "274": "farm",
    "28": "industry",
    "2723": "storage",
    "3": "other",
    "301": "administration",
    "302": "education",
    "303": "culture",
    "304": "culture",
    "305": "health",
    "306": "care",
    "307": "administration",
    "308": "other",
    "309": "transport",
    "31": "mixed",
    "32": "sports",
    "321": "sports",
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
