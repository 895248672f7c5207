"""Walls and roofs of a part as closed polygons: what the survey office calls LoD2."""

from sample_city.houses import ARCH, CONE, DOME, FLAT, HALF_HIP, HIP, MANSARD, MONOPITCH, SHED, TENT, TOWER, Part

Point3 = tuple[float, float, float]
Surface = tuple[str, list[Point3]]  # G ground, W wall, R roof, C closure; the ring is not closed

ARCH_STEPS = 8


def surfaces(part: Part, base: float) -> list[Surface]:
    """All faces of the part, seen from outside, none left open."""
    ground = ("G", [(x, y, base) for x, y in reversed(part.ring)])
    if part.roof in (TENT, CONE, TOWER, DOME):
        shell = _pointed(part, base)
    elif part.roof in (HIP, HALF_HIP):
        shell = _hipped(part, base)
    elif part.roof == FLAT:
        shell = _flat(part, base)
    else:
        shell = _drawn_along(part, base, _profile(part))
    return [ground, *shell]


def _flat(part: Part, base: float) -> list[Surface]:
    top = base + part.eaves
    walls = [_wall(part, side, base, [top, top]) for side in range(len(part.ring))]
    return [*walls, ("R", [(x, y, top) for x, y in part.ring])]


def _wall(part: Part, side: int, base: float, tops: list[float]) -> Surface:
    (x0, y0), (x1, y1) = part.ring[side], part.ring[(side + 1) % len(part.ring)]
    kind = "C" if side in part.leans else "W"
    return kind, [(x0, y0, base), (x1, y1, base), (x1, y1, tops[1]), (x0, y0, tops[0])]


def _pointed(part: Part, base: float) -> list[Surface]:
    count = len(part.ring)
    top = base + part.eaves
    middle = (sum(x for x, _ in part.ring) / count, sum(y for _, y in part.ring) / count, base + part.ridge)
    faces = [_wall(part, side, base, [top, top]) for side in range(count)]
    for side in range(count):
        (x0, y0), (x1, y1) = part.ring[side], part.ring[(side + 1) % count]
        faces.append(("R", [(x0, y0, top), (x1, y1, top), middle]))
    return faces


def _hipped(part: Part, base: float) -> list[Surface]:
    """Hips on both ends: from the eaves (hip), or from half way up the gable (half-hip)."""
    a, b, c, d = part.ring
    top, ridge = base + part.eaves, base + part.ridge
    up = 0.55 if part.roof == HALF_HIP else 0.0
    inset = min((1 - up) * 0.5 * _distance(a, d) / max(_distance(a, b), 0.1), 0.48)
    left, right = _between(a, d, 0.5), _between(b, c, 0.5)
    ridge_left = (*_between(left, right, inset), ridge)
    ridge_right = (*_between(left, right, 1 - inset), ridge)
    level = top + up * (ridge - top)
    front_right, back_right = (*_between(b, right, up), level), (*_between(c, right, up), level)
    front_left, back_left = (*_between(a, left, up), level), (*_between(d, left, up), level)
    a3, b3, c3, d3 = ((*point, top) for point in (a, b, c, d))
    front = _clean([a3, b3, front_right, ridge_right, ridge_left, front_left])
    back = _clean([c3, d3, back_left, ridge_left, ridge_right, back_right])
    return [
        _wall(part, 0, base, [top, top]),
        ("W", _clean([(*b, base), (*c, base), c3, back_right, front_right, b3])),
        _wall(part, 2, base, [top, top]),
        ("W", _clean([(*d, base), (*a, base), a3, front_left, back_left, d3])),
        ("R", front),
        ("R", [front_right, back_right, ridge_right]),
        ("R", back),
        ("R", [back_left, front_left, ridge_left]),
    ]


def _clean(ring: list[Point3]) -> list[Point3]:
    return [point for i, point in enumerate(ring) if point != ring[i - 1]]


def _profile(part: Part) -> list[tuple[float, float]]:
    """The roof's section from front to back: (share of the depth, metres above the base)."""
    low, high = part.eaves, part.ridge
    if part.roof == MONOPITCH:
        return [(0, low), (1, high)]
    if part.roof == MANSARD:
        knee = low + 0.7 * (high - low)
        return [(0, low), (0.17, knee), (0.5, high), (0.83, knee), (1, low)]
    if part.roof == SHED:
        return _saw_teeth(part)
    if part.roof == ARCH:
        shares = [k / ARCH_STEPS for k in range(ARCH_STEPS + 1)]
        return [(share, low + (high - low) * (1 - (2 * share - 1) ** 2)) for share in shares]
    return [(0, low), (0.5, high), (1, low)]


def _saw_teeth(part: Part) -> list[tuple[float, float]]:
    teeth = max(2, round(_distance(part.ring[0], part.ring[3]) / 8))
    section = []
    for tooth in range(teeth):
        section += [(tooth / teeth, part.eaves), ((tooth + 1) / teeth, part.ridge)]
    return section


def _drawn_along(part: Part, base: float, section: list[tuple[float, float]]) -> list[Surface]:
    """A section drawn from the left side to the right side; where it rises upright there is a wall."""
    a, b, c, d = part.ring
    left = [(*_between(a, d, share), base + up) for share, up in section]
    right = [(*_between(b, c, share), base + up) for share, up in section]
    faces = [
        _wall(part, 0, base, [left[0][2], right[0][2]]),
        ("C" if 1 in part.leans else "W", [(*b, base), (*c, base), *reversed(right)]),
        _wall(part, 2, base, [right[-1][2], left[-1][2]]),
        ("C" if 3 in part.leans else "W", [(*d, base), (*a, base), *left]),
    ]
    for k in range(len(section) - 1):
        upright = section[k][0] == section[k + 1][0]
        faces.append(("W" if upright else "R", [left[k], right[k], right[k + 1], left[k + 1]]))
    return faces


def _between(a, b, share):
    if share in (0, 1):
        return b if share else a
    return (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share)


def _distance(a, b) -> float:
    return ((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2) ** 0.5
