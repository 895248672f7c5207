"""Short ways: who reaches food, school, surgery and stop on foot, and where many people do not."""

import numpy as np

from scenarios.access.asked import FARTHEST, MARGIN, READS, Walked, notes, walked
from scenarios.access.needs import Need, needs
from scenarios.access.people import AGES
from scenarios.access.speeds import sources
from scenarios.indicators.figures import Answer, Column, Drawn, Figure, Indicator, Parts, Place, number, sentence
from scenarios.indicators.given import Given
from twin.feature import Words

CLASSES = {"walk-5": 5, "walk-10": 10, "walk-15": 15, "walk-30": 30, "walk-far": np.inf}  # minutes
MOST = 150_000  # buildings
WITHIN = ("reach_minutes",)
TITLES = {
    "short_ways_share": (Words("15-Minuten-Stadt: Menschen mit kurzen Wegen", "15-minute city: short ways"), "%"),
    "short_ways": (Words("Menschen, die alles Tägliche erreichen", "People who reach all daily needs"), ""),
    "far": (Words("Menschen, denen Tägliches fehlt", "People who lack a daily need"), ""),
}
COLUMNS = {
    "people": Column(Words("Menschen", "People"), "", 0),
    "share": Column(Words("mit kurzen Wegen", "with short ways"), "%", 0),
    **{name: Column(need.title, "min", 1) for name, need in needs().items()},
}


def answer(given: Given) -> Answer:
    found = walked(given, "walk")
    if isinstance(found, Words):
        return Answer([Figure(name, title, unit, None, refused=found) for name, (title, unit) in TITLES.items()])
    within = 60 * given.assume("reach_minutes")
    known = {name: need for name, need in needs().items() if found.supplied.of[name].any()}
    near = {name: found.reached.seconds[name] <= within for name in known}
    daily = [near[name] for name, need in known.items() if need.daily]
    all_near = np.all(daily, axis=0) if daily else np.zeros(len(found.rows), bool)
    figures = [
        *_whole(found, all_near, given),
        *(_of_need(found, need, near.get(name), given) for name, need in needs().items()),
    ]
    places = _blocks(given, found, known, near, all_near)
    return Answer(figures, places, COLUMNS, _drawn(found, known), notes=notes(given, found))


def _whole(found: Walked, all_near: np.ndarray, given: Given) -> list[Figure]:
    people, uids = found.settled.people, found.rows["uid"]
    whole, short = float(people.sum()), float(people[all_near].sum())
    if not whole:
        missing = Words("Im Gebiet wohnt niemand.", "Nobody lives in the area.")
        return [Figure(name, title, unit, None, refused=missing) for name, (title, unit) in TITLES.items()]
    listed = ", ".join(need.title.de for need in needs().values() if need.daily)
    english = ", ".join(need.title.en for need in needs().values() if need.daily)
    by_hand = sentence("{n} von {all} Menschen; täglich gebraucht: {listed}", "{n} of {all} people; daily: {english}",
                       n=(short, 0), all=(whole, 0), listed=listed, english=english)  # fmt: skip
    (share, percent), (reaching, _), (far, _) = TITLES.values()
    guess = _guessed(found)
    return [
        Figure("short_ways_share", share, percent, 100 * short / whole, 1, by_hand=by_hand, assumed=WITHIN),
        Figure("short_ways", reaching, "", short, parts=Parts("buildings", uids, people * all_near), assumed=WITHIN,
               estimated=guess),
        Figure("far", far, "", whole - short, parts=Parts("buildings", uids, people * ~all_near), assumed=WITHIN,
               estimated=guess),
    ]  # fmt: skip


def _of_need(found: Walked, need: Need, near: np.ndarray | None, given: Given) -> Figure:
    minutes = f"{given.assume('reach_minutes'):g} min"
    whose = " (" + ", ".join(AGES[age].de for age in need.ages) + ")" if need.ages else ""
    whom = " (" + ", ".join(AGES[age].en for age in need.ages) + ")" if need.ages else ""
    title = Words(f"{need.title.de} in {minutes}{whose}", f"{need.title.en} in {minutes}{whom}")
    if near is None:
        return Figure(f"reach_{need.name}", title, "", None, refused=_missing(need))
    people = those(found, need)
    seconds = np.minimum(found.reached.seconds[need.name], 60 * FARTHEST)
    whole = float(people.sum())
    mean = float((people * seconds).sum()) / whole / 60 if whole else 0.0
    by_hand = sentence("{n} von {all} Menschen; im Mittel {mean} min", "{n} of {all} people; {mean} min on average",
                       n=(float(people[near].sum()), 0), all=(whole, 0), mean=(mean, 1))  # fmt: skip
    return Figure(f"reach_{need.name}", title, "", float(people[near].sum()), by_hand=by_hand, assumed=WITHIN,
                  parts=Parts("buildings", found.rows["uid"], people * near))  # fmt: skip


def those(found: Walked, need: Need) -> np.ndarray:
    """(n,) people whose need it is: everybody where it is everybody's, or where ages are not known."""
    ages = found.settled.ages[:, [list(AGES).index(age) for age in need.ages]].sum(axis=1)
    return np.where(np.isfinite(ages), ages, found.settled.people) if need.ages else found.settled.people


def _missing(need: Need) -> Words:
    what = "stops" if need.layer == "stops" else "facilities"
    return Words(
        f"In der Umgebung ist keine Einrichtung dieser Art bekannt: {need.title.de}. Laden Sie sie: twin load DATEI"
        f" --as {what}, oder setzen Sie sie in der Variante.",
        f"None is known around: {need.title.en}. Load it: twin load FILE --as {what}, or place it in the scenario.",
    )


def _blocks(given: Given, found: Walked, known: dict, near: dict, all_near: np.ndarray) -> list[Place]:
    """Equity: each block with its people, how far they have it, and what many of them lack."""
    blocks, people = given.rows["blocks"], found.settled.people
    inside = found.settled.block >= 0
    block = found.settled.block[inside]

    def added(values: np.ndarray) -> np.ndarray:
        return np.bincount(block, values[inside], len(blocks))

    many = added(people)
    share = 100 * added(people * all_near) / np.maximum(many, 1e-9)
    minutes, far = {}, {}
    for name, need in known.items():
        seconds = np.minimum(found.reached.seconds[name], 60 * FARTHEST)
        minutes[name] = added(people * seconds) / np.maximum(many, 1e-9) / 60
        far[name] = added(those(found, need) * ~near[name])
    places = []
    for i in np.flatnonzero(many > 0.5).tolist():
        told = {name: float(each[i]) for name, each in minutes.items()}
        values: dict[str, float | None] = {"people": float(many[i]), "share": float(share[i]), **told}
        least = given.assume("gap_people")
        lacking = [(float(far[name][i]), need) for name, need in known.items() if need.daily and far[name][i] >= least]
        title = str(blocks["number"][i] or blocks["name"][i] or blocks["uid"][i])
        places.append(Place(f"short/{blocks['uid'][i]}", "blocks", str(blocks["uid"][i]), Words(title, title), values,
                            _lacking(lacking) if lacking else None, bool(lacking), blocks.shapes[i]))  # fmt: skip
    return sorted(places, key=lambda one: (one.values["share"] or 0.0, -(one.values["people"] or 0.0)))


def _lacking(lacking: list[tuple[float, Need]]) -> Words:
    told = sorted(lacking, key=lambda pair: -pair[0])
    return Words("weit für viele: " + ", ".join(f"{need.title.de} ({number(far).de})" for far, need in told),
                 "far for many: " + ", ".join(f"{need.title.en} ({number(far).en})" for far, need in told))  # fmt: skip


def _drawn(found: Walked, known: dict[str, Need]) -> list[Drawn]:
    """Buildings by the minutes to the farthest of the daily needs."""
    daily = [found.reached.seconds[name] / 60 for name, need in known.items() if need.daily]
    if not daily:
        return []
    worst, before, drawn = np.max(daily, axis=0), -1.0, []
    for kind, most in CLASSES.items():
        drawn.append(Drawn(kind, found.rows.shapes[(worst > before) & (worst <= most)]))
        before = most
    return drawn


def _guessed(found: Walked) -> Words | None:
    guessed = int((~found.settled.counted & (found.settled.people > 0)).sum())
    if not guessed:
        return None
    return Words(f"Menschen von {guessed} Gebäuden aus Wohnungen geschätzt",
                 f"people of {guessed} buildings estimated from dwellings")  # fmt: skip


INDICATOR = Indicator(
    "walking", 90,
    Words("Kurze Wege zu Fuß", "Short ways on foot"),
    Words("Wer erreicht, was er täglich braucht?", "Who reaches what is needed daily?"),
    Words(
        "Von der Mitte jedes Gebäudes zur nächsten Straße, über das Netz der geplanten Straßen und Wege zur jeweils"
        " nächsten Einrichtung, auf dem kürzesten Weg in Minuten: 5 km/h in der Ebene, nach Tobler langsamer bergauf,"
        " halb so schnell auf Treppen; Steigung aus dem Gelände. Straßen verbinden sich, wo sie eine Ecke teilen oder"
        " ein Ende die andere berührt. Die Einwohner der Blöcke sind auf ihre Wohnungen verteilt; geplante Wohnungen"
        " bringen Menschen nach Annahme. Beurteilt wird je Bedarf, wer ihn hat: Kindertagesstätten von 0 bis 5 Jahren.",
        "From the middle of each building to the next street and over the planned streets and ways to the nearest"
        " facility of each kind, by the shortest way in minutes: 5 km/h on level ground, slower uphill after Tobler,"
        " half as fast on stairs; slopes from the terrain. Streets meet where they share a corner or an end touches"
        " another one. Inhabitants of blocks are spread over their dwellings; planned dwellings bring people by"
        " assumption. Each need is judged for those who have it: kindergartens from 0 to 5 years.",
    ),
    Words(
        "Kein Gutachten zur Barrierefreiheit: Ampeln, Querungen, Gehwege auf beiden Seiten, Öffnungszeiten und freie"
        " Plätze fehlen. Loses Kreuzen ohne gemeinsame Ecke gilt als Brücke. Einrichtungen jenseits von 2,5 km um das"
        " Gebiet zählen nicht.",
        "No survey of barrier-free access: lights, crossings, pavements on each side, opening hours and free places are"
        " missing. Streets that cross without a common corner count as a bridge. Facilities more than 2.5 km beyond"
        " the area do not count.",
    ),
    sources(),
    READS,
    answer,
    ("short_ways_share", "short_ways", "far", "reach_food", "reach_doctor", "reach_stop"),
    margin=MARGIN,
    slow=True,
    most=MOST,
)  # fmt: skip
