"""The town's plan as its builders drew it: main streets, the medieval core, and the quarters between them.

Coordinates are metres east and north of the market. A quarter is a patch with four sides, each a stretch of a main
street or a line of its own; side streets divide it into `across` by `deep` blocks.
"""

from typing import NamedTuple

Points = list[tuple[float, float]]

RING: Points = [
    (40, 205),  # 0 north gate
    (138, 184),
    (212, 112),
    (222, 25),  # 3 east gate
    (200, -82),
    (124, -160),
    (-10, -198),  # 6 south gate
    (-122, -158),
    (-190, -96),
    (-220, -10),  # 9 west gate
    (-228, 84),
    (-186, 196),
    (-62, 244),
    (40, 205),
]


class Main(NamedTuple):
    name: str
    kind: str
    width: float  # between the building lines
    traffic: int  # vehicles in 24 hours
    points: Points


MAINS = {
    "ring": Main("Promenade", "tertiary", 16, 4200, RING),
    "north": Main(
        "Bahnhofstraße",
        "secondary",
        18,
        7800,
        [(40, 205), (56, 300), (65, 386), (70, 430), (76, 472), (84, 600), (96, 735)],
    ),
    "rail": Main(
        "Am Bahndamm",
        "tertiary",
        16,
        3600,
        [(-900, 655), (-600, 680), (-345, 705), (96, 735), (480, 738), (1000, 725), (1320, 715)],
    ),
    "east_ring": Main(
        "Sachsenring",
        "primary",
        20,
        11200,
        [(470, 45), (500, 240), (492, 402), (486, 445), (484, 486), (480, 738), (486, 850), (500, 920)],
    ),
    "east": Main(
        "Leipziger Straße",
        "primary",
        19,
        9800,
        [(222, 25), (340, 42), (470, 45), (660, 85), (850, 112), (1320, 150)],
    ),
    "bank": Main("Uferstraße", "residential", 12, 900, [(65, 386), (250, 404), (492, 402)]),
    "new_bank": Main("Flößerstraße", "residential", 12, 700, [(76, 472), (280, 488), (484, 486)]),
    "west": Main(
        "Geraer Straße",
        "secondary",
        17,
        6400,
        [(-220, -10), (-330, -14), (-480, -42), (-770, -102), (-1110, -160), (-1320, -190)],
    ),
    "south": Main(
        "Altenburger Straße",
        "secondary",
        18,
        7100,
        [(-10, -198), (-16, -370), (-20, -545), (5, -680), (18, -800), (0, -1100), (-40, -1320)],
    ),
    "outer": Main(
        "Äußere Ringstraße",
        "tertiary",
        18,
        5200,
        [(470, 45), (436, -250), (255, -470), (-20, -545), (-255, -455), (-338, -250), (-330, -14)],
    ),
    "mill": Main("Mühlweg", "footway", 6, 0, [(-345, 705), (-350, 560), (-340, 380), (-300, 260), (-228, 84)]),
}


class Lane(NamedTuple):
    name: str
    width: float
    points: Points


# The core within the Promenade. Every lane ends on another one, so that they close into blocks.
LANES = [
    Lane("Markt", 13, [(-34, -26), (36, -30), (40, 28), (-30, 32), (-34, -26)]),
    Lane("Torstraße", 11, [(40, 205), (54, 160), (48, 112), (42, 70), (40, 28)]),
    Lane("Wendische Straße", 11, [(-220, -10), (-165, 4), (-112, -2), (-70, -10), (-34, -26)]),
    Lane("Judenstraße", 10, [(-10, -198), (4, -160), (15, -112), (28, -70), (36, -30)]),
    Lane("Brüderstraße", 11, [(222, 25), (170, 42), (122, 36), (80, 26), (40, 28)]),
    Lane("Fischstraße", 8, [(48, 112), (86, 112), (114, 92), (126, 62), (122, 36)]),
    Lane("Rahnestraße", 8, [(122, 36), (132, -8), (116, -54), (98, -86), (72, -108)]),
    Lane("Kramergasse", 7, [(72, -108), (44, -114), (15, -112)]),
    Lane("Badergasse", 7, [(15, -112), (-22, -122), (-62, -112)]),
    Lane("Messerschmiedestraße", 8, [(-62, -112), (-96, -98), (-118, -66), (-120, -34), (-112, -2)]),
    Lane("Stephansstraße", 8, [(-112, -2), (-122, 36), (-106, 76), (-84, 102), (-48, 116)]),
    Lane("Schlossgasse", 7, [(-48, 116), (-10, 124), (22, 116), (48, 112)]),
    Lane("Kirchgasse", 6, [(-30, 32), (-36, 74), (-48, 116)]),
    Lane("Fleischergasse", 6, [(36, -30), (62, -62), (72, -108)]),
    Lane("Töpfergasse", 6, [(-34, -26), (-52, -66), (-62, -112)]),
    Lane("Schlossberg", 8, [(-48, 116), (-44, 175), (-62, 244)]),
    Lane("Stiftsgasse", 6, [(-122, 36), (-165, 58), (-228, 84)]),
    Lane("Gerbergasse", 6, [(-118, -66), (-152, -84), (-190, -96)]),
    Lane("Webergasse", 6, [(-62, -112), (-88, -138), (-122, -158)]),
    Lane("Jüdengraben", 6, [(72, -108), (100, -132), (124, -160)]),
    Lane("Böttchergasse", 6, [(116, -54), (156, -62), (200, -82)]),
    Lane("Neugasse", 6, [(114, 92), (122, 138), (138, 184)]),
    Lane("Schmiedegasse", 6, [(80, 26), (84, -14), (62, -62)]),
    Lane("Nikolaistraße", 6, [(42, 70), (84, 66), (126, 62)]),
]
# What fills a block of the core that is not simply lined with houses: the block around the point.
CORE_PLACES = {"square": (2, 0), "church": (-80, 45), "castle": (-130, 140), "market": (5, 75)}
# Between the river, the Bahnhofstraße and the railway: the sugar factory, closed since 1991.
FACTORY: Points = [(-205, 400), (-120, 400), (-40, 405), (40, 410), (90, 440), (100, 735), (-205, 735)]
GREENS: dict[str, tuple[str, Points]] = {
    "Stadtpark": (
        "park",
        [(-346, -28), (-352, -245), (-318, -360), (-330, -440), (-490, -440), (-508, -230), (-474, -52)],
    ),
    "Mühlpark": (
        "park",
        [
            (-346, -4),
            (-470, -30),
            (-462, 90),
            (-492, 220),
            (-440, 325),
            (-342, 345),
            (-304, 262),
            (-242, 104),
            (-230, -4),
        ],
    ),
    "Schlosspark": (
        "park",
        [(-332, 345), (-150, 365), (30, 385), (48, 300), (34, 214), (-62, 250), (-190, 202), (-232, 96), (-294, 262)],
    ),
    "Sportplatz Aue": ("sports", [(-334, 425), (-334, 690), (-216, 696), (-216, 430)]),
}
# Where its land is cut into parcels: along its inner roads.
FACTORY_CUTS: list[Points] = [
    [(-230, 594), (120, 596)],
    [(-230, 509), (33, 507), (36, 527), (120, 529)],
]
STATION: Points = [(-80, 740), (96, 744), (240, 744), (240, 786), (-80, 784)]
FACTORY_TO_RIVER = 24.0  # metres from the middle of the river

Side = tuple[str, int, int] | Points


class District(NamedTuple):
    name: str
    quarter: str
    sides: tuple[list[Side], list[Side], list[Side], list[Side]]  # first, right, opposite (same way), left
    across: int
    deep: int
    width: float  # of its side streets
    order: int  # in which the town grew
    places: dict[tuple[int, int], str] = {}  # blocks that are something else


FAR_WEST: Points = [(-770, -102), (-815, -260), (-815, -430)]
VILLA_WEST: Points = [(-770, -102), (-800, 40), (-790, 190)]
EAST_SOUTH: Points = [(436, -250), (640, -320), (830, -330)]
ESTATE_NORTH: Points = [(5, -680), (240, -660)]

DISTRICTS = [
    District(
        "Unterstadt",
        "lower",
        ([("ring", 0, 3), ("east", 0, 2)], [("east_ring", 0, 2)], [("bank", 0, 2)], [("north", 0, 2)]),
        4,
        2,
        12,
        1,
        {(3, 1): "park", (1, 0): "college"},
    ),
    District(
        "Ostvorstadt",
        "founders",
        ([("ring", 3, 6)], [("south", 0, 2)], [("outer", 0, 3)], [("east", 0, 2)]),
        5,
        3,
        15,
        1,
        {(2, 1): "park", (1, 2): "school", (3, 0): "administration"},
    ),
    District(
        "Südvorstadt",
        "founders",
        ([("ring", 6, 9)], [("west", 0, 1)], [("outer", 3, 6)], [("south", 0, 2)]),
        4,
        2,
        15,
        1,
        {(1, 1): "church_square"},
    ),
    District(
        "Bahnhofsviertel",
        "founders",
        ([("new_bank", 0, 2)], [("east_ring", 4, 5)], [("rail", 3, 4)], [("north", 4, 6)]),
        3,
        2,
        14,
        1,
        {(0, 1): "station_square"},
    ),
    District(
        "Gewerbepark Ost",
        "commercial",
        (
            [[(484, 486), (760, 478), (1000, 470)]],
            [[(1000, 470), (1004, 600), (1000, 725)]],
            [("rail", 4, 5)],
            [("east_ring", 4, 5)],
        ),
        2,
        2,
        16,
        2,
    ),
    District(
        "Südplatte",
        "estate",
        (
            [[(5, -680), (240, -660), (470, -610)]],
            [[(470, -610), (520, -850), (500, -1110)]],
            [[(0, -1100), (250, -1130), (500, -1110)]],
            [("south", 3, 5)],
        ),
        2,
        2,
        14,
        2,
    ),
    District(
        "Am Wasserturm",
        "school",
        ([("outer", 3, 2)], [[(255, -470), (240, -660)]], [ESTATE_NORTH], [("south", 2, 3)]),
        2,
        1,
        12,
        2,
        {(1, 0): "supermarket"},
    ),
    District(
        "Klinikum",
        "hospital",
        ([[(255, -470), (240, -660)]], [[(240, -660), (470, -610)]], [[(436, -250), (470, -610)]], [("outer", 2, 1)]),
        1,
        1,
        12,
        2,
    ),
    District(
        "Südfriedhof",
        "cemetery",
        ([("outer", 3, 4)], [[(-255, -455), (-300, -660)]], [[(5, -680), (-300, -660)]], [("south", 2, 3)]),
        1,
        1,
        10,
        2,
    ),
    District(
        "Villenhang",
        "villas",
        (
            [("west", 2, 3)],
            [VILLA_WEST],
            [[(-500, 215), (-650, 214), (-790, 190)]],
            [[(-480, -42), (-470, 90), (-500, 215)]],
        ),
        3,
        3,
        11,
        2,
    ),
    District(
        "Kleingärten Aue",
        "allotments",
        (
            [[(-362, 440), (-366, 560), (-362, 688)]],
            [[(-362, 688), (-680, 658)]],
            [[(-680, 420), (-690, 540), (-680, 658)]],
            [[(-362, 440), (-520, 424), (-680, 420)]],
        ),
        2,
        3,
        5,
        2,
    ),
    District(
        "Westsiedlung",
        "rows",
        (
            [("west", 2, 3)],
            [FAR_WEST],
            [[(-500, -430), (-660, -445), (-815, -430)]],
            [[(-480, -42), (-520, -230), (-500, -430)]],
        ),
        3,
        5,
        10,
        3,
        {(1, 2): "kindergarten", (2, 0): "fire_station"},
    ),
    District(
        "Ostsiedlung",
        "rows",
        ([("east", 2, 4)], [[(850, 112), (870, -100), (830, -330)]], [EAST_SOUTH], [("outer", 0, 1)]),
        4,
        5,
        10,
        3,
        {(2, 2): "playground", (0, 1): "kindergarten", (3, 0): "seniors"},
    ),
    District(
        "Am Friedhof",
        "detached",
        (
            [[(5, -680), (-160, -676), (-300, -660)]],
            [[(-300, -660), (-326, -850), (-312, -1090)]],
            [[(0, -1100), (-150, -1076), (-312, -1090)]],
            [("south", 3, 5)],
        ),
        3,
        6,
        9,
        4,
        {(1, 3): "playground"},
    ),
    District(
        "Neue Ostsiedlung",
        "detached",
        (
            [EAST_SOUTH],
            [[(830, -330), (850, -520), (790, -690)]],
            [[(470, -610), (630, -650), (790, -690)]],
            [[(436, -250), (462, -430), (470, -610)]],
        ),
        4,
        5,
        9,
        4,
    ),
    District(
        "Westhöhe",
        "detached",
        (
            [("west", 3, 4)],
            [[(-1110, -160), (-1150, -310), (-1140, -470)]],
            [[(-815, -430), (-980, -465), (-1140, -470)]],
            [FAR_WEST],
        ),
        4,
        4,
        9,
        5,
    ),
    District(
        "Lindenhang",
        "detached",
        (
            [("west", 3, 4)],
            [[(-1110, -160), (-1140, 0), (-1090, 170)]],
            [[(-790, 190), (-940, 196), (-1090, 170)]],
            [VILLA_WEST],
        ),
        4,
        4,
        9,
        5,
    ),
    District(
        "Sonnenhang",
        "detached",
        (
            [[(500, 920), (320, 935), (120, 940)]],
            [[(120, 940), (110, 1080), (140, 1210)]],
            [[(520, 1180), (330, 1200), (140, 1210)]],
            [[(500, 920), (530, 1050), (520, 1180)]],
        ),
        4,
        4,
        9,
        5,
    ),
    District(
        "Kleingärten Sonnenhang",
        "allotments",
        (
            [[(80, 880), (-100, 876), (-300, 866)]],
            [[(-300, 866), (-306, 1020)]],
            [[(84, 1040), (-110, 1034), (-306, 1020)]],
            [[(80, 880), (84, 1040)]],
        ),
        3,
        1,
        5,
        5,
    ),
]
