"""Land that coheres: touching parcels that together reach a size, with what stands in the way of building there."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import shapely
from scipy import sparse
from scipy.sparse import csgraph

from layers.codes import ZONE_KINDS
from scenarios.indicators.figures import sentence
from scenarios.rows import Rows
from scenarios.rules import rules
from twin.feature import Words

TOUCHING = 0.5  # metres between parcels whose outlines were not drawn quite together
ROADS = ("motorway", "trunk", "primary", "secondary")
NOT_BUILT_ON = ("green", "traffic", "public", "farm", "forest", "water")  # kinds of zone
STEEP = 8.0  # per cent from which a slope stands in the way of a hall
NARROW = 0.35  # of a circle's compactness: a strip is no site
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Wanted:
    """What is looked for. Empty or None: it does not matter. built: the share of a parcel that may be built over.

    away: metres, at most, to a main road and to rail. outside: shapes that no parcel may touch, such as flood zones.
    """

    hectares: float = 2.0
    zones: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    slope: float | None = None
    built: float = 0.1
    road: float | None = None
    rail: float | None = None
    outside: dict[str, np.ndarray] = field(default_factory=dict)  # layer's title -> shapes


class Around(NamedTuple):
    """The planned rows that the search reads, and the slope of each parcel in per cent, NaN where unknown."""

    parcels: Rows
    zones: Rows
    buildings: Rows
    streets: Rows
    slopes: np.ndarray


class Site(NamedTuple):
    """Parcels that touch. obstacles: what stands in the way, the gravest first; rank: the less, the better."""

    uids: list[str]
    shape: Any
    hectares: float
    parcels: int
    owners: dict[str, float]  # kind -> hectares
    zones: list[str]
    built: float  # share
    slope: float | None
    road: float | None
    rail: float | None
    obstacles: list[Words]
    rank: float


def search(around: Around, wanted: Wanted) -> list[Site]:
    """Best first: the least in the way, then the largest. Nothing where no parcels reach the size together."""
    parcels = around.parcels
    fitting = _fitting(around, wanted)
    chosen = np.flatnonzero(fitting)
    if len(chosen) == 0:
        return []
    part = _together(parcels.shapes[chosen])
    size = np.bincount(part, shapely.area(parcels.shapes[chosen]))
    found = [_site(around, wanted, chosen[part == i]) for i in np.flatnonzero(size >= wanted.hectares * 1e4)]
    return sorted(found, key=lambda site: (site.rank, -site.hectares))


def _fitting(around: Around, wanted: Wanted) -> np.ndarray:
    """(n,) bool: parcels that may be part of a site."""
    parcels = around.parcels
    fitting = ~is_traffic(parcels) & (shares_built(parcels, around.buildings) <= wanted.built)
    if wanted.zones:
        fitting &= np.isin(zone_kinds(parcels, around.zones).astype(str), wanted.zones)
    if wanted.owners:
        fitting &= np.isin([owner or UNKNOWN for owner in parcels["owner_kind"]], wanted.owners)
    if wanted.slope is not None:
        with np.errstate(invalid="ignore"):
            fitting &= ~(around.slopes > wanted.slope)
    for shapes in wanted.outside.values():
        fitting[np.unique(shapely.STRtree(shapes).query(parcels.shapes, predicate="intersects")[0])] = False
    for most, kinds in ((wanted.road, ROADS), (wanted.rail, ("rail",))):
        if most is not None:
            fitting &= distances(parcels.shapes, around.streets, kinds) <= most
    return fitting


def is_traffic(parcels: Rows) -> np.ndarray:
    """(n,) bool: streets, ways, rail and water by the cadastre's word for their use."""
    words = rules("land")["traffic"]["uses"]
    return np.array([any(word in (use or "").lower() for word in words) for use in parcels["use"]], bool)


def shares_built(parcels: Rows, buildings: Rows) -> np.ndarray:
    """(n,) share of each parcel that is built over."""
    built = np.zeros(len(parcels))
    if len(buildings) and len(parcels):
        which, building = shapely.STRtree(buildings.shapes).query(parcels.shapes, predicate="intersects")
        over = shapely.intersection(
            shapely.make_valid(parcels.shapes[which]), shapely.make_valid(buildings.shapes[building])
        )
        np.add.at(built, which, shapely.area(over))
    return np.minimum(built / np.maximum(shapely.area(parcels.shapes), 1e-9), 1.0)


def zone_kinds(parcels: Rows, zones: Rows) -> np.ndarray:
    """(n,) kind of the zone around each parcel's middle; of several the smallest, None where there is none."""
    found = np.full(len(parcels), None, object)
    if len(zones) and len(parcels):
        which, zone = shapely.STRtree(zones.shapes).query(shapely.point_on_surface(parcels.shapes), predicate="within")
        for i in np.argsort(-shapely.area(zones.shapes[zone]), kind="stable"):
            found[which[i]] = zones["kind"][zone[i]]
    return found


def distances(shapes: np.ndarray, streets: Rows, kinds: tuple[str, ...]) -> np.ndarray:
    """(n,) metres to the nearest street of these kinds, infinite where there is none."""
    found = np.full(len(shapes), np.inf)
    mine = streets.shapes[np.isin(streets["kind"].astype(str), kinds)]
    if len(mine) and len(shapes):
        (which, _), away = shapely.STRtree(mine).query_nearest(shapes, return_distance=True, all_matches=False)
        found[which] = away
    return found


def _together(shapes: np.ndarray) -> np.ndarray:
    """(n,) the number of the site that each parcel belongs to."""
    one, other = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=TOUCHING)
    net = sparse.coo_matrix((np.ones(len(one)), (one, other)), shape=(len(shapes), len(shapes)))
    return csgraph.connected_components(net, directed=False)[1]


def _site(around: Around, wanted: Wanted, mine: np.ndarray) -> Site:
    parcels = around.parcels.where(mine)
    area = shapely.area(parcels.shapes)
    whole = shapely.union_all(shapely.buffer(parcels.shapes, TOUCHING / 2)).buffer(-TOUCHING / 2)
    owners: dict[str, float] = {}
    for owner, size in zip(parcels["owner_kind"], area, strict=True):
        owners[owner or UNKNOWN] = owners.get(owner or UNKNOWN, 0.0) + float(size) / 1e4
    kinds = sorted({kind for kind in zone_kinds(parcels, around.zones) if kind})
    built = float((shares_built(parcels, around.buildings) * area).sum() / area.sum())
    slopes = around.slopes[mine]
    slope = float(np.nanmax(slopes)) if np.isfinite(slopes).any() else None
    road, rail = (float(distances(np.array([whole]), around.streets, kinds)[0]) for kinds in (ROADS, ("rail",)))
    site = Site(
        [str(uid) for uid in parcels["uid"]], whole, float(area.sum()) / 1e4, len(parcels),
        dict(sorted(owners.items(), key=lambda one: -one[1])), kinds, built, slope, _known(road), _known(rail), [], 0.0,
    )  # fmt: skip
    told = _obstacles(site, whole)
    return site._replace(obstacles=[words for _, words in told], rank=sum(weight for weight, _ in told))


def _known(metres: float) -> float | None:
    return metres if np.isfinite(metres) else None


def _obstacles(site: Site, whole: Any) -> list[tuple[float, Words]]:
    """(weight, sentence), the gravest first."""
    told: list[tuple[float, Words]] = []
    if not site.zones:
        told.append(
            (3.0, Words("kein Bebauungsplan bekannt: Baurecht klären", "no plan known: clear up building rights"))
        )
    elif unbuilt := [kind for kind in site.zones if kind in NOT_BUILT_ON]:
        de, en = (", ".join(getattr(ZONE_KINDS[kind], tongue) for kind in unbuilt) for tongue in ("de", "en"))
        told.append((4.0, Words(f"im Plan {de}: Baurecht fehlt", f"in the plan {en}: no building rights")))
    elif len(site.zones) > 1:
        listed = ", ".join(site.zones)
        told.append((1.0, Words(f"mehrere Gebietsarten: {listed}", f"several kinds of zone: {listed}")))
    foreign = sum(size for owner, size in site.owners.items() if owner not in ("town", "public"))
    if foreign > 0.01:
        share = foreign / site.hectares
        told.append((3.0 * share, sentence("{ha} ha in privater oder unbekannter Hand",
                                           "{ha} ha in private or unknown hands", ha=(foreign, 2))))  # fmt: skip
    if site.built > 0.005:
        told.append((2.0 + 10 * site.built, sentence("{percent} % überbaut", "{percent} % built over",
                                                     percent=(100 * site.built, 1))))  # fmt: skip
    if site.slope is not None and site.slope > STEEP:
        told.append((2.0, sentence("bis {slope} % steil", "up to {slope} % steep", slope=(site.slope, 0))))
    if site.slope is None:
        told.append((0.5, Words("Neigung unbekannt: kein Gelände geladen", "slope unknown: no terrain loaded")))
    if 4 * np.pi * whole.area / max(whole.length, 1e-9) ** 2 < NARROW:
        told.append((1.5, Words("schmal oder verwinkelt", "narrow or full of corners")))
    if site.parcels > 10:
        told.append((1.0, sentence("{n} Flurstücke zu ordnen", "{n} parcels to be put in order", n=(site.parcels, 0))))
    if site.road is None or site.road > 1000:
        told.append((1.5, Words("mehr als 1 km zur Hauptstraße", "more than 1 km to a main road")))
    return sorted(told, key=lambda pair: -pair[0])
