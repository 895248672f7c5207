"""The words that registers use for the codes of our value lists."""

# Patterns over lower-case words with ae, oe, ue, ss and blanks for all other marks; the first that is found wins.
_LIVING = r"wohn|dwelling|residen|housing|villa|apartment"
_TRADE = r"handel|laden|geschaeft|gastst|gastro|restaurant|cafe|hotel|retail|shop|dienstleist|kaufhaus|markt|baecker|"
_TRADE += r"fleischer|metzger|friseur|bank|sparkasse|imbiss|kneipe|pub|trade"

USES = [
    (r"wohn\w* und|wohn und|misch|mixed|geschaeftshaus", "mixed"),
    (r"garage|parken|parkhaus|carport|parking", "garage"),
    (r"schul|kita|kinder|bildung|hochschul|school|education|nursery", "education"),
    (r"pflege|senior|alten|sozial|betreu|care", "care"),
    (r"klinik|kranken|arzt|aerzt|praxis|gesundheit|health|hospital|apothek", "health"),
    (r"verwalt|behoerd|rathaus|gericht|polizei|feuerwehr|\bamt|public|town hall", "administration"),
    (r"buero|office", "office"),
    (r"lager|speicher|storage|warehouse", "storage"),
    (r"landwirt|bauernhof|\bhof\b|stall|scheune|farm|agrar", "farm"),
    (_TRADE, "trade"),
    (r"industr|fabrik|produktion|gewerbe|werkstatt|handwerk|brauerei|factory|works|pottery", "industry"),
    (_LIVING, "residential"),
    (r"kultur|kirche|museum|theater|kino|religi|church|culture|club", "culture"),
    (r"sport|freizeit|turnhalle|\bbad\b|leisure|garten", "sports"),
    (r"bahn|verkehr|transport|station", "transport"),
    (r"versorg|strom|wasser|umspann|utilit", "utilities"),
]
OWNERS = [
    (r"not owned by a public|nicht oeffentlich|non public", "private"),
    (r"mixed|gemischt|mehrere|unbekannt|unknown|ungeklaert|herrenlos|offen", "unknown"),
    (r"wohnungs(bau|unternehm|genoss|ges|eigentuemerges|wirt)|genossenschaft|\bwbg\b|\bwgs?\b|housing", "housing"),
    (r"^(die |the )?(landeshaupt)?stadt\b(?!werke)|kommun|gemeinde|staedtisch|town|municip|council|\bcity\b", "town"),
    (r"\bland\b|\bbund\b|bundes|landes|staat|kirche|landkreis|state|church|federal|public|oeffentlich|bima|bahn ag",
     "public"),
    (r"gmbh|\bag\b|\bkg\b|\bohg\b|\bgbr\b|\bug\b|\bse\b|firma|unternehm|gewerb|compan|invest|bank\b|ltd|\binc\b|e v\b|"
     r"verein|stadtwerke|business|corporate", "company"),
    (r"privat|erben|person|familie|individual|eheleute", "private"),
]  # fmt: skip
CONDITIONS = [
    (r"ruin|einsturz|abbruch|abriss|verfall|baufaellig|derelict|nicht nutzbar", "ruin"),
    (r"teilsaniert|teilweise|mittel|befriedig|ausreich|renovierungs|modernisierungs|fair|average|maessig", "fair"),
    (r"unsaniert|sanierungsbed|schlecht|mangelhaft|maengel|poor|bad\b|desolat|schaed", "poor"),
    (r"gut|saniert|neuwertig|neubau|bezugsfertig|good|excellent|gepflegt|modernisiert", "good"),
]
VACANCIES = [
    (r"haus\b|haeuser|gebaeude|building|villa|schule|kirche|house", "building"),
    (r"wohnung|dwelling|\bflats?\b|apartment", "dwelling"),
    (r"laden|laeden|geschaeft|einzelhandel|gewerbeeinheit|shop|retail|verkauf|gastst|gastro", "shop"),
    (r"halle|lager|werkstatt|warehouse|\bhall|fabrik|industrie", "hall"),
    (r"flaeche|brach|grundst|bauluecke|baulueck|land|plot|brownfield|\bsites?\b", "land"),
]
FACILITIES = [
    (r"feuerwehr|polizei|rathaus|verwalt|behoerd|buerger(amt|buero|service)|gericht|police|fire|town ?hall|\bamt\b|"
     r"jobcenter|finanzamt|standesamt", "administration"),
    (r"volkshoch|museum|theater|kino|biblioth|buecherei|kultur|sport|\bbad\b|freibad|hallenbad|park\b|stadion|stadium|"
     r"church|kirche|cathedral|freizeit|verein|musik|spielplatz|librar|cinema|palace|gallery|galerie", "culture"),
    (r"pflege|senior|altenheim|altersheim|sozial|betreut|hospiz|care|jugendhilfe|tafel|beratung|behindert", "care"),
    (r"arzt|aerzt|apothek|klinik|kranken|hospital|health|zahn|praxis|medizin|pharmac|doctor|clinic|dentist|hebamme|"
     r"physio", "health"),
    (r"schul|kita\b|kinder|krippe|hort\b|bildung|gymnas|universit|school|nursery|colleg", "education"),
    (r"supermarkt|lebensmittel|baecker|metzger|fleischer|discounter|markt\b|hofladen|dorfladen|nahversorg|einkauf|"
     r"shopping|supermarket|market|grocer|bakery|butcher|food|getraenke", "food"),
]  # fmt: skip
MEANS = [
    (r"s bahn|u bahn|metro|subway|schnellbahn", "metro"),
    (r"tram|strassenbahn|stadtbahn|light rail", "tram"),
    (r"bus", "bus"),
    (r"bahn|zug|rail|train", "rail"),
    (r"faehr|ferry|schiff|boat", "ferry"),
]
HINTS = {
    ("vacancies", "kind"): VACANCIES,
    ("vacancies", "use"): USES,
    ("vacancies", "owner_kind"): OWNERS,
    ("vacancies", "condition"): CONDITIONS,
    ("parcels", "owner_kind"): OWNERS,
    ("facilities", "kind"): FACILITIES,
    ("stops", "kind"): MEANS,
    ("buildings", "use"): USES,
}
