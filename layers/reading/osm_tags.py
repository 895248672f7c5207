"""OpenStreetMap's tags, and the words of our layers that stand for them."""


def _each(values: str, meaning, of: str | None = None) -> dict:
    """Every one of the words, or of the pairs (key, word), means the same."""
    return {((of, value) if of else value): meaning for value in values.split()}


def _same(key: str, values: str) -> dict:
    """The words of a key that are our words too."""
    return {(key, value): value for value in values.split()}


# building=* -> ALKIS function and use.
BUILDINGS = {
    **_each("residential apartments block", ("31001_1000", "residential")),
    **_each(
        "house detached semidetached_house terrace bungalow villa terraced_house",
        ("31001_1010", "residential"),
    ),
    **_each("dormitory hostel", ("31001_1020", "residential")),
    "farm": ("31001_1221", "residential"),
    **_each("hut cabin pavilion clubhouse", ("31001_1310", "sports")),
    **_each("allotment_house summer_house garden_house", ("31001_1313", "sports")),
    "commercial": ("31001_2000", "trade"),
    "office": ("31001_2020", "office"),
    **_each("retail supermarket mall", ("31001_2050", "trade")),
    **_each("shop kiosk", ("31001_2054", "trade")),
    "hotel": ("31001_2071", "trade"),
    **_each("restaurant pub", ("31001_2081", "trade")),
    "industrial": ("31001_2100", "industry"),
    **_each("manufacture factory", ("31001_2111", "industry")),
    "workshop": ("31001_2120", "industry"),
    "hangar": ("31001_2140", "storage"),
    "warehouse": ("31001_2143", "storage"),
    **_each("garage garages carport", ("31001_2463", "garage")),
    "parking": ("31001_2461", "garage"),
    **_each("service utility water_tower", ("31001_2500", "utilities")),
    "transformer_tower": ("31001_2523", "utilities"),
    "farm_auxiliary": ("31001_2700", "farm"),
    "barn": ("31001_2721", "farm"),
    "shed": ("31001_2723", "storage"),
    **_each("stable cowshed sty", ("31001_2724", "farm")),
    **_each("greenhouse glasshouse", ("31001_2740", "farm")),
    **_each("public civic public_building", ("31001_3000", "administration")),
    "government": ("31001_3010", "administration"),
    "townhall": ("31001_3012", "administration"),
    "school": ("31001_3021", "education"),
    **_each("university college", ("31001_3023", "education")),
    "museum": ("31001_3034", "culture"),
    "library": ("31001_3037", "culture"),
    **_each("mosque synagogue temple religious shrine", ("31001_3040", "culture")),
    **_each("church chapel cathedral monastery", ("31001_3041", "culture")),
    "hospital": ("31001_3051", "health"),
    "kindergarten": ("31001_3065", "education"),
    "police": ("31001_3071", "administration"),
    "fire_station": ("31001_3072", "administration"),
    **_each("train_station station", ("31001_3091", "transport")),
    **_each("sports_centre stadium grandstand riding_hall", ("31001_3210", "sports")),
    "sports_hall": ("31001_3211", "sports"),
    "swimming_hall": ("31001_3221", "sports"),
    "roof": ("51009_1610", None),
}
# Where building=yes says nothing: what else is said of it.
BUILDINGS_BY_TAG = {
    ("amenity", "school"): ("31001_3021", "education"),
    ("amenity", "kindergarten"): ("31001_3065", "education"),
    ("amenity", "university"): ("31001_3023", "education"),
    ("amenity", "college"): ("31001_3023", "education"),
    ("amenity", "library"): ("31001_3037", "culture"),
    ("amenity", "place_of_worship"): ("31001_3040", "culture"),
    ("amenity", "theatre"): ("31001_3030", "culture"),
    ("amenity", "cinema"): ("31001_3030", "culture"),
    ("amenity", "arts_centre"): ("31001_3030", "culture"),
    ("amenity", "community_centre"): ("31001_3062", "care"),
    ("amenity", "hospital"): ("31001_3051", "health"),
    ("amenity", "clinic"): ("31001_3050", "health"),
    ("amenity", "doctors"): ("31001_3053", "health"),
    ("amenity", "nursing_home"): ("31001_3063", "care"),
    ("amenity", "social_facility"): ("31001_3060", "care"),
    ("amenity", "townhall"): ("31001_3012", "administration"),
    ("amenity", "public_building"): ("31001_3000", "administration"),
    ("amenity", "courthouse"): ("31001_3010", "administration"),
    ("amenity", "police"): ("31001_3071", "administration"),
    ("amenity", "fire_station"): ("31001_3072", "administration"),
    ("amenity", "restaurant"): ("31001_2081", "trade"),
    ("amenity", "pub"): ("31001_2081", "trade"),
    ("amenity", "cafe"): ("31001_2081", "trade"),
    ("amenity", "fast_food"): ("31001_2081", "trade"),
    ("amenity", "bank"): ("31001_2020", "office"),
    ("amenity", "parking"): ("31001_2461", "garage"),
    ("tourism", "hotel"): ("31001_2071", "trade"),
    ("tourism", "guest_house"): ("31001_2071", "trade"),
    ("tourism", "hostel"): ("31001_2071", "trade"),
    ("tourism", "museum"): ("31001_3034", "culture"),
    ("leisure", "sports_hall"): ("31001_3211", "sports"),
    ("leisure", "sports_centre"): ("31001_3210", "sports"),
    ("power", "substation"): ("31001_2523", "utilities"),
    ("power", "transformer"): ("31001_2523", "utilities"),
    ("man_made", "works"): ("31001_2111", "industry"),
    ("railway", "station"): ("31001_3091", "transport"),
}
NOT_STANDING = {"no", "proposed", "planned", "demolished", "razed", "collapsed", "construction"}
ROOFS = {
    "flat": "1000",
    **_each("skillion lean_to", "2100"),
    **_each("gabled saltbox crosspitched pitched", "3100"),
    **_each("hipped side_hipped", "3200"),
    **_each("half-hipped side_half-hipped", "3300"),
    **_each("mansard gambrel", "3400"),
    **_each("pyramidal hipped-and-gabled", "3500"),
    "cone": "3600",
    **_each("dome onion", "3700"),
    **_each("sawtooth double_saltbox", "3800"),
    **_each("round barrel", "3900"),
    **_each("many complex", "5000"),
}

STREETS = {
    **{
        f"{kind}{end}": kind
        for kind in ("motorway", "trunk", "primary", "secondary", "tertiary")
        for end in ("", "_link")
    },
    **_each("residential unclassified", "residential"),
    **_each("service escape busway bus_guideway access_ramp", "service"),
    **_each("track bridleway trail", "track"),
    **_each("footway path corridor elevator", "footway"),
    **{kind: kind for kind in ("living_street", "pedestrian", "cycleway", "steps")},
}
NOT_BUILT = {"proposed", "planned", "construction", "abandoned", "disused", "razed", "demolished", "no"}
NOT_STREETS = {"platform", "rest_area", "services", "bus_stop"}
RAILS = {
    **_each("rail light_rail narrow_gauge subway preserved funicular monorail", "rail"),
    "tram": "tram",
}
# What is usual in Germany: km/h and metres.
SPEEDS = {
    **{"motorway": 130.0, "trunk": 100.0, "primary": 50.0, "secondary": 50.0, "tertiary": 50.0, "residential": 50.0},
    **{"living_street": 7.0, "service": 20.0, "track": 20.0},
}
WIDTHS = {
    **{"motorway": 11.5, "trunk": 8.0, "primary": 7.5, "secondary": 7.0, "tertiary": 6.5, "residential": 5.5},
    **{"living_street": 5.0, "service": 3.5, "pedestrian": 5.0, "track": 3.0, "cycleway": 2.5, "footway": 2.0},
    **{"steps": 2.0, "rail": 3.0, "tram": 2.6, "other": 3.5},
}
SPEED_WORDS = {"walk": 7.0, "urban": 50.0, "rural": 100.0, "living_street": 7.0, "bicycle_road": 30.0}

SURFACES = {
    ("amenity", "parking"): "asphalt",
    ("amenity", "parking_space"): "asphalt",
    ("amenity", "bicycle_parking"): "paving",
    ("amenity", "grave_yard"): "cemetery",
    **_each("pitch sports_centre stadium track golf_course miniature_golf", "sports", of="leisure"),
    **_each("park recreation_ground", "park", of="leisure"),
    **_each("common dog_park", "grass", of="leisure"),
    **_same("leisure", "garden playground"),
    **_each("wood", "forest", of="natural"),
    **_each("scrub heath shrubbery fell", "scrub", of="natural"),
    **_each("grassland", "grass", of="natural"),
    **_each("wetland", "wetland", of="natural"),
    **_each("bare_rock scree shingle sand beach mud earth_bank", "bare", of="natural"),
    **_same("landuse", "residential commercial industrial brownfield railway"),
    **_same("landuse", "farmyard grass allotments cemetery forest farmland orchard"),
    ("landuse", "retail"): "commercial",
    **_each("depot port", "industrial", of="landuse"),
    **_each("quarry landfill construction", "bare", of="landuse"),
    **_each("meadow animal_keeping", "grass", of="landuse"),
    **_each("village_green recreation_ground", "park", of="landuse"),
    **_each("farm field greenhouse_horticulture", "farmland", of="landuse"),
    **_each("vineyard plant_nursery", "orchard", of="landuse"),
    ("landuse", "garages"): "asphalt",
    ("landuse", "flowerbed"): "garden",
}
PAVINGS = {
    **_each("asphalt concrete concrete:plates paved chipseal tartan", "asphalt"),
    **_each("paving_stones sett cobblestone unhewn_cobblestone bricks", "paving"),
    **_each("gravel fine_gravel compacted pebblestone unpaved", "gravel"),
    **_each("grass grass_paver", "grass"),
    **_each("ground dirt earth sand mud", "bare"),
}

WATER_LINES = {"river": "river", "stream": "stream", "canal": "canal", "ditch": "ditch", "drain": "ditch"}
WATER_AREAS = {
    **{("waterway", "riverbank"): "river", ("waterway", "dock"): "basin"},
    **{("landuse", "reservoir"): "lake", ("landuse", "basin"): "basin", ("landuse", "pond"): "lake"},
}
WATERS = {
    **_each("river oxbow", "river"),
    **_each("stream stream_pool", "stream"),
    **_each("canal lock", "canal"),
    **_each("ditch drain", "ditch"),
    **_each("lake pond reservoir lagoon fishpond", "lake"),
    **_each("basin wastewater reflecting_pool", "basin"),
}

FACILITIES = {
    "education": {
        "amenity": "school kindergarten childcare university college music_school language_school",
    },
    "health": {
        "amenity": "hospital clinic doctors dentist pharmacy",
        "healthcare": "*",
        "emergency": "ambulance_station",
        "shop": "medical_supply",
    },
    "care": {
        "amenity": "social_facility nursing_home retirement_home social_centre",
        "social_facility": "*",
    },
    "administration": {
        "amenity": "townhall police fire_station courthouse post_office public_building",
        "office": "government employment_agency",
    },
    "food": {
        "amenity": "marketplace",
        "shop": "supermarket convenience bakery butcher greengrocer general dairy farm deli beverages chemist kiosk"
        " department_store seafood pastry health_food frozen_food food",
    },
    "culture": {
        "amenity": "library theatre cinema arts_centre community_centre place_of_worship",
        "tourism": "museum gallery zoo",
        "leisure": "playground sports_centre sports_hall swimming_area water_park stadium",
    },
}
FACILITY_OF = {
    (key, value): kind for kind, keys in FACILITIES.items() for key, values in keys.items() for value in values.split()
}
FACILITY_KEYS = ("amenity", "healthcare", "shop", "emergency", "office", "social_facility", "tourism", "leisure")

FORMER = ("disused:", "abandoned:", "was:")
FORMER_KEYS = (
    "building",
    "shop",
    "amenity",
    "office",
    "craft",
    "industrial",
    "leisure",
    "healthcare",
    "tourism",
    "man_made",
    "landuse",
)
LAST_USES = {
    **{"shop": "trade", "office": "office", "craft": "industry", "industrial": "industry", "leisure": "sports"},
    **{"healthcare": "health", "tourism": "trade", "man_made": "industry"},
}
LAST_AMENITIES = {"education": "education", "health": "health", "care": "care", "administration": "administration"}

STOP_KINDS = {"highway=bus_stop": "bus", "amenity=bus_station": "bus", "amenity=ferry_terminal": "ferry"}
NAMED_BY_VALUE = (
    "building:part",
    "amenity",
    "shop",
    "leisure",
    "tourism",
    "natural",
    "railway",
    "waterway",
    "man_made",
    "public_transport",
    "historic",
    "office",
    "craft",
    "healthcare",
    "emergency",
)
NAMED_BY_KEY = (
    "building",
    "highway",
    "landuse",
    "barrier",
    "power",
    "place",
    "boundary",
    "aeroway",
    "aerialway",
    "military",
    "sport",
    "traffic_sign",
    "entrance",
    "indoor",
    "route",
)
