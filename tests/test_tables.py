import datetime as dt
import gzip
import zipfile

import openpyxl
import pytest
import shapely
from shapely.geometry import box
from sqlalchemy.orm import Session

from layers.blocks import Block
from layers.buildings import Building
from layers.parcels import Parcel
from layers.reading import tables
from layers.reading.batch import Wanted
from layers.reading.load import Asked, load
from twin.city import City
from twin.errors import BadFile
from twin.store import create_store, open_store

ZEITZ = (12.14, 51.05)


def written(folder, text, name="register.csv", encoding="utf-8"):
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def workbook(folder, sheets, name="Leerstand.xlsx"):
    """sheets: title -> rows."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    path = folder / name
    book.save(path)
    return path


def read(path, near=ZEITZ, **wanted):
    """The one batch of a file."""
    batches = list(tables.read(path, Wanted(near=near, **wanted)))
    assert len(batches) == 1
    return batches[0]


def places(batch):
    return [(round(shape.x, 1), round(shape.y, 1)) for shape in batch.shapes]


TREES = """Baum-Nr.;Gattung;Art;Stammumfang (cm);Kronendurchmesser;Höhe;Pflanzjahr;Straße;Rechtswert;Hochwert
1;Tilia;cordata;125,5;8,5;14;um 1950;Schloßstraße;719 573,25;5.660.077,5
2;Acer;Acer campestre;80;ca. 5 m;9,0 m;1988;Schloßstraße;719600,25;5660080,5
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_a_tree_register_is_read_in_each_encoding_and_with_each_delimiter(tmp_path, encoding, delimiter):
    batch = read(written(tmp_path, TREES.replace(";", delimiter), "Baumkataster 2024.csv", encoding))
    assert (batch.layer, batch.crs.to_epsg(), batch.uids) == ("trees", 25832, ["1", "2"])
    assert batch.fields == {
        "species": ["Tilia cordata", "Acer campestre"],
        "height": [14.0, 9.0],
        "crown": [8.5, 5.0],
        "trunk": [125.5, 80.0],
        "year": [1950, 1988],
        "place": ["Schloßstraße", "Schloßstraße"],
    }
    assert batch.estimated == ["year: from “um 1950”", None]
    assert places(batch) == [(719573.2, 5660077.5), (719600.2, 5660080.5)]


def test_english_numbers_and_degrees_are_read(tmp_path):
    rows = 'tree_id,species,height,trunk diameter (cm),lon,lat\n7,Oak,"1,204.5",100,12.1401,51.0502\n'
    rows += "8,Elm,3.25,,12.1402,51.0503\n"
    batch = read(written(tmp_path, rows, "trees.csv"))
    assert batch.fields["height"] == [1204.5, 3.25]
    assert batch.fields["trunk"] == [314.2, None]
    assert (batch.shapes[0].x, batch.shapes[0].y) == (12.1401, 51.0502)


VACANCIES = [
    ["Leerstandskataster der Stadt Zeitz"],
    [],
    ["Nr.", "Objektart", "Straße", "Haus-Nr.", "leer seit", "Fläche", "Zustand", "Eigentümer", "Telefon",
     "letzte Nutzung", "Kaufpreis", "Bemerkung", "X", "Y"],
    [1, "Wohnhaus ", "Rahnestraße", "12 a", dt.datetime(2015, 3, 1), "180 m²", "schlecht", "Müller, Erna",
     "03441 123456", "Wohnen", "25 T€", "Frau Müller, Tel. 0049 3441 99887, erna@example.org", 719573, 5660077],
    [2, "Ladenlokal", "Wendische Str.", 5, "03/2019", 95, "befriedigend", "Stadt Zeitz", None, "Bäckerei", "1.250,50 €",
     None, 719600, 5660080],
    [3, "Halle", "Auestr.", 7, "2018", "0,5 ha", "gut", "WBG Zeitz GmbH", None, "Lager", "-", "k.A.", 719700, 5660090],
]  # fmt: skip


def test_a_vacancy_register_is_read_and_no_name_of_a_person_is_kept(tmp_path):
    batch = read(workbook(tmp_path, {"Leerstand ": VACANCIES}))
    assert batch.layer == "vacancies"
    fields = batch.fields
    assert fields["kind"] == ["building", "shop", "hall"]
    assert fields["address"] == ["Rahnestraße 12 a", "Wendische Str. 5", "Auestr. 7"]
    assert fields["since"] == [dt.date(2015, 3, 1), dt.date(2019, 3, 1), dt.date(2018, 1, 1)]
    assert fields["area"] == [180.0, 95.0, 5000.0]
    assert fields["condition"] == ["poor", "fair", "good"]
    assert fields["owner_kind"] == [None, "town", "housing"]
    assert fields["use"] == ["residential", "trade", "storage"]
    assert fields["price"] == [25_000.0, 1250.5, None]
    assert batch.estimated == [None, "since: from the month", "since: from the year"]
    assert not any(word in repr((fields, batch.uids)) for word in ("Müller", "Erna", "erna", "123456", "99887"))
    assert any("Telefon" in note and "never stored" in note for note in batch.notes)
    assert fields["remark"] == ["…, …, …", None, None]
    assert batch.where[0] == "sheet Leerstand, line 4"


def test_what_cannot_be_understood_stays_empty_and_is_told_with_its_line(tmp_path):
    rows = "Leer seit;Fläche;Zustand;Rechtswert;Hochwert\nirgendwann;groß;himmelblau;719573;5660077\n"
    rows += "2001;8;gut;719573;5660077\n"
    batch = read(written(tmp_path, rows, "Leerstand.csv"))
    assert [batch.fields[name][0] for name in ("since", "area", "condition")] == [None, None, None]
    for words in ("irgendwann", "groß", "himmelblau"):
        assert any(words in note and "line 2" in note for note in batch.notes)


def test_columns_without_a_field_are_named_in_the_report(tmp_path):
    rows = "Baumart;Kronendurchmesser;Giessgang;Rechtswert;Hochwert\nLinde;8;dienstags;719573;5660077\n"
    assert any("Giessgang" in note for note in read(written(tmp_path, rows)).notes)


def test_a_length_is_no_longitude(tmp_path):
    rows = "Baumart;Stammumfang;Länge;Breite;Rechtswert;Hochwert\nLinde;80;3,5;2,0;719573;5660077\n"
    assert places(read(written(tmp_path, rows))) == [(719573.0, 5660077.0)]
    rows = "Baumart;Stammumfang;Länge;Breite\nLinde;80;12,141;51,052\n"
    assert [shape.coords[0] for shape in read(written(tmp_path, rows)).shapes] == [(12.141, 51.052)]


def test_a_packed_register_is_read_as_it_is(tmp_path):
    path = tmp_path / "Baumkataster.csv.gz"
    path.write_bytes(gzip.compress(TREES.encode()))
    assert tables.recognises(path, TREES.encode())
    assert read(path).uids == ["1", "2"]


@pytest.mark.parametrize("words", ["51.052, 12.141", "51,052 12,141", "51.052;12.141", "(51.052 12.141)"])
def test_coordinates_may_stand_in_one_column(tmp_path, words):
    rows = f'Baumart|Stammumfang|Koordinaten\nLinde|80|"{words}"\n'
    assert [shape.coords[0] for shape in read(written(tmp_path, rows)).shapes] == [(12.141, 51.052)]


def test_shapes_may_be_well_known_text(tmp_path):
    outline = "POLYGON ((719500 5660000, 719600 5660000, 719600 5660100, 719500 5660000))"
    rows = f"Blocknummer;Einwohner;Haushalte;WKT\n0007;12;5;{outline}\n"
    batch = read(written(tmp_path, rows))
    assert (batch.layer, batch.crs.to_epsg(), batch.shapes[0].area) == ("blocks", 25832, 5000.0)
    assert batch.fields["number"] == ["0007"]


def test_one_row_with_east_and_north_swapped_is_left_out(tmp_path):
    rows = "Baumart;Stammumfang;Rechtswert;Hochwert\n" + "".join(f"Linde;80;{719573 + i};5660077\n" for i in range(9))
    batch = read(written(tmp_path, rows + "Ulme;90;5660077;719580\n"))
    assert len(batch) == 9
    assert [(left.where, "swapped" in left.reason) for left in batch.left_out] == [("line 11", True)]


@pytest.mark.parametrize("rows", ["51.05,12.14\n51.06,12.15\n", "5660077,719573\n5660078,719574\n"])
def test_a_file_with_all_coordinates_swapped_is_refused(tmp_path, rows):
    names = "lon,lat\n" if "." in rows else "Rechtswert,Hochwert\n"
    path = written(tmp_path, names + rows, "trees.csv")
    for near in (ZEITZ, None):
        with pytest.raises(BadFile, match="swapped"):
            list(tables.read(path, Wanted(near=near)))
        with pytest.raises(BadFile, match="swapped"):
            tables.survey(path, Wanted(near=near))


def test_a_table_that_is_no_known_layer_keeps_its_columns_with_their_types(tmp_path):
    rows = "Kennung;Anzahl;Mittel;Aktiv;Geprüft am;Code;Telefon;lon;lat\n"
    rows += "B1;3;1,5;ja;01.03.2019;007;123;12,14;51,05\n"
    rows += "B2;4;2;nein;02.03.2019;012;456;12,15;51,06\n"
    batch = read(written(tmp_path, rows, "Brunnen.csv"))
    assert (batch.layer, batch.titles[""]) == ("Brunnen", "Brunnen")
    fields = batch.fields
    assert fields["Anzahl"] == [3, 4]
    assert fields["Mittel"] == [1.5, 2.0]
    assert fields["Aktiv"] == [True, False]
    assert fields["Geprüft am"] == [dt.date(2019, 3, 1), dt.date(2019, 3, 2)]
    assert fields["Code"] == ["007", "012"]  # leading zeros count
    assert "Telefon" not in fields


def test_a_planner_may_say_which_layer_a_table_is(tmp_path):
    rows = "Name;Typ;lon;lat\nLinde am Markt;Baum;12,14;51,05\n"
    assert read(written(tmp_path, rows)).layer == "register"
    assert read(written(tmp_path, rows), layer="facilities").layer == "facilities"
    assert read(written(tmp_path, rows), layer="naturdenkmale").layer == "naturdenkmale"


def test_facilities_find_their_kind_by_their_words(tmp_path):
    rows = "Name;Art;Träger;Plätze;lon;lat\n"
    rows += "Kita Sonnenschein;Kindertagesstätte;AWO;85;12,14;51,05\n"
    rows += "Löwen-Apotheke;Apotheke;privat;;12,141;51,051\n"
    batch = read(written(tmp_path, rows, "Einrichtungen.csv"))
    assert batch.layer == "facilities"
    assert batch.fields["kind"] == ["education", "health"]
    assert batch.fields["places"] == [85, None]
    assert batch.estimated == ["kind: from the detail"] * 2


def test_a_row_with_too_many_values_is_left_out_with_its_line(tmp_path):
    rows = 'Baumart;Stammumfang;Bemerkung;lon;lat\nLinde;80;"zwei\nZeilen";12,14;51,05\n'
    rows += "Ulme;70;schief; krank;12,14;51,05\nEiche;60;;12,14;51,05\n"
    batch = read(written(tmp_path, rows))
    assert batch.fields["species"] == ["Linde", "Eiche"]
    assert [left.where for left in batch.left_out] == ["line 4"]


def test_a_table_that_says_no_place_is_told_what_it_needs(tmp_path):
    path = written(tmp_path, "Baumart;Stammumfang\nLinde;80\n")
    with pytest.raises(BadFile, match=r"Rechtswert.*Straße.*Its columns are: Baumart, Stammumfang"):
        read(path)


def test_sheets_that_are_no_register_are_passed_over_and_told(tmp_path):
    path = workbook(tmp_path, {"Deckblatt": [["Stand", "Bearbeiter"], ["2024", "Amt 61"]], "Leerstand": VACANCIES})
    batches = list(tables.read(path, Wanted(near=ZEITZ)))
    assert sum(len(batch) for batch in batches) == 3
    assert any("Deckblatt" in note for batch in batches for note in batch.notes)


def test_two_sheets_of_one_layer_do_not_share_ids(tmp_path):
    path = workbook(tmp_path, {"Nord": VACANCIES, "Süd": VACANCIES})
    uids = [uid for batch in tables.read(path, Wanted(near=ZEITZ)) for uid in batch.uids]
    assert uids == ["nord:1", "nord:2", "nord:3", "sued:1", "sued:2", "sued:3"]


def test_formulas_that_were_never_calculated_are_told(tmp_path):
    rows = [["Baumart", "Stammumfang", "lon", "lat"], ["Linde", "=40*2", 12.14, 51.05]]
    batch = read(workbook(tmp_path, {"Bäume": rows}, "Bäume.xlsx"))
    assert batch.fields["trunk"] == [None]
    assert any("1 formulas" in note for note in batch.notes)


def test_a_file_that_is_no_table_is_told(tmp_path):
    path = written(tmp_path, "nur ein Satz.\n", "trees.csv")
    assert not tables.recognises(path, path.read_bytes())
    with pytest.raises(BadFile, match="names of columns"):
        list(tables.read(path, Wanted()))
    fake = written(tmp_path, "PK this is no workbook", "trees.xlsx")
    with pytest.raises(BadFile, match="xlsx"):
        list(tables.read(fake, Wanted()))
    binary = written(tmp_path, "\x00\x01\x02", "binary.csv")
    with pytest.raises(BadFile, match="not a text file"):
        list(tables.read(binary, Wanted()))


def test_a_workbook_with_entities_or_a_bomb_in_it_is_refused(tmp_path):
    harmless = workbook(tmp_path, {"Leerstand": VACANCIES})
    for name, part in (("entity", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>'), ("bomb", b" " * (60 << 20))):
        path = tmp_path / f"{name}.xlsx"
        with zipfile.ZipFile(harmless) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
            for entry in old.namelist():
                new.writestr(entry, part if entry.startswith("xl/worksheets/") else old.read(entry))
        with pytest.raises(BadFile, match=r"Refused|zip bomb"):
            list(tables.read(path, Wanted()))


@pytest.fixture
def town(tmp_path):
    """A street of three houses, a parcel under the first, and a block around them."""
    where = str(tmp_path / "zeitz.gpkg")
    engine = create_store(where, City(name="Zeitz", srid=25832, longitude=12.14, latitude=51.05, state=None))
    with Session(engine) as db:
        for i, address in enumerate(("Rahnestraße 12a; Marktgasse 1", "Rahnestraße 14", "Rahnestraße 16-18")):
            house = box(719_500 + 20 * i, 5_660_000, 719_510 + 20 * i, 5_660_010)
            db.add(Building(uid=f"house-{i}", address=address, shape=house, height=9.0, storeys=3))
        plot = {"number": "123/4", "district": "Zeitz", "section": "3", "key": "150123003001230004__"}
        db.add(Parcel(uid="plot", shape=box(719_490, 5_659_990, 719_515, 5_660_030), **plot))
        db.add(Block(uid="block-7", number="0007", shape=box(719_400, 5_659_900, 719_700, 5_660_100)))
        db.commit()
    yield where
    engine.dispose()


def joined(town, path, **wanted):
    engine = open_store(town)
    with Session(engine) as db:
        batches = list(tables.read(path, Wanted(near=ZEITZ, srid=25832, db=db, **wanted)))
    engine.dispose()
    return batches[0]


@pytest.mark.parametrize(
    ("street", "house"),
    [
        ("Rahnestr.", "12 A"),
        ("RAHNESTRASSE", "12a"),
        ("Rahne-Straße", "12 a"),
        ("Marktgasse", "1"),
        ("Rahnestr", "12a-14"),
    ],
)
def test_an_empty_house_is_found_by_its_address(town, tmp_path, street, house):
    rows = f"Leer seit;Straße;Nr.;Zustand\n2015;{street};{house};gut\n"
    batch = joined(town, written(tmp_path, rows, "Leerstand.csv"))
    assert batch.fields["building"] == ["house-0"]
    assert box(719_500, 5_660_000, 719_510, 5_660_010).contains(batch.shapes[0])


def test_an_address_may_stand_in_one_column_with_the_town(town, tmp_path):
    rows = "Leer seit;Adresse;Zustand\n2015;Rahnestr. 18, 06712 Zeitz;gut\n2016;06712 Zeitz, Rahnestraße 14;gut\n"
    batch = joined(town, written(tmp_path, rows, "Leerstand.csv"))
    assert batch.fields["building"] == ["house-2", "house-1"]


def test_two_empty_dwellings_in_one_house_are_both_kept(town, tmp_path):
    rows = "Leer seit;Adresse;Zustand\n2015;Rahnestr. 14;gut\n2016;Rahnestr. 14;schlecht\n"
    assert joined(town, written(tmp_path, rows, "Leerstand.csv")).uids == ["house-1#1", "house-1#2"]


def test_an_address_that_nobody_has_is_left_out_with_its_line(town, tmp_path):
    rows = "Leer seit;Adresse;Zustand\n2015;Nirgendwo 5;gut\n2016;Rahnestr. 14;gut\n2017;;gut\n"
    batch = joined(town, written(tmp_path, rows, "Leerstand.csv"))
    assert len(batch) == 1
    assert [(left.where, left.reason.split(".")[0]) for left in batch.left_out] == [
        ("line 2", "no building or parcel has the address Nirgendwo 5"),
        ("line 4", "it has no address"),
    ]


@pytest.mark.parametrize("cells", ["Flur 3, Flurstück 123/4;Zeitz;", "00123/0004;Zeitz;3", "123/4;;", ";;"])
def test_empty_land_is_found_by_its_parcel(town, tmp_path, cells):
    rows = f"Leer seit;Flurstück;Gemarkung;Flur;Zustand\n2015;{cells};gut\n"
    batch = joined(town, written(tmp_path, rows, "Baulücken.csv"))
    if cells == ";;":
        assert len(batch.left_out) == 1
    else:
        assert len(batch) == 1
        assert batch.fields["kind"] == ["land"]


def test_a_parcel_number_that_is_there_twice_asks_for_the_gemarkung(town, tmp_path):
    with Session(open_store(town)) as db:
        db.add(
            Parcel(
                uid="other",
                number="123/4",
                district="Aue",
                section="1",
                shape=box(719_000, 5_660_000, 719_010, 5_660_010),
            )
        )
        db.commit()
    rows = "Leer seit;Flurstück;Gemarkung;Zustand\n2015;123/4;;gut\n2016;123/4;Aue;gut\n"
    batch = joined(town, written(tmp_path, rows, "Baulücken.csv"))
    assert len(batch) == 1
    assert "Aue Flur 1, Zeitz Flur 3" in batch.left_out[0].reason


PEOPLE = (
    "Block;Einwohner 2022;unter 6;6 bis unter 10;10 bis unter 18;18-64;65 bis 79;80 und älter\n7;100;5;4;6;60;20;5\n"
)


def test_people_by_block_are_laid_over_the_block(town, tmp_path):
    batch = joined(town, written(tmp_path, PEOPLE, "Einwohner.csv"))
    assert (batch.layer, batch.uids) == ("blocks", ["block-7"])
    ages = ("inhabitants_0_5", "inhabitants_6_17", "inhabitants_18_64", "inhabitants_65_79", "inhabitants_80")
    assert [batch.fields[name][0] for name in ("inhabitants", *ages)] == [100, 5, 10, 60, 20, 5]
    assert batch.fields["number"] == ["0007"]


def test_a_second_row_for_a_block_is_left_out_with_both_lines(town, tmp_path):
    batch = joined(town, written(tmp_path, PEOPLE + "0007;90;5;4;6;50;20;5\n", "Einwohner.csv"))
    assert batch.fields["inhabitants"] == [100]
    assert batch.left_out[0].where == "line 3"
    assert "block 0007 is already in line 2" in batch.left_out[0].reason


def test_other_things_by_block_are_a_layer_of_their_own(town, tmp_path):
    batch = joined(town, written(tmp_path, "BlkNr;Heizung;Anteil\n0007;Fernwärme;12,5\n", "Wärme.csv"))
    assert (batch.layer, batch.fields["Heizung"], batch.fields["Anteil"]) == ("Wärme", ["Fernwärme"], [12.5])
    assert batch.shapes[0].area == 300 * 200


def test_a_list_by_block_asks_for_the_blocks(tmp_path):
    where = str(tmp_path / "empty.gpkg")
    create_store(where, City(name="Zeitz", srid=25832, longitude=12.14, latitude=51.05, state=None)).dispose()
    batch = joined(where, written(tmp_path, PEOPLE, "Einwohner.csv"))
    assert "Load the blocks first, or together with this file" in batch.left_out[0].reason


def test_years_and_dwellings_by_address_are_added_to_the_buildings(town, tmp_path):
    path = written(tmp_path, "Adresse;Baujahr;Wohnungen\nRahnestr. 14;1905;6\n", "Gebäudeliste.csv")
    for round_of_loading in ("changed", "unchanged"):
        report = load(Asked([str(path)], town))
        assert getattr(report.files[0], round_of_loading) == 1
    with Session(open_store(town)) as db:
        house = db.query(Building).filter_by(uid="house-1").one()
        assert (house.year, house.dwellings, house.height, house.storeys) == (1905, 6, 9.0, 3)
        assert house.shape.equals(shapely.box(719_520, 5_660_000, 719_530, 5_660_010))


def test_a_newer_register_updates_by_its_numbers(town, tmp_path):
    load(Asked([str(workbook(tmp_path, {"Leerstand": VACANCIES}))], town))
    newer = [*VACANCIES[:3], [*VACANCIES[3][:6], "ruinös", *VACANCIES[3][7:]], *VACANCIES[4:]]
    report = load(Asked([str(workbook(tmp_path, {"Leerstand": newer}, "Leerstand neu.xlsx"))], town)).files[0]
    assert (report.read, report.loaded, report.changed, report.unchanged) == (3, 0, 1, 2)


def test_two_registers_that_both_count_from_one_are_not_mixed_up(town, tmp_path):
    park = "Baumnummer;Baumart;Stammumfang;Rechtswert;Hochwert\n1;Linde;80;719500;5660000\n2;Ulme;90;719510;5660000\n"
    path = [written(tmp_path, park, "Parkbäume_2023.csv"), written(tmp_path, park, "Parkbäume_2024.csv")]
    street = written(tmp_path, park.replace("7195", "7185"), "Straßenbäume_2024.csv")
    assert load(Asked([str(path[0])], town)).files[0].loaded == 2
    assert load(Asked([str(street)], town)).files[0].loaded == 2
    for again in (path[0], path[1], street):
        assert load(Asked([str(again)], town)).files[0].unchanged == 2
