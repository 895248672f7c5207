"""Hours of sun on the ground and on the roofs, on one day."""

import numpy as np
import shapely

from scenarios.counting import READS
from scenarios.indicators.figures import Answer, Figure, Grid, Indicator, sentence
from scenarios.indicators.given import Given, grown
from scenarios.shade import relief
from scenarios.shade.relief import Bounds
from scenarios.shade.scene import AROUND, CELL, LARGEST, Scene, area_bounds, hours_asked, scene_of
from twin.feature import Words

BUILT = 1.0  # metres above the ground from which a cell is a roof
EDGE, WIDE = 40.0, 1.6  # metres around the area that a picture shows; its width through its height
ENOUGH, LITTLE = 4.0, 1.5  # hours a day
DAYS = 365  # of a year
SHADES = {False: 2.0, True: 600.0}  # hours that one colour stands for, on a day and in a year
CROWNS = ("crown_summer", "crown_winter")
MOST = 40_000  # buildings
COARSE = 2.0  # metres a cell of terrain
NAMES = {
    "sun_ground": (Words("Sonne am Boden, im Mittel", "Sun on the ground, on average"), "h"),
    "sun_enough": (Words("Boden mit 4 h Sonne oder mehr", "Ground with 4 h of sun or more"), "%"),
    "sun_little": (Words("Boden mit weniger als 1,5 h Sonne", "Ground with less than 1.5 h of sun"), "%"),
    "sun_roofs": (Words("Sonne auf den Dächern, im Mittel", "Sun on the roofs, on average"), "h"),
}


def answer(given: Given) -> Answer:
    bounds = grown(picture_of(given), AROUND)
    refused = too_large(bounds)
    if refused is not None:
        return Answer([Figure(name, title, unit, None, 1, refused=refused) for name, (title, unit) in NAMES.items()])
    scene = scene_of(given, bounds)
    hours = hours_asked(given, scene)
    return Answer(_figures(given, scene, hours), grid=_grid(given, scene, hours), notes=notes(given, scene))


def picture_of(given: Given) -> Bounds:
    """The area with a little of what lies around it, as wide as a plan is."""
    west, south, east, north = area_bounds(given, EDGE)
    half = max((east - west) / 2, (north - south) / 2 * WIDE)
    x, y = (west + east) / 2, (south + north) / 2
    return x - half, y - half / WIDE, x + half, y + half / WIDE


def too_large(bounds: tuple[float, float, float, float]) -> Words | None:
    west, south, east, north = bounds
    if np.isfinite(west) and (east - west) * (north - south) <= LARGEST:
        return None
    return Words(
        f"Das Gebiet ist für die Sonne zu groß (mehr als {LARGEST / 1e6:.0f} km²) oder leer. Wählen Sie ein kleineres.",
        f"The area is too large for the sun (more than {LARGEST / 1e6:.0f} km²) or empty. Choose a smaller one.",
    )


def notes(given: Given, scene: Scene) -> tuple[Words, ...]:
    """What the terrain lacks."""
    if scene.level:
        return (Words(
            "Es ist kein Gelände geladen: gerechnet auf ebenem Grund. Laden Sie ein DGM1: twin load ORDNER.",
            "No terrain is loaded: computed on level ground. Load a terrain model of 1 m: twin load FOLDER.",
        ),)  # fmt: skip
    if given.ground_cell is not None and given.ground_cell > COARSE:
        return (Words(
            f"Das Gelände ist {given.ground_cell:g} m grob: Böschungen und Mauern fehlen. Laden Sie ein DGM1.",
            f"The terrain has cells of {given.ground_cell:g} m: banks and walls cast no shadow. Load one of 1 m.",
        ),)  # fmt: skip
    return ()


def _figures(given: Given, scene: Scene, hours: np.ndarray) -> list[Figure]:
    inside = _mask(given, scene) & np.isfinite(hours)
    built = scene.heights - scene.ground > BUILT
    ground, roofs = hours[inside & ~built], hours[inside & _roofed(given, scene)]
    days = DAYS if given.year else 1
    unknown = int((_mask(given, scene) & ~np.isfinite(hours)).sum())
    guess = Words(f"{unknown} m² ohne Gelände nicht gerechnet", f"{unknown} m² without terrain are left out")
    values = [
        float(ground.mean()) if ground.size else None,
        100 * float((ground >= ENOUGH * days).mean()) if ground.size else None,
        100 * float((ground < LITTLE * days).mean()) if ground.size else None,
        float(roofs.mean()) if roofs.size else None,
    ]
    nothing = Words("Im Gebiet gibt es davon nichts, wo Gelände bekannt ist.", "There is none where terrain is known.")
    by_hand = sentence("Mittel über {n} Felder von 1 m², {day}", "mean of {n} cells of 1 m², {day}",
                       n=(ground.size, 0), day=when(given))  # fmt: skip
    units = {name: "h/a" if unit == "h" and given.year else unit for name, (_, unit) in NAMES.items()}
    return [
        Figure(name, title, units[name], value, 1, refused=nothing if value is None else None,
               estimated=guess if unknown else None, assumed=CROWNS, by_hand=by_hand if name == "sun_ground" else None)
        for (name, (title, _)), value in zip(NAMES.items(), values, strict=True)
    ]  # fmt: skip


def when(given: Given) -> Words:
    if given.year:
        return Words("das ganze Jahr (mittlerer Tag jedes Monats)", "the whole year (mean day of each month)")
    return Words(f"am {given.sun_day:%d.%m.%Y}", f"on {given.sun_day}")


def _mask(given: Given, scene: Scene) -> np.ndarray:
    """(rows, columns) bool: cells whose middle lies in the area."""
    x, y = _middles(scene)
    if given.area is None:
        return np.ones(scene.heights.shape, bool)
    shapely.prepare(given.area)
    return shapely.intersects_xy(given.area, x[None, :], y[:, None])


def _roofed(given: Given, scene: Scene) -> np.ndarray:
    rows = given.of("buildings")
    bare = np.full(scene.ground.shape, np.float32(-1), np.float32)
    relief.raise_cells(bare, scene.bounds, scene.cell, rows.shapes, lambda x, y, i: np.ones(len(i)))
    return bare > 0


def _middles(scene: Scene) -> tuple[np.ndarray, np.ndarray]:
    rows, columns = scene.heights.shape
    return (
        scene.bounds[0] + (np.arange(columns) + 0.5) * scene.cell,
        scene.bounds[3] - (np.arange(rows) + 0.5) * scene.cell,
    )


def _grid(given: Given, scene: Scene, hours: np.ndarray) -> Grid:
    """The area with a little of what lies around it."""
    off = round(AROUND / CELL)
    west, south, east, north = scene.bounds
    cut = hours[off:-off, off:-off]
    bounds = (west + off * CELL, south + off * CELL, east - off * CELL, north - off * CELL)
    most = float(np.nanmax(cut)) if np.isfinite(cut).any() else 1.0
    return Grid(cut, bounds, scene.cell, "h/a" if given.year else "h", most, SHADES[given.year])


SUN_READS = {
    "buildings": tuple(dict.fromkeys((*READS, *relief.READS, "name", "address"))),
    "trees": relief.TREE_READS,
}
INDICATOR = Indicator(
    "sunlight", 60,
    Words("Sonne auf Boden und Dächern", "Sun on ground and roofs"),
    Words("Wie lange scheint die Sonne auf Plätze, Gärten und Dächer?", "How long does the sun shine on open ground?"),
    Words(
        "Gelände, Gebäude mit ihren Dächern aus LoD2 und Baumkronen als Raster von 1 m. Für jede zehnte Minute des"
        " Tages (Sonnenstand nach NREL, pvlib) wird vom Rand her, der zur Sonne liegt, Zeile für Zeile die Höhe des"
        " Schattens weitergetragen; ein Feld hat Sonne, wenn seine Oberfläche höher liegt. Verdeckt wird bis 160 m um"
        " das Gebiet.",
        "Terrain, buildings with their roofs of LoD2 and crowns of trees as a raster of 1 m. For every tenth minute"
        " of the day (sun by NREL, pvlib) the height of the shadow is carried row by row from the sunward edge; a"
        " cell has sun where its surface is higher. What stands up to 160 m around the area is seen.",
    ),
    Words(
        "Klarer Himmel: keine Wolken, keine Reflexion. Kronen reichen bis zum Boden und nehmen einen angenommenen"
        " Teil der Sonne. Gebäude ohne LoD2 sind Quader bis zur Mitte zwischen Traufe und First."
        " Schattenkanten liegen auf ein Feld genau.",
        "Clear sky: no clouds, no reflection. Crowns reach down to the ground and take an assumed share of the sun."
        " Buildings without LoD2 are boxes to the middle between eaves and ridge. Edges of shadows are exact to one"
        " cell.",
    ),
    (),
    SUN_READS,
    answer,
    ("sun_ground", "sun_enough", "sun_roofs"),
    margin=AROUND,
    slow=True,
    most=MOST,
)  # fmt: skip
