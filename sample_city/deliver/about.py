"""Which town this is, and what its folders hold."""

from pathlib import Path

from sample_city.names import STATE, TOWN
from sample_city.town import LATITUDE, LONGITUDE, SRID, Town

CONFIG = f"""[city]
name = {TOWN}
srid = {SRID}
centre = {LONGITUDE}, {LATITUDE}
state = {STATE}
"""
README = """{town}: eine erfundene Stadt
{line}
Diese Stadt gibt es nicht. Ihr Gelände, ihre Häuser, ihre Straßen, ihre Menschen und alle Zahlen sind erzeugt (Startwert
{seed}, {buildings} Gebäude). Namen von Straßen und Orten sind erfunden oder Allerweltsnamen; Ähnlichkeiten mit
wirklichen Orten sind Zufall. Lizenz: CC0 1.0 (gemeinfrei).

city.cfg                 Name, Projektion (EPSG:{srid}) und Mitte der Stadt
lod2/                    3D-Gebäudemodell LoD2, CityGML 1.0 nach AdV-Profil, Kacheln von 1 km
dgm/                     Digitales Geländemodell, GeoTIFF, Höhen in Metern über NHN (DHHN2016)
alkis/flurstuecke.gpkg   Flurstücke
strassen.gpkg            Straßen, Wege und Bahnstrecke als Achsen
bodenbedeckung.gpkg      Bodenbedeckung mit Versiegelungsgrad, und die Gewässer
bloecke.gpkg             Baublöcke mit Einwohnern nach Alter und mit Wohnungen
bplan/                   Zwei Bebauungspläne und der Flächennutzungsplan, XPlanGML 6.1
gtfs/                    Fahrplan von Stadtbus, Regionalbus und Bahn, GTFS
leerstand/               Leerstandskataster, Excel
einrichtungen.geojson    Einrichtungen der Daseinsvorsorge
baumkataster.csv         Bäume an Straßen, in Parks und Gärten
zuckerfabrik.twin        Drei Entwürfe für die alte Fabrik: twin plan zuckerfabrik.twin --into STADT
"""


def write(town: Town, folder: Path):
    (folder / "city.cfg").write_text(CONFIG, "utf-8")
    text = README.format(town=TOWN, line="=" * (len(TOWN) + 23), seed=town.seed, buildings=len(town.houses), srid=SRID)
    (folder / "LIESMICH.txt").write_text(text, "utf-8")
