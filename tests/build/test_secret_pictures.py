"""The file beside the widget is what the drawings make."""

from __future__ import annotations

from PIL import Image, ImageChops

from build.secret_pictures import DRAWINGS, FILE, SIDE_PX, atlas, main
from client.vaults.secrets import PICTURE_NAMES


def _plain(image):
    return image.convert("RGBA").convert("RGB")


def test_every_picture_is_drawn():
    assert tuple(DRAWINGS) == PICTURE_NAMES


def test_the_file_is_what_is_drawn(tmp_path):
    path = tmp_path / "sheet.png"
    assert main([str(path)]) == 0
    with Image.open(path) as made, Image.open(FILE) as kept:
        differs = ImageChops.difference(_plain(made), _plain(kept))
        # Another version of the library may round an edge otherwise.
        assert max(high for _, high in differs.getextrema()) < 64
        assert kept.size == (4 * SIDE_PX, 4 * SIDE_PX)


def test_no_two_look_alike():
    sheet = atlas().convert("RGB")
    places = [(x * SIDE_PX, y * SIDE_PX) for y in range(4) for x in range(4)]
    tiles = [sheet.crop((x, y, x + SIDE_PX, y + SIDE_PX)).resize((8, 8)) for x, y in places]
    for at, one in enumerate(tiles):
        for other in tiles[at + 1 :]:
            band = ImageChops.difference(one, other).tobytes()
            assert sum(band) / len(band) > 12
