"""A made-up town of central Germany, grown from a seed and delivered in the formats of real offices."""

from collections.abc import Callable
from pathlib import Path

from sample_city import town
from sample_city.deliver import about, ground, lod2, plans, project, registers, timetable, vectors


def generate(folder: Path, buildings: int, seed: int, tell: Callable[[str], None] | None = None) -> None:
    """Writes the town into the folder.

    The same seed and number of buildings give the same files. tell: is told what is being done, in a sentence.
    """
    say = tell or (lambda text: None)
    folder.mkdir(parents=True, exist_ok=True)
    say(f"Growing a town of {buildings:,} buildings")
    grown = town.grow(buildings, seed, say)
    for what, write in DELIVERIES.items():
        say(f"Writing {what}")
        write(grown, folder)


DELIVERIES: dict[str, Callable[[town.Town, Path], None]] = {
    "buildings (LoD2)": lambda grown, folder: lod2.write(grown, folder / "lod2"),
    "terrain": lambda grown, folder: ground.write(grown, folder / "dgm"),
    "parcels": lambda grown, folder: vectors.write_parcels(grown, folder / "alkis"),
    "streets": vectors.write_streets,
    "land cover and water": vectors.write_land,
    "blocks": vectors.write_blocks,
    "plans": lambda grown, folder: plans.write(grown, folder / "bplan"),
    "timetable": lambda grown, folder: timetable.write(grown, folder / "gtfs"),
    "vacancies": lambda grown, folder: registers.write_vacancies(grown, folder / "leerstand"),
    "trees": registers.write_trees,
    "facilities": registers.write_facilities,
    "designs for the closed factory": project.write,
    "what the folders hold": about.write,
}
