"""The colours of the city: a calm paper model, with strong colour only for what matters."""

from twin.feature import Feature, Words

RGB = list[int]

SURFACES: dict[str, RGB] = {
    "asphalt": [225, 221, 212],
    "paving": [230, 225, 214],
    "gravel": [226, 218, 200],
    "residential": [229, 225, 211],
    "commercial": [228, 219, 213],
    "industrial": [222, 216, 216],
    "brownfield": [217, 211, 184],
    "railway": [214, 210, 203],
    "grass": [202, 217, 175],
    "garden": [207, 218, 182],
    "allotments": [201, 214, 171],
    "park": [190, 211, 163],
    "playground": [214, 214, 168],
    "sports": [183, 209, 170],
    "cemetery": [186, 203, 168],
    "forest": [163, 191, 142],
    "scrub": [181, 202, 156],
    "farmland": [230, 226, 198],
    "orchard": [204, 214, 166],
    "wetland": [190, 212, 196],
    "bare": [223, 212, 190],
    "building": [224, 217, 206],
    "other": [228, 225, 214],
}
# As on the plans themselves (PlanZV): red dwelling, brown mixed, grey trade, orange special.
ZONES: dict[str, RGB] = {
    "WS": [238, 178, 170],
    "WR": [236, 160, 152],
    "WA": [230, 146, 138],
    "WB": [222, 130, 122],
    "W": [232, 154, 146],
    "MD": [206, 160, 120],
    "MDW": [212, 168, 130],
    "MI": [196, 148, 108],
    "MU": [184, 132, 94],
    "MK": [170, 118, 82],
    "M": [196, 148, 108],
    "GE": [172, 172, 178],
    "GI": [146, 146, 156],
    "G": [164, 164, 172],
    "SO": [238, 176, 98],
    "S": [238, 182, 108],
    "green": [168, 204, 142],
    "traffic": [236, 214, 128],
    "public": [226, 152, 176],
    "farm": [226, 220, 160],
    "forest": [128, 172, 112],
    "water": [156, 196, 218],
    "other": [206, 202, 192],
}
STREETS: dict[str, RGB] = {
    "motorway": [246, 226, 186],
    "trunk": [248, 232, 198],
    "primary": [250, 240, 216],
    "secondary": [252, 246, 230],
    "tertiary": [252, 250, 243],
    "residential": [252, 251, 248],
    "living_street": [250, 248, 243],
    "service": [246, 244, 238],
    "pedestrian": [247, 242, 232],
    "track": [226, 215, 190],
    "cycleway": [222, 214, 226],
    "footway": [238, 231, 216],
    "steps": [226, 214, 198],
    "rail": [148, 144, 142],
    "tram": [172, 166, 164],
    "other": [242, 239, 231],
}
LINES: dict[str, RGB] = {
    "rail": [176, 42, 48],
    "metro": [44, 92, 160],
    "tram": [192, 70, 52],
    "bus": [11, 110, 110],
    "ferry": [70, 130, 190],
    "other": [96, 104, 110],
}
FACILITIES: dict[str, RGB] = {
    "education": [199, 119, 0],
    "health": [184, 50, 62],
    "care": [190, 84, 128],
    "administration": [58, 96, 142],
    "food": [74, 128, 66],
    "culture": [146, 96, 44],
}
VACANCIES: dict[str, RGB] = {
    "building": [122, 90, 181],
    "dwelling": [146, 116, 200],
    "shop": [98, 66, 160],
    "hall": [110, 84, 150],
    "land": [160, 138, 205],
}
COLORS: dict[str, dict[str, RGB]] = {
    "surfaces": SURFACES,
    "zones": ZONES,
    "streets": STREETS,
    "lines": LINES,
    "stops": LINES,
    "facilities": FACILITIES,
    "vacancies": VACANCIES,
}
# Metres, where the survey does not give the width.
STREET_WIDTHS = {
    "motorway": 11.0,
    "trunk": 10.0,
    "primary": 8.5,
    "secondary": 7.5,
    "tertiary": 7.0,
    "residential": 5.5,
    "living_street": 5.0,
    "service": 3.5,
    "pedestrian": 6.0,
    "track": 2.8,
    "cycleway": 2.2,
    "footway": 1.8,
    "steps": 2.2,
    "rail": 2.6,
    "tram": 2.2,
    "other": 3.0,
}
PAPER: RGB = [236, 233, 224]  # the bare ground
KERB: RGB = [217, 211, 199]
NO_KERB = ("footway", "steps", "track", "cycleway", "tram", "rail")
KERB_WIDTH = 1.1  # metres on each side
LINE_WIDTH, LINE_STRENGTH = 2.2, 0.75  # metres, and how opaque a line of public transport is
PLAIN_WIDTH = 2.0  # metres of any other line of unknown width
# How opaque the fill of an area is, how opaque its edge, and the edge's width in metres.
AREAS: dict[str, tuple[float, float, float]] = {
    "surfaces": (1.0, 0.0, 0.0),
    "water": (1.0, 0.0, 0.0),
    "parcels": (0.0, 0.55, 0.5),
    "blocks": (0.18, 0.7, 0.9),
    "zones": (0.5, 0.9, 0.9),
}
ANY_AREA = (0.35, 0.8, 0.8)
EDGE = 0.72  # of the fill's brightness
HIDDEN_AT_FIRST = ("blocks", "zones", "parcels")  # they cover the others; one click shows them
# From the drawing order of layers.DRAWN, the marks of the building layer's colours.
BUILDING_LOOKS = {
    "existing": Words("Bestand", "Existing"),
    "empty": Words("leer stehend", "Empty"),
    "estimated": Words("Höhe und Dach geschätzt", "Height and roof estimated"),
    "changed": Words("geändert", "changed"),
    "new": Words("neu", "new"),
}
ONLY_PLANNED = {"changed", "new"}  # of these looks, what today's city cannot have
# Also told apart by those who see few colours: dark blue, orange, violet, pale yellow on paper.
STATUS_COLORS: dict[str, RGB] = {
    "existing": [214, 209, 199],
    "estimated": [240, 217, 118],
    "empty": [122, 90, 181],
    "changed": [224, 138, 30],
    "new": [37, 99, 184],
}
# Of a comparison, in the picture and in its legend; each also has a sign and a pattern of its own.
DIFFERENCES: dict[str, RGB] = {"new": [37, 99, 184], "changed": [209, 121, 0], "gone": [163, 36, 111]}
BUILDINGS: dict[str, dict[str, RGB]] = {
    "existing": {"wall": [243, 237, 225], "roof": [200, 142, 112], "flat": [221, 207, 189]},
    "empty": {"wall": [216, 205, 235], "roof": [139, 112, 190], "flat": [160, 136, 206]},
    "estimated": {"wall": [244, 240, 231], "roof": [208, 164, 138], "flat": [227, 215, 198]},
    "changed": {"wall": [250, 226, 190], "roof": [222, 142, 48], "flat": [232, 166, 84]},
    "new": {"wall": [205, 221, 244], "roof": [58, 116, 196], "flat": [96, 146, 214]},
    "gone": {"wall": [238, 196, 220], "roof": [163, 36, 111], "flat": [190, 84, 146]},  # in a comparison
}


def class_column(layer: type[Feature]) -> str | None:
    """The column whose values have colours of their own, if the layer has one."""
    return "kind" if layer.__tablename__ in COLORS else None


def color_of(layer: type[Feature]) -> RGB:
    return list(layer.look.get("color", [150, 150, 140]))


def area_of(layer: type[Feature]) -> tuple[float, float, float]:
    """How opaque its areas' fill and edge are, and how wide the edge is, in metres."""
    return AREAS.get(layer.__tablename__, ANY_AREA)


def legend(layer: type[Feature]) -> list[tuple[str, Words, RGB]]:
    """(class, its words, its colour), for the layers that have more than one colour."""
    name = layer.__tablename__
    if name == "buildings":
        return [(key, words, BUILDINGS[key]["roof"]) for key, words in BUILDING_LOOKS.items()]
    if name not in COLORS:
        return []
    codes = layer.__table__.columns["kind"].info.get("codes") or {}
    return [(kind, codes.get(kind, Words(kind, kind)), color) for kind, color in COLORS[name].items()]
