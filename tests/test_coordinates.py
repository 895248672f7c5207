import numpy as np
import pytest
from pyproj import CRS

from layers.reading.coordinates import guess_crs, looks_swapped, suggestion
from twin.errors import BadFile
from twin.projection import LONLAT, transformer

ZEITZ = (12.14, 51.05)
BERLIN = (13.3, 52.53)
STOKE = (-2.18, 53.0)
AMSTERDAM = (4.9, 52.37)
PRAGUE = (14.42, 50.1)
PORTO_ALEGRE = (-51.2, -30.03)


def trees_around(near, code):
    """Five trees near the city, in the numbers of a projection."""
    longitude, latitude = near
    along = np.arange(5) / 200
    return transformer(LONLAT, CRS(code)).transform(longitude + along, latitude + along)


@pytest.mark.parametrize(
    ("near", "code"),
    [
        (ZEITZ, 25832),
        (ZEITZ, 25833),
        (ZEITZ, 4647),
        (ZEITZ, 5650),
        (ZEITZ, 31467),
        (ZEITZ, 31468),
        (ZEITZ, 31469),
        (ZEITZ, 3035),
        (ZEITZ, 3857),
        (BERLIN, 3068),
        (STOKE, 27700),
        (STOKE, 25830),
        (AMSTERDAM, 28992),
        (PRAGUE, 5514),
        (PORTO_ALEGRE, 32722),
    ],
)
def test_trees_near_the_city_tell_their_projection(near, code):
    crs, how = guess_crs(*trees_around(near, code), near)
    assert crs.to_epsg() == code
    assert f"EPSG:{code}" in how


def test_degrees_are_degrees_wherever_the_city_is():
    for near in (PORTO_ALEGRE, None):
        assert guess_crs([-51.2, -51.1], [-30.0, -30.1], near)[0] == LONLAT


@pytest.mark.parametrize("code", [4647, 5650, 31466, 31467, 31468, 31469, 3035])
def test_numbers_that_name_their_zone_need_no_city(code):
    assert guess_crs(*trees_around((10.0, 51.0), code), None)[0].to_epsg() == code


def test_six_digits_east_without_a_city_may_be_zone_32_or_33():
    with pytest.raises(BadFile, match=r"EPSG:25832 .*EPSG:25833 .*--crs"):
        guess_crs([450_000.0], [5_655_000.0], None)


def test_numbers_of_nowhere_ask_for_the_projection():
    with pytest.raises(BadFile, match=r"123456, 654321.*--crs"):
        guess_crs([123_456.0], [654_321.0], ZEITZ)
    with pytest.raises(BadFile, match="--crs"):
        guess_crs([1000.0], [2000.0], None)


def test_a_list_without_any_number_says_so():
    with pytest.raises(BadFile, match="no coordinates"):
        guess_crs([np.nan], [np.nan], ZEITZ)


def test_a_mistyped_row_does_not_hide_the_projection():
    x, y = trees_around(ZEITZ, 25832)
    x[0], y[1] = 7.0, np.nan
    assert guess_crs(x, y, ZEITZ)[0].to_epsg() == 25832


@pytest.mark.parametrize("code", [4326, 25832, 25833, 4647, 31468])
@pytest.mark.parametrize("near", [ZEITZ, None])
def test_east_and_north_swapped_is_told(code, near):
    x, y = trees_around(ZEITZ, code)
    assert looks_swapped(y, x, near)
    assert not looks_swapped(x, y, near)
    with pytest.raises(BadFile, match=r"swapped.*headings"):
        guess_crs(y, x, near)


def test_a_file_that_does_not_name_its_projection_gets_a_suggestion():
    assert suggestion(*trees_around(AMSTERDAM, 28992), AMSTERDAM) == "they would fit EPSG:28992 (Amersfoort / RD New)"
    assert "EPSG:31468" in suggestion(*trees_around(ZEITZ, 31468), None)
    assert suggestion([1000.0], [2000.0], ZEITZ) == ""
