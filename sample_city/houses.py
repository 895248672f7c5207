"""A house: its parts with their roofs, and what is known of it."""

import math
from dataclasses import dataclass

from sample_city.plots import Plot, Point

FLAT, MONOPITCH, GABLE, HIP, HALF_HIP, MANSARD, TENT, CONE, DOME, SHED, ARCH, TOWER = (
    "1000",
    "2100",
    "3100",
    "3200",
    "3300",
    "3400",
    "3500",
    "3600",
    "3700",
    "3800",
    "3900",
    "4000",
)


@dataclass(slots=True)
class Part:
    """Walls and one roof. ring: front left, front right, back right, back left; front and back are parallel.

    eaves, ridge: metres above the house's base. leans: the sides (0 front, 1 right, 2 back, 3 left) that are shared
    with another part of the same house.
    """

    ring: list[Point]
    roof: str
    eaves: float
    ridge: float
    leans: tuple[int, ...] = ()


@dataclass(slots=True)
class House:
    parts: list[Part]
    function: str  # ALKIS: of buildings without "31001_"
    storeys: int
    year: int
    quarter: str
    block: int
    plot: int | None = None
    front: Point | None = None  # where its door opens to the street; none: it has no address
    name: str | None = None
    dwellings: int = 0
    empty: int = 0  # of its dwellings
    vacant: str | None = None  # "building", "shop", "hall": what stands empty in it
    # Filled in when the town stands:
    uid: str = ""
    base: float = 0.0
    street: str | None = None
    number: str | None = None

    @property
    def height(self) -> float:
        return max(part.ridge for part in self.parts)

    @property
    def address(self) -> str | None:
        return f"{self.street} {self.number}" if self.street else None


def pitched(ring: list[Point], roof: str, eaves: float, pitch: float, leans: tuple[int, ...] = ()) -> Part:
    """A part whose roof has the pitch (degrees): its ridge is half as far in as the part is deep."""
    depth = math.hypot(ring[3][0] - ring[0][0], ring[3][1] - ring[0][1])
    run = depth if roof == MONOPITCH else depth / 2
    if roof == MANSARD:
        rise = 0.78 * run  # a steep lower and a gentle upper slope
    elif roof == FLAT:
        rise = 0.0
    else:
        rise = run * math.tan(math.radians(pitch))
    return Part(ring, roof, round(eaves, 2), round(eaves + rise, 2), leans)


def on_corner(plot: Plot, depth: float, roof: str, eaves: float, pitch: float) -> list[Part]:
    """Two wings that meet in a mitre at the street corner."""
    assert plot.corner is not None
    return [
        pitched(plot.quad(0, depth), roof, eaves, pitch, (1,)),
        pitched(plot.corner.quad(0, depth), roof, eaves, pitch, (3,)),
    ]


def box(x: float, y: float, width: float, depth: float, angle: float = 0.0) -> list[Point]:
    """A rectangle around its middle, turned by so many degrees; the front is its lower long side."""
    c, s = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    return [
        (x + u * c - v * s, y + u * s + v * c)
        for u, v in ((-width / 2, -depth / 2), (width / 2, -depth / 2), (width / 2, depth / 2), (-width / 2, depth / 2))
    ]


def circle(x: float, y: float, radius: float, sides: int = 16) -> list[Point]:
    turns = [2 * math.pi * k / sides for k in range(sides)]
    return [(x + radius * math.cos(turn), y + radius * math.sin(turn)) for turn in turns]
