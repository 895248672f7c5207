"""What the town thinks of doing with its closed factory: a project with three designs, for `twin plan`."""

import json
from pathlib import Path

import shapely
from shapely import affinity

from sample_city.designs import KEPT, designs
from sample_city.town import EAST, NORTH, Town
from sample_city.walk import walk

FILE = "zuckerfabrik.twin"
BRIEF = (
    "Seit 1991 steht die Zuckerfabrik leer. Drei Entwürfe zeigen, was aus ihr werden kann. Siedehaus, Wasserturm,"
    " Schornstein und Verwaltung stehen unter Denkmalschutz und bleiben."
)


def write(town: Town, folder: Path) -> None:
    """Nothing where the town is too small to have its factory."""
    found = [block for block in town.blocks if block.quarter == "factory"]
    if not found:
        return
    [factory] = found
    area = affinity.translate(factory.shape, EAST, NORTH)
    kept = [shapely.union_all([shapely.Polygon(part.ring) for part in h.parts]) for h in town.houses if h.name in KEPT]
    outlines = [affinity.translate(outline, EAST, NORTH) for outline in kept]
    futures, story = designs(area, outlines, town.seed), walk(area, outlines)
    told = {"project": "Alte Zuckerfabrik", "brief": BRIEF, "designs": futures, "story": story}
    (folder / FILE).write_text(json.dumps(told, ensure_ascii=False, indent=1), "utf-8")
