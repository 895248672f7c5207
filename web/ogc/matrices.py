"""How the plane is cut into tiles: the web's matrix, and that of the German surveyors (AdV) in metres."""

from dataclasses import dataclass
from typing import Any

from scenarios.rows import Bounds
from web import ogc_words
from web.edit_words import filled
from web.errors import BadQuestion

PIXEL = 0.00028  # metres of the standard's screen
TILE = 256  # pixels
WORLD = 20_037_508.342789244  # metres from the middle to the edge of the web's plane


@dataclass(frozen=True)
class MatrixSet:
    """origin: the upper left corner; widest: metres across the one tile of level 0."""

    id: str
    title: str
    epsg: int
    origin: tuple[float, float]
    widest: float
    levels: int
    well_known: str | None = None

    def bounds(self, level: int, row: int, column: int) -> Bounds:
        """In the set's metres. Raises BadQuestion for a tile that does not exist."""
        if not 0 <= level < self.levels:
            raise BadQuestion(filled(ogc_words.NO_LEVEL, least=0, most=self.levels - 1))
        if not (row < 2**level and column < 2**level):
            raise BadQuestion(filled(ogc_words.NO_TILE, z=level, most=2**level - 1))
        side = self.widest / 2**level
        west, north = self.origin[0] + column * side, self.origin[1] - row * side
        return west, north - side, west + side, north

    def told(self) -> dict[str, Any]:
        """As OGC 17-083r4 writes it."""
        matrices = [
            {
                "id": str(level), "scaleDenominator": self.widest / 2**level / TILE / PIXEL,
                "cellSize": self.widest / 2**level / TILE, "cornerOfOrigin": "topLeft",
                "pointOfOrigin": list(self.origin), "tileWidth": TILE, "tileHeight": TILE,
                "matrixWidth": 2**level, "matrixHeight": 2**level,
            }
            for level in range(self.levels)
        ]  # fmt: skip
        crs = f"http://www.opengis.net/def/crs/EPSG/0/{self.epsg}"
        uri = {"uri": self.well_known} if self.well_known else {}
        return {
            "id": self.id,
            "title": self.title,
            **uri,
            "crs": crs,
            "orderedAxes": ["E", "N"],
            "tileMatrices": matrices,
        }


WEB = MatrixSet(
    "WebMercatorQuad", "Google Maps Compatible for the World", 3857, (-WORLD, WORLD), 2 * WORLD, 23,
    "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad",
)  # fmt: skip
# AdV, WMTS profile: of both zones the corner and the cells of basemap.de, 4891.96981025128 m at level 0.
ADV = {
    25832: ("DE_EPSG_25832_ADV", (-46_133.17, 6_301_219.54)),
    25833: ("DE_EPSG_25833_ADV", (-464_849.38, 6_310_160.14)),
}
ADV_CELL = 4891.96981025128
ADV_LEVELS = 17


def matrix_sets(srid: int) -> dict[str, MatrixSet]:
    """Of a city in that projection."""
    found = [WEB]
    if srid in ADV:
        name, corner = ADV[srid]
        title = f"AdV, ETRS89 / UTM (EPSG:{srid})"
        found.append(MatrixSet(name, title, srid, corner, ADV_CELL * TILE, ADV_LEVELS))
    return {one.id: one for one in found}
