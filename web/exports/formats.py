"""The formats in which the city is handed out, what each holds, and what it cannot."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from layers.writing.delivery import Delivery
from twin.feature import Words


class Format(NamedTuple):
    """layers: those it can hold, None for all. many: the ending for several layers, where one file holds one only.

    beside: today stands beside the scenario in it.
    """

    title: str
    for_whom: Words
    limits: Words
    ending: str
    kind: str
    writer: str
    layers: tuple[str, ...] | None = None
    many: str = ""
    beside: bool = False

    def write(self, delivery: Delivery, path: Path) -> None:
        module, _, name = self.writer.partition(":")
        write: Callable[[Delivery, Path], None] = getattr(import_module(module), name)
        write(delivery, path)

    def name_of(self, layers: int) -> str:
        """The file's ending."""
        return self.many if self.many and layers > 1 else self.ending


_W, _X = "layers.writing", "web.exports"
_ALL = Words("hält alles", "holds all")
_HOUSES = Words("nur Gebäude", "buildings only")
FORMATS = {
    "gpkg": Format("GeoPackage", Words("QGIS: mit Stilen, Wertelisten und fertigem Projekt",
                                       "QGIS: with styles, value lists and a ready project"),
                   Words("hält alles außer Wänden und Dächern", "holds all but walls and roofs"),
                   ".gpkg", "application/geopackage+sqlite3", f"{_W}.vector:geopackage"),
    "geojson": Format("GeoJSON", Words("Webkarten, Programme", "web maps, programs"),
                      Words("in Längen- und Breitengraden", "in degrees of longitude and latitude"),
                      ".geojson", "application/geo+json", f"{_W}.vector:geojson", many=".zip"),
    "fgb": Format("FlatGeobuf", Words("große Ebenen", "large layers"), _ALL, ".fgb", "application/flatgeobuf",
                  f"{_W}.vector:flatgeobuf", many=".zip"),
    "shp": Format("Shapefile", Words("ältere GIS", "older GIS"),
                  Words("Feldnamen bis 10, Texte bis 254 Zeichen; eine Art von Geometrie je Datei",
                        "names of fields up to 10, texts up to 254 letters; one kind of geometry a file"),
                  ".zip", "application/zip", f"{_W}.vector:shapefile"),
    "csv": Format("CSV", Words("Tabellen, Programme", "tables, programs"),
                  Words("Formen als WKT in Metern", "shapes as WKT in metres"),
                  ".csv", "text/csv", f"{_W}.sheets:csv_file", many=".zip"),
    "xlsx": Format("Excel (XLSX)", Words("Verwaltung", "offices"),
                   Words("statt der Form ein Punkt", "a point instead of the shape"), ".xlsx",
                   "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", f"{_W}.sheets:workbook"),
    "dxf": Format("DXF", Words("CAD", "CAD"), Words("Formen und Kennung, keine Felder", "shapes and id, no fields"),
                  ".dxf", "image/vnd.dxf", f"{_W}.dxf:dxf"),
    "citygml": Format("CityGML 2.0", Words("3D-Stadtmodelle, LoD2", "3D city models, LoD2"), _HOUSES,
                      ".gml", "application/gml+xml", f"{_W}.citygml:citygml", ("buildings",)),
    "cityjson": Format("CityJSON 2.0", Words("3D-Stadtmodelle, LoD2", "3D city models, LoD2"), _HOUSES,
                       ".city.json", "application/city+json", f"{_W}.cityjson:cityjson", ("buildings",)),
    "gltf": Format("glTF (.glb)", Words("3D-Programme, Brillen", "3D programs, headsets"), _HOUSES,
                   ".glb", "model/gltf-binary", f"{_X}.gltf:gltf", ("buildings",)),
    "html": Format("HTML", Words("eine Seite zum Mitnehmen, ohne Netz", "a page to take along, without a network"),
                   Words("bis 30.000 Objekte, Gebäude als Blöcke, ohne Gelände",
                         "up to 30,000 features, buildings as blocks, no terrain"),
                   ".html", "text/html", f"{_X}.handout:handout", beside=True),
    "gtfs": Format("GTFS", Words("Fahrplanauskunft", "journey planners"),
                   Words("nur Haltestellen, Linien und Fahrten", "stops, lines and trips only"),
                   ".zip", "application/zip", f"{_W}.gtfs:gtfs", ("stops", "lines")),
}  # fmt: skip
