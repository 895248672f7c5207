"""IFC models: each building's footprint, storeys and heights, and where it stands.

ifcopenshell is native code that reads strangers' files, so it runs in a process of its own, with a time limit.
"""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError
from shapely import affinity

from layers.codes import ROOF_TYPES
from scenarios.designs import Design, Piece
from scenarios.forms.roofs import CODES
from twin.errors import BadFile
from twin.feature import Words
from twin.projection import LONLAT, transformer

HERE = Path(__file__).parents[2]
SECONDS = 90
MOST_PARTS = 20_000  # walls, slabs and the like
SHAFT = 20.0  # m²: a smaller hole in a floor is no courtyard
BELOW = -0.5  # metres: a storey whose floor lies lower is below ground
PARTS = ("IfcWall", "IfcSlab", "IfcColumn", "IfcCurtainWall", "IfcRoof", "IfcPlate", "IfcBuildingElementProxy")
ROOFS = {
    "FLAT_ROOF": "flat",
    "SHED_ROOF": "pent",
    "GABLE_ROOF": "gable",
    "HIP_ROOF": "hip",
    "HIPPED_GABLE_ROOF": "half_hip",
    "MANSARD_ROOF": "mansard",
    "PAVILION_ROOF": "tent",
}


def read_ifc(path: Path, srid: int, near: tuple[float, float], far: float) -> Design:
    """near: the city's middle, in its metres; what lies farther than `far` from it is not placed. Raises BadFile."""
    told = _told(path)
    pieces = [_piece(one) for one in told["buildings"]]
    design = Design([piece for piece in pieces if piece is not None], placed=False)
    if told["parts"] > MOST_PARTS:
        raise BadFile(
            Words(
                f"Das Modell hat mehr als {MOST_PARTS} Bauteile. Bitte nur Wände, Decken und Dächer exportieren.",
                f"The model has more than {MOST_PARTS:,} parts. Export walls, slabs and roofs only.",
            )
        )
    place = _place(told, srid)
    if place is not None:
        (x, y), angle = place
        away = np.hypot(x - near[0], y - near[1])
        if away <= far:
            _move(design, x, y, angle)
        else:
            design.messages.append(
                Words(
                    f"Sein Ort liegt {away / 1000:.0f} km von der Stadt entfernt. Bitte auf der Karte ablegen.",
                    f"Its place is {away / 1000:,.0f} km from the city. Put it on the map.",
                )
            )
    if design.placed and told["site"] and not told["map"]:
        design.messages.append(
            Words(
                "Der Ort stammt aus Länge und Breite des Grundstücks: Bitte prüfen.",
                "Its place is from the site's longitude and latitude: check it.",
            )
        )
    return design


def _told(path: Path) -> dict[str, Any]:
    if find_spec("ifcopenshell") is None:
        raise BadFile(
            Words(
                "Für IFC fehlt ifcopenshell. Die Verwaltung installiert es mit: pip install 'twin[ifc]'.",
                "Reading IFC takes ifcopenshell. The administrator installs it by: pip install 'twin[ifc]'.",
            )
        )
    with path.open("rb") as file:
        if b"ISO-10303-21" not in file.read(1000):
            raise BadFile(
                Words(
                    "Das ist keine IFC-Datei (STEP). Bitte als IFC 2x3 oder IFC 4 exportieren, nicht als XML oder ZIP.",
                    "This is no IFC file (STEP). Export it as IFC 2x3 or IFC 4, not as XML or zipped.",
                )
            )
    command = [sys.executable, "-m", "scenarios.designs.ifc_model", str(path.resolve())]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, cwd=HERE)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise BadFile(
            Words(
                f"Das Modell ist nach {SECONDS} Sekunden nicht gelesen. Bitte nur Wände und Decken exportieren.",
                f"The model was not read within {SECONDS} seconds. Export walls and slabs only.",
            )
        ) from error
    if done.returncode:
        raise BadFile(
            Words(
                "Die IFC-Datei ist beschädigt oder abgeschnitten. Bitte noch einmal exportieren.",
                "The IFC file is damaged or cut off. Export it again.",
            )
        )
    return json.loads(done.stdout)


def _piece(told: dict[str, Any]) -> Piece | None:
    footprint = shapely.from_wkt(told["footprint"])
    if footprint.is_empty:
        return None
    roof = ROOFS.get(told["roof"] or "")
    code = CODES[roof] if roof else None
    fields: dict[str, Any] = {
        "name": told["name"],
        "storeys": told["storeys"],
        "storey_height": told["storey_height"],
        "height": told["height"],
        "roof_type": code if code in ROOF_TYPES else None,
    }
    if roof not in (None, "flat"):
        fields["eaves_height"] = round(told["storeys"] * told["storey_height"], 2)
    return Piece("buildings", footprint, {name: value for name, value in fields.items() if value is not None})


def _place(told: dict[str, Any], srid: int) -> tuple[tuple[float, float], float] | None:
    """Where the model's origin is in the city's metres, and by how many degrees its x axis is turned from east."""
    if told["map"]:
        x, y, angle, name = told["map"]
        try:
            return _turned(CRS.from_user_input(name), x, y, angle, srid)
        except CRSError:  # a name that nobody knows: most likely the city's own projection
            return (x, y), angle
    if told["site"]:
        longitude, latitude, angle = told["site"]
        return _turned(LONLAT, longitude, latitude, angle, srid)
    return None


def _turned(crs: CRS, x: float, y: float, angle: float, srid: int) -> tuple[tuple[float, float], float]:
    """North of one projection is not north of another: the meridians converge."""
    step = 1e-4 if crs.is_geographic else 10.0
    change = transformer(crs, CRS(srid))
    (x0, x1), (y0, y1) = change.transform([x, x], [y, y + step])
    return (x0, y0), angle + float(np.degrees(np.arctan2(y1 - y0, x1 - x0))) - 90


def _move(design: Design, x: float, y: float, angle: float) -> None:
    design.placed = True
    design.pieces = [
        piece._replace(shape=affinity.translate(affinity.rotate(piece.shape, angle, origin=(0, 0)), x, y))
        for piece in design.pieces
    ]
