"""Invented and everyday names: the town, its streets, the villages around it."""

TOWN = "Merlenburg"
RIVER = "Merle"
BROOK = "Kaltenbach"
STATE = "Sachsen-Anhalt"
COMMUNITY_KEY = "15099900"  # no community bears it

BY_DISTRICT = {
    "Unterstadt": ["Mühlgraben", "Gartenstraße", "Schützenstraße", "Freiligrathstraße", "Weinbergstraße"],
    "Ostvorstadt": [
        "Humboldtstraße",
        "Goethestraße",
        "Schillerstraße",
        "Lessingstraße",
        "Herderstraße",
        "Kleiststraße",
        "Wielandstraße",
        "Fichtestraße",
    ],
    "Südvorstadt": ["Lutherstraße", "Melanchthonstraße", "Steinstraße", "Scharnhorststraße", "Gneisenaustraße"],
    "Bahnhofsviertel": ["Stephanstraße", "Hafenstraße", "Güterstraße", "Lindenstraße"],
    "Gewerbepark Ost": ["Siemensstraße", "Dieselstraße", "Röntgenstraße", "Benzstraße", "Boschstraße"],
    "Südplatte": ["Kastanienweg", "Platanenweg", "Völkerfreundschaft", "Erich-Kästner-Straße", "Käthe-Kollwitz-Straße"],
    "Am Wasserturm": ["Turmstraße", "Hochstraße", "Am Wasserturm", "Bergstraße"],
    "Klinikum": ["Hufelandstraße", "Virchowstraße", "Am Klinikum"],
    "Südfriedhof": ["Friedhofsweg", "Lindenallee"],
    "Villenhang": [
        "Parkstraße",
        "Am Hang",
        "Schöne Aussicht",
        "Rosenstraße",
        "Beethovenstraße",
        "Mozartstraße",
        "Bachstraße",
    ],
    "Kleingärten Aue": ["Auenweg", "Asternweg", "Dahlienweg", "Nelkenweg", "Malvenweg", "Rittersporngang", "Tulpenweg"],
    "Kleingärten Sonnenhang": ["Apfelweg", "Birnenweg", "Kirschweg", "Pflaumenweg", "Quittenweg", "Sonnenweg"],
    "Westsiedlung": [
        "Bebelstraße",
        "Legienstraße",
        "Siedlerweg",
        "Amselweg",
        "Drosselweg",
        "Finkenweg",
        "Starenweg",
        "Meisenweg",
        "Zeisigweg",
    ],
    "Ostsiedlung": [
        "Raiffeisenstraße",
        "Schulze-Delitzsch-Straße",
        "Fliederweg",
        "Holunderweg",
        "Jasminweg",
        "Schlehenweg",
        "Weißdornweg",
        "Ginsterweg",
        "Hagebuttenweg",
        "Brombeerweg",
    ],
    "Am Friedhof": [
        "Eichendorffweg",
        "Hölderlinweg",
        "Mörikeweg",
        "Rilkeweg",
        "Stormweg",
        "Fontaneweg",
        "Heineweg",
        "Novalisweg",
        "Brentanoweg",
        "Uhlandweg",
    ],
    "Neue Ostsiedlung": [
        "Ahornring",
        "Birkenweg",
        "Buchenweg",
        "Eichenweg",
        "Erlenweg",
        "Eschenweg",
        "Ulmenweg",
        "Weidenweg",
        "Espenweg",
        "Kiefernweg",
        "Lärchenweg",
    ],
    "Westhöhe": [
        "Höhenweg",
        "Feldrain",
        "Lerchenweg",
        "Wachtelweg",
        "Rebhuhnweg",
        "Kiebitzweg",
        "Bussardweg",
        "Milanweg",
        "Falkenweg",
    ],
    "Lindenhang": [
        "Ackerweg",
        "Kornblumenweg",
        "Mohnweg",
        "Margeritenweg",
        "Kamillenweg",
        "Salbeiweg",
        "Thymianweg",
        "Lavendelweg",
        "Melissenweg",
    ],
    "Sonnenhang": [
        "Sonnenhang",
        "Südhang",
        "Winzerweg",
        "Rebenweg",
        "Traubenweg",
        "Keltergasse",
        "Am Weinberg",
        "Burgunderweg",
        "Rieslingweg",
        "Silvanerweg",
    ],
}

_FIRST = [
    "Krahn",
    "Wett",
    "Lind",
    "Roß",
    "Bock",
    "Zschor",
    "Gleis",
    "Mertz",
    "Dobers",
    "Haas",
    "Kreis",
    "Salz",
    "Trautz",
    "Pegn",
    "Wörl",
    "Stöntz",
    "Rehm",
    "Grob",
    "Naund",
    "Kirsch",
    "Loiz",
    "Etz",
    "Podel",
    "Schwer",
]
_LAST = ["itz", "dorf", "roda", "leben", "stedt", "au", "witz", "hausen", "bach", "hain", "feld", "litz"]
_VILLAGE_STREETS = [
    "Am Anger",
    "Feldstraße",
    "Gartenweg",
    "Wiesenweg",
    "Neue Straße",
    "Schulweg",
    "Birkenring",
    "Am Sportplatz",
    "Zum Sperlingsberg",
    "Hinter den Höfen",
    "Teichweg",
    "Mittelweg",
    "Rosenring",
    "Nussallee",
]
_BEFORE = ["", "Ober", "Nieder", "Klein", "Groß", "Alt", "Neu", "Hohen", "Kirch", "Wenigen"]


def village(number: int) -> str:
    """A name that no other village has."""
    first, rest = number * 7 % len(_FIRST), number // len(_FIRST)
    last, rest = (number * 5 + rest) % len(_LAST), rest // len(_LAST)
    name = _FIRST[first] + _LAST[last]
    before = _BEFORE[rest % len(_BEFORE)]
    later = rest // len(_BEFORE)
    return (before + name.lower() if before else name) + (f" {'I' * later}" if later else "")


def side_street(district: str, number: int) -> str:
    """The name of a district's street; of a village's, with the village."""
    names = BY_DISTRICT.get(district)
    if names is None:
        more = f" {number // len(_VILLAGE_STREETS) + 1}" if number >= len(_VILLAGE_STREETS) else ""
        return f"{_VILLAGE_STREETS[number % len(_VILLAGE_STREETS)]}{more} {district.removesuffix(' Siedlung')}"
    return names[number]


def uid(number: int) -> str:
    """An identifier in the manner of the cadastre's."""
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    rest, text = number * 7919 + 46_656, ""
    for _ in range(8):
        rest, digit = divmod(rest, 36)
        text = digits[digit] + text
    return f"DEST99AL{text}"
