import datetime as dt
import math

import pytest
import shapely

from layers.reading import xplan
from layers.reading.batch import Wanted
from twin.errors import BadFile

HEAD = """<?xml version="1.0" encoding="utf-8"?>
<xplan:XPlanAuszug xmlns:xplan="http://www.xplanung.de/xplangml/{version}" xmlns:gml="http://www.opengis.net/gml/3.2"
 xmlns:xlink="http://www.w3.org/1999/xlink" gml:id="A1">
<gml:boundedBy><gml:Envelope srsName="EPSG:25832"><gml:lowerCorner>720000 5660000</gml:lowerCorner>
<gml:upperCorner>720200 5660100</gml:upperCorner></gml:Envelope></gml:boundedBy>
"""
END = "</xplan:XPlanAuszug>"


def member(name, uid, *content):
    return f'<gml:featureMember><xplan:{name} gml:id="{uid}">{"".join(content)}</xplan:{name}></gml:featureMember>\n'


def says(name, value):
    return f"<xplan:{name}>{value}</xplan:{name}>"


def belongs(name, uid):
    return f'<xplan:{name} xlink:href="#{uid}"/>'


def at(x, y, side=50, name="position"):
    """A square, its lower left corner x, y metres from the corner of the plan."""
    x, y = 720_000 + x, 5_660_000 + y
    corners = f"{x} {y} {x + side} {y} {x + side} {y + side} {x} {y + side} {x} {y}"
    return says(
        name,
        f'<gml:Polygon gml:id="P{x}{y}{name}" srsName="EPSG:25832"><gml:exterior><gml:LinearRing><gml:posList>{corners}'
        "</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>",
    )


def curve(*segments, kind="position", around=True):
    """A polygon or a line of segments, each given as (name, points)."""
    pieces = "".join(f"<gml:{name}><gml:posList>{points}</gml:posList></gml:{name}>" for name, points in segments)
    line = f"<gml:Curve><gml:segments>{pieces}</gml:segments></gml:Curve>"
    if around:
        ring = f"<gml:Ring><gml:curveMember>{line}</gml:curveMember></gml:Ring>"
        line = f"<gml:Polygon><gml:exterior>{ring}</gml:exterior></gml:Polygon>"
    return says(kind, line)


PLAN = member(
    "BP_Plan",
    "PLAN",
    says("name", "Am Schlosspark"),
    says("nummer", "17"),
    at(0, 0, 200, "raeumlicherGeltungsbereich"),
    says("gemeinde", says("XP_Gemeinde", says("ags", "15084590") + says("gemeindeName", "Zeitz"))),
    says("planArt", "1000"),
    says("rechtsstand", "4000"),
    says("inkrafttretensDatum", "2021-03-01"),
    belongs("bereich", "PART"),
) + member("BP_Bereich", "PART", says("nummer", "1"), belongs("gehoertZuPlan", "PLAN"))
HOUSES = member(
    "BP_BaugebietsTeilFlaeche",
    "WA1",
    belongs("gehoertZuBereich", "PART"),
    says("gliederung1", "WA 1"),
    says(
        "hoehenangabe",
        says(
            "XP_Hoehenangabe",
            says("hoehenbezug", "2000") + says("bezugspunkt", "2000") + '<xplan:h uom="m">9.5</xplan:h>',
        ),
    ),
    at(0, 0),
    says("dachgestaltung", says("BP_Dachgestaltung", says("dachform", "3100"))),
    says("GFZ", "0.8"),
    says("GRZ", "0.4"),
    says("Z", "2"),
    says("allgArtDerBaulNutzung", "1000"),
    says("besondereArtDerBaulNutzung", "1200"),
    says("bauweise", "1000"),
)


def written(folder, *content, version="6/1", name="plan.gml"):
    path = folder / name
    path.write_text(HEAD.format(version=version) + "".join(content) + END, encoding="utf-8")
    return path


def read(path, **wanted):
    return {batch.layer: batch for batch in xplan.read(path, Wanted(**wanted))}


@pytest.mark.parametrize("version", ["5/0", "5/4", "6/0", "6/1"])
def test_a_bebauungsplan_says_what_may_be_built(tmp_path, version):
    zones = read(written(tmp_path, PLAN, HOUSES, version=version))["zones"]
    assert {name: values[0] for name, values in zones.fields.items()} == {
        "plan": "17 Am Schlosspark",
        "plan_kind": "bplan",
        "name": "WA 1",
        "kind": "WA",
        "grz": 0.4,
        "gfz": 0.8,
        "bmz": None,
        "storeys": 2,
        "height": 9.5,
        "roof_type": "3100",
        "building_method": "offen",
        "state_of_law": "4000",
        "in_force": dt.date(2021, 3, 1),
    }
    assert zones.uids == ["WA1"]
    assert zones.crs.to_epsg() == 25832
    assert zones.shapes[0].equals(shapely.box(720_000, 5_660_000, 720_050, 5_660_050))


def test_a_plan_is_known_by_its_head_and_surveyed_with_place_and_version(tmp_path):
    path = written(tmp_path, PLAN, HOUSES, version="5/4")
    assert xplan.recognises(path, path.read_bytes())
    assert not xplan.recognises(path, b"<core:CityModel>")
    survey = xplan.survey(path, Wanted())
    assert (survey.kind, survey.place, survey.layers) == ("XPlanGML 5.4", "Zeitz", {"plans": 1, "zones": 1})
    west, south, east, north = survey.bounds
    assert 12.1 < west < east < 12.2
    assert 51.0 < south < north < 51.1


def test_areas_of_all_kinds_become_zones_and_the_rest_is_counted(tmp_path):
    names = (
        "BP_GruenFlaeche",
        "BP_StrassenVerkehrsFlaeche",
        "BP_GemeinbedarfsFlaeche",
        "SO_Strassenverkehr",
        "BP_WaldFlaeche",
    )
    areas = [member(name, f"F{i}", at(60 * i, 0)) for i, name in enumerate(names)]
    texts = member("XP_PTO", "T1") + member("XP_PTO", "T2")
    batches = read(written(tmp_path, PLAN, *areas, texts))
    assert batches["zones"].fields["kind"] == ["green", "traffic", "public", "traffic", "forest"]
    notes = [note for batch in batches.values() for note in batch.notes]
    assert notes == ["objects that no layer has: XP_PTO (2)"]


def test_an_object_that_stands_before_its_plan_still_belongs_to_it(tmp_path):
    other = PLAN.replace("PLAN", "SECOND").replace("PART", "OTHER").replace("Am Schlosspark", "Am Bahnhof")
    zones = read(written(tmp_path, HOUSES, other, PLAN))["zones"]
    assert zones.fields["plan"] == ["17 Am Schlosspark"]


def test_a_flaechennutzungsplan_has_building_land(tmp_path):
    plan = member(
        "FP_Plan",
        "F",
        says("name", "FNP Zeitz"),
        at(0, 0, 200, "raeumlicherGeltungsbereich"),
        says("rechtsstand", "4000"),
        says("wirksamkeitsDatum", "2008-06-30"),
    )
    land = member("FP_BebauungsFlaeche", "B", at(0, 0), says("allgArtDerBaulNutzung", "2000"))
    fields = read(written(tmp_path, plan, land))["zones"].fields
    assert (fields["kind"], fields["plan_kind"], fields["in_force"]) == (["M"], ["fplan"], [dt.date(2008, 6, 30)])


def test_building_lines_are_kept_as_lines_of_their_own(tmp_path):
    line = curve(("LineStringSegment", "720000 5660000 720040 5660000"), around=False)
    lines = member("BP_BauGrenze", "G", line) + member("BP_BauLinie", "L", line)
    batch = read(written(tmp_path, PLAN, lines))["building_lines"]
    assert batch.fields["kind"] == ["Baugrenze", "Baulinie"]
    assert batch.fields["plan"] == ["17 Am Schlosspark"] * 2
    assert batch.shapes[0].length == 40


def test_a_plan_without_contents_shows_its_outline(tmp_path):
    batch = read(written(tmp_path, PLAN))["plans"]
    assert batch.fields["name"] == ["Am Schlosspark"]
    assert batch.fields["municipality"] == ["Zeitz"]
    assert batch.shapes[0].area == 200 * 200


def test_a_half_round_square_has_the_area_of_a_half_circle(tmp_path):
    for name in ("Arc", "ArcString"):
        arc = (name, "720020 5660000 720000 5660020 719980 5660000")
        back = ("LineStringSegment", "719980 5660000 720020 5660000")
        shape = read(written(tmp_path, PLAN, member("BP_GruenFlaeche", "R", curve(arc, back))))["zones"].shapes[0]
        assert shape.area == pytest.approx(math.pi * 20**2 / 2, rel=0.001)


def test_a_roundabout_is_a_circle(tmp_path):
    circle = ("Circle", "720020 5660000 720000 5660020 719980 5660000")
    zones = read(written(tmp_path, PLAN, member("BP_StrassenVerkehrsFlaeche", "R", curve(circle))))["zones"]
    assert zones.shapes[0].area == pytest.approx(math.pi * 20**2, rel=0.001)


def test_an_area_may_have_a_hole_and_several_parts(tmp_path):
    hole = at(10, 10, 10).replace("exterior", "interior").split("posList>")
    ring = f"<gml:interior><gml:LinearRing><gml:posList>{hole[1]}posList></gml:LinearRing></gml:interior></gml:Polygon>"
    polygon = at(0, 0).removeprefix("<xplan:position>").removesuffix("</xplan:position>")
    other = at(100, 0).removeprefix("<xplan:position>").removesuffix("</xplan:position>")
    with_hole = polygon.replace("</gml:Polygon>", ring)
    parts = "".join(f"<gml:surfaceMember>{one}</gml:surfaceMember>" for one in (with_hole, other))
    wood = member("BP_WaldFlaeche", "W", says("position", f"<gml:MultiSurface>{parts}</gml:MultiSurface>"))
    shape = read(written(tmp_path, PLAN, wood))["zones"].shapes[0]
    assert shape.area == 2 * 50 * 50 - 10 * 10


def test_gauss_krueger_plans_are_read_east_first_whatever_the_authority_says(tmp_path):
    path = written(tmp_path, PLAN, HOUSES)
    path.write_text(
        path.read_text().replace("EPSG:25832", "EPSG:31468").replace("7200", "45100").replace("7201", "45101")
    )
    batch = read(path)["zones"]
    assert batch.crs.to_epsg() == 31468
    assert 4_500_000 < batch.shapes[0].bounds[0] < 4_600_000


def test_a_height_above_the_sea_is_told_and_not_kept(tmp_path):
    above_sea = HOUSES.replace("<xplan:hoehenbezug>2000", "<xplan:hoehenbezug>1000").replace("9.5", "182.5")
    batches = read(written(tmp_path, PLAN, above_sea))
    assert batches["zones"].fields["height"] == [None]
    assert any("above the sea" in note for batch in batches.values() for note in batch.notes)


def test_an_object_without_an_outline_is_left_out_with_its_line_and_id(tmp_path):
    batches = read(written(tmp_path, PLAN, HOUSES, member("BP_GruenFlaeche", "LOST")))
    left_out = [left for batch in batches.values() for left in batch.left_out]
    assert len(left_out) == 1
    assert "BP_GruenFlaeche LOST" in left_out[0].where
    assert "no position" in left_out[0].reason


@pytest.mark.parametrize("wrong", ["7200x0 5660000", "720000 5660000 720050", "720000 5660000 720050 5660000"])
def test_an_outline_that_cannot_be_drawn_is_left_out(tmp_path, wrong):
    broken = (
        at(0, 0).split("<gml:posList>")[0] + f"<gml:posList>{wrong}</gml:posList>" + at(0, 0).split("</gml:posList>")[1]
    )
    batches = read(written(tmp_path, PLAN, member("BP_GruenFlaeche", "BAD", broken)))
    assert "zones" not in batches
    assert [left.where.split()[-1] for left in batches["plans"].left_out] == ["BAD"]


def test_a_plan_of_an_old_version_asks_for_a_newer_one(tmp_path):
    with pytest.raises(BadFile, match=r"XPlanGML 3.0.*5.4"):
        read(written(tmp_path, PLAN, version="3/0"))


def test_a_plan_that_is_cut_off_is_told(tmp_path):
    path = written(tmp_path, PLAN, HOUSES)
    path.write_text(path.read_text()[:-400])
    with pytest.raises(BadFile, match=r"[Aa]sk for it again"):
        read(path)


def test_entities_are_refused(tmp_path):
    path = written(tmp_path, PLAN.replace("Am Schlosspark", "&secret;"))
    (tmp_path / "secret.txt").write_text("the mayor's password")
    entity = f'<!DOCTYPE x [<!ENTITY secret SYSTEM "{tmp_path / "secret.txt"}">]>'
    path.write_text(path.read_text().replace("<xplan:XPlanAuszug", entity + "<xplan:XPlanAuszug", 1))
    with pytest.raises(BadFile, match="DOCTYPE"):
        read(path)


def test_an_empty_plan_is_told(tmp_path):
    with pytest.raises(BadFile, match="no plan"):
        read(written(tmp_path))


@pytest.mark.parametrize("place", ["Am Schlosspark", 'gml:id="'])
def test_entities_that_blow_up_are_told_as_such(tmp_path, place):
    path = written(tmp_path, PLAN)
    doubles = "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9))
    bomb = f'<!DOCTYPE x [<!ENTITY a "ten letters">{doubles}]>\n<xplan:XPlanAuszug'
    words = path.read_text().replace("<xplan:XPlanAuszug", bomb, 1)
    path.write_text(words.replace(place, "&j;" if place[0] == "A" else f"{place}&j;", 1))
    with pytest.raises(BadFile, match="without a DOCTYPE"):
        read(path)
