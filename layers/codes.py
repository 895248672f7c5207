"""Value lists of the field's standards, with their words: ALKIS, CityGML AdV profile, BauNVO, XPlanung."""

from twin.feature import Words

# AdV, GeoInfoDok 7.1, AX_Gebaeude gebaeudefunktion (31001); the commonest in German cities.
BUILDING_FUNCTIONS = {
    "31001_1000": Words("Wohngebäude", "Residential building"),
    "31001_1010": Words("Wohnhaus", "House"),
    "31001_1020": Words("Wohnheim", "Hostel"),
    "31001_1100": Words("Gemischt genutzt mit Wohnen", "Mixed use with dwellings"),
    "31001_1110": Words("Wohnen mit Gemeinbedarf", "Residential with public use"),
    "31001_1120": Words("Wohnen mit Handel und Dienstleistungen", "Residential with trade"),
    "31001_1130": Words("Wohnen mit Gewerbe und Industrie", "Residential with industry"),
    "31001_1221": Words("Land- und forstwirtschaftliches Wohngebäude", "Farm house"),
    "31001_1310": Words("Gebäude zur Freizeitgestaltung", "Leisure building"),
    "31001_1313": Words("Gartenhaus", "Garden house"),
    "31001_2000": Words("Wirtschaft oder Gewerbe", "Trade"),
    "31001_2010": Words("Handel und Dienstleistungen", "Retail and services"),
    "31001_2020": Words("Bürogebäude", "Office"),
    "31001_2050": Words("Geschäftsgebäude", "Commercial building"),
    "31001_2051": Words("Kaufhaus", "Department store"),
    "31001_2054": Words("Laden", "Shop"),
    "31001_2071": Words("Hotel", "Hotel"),
    "31001_2081": Words("Gaststätte", "Restaurant"),
    "31001_2100": Words("Gewerbe und Industrie", "Industry"),
    "31001_2111": Words("Fabrik", "Factory"),
    "31001_2112": Words("Betriebsgebäude", "Operations building"),
    "31001_2120": Words("Werkstatt", "Workshop"),
    "31001_2140": Words("Lager", "Storage"),
    "31001_2143": Words("Lagerhalle", "Warehouse"),
    "31001_2460": Words("Gebäude zum Parken", "Parking building"),
    "31001_2461": Words("Parkhaus", "Car park"),
    "31001_2463": Words("Garage", "Garage"),
    "31001_2465": Words("Tiefgarage", "Underground car park"),
    "31001_2500": Words("Versorgung", "Utilities"),
    "31001_2523": Words("Umformer", "Transformer station"),
    "31001_2700": Words("Land- und Forstwirtschaft", "Farm"),
    "31001_2721": Words("Scheune", "Barn"),
    "31001_2723": Words("Schuppen", "Shed"),
    "31001_2724": Words("Stall", "Stable"),
    "31001_2740": Words("Treibhaus", "Greenhouse"),
    "31001_3000": Words("Öffentliche Zwecke", "Public"),
    "31001_3010": Words("Verwaltung", "Administration"),
    "31001_3012": Words("Rathaus", "Town hall"),
    "31001_3020": Words("Bildung und Forschung", "Education"),
    "31001_3021": Words("Allgemein bildende Schule", "School"),
    "31001_3023": Words("Hochschule", "University"),
    "31001_3030": Words("Kultur", "Culture"),
    "31001_3034": Words("Museum", "Museum"),
    "31001_3037": Words("Bibliothek", "Library"),
    "31001_3040": Words("Religion", "Religion"),
    "31001_3041": Words("Kirche", "Church"),
    "31001_3050": Words("Gesundheit", "Health"),
    "31001_3051": Words("Krankenhaus", "Hospital"),
    "31001_3053": Words("Ärztehaus", "Medical centre"),
    "31001_3060": Words("Soziales", "Social"),
    "31001_3062": Words("Gemeinschaftshaus", "Community centre"),
    "31001_3063": Words("Seniorenheim", "Home for seniors"),
    "31001_3065": Words("Kindertagesstätte", "Kindergarten"),
    "31001_3070": Words("Sicherheit und Ordnung", "Public safety"),
    "31001_3071": Words("Polizei", "Police"),
    "31001_3072": Words("Feuerwehr", "Fire station"),
    "31001_3090": Words("Empfangsgebäude", "Station"),
    "31001_3091": Words("Bahnhof", "Railway station"),
    "31001_3200": Words("Erholung", "Recreation"),
    "31001_3210": Words("Sport", "Sports"),
    "31001_3211": Words("Sporthalle", "Sports hall"),
    "31001_3221": Words("Hallenbad", "Indoor pool"),
    "31001_9998": Words("Nicht spezifiziert", "Not specified"),
    "51009_1610": Words("Überdachung", "Canopy"),
}

USES = {
    "residential": Words("Wohnen", "Residential"),
    "mixed": Words("Wohnen und Gewerbe", "Mixed"),
    "trade": Words("Handel und Dienstleistung", "Trade"),
    "office": Words("Büro", "Office"),
    "industry": Words("Gewerbe und Industrie", "Industry"),
    "storage": Words("Lager", "Storage"),
    "farm": Words("Landwirtschaft", "Farm"),
    "garage": Words("Garage und Parken", "Garage and parking"),
    "administration": Words("Verwaltung", "Administration"),
    "education": Words("Bildung", "Education"),
    "health": Words("Gesundheit", "Health"),
    "care": Words("Soziales und Pflege", "Care"),
    "culture": Words("Kultur und Religion", "Culture"),
    "sports": Words("Sport und Freizeit", "Sports and leisure"),
    "transport": Words("Verkehr", "Transport"),
    "utilities": Words("Versorgung", "Utilities"),
    "other": Words("Sonstiges", "Other"),
}

# AdV CityGML profile, roofType; XPlanung Dachform uses the same numbers.
ROOF_TYPES = {
    "1000": Words("Flachdach", "Flat"),
    "2100": Words("Pultdach", "Monopitch"),
    "2200": Words("Versetztes Pultdach", "Staggered monopitch"),
    "3100": Words("Satteldach", "Gable"),
    "3200": Words("Walmdach", "Hip"),
    "3300": Words("Krüppelwalmdach", "Half-hip"),
    "3400": Words("Mansarddach", "Mansard"),
    "3500": Words("Zeltdach", "Tent"),
    "3600": Words("Kegeldach", "Cone"),
    "3700": Words("Kuppeldach", "Dome"),
    "3800": Words("Sheddach", "Shed"),
    "3900": Words("Bogendach", "Arch"),
    "4000": Words("Turmdach", "Tower"),
    "5000": Words("Mischform", "Mixed"),
    "9999": Words("Sonstiges", "Other"),
}

# BauNVO in the edition of 2021, sections 2 to 11.
ZONE_KINDS = {
    "WS": Words("Kleinsiedlungsgebiet", "Small settlement area"),
    "WR": Words("Reines Wohngebiet", "Purely residential area"),
    "WA": Words("Allgemeines Wohngebiet", "General residential area"),
    "WB": Words("Besonderes Wohngebiet", "Special residential area"),
    "MD": Words("Dorfgebiet", "Village area"),
    "MDW": Words("Dörfliches Wohngebiet", "Village residential area"),
    "MI": Words("Mischgebiet", "Mixed area"),
    "MU": Words("Urbanes Gebiet", "Urban area"),
    "MK": Words("Kerngebiet", "Core area"),
    "GE": Words("Gewerbegebiet", "Commercial area"),
    "GI": Words("Industriegebiet", "Industrial area"),
    "SO": Words("Sondergebiet", "Special area"),
    "W": Words("Wohnbaufläche", "Residential land"),
    "M": Words("Gemischte Baufläche", "Mixed land"),
    "G": Words("Gewerbliche Baufläche", "Commercial land"),
    "S": Words("Sonderbaufläche", "Special land"),
    "green": Words("Grünfläche", "Green space"),
    "traffic": Words("Verkehrsfläche", "Traffic area"),
    "public": Words("Gemeinbedarf", "Public use"),
    "farm": Words("Landwirtschaft", "Farmland"),
    "forest": Words("Wald", "Forest"),
    "water": Words("Wasserfläche", "Water"),
    "other": Words("Sonstiges", "Other"),
}

# XPlanung 6.1, XP_Rechtsstand and BP_Rechtsstand.
STATES_OF_LAW = {
    "1000": Words("Aufstellungsbeschluss", "Decision to draw up"),
    "2000": Words("Entwurf", "Draft"),
    "2100": Words("Frühzeitige Behördenbeteiligung", "Early hearing of authorities"),
    "2200": Words("Frühzeitige Öffentlichkeitsbeteiligung", "Early public participation"),
    "2300": Words("Behördenbeteiligung", "Hearing of authorities"),
    "2400": Words("Öffentliche Auslegung", "Public display"),
    "3000": Words("Satzung", "By-law"),
    "4000": Words("In Kraft getreten", "In force"),
    "4500": Words("Teilweise untergegangen", "Partly void"),
    "5000": Words("Untergegangen", "Void"),
}

OWNER_KINDS = {
    "town": Words("Stadt", "Town"),
    "public": Words("Land, Bund, Kirche", "State, church"),
    "housing": Words("Wohnungsunternehmen", "Housing company"),
    "company": Words("Unternehmen", "Company"),
    "private": Words("Privat", "Private"),
    "unknown": Words("Unbekannt", "Unknown"),
}

CONDITIONS = {
    "good": Words("Gut", "Good"),
    "fair": Words("Mittel", "Fair"),
    "poor": Words("Schlecht", "Poor"),
    "ruin": Words("Ruinös", "Ruin"),
}

RENOVATION = {
    "new": Words("Neubau", "New"),
    "renovated": Words("Saniert", "Renovated"),
    "partly": Words("Teilsaniert", "Partly renovated"),
    "unrenovated": Words("Unsaniert", "Not renovated"),
}

VACANCY_KINDS = {
    "building": Words("Gebäude", "Building"),
    "dwelling": Words("Wohnung", "Dwelling"),
    "shop": Words("Laden", "Shop"),
    "hall": Words("Halle", "Hall"),
    "land": Words("Fläche", "Land"),
}

VACANCY_STATES = {
    "guessed": Words("Vermutet", "Guessed"),
    "reported": Words("Gemeldet", "Reported"),
    "confirmed": Words("Bestätigt", "Confirmed"),
    "offered": Words("Angeboten", "Offered"),
    "negotiated": Words("In Verhandlung", "Being negotiated"),
    "ended": Words("Wieder genutzt", "In use again"),
}

STREET_CLASSES = {
    "motorway": Words("Autobahn", "Motorway"),
    "trunk": Words("Schnellstraße", "Trunk road"),
    "primary": Words("Bundesstraße", "Primary road"),
    "secondary": Words("Landesstraße", "Secondary road"),
    "tertiary": Words("Kreis- oder Hauptstraße", "Tertiary road"),
    "residential": Words("Anliegerstraße", "Residential street"),
    "living_street": Words("Verkehrsberuhigter Bereich", "Living street"),
    "service": Words("Zufahrt", "Service road"),
    "pedestrian": Words("Fußgängerzone", "Pedestrian street"),
    "track": Words("Feld- oder Waldweg", "Track"),
    "cycleway": Words("Radweg", "Cycle track"),
    "footway": Words("Fußweg", "Footpath"),
    "steps": Words("Treppe", "Steps"),
    "rail": Words("Eisenbahn", "Railway"),
    "tram": Words("Straßenbahn", "Tram"),
    "other": Words("Sonstige", "Other"),
}

CYCLING = {
    "none": Words("Keine", "None"),
    "lane": Words("Schutz- oder Radfahrstreifen", "Cycle lane"),
    "track": Words("Baulich getrennter Radweg", "Cycle track"),
    "street": Words("Fahrradstraße", "Cycle street"),
}

LINE_KINDS = {
    "rail": Words("Bahn", "Rail"),
    "metro": Words("U-Bahn, S-Bahn", "Metro"),
    "tram": Words("Straßenbahn", "Tram"),
    "bus": Words("Bus", "Bus"),
    "ferry": Words("Fähre", "Ferry"),
    "other": Words("Sonstige", "Other"),
}

# Land cover with the share of it that is sealed; the shares are defaults, to be replaced by a town's own survey.
SURFACE_KINDS = {
    "asphalt": Words("Asphalt, Beton", "Asphalt, concrete"),
    "paving": Words("Pflaster", "Paving"),
    "gravel": Words("Schotter, wassergebunden", "Gravel"),
    "residential": Words("Wohnbaufläche", "Residential land"),
    "commercial": Words("Gewerbefläche", "Commercial land"),
    "industrial": Words("Industriefläche", "Industrial land"),
    "brownfield": Words("Brache", "Brownfield"),
    "railway": Words("Bahnfläche", "Railway land"),
    "grass": Words("Wiese, Rasen", "Grass"),
    "garden": Words("Garten", "Garden"),
    "allotments": Words("Kleingärten", "Allotments"),
    "park": Words("Park", "Park"),
    "playground": Words("Spielplatz", "Playground"),
    "sports": Words("Sportfläche", "Sports ground"),
    "cemetery": Words("Friedhof", "Cemetery"),
    "forest": Words("Wald", "Forest"),
    "scrub": Words("Gehölz", "Scrub"),
    "farmland": Words("Acker", "Farmland"),
    "farmyard": Words("Hofstelle", "Farmyard"),
    "orchard": Words("Obst, Wein", "Orchard, vineyard"),
    "wetland": Words("Feuchtgebiet", "Wetland"),
    "bare": Words("Offener Boden", "Bare soil"),
    "building": Words("Überbaut", "Built over"),
    "other": Words("Sonstige", "Other"),
}
SEALED_PERCENT = {
    "asphalt": 100.0,
    "paving": 80.0,
    "gravel": 50.0,
    "residential": 45.0,
    "commercial": 80.0,
    "industrial": 80.0,
    "brownfield": 40.0,
    "farmyard": 60.0,
    "railway": 40.0,
    "playground": 15.0,
    "sports": 25.0,
    "cemetery": 15.0,
    "allotments": 15.0,
    "building": 100.0,
}

FACILITY_KINDS = {
    "education": Words("Bildung", "Education"),
    "health": Words("Gesundheit", "Health"),
    "care": Words("Pflege und Soziales", "Care"),
    "administration": Words("Verwaltung und Sicherheit", "Administration"),
    "food": Words("Nahversorgung", "Food"),
    "culture": Words("Kultur und Freizeit", "Culture"),
}
