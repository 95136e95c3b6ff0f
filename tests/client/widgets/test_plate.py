from __future__ import annotations

import pytest

from tests.support.screens import prepare

pytestmark = pytest.mark.screen


@pytest.fixture(scope="module")
def plate():
    prepare()
    from client.widgets import plate

    return plate


def alpha(pixels, side, x, y):
    return pixels[4 * (y * side + x) + 3]


@pytest.mark.parametrize("radius", [1, 4, 12, 28])
def test_a_filled_patch_is_whole_inside_and_empty_at_its_corners(plate, radius):
    side, pixels = plate.patch_pixels(radius, 0)
    assert side == 2 * radius + 2
    assert alpha(pixels, side, radius, radius) == 255
    assert alpha(pixels, side, 0, radius) == 255
    if radius > 2:
        assert alpha(pixels, side, 0, 0) == 0


def test_corners_are_smooth_and_all_alike(plate):
    side, pixels = plate.patch_pixels(12, 0)
    rows = [[alpha(pixels, side, x, y) for x in range(side)] for y in range(side)]
    assert any(0 < one < 255 for row in rows for one in row)
    assert rows == rows[::-1] == [row[::-1] for row in rows]
    assert rows == [list(column) for column in zip(*rows)]


def test_the_area_of_a_rounded_square_is_right(plate):
    side, pixels = plate.patch_pixels(12, 0)
    area = sum(pixels[3::4]) / 255
    assert area == pytest.approx(side * side - (4 - 3.14159) * 12 * 12, rel=0.005)


def test_a_stroke_is_a_ring_of_its_width(plate):
    side, pixels = plate.patch_pixels(12, 1)
    middle = [alpha(pixels, side, x, side // 2) for x in range(side)]
    assert middle == [255, *[0] * (side - 2), 255]


def test_a_patch_of_no_size_draws_nothing(plate):
    from kivy.graphics import Canvas

    patch = plate.Patch(Canvas())
    patch.draw((0, 0, 20, 20), 4, 0, (1, 0, 0, 1))
    assert patch._color.a == 1
    patch.draw((0, 0, 0, 8), 4, 0, (1, 0, 0, 1))
    assert patch._color.a == 0
