"""Abstandsflächen: the areas that walls keep free, where they overlap, and where they cross the edge of the plot."""

from typing import Any, NamedTuple

import numpy as np
import shapely

from scenarios.counting import READS, count_all, heights
from scenarios.indicators.figures import Answer, Column, Drawn, Figure, Indicator, Place, sentence
from scenarios.indicators.given import Given
from scenarios.indicators.plots import IN_FORCE, is_ancillary, row_title
from scenarios.indicators.walls import Profile, Walls, walls_of
from scenarios.rows import Rows
from scenarios.rules import Source, rules, source_of
from twin.feature import Words

MODEL = "Musterbauordnung"
NEIGHBOURS = 40.0  # metres around the area in which a neighbour's area may reach into it
MOST = 20_000  # buildings
SLIVER, SHALLOW = 0.5, 0.05  # m² and metres below which an overlap is drawing
ON_PLOT = 0.05  # of a building's outline: on a parcel that bears less it does not stand
STREET = 60.0  # metres that are looked across for the other side of a street
PUBLIC = ("straße", "weg", "platz", "verkehr", "gewässer", "grün", "park")
HOMES, FLOOR = 2, 400.0  # dwellings and m² of building classes 1 and 2
TITLES = {
    "overlaps": Words("Überdeckungen von Abstandsflächen", "Overlaps of Abstandsflächen"),
    "overlap_most": Words("Tiefste Überdeckung", "Deepest overlap"),
    "crossings": Words("Abstandsflächen jenseits der Grundstücksgrenze", "Abstandsflächen beyond the plot"),
    "crossing_most": Words("Am weitesten jenseits der Grenze", "Farthest beyond the plot"),
}
COLUMNS = {
    "metres": Column(Words("um", "by"), "m", 2),
    "size": Column(Words("Fläche", "Area"), "m²", 1),
    "tall": Column(Words("H", "H"), "m", 2),
}


class Rules(NamedTuple):
    profile: Profile
    source: Source
    of_model: bool  # no profile of the city's state is there


def rules_for(state: str | None) -> Rules:
    """The state's profile, else that of the Musterbauordnung."""
    all_states = rules("spacing")
    profile = all_states.get(state or "", all_states[MODEL])
    return Rules(profile, source_of(profile), state not in all_states)


def answer(given: Given) -> Answer:
    rows, inside, law = given.rows["buildings"], given.inside["buildings"], rules_for(given.state)
    walls = walls_of_area(given, law.profile)
    overlaps = _overlaps(walls, rows, inside, law)
    crossings, without = _crossings(walls.where(inside[walls.owner]), rows, given, law)
    drawn = walls.areas[inside[walls.owner]]
    figures = [
        *_figures("overlap", overlaps, law, "Abs. 3"),
        *_figures("crossing", crossings, law, "Abs. 2", _unknown_plots(given, without)),
    ]
    shapes = [np.array([one.shape for one in found], object) for found in (overlaps, crossings)]
    return Answer(
        figures, [*overlaps, *crossings], COLUMNS,
        [Drawn("area", drawn), Drawn("overlap", shapes[0]), Drawn("crossing", shapes[1])], notes=_notes(given, law),
    )  # fmt: skip


def walls_of_area(given: Given, profile: Profile) -> Walls:
    """The walls that keep areas free: not those of small garages and the like."""
    rows, usual = given.rows["buildings"], given.assume("storey_height")
    commercial, low = _commercial(rows, given.rows["zones"]), _low_homes(rows, given, profile)
    factor = np.where(low, 0.0, np.where(commercial, profile["commercial"], profile["factor"]))
    walls = walls_of(rows, profile, factor, usual)
    eaves = heights(rows, usual)[2]
    corners = shapely.bounds(rows.shapes)
    length = np.maximum(corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1])
    small = is_ancillary(rows) & (eaves <= profile["small"]) & (length <= profile["small_length"])
    return walls.where(~small[walls.owner])


def _low_homes(rows: Rows, given: Given, profile: Profile) -> np.ndarray:
    """Residential buildings of classes 1 and 2 with few storeys, before which the least depth suffices."""
    storeys, _, _ = heights(rows, given.assume("storey_height"))
    counted = count_all(rows, shapely.area(rows.shapes), given.assumed)
    residential = np.array([use == "residential" for use in rows["use"]], bool)
    small = (counted.dwellings <= HOMES) & (counted.floor_area <= FLOOR)
    return residential & small & (storeys <= profile["low_classes"])


def _commercial(rows: Rows, zones: Rows) -> np.ndarray:
    """In a GE or GI of a Bebauungsplan in force."""
    fits = [
        kind in ("GE", "GI") and plan == "bplan" and state in IN_FORCE
        for kind, plan, state in zip(zones["kind"], zones["plan_kind"], zones["state_of_law"], strict=True)
    ]
    these = zones.shapes[np.array(fits, bool)]
    found = np.zeros(len(rows), bool)
    if len(these) and len(rows):
        found[np.unique(shapely.STRtree(these).query(shapely.centroid(rows.shapes), predicate="within")[0])] = True
    return found


def _overlaps(walls: Walls, rows: Rows, inside: np.ndarray, law: Rules) -> list[Place]:
    """Pairs of buildings whose areas overlap, one line each, where at least one of them stands in the area.

    Walls of one building count where they face each other: across a courtyard, or from wing to wing.
    """
    if len(walls.owner) == 0:
        return []
    one, other = shapely.STRtree(walls.areas).query(walls.areas, predicate="intersects")
    a, b = walls.owner[one], walls.owner[other]
    between = np.abs(np.einsum("ij,ij->i", walls.normal[one], walls.normal[other]))
    pair = (a < b) | ((a == b) & (one < other) & _facing(walls, one, other))
    kept = pair & (inside[a] | inside[b]) & (between >= np.cos(np.radians(law.profile["apart"])))
    one, other = one[kept], other[kept]
    pieces = shapely.intersection(walls.areas[one], walls.areas[other])
    kept = shapely.area(pieces) > SLIVER
    deep = _extent(pieces[kept], walls.normal[one[kept]])
    pairs: dict[tuple[int, int], list[tuple[float, Any, int]]] = {}
    for i, j, piece, metres in zip(one[kept], other[kept], pieces[kept], deep, strict=True):
        if metres > SHALLOW:
            pairs.setdefault((int(walls.owner[i]), int(walls.owner[j])), []).append((metres, piece, int(i)))
    return [_overlap(rows, walls, a, b, found, law) for (a, b), found in pairs.items()]


def _facing(walls: Walls, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """(k,) bool: each of the two walls stands before the other."""
    way = walls.middle[other] - walls.middle[one]
    ahead = np.einsum("ij,ij->i", way, walls.normal[one]) > SHALLOW
    return ahead & (np.einsum("ij,ij->i", -way, walls.normal[other]) > SHALLOW)


def _overlap(rows: Rows, walls: Walls, a: int, b: int, found: list[tuple[float, Any, int]], law: Rules) -> Place:
    shape = shapely.union_all([piece for _, piece, _ in found])
    metres, _, wall = max(found, key=lambda one: one[0])
    names = [row_title(rows, i, "name", "address") for i in (a, b)]
    told = sentence("überdeckt sich mit der von {other} um bis zu {metres} m auf {size} m² ({by})",
                    "overlaps with that of {other} by up to {metres} m on {size} m² ({by})", other=names[1],
                    metres=(metres, 2), size=(shape.area, 1), by=f"{law.source.norm} § 6 Abs. 3")  # fmt: skip
    if a == b:
        told = sentence("überdeckt sich mit der einer eigenen Wand gegenüber (Hof) um bis zu {metres} m auf {size} m²"
                        " ({by})", "overlaps with that of its own wall across a courtyard by up to {metres} m on"
                        " {size} m² ({by})", metres=(metres, 2), size=(shape.area, 1),
                        by=f"{law.source.norm} § 6 Abs. 3")  # fmt: skip
    uids = sorted(str(rows["uid"][i]) for i in (a, b))
    values = {"metres": metres, "size": shape.area, "tall": float(walls.tall[wall])}
    return Place(f"overlap/{uids[0]}/{uids[1]}", "buildings", str(rows["uid"][a]), names[0], values, told, True, shape)


def _crossings(walls: Walls, rows: Rows, given: Given, law: Rules) -> tuple[list[Place], int]:
    """Buildings whose areas reach beyond their own plot and half the street; how many stand on no parcel."""
    parcels = given.rows["parcels"]
    plots, without = _plots(rows, parcels, np.unique(walls.owner))
    fits = np.array([plots.get(int(i)) is not None for i in walls.owner], bool)
    walls = walls.where(fits)
    own = np.array([plots[int(i)] for i in walls.owner], object)
    beyond = shapely.difference(walls.areas, own) if len(own) else np.empty(0, object)
    tree = shapely.STRtree(parcels.shapes) if len(parcels) else None
    private = ~np.array([_is_public(use) for use in parcels["use"]], bool)
    found: dict[int, list[tuple[float, Any, int]]] = {}
    for i in np.flatnonzero(shapely.area(beyond) > SLIVER).tolist():
        piece = _beyond_street(walls, i, own[i], beyond[i], parcels, tree, private)
        if piece.area > SLIVER:
            metres = float(_extent(np.array([piece]), walls.normal[[i]])[0])
            if metres > SHALLOW:
                found.setdefault(int(walls.owner[i]), []).append((metres, piece, i))
    return [_crossing(rows, walls, owner, ones, parcels, tree, law) for owner, ones in found.items()], without


def _beyond_street(walls: Walls, i: int, own: Any, beyond: Any, parcels: Rows, tree: Any, private: np.ndarray) -> Any:
    """What of it lies on others' land, or on public land and gaps beyond the middle."""
    hit = tree.query(beyond, predicate="intersects")
    others = shapely.union_all(parcels.shapes[hit[private[hit]]]).difference(own)
    on_public = beyond.difference(others)
    if on_public.area <= SLIVER:
        return beyond
    middle = walls.middle[i]
    ray = shapely.LineString([middle, middle + walls.normal[i] * STREET])
    along = tree.query(ray, predicate="intersects")
    built_up = shapely.union_all([own, *parcels.shapes[along[private[along]]]])
    street = [one for one in shapely.get_parts(ray.difference(built_up)) if one.length > SHALLOW]
    width = min(street, key=lambda one: one.distance(shapely.Point(middle))).length if street else 0.0
    allowed = own.buffer(width / 2, cap_style="flat", join_style="mitre")
    return shapely.union(beyond.intersection(others), on_public.difference(allowed))


def _crossing(rows: Rows, walls: Walls, owner: int, ones: list, parcels: Rows, tree: Any, law: Rules) -> Place:
    shape = shapely.union_all([piece for _, piece, _ in ones])
    metres, _, wall = max(ones, key=lambda one: one[0])
    hit = [j for j in tree.query(shape, predicate="intersects") if shape.intersection(parcels.shapes[j]).area > SLIVER]
    where = ", ".join(row_title(parcels, j, "number").de for j in hit[:4])
    told = sentence("reicht bis zu {metres} m über das eigene Grundstück hinaus, {where}, auf {size} m² ({by})",
                    "reaches up to {metres} m beyond its own plot, {where}, on {size} m² ({by})", metres=(metres, 2),
                    size=(shape.area, 1), by=f"{law.source.norm} § 6 Abs. 2",
                    where=Words(f"auf Flurstück {where}", f"onto parcel {where}") if where
                    else Words("über die Straßenmitte", "past the middle of the street"))  # fmt: skip
    uid = str(rows["uid"][owner])
    values = {"metres": metres, "size": shape.area, "tall": float(walls.tall[wall])}
    title = row_title(rows, owner, "name", "address")
    return Place(f"crossing/{uid}", "buildings", uid, title, values, told, True, shape)


def _plots(rows: Rows, parcels: Rows, owners: np.ndarray) -> tuple[dict[int, Any], int]:
    """Building -> the parcels on which it stands, as one; how many stand on none."""
    if len(parcels) == 0 or len(owners) == 0:
        return {}, len(owners)
    which, parcel = shapely.STRtree(parcels.shapes).query(rows.shapes[owners], predicate="intersects")
    pieces = shapely.area(shapely.intersection(rows.shapes[owners[which]], parcels.shapes[parcel]))
    kept = pieces > ON_PLOT * shapely.area(rows.shapes[owners[which]])
    plots: dict[int, Any] = {}
    for i, j in zip(owners[which[kept]].tolist(), parcel[kept].tolist(), strict=True):
        plots[i] = parcels.shapes[j] if i not in plots else plots[i].union(parcels.shapes[j])
    return plots, len(owners) - len(plots)


def _is_public(use: str | None) -> bool:
    return use is not None and any(word in use.lower() for word in PUBLIC)


def _extent(shapes: np.ndarray, normals: np.ndarray) -> np.ndarray:
    """(n,) metres that each shape measures along its normal."""
    points, owner = shapely.get_coordinates(shapes, return_index=True)
    along = np.einsum("ij,ij->i", points, normals[owner]) if len(points) else np.empty(0)
    least, most = np.full(len(shapes), np.inf), np.full(len(shapes), -np.inf)
    np.minimum.at(least, owner, along)
    np.maximum.at(most, owner, along)
    return np.where(np.isfinite(least), most - least, 0.0)


def _figures(kind: str, places: list[Place], law: Rules, part: str, refused: Words | None = None) -> list[Figure]:
    source = law.source._replace(paragraph=f"§ 6 {part}")
    many, most = f"{kind}s", f"{kind}_most"
    deepest = max((one.values["metres"] or 0.0 for one in places), default=0.0)
    if refused is not None and not places:
        return [Figure(name, TITLES[name], unit, None, refused=refused) for name, unit in ((many, ""), (most, "m"))]
    return [
        Figure(many, TITLES[many], "", float(len(places)), sources=(source,), estimated=refused),
        Figure(most, TITLES[most], "m", deepest, digits=2, sources=(source,), estimated=refused),
    ]


def _unknown_plots(given: Given, without: int) -> Words | None:
    if not without:
        return None
    return Words(
        f"{without} Gebäude stehen auf keinem Flurstück. Laden Sie das Kataster (ALKIS), dann wird geprüft.",
        f"{without} buildings stand on no parcel. Load the cadastre (ALKIS), then they are checked.",
    )


def _notes(given: Given, law: Rules) -> tuple[Words, ...]:
    notes = []
    if law.of_model:
        notes.append(Words(
            f"Für {given.state or 'dieses Land'} liegt kein Regelsatz vor; gerechnet ist nach der Musterbauordnung."
            " Ergänzen Sie spacing.toml.",
            f"There is no set of rules for {given.state or 'this state'}; the Musterbauordnung is used. Add to"
            " spacing.toml.",
        ))  # fmt: skip
    if law.source.out_of_date(given.day):
        notes.append(Words(
            f"{law.source.told} gilt am {given.day:%d.%m.%Y} nicht. Die geltende Fassung gehört in spacing.toml.",
            f"{law.source.told} does not hold on {given.day}. Put the edition in force into spacing.toml.",
        ))  # fmt: skip
    return tuple(notes)


INDICATOR = Indicator(
    "spacing", 30,
    Words("Abstandsflächen", "Abstandsflächen (spacing)"),
    Words("Bleibt zwischen den Häusern genug frei?", "Is enough left free between houses?"),
    Words(
        "Vor jeder Außenwand bleibt eine Fläche frei, so tief wie 0,4 H (im Gewerbe 0,2 H), mindestens 3 m. H ist"
        " die Wandhöhe vom tiefsten Geländepunkt des Gebäudes; ein Dach bis 70° zählt zu einem Drittel. Giebelwände"
        " aus LoD2 werden mit ihrer Form umgeklappt. Die Flächen liegen auf dem eigenen Grundstück, an öffentlichen"
        " Flächen bis zu deren Mitte, und überdecken sich nicht, außer bei Wänden, die in mehr als 75° zueinander"
        " stehen; das gilt auch für gegenüberliegende Wände eines Gebäudes, etwa im Hof. Wo kein Flurstück"
        " liegt, wird eine öffentliche Straße angenommen. Wände, die an ein anderes Gebäude stoßen, haben keine.",
        "Before each outer wall an area stays free, 0.4 H deep (0.2 H in commercial areas), at least 3 m. H is the"
        " height of the wall from the lowest ground of the building; a roof up to 70° counts a third. Gables of LoD2"
        " are folded down in their own shape. The areas lie on the own plot, on public land up to its middle, and do"
        " not overlap, save for walls at more than 75° to each other; walls of one building that face each"
        " other, as in a courtyard, count too. Where there is no parcel, a public street is"
        " assumed. Walls that stand against another building have none.",
    ),
    Words(
        "Kein Bauvorlagenachweis: Geländemodell statt Höhenplan, Gauben und Vorbauten fehlen, Baulasten und"
        " Satzungen (§ 6 Abs. 1 und 5) sind nicht bekannt. Gartenhöfe, die fremder Sicht entzogen sind, dürfen"
        " enger sein.",
        "No proof for a permit: the terrain model instead of a survey, dormers and projections are missing,"
        " easements and by-laws are not known. Garden courts that nobody can look into may be narrower.",
    ),
    tuple(source_of(profile) for profile in rules("spacing").values()),
    {
        "buildings": (*READS, "name", "address", "surfaces", "surface_kinds", "roof_pitch"),
        "parcels": ("number", "use"),
        "zones": ("kind", "plan_kind", "state_of_law"),
    },
    answer,
    ("overlaps", "overlap_most", "crossings", "crossing_most"),
    margin=NEIGHBOURS,
    most=MOST,
)  # fmt: skip
